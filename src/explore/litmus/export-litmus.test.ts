import assert from "node:assert/strict";
import {it} from "node:test";
import type {PolicyStep} from "../../plan/policy.ts";
import {checkLkmm} from "../lkmm/check-lkmm.ts";
import {rmbWriter, row, rows, targeted} from "../lkmm/protocols.contract.ts";
import {policy, scope, system} from "../sample-systems.contract.ts";
import {safetyWord} from "../verdict.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {exportLitmus} from "./export-litmus.ts";
import {readLitmus} from "./read-litmus.ts";

/** What has no litmus form, by design. */
const refused: ReadonlyMap<string, RegExp> = new Map([
  ["flush-kvm-preempted", /vCPU preemptions have no litmus form/],
  ["torn-none", /walks of two pages have no litmus form/],
]);

/** Those whose three threads and the chooser still enumerate in no time. */
const small: readonly string[] = [
  "none",
  "bcast-nowait",
  "tgt-ok",
  "tgt-clear-plain",
  "rcu",
  "callrcu-free",
  "populate-wmb",
];

for (const cpus of [2, 3]) {
  it(`writes protocols on ${cpus} CPUs as litmus tests with the verdict of the check`, () => {
    let compared = 0;
    for (const one of rows) {
      const bounds = scope(cpus, one.scope);
      const why = refused.get(one.name);
      if (why !== undefined) {
        assert.throws(() => exportLitmus(one.name, one.system, bounds), {
          name: "RangeError",
          message: why,
        });
      }
      if (why !== undefined || (cpus > 2 && !small.includes(one.name))) continue;
      const test = readLitmus(exportLitmus(one.name, one.system, bounds));
      const {observation} = evaluateLitmus(test);
      const options = {answers: false};
      const checked = checkLkmm({label: one.name, system: one.system}, bounds, options);
      const word = observation === "Never" ? "safe" : "UNSAFE";
      assert.equal(word, safetyWord(checked), `${one.name} on ${cpus} CPUs`);
      compared++;
    }
    assert.equal(compared, cpus > 2 ? small.length : rows.length - refused.size);
  });
}

it("gives the handshake of a targeted interrupt the verdicts of the models", () => {
  const verdicts = (of: Parameters<typeof exportLitmus>[1]): string => {
    const test = readLitmus(exportLitmus("handshake", of, scope(2)));
    return (["sc", "tso", "pso", "lkmm"] as const)
      .map((model) => evaluateLitmus(test, model).observation[0])
      .join("");
  };
  assert.equal(verdicts(system([targeted()])), "NNNN");
  assert.equal(verdicts(system([rmbWriter])), "NSSS");
  assert.equal(verdicts(system([targeted({exit: []})])), "NNNN");
});

it("writes a text whose every line is meant", () => {
  const plain = row("x", "safe", system([targeted()]));
  const text = exportLitmus("tgt ok", plain.system, scope(2));
  assert.match(text, /^C tgt-ok\n/);
  assert.match(text, /The Linux-kernel memory model has no interrupts/);
  assert.match(text, /p\d = READ_ONCE\(\*entry_m\);/);
  assert.match(text, /filter \(.*\)\nexists \(1:v\d=3 \\\/ 1:bad\d=1\)\n$/);
  assert.doesNotMatch(text, /\(\(|else \{\s*\}|undefined|NaN/);
});

it("asks whether a table is freed twice where it can be", () => {
  const steps: PolicyStep[] = [
    {step: "unhook"},
    {step: "wait_gp", expedited: false},
    {step: "release"},
  ];
  const twice = policy("twice", {
    op: [...steps, {step: "defer", expedited: false, steps: [{step: "release"}]}],
  });
  const text = exportLitmus("twice", system([twice]), scope(2));
  assert.match(text, /\(0:freed\d+=1 \/\\ \d:freed\d+=1\)/);
  assert.notEqual(evaluateLitmus(readLitmus(text)).observation, "Never");
});

it("refuses what has no litmus form", () => {
  const mmu = system([targeted()], {walkers: [{kind: "hardware"}]});
  assert.throws(() => exportLitmus("mmu", mmu, scope(2)), /hardware walkers have no litmus form/);
});
