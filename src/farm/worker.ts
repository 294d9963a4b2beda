// The program of a worker thread. It loads the engine and nothing else: no package, no language.

import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";
import type {ShardEnd} from "./crew.ts";
import {loadEngine, type Simulate} from "./engine.ts";
import type {Job} from "./job.ts";
import {runReplication} from "./shard.ts";

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
export async function work(job: Job): Promise<ShardEnd> {
  const {shard, port} = job;
  const stop = new Int32Array(job.stop);
  const current = new Int32Array(job.current);
  let simulate = engines.get(job.engine);
  if (simulate === undefined) {
    simulate = await loadEngine(job.engine);
    engines.set(job.engine, simulate);
  }
  const {plan, systems} = planOf(job);
  const system = systems.get(shard.point) ?? systemAt(plan, shard.point);
  systems.set(shard.point, system);
  const begun = performance.now();
  let sent = begun;
  let batch: Samples[] = [];
  let end: ShardEnd | undefined;
  for (let replication = shard.from; replication < shard.to; replication++) {
    if (Atomics.load(stop, 0) === 1) break;
    Atomics.store(current, 0, replication);
    const outcome = runReplication(plan, system, shard.point, replication, simulate, job.window);
    const now = performance.now();
    if ("failure" in outcome) {
      end = {elapsed: now - begun, failure: outcome.failure};
      break;
    }
    batch.push(outcome.samples);
    if (now - sent >= sendEvery) {
      port.postMessage(batch);
      batch = [];
      sent = now;
    }
  }
  if (batch.length > 0) port.postMessage(batch);
  port.close();
  return end ?? {elapsed: performance.now() - begun};
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
