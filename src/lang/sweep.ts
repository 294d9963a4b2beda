// Sweep blocks to points. A block is a set of axes and rows of value indices; blocks inside a block are crossed with it (in `zip`:
// zipped). The axes of the whole experiment are those of its list-valued `policy` or `machine`, then those of its sweeps; `where`
// removes points at the end, when every axis has a value.

import {type FieldType, fieldOf, type OwnerKind} from "../../grammar/schema.ts";
import {quantityText} from "../../grammar/units.ts";
import {axisItems, between, logarithmic} from "./axis-values.ts";
import {route, type Target} from "./compose.ts";
import type {Place} from "./diagnostic.ts";
import type {Module} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {assignmentValue, fieldLength} from "./field.ts";
import {paramType} from "./param.ts";
import {tell, textOf} from "./report.ts";
import {policyIn} from "./resolve-policy.ts";
import {latinHypercube, pairwiseRows, uniformRows} from "./sampling.ts";
import {placeIn, type Scope} from "./scope.ts";
import {assigned, type Study} from "./study.ts";
import {studyScope} from "./study-scope.ts";
import type {Expr, Field, Name, Source, Sweep} from "./syntax.ts";
import type {Value} from "./value.ts";

interface SweepAxis {
  readonly path: string;
  readonly names: readonly Name[];
  readonly target: Target;
  readonly type: FieldType | undefined;
  readonly values: readonly Value[];
  readonly places: readonly Place[];
  readonly expr: Expr;
  readonly scope: Scope;
}

interface Block {
  readonly axes: readonly SweepAxis[];
  /** Index of the value of each axis. */
  readonly rows: readonly (readonly number[])[];
}

/** What a sweep expands to, before any system is resolved. */
export interface Expansion {
  readonly rows: readonly (readonly number[])[];
}

/** More points than this are refused; a sweep of that size is a mistake. */
const mostPoints = 200_000;

/** Axes that stand as a list in a field: `policy: [a, b]`. */
const listFields = ["policy", "machine"] as const;

export interface SweepSource {
  readonly sweeps: readonly Sweep[];
  readonly source: Source;
  readonly home: Module;
}

/** Puts the axes into the study and returns the rows of points that `where` keeps; undefined after a report. */
export function expandSweeps(
  study: Study,
  sweeps: SweepSource,
  seed: number,
): Expansion | undefined {
  const scope = studyScope(study, sweeps.source, sweeps.home);
  const own = sweeps.sweeps.map((sweep) => blockOf(study, sweep, scope, seed));
  if (own.some((block) => block === undefined)) return undefined;
  const swept = new Set((own as Block[]).flatMap((block) => block.axes.map((axis) => axis.path)));
  const twice = repeatedAxis(own as Block[]);
  if (twice !== undefined) {
    tell(
      study.context.report,
      "E205",
      `\`${twice.path}\` is swept twice`,
      placeIn(twice.scope, twice.names[0] ?? twice.expr),
      "an axis already",
      {
        help: "put all its values into one axis",
      },
    );
    return undefined;
  }
  const lists: Block[] = [];
  for (const name of listFields) {
    if (swept.has(name)) continue;
    const block = listAxis(study, name);
    if (block === "error") return undefined;
    if (block !== undefined) lists.push(block);
  }
  const blocks = [...lists, ...(own as Block[])];
  const size = blocks.reduce((product, block) => product * block.rows.length, 1);
  if (size > mostPoints) {
    const first = sweeps.sweeps[0];
    tell(
      study.context.report,
      "E510",
      `${size} points are too many`,
      placeIn(scope, {start: first?.start ?? 0, end: (first?.start ?? 0) + "sweep".length}),
      `at most ${mostPoints}`,
      {
        help: "`sweep lhs 64` covers the same ranges with 64 points",
      },
    );
    return undefined;
  }
  const whole = crossed(blocks);
  for (const axis of whole.axes) install(study, axis);
  // What was evaluated to find the types of the axes has been evaluated without them.
  study.memo.clear();
  const where = sweeps.sweeps.flatMap(conditionsOf);
  return filtered(study, whole, where, scope);
}

function conditionsOf(sweep: Sweep): Expr[] {
  return [...sweep.where, ...sweep.inner.flatMap(conditionsOf)];
}

function repeatedAxis(blocks: readonly Block[]): SweepAxis | undefined {
  const seen = new Set<string>();
  for (const block of blocks)
    for (const axis of block.axes) {
      if (seen.has(axis.path)) return axis;
      seen.add(axis.path);
    }
  return undefined;
}

// `policy` is an axis even with one value: tables are split by it and selectors name it.
function listAxis(study: Study, name: (typeof listFields)[number]): Block | "error" | undefined {
  const {base} = assigned(study.settings, [name]);
  if (base === undefined) return undefined;
  const row = fieldOf("experiment", name);
  const type = row?.type;
  const value = assignmentValue(base, type, study);
  if (value.t === "error") return "error";
  if (value.t !== "list" && name !== "policy") return undefined;
  const at = placeIn(base.scope, base.expr);
  const items = axisItems(value, type, at, base.scope);
  if (items === undefined) return "error";
  const target: Target = {to: "setting", row: name, list: study.settings, path: base.path};
  const axis: SweepAxis = {
    path: name,
    names: base.path,
    target,
    type,
    ...items,
    expr: base.expr,
    scope: base.scope,
  };
  return {axes: [axis], rows: items.values.map((_, i) => [i])};
}

function blockOf(study: Study, sweep: Sweep, scope: Scope, seed: number): Block | undefined {
  const mode = sweep.mode ?? "grid";
  if (mode === "random" || mode === "lhs") return sampled(study, sweep, scope, seed);
  const axes = sweep.axes.map((field) => axisOf(study, field, scope));
  const inner = sweep.inner.map((one) => blockOf(study, one, scope, seed));
  if (axes.some((axis) => axis === undefined) || inner.some((block) => block === undefined))
    return undefined;
  const singles = (axes as SweepAxis[]).map(
    (axis): Block => ({axes: [axis], rows: axis.values.map((_, i) => [i])}),
  );
  const parts = [...singles, ...(inner as Block[])];
  if (parts.length === 0) return {axes: [], rows: [[]]};
  switch (mode) {
    case "zip":
      return zipped(parts, sweep, scope);
    case "each": {
      const rows: number[][] = [parts.flatMap((part) => [...(part.rows[0] ?? [])])];
      for (const [i, part] of parts.entries())
        for (const row of part.rows.slice(1))
          rows.push(parts.flatMap((other, j) => (i === j ? [...row] : [...(other.rows[0] ?? [])])));
      return {axes: parts.flatMap((part) => part.axes), rows};
    }
    case "pairwise": {
      const rows = pairwiseRows(parts.map((part) => part.rows.length));
      return {
        axes: parts.flatMap((part) => part.axes),
        rows: rows.map((row) => row.flatMap((at, i) => [...(parts[i]?.rows[at] ?? [])])),
      };
    }
    default:
      return crossed(parts);
  }
}

function crossed(parts: readonly Block[]): Block {
  let rows: (readonly number[])[] = [[]];
  for (const part of parts)
    rows = rows.flatMap((row) => part.rows.map((more) => [...row, ...more]));
  return {axes: parts.flatMap((part) => part.axes), rows};
}

function zipped(parts: readonly Block[], sweep: Sweep, scope: Scope): Block | undefined {
  const [first] = parts as [Block, ...Block[]];
  const wrong = parts.find((part) => part.rows.length !== first.rows.length);
  if (wrong !== undefined) {
    const axis = wrong.axes[0];
    const place = axis === undefined ? placeIn(scope, sweep) : fieldSpan(axis);
    const size = parts.reduce((product, part) => product * part.rows.length, 1);
    tell(
      scope.context.report,
      "E502",
      "zip axes differ in length",
      place,
      `${wrong.rows.length} values; \`${first.axes[0]?.path ?? ""}\` has ${first.rows.length}`,
      {
        help: `${wrong.rows.length < first.rows.length ? "add a value" : "remove a value"}, or use \`sweep grid\` for all ${size} combinations`,
      },
    );
    return undefined;
  }
  return {
    axes: parts.flatMap((part) => part.axes),
    rows: first.rows.map((_, i) => parts.flatMap((part) => [...(part.rows[i] ?? [])])),
  };
}

function fieldSpan(axis: SweepAxis): Place {
  const start = axis.names[0]?.start ?? axis.expr.start;
  return placeIn(axis.scope, {start, end: axis.expr.end});
}

function sampled(study: Study, sweep: Sweep, scope: Scope, seed: number): Block | undefined {
  const count = sweep.count?.value ?? 0;
  const {report} = scope.context;
  if (!Number.isInteger(count) || count < 1 || count > mostPoints) {
    tell(
      report,
      "E501",
      `\`${sweep.mode} ${count}\` is no number of points`,
      placeIn(scope, sweep.count ?? sweep),
      "1 or more",
      {
        help: `\`sweep ${sweep.mode} 64\``,
      },
    );
    return undefined;
  }
  const design = (sweep.mode === "lhs" ? latinHypercube : uniformRows)(
    sweep.axes.length,
    count,
    seed,
  );
  const axes: SweepAxis[] = [];
  const columns: number[][] = [];
  for (const [i, field] of sweep.axes.entries()) {
    const found = targetOf(study, field, scope);
    if (found === undefined) return undefined;
    const given = commandValue(study, field, found, scope);
    if (given !== undefined) {
      axes.push(given);
      columns.push(design.map((row) => Math.floor((row[i] as number) * given.values.length)));
      continue;
    }
    const value = evaluate(field.value, scope, listOf(found.type));
    if (value.t === "error") return undefined;
    const at = placeIn(scope, field.value);
    const column = design.map((row) => row[i] as number);
    if (value.t === "range" && value.spacing?.kind !== "step" && found.type?.kind !== "cpus") {
      if (value.spacing?.kind === "log" && !logarithmic(value, scope)) return undefined;
      if (value.spacing?.count !== undefined)
        tell(
          report,
          "E501",
          `\`${sweep.mode}\` decides how many values`,
          value.spacing.at,
          "no count here",
          {
            help: `leave the count out: \`${value.spacing.kind}\``,
          },
        );
      const whole = found.type?.kind === "quantity" && found.type.of === "Int";
      const numbers = column.map((u) => {
        const raw = between(value, u);
        return whole
          ? Math.min(
              value.hi.value,
              Math.max(
                value.lo.value,
                Math.floor(
                  value.lo.value +
                    (raw - value.lo.value) * wholeStretch(value.lo.value, value.hi.value),
                ),
              ),
            )
          : raw;
      });
      const distinct = [...new Set(numbers)].sort((a, b) => a - b);
      axes.push({
        ...axisBase(field, found, scope),
        values: distinct.map((number) => ({t: "number", value: number, dim: value.lo.dim})),
        places: distinct.map(() => at),
      });
      columns.push(numbers.map((number) => distinct.indexOf(number)));
      continue;
    }
    const items = axisItems(value, found.type, at, scope);
    if (items === undefined) return undefined;
    axes.push({...axisBase(field, found, scope), ...items});
    columns.push(column.map((u) => Math.floor(u * items.values.length)));
  }
  const rows = design.map((_, i) => columns.map((column) => column[i] as number));
  const inner = sweep.inner.map((one) => blockOf(study, one, scope, seed));
  if (inner.some((block) => block === undefined)) return undefined;
  return crossed([{axes, rows}, ...(inner as Block[])]);
}

/** Stretches [lo, hi) so that flooring hits every whole number up to `hi` alike. */
function wholeStretch(lo: number, hi: number): number {
  return hi > lo ? (hi - lo + 1) / (hi - lo) : 1;
}

function axisOf(study: Study, field: Field, scope: Scope): SweepAxis | undefined {
  const found = targetOf(study, field, scope);
  if (found === undefined) {
    return undefined;
  }
  const given = commandValue(study, field, found, scope);
  if (given !== undefined) return given;
  const value = evaluate(field.value, scope, listOf(found.type));
  const items = axisItems(value, found.type, placeIn(scope, field.value), scope);
  return items && {...axisBase(field, found, scope), ...items};
}

/** The axis reduced to what the command says, if it says anything of that path. */
function commandValue(
  study: Study,
  field: Field,
  found: Found,
  scope: Scope,
): SweepAxis | undefined {
  const {target} = found;
  const {base} = assigned(
    target.list,
    target.path.map((name) => name.text),
  );
  if (base === undefined || base.level < study.commandLevel) return undefined;
  const value = evaluate(base.expr, base.scope, listOf(found.type));
  const items = axisItems(value, found.type, placeIn(base.scope, base.expr), base.scope);
  return items && {...axisBase(field, found, scope), ...items, expr: base.expr, scope: base.scope};
}

function listOf(type: FieldType | undefined): FieldType | undefined {
  return type === undefined || type.kind === "cpus" ? type : {kind: "list", of: type};
}

interface Found {
  readonly target: Target;
  readonly type: FieldType | undefined;
}

function axisBase(field: Field, found: Found, scope: Scope): Omit<SweepAxis, "values" | "places"> {
  return {
    path: field.path.names.map((name) => name.text).join("."),
    names: field.path.names,
    ...found,
    expr: field.value,
    scope,
  };
}

function targetOf(study: Study, field: Field, scope: Scope): Found | undefined {
  const target = route(study, field.path.names, "with", scope);
  if (target === undefined) return undefined;
  const fixed = fixedRow(target);
  if (fixed !== undefined) {
    tell(
      study.context.report,
      "E202",
      `\`${fixed}\` cannot be swept`,
      placeIn(scope, field.path),
      "fixed for a whole experiment",
      {
        help: "write another experiment: `experiment e2 from e { ... }`",
      },
    );
    return undefined;
  }
  return {target, type: typeOf(study, target, scope)};
}

function fixedRow(target: Target): string | undefined {
  if (target.to === "setting" && target.path.length === 1)
    return fieldOf("experiment", target.row)?.sweepable === false ? target.row : undefined;
  if (target.to !== "entity") return undefined;
  const name = target.path[0]?.text ?? "";
  return fieldOf(target.entity.kind, name)?.sweepable === false ? name : undefined;
}

/** The type of what a path leads to; undefined where only a value can tell (a parameter of a distribution). */
export function typeOf(study: Study, target: Target, scope: Scope): FieldType | undefined {
  switch (target.to) {
    case "param":
      return target.path.length === 0 ? paramType(target.param, scope) : undefined;
    case "entity": {
      const length = fieldLength(target.entity.kind, target.path);
      return length === target.path.length ? rowType(target.entity.kind, target.path) : undefined;
    }
    case "setting": {
      if (target.path.length === 1)
        return (fieldOf("experiment", target.row) ?? fieldOf("scenario", target.row))?.type;
      const rest = target.path.slice(1);
      if (target.row === "machine") {
        if (rest[0]?.text === "costs" && rest.length > 1) return rowType("costs", rest.slice(1));
        return fieldLength("machine", rest) === rest.length ? rowType("machine", rest) : undefined;
      }
      return undefined;
    }
    case "policy": {
      const policy = policyIn(study, target.policy, false);
      const param = policy.params.get(target.path[0]?.text ?? "");
      return param === undefined || target.path.length > 1
        ? undefined
        : paramType(param, policy.scope(param.source, param.home));
    }
  }
}

function rowType(owner: OwnerKind, path: readonly Name[]): FieldType | undefined {
  return fieldOf(owner, path.map((name) => name.text).join("."))?.type;
}

/** Makes an axis supply the value of what its path leads to. */
function install(study: Study, axis: SweepAxis): void {
  const index = study.axes.length;
  study.axes.push({path: axis.path, type: axis.type, values: axis.values, places: axis.places});
  axis.target.list.push({
    path: axis.target.path,
    expr: axis.expr,
    scope: axis.scope,
    level: 1e5,
    origin: "axis",
    axis: index,
    axisAt: () => axis.places[study.point[index] ?? 0] ?? placeIn(axis.scope, axis.expr),
  });
}

function filtered(
  study: Study,
  whole: Block,
  where: readonly Expr[],
  scope: Scope,
): Expansion | undefined {
  const seen = new Set<string>();
  const rows: (readonly number[])[] = [];
  const rejected = new Map<Expr, number>();
  const largest = new Map<Expr, {text: string; value: number}>();
  let all = 0;
  for (const row of whole.rows) {
    const key = row.join();
    if (seen.has(key)) continue;
    seen.add(key);
    all++;
    study.point = row;
    let kept = true;
    for (const condition of where) {
      const value = evaluate(condition, scope);
      if (value.t === "error") return undefined;
      if (value.t !== "bool") {
        tell(
          scope.context.report,
          "E301",
          "`where` wants a condition",
          placeIn(scope, condition),
          "not a condition",
          {help: "`where readers <= 16`"},
        );
        return undefined;
      }
      if (value.value) continue;
      kept = false;
      rejected.set(condition, (rejected.get(condition) ?? 0) + 1);
      noteLeft(condition, scope, largest);
    }
    if (kept) rows.push(row);
  }
  if (rows.length > 0) {
    study.point = rows[0] as readonly number[];
    return {rows};
  }
  const culprit = where.find((condition) => rejected.get(condition) === all) ?? where[0];
  if (culprit !== undefined) {
    const left = largest.get(culprit);
    const start = scope.source.text.lastIndexOf("where", culprit.start);
    tell(
      scope.context.report,
      "E503",
      "every point is excluded",
      placeIn(scope, {start: start < 0 ? culprit.start : start, end: culprit.end}),
      `false for ${rejected.get(culprit) === all ? `all ${all}` : `${rejected.get(culprit) ?? 0} of ${all}`} points`,
      left === undefined ? {} : {help: left.text},
    );
  }
  return undefined;
}

// Of the left sides the one that came nearest to passing: the smallest where the condition wants less, else the largest.
function noteLeft(
  condition: Expr,
  scope: Scope,
  nearest: Map<Expr, {text: string; value: number}>,
): void {
  if (condition.kind !== "binary") return;
  const value = evaluate(condition.left, scope);
  if (value.t !== "number") return;
  const wantsLess = condition.op.startsWith("<");
  const known = nearest.get(condition);
  if (known !== undefined && (wantsLess ? known.value <= value.value : known.value >= value.value))
    return;
  const text = `${textOf(scope.source, condition.left)} = ${quantityText(value.value, value.dim)}`;
  nearest.set(condition, {
    text: `${wantsLess ? "smallest" : "largest"} left side seen: ${text}`,
    value: value.value,
  });
}
