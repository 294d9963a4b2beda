import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {
  hurtMeasure,
  syncMeasure,
  syntheticRun,
  syntheticTimeline,
} from "../table/synthetic-run.contract.ts";
import {counterexampleFigure} from "./counterexample-figure.ts";
import {axis, measure, metric, plot, syntheticVerdict} from "./every-figure.contract.ts";
import {figuresFor} from "./figure-for.ts";
import {renderFigure} from "./render-figure.ts";

const run = syntheticRun({samples: 20});
const sync = measure(syncMeasure);

describe("plot chooses", () => {
  const cases: [string, Parameters<typeof plot>, string][] = [
    ["a line along an axis of numbers", [sync, "auto", {x: axis("readers")}], "line"],
    ["bars along an axis of names", [sync, "auto", {x: axis("policy")}], "bar"],
    [
      "a scatter of a measure against a measure",
      [sync, "auto", {x: measure(hurtMeasure)}],
      "scatter",
    ],
    ["an ECDF of raw samples", [metric("thp", "sync"), "auto"], "ecdf"],
    ["the numbers that vary when nothing is said", [sync, "auto"], "line"],
  ];
  for (const [name, output, kind] of cases) {
    it(name, () => {
      assert.equal(figuresFor(plot(...output), run)[0].kind, kind);
    });
  }

  it("bars of the one point there is", () => {
    const single = syntheticRun({policies: ["rcu_sync"], readers: [16], samples: 20});
    const [figure] = figuresFor(plot(sync, "auto"), single);
    assert.equal(figure.kind, "bar");
    assert.match(figure.alt, /which: /);
  });
});

it("tells policies apart even when `by` does not ask for it, and says what it averaged", () => {
  const [figure] = figuresFor(plot(sync, "line", {x: axis("readers")}), run);
  assert.equal(
    figure.traces.filter((trace) => trace.type === "scatter" && trace.mode === "lines+markers")
      .length,
    3,
  );
  const [averaged] = figuresFor(plot(sync, "bar", {x: axis("policy")}), run);
  assert.match(averaged.alt, /Averaged over readers\./);
});

it("joins several `by` axes into one series", () => {
  const [figure] = figuresFor(
    plot(metric("thp", "sync"), "ecdf", {by: ["policy", "readers"]}),
    run,
  );
  assert.equal(figure.traces.length, 9);
  assert.equal(figure.traces[0].name, "broadcast_ipi, 1");
});

it("draws each of several measures", () => {
  const output = {...plot(sync, "auto" as const), y: [sync, measure(hurtMeasure)]};
  assert.deepEqual(
    figuresFor(output, run).map((figure) => figure.title.split(" ")[2]),
    ["sync", "hurt"],
  );
});

it("takes title, size and scales from the options", () => {
  const options = {title: "Who waits?", width: 500, height: 300, x: "linear", y: "linear"};
  const [figure] = figuresFor(plot(sync, "line", {x: axis("readers"), options}), run);
  assert.equal(figure.title, "Who waits?");
  assert.deepEqual([figure.width, figure.height], [500, 300]);
  assert.equal(figure.layout.axes.xaxis.type, "linear");
  assert.equal(figure.layout.axes.yaxis.type, "linear");
});

it("draws the range of replications or nothing round a line, as asked", () => {
  const bands = (band: string): number =>
    figuresFor(plot(sync, "line", {x: axis("readers"), options: {band}}), run)[0].traces.filter(
      (trace) => trace.type === "scatter" && trace.fill === "toself",
    ).length;
  assert.deepEqual([bands("ci"), bands("range"), bands("none")], [3, 3, 0]);
});

it("shows 64 lines with a name at the end of each, none over another", () => {
  const many = syntheticRun({
    policies: Array.from({length: 64}, (_, i) => `policy_${i}`),
    readers: [1, 64],
    samples: 5,
  });
  const [figure] = figuresFor(plot(sync, "line", {x: axis("readers"), by: ["policy"]}), many);
  const heights = (figure.layout.annotations ?? [])
    .filter((annotation) => annotation.text.startsWith("policy_"))
    .map((annotation) => annotation.yshift as number)
    .sort((a, b) => a - b);
  assert.equal(heights.length, 64);
  for (let i = 1; i < 64; i++) assert.ok(heights[i] - heights[i - 1] > 11.9);
});

it("names the cheapest safe policy of each cell, and what is cheaper but unsafe", () => {
  const grid = syntheticRun({
    policies: ["broadcast_ipi", "targeted_ipi"],
    readers: [1, 64],
    gaps: [1e4, 1e6],
    samples: 10,
  });
  const unsafe = {
    ...grid,
    points: grid.points.map((point) => ({
      ...point,
      replications: point.replications.map((samples) =>
        grid.plan.points[point.point].at[0] === 1
          ? {...samples, violationCounts: {I1: 1}}
          : samples,
      ),
    })),
  };
  const output = plot(sync, "heatmap", {x: axis("readers"), by: ["gap"]});
  const [safe] = figuresFor(output, grid);
  assert.match(safe.alt, /cheapest safe policy is targeted_ipi in 4 of 4 cells\./);
  const [figure] = figuresFor(output, unsafe);
  assert.match(
    figure.alt,
    /cheapest safe policy is broadcast_ipi in 4 of 4 cells\. Hatched: in 4 cells/,
  );
  assert.equal(figure.layout.annotations?.filter((a) => a.text.includes("targeted_ipi")).length, 4);
});

it("says what is missing in the words of the plot", () => {
  const fails = (output: ReturnType<typeof plot>, what: RegExp, of = run): void => {
    assert.throws(
      () => figuresFor(output, of),
      (error: Error) => error instanceof RangeError && what.test(error.message),
    );
  };
  fails(plot(sync, "line", {x: axis("reader")}), /no axis `reader`; it has: policy, readers/);
  fails(plot(metric("thp", "sync"), "line"), /write p99\(thp\.sync\), or draw it as box/);
  fails(plot(metric("thp", "synch"), "ecdf"), /no samples of thp\.synch; it recorded: thp\.sync/);
  fails(plot(sync, "timeline"), /recorded no timeline/);
  const one = syntheticRun({readers: [1], policies: ["rcu_sync"], samples: 5});
  fails(plot(sync, "heatmap"), /needs two axes that vary/, one);
  fails(plot(sync, "line"), /Nothing varies/, one);
  const none = {...run, points: run.points.map((point) => ({...point, replications: []}))};
  fails(plot(sync, "auto"), /no finished replication/, none);
  assert.throws(
    () => counterexampleFigure({...syntheticVerdict, counterexamples: []}, {provenance: ""}),
    /has no counterexample 1/,
  );
});

it("paints a timeline of many intervals small enough to send, whole", async () => {
  const timed = syntheticRun({samples: 5, timeline: syntheticTimeline(128, 800)});
  const [figure] = figuresFor(plot(sync, "timeline"), timed);
  assert.equal(figure.layout.images?.length, 1);
  assert.match(figure.alt, /Drawn to 117ns/);
  const png = (await renderFigure(figure, {format: "png", scale: 1})) as Uint8Array;
  assert.ok(png.length > 100_000, `${png.length} bytes`);
  assert.ok(figure.traces.length < 10);
});

describe("on a logarithmic axis, samples of 0", () => {
  const half = {
    ...run,
    points: run.points.map((point) => ({
      ...point,
      replications: point.replications.map((samples) => ({
        ...samples,
        series: samples.series.map((series) => {
          const exact =
            series.exact?.map((value, i) => (i % 2 === 0 ? 0 : value)) ?? new Float64Array(0);
          return {...series, exact};
        }),
      })),
    })),
  };
  for (const kind of ["ecdf", "box", "violin", "histogram"] as const) {
    it(`are left out of the ${kind} and told of`, async () => {
      const output = plot(metric("thp", "sync"), kind, {by: ["policy"], options: {x: "log"}});
      const [figure] = figuresFor(output, half);
      assert.match(figure.alt, /50% of the samples are 0, which a logarithmic axis cannot show\./);
      assert.match(figure.summary, kind === "histogram" ? /median/ : /median (0ns|[0-9])/);
      for (const trace of figure.traces) {
        const horizontal =
          kind === "box" && trace.type === "box"
            ? [...trace.q1, ...trace.lowerfence]
            : [...(trace.x ?? [])];
        if (kind !== "ecdf")
          assert.ok(
            horizontal.every((value) => value === null || Number(value) > 0),
            `${horizontal}`,
          );
        assert.ok(
          [...(trace.y ?? [])].every((value) => value === null || Number.isFinite(Number(value))),
        );
      }
      assert.ok(
        ((await renderFigure(figure, {format: "png", scale: 1})) as Uint8Array).length > 5000,
      );
    });
  }
});
