// Runs a plan: hands out shards until every point is done, or until an interrupt, the budget or a failure ends it; then evaluates what
// is finished. The result is the same, bit for bit, for any number of workers and any order in which they finish: see `schedule.ts` for
// the set of replications, `ledger.ts` for the fold.

import {availableParallelism} from "node:os";
import {decodedPlan, planHash} from "../plan/hash.ts";
import type {Plan} from "../plan/plan.ts";
import type {Samples} from "../record/samples.ts";
import {type ChosenWarmUp, withWarmUp} from "./chosen-warm-up.ts";
import type {Crew} from "./crew.ts";
import {crewHere} from "./crew-here.ts";
import {crewOfThreads} from "./crew-of-threads.ts";
import {engineModule, loadEngine} from "./engine.ts";
import {evaluate} from "./evaluate.ts";
import {failureText} from "./failure-text.ts";
import {Ledger} from "./ledger.ts";
import {Limits} from "./limits.ts";
import {giveBack, takePool} from "./pool.ts";
import type {Progress, RunResult} from "./result.ts";
import {type PilotsEnd, runPilots} from "./run-pilots.ts";
import {Schedule} from "./schedule.ts";
import type {Shard, ShardFailure} from "./shard.ts";
import type {Window} from "./window.ts";

export interface RunOptions {
  /** Worker threads; 0 runs in this thread. As many as there are CPUs when absent. */
  readonly workers?: number;
  /** Ends the run within 100 ms (in this thread: after the replication at hand), keeping what is finished. */
  readonly signal?: AbortSignal;
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?: (progress: Progress) => void;
  /** Records this window of simulated time [ns] in replication 0 of the first 16 points; that of the plan's timeline plot when absent. */
  readonly timeline?: Window;
  /** Heap limit of a worker thread [MB]; Node's own when absent. */
  readonly memory?: number;
  /** Address of a module that exports `simulate`; the engine of this package when absent. */
  readonly engine?: string;
}

// Shards are handed out together that take about this long: short enough for balance, long enough for the overhead of some 0.2 ms not to
// count. Towards the end they take less, so that all threads end together.
const jobTime = 50; // ms
const progressEvery = 100; // ms

/**
 * Runs every point of a plan. Resolves also when the run was cut short; `ended` then says why, and `failure` which replication of which
 * point failed and how to run it alone. Rejects only for a plan that is not plain data and options out of range.
 */
export async function runPlan(given: Plan, options: RunOptions = {}): Promise<RunResult> {
  return withCrews(given, options, async (decoded, crewFor) => {
    const {plan} = decoded;
    const limits = new Limits(plan.budget, options.signal);
    try {
      if (plan.warmup !== "auto")
        return await new Run(plan, crewFor(decoded), options, limits).run();
      const hash = planHash(plan);
      const {chosen, failure} = await pilotsOf(plan, crewFor(decoded), options, limits);
      if (chosen === undefined) {
        const ledger = new Ledger(plan);
        const text = failure === undefined ? undefined : failureText(plan, failure, 0);
        return evaluate(ledger, new Schedule(plan, ledger), limits.ended ?? "failed", text);
      }
      const settled = decodedPlan(withWarmUp(plan, chosen));
      const result = await new Run(settled.plan, crewFor(settled), options, limits).run();
      return {...result, planHash: hash, warmUp: chosen};
    } finally {
      limits.release();
    }
  });
}

/**
 * The warm-up that `runPlan` would choose for a plan that leaves it to pilots. Rejects with an Error when a pilot fails, which says how to
 * run it alone.
 */
export async function chooseWarmUp(given: Plan, options: RunOptions = {}): Promise<ChosenWarmUp> {
  return withCrews(given, options, async (decoded, crewFor) => {
    const limits = new Limits();
    const {chosen, failure} = await pilotsOf(decoded.plan, crewFor(decoded), options, limits);
    if (chosen !== undefined) return chosen;
    throw new Error(failure === undefined ? "interrupted" : failureText(decoded.plan, failure, 0));
  });
}

type Decoded = ReturnType<typeof decodedPlan>;

async function withCrews<T>(
  given: Plan,
  options: RunOptions,
  body: (decoded: Decoded, crewFor: (plan: Decoded) => Crew) => Promise<T>,
): Promise<T> {
  const workers = options.workers ?? availableParallelism();
  if (!Number.isInteger(workers) || workers < 0 || workers > 1024) {
    throw new RangeError(
      `Expected \`workers\` to be an integer from 0 to 1024, got \`${workers}\``,
    );
  }
  // In canonical form, as the threads will decode it: no engine can tell a thread from this one.
  const decoded = decodedPlan(given);
  const engine = options.engine ?? engineModule;
  if (workers === 0) {
    const simulate = await loadEngine(engine);
    return body(decoded, ({plan}) => crewHere(plan, simulate, options.timeline));
  }
  const pool = takePool(workers, options.memory);
  try {
    return await body(decoded, ({plan, text}) =>
      crewOfThreads(plan, text, pool, engine, options.timeline),
    );
  } finally {
    giveBack(pool);
  }
}

function pilotsOf(
  plan: Plan,
  crew: Crew,
  {onProgress}: RunOptions,
  limits: Limits,
): Promise<PilotsEnd> {
  limits.onEnd(() => void crew.stop());
  let shown = Number.NEGATIVE_INFINITY;
  return runPilots(
    plan,
    crew,
    () => limits.ended !== undefined,
    (done, planned) => {
      const now = performance.now();
      if (onProgress === undefined || now - shown < progressEvery) return;
      shown = now;
      const elapsed = limits.elapsed();
      onProgress({
        experiment: plan.name,
        stage: "pilots",
        replicationsDone: done,
        replicationsPlanned: planned,
        pointsDone: 0,
        points: plan.points.length,
        elapsed,
        left: Number.NaN,
      });
    },
  );
}

class Run {
  readonly #plan: Plan;
  readonly #crew: Crew;
  readonly #options: RunOptions;
  readonly #limits: Limits;
  readonly #ledger: Ledger;
  readonly #schedule: Schedule;
  #shown = Number.NEGATIVE_INFINITY;
  #finished = 0;
  /** Wall time of a replication by point, once known [ms]; and what all have taken. */
  readonly #pace = new Map<number, number>();
  #spent = 0;
  #timed = 0;
  #ended: RunResult["ended"] | undefined;
  #failure: ShardFailure | undefined;
  /** Called when more may be handed out, or the run has ended. */
  #wake = (): void => {};

  constructor(plan: Plan, crew: Crew, options: RunOptions, limits: Limits) {
    this.#plan = plan;
    this.#crew = crew;
    this.#options = options;
    this.#limits = limits;
    this.#ledger = new Ledger(plan);
    this.#schedule = new Schedule(plan, this.#ledger);
  }

  async run(): Promise<RunResult> {
    const limits = this.#limits;
    limits.onEnd(() => this.#end(limits.ended ?? "interrupted"));
    if (limits.ended !== undefined) this.#end(limits.ended);
    await this.#handOut();
    this.#showProgress(true);
    const failure =
      this.#failure === undefined
        ? undefined
        : failureText(this.#plan, this.#failure, this.#finished);
    return evaluate(this.#ledger, this.#schedule, this.#ended ?? "complete", failure);
  }

  async #handOut(): Promise<void> {
    const running = new Set<Promise<void>>();
    while (this.#ended === undefined && !this.#schedule.done) {
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const shards = running.size < this.#crew.width ? this.#nextShards() : [];
      if (shards.length === 0) {
        await changed;
        continue;
      }
      const job = this.#crew
        .run(shards, (samples) => this.#accept(samples))
        .then(({elapsed, failure}) => {
          running.delete(job);
          elapsed.forEach((time, i) => {
            const {point, from, to} = shards[i] as Shard;
            this.#pace.set(point, Math.max(1e-3, time / (to - from)));
            this.#spent += time;
            this.#timed += to - from;
          });
          if (failure !== undefined) this.#fail(failure);
          this.#wake();
        });
      running.add(job);
    }
    await Promise.all(running);
  }

  /** Shards for one job; a point of which nothing is known is taken to be like the others. */
  #nextShards(): Shard[] {
    const average = this.#timed === 0 ? jobTime : this.#spent / this.#timed;
    const share = (this.#schedule.left * average) / (2 * this.#crew.width);
    const paceOf = (point: number) => this.#pace.get(point) ?? average;
    const shards: Shard[] = [];
    for (let time = Math.min(jobTime, share); time > 0; ) {
      const shard = this.#schedule.next((point) => time / paceOf(point));
      if (shard === undefined) break;
      shards.push(shard);
      time -= (shard.to - shard.from) * paceOf(shard.point);
    }
    return shards;
  }

  #accept(samples: Samples): void {
    if (this.#ledger.has(samples.point, samples.replication)) return;
    this.#ledger.add(samples);
    this.#schedule.accept(samples.point);
    this.#finished++;
    this.#showProgress(false);
    this.#wake();
  }

  #fail(failure: ShardFailure): void {
    const first = this.#failure;
    // Of several, the first in the order of the plan.
    const earlier =
      first === undefined ||
      failure.replication < first.replication ||
      (failure.replication === first.replication && failure.point < first.point);
    if (earlier) this.#failure = failure;
    this.#end("failed");
  }

  #end(ended: RunResult["ended"]): void {
    if (this.#ended !== undefined) return;
    this.#ended = ended;
    void this.#crew.stop();
    this.#wake();
  }

  #showProgress(last: boolean): void {
    const {onProgress} = this.#options;
    const now = performance.now();
    if (onProgress === undefined || (!last && now - this.#shown < progressEvery)) return;
    this.#shown = now;
    const elapsed = this.#limits.elapsed();
    const indices = this.#plan.points.keys();
    let planned = 0;
    let pointsDone = 0;
    let precision: Progress["precision"];
    for (const point of indices) {
      planned += this.#schedule.forecast(point);
      if (this.#schedule.isDone(point)) pointsDone++;
      this.#schedule.precisionOf(point).forEach(({reached}, i) => {
        const target = this.#plan.until[i]?.tolerance ?? 0;
        if (precision === undefined || reached / target > precision.reached / precision.target) {
          precision = {reached, target};
        }
      });
    }
    onProgress({
      experiment: this.#plan.name,
      stage: "replications",
      replicationsDone: this.#finished,
      replicationsPlanned: planned,
      pointsDone,
      points: this.#plan.points.length,
      ...(precision === undefined ? {} : {precision}),
      elapsed,
      left:
        this.#finished === 0 ? Number.NaN : (elapsed * (planned - this.#finished)) / this.#finished,
    });
  }
}
