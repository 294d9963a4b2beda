import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import fc from "fast-check";
import {canonicalJson, planHash} from "../plan/hash.ts";
import {systemAt} from "../plan/point.ts";
import {folderReader} from "../session/folder-reader.ts";
import {type Checked, checkText, type Environment, startingEnvironment} from "./check.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {lowerCommand, planCheckCommand, planExperiment, planRun} from "./plan-command.ts";
import {renderText} from "./render-text.ts";

const folder = fileURLToPath(new URL("../../../grammar/conformance/valid/", import.meta.url));

/** Checks texts one after the other as the cells of one notebook. */
function session(...texts: readonly string[]): {environment: Environment; checked: Checked[]} {
  let environment = startingEnvironment(folderReader(folder));
  const checked = texts.map((text, i) => {
    const result = checkText({name: `cell [${i + 1}]`, text}, environment);
    environment = result.environment;
    const last = result.commands.findLast((command) => command.kind === "run");
    const latest = last?.kind === "run" ? last.experiments.at(-1)?.names.at(-1)?.text : undefined;
    if (latest !== undefined) environment = {...environment, latest};
    return result;
  });
  return {environment, checked};
}

function errors(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.filter((one) => one.severity === "error").map((one) => renderText(one));
}

function codes(text: string, ...before: readonly string[]): string[] {
  return (session(...before, text).checked.at(-1)?.diagnostics ?? []).map((one) => one.code);
}

const names = [
  "hello",
  "lab-machine",
  "policy-variants",
  "paired-comparison",
  "sweeps",
  "safety-checks",
  "isolated-guest",
  "protocol-family",
];

describe("the example programs", () => {
  let environment: Environment;
  let checked: Checked[];

  before(() => {
    const texts = names.map((name) => readFileSync(`${folder}${name}.quiesce`, "utf8"));
    const cells = readFileSync(`${folder}notebook-cells.quiesce`, "utf8")
      .split(/^# -- cell.*$/m)
      .slice(1);
    ({environment, checked} = session(...texts, ...cells));
  });

  it("check without an error", () => {
    assert.deepEqual(
      checked.flatMap((one) => errors(one.diagnostics)),
      [],
    );
  });

  it("plan, and each point's system is plain data", () => {
    const sizes: Record<string, number> = {};
    for (const name of ["hello", "which", "frontier", "screen", "silence", "quick"]) {
      const {planned, diagnostics} = planExperiment(environment, name);
      assert.deepEqual(errors(diagnostics), []);
      assert.ok(planned);
      sizes[name] = planned.plan.points.length;
      for (const index of planned.plan.points.keys()) canonicalJson(systemAt(planned.plan, index));
    }
    assert.deepEqual(sizes, {hello: 1, which: 4, frontier: 588, screen: 256, silence: 3, quick: 2});
  });

  it("store their checks, one case for each policy", () => {
    const text = checked[5] as Checked;
    const labels = text.commands.map((command) => {
      assert.equal(command.kind, "check");
      const {plan, diagnostics} = planCheckCommand(environment, command as never, text.source);
      assert.deepEqual(errors(diagnostics), []);
      return plan?.cases.map((one) => `${one.label} ${one.expect ?? "?"}`);
    });
    assert.deepEqual(labels, [
      ["none unsafe", "broadcast_ipi safe", "tracked safe", "rcu_sync safe", "rcu_deferred unsafe"],
      ["tracked with tracked.fence: false unsafe"],
      ["tracked_v4 safe"],
      ["tracked_v4 unsafe"],
      ["broadcast_ipi ?"],
    ]);
  });
});

const base = `
scenario host {
  machine: epyc_2x64
  param readers: Int in 1..128 = 16
  param gap: Duration in 100ns..10ms = 10us
  mm app { cpus: first(readers) }
  walker gup { mm: app, every: exp(gap), hold: lognormal(p50: 1us, p99: 6us) }
  writer thp { mm: app, every: exp(1ms), kind: collapse }
}
`;

function plan(text: string, name = "e", set: {path: string; value: string}[] = []) {
  const {environment, checked} = session(base, text);
  assert.deepEqual(
    checked.flatMap((one) => errors(one.diagnostics)),
    [],
  );
  const {planned, diagnostics} = planExperiment(environment, name, {set});
  assert.deepEqual(errors(diagnostics), []);
  assert.ok(planned);
  return planned.plan;
}

describe("late binding", () => {
  it("an inherited expression sees the params of the experiment", () => {
    const made = plan(
      "experiment e { scenario: host, policy: broadcast_ipi, with { readers: 4 } }",
    );
    assert.deepEqual(made.base.mms[0]?.cpus, [[0, 3]]);
    assert.deepEqual(made.base.walkers[0]?.on, [[0, 3]]);
  });

  it("a path reaches into a distribution and keeps its other parameters", () => {
    const made = plan(
      "experiment e { scenario: host, policy: broadcast_ipi, with { gup.hold.p99: 20us } }",
    );
    const hold = made.base.walkers[0]?.hold;
    assert.ok(typeof hold === "object" && hold.kind === "lognormal");
    assert.ok(Math.abs(Math.exp(hold.mu) - 1000) < 1e-9);
    assert.ok(Math.abs(Math.exp(hold.mu + 2.3263478740408408 * hold.sigma) - 20_000) < 1e-6);
  });

  it("--set comes on top of `with`", () => {
    const text = "experiment e { scenario: host, policy: broadcast_ipi, with { readers: 4 } }";
    const made = plan(text, "e", [{path: "readers", value: "8"}]);
    assert.deepEqual(made.base.mms[0]?.cpus, [[0, 7]]);
  });

  it("cycles become time through the clock of the machine in effect", () => {
    const text =
      "experiment e { scenario: host, policy: broadcast_ipi, with { machine.costs.mb: 245cyc } }";
    assert.deepEqual(plan(text).base.machine.costs.mb, {kind: "constant", value: 100});
    assert.deepEqual(
      plan(text, "e", [{path: "machine.clock", value: "1GHz"}]).base.machine.costs.mb,
      {kind: "constant", value: 245},
    );
  });

  it("every field that is not said has its default, in every kind of entity", () => {
    const text = `experiment e {
      scenario: host, policy: broadcast_ipi
      load noise { on: 20, user: 40% }
      bystander rt { on: 21, rate: 1k/s }
    }`;
    const {loads, bystanders, writers} = plan(text).base;
    assert.deepEqual(loads, [
      {
        name: "noise",
        on: [[20, 20]],
        idle: 0,
        user: 0.4,
        syscalls: 5000,
        switches: 0,
        irqOff: {kind: "constant", value: 0},
        irqRate: 0,
      },
    ]);
    assert.equal(bystanders.length, 1);
    assert.equal(writers[0]?.workers, undefined);
  });

  it("says which CPU workers lack", () => {
    const few = codes(
      "experiment e { machine: flat_4, policy: broadcast_ipi, mm m { cpus: 0 }, writer w { mm: m, kind: free, rate: 1/s, on: 2, workers: 3 } }\nrun e",
    );
    assert.deepEqual(
      few.filter((code) => code.startsWith("E")),
      ["E504"],
    );
  });

  it("a policy sets fields of entities below what the experiment says", () => {
    const text = "experiment e { scenario: host, policy: [broadcast_ipi, batched_ipi] }";
    const made = plan(text);
    assert.deepEqual(
      made.points.map((_, i) => systemAt(made, i).writers[0]?.batch),
      [1, 32],
    );
    const said = plan(text, "e", [{path: "thp.batch", value: "2"}]);
    assert.deepEqual(
      said.points.map((_, i) => systemAt(said, i).writers[0]?.batch),
      [2, 2],
    );
  });
});

describe("the hash of a plan", () => {
  const one = plan(`
    experiment e {
      scenario: host, policy: [broadcast_ipi, rcu_sync]
      measure { a: mean(thp.sync), b: mean(gup.latency) }
    }`);

  it("does not see formatting, comments, or the order of declarations and fields", () => {
    const other = plan(`
      # another
      experiment e { measure { b: mean( gup.latency )  a: mean(thp.sync) }
        policy: [broadcast_ipi,rcu_sync];  scenario: host }`);
    assert.equal(planHash(other), planHash(one));
  });

  it("sees what changes a system", () => {
    const other = plan(
      "experiment e { scenario: host, policy: [broadcast_ipi, rcu_sync], duration: 2s, measure { a: mean(thp.sync), b: mean(gup.latency) } }",
    );
    assert.notEqual(planHash(other), planHash(one));
  });
});

it("the hash of a plan survives any order of declarations and fields", () => {
  const members = [
    "machine: lab",
    "param readers: Int in 1..64 = 8",
    "mm app { cpus: first(readers) }",
    "mm db { cpus: last(4) }",
    "walker gup { mm: app, every: exp(10us), hold: 1us }",
    "walker scan { hold: 2us, think: 5us, mm: db }",
    "writer thp { mm: app, every: exp(1ms), kind: collapse }",
  ];
  const fields = [
    "scenario: host",
    "policy: mine",
    "seed: 7",
    "measure { a: mean(thp.sync) }",
    "measure { b: p99(gup.latency) }",
    "expect a < 1ms",
    "expect b < 1ms",
  ];
  const text = (m: readonly string[], f: readonly string[], order: readonly number[]): string => {
    const items = [
      "machine lab { sockets: 2, cores: 8, clock: 2GHz }",
      `scenario host { ${m.join("\n")} }`,
      "policy mine { on sync { for cpu in online - self { ipi cpu }  wait acks } }",
      `experiment e { ${f.join("; ")} }`,
    ];
    return order.map((i) => items[i]).join("\n/* between */\n");
  };
  const hash = (source: string): string => {
    const checked = checkText({name: "cell", text: source}, startingEnvironment());
    const {planned} = planExperiment(checked.environment, "e");
    assert.ok(planned, source);
    return planHash(planned.plan);
  };
  const wanted = hash(text(members, fields, [0, 1, 2, 3]));
  const shuffled = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items], {minLength: items.length, maxLength: items.length});
  fc.assert(
    fc.property(shuffled(members), shuffled(fields), shuffled([0, 1, 2, 3]), (m, f, order) => {
      assert.equal(hash(text(m, f, order)), wanted);
    }),
    {numRuns: 25},
  );
});

describe("a notebook", () => {
  it("a failing cell defines nothing, and says so where its names are used", () => {
    const {checked} = session(
      "let a = 1us + 4KiB\nmachine lab { cores: 4 }",
      "machine m from lab { }",
    );
    assert.deepEqual(
      checked.map((one) => one.diagnostics.map((each) => each.code)),
      [["E303"], ["E208"]],
    );
  });

  it("a name may be redefined in another cell, not in one", () => {
    assert.deepEqual(codes("let a = 2us", "let a = 1us"), []);
    assert.deepEqual(codes("let a = 1us\nlet a = 2us"), ["E205"]);
  });

  it("a later cell changes what an earlier experiment means, and makes its result stale", () => {
    const {environment} = session(base, "experiment e { scenario: host, policy: broadcast_ipi }");
    const first = planExperiment(environment, "e").planned;
    assert.ok(first);
    const again = checkText({name: "cell [3]", text: base.replace("= 16", "= 8")}, environment);
    const table = checkText(
      {name: "cell [4]", text: "table mean(thp.sync) of e"},
      again.environment,
    );
    const command = table.commands[0];
    assert.ok(command?.kind === "table");
    const {output, diagnostics} = lowerCommand(
      {planned: first, ranIn: "cell [2]"},
      command,
      table.source,
      table.environment,
    );
    assert.equal(output?.kind, "table");
    assert.deepEqual(
      diagnostics.map((one) => `${one.code} ${one.message}: ${one.primary.text}`),
      ["W209 `host` changed since `e` ran: result is stale: cell [3] was re-run after cell [2]"],
    );
    assert.deepEqual(planExperiment(again.environment, "e").planned?.plan.base.mms[0]?.cpus, [
      [0, 7],
    ]);
  });

  it("a run may change what it runs", () => {
    const {environment, checked} = session(
      base,
      "experiment e { scenario: host, policy: broadcast_ipi }\nrun e with { duration: 5s }",
    );
    const run = checked[1]?.commands[0];
    assert.ok(run?.kind === "run" && checked[1] !== undefined);
    const {planned} = planRun(environment, run, checked[1].source);
    assert.equal(planned[0]?.plan.base.duration, 5e9);
  });
});
