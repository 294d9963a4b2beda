import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {describe, it} from "node:test";
import fc from "fast-check";
import {checkText, startingEnvironment} from "../../lang/check.ts";
import {planCheckCommand} from "../../lang/plan-command.ts";
import type {Policy, PolicyExpr, PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import {checkCase} from "../check.ts";
import * as sample from "../sample-systems.contract.ts";
import {safetyWord, type Verdict} from "../verdict.ts";
import {unrolledOutcome} from "./answers-lkmm.ts";
import {checkLkmm} from "./check-lkmm.ts";
import {enumerate} from "./enumerate.ts";
import {policyProgram} from "./policy-program.ts";
import {
  acquired,
  clear,
  none,
  nowait,
  type Row,
  row,
  rows,
  targeted,
} from "./protocols.contract.ts";

const {broadcast, mb, policy, release, rmb, scope, system, unhook, waitAcks, waitGp} = sample;

function lkmm(of: Row, cpus = 2): Verdict {
  return checkLkmm({label: of.name, system: of.system}, scope(cpus, of.scope));
}

describe("policies under the Linux-kernel memory model", () => {
  it("get the verdicts that their litmus forms get", () => {
    const wrong = rows
      .map((one) => ({name: one.name, want: one.verdict, got: safetyWord(lkmm(one))}))
      .filter(({want, got}) => want !== got);
    assert.deepEqual(wrong, []);
  });

  it("get the same ones with a second walker", () => {
    const wrong = rows
      .map((one) => ({name: one.name, want: one.verdict, got: safetyWord(lkmm(one, 3))}))
      .filter(({want, got}) => want !== got);
    assert.deepEqual(wrong, []);
  });

  it("owe hardware walkers an invalidation, and software walkers something else", () => {
    const mmu = {walkers: [{kind: "hardware" as const}]};
    const flushed = (sync: readonly PolicyStep[]): Policy => policy("flushed", {sync});
    const free = policy("free", {op: [unhook, release]});
    const synced = policy("synced", {
      op: [unhook, {step: "sync"}, release],
      sync: [mb, broadcast, waitAcks],
    });
    const graced = policy("graced", {op: [unhook, {step: "sync"}, release], sync: [waitGp]});
    const early = policy("early", {
      op: [sample.flushMm, unhook, {step: "sync"}, release],
      sync: [mb, broadcast, waitAcks],
    });
    const late = policy("late", {
      op: [unhook, sample.flushMm, {step: "defer", expedited: false, steps: [release]}],
    });
    const cases: readonly (readonly [string, System, "safe" | "UNSAFE"])[] = [
      ["unlink; free", system([free], mmu), "UNSAFE"],
      ["unlink; sync IPI; free", system([synced], mmu), "UNSAFE"],
      ["unlink; TLB flush by IPI; free", system([flushed([])], mmu), "safe"],
      [
        "lazy CPU skipped",
        system([flushed([])], {...mmu, writers: [{kind: "collapse"}], mms: [{lazy: [[1, 7]]}]}),
        "UNSAFE",
      ],
      ["unlink; INVLPGB; free", system([flushed([])], {...mmu, machine: {tlb: "invlpgb"}}), "safe"],
      [
        "unlink; INVLPGB; sync IPI",
        system([flushed([mb, broadcast, waitAcks])], {...mmu, machine: {tlb: "invlpgb"}}),
        "safe",
      ],
      ["unlink; synchronize_rcu; free", system([graced], mmu), "UNSAFE"],
      ["TLBI; unlink; sync IPI; free", system([early], {...mmu, machine: {tlb: "tlbi"}}), "UNSAFE"],
      ["unlink; TLBI; call_rcu(free)", system([late], {...mmu, machine: {tlb: "tlbi"}}), "safe"],
    ];
    const wrong = cases
      .map(([name, of, want]) => ({name, want, got: safetyWord(lkmm(row(name, want, of)))}))
      .filter(({want, got}) => want !== got);
    assert.deepEqual(wrong, []);
  });
});

describe("a refutation", () => {
  const verdict = lkmm(row("rmb", "UNSAFE", system([targeted({sync: [rmb, acquired, waitAcks]})])));

  it("names the pair that nothing orders and what would", () => {
    assert.match(verdict.explanation[0], /`unhook entry\[m\] = none`.*before `load walking\[1\]`/);
    assert.match(verdict.explanation[0], /store to load, only a full barrier does/);
    assert.equal(verdict.violated, "I1");
  });

  it("is told in steps whose loads name the stores they read", () => {
    const [trace] = verdict.counterexamples;
    const bad = trace.steps.find((step) => step.violation !== undefined);
    assert.equal(bad?.text, "read table -> freed");
    const free = trace.steps.find((step) => step.number === bad?.memory?.from);
    assert.equal(free?.kind, "free");
    assert.ok((free?.number ?? 99) < (bad?.number ?? 0), "the free is told before its victim");
    assert.deepEqual(
      trace.intervals.map(({kind}) => kind),
      ["irq-off"],
    );
    assert.deepEqual(
      trace.arrows.map(({kind}) => kind),
      ["bad"],
    );
  });

  it("says so when it takes no reordering at all", () => {
    assert.match(lkmm(row("none", "UNSAFE", system([none]))).explanation[0], /plain interleaving/);
  });
});

describe("what a verdict leads to", () => {
  const safe = lkmm(row("tgt-ok", "safe", system([targeted()])));

  it("tells what each step of a safe policy is for", () => {
    const needed = new Map(safe.necessity?.map(({change, needed: from}) => [change, from]));
    const from = (part: RegExp): unknown => {
      const found = [...needed].filter(([change]) => part.test(change));
      assert.equal(found.length, 1, `${part}: ${[...needed.keys()].join("; ")}`);
      return found[0][1];
    };
    assert.equal(from(/mb.*on sync/), "tso");
    assert.equal(from(/mb.*on enter/), "tso");
    assert.equal(from(/local_irq/), "sc");
    assert.equal(from(/relax .*on exit/), "lkmm");
  });

  it("finds the barriers that repair an unsafe one", () => {
    const posted = lkmm(
      row("rmb", "UNSAFE", system([targeted({sync: [rmb, acquired, waitAcks]})])),
    );
    assert.deepEqual(posted.comparison, {sc: "never", tso: "sometimes", pso: "sometimes"});
    assert.ok(
      posted.repairs?.some((text) => /writer: mb in on (sync|op)/.test(text)),
      posted.repairs?.join("; "),
    );
    const plain = lkmm(
      row("clear", "UNSAFE", system([targeted({exit: [{step: "store", ...clear}]})])),
    );
    assert.ok(
      plain.repairs?.some((text) => /walker: .*release/.test(text)),
      plain.repairs?.join("; "),
    );
    const none1 = lkmm(row("none", "UNSAFE", system([none])));
    assert.deepEqual(none1.repairs, []);
  });
});

describe("the catalogue", () => {
  const folder = new URL("../../../../grammar/catalogue/", import.meta.url);

  // call_rcu() drains the caller's store buffer in the operational models; as a release it orders no later store under PSO.
  const drained = "recheck_upper pso";

  it("gets the same verdicts from the unrolled programs under SC, TSO and PSO", () => {
    let compared = 0;
    const wrong: string[] = [];
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".quiesce"))) {
      const source = {name, text: readFileSync(new URL(name, folder), "utf8")};
      const {environment, commands} = checkText(source, startingEnvironment());
      for (const command of commands) {
        const {plan} = planCheckCommand(environment, command as never, source);
        assert.ok(plan !== undefined);
        const {model, property} = plan;
        // NMIs and migrations multiply the runs of a thread beyond what a test may take; hotplug has no unrolled form.
        const {cpus, nmis, migrations, hotplugs = 0} = plan.scope;
        const events = nmis + migrations + hotplugs;
        if (property !== "safety" || model === "lkmm" || cpus > 2 || events > 0) continue;
        for (const {label, system: of, expect} of plan.cases) {
          const outcome = unrolledOutcome(policyProgram(of, plan.scope), plan.scope, model);
          const same = outcome === (expect === "safe" ? "never" : "sometimes");
          if (!same && `${label} ${model}` !== drained) wrong.push(`${label} ${model} ${outcome}`);
          compared++;
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(compared > 150, `${compared} compared`);
  });
});

describe("what is not decided", () => {
  it("is called unknown: too many events", () => {
    const verdict = lkmm(row("bcast", "safe", system([sample.broadcastPolicy])), 8);
    assert.equal(verdict.outcome, "unknown");
    assert.match(verdict.explanation[0], /at most 64 are supported/);
    assert.equal(verdict.complete, false);
  });

  it("is called unknown: migrations where idle CPUs run handlers, and not otherwise", () => {
    const inside = system([sample.broadcastPolicy]);
    assert.equal(safetyWord(lkmm(row("one", "safe", inside, {migrations: 1}), 3)), "safe");
    const twice = lkmm(row("two", "safe", inside, {migrations: 2}), 3);
    assert.equal(safetyWord(twice), "safe");
    const hooked = system([
      {...sample.broadcastPolicy, hooks: {...sample.broadcastPolicy.hooks, ipi: [mb]}},
    ]);
    const handled = lkmm(row("handled", "safe", hooked, {migrations: 1}), 3);
    assert.equal(safetyWord(handled), "unknown");
    assert.match(handled.explanation[0], /on ipi/);
  });

  it("is called unknown: CPUs that come and go, unless it goes wrong without them", () => {
    const inside = system([sample.broadcastPolicy]);
    const told = lkmm(row("plugged", "safe", inside, {hotplugs: 1}));
    assert.equal(safetyWord(told), "unknown");
    assert.match(told.explanation[0], /in which all CPUs stay online/);
    const none1 = lkmm(row("none", "UNSAFE", system([none]), {hotplugs: 1}));
    assert.equal(safetyWord(none1), "UNSAFE");
  });

  it("is called vacuous when nothing was exercised", () => {
    const idle = policy("idle", {op: [unhook]});
    const verdict = lkmm(row("idle", "safe", system([idle])));
    assert.deepEqual(verdict.vacuous, ["no table is ever given up"]);
  });
});

describe("a walker that migrates", () => {
  const one = (to: number): PolicyStep => ({
    step: "ipi",
    cpu: {kind: "number", value: to},
    wait: true,
  });
  const policies: readonly Policy[] = [
    none,
    targeted(),
    sample.broadcastPolicy,
    sample.rcuPolicy,
    policy("nowait", {sync: [mb, nowait]}),
    policy("home", {sync: [one(1), waitAcks]}),
    policy("away", {sync: [one(2), waitAcks]}),
    policy("both", {sync: [one(1), one(2), waitAcks]}),
    policy("early", {op: [{step: "sync"}, unhook, release], sync: [mb, broadcast, waitAcks]}),
  ];

  it("gets the explorer's verdicts under SC, TSO and PSO, one migration, hooks within the section or around it", () => {
    const wrong: string[] = [];
    for (const hooks of ["inside", "outside"] as const) {
      for (const made of policies) {
        const of = system([made], {walkers: [{on: [[1, 1]], hooks}]});
        const bounds = scope(3, {walks: 1, migrations: 1});
        for (const model of ["sc", "tso", "pso"] as const) {
          const {outcome} = checkCase({label: made.name, system: of}, "safety", bounds, model);
          const unrolled = unrolledOutcome(policyProgram(of, bounds), bounds, model);
          if (outcome !== unrolled)
            wrong.push(`${made.name} ${hooks} ${model}: ${outcome}, unrolled ${unrolled}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  // CPU 2 is always interrupted, CPU 1 unless a walker has announced itself at CPU 2: only who goes there, announces, and comes back is missed.
  const there: PolicyExpr = {
    kind: "state",
    name: "walking",
    index: {kind: "number", value: 2},
    acquire: true,
  };
  const back = targeted({
    sync: [
      mb,
      {
        step: "if",
        test: {kind: "binary", op: "!=", left: there, right: {kind: "builtin", name: "mm"}},
        then: [one(1)],
        else: [],
      },
      one(2),
      waitAcks,
    ],
  });

  it("is missed only on its way back, which takes two migrations", () => {
    const of = system([back], {walkers: [{on: [[1, 1]], hooks: "outside"}]});
    for (const [migrations, expected] of [
      [1, "safe"],
      [2, "UNSAFE"],
    ] as const)
      assert.equal(safetyWord(lkmm(row("back", "safe", of, {migrations}), 3)), expected);
  });

  it("gets the explorer's verdicts with several migrations, away and back", () => {
    const wrong: string[] = [];
    const outcomes = new Set<string>();
    for (const migrations of [2, 3]) {
      for (const made of [back, ...policies]) {
        const of = system([made], {walkers: [{on: [[1, 1]], hooks: "outside"}]});
        const bounds = scope(3, {walks: 1, migrations});
        for (const model of migrations === 2 ? (["sc", "tso", "pso"] as const) : ["tso" as const]) {
          const {outcome} = checkCase({label: made.name, system: of}, "safety", bounds, model);
          const unrolled = unrolledOutcome(policyProgram(of, bounds), bounds, model);
          outcomes.add(`${migrations} ${unrolled}`);
          if (outcome !== unrolled)
            wrong.push(`${made.name} ${migrations} ${model}: ${outcome}, unrolled ${unrolled}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual([...outcomes].sort(), ["2 never", "2 sometimes", "3 never", "3 sometimes"]);
  });

  it("takes turns with another at a CPU that neither began at", () => {
    const wrong: string[] = [];
    for (const made of [none, sample.broadcastPolicy, policy("away", {sync: [one(3), waitAcks]})]) {
      const of = system([made], {walkers: [{on: [[1, 2]]}]});
      const bounds = scope(4, {walks: 1, migrations: 2});
      const {outcome} = checkCase({label: made.name, system: of}, "safety", bounds, "tso");
      const unrolled = unrolledOutcome(policyProgram(of, bounds), bounds, "tso");
      if (outcome !== unrolled) wrong.push(`${made.name}: ${outcome}, unrolled ${unrolled}`);
    }
    assert.deepEqual(wrong, []);
  });
});

describe("the unrolled program and the explorer's automata", () => {
  const steps: readonly PolicyStep[] = [
    mb,
    rmb,
    {step: "wmb"},
    waitGp,
    acquired,
    sample.targeted,
    broadcast,
    nowait,
  ];
  const enters: readonly PolicyStep[] = [sample.setWalking, mb, rmb];
  const exits: readonly PolicyStep[] = [sample.clearWalking, {step: "store", ...clear}, mb];
  const subset = (from: readonly PolicyStep[], most: number): fc.Arbitrary<PolicyStep[]> =>
    fc.array(fc.constantFrom(...from), {maxLength: most});

  it("run the interrupt hook on idle CPUs as well", () => {
    const seen = {name: "seen", scope: "percpu", type: "bool", initial: 0} as const;
    const one = {kind: "number", value: 1} as const;
    const cpu = {kind: "number", value: 1} as const;
    const told = policy(
      "told",
      {
        ipi: [{step: "store", state: "seen", value: one}],
        sync: [
          {step: "ipi", cpu, wait: true},
          waitAcks,
          {step: "if", test: {kind: "state", name: "seen", index: cpu}, then: [waitGp], else: []},
        ],
      },
      [seen],
    );
    const of = system([told], {walkers: [{on: [[2, 2]]}]});
    assert.equal(safetyWord(lkmm(row("told", "safe", of), 3)), "safe");
  });

  it("agree on safety under SC, TSO and PSO for random policies", () => {
    const random = fc.record({
      enter: subset(enters, 2),
      exit: subset(exits, 2),
      sync: subset(steps, 3),
      acks: fc.boolean(),
      protect: fc.constantFrom("irq" as const, "rcu" as const, "none" as const),
      kind: fc.constantFrom("free" as const, "unshare" as const),
      model: fc.constantFrom("sc" as const, "tso" as const, "pso" as const),
    });
    fc.assert(
      fc.property(random, ({enter, exit, sync, acks, protect, kind, model}) => {
        const waits = sync.some((step) => step.step === "for") && acks ? [waitAcks] : [];
        const made = policy("random", {enter, exit, sync: [...sync, ...waits]}, [sample.walking]);
        const of = system([made], {walkers: [{protect}], writers: [{kind}]});
        const bounds = scope(2, {walks: 1});
        const {outcome} = checkCase({label: "random", system: of}, "safety", bounds, model);
        const program = policyProgram(of, bounds);
        const wanted = (results: readonly {violation?: string}[]): boolean =>
          results.some(({violation}) => violation !== undefined);
        let found = false;
        enumerate(program.program, {model, wanted}, () => {
          found = true;
          return false;
        });
        assert.equal(found ? "sometimes" : "never", outcome, `${model}`);
      }),
      {seed: 7, numRuns: 120},
    );
  });
});
