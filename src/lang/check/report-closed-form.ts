// E512: an executor that passes over walks, asked for where it would not be exact. It needs a walker whose walks it can pass over. The closed
// form cannot tell how the walks that it passed over differed from each other; the equilibrium tells nothing of them.

import type {MeasureExpr} from "../../plan/measure.ts";
import {type Executor, type Output, type Plan, statisticsOf} from "../../plan/plan.ts";
import {systemAt} from "../../plan/point.ts";
import {quantityText} from "../../plan/quantity-text.ts";
import type {System, Walker} from "../../plan/system.ts";
import {maskedHoldOf} from "../../plan/walk-law.ts";
import {renewalLawOf} from "../../random/renewal-law.ts";
import {totalOf} from "../../random/total.ts";
import type {Place} from "../diagnostic.ts";
import type {DeclaredAs} from "../environment.ts";
import {type Reporter, tell} from "../report.ts";
import type {Scope} from "../scope.ts";
import {settingPlace} from "../setting-place.ts";

type Stat = Extract<MeasureExpr, {op: "stat"}>;

/** Aggregators that a number of walks and the sum of their lengths suffice for. */
const tellable: ReadonlySet<Stat["aggregator"]> = new Set(["mean", "count", "sum", "rate"]);

/** The executors that pass over walks. */
type Passing = "closed" | "equilibrium";

function passing(executor: Executor | undefined): executor is Passing {
  return executor === "closed" || executor === "equilibrium";
}

export function reportClosedForm(
  plan: Plan,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): void {
  const found = inexact(plan);
  if (found === undefined) return;
  const [message, label] = found;
  tell(scope.context.report, "E512", message, settingPlace("executor", chain, scope), label, {
    help: "`executor: lazy` walks every walk, and is the default",
  });
}

/** The same for an output that is asked for after the run. */
export function reportUntold(plan: Plan, output: Output, report: Reporter, at: Place): void {
  const found = inexact({...plan, measures: [], until: [], expectations: [], outputs: [output]});
  if (found === undefined) return;
  tell(report, "E512", found[0], at, found[1], {
    help: "run it again with `executor: lazy`, which walks every walk",
  });
}

/** What stands against passing over walks, and which part of the text it is; undefined if nothing does. */
function inexact(plan: Plan): readonly [message: string, label: string] | undefined {
  const {executor} = plan;
  if (!passing(executor)) return undefined;
  const passed = new Set<string>();
  for (const index of plan.points.keys()) {
    const system = systemAt(plan, index);
    const reasons = system.walkers.map((walker) => ({
      name: walker.name,
      why: whyWalked(walker, system, executor),
    }));
    for (const walker of system.walkers) {
      if (whyCounted(walker, system, executor) === undefined) passed.add(walker.name);
    }
    if (reasons.some(({why}) => why === undefined)) continue;
    const label = reasons.map(({name, why}) => `walker \`${name}\`: ${why}`).join("; ");
    return ["no walk can be passed over in closed form", label || "there is no walker"];
  }
  const message =
    executor === "closed"
      ? "the closed form knows of walks only how many there were and their sum"
      : "nothing is known of a walker's own walks where looks find it in equilibrium";
  const need = executor === "closed" ? "needs the length of each" : "needs them to be walked";
  for (const {entity, metric, aggregator} of statisticsOf(plan)) {
    if (passed.has(entity) && untold(executor, metric, aggregator))
      return [message, `a ${aggregator} of \`${entity}.${metric}\` ${need}`];
  }
  for (const output of plan.outputs) {
    if (output.kind !== "plot") continue;
    if (output.as === "timeline") return [message, "a timeline shows each of them"];
    for (const column of [...output.y, ...(output.x === undefined ? [] : [output.x])]) {
      if (column.kind !== "metric" || !passed.has(column.entity)) continue;
      if (untold(executor, column.metric, undefined))
        return [message, `a plot of \`${column.entity}.${column.metric}\` ${need}`];
    }
  }
  return undefined;
}

/** Whether a metric of a walker that is passed over cannot be told; without an aggregator: sample by sample. */
function untold(
  executor: Passing,
  metric: string,
  aggregator: Stat["aggregator"] | undefined,
): boolean {
  if (executor === "equilibrium") return true;
  return metric === "latency" && (aggregator === undefined || !tellable.has(aggregator));
}

/** Whether an executor can tell a statistic. */
export function tellsOfPassed(expr: MeasureExpr, system: System, executor: Executor): boolean {
  if (!passing(executor) || expr.op !== "stat") return true;
  const walker = system.walkers.find(({name}) => name === expr.entity);
  if (walker === undefined || !untold(executor, expr.metric, expr.aggregator)) return true;
  return whyCounted(walker, system, executor) !== undefined;
}

/** Why all walks of a walker are counted. Where looks find walkers in equilibrium, those that share a CPU are not, though they are walked. */
function whyCounted(walker: Walker, system: System, executor: Passing): string | undefined {
  const why = whyNotAlone(walker, system, executor);
  return executor === "equilibrium" ? why : (why ?? whyCrowded(walker, system));
}

/** Why the walks of a walker must be walked one by one; undefined if they can be passed over. */
function whyWalked(walker: Walker, system: System, executor: Passing): string | undefined {
  return whyNotAlone(walker, system, executor) ?? whyCrowded(walker, system);
}

/** The same of a walker that has its CPUs to itself. */
function whyNotAlone(walker: Walker, system: System, executor: Passing): string | undefined {
  const {cadence, kind} = walker;
  if (kind === "hardware") return "a hardware walker's walks are not timed";
  if (kind === "perf") return "its walks come as NMIs, in the middle of others";
  if (walker.protect === "lock") return "its walks may wait for mmap_lock";
  if (cadence.kind === "any") return "it has no cadence";
  const hold = maskedHoldOf(walker, system.machine);
  if (executor === "closed") {
    if (cadence.kind === "open")
      return "its walks arrive on their own and may queue; `think` closes the loop";
    if (totalOf(hold) === undefined)
      return "its walks have no closed form of their sum, as constant, exponential and gamma laws have";
  }
  const gap = cadence.kind === "open" ? cadence.gap : cadence.think;
  if (gap.kind !== "exponential")
    return `its ${cadence.kind === "open" ? "gaps are" : "thinking is"} ${gap.kind}, not exponential`;
  if (executor === "equilibrium") {
    const law = renewalLawOf(hold, 0);
    if (law === undefined)
      return "its walks have no closed form of what a look finds, as constant, exponential, gamma and lognormal laws have";
    const forgets = cadence.kind === "closed" && law.memoryless;
    if (law.mean >= gap.mean && !forgets) {
      const [walk, wait] = [law.mean, gap.mean].map((ns) => quantityText(ns, "ns"));
      return `its walks take ${walk} on average and its gaps ${wait}: nothing bounds how long it remembers how it began`;
    }
  }
  return undefined;
}

function whyCrowded(walker: Walker, {walkers}: System): string | undefined {
  const crowded = walkers.some(
    (other) =>
      other !== walker &&
      other.cadence.kind === "closed" &&
      other.on.some(([lo, hi]) => walker.on.some(([from, to]) => lo <= to && from <= hi)),
  );
  return crowded ? "it shares a CPU with another walker that thinks" : undefined;
}
