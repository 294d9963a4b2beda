import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import {checkText, startingEnvironment} from "../../lang/check.ts";
import {planCheckCommand} from "../../lang/plan-command.ts";
import type {PolicyStep} from "../../plan/policy.ts";
import {checkLkmm} from "../lkmm/check-lkmm.ts";
import {rmbWriter, row, rows, targeted} from "../lkmm/protocols.contract.ts";
import {policy, scope, system} from "../sample-systems.contract.ts";
import {safetyWord} from "../verdict.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {exportLitmus} from "./export-litmus.ts";
import {checkHerdSyntax} from "./herd-syntax.contract.ts";
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

describe("what the catalogue checks under LKMM", () => {
  const folder = new URL("../../../../grammar/catalogue/", import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".quiesce"))) {
    it(`${name}: is written in herd7's syntax and gets its verdict, or is refused with a reason`, () => {
      const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
      const {environment, commands} = checkText(source, startingEnvironment());
      for (const command of commands) {
        const {plan} = planCheckCommand(environment, command as never, source);
        assert.ok(plan !== undefined);
        // NMIs may strike at every point of a walk, which makes an export too long to be judged in a test.
        const {cpus, nmis, migrations} = plan.scope;
        if (
          plan.model !== "lkmm" ||
          plan.property !== "safety" ||
          cpus > 2 ||
          nmis + migrations > 0
        )
          continue;
        for (const {label, system: of, expect} of plan.cases) {
          let text: string;
          try {
            text = exportLitmus(label, of, plan.scope);
          } catch (error) {
            assert.match((error as RangeError).message, /no litmus form/, label);
            continue;
          }
          checkHerdSyntax(text);
          const never = evaluateLitmus(readLitmus(text)).observation === "Never";
          assert.equal(never, expect === "safe", label);
        }
      }
    });
  }
});

it("gives nothing a name that herd7 or the export uses otherwise", () => {
  const words = ["lock", "int", "r0", "smp_mb", "P1", "x_1"] as const;
  const states = [
    ...words.map((name) => ({name, scope: "global", type: "int", initial: 0}) as const),
    {name: "x", scope: "percpu", type: "int", initial: 0} as const,
  ];
  const stores = [...words, "x"].map(
    (state): PolicyStep => ({step: "store", state, value: {kind: "number", value: 1}}),
  );
  const odd = policy(
    "odd",
    {
      enter: stores,
      sync: [
        {step: "lock", lock: "unlock"},
        {step: "unlock", lock: "unlock"},
      ],
    },
    states,
  );
  const text = exportLitmus("odd", system([odd]), scope(2));
  checkHerdSyntax(text);
  for (const name of [
    "the_lock",
    "the_int",
    "the_r0",
    "the_smp_mb",
    "the_P1",
    "x_1",
    "x_1_2",
    "the_unlock",
  ]) {
    assert.match(text, new RegExp(`\\*${name}\\b`), name);
  }
});

it("refuses what has no litmus form", () => {
  const mmu = system([targeted()], {walkers: [{kind: "hardware"}]});
  assert.throws(() => exportLitmus("mmu", mmu, scope(2)), /hardware walkers have no litmus form/);
});
