import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Policy} from "../plan/policy.ts";
import {checkCase} from "./check.ts";
import type {OperationalModel} from "./operational-model.ts";
import {
  broadcast,
  broadcastPolicy,
  clearWalking,
  mb,
  policy,
  rcuPolicy,
  scope,
  setWalking,
  system,
  targeted,
  targetedPolicy,
  waitAcks,
  walking,
} from "./sample-systems.contract.ts";
import {search} from "./search.ts";
import {reductionOf} from "./symmetry.ts";
import {verdictText} from "./verdict.ts";

function classes(checked: Policy, model: OperationalModel, walkers: readonly number[]): number[] {
  return walkers.map((n) => {
    const reduction = reductionOf(system([checked]), scope(n + 1), model);
    assert.ok(reduction !== undefined);
    return search(reduction.transitions).set.size;
  });
}

describe("walkers taken for interchangeable", () => {
  it("give a broadcast 195, 820, 3,050, 10,149 and 30,597 states", () => {
    assert.deepEqual(
      classes(broadcastPolicy, "sc", [2, 3, 4, 5, 6]),
      [195, 820, 3050, 10149, 30597],
    );
  });

  it("give a targeted IPI under TSO 1,547, 15,080 and 130,390 states", () => {
    assert.deepEqual(classes(targetedPolicy, "tso", [2, 3, 4]), [1547, 15080, 130390]);
  });

  it("give a grace period 96, 250, 575, 1,212 and 2,388 states", () => {
    assert.deepEqual(classes(rcuPolicy, "sc", [2, 3, 4, 5, 6]), [96, 250, 575, 1212, 2388]);
  });

  it("agree with the plain exploration on what is unsafe", () => {
    const nomb = policy(
      "nomb",
      {enter: [setWalking], exit: [clearWalking], sync: [mb, targeted, waitAcks]},
      [walking],
    );
    for (const [checked, bad] of [
      [targetedPolicy, false],
      [nomb, true],
      [policy("none", {sync: []}), true],
      [broadcastPolicy, false],
    ] as const) {
      const reduction = reductionOf(system([checked]), scope(3), "tso");
      assert.ok(reduction !== undefined);
      assert.equal(search(reduction.transitions).bad.length > 0, bad, checked.name);
    }
  });

  it("are not, where the writer singles out a CPU or other code runs beside them", () => {
    const one = policy("one", {
      sync: [{step: "ipi", cpu: {kind: "number", value: 1}, wait: true}, waitAcks],
    });
    assert.equal(reductionOf(system([one]), scope(3), "sc"), undefined);
    const nmi = {walkers: [{}, {name: "perf", kind: "perf"}]} as const;
    assert.equal(reductionOf(system([targetedPolicy], nmi), scope(3, {nmis: 1}), "sc"), undefined);
  });
});

describe("one walker stands for all", () => {
  const check = (checked: Policy, cpus: number, plainBelow: number): string =>
    verdictText(
      checkCase({label: "", system: system([checked])}, "safety", scope(cpus), "tso", {
        answers: false,
        plainBelow,
      }),
    );

  it("when what is done to a CPU depends on that CPU alone", () => {
    assert.equal(
      check(targetedPolicy, 8, 1000),
      "Never (TSO, 8 CPUs, unbounded walks, 1 write, 1 table, 1 mm, sync alone, store buffers of 2, which is exact, one walker stands for all, 111 states, complete)",
    );
  });

  it("also for a broadcast whose first send waits for the buffer", () => {
    const bare = policy("bare", {sync: [broadcast, waitAcks]});
    assert.equal(reductionOf(system([bare]), scope(3), "tso")?.cutOff, true);
    // A load that decides on a send while the clear is still buffered would be two steps.
    const scan = policy("scan", {sync: [targeted, waitAcks]}, [walking]);
    assert.equal(reductionOf(system([scan]), scope(3), "tso"), undefined);
  });

  it("but not when walkers share a word", () => {
    const shared = policy(
      "shared",
      {
        enter: [{step: "xchg", state: "busy", value: {kind: "number", value: 1}}],
        exit: [],
        sync: [mb, waitAcks],
      },
      [{name: "busy", scope: "global", type: "bool", initial: 0}],
    );
    assert.equal(reductionOf(system([shared]), scope(3), "sc")?.cutOff, false);
    assert.equal(reductionOf(system([targetedPolicy]), scope(3), "sc")?.cutOff, true);
  });
});
