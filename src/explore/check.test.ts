import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {CheckProperty, CheckScope} from "../plan/check-plan.ts";
import type {Policy, PolicyStep} from "../plan/policy.ts";
import {type CheckOptions, checkCase, replay} from "./check.ts";
import {targeted as acquiring} from "./lkmm/protocols.contract.ts";
import {necessityText} from "./necessity-text.ts";
import type {OperationalModel} from "./operational-model.ts";
import {
  broadcast,
  broadcastPolicy,
  clearWalking,
  policy,
  rcuPolicy,
  release,
  rmb,
  scope,
  setWalking,
  sync,
  system,
  targeted,
  targetedPolicy,
  unhook,
  waitAcks,
  waitGp,
  walking,
} from "./sample-systems.contract.ts";
import {traceText} from "./trace-text.ts";
import {type Verdict, verdictText} from "./verdict.ts";

const none = policy("none", {sync: []});
const posted = policy(
  "posted",
  {
    enter: [setWalking, {step: "mb"}],
    exit: [clearWalking],
    sync: [rmb, targeted, waitAcks],
  },
  [walking],
);

function verdict(
  checked: Policy,
  model: OperationalModel,
  more: {
    readonly changes?: Parameters<typeof system>[1];
    readonly scope?: Partial<CheckScope>;
    readonly cpus?: number;
    readonly property?: CheckProperty;
    readonly options?: CheckOptions;
  } = {},
): Verdict {
  return checkCase(
    {label: checked.name, system: system([checked], more.changes)},
    more.property ?? "safety",
    scope(more.cpus ?? 2, more.scope),
    model,
    {answers: false, ...more.options},
  );
}

describe("a verdict", () => {
  it("says what it is about", () => {
    assert.equal(
      verdictText(verdict(targetedPolicy, "tso", {cpus: 4})),
      "Never (TSO, 4 CPUs, unbounded walks, 1 write, 1 table, 1 mm, sync alone, store buffers of 2, which is exact, 52,109 states, complete)",
    );
  });

  it("is unknown, never safe, when the states run out, and keeps what is known", () => {
    const cut = verdict(targetedPolicy, "tso", {cpus: 4, options: {maxStates: 5000}});
    assert.equal(cut.outcome, "unknown");
    assert.match(verdictText(cut), /^Unknown \(.*stopped at 5,\d+ states\)$/);
    assert.ok(cut.states > 5000 && cut.depth > 5);
    const small = verdict(targetedPolicy, "tso", {cpus: 4, options: {maxBytes: 300_000}});
    assert.match(verdictText(small), /^Unknown \(.*out of memory at /);
  });

  it("stops at a signal", () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const cut = verdict(targetedPolicy, "tso", {
      cpus: 5,
      options: {
        signal: controller.signal,
        onProgress: (progress) => {
          seen.push(progress.states);
          controller.abort();
        },
      },
    });
    assert.equal(seen.length, 1);
    assert.match(verdictText(cut), /^Unknown \(.*interrupted at /);
  });

  it("is vacuous when the condition for an interrupt can never be true", () => {
    const never = policy("never", {sync: [targeted, waitAcks]}, [walking]);
    // Nobody sets the tracker, and walkers hold off nothing that could show it: the writer waits for a lock no walker has.
    const unread = verdict(never, "sc", {changes: {walkers: []}});
    assert.deepEqual(unread.vacuous, [
      "no walker ever reads a table",
      "the policy's condition for sending an interrupt is never true",
    ]);
    assert.match(verdictText(unread), /^Never, vacuous/);
  });

  it("is about walks without bound, or as many as the scope says", () => {
    const once = verdict(broadcastPolicy, "sc", {scope: {walks: 1}});
    assert.match(once.bound, /1 walk a walker/);
    assert.equal(once.outcome, "never");
    assert.ok(once.states !== 31);
  });

  it("covers several operations with a fresh table each", () => {
    assert.equal(verdict(targetedPolicy, "tso", {scope: {writes: 2}}).outcome, "never");
    assert.equal(verdict(posted, "tso", {scope: {writes: 2}}).outcome, "sometimes");
  });

  it("finds a table freed twice", () => {
    const twice = policy("twice", {
      op: [unhook, waitGp, release, {step: "defer", expedited: false, steps: [release]}],
    });
    assert.equal(verdict(twice, "tso").violated, "I10");
  });

  it("says in the user's words what cannot be explored", () => {
    assert.throws(() => verdict(none, "sc", {cpus: 12}), /machine flat has 8/);
    const counting = policy(
      "counting",
      {
        sync: [waitGp],
        enter: [
          {
            step: "store",
            state: "n",
            value: {
              kind: "binary",
              op: "+",
              left: {kind: "state", name: "n"},
              right: {kind: "number", value: 1},
            },
          },
        ],
      },
      [{name: "n", scope: "percpu", type: "int", initial: 0}],
    );
    assert.throws(() => verdict(counting, "sc"), /n\[1\] takes more than 16 values/);
  });
});

describe("a counterexample", () => {
  it("is shortest: 13 steps for the posted read barrier under TSO", () => {
    const [trace] = verdict(posted, "tso").counterexamples;
    assert.equal(trace?.steps.length, 13);
    assert.equal(trace?.steps.at(-1)?.violation, "I1");
    assert.equal(trace?.switches, 3);
  });

  it("prints in columns with what waits in the store buffer", () => {
    const [trace] = verdict(none, "sc").counterexamples;
    assert.equal(
      traceText(trace as never),
      [
        "1  CPU1  irq off",
        "2  CPU1  load entry[m] -> table",
        "3  CPU0  unhook entry[m] = none",
        "4  CPU0  free table",
        "5  CPU1  read table  <- I1",
      ].join("\n"),
    );
  });

  it("has intervals, arrows and a sentence on the store that waited", () => {
    const told = verdict(posted, "tso");
    const [trace] = told.counterexamples;
    const kinds = new Set(trace?.intervals.map((interval) => interval.kind));
    assert.deepEqual([...kinds].sort(), ["irq-off", "store-buffer"]);
    assert.ok(trace?.arrows.some((arrow) => arrow.kind === "bad" && arrow.to === 13));
    assert.match(
      told.explanation[0] ?? "",
      /^CPU 0 stores entry\[m\] = none at step 1, but the store waits in its store buffer until step \d+, while the load of walking\[1\] at step 3 goes ahead/,
    );
  });

  it("shows a handler between an interrupt and its acknowledgement", () => {
    const seen = {name: "seen", scope: "percpu", type: "bool", initial: 0} as const;
    const cpu = {kind: "local", name: "cpu"} as const;
    const handled = policy(
      "handled",
      {
        ipi: [{step: "store_release", state: "seen", value: {kind: "number", value: 1}}],
        sync: [
          {
            ...(broadcast as Extract<typeof broadcast, {step: "for"}>),
            steps: [
              {step: "ipi", cpu, wait: false},
              {step: "wait_until", how: "spin", test: {kind: "state", name: "seen", index: cpu}},
            ],
          },
        ],
      },
      [seen],
    );
    assert.equal(verdict(handled, "tso").outcome, "never");
    // With interrupts on the handler runs in the middle of the walk and says so.
    const told = verdict(handled, "tso", {changes: {walkers: [{protect: "rcu"}]}});
    const [trace] = told.counterexamples;
    const texts = (trace?.steps ?? []).map((step) => step.text);
    assert.ok(texts.includes("interrupt taken: its handler begins"));
    const back = texts.indexOf("the handler returns: acknowledged") + 1;
    assert.ok(
      back === 0 || trace?.arrows.some((arrow) => arrow.kind === "ipi" && arrow.to === back),
    );
  });

  it("runs again from its schedule, in full or not at all", () => {
    const [trace] = verdict(posted, "tso").counterexamples;
    const again = replay(system([posted]), scope(2), trace?.schedule ?? "");
    assert.deepEqual(again, trace);
    const broken = "quiesce-schedule 1 tso: u@0 w@1 commit@1.0";
    assert.throws(
      () => replay(system([posted]), scope(2), broken),
      /step 3 of the schedule is not possible/,
    );
  });

  it("comes in several different ones", () => {
    const {counterexamples} = verdict(posted, "tso", {options: {counterexamples: 3}});
    assert.equal(new Set(counterexamples.map((trace) => trace.schedule)).size, 3);
    for (const trace of counterexamples) assert.equal(trace.steps.at(-1)?.violation, "I1");
  });
});

describe("an unsharing writer", () => {
  it("is the last sharer, is not, or may be either, as its text says", () => {
    const of = (lastSharer: number): Verdict =>
      verdict(none, "sc", {changes: {writers: [{kind: "unshare", lastSharer}]}});
    assert.deepEqual(
      [of(1), of(0.5), of(0)].map(({outcome}) => outcome),
      ["sometimes", "sometimes", "never"],
    );
    // Who never is the last changes nothing, and that is said.
    assert.notDeepEqual(of(0).vacuous, []);
  });
});

describe("what a verdict leads to", () => {
  it("tells which steps of a safe policy are needed, and from which model on", () => {
    const {necessity} = verdict(acquiring(), "tso", {options: {answers: true}});
    const needed = Object.fromEntries(
      (necessity ?? []).map((row) => [`${row.actor} ${row.change}`, row.needed ?? "superfluous"]),
    );
    assert.equal(needed["walker delete `mb` (on enter)"], "tso");
    assert.equal(needed["writer delete `mb` (on sync)"], "tso");
    assert.equal(needed["writer do not wait: delete `wait acks` (on sync)"], "sc");
    assert.equal(needed["walker delete local_irq_disable/enable of walker w"], "sc");
    assert.equal(needed["walker relax `store_release walking = none` to store (on exit)"], "lkmm");
    assert.equal(needed["walker delete `store_release walking = none` (on exit)"], "superfluous");
    assert.match(necessityText(necessity ?? []), /delete `mb` \(on enter\) +safe +UNSAFE +UNSAFE/);
  });

  it("says nothing of a step under LKMM where the case is unsafe there without any change, but says that", () => {
    const told = verdict(targetedPolicy, "tso", {options: {answers: true}});
    assert.ok(told.necessity?.every((row) => row.outcomes.lkmm === undefined));
    assert.match(told.explanation.at(-1) ?? "", /^Under LKMM this very case is unsafe/);
  });

  it("says nothing of the steps of a fallback that never runs", () => {
    const spare = policy("spare", {sync: [{step: "wait_gp", expedited: false}]});
    const of = system([{...acquiring(), fallback: "spare"}, spare]);
    const rows = (allocFail: number): boolean | undefined => {
      const failing = {...of, writers: of.writers.map((writer) => ({...writer, allocFail}))};
      const told = checkCase({label: "x", system: failing}, "safety", scope(2), "sc");
      return told.necessity?.some(({change}) => change.includes("wait gp"));
    };
    assert.equal(rows(0), false);
    assert.equal(rows(0.1), true);
  });

  it("does not call a step superfluous without which a writer waits for ever", () => {
    const until: PolicyStep = {
      step: "wait_until",
      how: "spin",
      test: {
        kind: "binary",
        op: "!=",
        left: {kind: "state", name: "walking", index: {kind: "number", value: 1}, acquire: true},
        right: {kind: "builtin", name: "mm"},
      },
    };
    const {necessity} = verdict(acquiring({sync: [{step: "mb"}, until]}), "tso", {
      options: {answers: true},
    });
    const row = necessity?.find(({change}) => /^delete `store_release/.test(change));
    assert.deepEqual([row?.stalls, row?.superfluous], [true, false]);
    assert.match(necessityText(necessity ?? []), /without it an operation can wait for ever/);
  });

  it("is a table of which no line is wider than a terminal, whatever the steps are", () => {
    const {necessity = []} = verdict(acquiring(), "tso", {options: {answers: true}});
    assert.ok(
      necessity.some(({change}) => change.length > 80),
      "some step is long",
    );
    for (const width of [64, 96]) {
      const lines = necessityText(necessity, width).split("\n");
      for (const line of lines) assert.ok(line.length <= width, line);
      const words = lines.map((line) => line.replace(/ +(safe|UNSAFE)\b.*/, "").trim()).join(" ");
      for (const {actor, change} of necessity) assert.ok(words.includes(`${actor}: ${change}`));
    }
  });

  it("finds the barrier that repairs the posted version", () => {
    const told = verdict(posted, "tso", {options: {answers: true}});
    assert.deepEqual(told.comparison, {sc: "never", tso: "sometimes", pso: "sometimes"});
    assert.ok(told.repairs?.includes("writer: mb in on sync before `rmb`"));
    assert.ok(!told.repairs?.some((repair) => repair.startsWith("walker")));
  });

  it("offers no barrier where none helps", () => {
    const told = verdict(none, "tso", {options: {answers: true}});
    assert.deepEqual(told.repairs, []);
    assert.ok(told.explanation.includes("Unsafe under SC already: no barrier can repair it."));
  });

  it("says which flush stops a hardware walk, since no barrier does", () => {
    const graced = policy("graced", {op: [{step: "unhook"}, waitGp, {step: "release"}]});
    const told = verdict(graced, "tso", {
      changes: {walkers: [{kind: "hardware"}]},
      options: {answers: true},
    });
    assert.equal(told.violated, "I5");
    const repair =
      "Only an invalidation stops a hardware walk: `flush mm` after `unhook` in on op repairs it.";
    assert.equal(told.explanation.at(-1), repair);
  });

  it("says when only the flush before the sync makes it safe", () => {
    const told = verdict(none, "tso", {options: {answers: true}});
    assert.ok(told.explanation.some((text) => text.startsWith("It is safe on the whole path")));
  });
});

describe("deadlock and progress", () => {
  const off = {context: "irq_off"} as const;
  const two = {walkers: [], writers: [{...off}, {...off, name: "v", on: 1}]};

  it("names the circle of two senders with interrupts off", () => {
    const told = verdict(broadcastPolicy, "sc", {changes: two, property: "deadlock"});
    assert.equal(told.violated, "I7");
    assert.deepEqual(told.cycle, [
      "writer u on CPU 0 waits for its interrupt at CPU 1, where writer v keeps interrupts off",
      "writer v on CPU 1 waits for its interrupt at CPU 0, where writer u keeps interrupts off",
    ]);
    // Interrupts off, unhook, barrier, send on both; the unhook is not part of the bare protocol.
    assert.equal(told.counterexamples[0]?.steps.length, 8);
  });

  it("lets both finish with interrupts on, and warns of one sender with interrupts off", () => {
    const on = {walkers: [], writers: [{}, {name: "v", on: 1}]};
    assert.equal(
      verdict(broadcastPolicy, "tso", {changes: on, property: "deadlock"}).outcome,
      "never",
    );
    const one = verdict(broadcastPolicy, "tso", {changes: {writers: [off]}, property: "deadlock"});
    assert.equal(one.outcome, "never");
    assert.ok(one.findings.some((finding) => finding.invariant === "I9"));
  });

  it("has a grace period under a spinlock wait for itself", () => {
    const told = verdict(rcuPolicy, "sc", {
      changes: {writers: [{holds: "ptl"}]},
      property: "deadlock",
    });
    assert.equal(told.violated, "I7");
    assert.ok(told.findings.some((finding) => finding.invariant === "I8"));
  });

  it("has every sync return, and warns of polling", () => {
    const poll = policy(
      "poll",
      {
        enter: [setWalking, {step: "mb"}],
        exit: [clearWalking],
        sync: [
          {step: "mb"},
          {
            step: "for",
            cpu: "cpu",
            of: (broadcast as Extract<typeof broadcast, {step: "for"}>).of,
            steps: [
              {
                step: "wait_until",
                how: "spin",
                test: {
                  kind: "binary",
                  op: "!=",
                  left: {kind: "state", name: "walking", index: {kind: "local", name: "cpu"}},
                  right: {kind: "builtin", name: "mm"},
                },
              },
            ],
          },
        ],
      },
      [walking],
    );
    const told = verdict(poll, "tso", {property: "progress"});
    assert.equal(told.outcome, "never");
    assert.ok(told.findings.some((finding) => finding.text.includes("polls")));
    assert.equal(verdict(broadcastPolicy, "tso", {property: "progress"}).outcome, "never");
    // A walker that does not take back what it published leaves the writer polling for ever.
    const untidy = policy("untidy", {...poll.hooks, exit: []}, [walking]);
    const stuck = verdict(untidy, "sc", {property: "progress", scope: {walks: 1}});
    assert.equal(stuck.outcome, "sometimes");
    assert.ok(stuck.findings.some((finding) => finding.invariant === "I11"));
  });

  it("keeps the sync's order in view: releasing before it is unsafe", () => {
    const early = policy("early", {op: [sync, unhook, release], sync: [broadcast, waitAcks]});
    assert.equal(verdict(early, "sc").outcome, "sometimes");
  });
});

describe("locks", () => {
  it("belong to an mm each: one process's mmap_lock keeps nobody of another out", () => {
    const walkers = [{mm: "m", protect: "lock"}] as const;
    const writers = (mm: string) => [{mm, holds: "mmap_lock"}] as const;
    const mms = [
      {name: "m", shares: ["n"]},
      {name: "n", shares: ["m"]},
    ];
    const of = (mm: string) =>
      verdict(none, "sc", {changes: {walkers, writers: writers(mm), mms}}).counterexamples[0];
    assert.equal(of("m")?.steps.at(-1)?.violation, "I6");
    const found = of("n")?.steps ?? [];
    const held = found.filter(({kind}) => kind === "lock").map(({text}) => text);
    assert.deepEqual(held, ["lock mmap_lock[n]"]);
  });
});
