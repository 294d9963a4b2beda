import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {interleave} from "./interleave.contract.ts";
import {litmusText} from "./litmus-cases.contract.ts";
import {type Ingredients, randomLitmus} from "./random-litmus.contract.ts";
import {readLitmus} from "./read-litmus.ts";

const everything: Ingredients = {
  fences: ["mb", "wmb", "rmb"],
  acquireRelease: true,
  atomics: ["xchg"],
  dependencies: true,
  sections: false,
};

for (const model of ["sc", "tso", "pso"] as const) {
  it(`finds the final states that interleaving with store buffers reaches under ${model}`, () => {
    fc.assert(
      fc.property(randomLitmus(everything), (litmus) => {
        const test = readLitmus(litmusText(litmus));
        assert.deepEqual(evaluateLitmus(test, model).states, interleave(test, model));
      }),
      {seed: 3, numRuns: 80},
    );
  });

  it(`lets grace periods wait for exactly the sections that interleaving waits for under ${model}`, () => {
    const sections: Ingredients = {
      fences: ["gp", "gp", "mb"],
      acquireRelease: false,
      atomics: [],
      dependencies: false,
      sections: true,
    };
    fc.assert(
      fc.property(
        randomLitmus(sections).filter(({threads}) =>
          threads.split("|").every((thread) => !(thread.startsWith("[") && thread.includes("gp"))),
        ),
        (litmus) => {
          const test = readLitmus(litmusText(litmus));
          assert.deepEqual(evaluateLitmus(test, model).states, interleave(test, model));
        },
      ),
      {seed: 4, numRuns: 20},
    );
  });
}

it("never allows in a stronger model what a weaker one forbids", () => {
  fc.assert(
    fc.property(randomLitmus(everything), (litmus) => {
      const test = readLitmus(litmusText(litmus));
      const [sc, tso, pso, lkmm] = (["sc", "tso", "pso", "lkmm"] as const).map(
        (model) => new Set(evaluateLitmus(test, model).states),
      );
      for (const state of sc) assert.ok(tso.has(state), `sc but not tso: ${state}`);
      for (const state of tso) assert.ok(pso.has(state), `tso but not pso: ${state}`);
      for (const state of pso) assert.ok(lkmm.has(state), `pso but not lkmm: ${state}`);
    }),
    {seed: 5, numRuns: 250},
  );
});

it("judges alike whether relations take one word a row or two", () => {
  const padding = Array.from({length: 33}, () => "  barrier();").join("\n");
  fc.assert(
    fc.property(
      randomLitmus({...everything, atomics: ["xchg", "xchg_relaxed"], sections: true}),
      (litmus) => {
        const text = litmusText(litmus);
        const threads = litmus.threads.split("|").length;
        const padded = text.replace(
          "\nlocations",
          `\nP${threads}(int *x)\n{\n${padding}\n}\n\nlocations`,
        );
        const short = evaluateLitmus(readLitmus(text));
        const long = evaluateLitmus(readLitmus(padded));
        assert.deepEqual(long.states, short.states);
        assert.deepEqual([long.satisfying, long.others], [short.satisfying, short.others]);
      },
    ),
    {seed: 6, numRuns: 80},
  );
});
