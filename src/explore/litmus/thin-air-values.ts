// Values that only a cycle can bring about. With plain accesses the Linux-kernel model forbids no cycle of copies (`*y = *x` in one thread,
// `*x = *y` in another) and no pair of stores that are each done because of the other; what such a cycle passes round is any value at all.
// The enumerator computes values from those at the start, so it is told which others are worth a try: the numbers that the test itself
// mentions. Where no plain access is, every such cycle is forbidden and nothing is guessed.

import type {Expression, LitmusTest, Proposition, Statement} from "./litmus-test.ts";

/** Most values worth a try; a test that mentions more gets none of them tried. */
export const mostGuessed = 12;

/** For each variable the values to try; all empty where there is no plain access. */
export function thinAirValues(test: LitmusTest): number[][] {
  const {plain, numbers, words} = seenIn(test);
  const guessed = plain && numbers.size <= mostGuessed;
  return test.variables.map((_, variable) => (guessed && !words.has(variable) ? [...numbers] : []));
}

/** Whether a test that needs guesses gets none, because it mentions so many numbers. */
export function guessesNothing(test: LitmusTest): boolean {
  const {plain, numbers} = seenIn(test);
  return plain && numbers.size > mostGuessed;
}

function seenIn({threads, condition, filter}: LitmusTest): Seen {
  const seen: Seen = {plain: false, numbers: new Set(), words: new Set()};
  for (const {body} of threads) for (const statement of body) visit(statement, seen);
  numbersOf(condition, seen);
  if (filter !== undefined) numbersOf(filter, seen);
  return seen;
}

interface Seen {
  plain: boolean;
  readonly numbers: Set<number>;
  /** Locks and srcu_structs. */
  readonly words: Set<number>;
}

function visit(statement: Statement, seen: Seen): void {
  switch (statement.kind) {
    case "assign":
    case "evaluate":
      look(statement.value, seen);
      return;
    case "store":
      if (statement.order === "plain") seen.plain = true;
      look(statement.address, seen);
      look(statement.value, seen);
      return;
    case "fence":
      return;
    case "lock":
    case "unlock":
    case "sync-srcu":
    case "srcu-unlock":
      noteWord(statement.address, seen);
      return;
    case "if":
      look(statement.test, seen);
      for (const inner of [...statement.then, ...statement.else]) visit(inner, seen);
  }
}

function look(expression: Expression, seen: Seen): void {
  switch (expression.kind) {
    case "number":
      seen.numbers.add(expression.value);
      return;
    case "register":
    case "address":
      return;
    case "unary":
      look(expression.of, seen);
      return;
    case "binary":
      look(expression.left, seen);
      look(expression.right, seen);
      return;
    case "load":
      if (expression.order === "plain") seen.plain = true;
      look(expression.address, seen);
      return;
    case "atomic":
      for (const operand of expression.operands) look(operand, seen);
      return;
    default:
      noteWord(expression.address, seen);
  }
}

function noteWord(address: Expression, {words}: Seen): void {
  if (address.kind === "address") words.add(address.variable);
}

function numbersOf(proposition: Proposition, seen: Seen): void {
  switch (proposition.kind) {
    case "equal":
    case "unequal":
      seen.numbers.add(proposition.value);
      return;
    case "not":
      numbersOf(proposition.of, seen);
      return;
    case "and":
    case "or":
    case "implies":
      numbersOf(proposition.left, seen);
      numbersOf(proposition.right, seen);
      return;
    default:
  }
}
