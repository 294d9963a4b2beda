// tslab's converter with lent programs against tslab's converter alone: the same cells, the same answers.
import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {Converter, createConverter} from "tslab/dist/converter.js";
import {loadCompiler, tslabRequire} from "./compiler.ts";
import {redirectCompiler} from "./package-paths.ts";
import {type SharedChecker, shareChecker} from "./shared-checker.ts";

type Tslab = {readonly createConverter: typeof createConverter};

const folder = mkdtempSync(join(tmpdir(), "quiesce-checker-"));
const start = process.cwd();
let alone: Converter;
let sharing: Converter;
let checker: SharedChecker;
before(() => {
  process.chdir(folder);
  const compiler = loadCompiler();
  redirectCompiler(compiler);
  const make = (): Converter =>
    (tslabRequire("./converter.js") as Tslab).createConverter({isJS: false, isBrowser: false});
  alone = make();
  delete createRequire(import.meta.url).cache[tslabRequire.resolve("./converter.js")];
  checker = shareChecker(compiler);
  sharing = make();
});
after(() => {
  alone.close();
  sharing.close();
  process.chdir(start);
  rmSync(folder, {recursive: true, force: true});
});

/** Converts as the language thread does: what has complaints is judged again by itself. */
function convert(declarations: string, source: string): {result: unknown; lent: boolean} {
  const result = sharing.convert(declarations, source);
  const {lent} = checker;
  if (!lent || result.diagnostics.length === 0) return {result, lent};
  return {result: checker.afresh(() => sharing.convert(declarations, source)), lent: false};
}

/** Runs cells one after another, each seeing what those before it declared; how many were lent a program. */
function compare(cells: readonly string[]): number {
  let declarations = "";
  let lent = 0;
  for (const source of cells) {
    const expected = alone.convert(declarations, source);
    const given = convert(declarations, source);
    assert.deepEqual(given.result, expected, source);
    if (given.lent) lent++;
    if (expected.diagnostics.length === 0) declarations = expected.declOutput ?? "";
  }
  return lent;
}

describe("a lent program", () => {
  it("gives what a program of the cell's own gives, and is the rule", () => {
    const cells = [
      "1 + 1",
      "let a = 2, b: string = 'x';",
      "a += 1; b + `\u0024{a}`",
      "const {x, y: [z]} = {x: 1, y: ['q']}; z.toUpperCase()",
      "function f<T extends {n: number}>(t: T): T['n'] { return t.n + a; }",
      "f({n: 3, more: true})",
      "interface P { name: string; at?: Date }\nclass Q implements P { #n = 1; constructor(readonly name: string) {} get n() { return this.#n; } }",
      "const q = new Q('k'); q.n",
      "enum Color { Red, Green = 'g' as any }\nnamespace N { export const deep = {a: [1, 2]}; }",
      "Color.Red; N.deep.a.map((v) => v * a)",
      "type Tree = {left?: Tree; value: number}; const t: Tree = {value: 1, left: {value: 2}};",
      "let a = 'now a string'; a.length",
      "type a = number; let q: a = 1;",
      "await Promise.resolve(5)",
      "const later = await Promise.all([1, Promise.resolve('s')]); later",
      "for (const [k, v] of Object.entries({a: 1})) console.log(k, v)",
      "async function g() { for (let i = 0; i < 3; i++) await null; return new Map([['k', t]]); }",
      "(await g()).get('k')?.left?.value",
      "export const shown = 1;",
      "const fs = require('fs'); fs.existsSync('.')",
      "let late: typeof q; late = q; class R<T> { constructor(public v: T) {} } new R(t).v.left",
      "function outer() { return {a, inner: () => b, nested: {deep: [t] as const}}; } outer()",
      "const tag = (s: TemplateStringsArray, ...v: unknown[]) => s.raw.join() + v.length; tag`a\u0024{1}b`",
      "var v1 = 1; { let v1 = 2; v1; } v1++; delete (globalThis as any).zz; void 0",
      "",
    ];
    assert.ok(compare(cells) >= cells.length - 2);
  });

  it("accepts nothing that is wrong, and says of it what tslab says, every time it is asked", () => {
    const wrong = [
      "const s: string[] = new Map<string, number>();",
      "const s: string[] = new Map<string, number>();",
      "missing + 1",
      "[1].foo()",
      "let n: number = kept.name;",
      "kept.nam",
      "await kept.nam",
      "for await (const x of [1]) x",
      "function h() { await 1; }",
      "const dup = 1; const dup = 2;",
      "class K { a: string = 1 }",
      "// @ts-expect-error\nkept.name",
      "let = 5",
      "import {nothing} from 'fs';",
      "import x from 'there-is-no-such-package';",
      "kept = {name: 1};",
    ];
    compare([
      "let kept = {name: 'a'};",
      ...wrong.flatMap((each) => [each, "kept.name; await 1", each]),
      "// @ts-expect-error\nkept.nam",
    ]);
  });

  it("knows the packages that cells import, and a new one gets a program of its own", () => {
    const cells = [
      "import {readFileSync} from 'fs'; import * as path from 'node:path';",
      "path.join('a', 'b') + typeof readFileSync",
      "import * as aq from 'arquero';",
      "const table = aq.table({a: [1, 2]});",
      "table.filter((d) => d.a > 1)",
      "table.fliter((d) => d.a > 1)",
      "import type {ColumnTable} from 'arquero'; let other: ColumnTable = table; other.numRows()",
      "const lazy = await import('node:os'); lazy.cpus().length",
      "lazy.cpus()[0]!.model",
    ];
    assert.ok(compare(cells) >= 4);
  });

  it("sees files beside the notebook as they are, and what they declare for everybody", () => {
    writeFileSync(join(folder, "beside.ts"), "export const value: number = 1;\n");
    writeFileSync(
      join(folder, "wide.ts"),
      "declare global { interface Array<T> { wide(): T } }\nexport const w = 1;\n",
    );
    compare([
      "import {value} from './beside'; value",
      "value.toFixed(); value.nothing",
      "value + 1",
      "[1].wide()",
      "import {w} from './wide'; typeof [1].wide",
      "[1].wide; w",
      "declare global { interface String { own: number } } 'a'.own",
      "'a'.own",
      "'a'.length",
      "declare module 'made-up' { export const m: number; }",
      "import {m} from 'made-up'; m",
      "'a'.length",
    ]);
  });

  it("completes and describes", () => {
    const declarations = "declare let kept: {name: string; size: number};\n";
    for (const source of ["import {} from 'fs'; ke", "kept.", "kept.na", "Math.ma", "con"]) {
      const at = source.length;
      const names = (each: Converter): readonly string[] =>
        each.complete(declarations, source, at).candidates;
      assert.deepEqual(names(sharing), names(alone), source);
    }
    const info = (each: Converter): unknown =>
      each.inspect(declarations, "kept.name", 7)?.displayParts;
    assert.deepEqual(info(sharing), info(alone));
    assert.ok(checker.lent);
  });
});
