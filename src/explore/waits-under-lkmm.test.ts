import assert from "node:assert/strict";
import {it} from "node:test";
import type {Policy, PolicyStep} from "../plan/policy.ts";
import type {System} from "../plan/system.ts";
import {check} from "./check.ts";
import {targeted} from "./lkmm/protocols.contract.ts";
import {valuesWaitedFor} from "./lkmm/values-waited-for.ts";
import * as sample from "./sample-systems.contract.ts";
import {safetyWord, type Verdict} from "./verdict.ts";

const {policy, scope, system, unhook, release, waitGp} = sample;
const over = {name: "over", scope: "global", type: "bool", initial: 0} as const;
const raise: PolicyStep = {step: "store", state: "over", value: {kind: "number", value: 1}};
const isOver: PolicyStep = {step: "wait_until", how: "spin", test: {kind: "state", name: "over"}};
const flagged: Policy = policy("flagged", {op: [unhook, raise, isOver, waitGp, release]}, [over]);

function deadlock(of: System, expect?: "safe" | "unsafe"): Verdict {
  const one = {label: "x", system: of, ...(expect === undefined ? {} : {expect})};
  const plan = {
    format: 1,
    property: "deadlock",
    scenario: "x",
    scope: scope(2),
    model: "lkmm",
    cases: [one],
  } as const;
  return check(plan).verdicts[0] as Verdict;
}

it("answers by the schedules of PSO, and says so", () => {
  const live = deadlock(system([targeted()]), "safe");
  assert.equal(safetyWord(live), "safe");
  assert.equal(live.met, "pass");
  assert.match(live.bound, /^LKMM by the schedules of PSO, 2 CPUs/);
  assert.match(live.explanation.at(-1) ?? "", /the same in every model/);
});

it("finds what gets stuck", () => {
  const stuck = deadlock(
    system([policy("gp", {sync: [waitGp]})], {writers: [{context: "irq_off"}]}),
  );
  assert.equal(safetyWord(stuck), "UNSAFE");
  assert.equal(stuck.violated, "I7");
  assert.ok((stuck.cycle ?? []).length > 0);
});

it("does not call a wait live that a racing load decides about", () => {
  const open = deadlock(system([flagged]), "safe");
  assert.equal(safetyWord(open), "unknown");
  assert.equal(open.met, "inconclusive");
  assert.match(open.explanation.at(-1) ?? "", /depends on over/);
});

it("knows which words decide about waits: those that writers or handlers write, and a wait reads", () => {
  assert.deepEqual(valuesWaitedFor([flagged]), ["over"]);
  assert.deepEqual(valuesWaitedFor([targeted()]), []);
  const skipped = policy(
    "skipped",
    {op: [raise], sync: [{step: "skip", when: {kind: "state", name: "over"}}, waitGp]},
    [over],
  );
  assert.deepEqual(valuesWaitedFor([skipped]), ["over"]);
  const unread = policy(
    "unread",
    {
      op: [raise, waitGp],
      enter: [{step: "if", test: {kind: "state", name: "over"}, then: [{step: "abort"}], else: []}],
    },
    [over],
  );
  assert.deepEqual(valuesWaitedFor([unread]), []);
});
