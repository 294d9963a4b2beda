// What a litmus test asks: `exists (1:r0=1 /\ x=0)`, `~exists`, `forall`, `filter`, `locations [...]`.

import type {Observable, Proposition} from "./litmus-test.ts";
import type {TokenReader} from "./token-reader.ts";

/** Resolves what conditions name. Both complain through the reader. */
export interface FinalNames {
  readonly variable: (name: string) => number | undefined;
  readonly hasRegister: (thread: number, name: string) => boolean;
  readonly threads: number;
  readonly addressOf: (variable: number) => number;
}

// `\/` binds weakest, then `/\`, then `=>` (to the right), then `~`: herd's own order, in which `a /\ b => c` is `a /\ (b => c)`.

export function readProposition(reader: TokenReader, names: FinalNames): Proposition {
  let left = readAnd(reader, names);
  while (reader.takes("\\/")) left = {kind: "or", left, right: readAnd(reader, names)};
  return left;
}

function readAnd(reader: TokenReader, names: FinalNames): Proposition {
  let left = readImplies(reader, names);
  while (reader.takes("/\\")) left = {kind: "and", left, right: readImplies(reader, names)};
  return left;
}

function readImplies(reader: TokenReader, names: FinalNames): Proposition {
  const left = readAtom(reader, names);
  if (!reader.takes("=>")) return left;
  return {kind: "implies", left, right: reader.nested(() => readImplies(reader, names))};
}

function readAtom(reader: TokenReader, names: FinalNames): Proposition {
  if (reader.takes("~") || reader.takes("not"))
    return {kind: "not", of: reader.nested(() => readAtom(reader, names))};
  if (reader.takes("true")) return {kind: "constant", value: true};
  if (reader.takes("false")) return {kind: "constant", value: false};
  if (reader.takes("(")) {
    const inner = reader.nested(() => readProposition(reader, names));
    reader.expect(")", "in the condition");
    return inner;
  }
  const place = readObservable(reader, names);
  const equal = reader.sees("=") || reader.sees("==");
  if (!equal && !reader.sees("!=") && !reader.sees("<>")) {
    reader.fail(`expected \`=\` in the condition, found \`${reader.peek().text}\``);
  }
  reader.next();
  // `0:r1=1:r1` compares places; `x=y` compares with the address of y, `x=*y` or `[x]=[y]` with what y holds.
  const places =
    (reader.peek().kind === "number" && reader.sees(":", 1)) ||
    reader.sees("[") ||
    reader.sees("*");
  if (places) {
    return {kind: equal ? "same" : "different", place, other: readObservable(reader, names)};
  }
  return {kind: equal ? "equal" : "unequal", place, value: readValue(reader, names)};
}

/** `1:r0`, `x`, `[x]`. */
export function readObservable(reader: TokenReader, names: FinalNames): Observable {
  const token = reader.peek();
  if (token.kind === "number") {
    reader.next();
    const thread = Number(token.text);
    reader.expect(":", "between thread and register");
    const register = reader.expectName("the name of a register");
    if (thread >= names.threads) {
      reader.fail(`there is no thread P${thread}`, token);
    }
    if (!names.hasRegister(thread, register.text)) {
      reader.fail(`thread P${thread} has no register \`${register.text}\``, register);
    }
    return {thread, register: register.text, variable: -1};
  }
  const bracket = reader.takes("[");
  if (!bracket) reader.takes("*");
  const name = reader.expectName("a variable, or `thread:register`");
  if (bracket) reader.expect("]", "after the variable");
  const variable = names.variable(name.text);
  if (variable === undefined) {
    return reader.fail(`no thread has a parameter \`${name.text}\``, name);
  }
  return {thread: -1, register: "", variable};
}

/** A number, or a variable's address: `&x`, `x`. */
export function readValue(reader: TokenReader, names: FinalNames): number {
  const negative = reader.takes("-");
  const token = reader.peek();
  if (token.kind === "number") {
    reader.next();
    return negative ? -Number(token.text) : Number(token.text);
  }
  reader.takes("&");
  const name = reader.expectName("a number or the name of a variable");
  if (name.text === "NULL") return 0;
  const variable = names.variable(name.text);
  if (variable === undefined) return reader.fail(`there is no variable \`${name.text}\``, name);
  return names.addressOf(variable);
}

/** `locations [0:r1; x;]`, the word read already. */
export function readLocations(reader: TokenReader, names: FinalNames): Observable[] {
  reader.expect("[", "after `locations`");
  const places: Observable[] = [];
  while (!reader.takes("]")) {
    places.push(readObservable(reader, names));
    if (!reader.takes(";") && !reader.sees("]")) {
      reader.fail(`expected \`;\` or \`]\` in \`locations\`, found \`${reader.peek().text}\``);
    }
  }
  return places;
}

/** The places a proposition mentions, in order. */
export function placesOf(proposition: Proposition): Observable[] {
  switch (proposition.kind) {
    case "constant":
      return [];
    case "equal":
    case "unequal":
      return [proposition.place];
    case "same":
    case "different":
      return [proposition.place, proposition.other];
    case "not":
      return placesOf(proposition.of);
    default:
      return [...placesOf(proposition.left), ...placesOf(proposition.right)];
  }
}

/** Whether a final state satisfies a proposition. */
export function satisfies(
  proposition: Proposition,
  finalOf: (place: Observable) => number,
): boolean {
  switch (proposition.kind) {
    case "constant":
      return proposition.value;
    case "equal":
      return finalOf(proposition.place) === proposition.value;
    case "unequal":
      return finalOf(proposition.place) !== proposition.value;
    case "same":
      return finalOf(proposition.place) === finalOf(proposition.other);
    case "different":
      return finalOf(proposition.place) !== finalOf(proposition.other);
    case "not":
      return !satisfies(proposition.of, finalOf);
    case "and":
      return satisfies(proposition.left, finalOf) && satisfies(proposition.right, finalOf);
    case "or":
      return satisfies(proposition.left, finalOf) || satisfies(proposition.right, finalOf);
    case "implies":
      return !satisfies(proposition.left, finalOf) || satisfies(proposition.right, finalOf);
  }
}
