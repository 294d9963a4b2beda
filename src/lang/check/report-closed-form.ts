// E512: the closed-form executor asked for where it would not be exact. It passes over walks, so it needs a walker whose walks it can
// pass over, and cannot tell how the walks that it passed over differed from each other.

import type {MeasureExpr} from "../../plan/measure.ts";
import {type Output, type Plan, statisticsOf} from "../../plan/plan.ts";
import {systemAt} from "../../plan/point.ts";
import type {System, Walker} from "../../plan/system.ts";
import {maskedHoldOf} from "../../plan/walk-law.ts";
import {totalOf} from "../../random/total.ts";
import type {Place} from "../diagnostic.ts";
import type {DeclaredAs} from "../environment.ts";
import {type Reporter, tell} from "../report.ts";
import type {Scope} from "../scope.ts";

type Stat = Extract<MeasureExpr, {op: "stat"}>;

/** Aggregators that a number of walks and the sum of their lengths suffice for. */
const tellable: ReadonlySet<Stat["aggregator"]> = new Set(["mean", "count", "sum", "rate"]);

export function reportClosedForm(
  plan: Plan,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): void {
  if (plan.executor !== "closed") return;
  const found = inexact(plan);
  if (found === undefined) return;
  const [message, label] = found;
  tell(scope.context.report, "E512", message, executorPlace(chain, scope), label, {
    help: "`executor: lazy` walks every walk, and is the default",
  });
}

/** The same for an output that is asked for after the run. */
export function reportUntold(plan: Plan, output: Output, report: Reporter, at: Place): void {
  if (plan.executor !== "closed") return;
  const found = inexact({...plan, measures: [], until: [], expectations: [], outputs: [output]});
  if (found === undefined) return;
  tell(report, "E512", found[0], at, found[1], {
    help: "run it again with `executor: lazy`, which walks every walk",
  });
}

/** What stands against the closed form, and which part of the text it is; undefined if nothing does. */
function inexact(plan: Plan): readonly [message: string, label: string] | undefined {
  const passed = new Set<string>();
  for (const index of plan.points.keys()) {
    const system = systemAt(plan, index);
    const reasons = system.walkers.map((walker) => ({
      name: walker.name,
      why: whyWalked(walker, system),
    }));
    const passing = reasons.filter(({why}) => why === undefined);
    for (const {name} of passing) passed.add(name);
    if (passing.length > 0) continue;
    const label = reasons.map(({name, why}) => `walker \`${name}\`: ${why}`).join("; ");
    return ["no walk can be passed over in closed form", label || "there is no walker"];
  }
  const lengths = "the closed form knows of walks only how many there were and their sum";
  for (const {entity, metric, aggregator} of statisticsOf(plan)) {
    if (metric === "latency" && passed.has(entity) && !tellable.has(aggregator))
      return [lengths, `a ${aggregator} of \`${entity}.latency\` needs the length of each`];
  }
  for (const output of plan.outputs) {
    if (output.kind !== "plot") continue;
    if (output.as === "timeline") return [lengths, "a timeline shows each of them"];
    for (const column of [...output.y, ...(output.x === undefined ? [] : [output.x])]) {
      if (column.kind === "metric" && column.metric === "latency" && passed.has(column.entity))
        return [lengths, `a plot of \`${column.entity}.latency\` needs the length of each`];
    }
  }
  return undefined;
}

/** Whether a statistic can be told of walks that were passed over. */
export function tellsOfPassed(expr: MeasureExpr, system: System): boolean {
  if (expr.op !== "stat" || expr.metric !== "latency" || tellable.has(expr.aggregator)) return true;
  const walker = system.walkers.find(({name}) => name === expr.entity);
  return walker === undefined || whyWalked(walker, system) !== undefined;
}

/** Why the walks of a walker must be walked one by one; undefined if they can be passed over. */
function whyWalked(walker: Walker, system: System): string | undefined {
  const {cadence, kind} = walker;
  if (kind === "hardware") return "a hardware walker's walks are not timed";
  if (kind === "perf") return "its walks come as NMIs, in the middle of others";
  if (walker.protect === "lock") return "its walks may wait for mmap_lock";
  if (cadence.kind === "any") return "it has no cadence";
  if (cadence.kind === "open")
    return "its walks arrive on their own and may queue; `think` closes the loop";
  if (cadence.think.kind !== "exponential")
    return `its thinking is ${cadence.think.kind}, not exponential`;
  if (totalOf(maskedHoldOf(walker, system.machine)) === undefined)
    return "its walks have no closed form of their sum, as constant, exponential and gamma laws have";
  const crowded = system.walkers.some(
    (other) =>
      other !== walker &&
      other.cadence.kind === "closed" &&
      other.on.some(([lo, hi]) => walker.on.some(([from, to]) => lo <= to && from <= hi)),
  );
  return crowded ? "it shares a CPU with another walker that thinks" : undefined;
}

function executorPlace(chain: readonly DeclaredAs<"experiment">[], scope: Scope): Place {
  for (const one of chain.toReversed()) {
    const field = one.syntax.members.find(
      (member) =>
        member.kind === "field" &&
        member.path.names.length === 1 &&
        member.path.names[0]?.text === "executor",
    );
    if (field !== undefined)
      return {source: one.source, span: {start: field.start, end: field.end}};
  }
  return {source: scope.source, span: chain.at(-1)?.at ?? {start: 0, end: 0}};
}
