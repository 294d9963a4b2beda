// `quiesce replicate`: one replication of one point again, alone. It is the replication that `run` ran, to the last bit, since every draw
// follows from (seed, replication, point); here it can be looked into: its fingerprint, every metric, whether it depends on the order of
// simultaneous events, and a window of it as a trace.

import {writeFileSync} from "node:fs";
import {dirname} from "node:path";
import {dimensionName, time, unitOf} from "../../grammar/units.ts";
import {type ChosenWarmUp, warmUpText, withWarmUp} from "../farm/chosen-warm-up.ts";
import {isPilot} from "../farm/pilots.ts";
import {chooseWarmUp} from "../farm/run-plan.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planRun, type Setting} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
import {type SimulateOptions, simulate} from "../machine/simulate.ts";
import {metricTable} from "../plan/metrics.ts";
import type {Executor, Plan} from "../plan/plan.ts";
import {pointText, systemAt} from "../plan/point.ts";
import {numberText, quantityText} from "../plan/quantity-text.ts";
import type {Samples, Series} from "../record/samples.ts";
import {meanOf} from "../record/statistic.ts";
import {traceEvents} from "../record/trace-events.ts";
import {fileReason} from "../session/file-reason.ts";
import {folderReader} from "../session/folder-reader.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {settingOf} from "./setting.ts";
import {useColor} from "./use-color.ts";

export interface ReplicateOptions {
  readonly experiment?: string;
  readonly point?: number;
  readonly replication?: number;
  readonly seed?: number;
  readonly executor?: Executor;
  readonly set?: readonly string[];
  readonly shuffleTies?: number;
  readonly trace?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Status 0, or 1 if `--shuffle-ties` found the result to depend on the order of ties; 2 for a text with errors. */
export async function replicate(file: string, options: ReplicateOptions): Promise<number> {
  const given = planOf(file, options);
  if (given === undefined) return exitStatus.badInput;
  const {point = 0, replication = 0} = options;
  if (point >= given.points.length) {
    throw new UsageError(
      `\`${given.name}\` has the points 0 to ${given.points.length - 1}, got --point ${point}`,
    );
  }
  // A pilot has no warm-up; what any other has is chosen again, unless `--set warmup=` says what it was.
  const chosen =
    given.warmup === "auto" && !isPilot(replication) ? await warmUpOf(given) : undefined;
  const plan = chosen === undefined ? given : withWarmUp(given, chosen);
  if (plan.executor !== undefined && plan.executor !== "reference" && options.trace !== undefined) {
    throw new UsageError(
      `a trace shows every walk, and \`executor: ${plan.executor}\` passes over them: add \`--executor lazy\``,
    );
  }
  const system = systemAt(plan, point);
  const asked: SimulateOptions = {
    seed: plan.seed,
    replication,
    point,
    streams: plan.streams,
    ...(plan.executor === undefined ? {} : {executor: plan.executor}),
    ...(options.trace === undefined
      ? {}
      : {
          timeline: {
            from: options.from === undefined ? system.warmup : timeOf("--from", options.from),
            to:
              options.to === undefined
                ? Math.min(system.duration, system.warmup + 1e6)
                : timeOf("--to", options.to),
          },
        }),
  };
  const samples = simulate(system, asked);
  const shuffled = Array.from({length: options.shuffleTies ?? 0}, (_, i) =>
    simulate(system, {...asked, shuffleTies: i + 1}),
  );
  const changed = orderDependence(samples, shuffled);
  if (options.trace !== undefined) saveTrace(samples, options.trace);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({experiment: plan.name, where: pointText(plan, point), ...(chosen === undefined ? {} : {warmUp: chosen}), samples, orderDependence: changed})}\n`
      : text(plan, point, chosen, samples, shuffled.length, changed),
  );
  return changed.length > 0 ? exitStatus.expectationFailed : exitStatus.ok;
}

async function warmUpOf(plan: Plan): Promise<ChosenWarmUp> {
  try {
    return await chooseWarmUp(plan);
  } catch (error) {
    throw new UsageError(`the warm-up cannot be chosen: ${(error as Error).message}`);
  }
}

function planOf(file: string, options: ReplicateOptions): Plan | undefined {
  const source = readSource(file);
  const files = folderReader(file === "-" ? "." : dirname(file));
  const {environment, commands, diagnostics} = checkText(source, startingEnvironment(files));
  const set: readonly Setting[] = (options.set ?? []).map(settingOf);
  const found = [...diagnostics];
  const plans: Plan[] = [];
  for (const command of commands) {
    if (command.kind !== "run") continue;
    const {planned, diagnostics: more} = planRun(environment, command, source, {
      set,
      ...(options.seed === undefined ? {} : {seed: options.seed}),
      ...(options.executor === undefined ? {} : {executor: options.executor}),
    });
    found.push(...more);
    plans.push(...planned.map(({plan}) => plan));
  }
  const errors = found.filter(({severity}) => severity === "error");
  if (errors.length > 0) {
    process.stderr.write(`${renderTexts(errors, {color: useColor(options.color)})}\n`);
    return undefined;
  }
  const {experiment} = options;
  const plan = experiment === undefined ? plans[0] : plans.find(({name}) => name === experiment);
  if (plan === undefined) {
    throw new UsageError(
      plans.length === 0
        ? `${file} runs no experiment`
        : `${file} runs no experiment \`${experiment}\`, but ${plans.map(({name}) => `\`${name}\``).join(", ")}`,
    );
  }
  return plan;
}

interface Change {
  readonly entity: string;
  readonly metric: string;
  /** Smallest and largest mean over the documented order and all permutations. */
  readonly least: number;
  readonly most: number;
}

/** The metrics whose mean changes when simultaneous events change places. */
function orderDependence(plain: Samples, shuffled: readonly Samples[]): Change[] {
  return plain.series.flatMap((series) => {
    const {entity, metric} = series;
    const means = [plain, ...shuffled].map((samples) => {
      const own = samples.series.find((one) => one.entity === entity && one.metric === metric);
      return own === undefined || own.count === 0 ? Number.NaN : meanOf(own);
    });
    const known = means.filter((mean) => !Number.isNaN(mean));
    if (known.length === 0) return [];
    const least = Math.min(...known);
    const most = Math.max(...known);
    // Sums in another order differ in their last bits.
    const same = known.length === means.length && most - least <= 1e-9 * Math.abs(most);
    return same ? [] : [{entity, metric, least, most}];
  });
}

function text(
  plan: Plan,
  point: number,
  chosen: ChosenWarmUp | undefined,
  samples: Samples,
  permutations: number,
  changed: readonly Change[],
): string {
  const where = pointText(plan, point);
  const lines = [
    `${plan.name}, point ${point}${where === "" ? "" : ` (${where})`}, seed ${samples.seed}, replication ${samples.replication}: fingerprint ${samples.fingerprint}`,
    `${numberText(samples.events)} interactions, ${numberText(samples.phases)} sections of CPUs; ${quantityText(samples.measured, "ns")} measured after the warm-up`,
    ...passingText(plan, samples),
    ...(chosen === undefined ? [] : [warmUpText(plan, chosen)]),
    "",
    ...table([
      ["metric", "n", "mean", "min", "max"],
      ...samples.series.filter(({count}) => count > 0).map(row),
    ]),
  ];
  if (permutations > 0) {
    lines.push(
      "",
      changed.length === 0
        ? `no metric depends on the order of simultaneous events, in ${permutations} permutations`
        : `these depend on the order of simultaneous events, which nature does not give (${permutations} permutations):`,
      ...table(
        changed.map(({entity, metric, least, most}) => {
          const {unit} = rowOf({entity, metric});
          return [`${entity}.${metric}`, quantityText(least, unit), "to", quantityText(most, unit)];
        }),
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

function passingText({executor}: Plan, {passed}: Samples): string[] {
  if (executor !== "closed" && executor !== "equilibrium") return [];
  return [
    passed === undefined
      ? `executor: ${executor} passed over nothing, every walk was walked`
      : `executor: ${executor} passed over the walks of ${passed.join(", ")}`,
  ];
}

function row(series: Series): string[] {
  const {entity, metric, count, sum, min, max} = series;
  const {unit, shape} = rowOf(series);
  if (shape === "count") return [`${entity}.${metric}`, "", quantityText(sum, unit), "", ""];
  const n = shape === "level" ? "over time" : numberText(count);
  const values = [meanOf(series), min, max].map((value) => quantityText(value, unit));
  return [`${entity}.${metric}`, n, ...values];
}

/** The row of the metric table: an entity has the metrics of its kind, of which no two kinds give one name different units. */
function rowOf({entity, metric}: Pick<Series, "entity" | "metric">): (typeof metricTable)[number] {
  const own =
    metricTable.find((one) => one.owner === entity && one.metric === metric) ??
    metricTable.find((one) => one.metric === metric);
  if (own === undefined) throw new RangeError(`no metric ${entity}.${metric}`);
  return own;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

function saveTrace(samples: Samples, file: string): void {
  if (samples.timeline === undefined) return;
  try {
    writeFileSync(file, `${JSON.stringify(traceEvents(samples.timeline))}\n`);
  } catch (error) {
    throw new UsageError(`cannot write ${file}: ${fileReason(error)}`);
  }
  process.stderr.write(`wrote ${file}\n`);
}

function timeOf(option: string, given: string): number {
  const [, number, word] = /^([\d.]+)\s*(\S+)$/u.exec(given) ?? [];
  const unit = unitOf(word ?? "");
  const value = Number(number) * (unit?.scale ?? Number.NaN);
  if (
    unit === undefined ||
    dimensionName(unit.dimension) !== dimensionName(time) ||
    !(value >= 0)
  ) {
    throw new UsageError(`Expected a time such as 10ms for ${option}, got \`${given}\``);
  }
  return value;
}
