// Runs shards on worker threads. A thread posts finished replications to a port of the job while it works, so that an interrupt, a crash
// or a lack of memory loses the replication it strikes and what the thread finished in the 20 ms before, and nothing else.

import {setTimeout} from "node:timers/promises";
import {MessageChannel, receiveMessageOnPort} from "node:worker_threads";
import {planHash} from "../plan/hash.ts";
import type {Plan} from "../plan/plan.ts";
import type {Crew, ShardsEnd} from "./crew.ts";
import type {Batch, Job} from "./job.ts";
import {unpackSamples} from "./packed-samples.ts";
import type {Pool} from "./pool.ts";
import type {Window} from "./window.ts";

// How long threads get to end by themselves, between two replications, before they are terminated.
const grace = 40; // ms

/** `text` is the plan's canonical JSON. */
export function crewOfThreads(
  plan: Plan,
  text: string,
  pool: Pool,
  engine: string,
  asked?: Window,
): Crew {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const shared = shareText(text);
  const hash = planHash(plan);
  const running = new Set<Promise<ShardsEnd>>();
  let halted = (): void => {};
  const halt = new Promise<undefined>((resolve) => {
    halted = () => resolve(undefined);
  });

  return {
    // A second job a thread waits in its queue, so that none idles while the farm takes notice of the first.
    width: 2 * pool.workers,
    async run(shards, accept) {
      const {port1: port, port2} = new MessageChannel();
      const current = new Int32Array(new SharedArrayBuffer(8));
      current[1] = shards[0]?.from ?? 0;
      const take = (batch: Batch): void => {
        for (const packed of batch) accept(unpackSamples(packed));
      };
      port.on("message", take);
      const job: Job = {
        shards,
        planHash: hash,
        plan: shared,
        stop: stop.buffer as SharedArrayBuffer,
        current: current.buffer as SharedArrayBuffer,
        port: port2,
        engine,
        ...(asked === undefined ? {} : {window: asked}),
      };
      const ended = pool.run(job).catch((error: unknown): ShardsEnd => {
        const point = shards[Atomics.load(current, 0)]?.point ?? 0;
        const replication = Atomics.load(current, 1);
        const reason = reasonOf(error, pool.memory);
        return {elapsed: [], failure: {point, replication, reason}};
      });
      running.add(ended);
      const end = await Promise.race([ended, halt]);
      running.delete(ended);
      // What the thread posted is in the queue by now, though perhaps not yet told.
      for (let rest = receiveMessageOnPort(port); rest; rest = receiveMessageOnPort(port)) {
        take(rest.message as Batch);
      }
      port.close();
      return end === undefined || Atomics.load(stop, 0) === 1 ? {elapsed: []} : end;
    },
    async stop() {
      Atomics.store(stop, 0, 1);
      const idle = Promise.all(running).then(() => true);
      if (!(await Promise.race([idle, setTimeout(grace, false)]))) {
        void pool.destroy();
        halted();
      }
    },
  };
}

function shareText(text: string): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

function reasonOf(error: unknown, memory: number | undefined): string {
  const {code, message} = error as {code?: string; message?: string};
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = memory === undefined ? "" : ` of ${memory} MB`;
    return `it needed more memory than the limit${limit}; simulate fewer CPUs or walkers, or allow more memory`;
  }
  return `its thread failed: ${message ?? String(error)}`;
}
