// What a run came to, in a few lines for a reader; the tables have the numbers.

import type {MeasureExpr} from "../plan/measure.ts";
import {pointText} from "../plan/point.ts";
import {momentsOf} from "../stats/moments.ts";
import {warmUpNotes, warmUpText} from "./chosen-warm-up.ts";
import {controlTexts} from "./control-text.ts";
import {type Drift, driftsOf} from "./drift.ts";
import {measuresIn} from "./evaluate.ts";
import {walkedNotes} from "./executor-text.ts";
import {shareText} from "./measure-text.ts";
import {overloadNotes} from "./overload.ts";
import {replicationsText} from "./replications-text.ts";
import type {Outcome, RunResult} from "./result.ts";

export interface RunSummary {
  /** Points with at least one replication, and all points. */
  readonly pointsRun: number;
  readonly points: number;
  readonly replications: number;
  /** Interactions dispatched and private phases advanced over, in all replications. */
  readonly events: number;
  readonly phases: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Safety violations by kind. */
  readonly violations: Readonly<Record<string, number>>;
  /** What was left to the tool, what it did and why, one sentence each. */
  readonly reasons: readonly string[];
  /** What a reader should know before trusting the numbers, one sentence each. */
  readonly notes: readonly string[];
}

/** Beyond this skewness a t interval of few replications covers less than it says. */
const skewed = 2;
const fewForSkewed = 40;

export function summaryOf(result: RunResult): RunSummary {
  const samples = result.points.flatMap((point) => point.replications);
  const outcomes = {pass: 0, fail: 0, inconclusive: 0};
  for (const {outcome} of result.expectations) outcomes[outcome]++;
  const violations: Record<string, number> = {};
  for (const one of samples) {
    for (const [kind, count] of Object.entries(one.violationCounts)) {
      if (count > 0) violations[kind] = (violations[kind] ?? 0) + count;
    }
  }
  return {
    pointsRun: result.points.filter((point) => point.replications.length > 0).length,
    points: result.points.length,
    replications: samples.length,
    events: samples.reduce((sum, one) => sum + one.events, 0),
    phases: samples.reduce((sum, one) => sum + one.phases, 0),
    outcomes,
    violations,
    reasons: reasonsOf(result),
    notes: [
      ...endNotes(result),
      ...walkedNotes(result),
      ...overloadNotes(result),
      ...(result.warmUp === undefined ? [] : warmUpNotes(result.plan, result.warmUp)),
      ...precisionNotes(result),
      ...skewNotes(result),
      ...emptyNotes(result),
      ...driftNotes(result),
    ],
  };
}

function reasonsOf(result: RunResult): string[] {
  const {plan, warmUp} = result;
  const replications = replicationsText(result);
  return [
    ...(warmUp === undefined ? [] : [warmUpText(plan, warmUp)]),
    ...(replications === undefined ? [] : [replications]),
    ...(plan.control === undefined ? [] : controlTexts(plan.control, result)),
  ];
}

function endNotes({plan, warmUp, ended, failure}: RunResult): string[] {
  const what =
    plan.warmup === "auto" && warmUp === undefined
      ? "the pilots were still choosing the warm-up, nothing was measured"
      : "the numbers are those of the replications finished before";
  switch (ended) {
    case "complete":
      return [];
    case "interrupted":
      return [`interrupted: ${what}`];
    case "budget":
      return [`the budget of wall time ran out: ${what}`];
    case "failed":
      return [failure ?? "a replication failed"];
  }
}

// One note a rule, with the worst of its points.
function precisionNotes({plan, points}: RunResult): string[] {
  return plan.until.flatMap(({text}, i) => {
    const missed = points.flatMap(({point, until}) => {
      const rule = until[i];
      return rule === undefined || rule.met ? [] : [{point, reached: rule.reached}];
    });
    if (missed.length === 0) return [];
    const worst = missed.reduce((a, b) => (b.reached > a.reached ? b : a));
    const reached = Number.isFinite(worst.reached) ? shareText(worst.reached) : "no interval";
    const where = at(pointText(plan, worst.point));
    return missed.length === 1
      ? [`target not met (${reached}): ${text}${where}`]
      : [
          `target not met at ${missed.length} of ${points.length} points (worst ${reached}${where}): ${text}`,
        ];
  });
}

// One note a measure, with the worst point: a sweep would else say the same a hundred times.
function skewNotes({plan, measures}: RunResult): string[] {
  const worst = new Map<string, {skewness: number; point: number; n: number}>();
  for (const {measure, point, perReplication} of measures) {
    const {n, skewness} = momentsOf(perReplication.filter((value) => !Number.isNaN(value)));
    const known = worst.get(measure)?.skewness ?? skewed;
    if (n < fewForSkewed && Math.abs(skewness) > known) {
      worst.set(measure, {skewness: Math.abs(skewness), point, n});
    }
  }
  return [...worst].map(
    ([measure, {skewness, point, n}]) =>
      `\`${measure}\` is skewed over replications (skewness ${skewness.toFixed(1)}, n=${n}` +
      `${at(pointText(plan, point))}): its interval may be too narrow; use more replications or a longer duration`,
  );
}

function emptyNotes({plan, points, measures}: RunResult): string[] {
  const missing = new Map<string, number>();
  for (const {measure, point, perReplication} of measures) {
    const run = points[point]?.replications.length ?? 0;
    if (run > 0 && perReplication.every(Number.isNaN)) {
      missing.set(measure, (missing.get(measure) ?? 0) + 1);
    }
  }
  const exprs = new Map<string, MeasureExpr>(measuresIn(plan).map((one) => [one.name, one.expr]));
  return [...missing].map(([measure, count]) => {
    const what =
      exprs.get(measure)?.op === "at"
        ? "the point it refers to was not run"
        : "nothing was recorded for it";
    return `\`${measure}\` has no data at ${count} of ${points.length} points: ${what}`;
  });
}

// One note a series, with the worst of its points.
function driftNotes({plan, points, warmUp}: RunResult): string[] {
  const worst = new Map<string, Drift>();
  for (const {point, replications} of points) {
    for (const drift of driftsOf(point, replications)) {
      const name = `${drift.entity}.${drift.metric}`;
      const known = worst.get(name);
      if (known === undefined || drift.drop > known.drop) worst.set(name, drift);
    }
  }
  return [...worst].map(
    ([name, {drop, of, ratio, point}]) =>
      `\`${name}\` still drifts after the warm-up: its first ${drop} of ${of} samples average ` +
      `${shareText(ratio)} of the rest${at(pointText(plan, point))}; use a longer ${warmUp === undefined ? "warmup" : "duration"}`,
  );
}

function at(where: string): string {
  return where === "" ? "" : ` at ${where}`;
}
