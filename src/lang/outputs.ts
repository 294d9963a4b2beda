// `table`, `plot` and `export` to what the plan stores. A column is an axis, a measure, or (in a plot) the raw samples of a metric.

import {type FieldRow, fieldOf, plotKinds} from "../../grammar/schema.ts";
import type {Column, OptionValue, Output, PlotKind} from "../plan/plan.ts";
import {evaluate} from "./evaluate.ts";
import {fieldNames, unknownField} from "./field.ts";
import {type Fitted, fit} from "./fit.ts";
import {measureNamed, statOf, unitOfStat} from "./measures.ts";
import {replacement, tell, textOf} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import type {Study} from "./study.ts";
import {nearest} from "./suggest.ts";
import type {Export, Expr, Field, Path, Plot, Table} from "./syntax.ts";

export interface OutputContext {
  readonly study: Study;
  /** A measure scope in the source of the command. */
  readonly scope: Scope;
  /** The points of the plan, as indices into the axes' values. */
  readonly rows: readonly (readonly number[])[];
}

/** The output that a command asks for; undefined after a report. */
export function lowerOutput(
  command: Table | Plot | Export,
  context: OutputContext,
): Output | undefined {
  switch (command.kind) {
    case "export":
      return exportOutput(command, context);
    case "table":
      return tableOutput(command, context);
    case "plot":
      return plotOutput(command, context);
  }
}

function exportOutput(command: Export, {scope}: OutputContext): Output | undefined {
  const file = command.file.value;
  const ending = /\.([A-Za-z0-9]+)$/.exec(file)?.[1]?.toLowerCase();
  const known = ["csv", "json", "parquet", "arrow", "html", "litmus"];
  if (file.startsWith("/") || file.split("/").includes("..") || file === "") {
    tell(
      scope.context.report,
      "E210",
      "a file outside the output folder",
      placeIn(scope, command.file),
      "must be a relative path",
      {
        help: '`export "out/run.csv"`',
      },
    );
    return undefined;
  }
  if (ending === undefined || !known.includes(ending)) {
    tell(
      scope.context.report,
      "E206",
      `cannot export \`${ending ?? file}\``,
      placeIn(scope, command.file),
      `expected ${known.map((one) => `.${one}`).join(" | ")}`,
      {
        help: "the ending of the file says the format",
      },
    );
    return undefined;
  }
  return {kind: "export", file};
}

function tableOutput(command: Table, context: OutputContext): Output | undefined {
  const {scope, study} = context;
  const columns = command.columns.map((expr) => columnOf(expr, context, false));
  const by = command.by.map((path) => axisNamed(path, context));
  const options = optionsOf("table", command.options, context);
  if (
    columns.some((one) => one === undefined) ||
    by.some((one) => one === undefined) ||
    options === undefined
  )
    return undefined;
  let points: number[] | undefined;
  if (command.where !== undefined) {
    points = [];
    const plain: Scope = {...scope, find: studyFind(context)};
    const before = study.point;
    for (const [index, row] of context.rows.entries()) {
      study.point = row;
      const value = evaluate(command.where, plain);
      if (value.t === "bool") {
        if (value.value) points.push(index);
        continue;
      }
      study.point = before;
      if (value.t !== "error")
        tell(
          scope.context.report,
          "E301",
          "`where` wants a condition",
          placeIn(scope, command.where),
          "not a condition",
          {
            help: "`where readers <= 16`",
          },
        );
      return undefined;
    }
    study.point = before;
  }
  return {
    kind: "table",
    columns: columns as Column[],
    by: by as string[],
    ...(points === undefined ? {} : {points}),
    options,
  };
}

/** Names in `where` are values at the point, not statistics. */
function studyFind({study, scope}: OutputContext): NonNullable<Scope["find"]> {
  return (name, at) => {
    const axis = study.axes.findIndex((one) => one.path === name);
    if (axis >= 0) return study.axes[axis]?.values[study.point[axis] ?? 0];
    return scope.find?.(name, at);
  };
}

function plotOutput(command: Plot, context: OutputContext): Output | undefined {
  const {scope} = context;
  const y = command.y.map((expr) => columnOf(expr, context, true));
  const x = command.vs === undefined ? undefined : columnOf(command.vs, context, true);
  const by = command.by.map((path) => axisNamed(path, context));
  const facet = command.facet === undefined ? undefined : axisNamed(command.facet, context);
  const options = optionsOf("plot", command.options, context);
  const as = kindOf(command, scope);
  if (
    y.some((one) => one === undefined) ||
    (command.vs !== undefined && x === undefined) ||
    by.some((one) => one === undefined) ||
    (command.facet !== undefined && facet === undefined) ||
    options === undefined ||
    as === undefined
  )
    return undefined;
  return {
    kind: "plot",
    y: y as Column[],
    ...(x === undefined ? {} : {x}),
    by: by as string[],
    ...(facet === undefined ? {} : {facet}),
    as,
    options,
  };
}

function kindOf(command: Plot, scope: Scope): PlotKind | undefined {
  if (command.as === undefined) return "auto";
  const {text} = command.as;
  const kind = plotKinds.find((one) => one === text);
  if (kind !== undefined) return kind;
  const meant = nearest(text, plotKinds);
  tell(
    scope.context.report,
    "E206",
    `\`${text}\` is not a kind of plot`,
    placeIn(scope, command.as),
    `expected ${plotKinds.join(" | ")}`,
    {
      ...(meant === undefined
        ? {}
        : {
            help: `did you mean \`${meant}\`?`,
            fix: replacement(`write \`${meant}\``, command.as, meant),
          }),
    },
  );
  return undefined;
}

function columnOf(expr: Expr, {study, scope}: OutputContext, samples: boolean): Column | undefined {
  const text = textOf(scope.source, expr);
  if (study.axes.some((axis) => axis.path === text)) return {kind: "axis", path: text};
  if (samples && expr.kind === "member") {
    const value = evaluate(expr, scope);
    if (value.t === "error") return undefined;
    if (value.t === "metric")
      return {kind: "metric", entity: value.entity, metric: value.row.metric};
  }
  if (expr.kind === "name") {
    const stat = statOf(expr, scope, study);
    const unit = stat && unitOfStat(stat, placeIn(scope, expr), scope);
    return stat && unit && {kind: "measure", measure: {name: expr.name, expr: stat.expr, unit}};
  }
  const measure = measureNamed(text, expr, scope, study);
  return measure && {kind: "measure", measure};
}

function axisNamed(path: Path, {study, scope}: OutputContext): string | undefined {
  const text = path.names.map((name) => name.text).join(".");
  const paths = study.axes.map((axis) => axis.path);
  if (paths.includes(text)) return text;
  const meant = nearest(text, paths);
  tell(
    scope.context.report,
    "E507",
    "no such axis in the sweep",
    placeIn(scope, path),
    `\`${text}\` is not an axis`,
    {
      help:
        meant === undefined
          ? `axes: ${paths.join(" ") || "none"}`
          : `did you mean \`${meant}\`?  axes: ${paths.join(" ")}`,
      ...(meant === undefined
        ? {}
        : {fix: replacement(`write \`${meant}\``, path, meant, "maybe")}),
    },
  );
  return undefined;
}

function optionsOf(
  owner: "table" | "plot",
  fields: readonly Field[],
  context: OutputContext,
): Readonly<Record<string, OptionValue>> | undefined {
  const {scope} = context;
  const options: Record<string, OptionValue> = {};
  let whole = true;
  for (const field of fields.toSorted((a, b) =>
    textOf(scope.source, a.path) < textOf(scope.source, b.path) ? -1 : 1,
  )) {
    const name = field.path.names.map((one) => one.text).join(".");
    const row: FieldRow | undefined = fieldOf(owner, name);
    if (row === undefined) {
      unknownField(
        owner,
        name,
        placeIn(scope, field.path),
        fieldNames(owner),
        scope.context.report,
      );
      whole = false;
      continue;
    }
    // A word names a column or an axis: it is not looked up.
    const value = evaluate(field.value, {...scope, find: () => undefined}, row.type);
    const fitted = fit(value, row.type, placeIn(scope, field.value), scope, {field: name});
    const option = fitted && plain(fitted);
    if (option === undefined) whole = false;
    else options[name] = option;
  }
  return whole ? options : undefined;
}

function plain(fitted: Fitted): OptionValue | undefined {
  switch (fitted.t) {
    case "number":
    case "bool":
    case "text":
      return fitted.value;
    default:
      return undefined;
  }
}
