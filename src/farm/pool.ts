// Worker threads. Piscina queues jobs, restarts threads that die and turns their deaths into rejections; this file is all that knows it.

import type {MessagePort} from "node:worker_threads";
import {Piscina} from "piscina";
import type {ShardsEnd} from "./crew.ts";
import type {Job} from "./job.ts";

export interface Pool {
  readonly workers: number;
  /** Heap limit of a thread [MB]. */
  readonly memory: number | undefined;
  readonly destroyed: boolean;
  /** Queues a job; its port is handed over to the thread. Rejects when the thread dies. */
  run(job: Job): Promise<ShardsEnd>;
  /** Terminates all threads, whatever they do. */
  destroy(): Promise<void>;
}

// Threads live on between runs (starting one costs some 50 ms, and its code is warm); they do not keep the process alive. A pool serves
// one run at a time, so that an interrupt of one run strikes no other.
let idle: Pool | undefined;

/** A pool for one run: the one the last run gave back, if it has the right size, or a new one. */
export function takePool(workers: number, memory: number | undefined): Pool {
  const taken = idle;
  idle = undefined;
  if (taken?.workers === workers && taken.memory === memory) return taken;
  void taken?.destroy();
  return openPool(workers, memory);
}

/** Keeps a pool for the next run. Of several the latest is kept; a destroyed one is not. */
export function giveBack(pool: Pool): void {
  if (pool.destroyed) return;
  void idle?.destroy();
  idle = pool;
}

function openPool(workers: number, memory: number | undefined): Pool {
  const piscina = new Piscina<Job, ShardsEnd>({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    ...(memory === undefined ? {} : {resourceLimits: {maxOldGenerationSizeMb: memory}}),
  });
  let destroyed = false;
  return {
    workers,
    memory,
    get destroyed() {
      return destroyed;
    },
    run: (job) => piscina.run(job, {name: "work", transferList: [job.port as MessagePort]}),
    async destroy() {
      destroyed = true;
      await piscina.destroy();
    },
  };
}
