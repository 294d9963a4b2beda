// All executions of a loop-free program under a memory model: the runs of each thread over the values that can occur, their combinations,
// the reads-from and coherence choices over each, and the model's verdict on every one of these candidates.
//
// The values that can occur are found first, as a fixed point: at the start each variable holds its initial value only; every round runs
// the threads over the values known and adds what they store. A value computed from k earlier stores appears after k rounds, and no value
// needs more stores than an execution has, so as many rounds suffice even for programs that count.

import type {MemoryModel} from "../../plan/check-plan.ts";
import {type Communication, forEachCommunication} from "./coherence.ts";
import {tag} from "./event.ts";
import {type Allowed, type Axiom, type Judgement, lkmmModel} from "./lkmm-model.ts";
import {runs, type Thread, TooManyRuns, type Trace} from "./recorder.ts";
import {joinRuns, type Skeleton} from "./skeleton.ts";
import {storeOrderModel} from "./store-order.ts";

export interface Program<Result> {
  readonly threads: readonly Thread<Result>[];
  /** Initial value of each variable. */
  readonly initial: readonly number[];
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
  const traces = settleValues(program, runLimit);
  const refuted = new Map<Axiom, number>();
  let combinations = 0;
  let candidates = 0;
  let allowed = 0;
  let stopped = false;

  forEachCombination(program, traces, combinationLimit, (combination) => {
    const results = combination.map((trace) => trace.result as Result);
    const faulty = combination.findIndex((trace) => trace.fault !== undefined);
    if (faulty < 0 && options.wanted !== undefined && !options.wanted(results)) return true;
    combinations++;
    const skeleton = joinRuns(combination.map((trace) => trace.events));
    const judge = modelOf(options.model, skeleton);
    forEachCommunication(skeleton, program.initial, (communication) => {
      candidates++;
      const judgement = judge(communication);
      if (typeof judgement === "string") {
        refuted.set(judgement, (refuted.get(judgement) ?? 0) + 1);
        return true;
      }
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

export function modelOf(
  model: MemoryModel,
  skeleton: Skeleton,
): (communication: Communication) => Judgement {
  return model === "lkmm" ? lkmmModel(skeleton) : storeOrderModel(skeleton, model);
}

type Run<Result> = Trace<Result | undefined>;

/** The runs of every thread over all values that can occur. */
function settleValues<Result>(program: Program<Result>, runLimit: number): Run<Result>[][] {
  const domains = program.initial.map((value) => new Set([value]));
  for (let round = 0; ; round++) {
    const known = domains.map((domain) => [...domain]);
    let grown = false;
    let stores = 0;
    const traces = program.threads.map((thread) => {
      let most = 0;
      const found = runs(thread, known, runLimit, (written) => {
        most = Math.max(most, written.length);
        for (const {location, value} of written) {
          if (domains[location].has(value)) continue;
          domains[location].add(value);
          grown = true;
        }
      });
      stores += most;
      return found;
    });
    if (!grown || round > stores) return traces;
  }
}

/** Calls `visit` with one run a thread, for all choices in which every value that is loaded is stored by somebody or initial. */
function forEachCombination<Result>(
  program: Program<Result>,
  traces: readonly (readonly Run<Result>[])[],
  limit: number,
  visit: (combination: readonly Run<Result>[]) => boolean,
): void {
  const threads = traces.length;
  // What threads from i on can store at all, as `location:value`.
  const later: Set<string>[] = [new Set()];
  for (let thread = threads - 1; thread >= 0; thread--) {
    const possible = new Set(later[0]);
    for (const {events} of traces[thread]) {
      for (const event of events) if ((event.tags & tag.write) !== 0) possible.add(key(event));
    }
    later.unshift(possible);
  }
  const needsOf = traces.map((perThread) =>
    perThread.map(({events}) => needs(events, program.initial)),
  );
  const storesOf = traces.map((perThread) =>
    perThread.map(
      ({events}) =>
        new Set(
          events.filter((event) => (event.tags & tag.write) !== 0).map((event) => key(event)),
        ),
    ),
  );
  const combination: Run<Result>[] = [];
  const chosen: number[] = [];
  let visited = 0;

  const choose = (thread: number): boolean => {
    if (thread === threads) {
      if (++visited > limit) {
        throw new TooManyRuns(`the threads' runs combine in more than ${limit} ways`);
      }
      return visit(combination);
    }
    for (let i = 0; i < traces[thread].length; i++) {
      chosen[thread] = i;
      if (!satisfiable(thread)) continue;
      combination[thread] = traces[thread][i];
      if (!choose(thread + 1)) return false;
    }
    return true;
  };
  /** Whether every need of the threads up to this one is met by them, or may be met by those to come. */
  const satisfiable = (upTo: number): boolean => {
    for (let thread = 0; thread <= upTo; thread++) {
      for (const need of needsOf[thread][chosen[thread]]) {
        if (later[upTo + 1].has(need)) continue;
        let met = false;
        for (let other = 0; other <= upTo && !met; other++) {
          met = storesOf[other][chosen[other]].has(need);
        }
        if (!met) return false;
      }
    }
    return true;
  };
  choose(0);
}

/** The values a run loads that are not initial ones. */
function needs(
  events: readonly {tags: number; location: number; value: number}[],
  initial: readonly number[],
): string[] {
  const wanted = new Set<string>();
  for (const event of events) {
    if ((event.tags & tag.read) !== 0 && event.value !== initial[event.location]) {
      wanted.add(key(event));
    }
  }
  return [...wanted];
}

function key(event: {readonly location: number; readonly value: number}): string {
  return `${event.location}:${event.value}`;
}
