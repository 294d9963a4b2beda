// All executions of a loop-free program under a memory model: the runs of each thread over the values that can occur, their combinations,
// the reads-from and coherence choices over each, and the model's verdict on every one of these candidates.

import type {MemoryModel} from "../../plan/check-plan.ts";
import {type Communication, forEachCommunication, settleLocations} from "./coherence.ts";
import {forEachCombination} from "./combine-runs.ts";
import {GrowingOrder} from "./growing-order.ts";
import {type Allowed, type Axiom, lkmmModel, type Model} from "./lkmm-model.ts";
import type {Thread} from "./recorder.ts";
import {type Guesses, type Run, settleValues} from "./settle-values.ts";
import {joinRuns, type Skeleton, skeletonOf} from "./skeleton.ts";
import {storeOrderModel} from "./store-order.ts";

export interface Program<Result> {
  readonly threads: readonly Thread<Result>[];
  /** Initial value of each variable. */
  readonly initial: readonly number[];
  /** Values to try in each variable besides those that can be computed; absent: none. */
  readonly guesses?: Guesses;
}

/** An execution that the model allows, with what each thread returned. */
export interface Execution<Result> {
  readonly skeleton: Skeleton;
  readonly communication: Communication;
  readonly results: readonly Result[];
  readonly allowed: Allowed;
}

export interface Enumeration {
  /** Combinations of runs whose loads could find their values. */
  readonly combinations: number;
  /** Candidates judged: coherent and atomic ones. */
  readonly candidates: number;
  readonly allowed: number;
  /** How many candidates each axiom refuted first. */
  readonly refuted: ReadonlyMap<Axiom, number>;
  /** False when `visit` ended the enumeration. */
  readonly complete: boolean;
}

export interface EnumerationOptions<Result> {
  readonly model: MemoryModel;
  /** Runs worth combining, for callers that look for something particular; absent: all. */
  readonly wanted?: (results: readonly Result[]) => boolean;
  /** Most runs of one thread; beyond it `TooManyRuns` is thrown. 20,000 if absent. */
  readonly runLimit?: number;
  /** Most combinations of runs; beyond it `TooManyRuns` is thrown. 2,000,000 if absent. */
  readonly combinationLimit?: number;
}

/** A thread used a value that is no variable's address as one, in an execution that the model allows. */
export class BadAddress extends Error {
  override readonly name = "BadAddress";
  readonly thread: number;
  readonly value: number;
  readonly mark: number;
  constructor(thread: number, value: number, text: string, mark: number) {
    super(`thread P${thread} uses the value ${value} as an address in: ${text}`);
    this.thread = thread;
    this.value = value;
    this.mark = mark;
  }
}

/** Calls `visit` for every allowed execution until it returns false. Throws `TooManyRuns`, `TooManyEvents` or `BadAddress`. */
export function enumerate<Result>(
  program: Program<Result>,
  options: EnumerationOptions<Result>,
  visit: (execution: Execution<Result>) => boolean,
): Enumeration {
  const runLimit = options.runLimit ?? 20_000;
  const combinationLimit = options.combinationLimit ?? 2_000_000;
  const traces = settled(program, runLimit);
  const refuted = new Map<Axiom, number>();
  let combinations = 0;
  let candidates = 0;
  let allowed = 0;
  let stopped = false;

  forEachCombination(traces, program.initial, combinationLimit, (combination) => {
    const results = combination.map((trace) => trace.result as Result);
    const faulty = combination.findIndex((trace) => trace.fault !== undefined);
    if (faulty < 0 && options.wanted !== undefined && !options.wanted(results)) return true;
    combinations++;
    const runs = combination.map((trace) => trace.events);
    const joined = joinRuns(runs);
    const perLocation = settleLocations(joined, program.initial);
    if (perLocation === undefined) return true;
    const skeleton = skeletonOf(joined, runs);
    const {judge, kept, ordered, cycle} = modelOf(options.model, skeleton);
    const refute = (axiom: Axiom, count: number): void => {
      candidates += count;
      refuted.set(axiom, (refuted.get(axiom) ?? 0) + count);
    };
    const early = {
      order: new GrowingOrder(kept),
      ordered,
      dropped: (count: number) => refute(cycle, count),
    };
    forEachCommunication(skeleton, perLocation, program.initial.length, early, (communication) => {
      const judgement = judge(communication);
      if (typeof judgement === "string") {
        refute(judgement, 1);
        return true;
      }
      candidates++;
      const fault = combination[faulty]?.fault;
      if (fault !== undefined) throw new BadAddress(faulty, fault.value, fault.text, fault.mark);
      allowed++;
      stopped = !visit({skeleton, communication, results, allowed: judgement});
      return !stopped;
    });
    return !stopped;
  });
  return {combinations, candidates, allowed, refuted, complete: !stopped};
}

export function modelOf(model: MemoryModel, skeleton: Skeleton): Model {
  return model === "lkmm" ? lkmmModel(skeleton) : storeOrderModel(skeleton, model);
}

/** The runs of programs that are asked about more than once. */
const known = new WeakMap<object, readonly (readonly Run<unknown>[])[]>();

function settled<Result>(
  program: Program<Result>,
  runLimit: number,
): readonly (readonly Run<Result>[])[] {
  const before = known.get(program);
  if (before !== undefined) return before as readonly (readonly Run<Result>[])[];
  const traces = settleValues(program.threads, program.initial, runLimit, program.guesses);
  known.set(program, traces);
  return traces;
}
