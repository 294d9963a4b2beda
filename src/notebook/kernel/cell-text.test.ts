import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {bracketCompleteness} from "../typescript/bracket-completeness.ts";
import {cellText} from "./cell-language.ts";
import {toCodePoints, toUnits} from "./code-points.ts";

describe("the language of a cell", () => {
  const quiesce = [
    "run hello",
    "table mean(thp.sync), p99(thp.sync) of hello",
    "  experiment which {\n  }",
    "# a comment\nmachine lab from flat_4 {}",
    "/// documented\npolicy tracked { }",
    "check safety of tiny for 2 cpus, 2 walks, 1 writes under tso { policy: none }",
    'import "hosts/lab.quiesce" as hosts',
    'export "out/quick.csv" of quick',
    "let gap = 5us",
    'let deliver = empirical("data/d.csv", column: "ns", unit: ns)',
    'let gap = ts("gap")',
    "let n = 3\nrun which",
    "%%quiesce\nlet n = 3",
    "# only a comment",
    "writer thp { mm: gup, every: 1ms, kind: free }",
    "param gap: Duration in 100ns..10ms = 10us",
  ];
  const typescript = [
    "",
    "1 + 1",
    "let n = 3",
    "const run = 1; run",
    "run(hello)",
    "run\nhello",
    "table.filter((row) => row.a > 1)",
    'import {table} from "arquero";',
    'import "./side-effect";',
    "export const a = 1;",
    "machine = load",
    "let f = (a: number) => a % 2",
    "let gap = '100us';",
    'let gap = "100us"',
    "// a comment\nlet x = 1;",
    "#!shebang",
    "class A { #secret = 1 }",
    "%%ts\nlet n = 5",
    "check;",
    "type run = string",
  ];
  for (const source of quiesce) {
    it(`is Quiesce for ${JSON.stringify(source)}`, () =>
      assert.equal(cellText(source).language, "quiesce"));
  }
  for (const source of typescript) {
    it(`is TypeScript for ${JSON.stringify(source)}`, () =>
      assert.equal(cellText(source).language, "typescript"));
  }
  it("keeps every offset when a magic is blanked out", () => {
    const text = "%%ts\nlet n = 1;";
    const {source} = cellText(text);
    assert.equal(source.length, text.length);
    assert.equal(source.indexOf("let"), text.indexOf("let"));
  });
});

describe("cursors", () => {
  it("go from code points to UTF-16 and back", () => {
    assert.equal(toUnits("a😀b", 2), 3);
    assert.equal(toCodePoints("a😀b", 3), 2);
    assert.equal(toCodePoints("a😀b", 2), 1, "inside a pair is before it");
    fc.assert(
      fc.property(fc.string({unit: "grapheme"}), fc.nat(40), (text, at) => {
        const points = Math.min(at, [...text].length);
        assert.equal(toCodePoints(text, toUnits(text, points)), points);
      }),
    );
  });
});

describe("brackets alone", () => {
  it("tell whether a cell is finished while the compiler warms up", () => {
    const status = (source: string): string => bracketCompleteness(source).status;
    assert.equal(status("f({a: [1]})"), "complete");
    assert.equal(status("function f() {"), "incomplete");
    assert.equal(status("`open"), "incomplete");
    assert.equal(status("/* open"), "incomplete");
    assert.equal(status("'{' // {"), "complete");
    assert.equal(status("(]"), "invalid");
    assert.equal(bracketCompleteness("if (x) {\n  [").indent, "    ");
  });
});
