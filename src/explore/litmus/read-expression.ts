// C expressions of a litmus thread, by precedence climbing. What makes two accesses of one expression unordered in C (the operands of
// `+`, of `==`) is refused rather than given an order: the published tool leaves such accesses without program order.

import type {BinaryOperator, Expression} from "./litmus-test.ts";
import type {LitmusToken} from "./litmus-tokens.ts";
import {type Primitive, primitives, refusedWords} from "./primitives.ts";
import type {TokenReader} from "./token-reader.ts";

/** What a variable is: a spinlock, a struct of sleepable RCU, or what is loaded and stored. */
export type Use = "lock" | "srcu" | "data";

/** The names a thread may use. */
export interface ThreadNames {
  /** Parameters: index of the shared variable. */
  readonly variables: ReadonlyMap<string, number>;
  readonly registers: Set<string>;
  /** Registers that are read before anything is assigned to them: they hold 0. */
  readonly unassigned: Set<string>;
  /** Which variables are used as what: never as two of it. */
  readonly uses: Map<number, Use>;
}

const precedence: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  "<=": 7,
  ">": 7,
  ">=": 7,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

export const typeWords: ReadonlySet<string> = new Set([
  ..."int long short char unsigned signed bool _Bool void atomic_t spinlock_t".split(" "),
  ..."intptr_t uintptr_t u8 u16 u32 u64 s32 s64 const volatile".split(" "),
]);

export function readExpression(reader: TokenReader, names: ThreadNames, least = 1): Expression {
  let left = reader.nested(() => readUnary(reader, names));
  for (;;) {
    const token = reader.peek();
    const level = token.kind === "symbol" ? precedence[token.text] : undefined;
    if (level === undefined || level < least) {
      refuseOperators(reader, token);
      return left;
    }
    reader.next();
    const right = readExpression(reader, names, level + 1);
    const logical = token.text === "&&" || token.text === "||";
    if (accesses(right) && (logical || accesses(left))) {
      reader.refuse(
        token.text,
        logical
          ? "its right side may not access memory; load into a register first"
          : "both sides access memory, and C does not order them; load into registers first",
        token,
      );
    }
    left = {kind: "binary", op: token.text as BinaryOperator, left, right};
  }
}

/** Whether evaluating the expression touches shared memory. */
export function accesses(expression: Expression): boolean {
  switch (expression.kind) {
    case "number":
    case "register":
    case "address":
      return false;
    case "unary":
      return accesses(expression.of);
    case "binary":
      return accesses(expression.left) || accesses(expression.right);
    default:
      return true;
  }
}

function refuseOperators(reader: TokenReader, token: LitmusToken): void {
  if (["<<", ">>", "?", "->", ".", "[", "++", "--", "+=", "-="].includes(token.text)) {
    const why =
      token.text === "[" || token.text === "." || token.text === "->"
        ? "there are no arrays and no structures"
        : "write it with the plain operators";
    reader.refuse(token.text, why, token);
  }
}

function readUnary(reader: TokenReader, names: ThreadNames): Expression {
  const token = reader.peek();
  const nested = (): Expression => reader.nested(() => readUnary(reader, names));
  if (reader.takes("-")) return {kind: "unary", op: "-", of: nested()};
  if (reader.takes("!")) return {kind: "unary", op: "!", of: nested()};
  if (reader.takes("~")) return {kind: "unary", op: "~", of: nested()};
  if (reader.takes("*")) {
    requireKnown(reader, names);
    const address = nested();
    noteUse(reader, names, address, "data", token);
    return {kind: "load", order: "plain", address};
  }
  if (reader.takes("&")) {
    const of = nested();
    if (of.kind === "load" && of.order === "plain") return of.address;
    return reader.refuse(
      "&",
      "only `&*x` has an address here; parameters are pointers already",
      token,
    );
  }
  return readPrimary(reader, names);
}

function readPrimary(reader: TokenReader, names: ThreadNames): Expression {
  const token = reader.peek();
  if (token.kind === "number") {
    reader.next();
    return {kind: "number", value: Number(token.text)};
  }
  if (reader.takes("(")) {
    if (reader.peek().kind === "name" && isType(reader, 0)) {
      skipType(reader);
      while (reader.takes("*"));
      reader.expect(")", "after the type of a cast");
      return readUnary(reader, names);
    }
    const inner = readExpression(reader, names);
    reader.expect(")", "to close the parenthesis");
    return inner;
  }
  if (token.kind !== "name") {
    return reader.fail(`expected an expression, found \`${token.text}\``);
  }
  reader.next();
  if (token.text === "NULL") return {kind: "number", value: 0};
  const primitive = primitives.get(token.text);
  if (primitive !== undefined || reader.sees("(")) {
    return readCall(reader, names, token, primitive);
  }
  const variable = names.variables.get(token.text);
  if (variable !== undefined) return {kind: "address", variable};
  if (names.registers.has(token.text)) return {kind: "register", name: token.text};
  const why = refusedWords.get(token.text);
  if (why !== undefined) return reader.refuse(token.text, why, token);
  names.registers.add(token.text);
  names.unassigned.add(token.text);
  return {kind: "register", name: token.text};
}

/** Behind a `*`: what nothing is assigned to points nowhere. */
function requireKnown(reader: TokenReader, {variables, registers}: ThreadNames): void {
  const {kind, text} = reader.peek();
  if (kind !== "name" || reader.sees("(", 1) || text === "NULL") return;
  if (variables.has(text) || registers.has(text)) return;
  reader.fail(`\`${text}\` is neither a parameter of this thread nor a register assigned before`);
}

function readCall(
  reader: TokenReader,
  names: ThreadNames,
  word: LitmusToken,
  primitive: Primitive | undefined,
): Expression {
  if (primitive === undefined) {
    const why = refusedWords.get(word.text) ?? "no such function is known to the model";
    return reader.refuse(word.text, why, word);
  }
  const called = readArguments(reader, names, word, primitive);
  if (called.value === undefined) {
    return reader.fail(`\`${word.text}\` gives no value`, word);
  }
  return called.value;
}

export interface Call {
  /** The pointer argument, where there is one. */
  readonly address?: Expression;
  /** The value to store. */
  readonly stored?: Expression;
  /** What the call is worth, for those that give a value. */
  readonly value?: Expression;
  /** What the call evaluates to when its value is not wanted. */
  readonly effect?: Expression;
}

/** Reads `(arguments)` of a primitive whose name has been read. */
export function readArguments(
  reader: TokenReader,
  names: ThreadNames,
  word: LitmusToken,
  primitive: Primitive,
): Call {
  reader.expect("(", `after \`${word.text}\``);
  const args: Expression[] = [];
  const places: LitmusToken[] = [];
  if (!reader.sees(")")) {
    do {
      places.push(reader.peek());
      args.push(readExpression(reader, names));
    } while (reader.takes(","));
  }
  reader.expect(")", `to close the arguments of \`${word.text}\``);
  const want = (count: number): void => {
    if (args.length !== count) {
      reader.fail(`\`${word.text}\` takes ${count} arguments, not ${args.length}`, word);
    }
  };
  const pointer = (index: number, form: "place" | "address", use: Use): Expression => {
    let address = args[index];
    if (form === "place") {
      if (address.kind !== "load" || address.order !== "plain") {
        return reader.fail(
          `\`${word.text}\` wants the place itself, such as \`*x\`, as argument ${index + 1}`,
          places[index],
        );
      }
      address = address.address;
    }
    noteUse(reader, names, address, use, places[index]);
    return address;
  };

  switch (primitive.does) {
    case "load": {
      want(1);
      const address = pointer(0, primitive.pointer, "data");
      return {value: {kind: "load", order: primitive.order, address}};
    }
    case "store": {
      want(2);
      if (accesses(args[1]) && accesses(pointer(0, primitive.pointer, "data"))) {
        reader.refuse(word.text, "address and value both access memory, in no order", word);
      }
      return {address: pointer(0, primitive.pointer, "data"), stored: args[1]};
    }
    case "fence":
      want(0);
      return {};
    case "lock":
    case "unlock":
      want(1);
      return {address: pointer(0, "address", "lock")};
    case "trylock":
    case "is-locked": {
      want(1);
      const value: Expression = {kind: primitive.does, address: pointer(0, "address", "lock")};
      return {value, effect: value};
    }
    case "srcu-lock": {
      want(1);
      const value: Expression = {kind: "srcu-lock", address: pointer(0, "address", "srcu")};
      return {value, effect: value};
    }
    case "srcu-unlock":
      want(2);
      if (accesses(args[1])) {
        reader.refuse(word.text, "load the index into a register first", word);
      }
      return {address: pointer(0, "address", "srcu"), stored: args[1]};
    case "sync-srcu":
      want(1);
      return {address: pointer(0, "address", "srcu")};
    case "atomic": {
      want(primitive.operands + 1);
      const address = pointer(primitive.addressLast ? primitive.operands : 0, "address", "data");
      const written = primitive.addressLast ? args.slice(0, -1) : args.slice(1);
      const operands: Expression[] =
        primitive.implied === undefined ? written : [{kind: "number", value: primitive.implied}];
      if ([address, ...operands].some(accesses)) {
        reader.refuse(word.text, "its arguments may not access memory themselves", word);
      }
      const effect: Expression = {
        kind: "atomic",
        order: primitive.order,
        address,
        operation: primitive.operation,
        operands,
        result: primitive.result === "nothing" ? "old" : primitive.result,
      };
      if (primitive.result === "nothing") return {effect};
      if (primitive.test === undefined) return {value: effect, effect};
      const zero: Expression = {kind: "number", value: 0};
      return {value: {kind: "binary", op: primitive.test, left: effect, right: zero}, effect};
    }
  }
}

const order: readonly Use[] = ["lock", "srcu", "data"];
const useNames: Readonly<Record<Use, string>> = {
  lock: "a spinlock",
  srcu: "an srcu_struct",
  data: "an ordinary variable",
};

function noteUse(
  reader: TokenReader,
  names: ThreadNames,
  address: Expression,
  use: Use,
  token: LitmusToken,
): void {
  if (address.kind !== "address") {
    if (use !== "data")
      reader.refuse(token.text, `${useNames[use]} is named by its parameter`, token);
    return;
  }
  const before = names.uses.get(address.variable);
  if (before !== undefined && before !== use) {
    const both = [before, use].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    reader.fail(
      `\`${token.text}\` is used both as ${both.map((one) => useNames[one]).join(" and as ")}`,
      token,
    );
  }
  names.uses.set(address.variable, use);
}

/** Whether a type begins here; a `struct` other than `srcu_struct` is refused. */
export function isType(reader: TokenReader, ahead: number): boolean {
  const {text} = reader.peek(ahead);
  if (text === "struct" && reader.sees("srcu_struct", ahead + 1)) return true;
  if (text === "struct" || text === "union" || text === "enum" || text === "typedef") {
    reader.refuse(
      text,
      "there are integers, pointers, spinlocks and srcu_structs only",
      reader.peek(ahead),
    );
  }
  return typeWords.has(text);
}

export function skipType(reader: TokenReader): void {
  if (reader.takes("struct")) reader.next();
  while (typeWords.has(reader.peek().text)) reader.next();
}
