// From the state of a finished run to its samples.

import {nanosecondsOf} from "../engine/time.ts";
import {countSeries} from "../record/count-series.ts";
import type {Account, Samples, Series} from "../record/samples.ts";
import {account, accountNames, accounts} from "./accounts.ts";
import {passedOver} from "./passed-over.ts";
import type {World} from "./world.ts";

/** `recorded` holds the series of all recorders. */
export function samplesOf(world: World, point: number, recorded: readonly Series[]): Samples {
  const {options, recorder} = world;
  const measured = nanosecondsOf(world.duration - world.warmup);
  const series = [...recorded, ...machineSeries(world, world.duration)];
  const counters = countersOf(world);
  series.push(countSeries("safety", "violations", world.violationsMeasured));
  const passed = passedOver(world);
  return {
    point,
    replication: options.replication,
    seed: options.seed,
    measured,
    series,
    counters,
    accounts: accountsOf(world),
    violations: [...world.violations],
    violationCounts: {...world.violationCounts},
    fingerprint: world.fingerprint.text(),
    events: world.events,
    phases: world.phases,
    ...(passed.length === 0 ? {} : {passed}),
    ...(recorder === undefined ? {} : {timeline: recorder.timeline()}),
  };
}

/** What the policies have counted since the end of the warm-up. */
export function countersOf({blueprint, counters}: World): Record<string, number> {
  const found: Record<string, number> = {};
  blueprint.counterNames.forEach((name, index) => {
    found[name] = (found[name] ?? 0) + counters[index];
  });
  return found;
}

/** The series of the machine between the end of the warm-up and `now`, when all CPUs have been looked at. */
export function machineSeries(world: World, now: number): Series[] {
  const {cpus, baseline, isolated, recorders, warmup} = world;
  let idle = 0;
  let irq = 0;
  let stolen = 0;
  let stolenIsolated = 0;
  let interruptsIsolated = 0;
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    const row = cpu * accounts;
    idle += cpus.time[row + account.idle] - baseline[row + account.idle];
    irq += cpus.time[row + account.handler] - baseline[row + account.handler];
    stolen += cpus.stolen[cpu];
    if (isolated[cpu] === 0) continue;
    stolenIsolated += cpus.stolen[cpu];
    interruptsIsolated += cpus.interrupts[cpu];
  }
  const total = cpus.count * (now - warmup);
  const span = nanosecondsOf(now - warmup);
  return [
    levelSeries("machine", "util", 1 - idle / total, span),
    levelSeries("machine", "irq_time", irq / total, span),
    countSeries("machine", "stolen", nanosecondsOf(stolen)),
    countSeries("machine", "stolen_isolated", nanosecondsOf(stolenIsolated)),
    countSeries("machine", "interrupts_isolated", interruptsIsolated),
    countSeries("machine", "requests_isolated", recorders.requestsIsolated),
  ];
}

function accountsOf({blueprint, cpus}: World): Account[] {
  const {names, members, of} = blueprint.classes;
  const sums = new Float64Array(names.length * accounts);
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    const row = of[cpu] * accounts;
    for (let a = 0; a < accounts; a++) sums[row + a] += cpus.time[cpu * accounts + a];
  }
  return names.map((cpuClass, c) => {
    const time: Record<string, number> = {};
    for (const name of accountNames) {
      time[name] = nanosecondsOf(sums[c * accounts + account[name]]);
    }
    return {cpuClass, cpus: members[c], time};
  });
}

/** A level known only by its integral: its mean is exact, its quantiles are that mean. */
function levelSeries(entity: string, metric: string, mean: number, time: number): Series {
  return {entity, metric, count: time, sum: mean * time, m2: 0, min: mean, max: mean};
}
