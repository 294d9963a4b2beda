// Measures of an experiment: small trees over statistics of recorded metrics. A name in a measure is another measure, a swept axis (its
// value at the point), or a value that is the same at every point.

import {dimensionName, sameDimension} from "../../grammar/units.ts";
import type {Measure, MeasureExpr, MeasureUnit} from "../plan/measure.ts";
import {type MetricOwner, type MetricRow, metricsOf} from "../plan/metrics.ts";
import {axisLabels} from "./axis-values.ts";
import type {Place} from "./diagnostic.ts";
import type {Module} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {asStat, same} from "./operate.ts";
import {replacement, tell} from "./report.ts";
import {type MeasureNames, placeIn, type Scope, type Selector} from "./scope.ts";
import type {Study} from "./study.ts";
import {studyScope} from "./study-scope.ts";
import {nearest} from "./suggest.ts";
import type {Expr, Field, Source} from "./syntax.ts";
import {errorValue, type StatValue, type Value} from "./value.ts";
import {wrongType} from "./wrong-type.ts";

/** A measure as written: the last definition of its name along the experiment's ancestors. */
export interface MeasureSource {
  readonly field: Field;
  readonly source: Source;
  readonly home: Module;
}

/** The scope of measures, expectations, tables and plots of a study. */
export function measureScope(
  study: Study,
  sources: ReadonlyMap<string, MeasureSource>,
  source: Source,
  home: Module,
): Scope {
  const plain = studyScope(study, source, home);
  const known = new Map<string, StatValue | "error" | "busy">();
  const measures: MeasureNames = {
    owner: (name) => ownerOf(study, name),
    measure: (name, at) => {
      const measure = sources.get(name);
      if (measure === undefined) return undefined;
      const found = known.get(name);
      if (found === "busy") {
        tell(
          study.context.report,
          "E207",
          `measure \`${name}\` is built from itself`,
          at,
          "needs its own value",
          {
            help: "break the circle: give one of them an expression of its own",
          },
        );
        return "error";
      }
      if (found !== undefined) return found;
      known.set(name, "busy");
      const scope = measureScopeOf(measure);
      const stat = statOf(measure.field.value, scope, study);
      known.set(name, stat ?? "error");
      return stat ?? "error";
    },
    select: (of, selectors, at) => selected(study, of, selectors, at),
    names: () => [...sources.keys()],
  };
  return measureScopeOf({source, home});

  function measureScopeOf(at: {readonly source: Source; readonly home: Module}): Scope {
    return {
      ...plain,
      source: at.source,
      home: at.home,
      find: (name, place) =>
        axisStat(study, name) ??
        measureFirst(measures, sources, name, place) ??
        plain.find?.(name, place),
      measures,
      axisType: (path) => study.axes.find((axis) => axis.path === path)?.type,
    };
  }
}

// A measure hides an entity of its name: `sync: p99(thp.sync)` is what `sync` means from then on; `sync.ipis` still is the metric.
function measureFirst(
  measures: MeasureNames,
  sources: ReadonlyMap<string, MeasureSource>,
  name: string,
  at: Place,
): Value | undefined {
  if (!sources.has(name)) return undefined;
  const found = measures.measure(name, at);
  return found === "error" ? errorValue : found;
}

function axisStat(study: Study, name: string): Value | undefined {
  const axis = study.axes.find((one) => one.path === name);
  const [first] = axis?.values ?? [];
  if (axis === undefined || first?.t !== "number") return undefined;
  return {t: "stat", expr: {op: "axis", path: name}, dim: first.dim, ratio: false};
}

function ownerOf(
  study: Study,
  name: string,
): {entity: string; rows: readonly MetricRow[]; title: string} | undefined {
  const entity = study.entities.get(name);
  const owner: MetricOwner | undefined =
    entity !== undefined && entity.kind !== "mm" && entity.kind !== "load"
      ? entity.kind
      : entity === undefined && (name === "sync" || name === "machine" || name === "safety")
        ? name
        : entity?.kind;
  if (owner === undefined) return undefined;
  return {entity: name, rows: metricsOf(owner), title: owner};
}

/** The statistic an expression denotes; undefined after a report. */
export function statOf(expr: Expr, scope: Scope, study: Study): StatValue | undefined {
  const frame = new Set<number>();
  study.frames.push(frame);
  const value = evaluate(expr, scope);
  study.frames.pop();
  if (value.t === "error") return undefined;
  const stat = asStat(value);
  const at = placeIn(scope, expr);
  if (stat === undefined) {
    wrongType(
      "a statistic",
      value,
      at,
      scope,
      value.t === "metric"
        ? `aggregate it first: \`mean(${value.entity}.${value.row.metric})\``
        : "e.g. `p99(thp.sync)`",
    );
    return undefined;
  }
  const [axis] = frame;
  if (axis !== undefined) {
    const path = study.axes[axis]?.path ?? "";
    tell(
      scope.context.report,
      "E511",
      "this value differs from point to point",
      at,
      `it depends on the axis \`${path}\``,
      {
        help: `use \`${path}\` itself, or a statistic`,
      },
    );
    return undefined;
  }
  return stat;
}

/** The unit a measure is shown in; undefined (after a report) where its dimension has none. */
export function unitOfStat(stat: StatValue, at: Place, scope: Scope): MeasureUnit | undefined {
  switch (dimensionName(stat.dim)) {
    case "Number":
      return stat.ratio ? "ratio" : "1";
    case "Duration":
      return "ns";
    case "Frequency":
      return "1/s";
    case "Bytes":
      return "bytes";
    default: {
      const found = dimensionName(stat.dim);
      tell(scope.context.report, "E303", `a measure of dimension ${found}`, at, found, {
        help: "a measure is a Duration, a Frequency, Bytes or a number: divide by a unit",
      });
      return undefined;
    }
  }
}

/** A measure by name for the plan; undefined after a report. */
export function measureNamed(
  name: string,
  expr: Expr,
  scope: Scope,
  study: Study,
): Measure | undefined {
  const stat = statOf(expr, scope, study);
  const unit = stat && unitOfStat(stat, placeIn(scope, expr), scope);
  return stat && unit && {name, expr: stat.expr, unit};
}

/** `walk[policy: broadcast_ipi]`: the same measure at another point. */
function selected(study: Study, of: StatValue, selectors: readonly Selector[], _at: Place): Value {
  const {report} = study.context;
  const select: Record<string, string> = {};
  for (const one of selectors) {
    const axis = study.axes.find((other) => other.path === one.axis);
    if (axis === undefined) {
      const paths = study.axes.map((other) => other.path);
      const meant = nearest(one.axis, paths);
      tell(
        report,
        "E507",
        "no such axis in the sweep",
        one.axisAt,
        `\`${one.axis}\` is not an axis`,
        {
          help:
            meant === undefined
              ? `axes: ${paths.join(" ") || "none"}`
              : `did you mean \`${meant}\`?  axes: ${paths.join(" ")}`,
          ...(meant === undefined
            ? {}
            : {fix: replacement(`write \`${meant}\``, one.axisAt.span, meant, "maybe")}),
        },
      );
      return errorValue;
    }
    const index = axisIndex(axis.values, one.value);
    const labels = axisLabels(axis.values);
    if (index < 0) {
      const wanted = one.value.t === "declared" ? one.value.declared.name : undefined;
      tell(
        report,
        "E507",
        "no such point in the sweep",
        one.at,
        `\`${one.axis}\` takes: ${labels.slice(0, 12).join(", ")}`,
        {
          help: `add ${wanted ?? "it"} to \`${one.axis}\`, or drop the selector`,
        },
      );
      return errorValue;
    }
    select[one.axis] = labels[index] as string;
  }
  const sorted = Object.fromEntries(Object.entries(select).sort(([a], [b]) => (a < b ? -1 : 1)));
  const expr: MeasureExpr = {op: "at", select: sorted, of: of.expr};
  return {...of, expr};
}

/** Index of a value on an axis; numbers agree to nine digits, so that a rounded label selects what it shows. */
export function axisIndex(values: readonly Value[], wanted: Value): number {
  const exact = values.findIndex((value) => same(value, wanted) === true);
  if (exact >= 0 || wanted.t !== "number") return exact;
  return values.findIndex(
    (value) =>
      value.t === "number" &&
      sameDimension(value.dim, wanted.dim) &&
      Math.abs(value.value - wanted.value) <= 1e-9 * Math.abs(wanted.value),
  );
}

/** What is measured when an experiment says nothing: how long syncs take, what walkers notice, how many interrupts are sent. */
export function defaultMeasures(study: Study): Measure[] {
  const found: Measure[] = [];
  const stat = (
    name: string,
    entity: string,
    metric: string,
    aggregator: "mean" | "quantile" | "rate",
    unit: MeasureUnit,
  ): void => {
    found.push({
      name,
      expr: {
        op: "stat",
        aggregator,
        entity,
        metric,
        ...(aggregator === "quantile" ? {q: 0.99} : {}),
      },
      unit,
    });
  };
  const named = [...study.entities.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entity of named) {
    const metric =
      entity.kind === "writer" ? "sync" : entity.kind === "walker" ? "latency" : undefined;
    if (metric === undefined) continue;
    stat(`mean(${entity.name}.${metric})`, entity.name, metric, "mean", "ns");
    stat(`p99(${entity.name}.${metric})`, entity.name, metric, "quantile", "ns");
  }
  stat("rate(sync.ipis)", "sync", "ipis", "rate", "1/s");
  return found;
}
