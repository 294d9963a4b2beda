// Texts that no person wrote. The bounds are on behaviour, not on the clock: a diagnostic, few of them, and never a throw.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {explanation} from "./catalogue.ts";
import {complete} from "./complete.ts";
import {format} from "./format.ts";
import {maxBrackets, maxChain, maxLength} from "./guard.ts";
import {maxDiagnostics, parse} from "./parse.ts";

const codes = (text: string): string[] =>
  parse({name: "hostile", text}).diagnostics.map(({code}) => code);

function assertSane(text: string): void {
  const {diagnostics, program} = parse({name: "hostile", text});
  assert.ok(diagnostics.length <= maxDiagnostics);
  for (const {primary, severity, message} of diagnostics) {
    assert.equal(severity, "error");
    assert.notEqual(message, "");
    assert.ok(primary.span.start >= 0 && primary.span.start <= primary.span.end);
    assert.ok(primary.span.end <= text.length || primary.span.start === 0);
  }
  if (diagnostics.length === 0) assert.equal(program.source.text, text);
}

describe("a hostile text", () => {
  it("of random bytes gives diagnostics", () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 400}), (bytes) => {
        assertSane(Buffer.from(bytes).toString("latin1"));
        assertSane(Buffer.from(bytes).toString("utf8"));
      }),
      {numRuns: 300},
    );
  });

  it("of random pieces of programs gives diagnostics", () => {
    const piece = fc.constantFrom(
      ...'walker gup { } ( ) [ ] : , ; . .. = == < - + & | ! " 5us 2 x ipi wait acks on sync policy experiment sweep where expect if then else for in not once \n /* # /// % @ µ 🦉'.split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 60}), (words) => assertSane(words.join(" "))),
      {numRuns: 500},
    );
  });

  it("of one line of a million characters is read or refused", () => {
    assertSane("a".repeat(1_000_000));
    assertSane(`let x = [${"1, ".repeat(30_000)}1]`);
    assertSane("} ".repeat(500_000));
    assertSane(`"${"x".repeat(1_000_000)}`);
    assertSane("5qux ".repeat(200_000));
    assertSane("\ud83e\udd89".repeat(500_000));
  });

  it("that nests ten thousand deep is refused with E117", () => {
    for (const [open, middle, close] of [
      ["(", "1", ")"],
      ["[", "1", "]"],
      ["f(", "1", ")"],
      ["if a then b else ", "1", ""],
      ["not ", "x", ""],
      ["once ", "x", ""],
      ["1 + ", "1", ""],
      ["a.", "b", ""],
    ] as const) {
      const text = `let x = ${open.repeat(10_000)}${middle}${close.repeat(10_000)}`;
      assert.deepEqual(codes(text), ["E117"], open);
    }
    assert.deepEqual(codes("let x: ".concat("List<".repeat(10_000))), ["E117"]);
    assert.deepEqual(codes(`policy p { on op ${"{ if a ".repeat(10_000)}`), ["E117"]);
    assert.deepEqual(codes(`policy p { on op { if a {} ${"else if a {} ".repeat(10_000)} } }`), [
      "E117",
    ]);
    assert.deepEqual(codes(`experiment e { ${"sweep { ".repeat(10_000)}`), ["E117"]);
  });

  it("as deep as is allowed parses without exhausting the stack", () => {
    assert.deepEqual(codes(`let x = ${"(".repeat(60)}1${")".repeat(60)}`), []);
    assert.deepEqual(codes(`let x = 1${" + 1".repeat(450)}`), []);
    assert.deepEqual(codes(`let x = ${"if a then b else ".repeat(160)}1`), []);
    assert.deepEqual(codes(`policy p { on op { ${"if a { mb } ".repeat(2000)} } }`), []);
    assert.deepEqual(codes(`mm a { ${"x: 1 + 2 ".repeat(5000)} }`), []);
  });

  it("with a NUL or too long is no text: E118", () => {
    assert.deepEqual(codes("mm a { cpus: \0 }"), ["E118"]);
    assert.deepEqual(codes(" ".repeat(5 * 1024 * 1024)), ["E118"]);
  });

  it("is refused at the limits that the catalogue names", () => {
    assert.ok(explanation("E117")?.text.includes(`at most ${maxBrackets} deep`));
    assert.ok(explanation("E117")?.text.includes(`at most ${maxChain} operators`));
    assert.ok(explanation("E118")?.text.includes(`at most ${maxLength / 2 ** 20} Mi characters`));
  });

  it("with one mistake in a line of a tens of thousands of characters is explained and completed", () => {
    for (const text of [
      `mm a { mm [${"1, ".repeat(12_000)}1] }`,
      `mm a { x = [${"1, ".repeat(12_000)}1] }`,
      `sweep { ${"a: 1 ".repeat(8_000)}}`,
      "x ".repeat(20_000),
      `${"mm a { x: 1 } ".repeat(1_500)}}`,
    ]) {
      assert.equal(codes(text).length, 1);
      assert.ok(complete(text, text.length).start >= 0);
    }
  });

  it("of comments only is formatted in linear time", () => {
    const text = `mm a {\n${"  x: 1 # y\n  # z\n".repeat(5_000)}}\n`;
    assert.equal(format(text), text.replaceAll("1 #", "1  #"));
  });

  it("with a thousand mistakes gives a bounded number of messages", () => {
    assert.equal(codes("wlaker gup { }\n".repeat(1000)).length, maxDiagnostics);
    assert.equal(codes("let x = 5qux\n".repeat(1000)).length, maxDiagnostics);
  });
});
