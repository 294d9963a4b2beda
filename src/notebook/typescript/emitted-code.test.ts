// What is done to the JavaScript that tslab emits: guards in loops, and the way back to the user's positions.
import assert from "node:assert/strict";
import {describe, it} from "node:test";
import vm from "node:vm";
import {loadCompiler} from "./compiler.ts";
import {insertAll, loopGuards} from "./loop-guards.ts";
import {alignTokens, sourceOffset} from "./position-map.ts";

const compiler = loadCompiler();
const guarded = (code: string): string => insertAll(code, loopGuards(compiler, code));

/** Runs guarded code; the guard stops it at its `limit`-th turn. */
function turns(code: string, limit: number): {readonly stopped: boolean; readonly result: unknown} {
  let left = limit;
  const guard = {
    get words(): number[] {
      // Two reads a turn.
      return left-- <= 0 ? [1, 1] : [0, 1];
    },
    stopped: false,
    enter: (): unknown => guard,
    leave: (value?: unknown): unknown => value,
    stop(): never {
      throw new Error("stopped");
    },
  };
  try {
    return {
      stopped: false,
      result: vm.runInNewContext(guarded(code), {[Symbol.for("quiesce.guard")]: guard}),
    };
  } catch (error) {
    assert.equal((error as Error).message, "stopped");
    return {stopped: true, result: undefined};
  }
}

describe("loop guards", () => {
  const endless = [
    "while (true) {}",
    "while (true);",
    "for (;;) ;",
    "do {} while (true)",
    "for (const x of (function* () { for (;;) yield 1; })()) x;",
    "label: while (true) { while (true) continue label; }",
    "const f = () => { for (;;) 1; }; f()",
  ];
  for (const code of endless) {
    it(`stop ${code}`, () => assert.ok(turns(code, 100).stopped));
  }

  it("change nothing else", () => {
    const code =
      "let n = 0; for (let i = 0; i < 3; i++) for (const j of [1, 2]) n += i * j; do n++; while (n < 12); for (const k in {a: 1}) n += k.length; n";
    assert.equal(turns(code, 1e6).result, 13);
    assert.equal(vm.runInNewContext(code), 13);
  });

  it("say before each await of the cell's own that it may give up the thread", async () => {
    const code =
      "const g = async (x) => await x; for (let i = 0; i < 2; i++) await g(i)\nreturn await await g(await 7);";
    let left = 0;
    const guard = {words: [0, 1], stopped: false, enter: (): unknown => guard, leave};
    function leave(value?: unknown): unknown {
      left++;
      return value;
    }
    const run = vm.runInNewContext(`async () => {${guarded(code)}}`, {
      [Symbol.for("quiesce.guard")]: guard,
    }) as () => Promise<unknown>;
    assert.equal(await run(), 7);
    assert.equal(left, 6, "two in the loop, three in the last line, one at the end");
  });

  it("add no line", () => {
    const code = "while (x)\n  y();\nfor (;;) {\n  z();\n}";
    assert.equal(guarded(code).split("\n").length, code.split("\n").length);
  });
});

describe("positions", () => {
  const map = (emitted: string, source: string, find: string): string => {
    const offset = sourceOffset(alignTokens(compiler, emitted, source), emitted.indexOf(find));
    assert.ok(offset !== undefined);
    const before = source.slice(0, offset);
    return `${before.split("\n").length}:${offset - before.lastIndexOf("\n")}`;
  };
  it("lead back through removed types and added exports", () => {
    const source = "interface A { b: number }\nconst a: A = {b: 1};\n\nreach(a as A).deep!.fail();";
    const emitted = "const a = { b: 1 };\nexports.a = a;\nexports.reach(a).deep.fail();";
    assert.equal(map(emitted, source, "fail"), "4:21");
    assert.equal(map(emitted, source, "reach"), "4:1");
  });

  it("before the first token are unknown", () => {
    assert.equal(sourceOffset(alignTokens(compiler, "  a", "a"), 0), undefined);
  });
});
