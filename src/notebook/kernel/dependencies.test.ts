// The graph alone, in a small notation: "1 a<b,c" is cell [1], which defines a and uses b and c.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {namesOf} from "../quiesce/quiesce-names.ts";
import {loadCompiler} from "../typescript/compiler.ts";
import {emittedNames} from "../typescript/emitted-names.ts";
import {createDependencies} from "./dependencies.ts";

function notebook(): {
  run(cell: string): string;
  why(key: string): string | undefined;
} {
  const dependencies = createDependencies();
  const list = (text = ""): string[] => (text === "" ? [] : text.split(",").map((n) => `t:${n}`));
  return {
    run(cell) {
      const [key = "", rest = ""] = cell.split(" ");
      const [defines, uses] = rest.split("<");
      const ran = {
        key,
        number: Number(key),
        source: cell,
        defines: list(defines),
        uses: list(uses),
      };
      return dependencies
        .ran(ran)
        .map(({cell: {number}, name}) => `${number}:${name}`)
        .join(" ");
    },
    why(key) {
      const found = dependencies.why(key);
      return found === undefined ? undefined : `${found.name} of ${found.from.number}`;
    },
  };
}

describe("dependencies", () => {
  it("put no cell out of date on the way down", () => {
    const {run} = notebook();
    for (const cell of ["1 a<", "2 b<a", "3 <a,b", "4 c<zz"]) assert.equal(run(cell), "");
  });

  it("reach through other cells, in an order in which they can be run", () => {
    const {run} = notebook();
    for (const cell of ["1 a<", "2 b<a", "3 c<b", "4 <c", "5 d<"]) run(cell);
    assert.equal(run("1 a<"), "2:a 3:b 4:c");
    assert.equal(run("5 d<"), "");
  });

  it("tell a cell that was run on what is out of date, until that has run", () => {
    const {run, why} = notebook();
    for (const cell of ["1 a<", "2 b<a", "3 <b"]) run(cell);
    run("1 a<");
    run("3 <b");
    assert.equal(why("3"), "b of 2");
    assert.equal(run("2 b<a"), "3:b");
    run("3 <b");
    assert.equal(why("3"), undefined);
  });

  it("belong to the cell that defined a name last", () => {
    const {run} = notebook();
    for (const cell of ["1 a<", "2 <a"]) run(cell);
    // The first cell was edited: without an id it looks like another, which has taken its name over.
    assert.equal(run("3 a<"), "2:a");
    assert.equal(run("3 a,b<"), "2:a");
  });

  it("end in circles, too", () => {
    const {run} = notebook();
    for (const cell of ["1 a<b", "2 b<a", "3 a<a"]) run(cell);
    assert.equal(run("2 b<a"), "");
    assert.equal(run("3 a<b"), "2:a");
  });
});

describe("the names of a TypeScript cell", () => {
  const compiler = loadCompiler();
  it("are read off the emitted code", () => {
    const code = `Object.defineProperty(exports, "__esModule", { value: true });
exports.tsLastExpr = exports.b = exports.f = void 0;
const fs_1 = require("fs");
Object.defineProperty(exports, "readFileSync", { enumerable: true, get: function () { return fs_1.readFileSync; } });
function f() { return exports.hidden + "exports.text" + /"/.source; }
exports.f = f;
const b = (0, exports.g)(exports.a) + \`\${exports.inTemplate}\`;
exports.b = b;
exports.a = 7; exports.n++; exports.m += 1;
exports.tsLastExpr = exports.o.exports;`;
    const {defines, uses} = emittedNames(compiler, code);
    assert.deepEqual([...defines].sort(), ["a", "b", "f", "m", "n", "readFileSync"]);
    assert.deepEqual([...uses].sort(), ["a", "g", "hidden", "inTemplate", "m", "n", "o"]);
  });
});

describe("the names of a Quiesce cell", () => {
  it("are apart from those of TypeScript, but for what the two share", () => {
    const source = 'let g = ts("gap")\nlet h = empirical("ts:waits.us", unit: us) # not commented';
    const {defines, uses} = namesOf(
      source,
      {declared: ["g", "h"], ran: [], checked: []},
      undefined,
    );
    assert.deepEqual(defines, ["quiesce:g", "quiesce:h"]);
    assert.ok(uses.includes("typescript:gap") && uses.includes("typescript:waits"));
    assert.ok(!uses.includes("quiesce:gap") && !uses.includes("quiesce:commented"));
    const table = namesOf("table sync", {declared: [], ran: [], checked: []}, "which");
    assert.ok(table.uses.includes("run:which"));
    const run = namesOf("run which", {declared: [], ran: ["which"], checked: []}, "which");
    assert.deepEqual(run.defines, ["run:which", "typescript:which"]);
    assert.ok(run.uses.includes("quiesce:which"));
  });

  it("include the scenario of a check, which is used by a replay and by no other check", () => {
    const ran = {declared: [], ran: []};
    const source = "check safety of tiny";
    const check = namesOf(source, {...ran, checked: ["tiny"]}, undefined);
    assert.deepEqual(check.defines, ["check:tiny", "typescript:tiny"]);
    assert.ok(!namesOf(source, {...ran, checked: []}, undefined).uses.includes("check:tiny"));
    const replay = namesOf('replay "s" of tiny', {...ran, checked: []}, undefined);
    assert.ok(replay.uses.includes("check:tiny") && replay.uses.includes("quiesce:tiny"));
  });
});
