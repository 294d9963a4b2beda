// From a text through the language, the engine and the checker to tables, figures and a report: nothing made up on the way.
import assert from "node:assert/strict";
import {mkdirSync, writeFileSync} from "node:fs";
import {before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {check} from "../explore/check.ts";
import type {CheckResult} from "../explore/verdict.ts";
import type {RunResult} from "../farm/result.ts";
import {runPlan} from "../farm/run-plan.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand, planExperiment} from "../lang/plan-command.ts";
import {accountsTable} from "../table/accounts-table.ts";
import {billTable} from "../table/bill-table.ts";
import {outputTable} from "../table/output-table.ts";
import {runsTable} from "../table/runs-table.ts";
import {verdictsTable} from "../table/verdicts-table.ts";
import {counterexampleFigure} from "./counterexample-figure.ts";
import {figuresFor} from "./figure-for.ts";
import {invalidPaths} from "./plotly-schema.contract.ts";
import {plotlyWindow} from "./render.ts";
import {renderFigure} from "./render-figure.ts";
import {reportHtml} from "./report-html.ts";
import {plotlyFigure} from "./theme.ts";

const text = `
scenario host {
  machine: epyc_2x64
  param readers: Int in 1..120 = 16
  mm app { cpus: first(readers) }
  walker gup { mm: app, every: exp(20us), hold: lognormal(p50: 900ns, p99: 6us) }
  writer thp { mm: app, on: 20, every: exp(500us), kind: collapse, work: 30us }
  bystander rt { on: 60..63, period: 100us, work: 12us }
}
experiment which {
  scenario: host
  policy: [broadcast_ipi, targeted_ipi, rcu_expedited]
  duration: 10ms, warmup: 1ms, seed: 42, replications: 3
  sweep { readers: [1, 16] }
  measure {
    sync: p90(thp.sync)
    hurt: max(rt.disturbance)
  }
  plot sync vs readers by policy as line
  plot sync vs policy as bar
  plot sync by policy as convergence
  plot thp.sync by policy as ecdf
  plot thp.sync by policy as histogram
  plot gup.latency by policy as violin
  plot gup.latency by policy as box
  plot hurt vs sync by policy as scatter
  plot sync vs readers by policy as heatmap
  plot sync as tornado
  plot sync as bill
  plot sync as timeline
  table sync, hurt by policy, readers { sort: sync }
}
scenario tiny {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, every: any, hold: any, pages: 2 }
  writer u { mm: m, kind: unshare, every: any }
}
check safety of tiny for 2 cpus, 1 walks, 1 writes under tso { policy: [none, broadcast_ipi, targeted_v4] }
`;

describe("a real run", () => {
  let run: RunResult;
  let checked: CheckResult;
  before(async () => {
    const {environment, commands, source} = checkText({name: "real", text}, startingEnvironment());
    const {planned} = planExperiment(environment, "which");
    assert.ok(planned);
    run = await runPlan(planned.plan, {workers: 0});
    assert.equal(run.ended, "complete", run.failure);
    const {plan} = planCheckCommand(environment, commands[0] as never, source);
    assert.ok(plan);
    checked = check(plan);
  });

  it("fills its tables with numbers that agree with each other", () => {
    assert.equal(runsTable(run).numRows(), 6 * 3 * 2);
    const output = run.plan.outputs.find((one) => one.kind === "table");
    assert.ok(output?.kind === "table");
    const sync = [...(outputTable(output, run).table.array("sync_ns") as number[])];
    assert.equal(sync.length, 6);
    assert.deepEqual(
      sync,
      sync.toSorted((a, b) => a - b),
    );
  });

  it("accounts for the time of every CPU, and bills only the part that syncs cost", () => {
    const classes = accountsTable(run)
      .groupby("point", "replication", "cpu_class", "cpus")
      .rollup({time: "d => op.sum(d.time_ns)"})
      .derive({each: "d => d.time / d.cpus"});
    for (const each of classes.array("each") as number[]) {
      assert.ok(Math.abs(each - 10e6) < 1, `${each} ns a CPU in a run of 10 ms`);
    }
    const paid = billTable(run).groupby("policy").rollup({cpu: "d => op.sum(d.cpu)"});
    const of = Object.fromEntries(
      (paid.objects() as {policy: string; cpu: number}[]).map((row) => [row.policy, row.cpu]),
    );
    assert.ok(of.broadcast_ipi > of.targeted_ipi, JSON.stringify(of));
  });

  it("is drawn in every kind, validly, with and without a browser", async () => {
    const folder = fileURLToPath(new URL("../../../.test-output/", import.meta.url));
    mkdirSync(folder, {recursive: true});
    const schema = plotlyWindow().Plotly.PlotSchema.get();
    for (const output of run.plan.outputs) {
      if (output.kind !== "plot") continue;
      for (const figure of figuresFor(output, run)) {
        assert.equal(figure.kind, output.as);
        assert.deepEqual(invalidPaths(plotlyFigure(figure), schema), []);
        assert.doesNotMatch(figure.summary, /undefined|NaN/);
        const png = await renderFigure(figure, {format: "png", scale: 1});
        writeFileSync(`${folder}real-${output.as}.png`, png);
      }
    }
  });

  it("shows how an unsafe policy goes wrong", async () => {
    const verdicts = verdictsTable(checked).objects() as {policy: string; verdict: string}[];
    assert.deepEqual(
      verdicts.map((row) => [row.policy, row.verdict]),
      [
        ["none", "UNSAFE"],
        ["broadcast_ipi", "safe"],
        ["targeted_v4", "UNSAFE"],
      ],
    );
    const figure = counterexampleFigure(checked.verdicts[2], {provenance: "test"});
    assert.match(figure.title, /How does targeted_v4 go wrong under TSO\?/);
    const png = await renderFigure(figure, {format: "png", scale: 1});
    writeFileSync(
      fileURLToPath(new URL("../../../.test-output/real-counterexample.png", import.meta.url)),
      png,
    );
  });

  it("makes a report of itself", async () => {
    const html = await reportHtml(
      [
        {kind: "run", run},
        {kind: "check", result: checked},
      ],
      {interactive: false},
    );
    assert.equal(html.match(/<img /g)?.length, 12 + 2);
    assert.doesNotMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/);
    assert.ok(html.length < 4e6, `${html.length} bytes`);
  });
});
