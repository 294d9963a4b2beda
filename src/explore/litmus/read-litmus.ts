// A litmus file of the Linux kernel's dialect:
//   C name   "documentation"   { initial values }   P0(int *x, ...) { ... }   ...   locations [...]  filter (...)  exists (...)
// The dialect is that of tools/memory-model/Documentation/litmus-tests.txt. What it has and this reader has not is refused by name.

import {addressBase} from "../lkmm/recorder.ts";
import type {LitmusTest, LitmusThread, Observable, Proposition} from "./litmus-test.ts";
import {litmusTokens} from "./litmus-tokens.ts";
import {
  type FinalNames,
  placesOf,
  readLocations,
  readProposition,
  readValue,
} from "./read-condition.ts";
import {isType, skipType, type ThreadNames, type Use} from "./read-expression.ts";
import {readBlock} from "./read-thread.ts";
import {TokenReader} from "./token-reader.ts";

/** Reads a test. Throws `LitmusError` with line and column; its `unsupported` names a word outside the subset. */
export function readLitmus(source: string): LitmusTest {
  const {name, tokens} = litmusTokens(source);
  const reader = new TokenReader(tokens, source);
  const variables: string[] = [];
  const indexOf = (variable: string): number => {
    const known = variables.indexOf(variable);
    return known >= 0 ? known : variables.push(variable) - 1;
  };
  skipDocumentation(reader);
  const start = readInitial(reader, indexOf);
  const uses = new Map<number, Use>();
  const threads: LitmusThread[] = [];
  while (reader.peek().kind === "name" && /^P[0-9]+$/.test(reader.peek().text)) {
    threads.push(readThread(reader, threads.length, indexOf, uses, start.registers));
  }
  if (threads.length === 0)
    reader.fail(`expected a thread \`P0(...)\`, found \`${reader.peek().text}\``);

  const names: FinalNames = {
    variable: (word) => (variables.includes(word) ? variables.indexOf(word) : undefined),
    hasRegister: (thread, register) => threads[thread].registers.includes(register),
    threads: threads.length,
    addressOf: (variable) => addressBase + variable,
  };
  const asked = readQuestion(reader, names);
  const initial = variables.map((_, variable) => start.values.get(variable) ?? 0);
  return {name, variables, initial, threads, ...asked};
}

/** Quoted remarks and `Key=Value` lines before the initial values. */
function skipDocumentation(reader: TokenReader): void {
  while (!reader.sees("{")) {
    if (reader.peek().kind === "string") reader.next();
    else if (reader.peek().kind === "name" && reader.sees("=", 1)) {
      const {line} = reader.next();
      while (reader.peek().line === line && !reader.sees("{")) reader.next();
    } else reader.fail(`expected \`{\` and initial values, found \`${reader.peek().text}\``);
  }
}

interface Initial {
  readonly values: ReadonlyMap<number, number>;
  /** By thread, then register. */
  readonly registers: ReadonlyMap<number, ReadonlyMap<string, number>>;
}

/** `{ int x = 1; y = z; int *p = &x; 0:r1 = 2; }` */
function readInitial(reader: TokenReader, indexOf: (variable: string) => number): Initial {
  reader.expect("{", "before the initial values");
  const values = new Map<number, number>();
  const registers = new Map<number, Map<string, number>>();
  const names: FinalNames = {
    variable: indexOf,
    hasRegister: () => true,
    threads: Number.POSITIVE_INFINITY,
    addressOf: (variable) => addressBase + variable,
  };
  while (!reader.takes("}")) {
    if (reader.takes(";")) continue;
    if (isType(reader, 0)) skipType(reader);
    while (reader.takes("*"));
    if (reader.peek().kind === "number") {
      const thread = Number(reader.next().text);
      reader.expect(":", "between thread and register");
      const register = reader.expectName("the name of a register").text;
      reader.expect("=", "before the initial value");
      const known = registers.get(thread) ?? new Map<string, number>();
      registers.set(thread, known.set(register, readValue(reader, names)));
    } else {
      const bracket = reader.takes("[");
      const variable = indexOf(reader.expectName("the name of a variable").text);
      if (bracket) reader.expect("]", "after the variable");
      if (reader.sees("[")) reader.refuse("[", "there are no arrays");
      if (reader.takes("=")) {
        const wrapped = reader.takes("ATOMIC_INIT");
        if (wrapped) reader.expect("(", "after `ATOMIC_INIT`");
        values.set(variable, readValue(reader, names));
        if (wrapped) reader.expect(")", "after the initial value");
      }
    }
    if (!reader.takes(";") && !reader.sees("}")) {
      reader.fail(`expected \`;\` after an initial value, found \`${reader.peek().text}\``);
    }
  }
  return {values, registers};
}

function readThread(
  reader: TokenReader,
  number: number,
  indexOf: (variable: string) => number,
  uses: Map<number, Use>,
  initial: ReadonlyMap<number, ReadonlyMap<string, number>>,
): LitmusThread {
  const head = reader.next();
  if (head.text !== `P${number}`) {
    reader.fail(
      `threads are numbered from 0: expected \`P${number}\`, found \`${head.text}\``,
      head,
    );
  }
  reader.expect("(", `after \`${head.text}\``);
  const variables = new Map<string, number>();
  while (!reader.takes(")")) {
    if (!isType(reader, 0)) reader.fail(`expected a type, found \`${reader.peek().text}\``);
    skipType(reader);
    const star = reader.peek();
    if (!reader.takes("*")) reader.fail("parameters are pointers to shared variables", star);
    while (reader.takes("*"));
    const name = reader.expectName("the name of a parameter");
    variables.set(name.text, indexOf(name.text));
    if (!reader.takes(",") && !reader.sees(")")) {
      reader.fail(`expected \`,\` or \`)\`, found \`${reader.peek().text}\``);
    }
  }
  const given = initial.get(number) ?? new Map<string, number>();
  const registers = new Set(given.keys());
  const names: ThreadNames = {variables, registers, unassigned: new Set(), uses};
  const body = readBlock(reader, names);
  return {registers: [...registers], unassigned: [...names.unassigned], initial: given, body};
}

type Question = Pick<LitmusTest, "quantifier" | "condition" | "conditionText" | "shown"> & {
  readonly filter?: Proposition;
};

function readQuestion(reader: TokenReader, names: FinalNames): Question {
  let shown: Observable[] = [];
  let filter: Proposition | undefined;
  for (;;) {
    const start = reader.peek();
    if (reader.takes("locations")) {
      // A register that the thread has not holds 0, as in herd; to ask for one is a mistake.
      const any: FinalNames = {...names, hasRegister: () => true};
      shown = [...shown, ...readLocations(reader, any)];
    } else if (reader.takes("filter")) {
      filter = readProposition(reader, names);
    } else if (reader.sees("exists") || reader.sees("forall") || reader.sees("~")) {
      const negated = reader.takes("~");
      const word = reader.next();
      if (word.text !== "exists" && word.text !== "forall") {
        reader.fail(`expected \`exists\`, found \`${word.text}\``, word);
      }
      if (negated && word.text === "forall")
        reader.refuse("~forall", "write `exists (~...)`", word);
      const condition = readProposition(reader, names);
      const conditionText = reader.textFrom(start);
      if (reader.peek().kind !== "end") {
        reader.fail(`expected the end of the file, found \`${reader.peek().text}\``);
      }
      const quantifier = negated ? "~exists" : word.text === "forall" ? "forall" : "exists";
      const places = distinct([...shown, ...placesOf(condition)]);
      const rest = filter === undefined ? {} : {filter};
      return {quantifier, condition, conditionText, shown: places, ...rest};
    } else if (start.kind === "end") {
      // Without a condition the states are all that is asked for.
      const condition: Proposition = {kind: "constant", value: true};
      const rest = filter === undefined ? {} : {filter};
      const conditionText = "forall (true)";
      return {quantifier: "forall", condition, conditionText, shown: distinct(shown), ...rest};
    } else {
      reader.fail(`expected \`exists\`, \`~exists\` or \`forall\`, found \`${start.text}\``, start);
    }
  }
}

/** Registers first, thread by thread, then variables: the order in which herd shows them. */
function distinct(places: readonly Observable[]): Observable[] {
  const found = new Map<string, Observable>();
  for (const place of places) {
    found.set(`${place.thread}:${place.register}:${place.variable}`, place);
  }
  const key = (place: Observable): number => (place.thread < 0 ? 1e6 : place.thread);
  return [...found.values()].sort(
    (a, b) =>
      key(a) - key(b) ||
      (a.register < b.register ? -1 : a.register > b.register ? 1 : a.variable - b.variable),
  );
}
