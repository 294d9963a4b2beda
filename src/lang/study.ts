// A study is one system under construction: the members of a scenario and its ancestors, those of an experiment and its ancestors, and
// what `with`, `--set` and the axes of a sweep put on top. Nothing is evaluated when it is composed. A field is the list of all that was
// ever assigned to it, each with the level of the block that did; the last whole assignment counts, refined by the dotted ones that are
// not older. Expressions are evaluated against the finished study, which is what late binding means: an inherited `cpus: first(readers)`
// sees the `readers` of the experiment.
//
// Resolving is memoised by what was read. Whoever reads an axis is noted in the open frames; a result is reused at every point whose
// values agree on the axes that it read.

import type {FieldType} from "../../grammar/schema.ts";
import type {Place} from "./diagnostic.ts";
import type {DeclaredAs, Module} from "./environment.ts";
import type {Context, Scope} from "./scope.ts";
import type {Entity, Expr, Let, Name, Param, Source, Span} from "./syntax.ts";
import type {Value} from "./value.ts";

export type Origin = "declared" | "with" | "set" | "axis" | "policy";

export interface Assignment {
  /** What is left of the path within the owner. */
  readonly path: readonly Name[];
  readonly expr: Expr;
  /** Where `expr` is evaluated. */
  readonly scope: Scope;
  /** Level of the block it stands in; the higher wins. */
  readonly level: number;
  readonly origin: Origin;
  /** Index of the axis that supplies the value instead of `expr`, and where its present value is written. */
  readonly axis?: number;
  readonly axisAt?: () => Place;
}

export type EntityKind = Exclude<Entity["entity"], "machine" | "costs">;

export interface EntityInstance {
  readonly kind: EntityKind;
  readonly name: string;
  readonly fields: Assignment[];
  readonly source: Source;
  readonly at: Span;
  readonly doc?: string;
  /** The mm that it names, for messages. */
  readonly mmName?: string;
}

export interface ParamInstance {
  readonly syntax: Param;
  readonly source: Source;
  readonly home: Module;
  readonly level: number;
  readonly assignments: Assignment[];
}

export interface LetInstance {
  readonly syntax: Let;
  readonly source: Source;
  readonly home: Module;
}

/** An axis as it acts on the study: the value at each step. */
export interface StudyAxis {
  readonly path: string;
  readonly type: FieldType | undefined;
  readonly values: readonly Value[];
  readonly places: readonly Place[];
}

export interface Study {
  readonly name: string;
  readonly context: Context;
  /** Fields of the scenario and of the experiment. */
  readonly settings: Assignment[];
  readonly params: Map<string, ParamInstance>;
  readonly lets: Map<string, LetInstance>;
  readonly entities: Map<string, EntityInstance>;
  /** Assignments to params of policies, by the policy's name. */
  readonly policyParams: Map<string, Assignment[]>;
  readonly scenario?: DeclaredAs<"scenario">;
  readonly experiment?: DeclaredAs<"experiment">;
  /** The level from which on an experiment speaks: what a policy sets for entities lies below it. */
  readonly experimentLevel: number;
  /** The level from which on the command speaks (`run ... with`, `--set`): it also replaces an axis. */
  readonly commandLevel: number;
  /** Whether a missing value may be stood in for: a scenario is checked without an experiment. */
  readonly lenient: boolean;
  readonly axes: StudyAxis[];
  /** Index of the current value of each axis. */
  point: readonly number[];
  readonly frames: Set<number>[];
  readonly memo: Map<string, MemoTable>;
  readonly busy: Set<string>;
}

interface MemoTable {
  readonly byAxes: Map<
    string,
    {readonly axes: readonly number[]; readonly values: Map<string, unknown>}
  >;
}

/** The value of an assignment: of its axis at the current point, or `undefined` where the expression has it. */
export function axisValue(study: Study, assignment: Assignment): Value | undefined {
  if (assignment.axis === undefined) return undefined;
  for (const frame of study.frames) frame.add(assignment.axis);
  const index = study.point[assignment.axis] ?? 0;
  return study.axes[assignment.axis]?.values[index];
}

/** Computes once for every combination of the axes that the computation reads. */
export function remember<T>(study: Study, key: string, compute: () => T): T {
  let table = study.memo.get(key);
  if (table === undefined) {
    table = {byAxes: new Map()};
    study.memo.set(key, table);
  }
  for (const {axes, values} of table.byAxes.values()) {
    const at = axes.map((axis) => study.point[axis]).join();
    if (values.has(at)) {
      for (const frame of study.frames) for (const axis of axes) frame.add(axis);
      return values.get(at) as T;
    }
  }
  const frame = new Set<number>();
  study.frames.push(frame);
  let result: T;
  try {
    result = compute();
  } finally {
    study.frames.pop();
  }
  const axes = [...frame].sort((a, b) => a - b);
  const set = axes.join();
  let group = table.byAxes.get(set);
  if (group === undefined) {
    group = {axes, values: new Map()};
    table.byAxes.set(set, group);
  }
  group.values.set(axes.map((axis) => study.point[axis]).join(), result);
  return result;
}

/** The last whole assignment of a field and the newer dotted ones below it, oldest first. */
export function assigned(
  assignments: readonly Assignment[],
  field: readonly string[],
): {base: Assignment | undefined; refinements: Assignment[]} {
  let base: Assignment | undefined;
  const below: Assignment[] = [];
  for (const one of assignments) {
    if (!startsWith(one.path, field)) continue;
    if (one.path.length === field.length) {
      if (base === undefined || one.level >= base.level) base = one;
    } else below.push(one);
  }
  const level = base?.level ?? Number.NEGATIVE_INFINITY;
  const refinements = below.filter((one) => one.level >= level).sort((a, b) => a.level - b.level);
  return {base, refinements};
}

function startsWith(path: readonly Name[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((name, i) => path[i]?.text === name);
}
