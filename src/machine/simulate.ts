// One replication of one design point, from its system to its samples.
//
// Two executors, one semantics. `lazy` advances private timelines when somebody looks and lets writers run ahead of the calendar while
// nobody else can come between; `reference` makes an event of every private section and of every instruction and never runs ahead. Both
// use the same rules for a section and an instruction, and must agree in every sample and in the fingerprint (tested on random systems).
// Where CPUs depend on one another without an interaction (`lock-line.ts`) their sections are events in both.

import {entityOf, kindOf} from "../engine/calendar.ts";
import {Recorder} from "../engine/recorder.ts";
import {ticksOf} from "../engine/time.ts";
import type {Executor} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";
import {runCallbacks} from "./callbacks.ts";
import {event} from "./events.ts";
import {reportExpedited, startExpedited} from "./expedited.ts";
import {
  endGrace,
  graceEntity,
  rescheduled,
  scanGrace,
  startGrace,
  tickGrace,
  tickOf,
} from "./grace-period.ts";
import {arrive, drainQueue} from "./interrupt.ts";
import {holdLittlesLaw} from "./littles-law.ts";
import {closeAccounts} from "./occupy.ts";
import {takeReschedule} from "./reschedule.ts";
import {samplesOf} from "./results.ts";
import {resume} from "./run-context.ts";
import {SliceRecorder} from "./slice-recorder.ts";
import type {TickPhases} from "./sources.ts";
import {recheckAt} from "./stepped-walk.ts";
import {advance, lookAt, nextStart} from "./timeline.ts";
import {recordFinished, recordUnfinished} from "./walk-record.ts";
import {World} from "./world.ts";
import {arriveOperation, scheduleWriters} from "./writer.ts";

export interface SimulateOptions {
  /** Integer >= 0; with `replication` it decides every draw. */
  readonly seed: number;
  readonly replication: number;
  /** Index of the point, for the samples; draws depend on it only with `streams: "independent"`. */
  readonly point?: number;
  readonly streams?: "common" | "independent";
  /** Records what happens between two instants [ns]. */
  readonly timeline?: {readonly from: number; readonly to: number};
  readonly executor?: Executor;
  /** Also records how every metric went on in so many equally long parts of the run; wants a system without a warm-up. */
  readonly slices?: number;
  /** Permutes simultaneous events by this seed; 0: the documented order. */
  readonly shuffleTies?: number;
  readonly ticks?: TickPhases;
  /** Whether the CPU of the grace-period kthread reports its quiescent state when the grace period begins. */
  readonly earlySelfReport?: boolean;
}

/**
 * Runs a system from 0 to its duration and returns what was measured after its warm-up. A function of (system, seed, replication) and,
 * with independent streams, of the point. Throws a RangeError for a system that cannot be run (a writer without its policy, a duration
 * beyond 2 h 30 min, a timeline of what the closed form passes over).
 */
export function simulate(system: System, options: SimulateOptions): Samples {
  return runWorld(worldOf(system, options), options.point ?? 0);
}

/** The world of a replication, set up and not run yet. Throws as `simulate` does. */
export function worldOf(system: System, options: SimulateOptions): World {
  const {seed, replication, point = 0, timeline} = options;
  const {executor = "lazy"} = options;
  if (timeline !== undefined && (executor === "closed" || executor === "equilibrium")) {
    throw new RangeError(
      `a timeline shows every walk, and \`executor: ${executor}\` passes over them: use \`executor: lazy\``,
    );
  }
  return new World(system, {
    seed,
    replication,
    point: options.streams === "independent" ? point : undefined,
    executor,
    shuffleTies: options.shuffleTies ?? 0,
    tickPhases: options.ticks ?? "aligned",
    earlySelfReport: options.earlySelfReport ?? false,
    recorder: timeline && new Recorder(ticksOf(timeline.from), ticksOf(timeline.to)),
    slicer: options.slices === undefined ? undefined : new SliceRecorder(options.slices),
  });
}

/** Runs a world that has been set up. */
export function runWorld(world: World, point: number): Samples {
  const {calendar, cpus, duration} = world;
  const {slicer} = world.options;
  calendar.push(world.warmup, event.warmup, graceEntity(world));
  slicer?.schedule(world);
  scheduleWriters(world);
  for (let cpu = 0; cpu < cpus.count; cpu++) schedulePrivate(world, cpu, 0);
  while (runOn(world));
  for (let cpu = 0; cpu < cpus.count; cpu++) {
    advance(world, cpu, duration);
    recordFinished(world, cpu, duration);
    recordUnfinished(world, cpu, duration);
    closeStepped(world, cpu);
    closeAccounts(world, cpu, duration);
  }
  countBystanders(world);
  slicer?.end(world, duration);
  const series = world.recorders.series(duration / 1000);
  holdLittlesLaw(world, series);
  const samples = samplesOf(world, point, series);
  world.release();
  return slicer === undefined ? samples : {...samples, slices: slicer.slices()};
}

// Calls of bounded length let the compiler replace the loop by its best code, and keep that for the next run: code that was made for a loop
// under way ends with the loop.
const eventsPerCall = 64;

/** Lets the next events happen; false if there are none left. */
function runOn(world: World): boolean {
  const {calendar, duration} = world;
  for (let k = 0; k < eventsPerCall; k++) {
    if (calendar.next >= duration) return false;
    calendar.take();
    const at = calendar.takenTime;
    if (kindOf(calendar.taken) === event.warmup) endWarmup(world, at);
    else dispatch(world, at, kindOf(calendar.taken), entityOf(calendar.taken));
  }
  return true;
}

function dispatch(world: World, at: number, kind: number, entity: number): void {
  const {cpus} = world;
  const limit = world.lazy ? Math.min(world.calendar.next, world.duration) : -1;
  switch (kind) {
    case event.arrive:
      arrive(world, entity, at, limit);
      return;
    case event.drain:
      drainQueue(world, entity, at, at);
      return;
    case event.operation:
      arriveOperation(world, world.contexts[entity - cpus.count], at);
      return;
    case event.resume:
      resume(world, world.contexts[entity - cpus.count], at);
      return;
    case event.graceStart:
      startGrace(world, at);
      return;
    case event.graceScan:
      scanGrace(world, at);
      return;
    case event.graceTick:
      tickGrace(world, at);
      return;
    case event.graceEnd:
      endGrace(world, at);
      return;
    case event.report:
      tickOf(world, entity, at);
      return;
    case event.expeditedStart:
      startExpedited(world, at);
      return;
    case event.expeditedReport:
      reportExpedited(world, entity, at);
      return;
    case event.callbacks:
      runCallbacks(world, entity, at);
      return;
    case event.reschedule:
      if (takeReschedule(world, entity, at)) rescheduled(world, entity, at);
      return;
    case event.slice:
      endSlice(world, at);
      return;
    case event.private:
      if (world.privateAt[entity] !== at) return;
      world.privateAt[entity] = Number.POSITIVE_INFINITY;
      advance(world, entity, at + 1);
      schedulePrivate(world, entity, at + 1);
      return;
    default:
      throw new RangeError(`no event of kind ${kind}`);
  }
}

/** The event of the CPU's next private section, `from` or later, if it goes by events. */
function schedulePrivate(world: World, cpu: number, from: number): void {
  if (world.byEvent[cpu] === 0) return;
  const frame = world.stepped[cpu];
  let next = nextStart(world, cpu);
  if (frame !== undefined && frame.stage > 0) next = Math.min(next, recheckAt(frame, from));
  if (next < Number.POSITIVE_INFINITY) world.wakePrivate(cpu, Math.max(next, from));
}

/** Everything before is forgotten; accounts go on, and how they stand is written down. */
function endWarmup(world: World, at: number): void {
  const {cpus} = world;
  lookAtAll(world, at);
  world.recorders.reset(at / 1000);
  world.measuredFrom = at;
  world.counters.fill(0);
  world.violationsMeasured = 0;
  for (const kind of Object.keys(world.violationCounts)) world.violationCounts[kind] = 0;
  cpus.interrupts.fill(0);
  cpus.stolen.fill(0);
  world.baseline.set(cpus.time);
}

function endSlice(world: World, at: number): void {
  lookAtAll(world, at);
  countBystanders(world);
  world.options.slicer?.end(world, at);
  world.options.slicer?.schedule(world);
}

function lookAtAll(world: World, at: number): void {
  for (let cpu = 0; cpu < world.cpus.count; cpu++) {
    lookAt(world, cpu, at);
    recordFinished(world, cpu, at);
  }
}

function closeStepped(world: World, cpu: number): void {
  const frame = world.stepped[cpu];
  if (frame === undefined || frame.stage === 0) return;
  const {cpus, duration} = world;
  // Of the sections inside it what lies beyond the end is taken back by `closeAccounts`.
  const last = Math.max(
    cpus.nmiEnd[cpu],
    cpus.handlerEnd[cpu],
    cpus.irqEnd[cpu],
    cpus.foregroundEnd[cpu],
  );
  const over = Math.max(0, last - duration);
  cpus.taskEnd[cpu] = duration;
  cpus.busyEnd[cpu] = duration;
  cpus.settled[cpu] = duration;
  world.accountWalk(cpu, duration - frame.start - frame.nested + over);
}

function countBystanders(world: World): void {
  world.system.bystanders.forEach((bystander, b) => {
    let interrupts = 0;
    for (const [lo, hi] of bystander.on) {
      for (let cpu = lo; cpu <= hi; cpu++) interrupts += world.cpus.interrupts[cpu];
    }
    world.recorders.bystanders[b].interrupts = interrupts;
  });
}
