// What an expression can see, as functions, so that the evaluator knows nothing of studies, machines or policies: each of them supplies
// the names it owns.

import type {FieldType} from "../../grammar/schema.ts";
import type {MetricRow} from "../plan/metrics.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared, DeclaredAs, Module} from "./environment.ts";
import type {FileReader} from "./file-reader.ts";
import type {Reporter} from "./report.ts";
import type {EntityInstance} from "./study.ts";
import type {Source, Span} from "./syntax.ts";
import type {StatValue, Value} from "./value.ts";

/** What lasts for one check or one plan. */
export interface Context {
  readonly session: Module;
  readonly report: Reporter;
  readonly files: FileReader | undefined;
  /** Threads that runs will use. */
  readonly threads: number;
  /** Values of top-level `let`s and `param`s; `busy` while one is being evaluated. */
  readonly globals: Map<Declared, Value | "busy">;
  /** Data files read so far, with their hashes. */
  readonly inputs: Map<string, string>;
  /** Declarations that were used. */
  readonly used: Set<Declared>;
}

/** The machine in effect, for CPU sets and for `machine.field`. */
export interface MachineFacts {
  readonly declared: DeclaredAs<"machine">;
  /** How many logical CPUs; undefined while a field it depends on is in error. */
  cpus(): number | undefined;
  set(
    name: "isolated" | "nohz_full" | "housekeeping" | "socket" | "node" | "core",
    index?: number,
  ): CpuSet | undefined;
  /** Units of an index: how many sockets, nodes or cores there are. */
  count(name: "socket" | "node" | "core"): number | undefined;
  field(name: string, at: Place): Value;
}

/** Where metrics and measures have a meaning: `measure`, `expect`, `until`, `table`, `plot`. */
export interface MeasureNames {
  /** An entity that has metrics. */
  owner(
    name: string,
  ):
    | {readonly entity: string; readonly rows: readonly MetricRow[]; readonly title: string}
    | undefined;
  measure(name: string, at: Place): StatValue | "error" | undefined;
  select(of: StatValue, selectors: readonly Selector[], at: Place): Value;
  names(): string[];
}

export interface Selector {
  readonly axis: string;
  readonly axisAt: Place;
  readonly value: Value;
  readonly valueAt: Place;
  /** The whole of `axis: value`. */
  readonly at: Place;
}

/** A name with its kind, for suggestions and completion. */
export interface NameOffer {
  readonly name: string;
  readonly kind: string;
  readonly where: string;
}

export interface Scope {
  readonly context: Context;
  readonly source: Source;
  /** Where global names are looked up. */
  readonly home: Module;
  /** Names of the enclosing declarations, innermost first. */
  readonly find?: (name: string, at: Place) => Value | undefined;
  readonly offers?: () => NameOffer[];
  readonly machine?: () => MachineFacts | undefined;
  readonly field?: (entity: EntityInstance, name: string, at: Place) => Value;
  readonly measures?: MeasureNames;
  /** The type of an axis' values, for what stands after its name in a selector. */
  readonly axisType?: (path: string) => FieldType | undefined;
}

export function placeIn(scope: Scope, span: Span): Place {
  return {source: scope.source, span};
}
