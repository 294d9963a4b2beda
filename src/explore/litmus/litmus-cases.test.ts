import assert from "node:assert/strict";
import {it} from "node:test";
import type {MemoryModel} from "../../plan/check-plan.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {
  atomicCases,
  classicalCases,
  dependencyCases,
  type LitmusCase,
  litmusText,
  rcuCases,
} from "./litmus-cases.contract.ts";
import {readLitmus} from "./read-litmus.ts";

const models: readonly MemoryModel[] = ["sc", "tso", "pso", "lkmm"];

function verdictsOf(litmus: LitmusCase): string {
  const test = readLitmus(litmusText(litmus));
  return models
    .map((model, at) =>
      litmus.verdicts[at] === "-" ? "-" : evaluateLitmus(test, model).observation[0],
    )
    .join("");
}

const groups = {
  "the classical shapes": classicalCases,
  "dependencies and plain accesses": dependencyCases,
  "grace periods": rcuCases,
  "locks and atomics": atomicCases,
};

for (const [title, cases] of Object.entries(groups)) {
  it(`gives ${title} their verdicts under SC, TSO, PSO and LKMM`, () => {
    const wrong = cases
      .map((litmus) => ({name: litmus.name, want: litmus.verdicts, got: verdictsOf(litmus)}))
      .filter(({want, got}) => want !== got);
    assert.deepEqual(wrong, []);
  });
}

it("flags data races where there are any, and nowhere else", () => {
  for (const litmus of [...dependencyCases, ...classicalCases, ...atomicCases]) {
    const {flags} = evaluateLitmus(readLitmus(litmusText(litmus)));
    assert.equal(flags.includes("data-race"), litmus.flag === "data-race", litmus.name);
  }
});

it("has at least 80 cases, all of different names", () => {
  const names = Object.values(groups).flatMap((cases) => cases.map(({name}) => name));
  assert.ok(names.length >= 80, `${names.length}`);
  assert.equal(new Set(names).size, names.length);
});
