import assert from "node:assert/strict";
import {it} from "node:test";
import {type CycleThread, cycles, cycleTest, type Link} from "./cycles.contract.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {litmusText} from "./litmus-cases.contract.ts";
import {readLitmus} from "./read-litmus.ts";

const all: readonly Link[] = ["po", "mb", "wmb", "rmb", "gp", "rel", "acq", "data", "ctrl"];

function never(threads: readonly CycleThread[], model: "sc" | "tso" | "pso" | "lkmm"): boolean {
  const test = cycleTest(threads);
  assert.ok(test !== undefined);
  return evaluateLitmus(readLitmus(litmusText(test)), model).observation === "Never";
}

it("forbids every cycle under SC", () => {
  const tests = cycles(all, [2], 10_000);
  assert.ok(tests.length > 100, `${tests.length}`);
  for (const test of tests) {
    const {observation} = evaluateLitmus(readLitmus(litmusText(test)), "sc");
    assert.equal(observation, "Never", test.name);
  }
});

it("restores sequential consistency where every thread has a full barrier or a grace period", () => {
  for (const test of cycles(["mb", "gp"], [2, 3], 400)) {
    const {observation} = evaluateLitmus(readLitmus(litmusText(test)), "lkmm");
    assert.equal(observation, "Never", test.name);
  }
});

it("never loses an order by a stronger link", () => {
  const stronger: readonly (readonly [Link, Link])[] = [
    ["po", "rel"],
    ["po", "wmb"],
    ["po", "rmb"],
    ["rel", "mb"],
    ["wmb", "mb"],
    ["rmb", "mb"],
    ["ctrl", "mb"],
    ["acq", "mb"],
    ["data", "mb"],
    ["mb", "gp"],
  ];
  let compared = 0;
  for (const from of all) {
    for (const to of ["rf", "fr", "co"] as const) {
      for (const [weak, strong] of stronger) {
        for (const other of ["rf", "fr", "co"] as const) {
          const pair = (link: Link): readonly CycleThread[] => [
            {link: from, to},
            {link, to: other},
          ];
          if (cycleTest(pair(weak)) === undefined || cycleTest(pair(strong)) === undefined)
            continue;
          for (const model of ["tso", "pso", "lkmm"] as const) {
            if (never(pair(weak), model)) {
              assert.ok(
                never(pair(strong), model),
                `${from}-${to}+${weak}/${strong}-${other} ${model}`,
              );
            }
            compared++;
          }
        }
      }
    }
  }
  assert.ok(compared > 1000, `${compared}`);
});

it("keeps sections and grace periods in balance: forbidden with as many grace periods, allowed with fewer", () => {
  const count = (links: readonly Link[]): boolean =>
    never(
      links.map((link): CycleThread => ({link, to: "rf"})),
      "lkmm",
    );
  assert.equal(count(["rscs", "gp"]), true);
  assert.equal(count(["rscs", "rscs"]), false);
  assert.equal(count(["rscs", "rscs", "gp"]), false);
  assert.equal(count(["rscs", "gp", "gp"]), true);
  assert.equal(count(["rscs", "gp", "rscs", "gp"]), true);
  assert.equal(count(["rscs", "rscs", "gp", "gp"]), true);
  assert.equal(count(["rscs", "rscs", "rscs", "gp", "gp"]), false);
});
