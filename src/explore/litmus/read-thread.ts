// The statements of a litmus thread.

import type {Expression, Statement} from "./litmus-test.ts";
import type {LitmusToken} from "./litmus-tokens.ts";
import {primitives, refusedWords} from "./primitives.ts";
import {
  accesses,
  isType,
  readArguments,
  readExpression,
  skipType,
  type ThreadNames,
} from "./read-expression.ts";
import type {TokenReader} from "./token-reader.ts";

/** Reads `{ ... }`. */
export function readBlock(reader: TokenReader, names: ThreadNames): Statement[] {
  reader.expect("{", "at the start of a block");
  const statements: Statement[] = [];
  while (!reader.sees("}")) {
    if (reader.peek().kind === "end") reader.fail("a `}` is missing");
    for (const statement of readStatement(reader, names)) statements.push(statement);
  }
  reader.next();
  return statements;
}

function readStatement(reader: TokenReader, names: ThreadNames): Statement[] {
  const start = reader.peek();
  if (reader.takes(";")) return [];
  if (reader.sees("{")) return reader.nested(() => readBlock(reader, names));
  if (reader.takes("if")) return [readIf(reader, names, start)];
  if (start.kind === "name" && isType(reader, 0)) return readDeclaration(reader, names);
  if (start.text === "*") return [readPlainStore(reader, names)];
  if (start.text === "(") {
    const value = readExpression(reader, names);
    const text = reader.textFrom(start);
    reader.expect(";", "after an expression");
    return [{line: start.line, text, kind: "evaluate", value}];
  }
  const primitive = primitives.get(start.text);
  if (start.kind === "name" && primitive !== undefined) {
    reader.next();
    const call = readArguments(reader, names, start, primitive);
    reader.expect(";", `after \`${start.text}(...)\``);
    return callStatements(reader, start, call);
  }
  if (start.kind === "name" && (reader.sees("=", 1) || names.registers.has(start.text))) {
    return [readAssignment(reader, names)];
  }
  const why = refusedWords.get(start.text);
  if (why !== undefined) reader.refuse(start.text, why, start);
  if (start.kind === "name" && reader.sees("(", 1)) {
    reader.refuse(start.text, "no such function is known to the model", start);
  }
  return reader.fail(`expected a statement, found \`${start.text}\``);
}

function callStatements(
  reader: TokenReader,
  word: LitmusToken,
  call: ReturnType<typeof readArguments>,
): Statement[] {
  const place = {line: word.line, text: reader.textFrom(word).replace(/;$/, "")};
  const primitive = primitives.get(word.text);
  switch (primitive?.does) {
    case "store": {
      const {address, stored} = call;
      if (address === undefined || stored === undefined) break;
      const store: Statement = {
        ...place,
        kind: "store",
        order: primitive.order,
        address,
        value: stored,
      };
      return primitive.thenFence ? [store, {...place, kind: "fence", fence: "mb"}] : [store];
    }
    case "fence":
      return [{...place, kind: "fence", fence: primitive.fence}];
    case "lock":
    case "unlock":
    case "sync-srcu":
      if (call.address === undefined) break;
      return [{...place, kind: primitive.does, address: call.address}];
    case "srcu-unlock": {
      const {address, stored: index} = call;
      if (address === undefined || index === undefined) break;
      return [{...place, kind: "srcu-unlock", address, index}];
    }
    default: {
      const value = call.effect ?? call.value;
      if (value !== undefined) return [{...place, kind: "evaluate", value}];
    }
  }
  return reader.fail(`\`${word.text}\` is no statement`, word);
}

function readIf(reader: TokenReader, names: ThreadNames, start: LitmusToken): Statement {
  reader.expect("(", "after `if`");
  const test = readExpression(reader, names);
  reader.expect(")", "after the condition of `if`");
  const text = reader.textFrom(start);
  const then = reader.nested(() => readStatement(reader, names));
  const otherwise = reader.takes("else") ? reader.nested(() => readStatement(reader, names)) : [];
  return {kind: "if", line: start.line, text, test, then, else: otherwise};
}

/** `int r0;`, `int *r1 = READ_ONCE(*x), r2;` */
function readDeclaration(reader: TokenReader, names: ThreadNames): Statement[] {
  skipType(reader);
  const statements: Statement[] = [];
  do {
    while (reader.takes("*"));
    const name = reader.expectName("the name of a register");
    if (names.variables.has(name.text)) {
      reader.fail(`\`${name.text}\` is a parameter already`, name);
    }
    if (reader.sees("[")) reader.refuse("[", "there are no arrays");
    names.registers.add(name.text);
    if (reader.takes("=")) {
      const value = readExpression(reader, names);
      const text = reader.textFrom(name);
      statements.push({kind: "assign", line: name.line, text, register: name.text, value});
    }
  } while (reader.takes(","));
  reader.expect(";", "after a declaration");
  return statements;
}

function readAssignment(reader: TokenReader, names: ThreadNames): Statement {
  const name = reader.next();
  if (names.variables.has(name.text)) {
    reader.fail(
      `\`${name.text}\` is a pointer to a shared variable; assign to \`*${name.text}\``,
      name,
    );
  }
  const operator = reader.peek();
  if (["+=", "-=", "++", "--"].includes(operator.text)) {
    reader.refuse(operator.text, `write \`${name.text} = ${name.text} + ...\``, operator);
  }
  reader.expect("=", `after \`${name.text}\``);
  const value = readExpression(reader, names);
  names.registers.add(name.text);
  const text = reader.textFrom(name);
  reader.expect(";", "after an assignment");
  return {kind: "assign", line: name.line, text, register: name.text, value};
}

/** `*x = e;` */
function readPlainStore(reader: TokenReader, names: ThreadNames): Statement {
  const start = reader.peek();
  const target = readExpression(reader, names, 100);
  if (target.kind !== "load") return reader.fail("expected a store `*x = ...`", start);
  reader.expect("=", "after the place of a store");
  const value: Expression = readExpression(reader, names);
  if (accesses(target.address) && accesses(value)) {
    reader.refuse("=", "address and value both access memory, in no order", start);
  }
  const text = reader.textFrom(start);
  reader.expect(";", "after a store");
  return {
    kind: "store",
    line: start.line,
    text,
    order: "plain",
    address: target.address,
    value,
  };
}
