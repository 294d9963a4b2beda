// The program of a worker thread. It loads the engine and nothing else: no package, no language.

import type {MessagePort} from "node:worker_threads";
import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import type {System} from "../plan/system.ts";
import type {ShardsEnd} from "./crew.ts";
import {loadEngine, type Simulate} from "./engine.ts";
import type {Batch, Job} from "./job.ts";
import {type PackedSamples, packSamples} from "./packed-samples.ts";
import {runReplication, type ShardFailure} from "./shard.ts";

// Replications that take less than this are sent together.
const sendEvery = 20; // ms
// Plans a thread remembers: a notebook goes back and forth between a few.
const remembered = 4;

interface Known {
  readonly plan: Plan;
  readonly systems: Map<number, System>;
}

const plans = new Map<string, Known>();
const engines = new Map<string, Simulate>();

/** Runs one job; called by the pool, by this name. */
export async function work(job: Job): Promise<ShardsEnd> {
  const {shards, port} = job;
  const stop = new Int32Array(job.stop);
  const current = new Int32Array(job.current);
  let simulate = engines.get(job.engine);
  if (simulate === undefined) {
    simulate = await loadEngine(job.engine);
    engines.set(job.engine, simulate);
  }
  const {plan, systems} = planOf(job);
  const elapsed: number[] = [];
  let sent = performance.now();
  let batch: PackedSamples[] = [];
  let failure: ShardFailure | undefined;
  for (const [index, {point, from, to}] of shards.entries()) {
    const system = systems.get(point) ?? systemAt(plan, point);
    systems.set(point, system);
    const begun = performance.now();
    Atomics.store(current, 0, index);
    for (let replication = from; replication < to; replication++) {
      if (Atomics.load(stop, 0) === 1) break;
      Atomics.store(current, 1, replication);
      const outcome = runReplication(plan, system, point, replication, simulate, job.window);
      if ("failure" in outcome) {
        failure = outcome.failure;
        break;
      }
      batch.push(packSamples(outcome.samples));
      const now = performance.now();
      if (now - sent >= sendEvery) {
        send(port, batch);
        batch = [];
        sent = now;
      }
    }
    elapsed.push(performance.now() - begun);
    if (failure !== undefined) break;
  }
  if (batch.length > 0) send(port, batch);
  port.close();
  return failure === undefined ? {elapsed} : {elapsed, failure};
}

function send(port: MessagePort, batch: Batch): void {
  port.postMessage(
    batch,
    batch.map(({numbers}) => numbers.buffer),
  );
}

function planOf(job: Job): Known {
  const known = plans.get(job.planHash);
  if (known !== undefined) return known;
  // A TextDecoder does not read shared memory.
  const text = new TextDecoder().decode(new Uint8Array(job.plan).slice());
  const fresh = {plan: JSON.parse(text) as Plan, systems: new Map<number, System>()};
  plans.set(job.planHash, fresh);
  const oldest = plans.keys().next().value;
  if (plans.size > remembered && oldest !== undefined) plans.delete(oldest);
  return fresh;
}
