// Random litmus tests in the notation of litmus-cases.contract.ts: small threads over two or three variables, with fences, releases,
// acquires, read-modify-writes and dependencies in the mix. Drawn by fast-check, so that a failing one shrinks.

import fc from "fast-check";
import type {LitmusCase} from "./litmus-cases.contract.ts";

/** What a random thread may contain besides plain loads and stores. */
export interface Ingredients {
  readonly fences: readonly string[];
  readonly acquireRelease: boolean;
  readonly atomics: readonly string[];
  readonly dependencies: boolean;
  readonly sections: boolean;
}

interface Piece {
  readonly kind: number;
  readonly variable: string;
  readonly other: string;
  readonly pick: number;
}

const piece: fc.Arbitrary<Piece> = fc.record({
  kind: fc.nat(99),
  variable: fc.constantFrom("x", "y", "z"),
  other: fc.constantFrom("x", "y", "z"),
  pick: fc.nat(20),
});

/** Tests of two or three threads; every store writes a value of its own. */
export function randomLitmus(ingredients: Ingredients): fc.Arbitrary<LitmusCase> {
  return fc
    .array(fc.array(piece, {minLength: 1, maxLength: 4}), {minLength: 2, maxLength: 3})
    .map((threads) => build(threads, ingredients));
}

function build(threads: readonly (readonly Piece[])[], ingredients: Ingredients): LitmusCase {
  let value = 0;
  const shown = new Set<string>();
  const texts = threads.map((pieces, thread) => {
    let registers = 0;
    const words: string[] = [];
    for (const {kind, variable, other, pick} of pieces) {
      const fresh = (): string => {
        const name = "abcdefgh"[registers++];
        shown.add(`${thread}:${name}`);
        return name;
      };
      const previous = registers > 0 ? "abcdefgh"[registers - 1] : undefined;
      if (kind < 35) words.push(`W${variable}${++value}`);
      else if (kind < 65) words.push(`R${variable}=${fresh()}`);
      else if (kind < 78 && ingredients.fences.length > 0) {
        words.push(ingredients.fences[pick % ingredients.fences.length]);
      } else if (kind < 86 && ingredients.acquireRelease) {
        words.push(pick % 2 === 0 ? `S${variable}${++value}` : `A${variable}=${fresh()}`);
      } else if (kind < 92 && ingredients.atomics.length > 0) {
        const atomic = ingredients.atomics[pick % ingredients.atomics.length];
        words.push(`int ${fresh()} = ${atomic}(${variable}, ${++value})`);
      } else if (ingredients.dependencies && previous !== undefined) {
        const store = `W${other}${++value}`;
        if (pick % 2 === 0) words.push(`WRITE_ONCE(*${other}, ${previous} * 0 + ${value})`);
        else words.push(`if (${previous}) {`, store, "}");
      } else words.push(`W${variable}${++value}`);
    }
    return ingredients.sections && pieces[0].pick % 2 === 0
      ? `[;${words.join(";")};]`
      : words.join(";");
  });
  const places = [...shown, "x", "y", "z"].map((place) => `${place};`).join(" ");
  return {
    name: "random",
    threads: texts.join("|"),
    condition: `locations [${places}] exists (x=0)`,
    verdicts: "",
    initial: "x=0; y=0; z=0;",
  };
}
