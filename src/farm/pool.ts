// Worker threads. Piscina queues jobs, restarts threads that die and turns their deaths into rejections; this file is all that knows it.

import type {MessagePort} from "node:worker_threads";
import {Piscina} from "piscina";
import type {ShardEnd} from "./crew.ts";
import type {Job} from "./job.ts";

export interface Pool {
  readonly workers: number;
  /** Heap limit of a thread [MB]. */
  readonly memory: number | undefined;
  /** Queues a job; its port is handed over to the thread. Rejects when the thread dies. */
  run(job: Job): Promise<ShardEnd>;
  /** Terminates all threads, whatever they do. */
  destroy(): Promise<void>;
}

// Threads live on between runs (starting one costs some 50 ms, and its code is warm); they do not keep the process alive.
let current: Pool | undefined;

/** The pool of this process, made anew when another size is asked for. */
export function sharedPool(workers: number, memory: number | undefined): Pool {
  if (current?.workers !== workers || current.memory !== memory) {
    void current?.destroy();
    current = openPool(workers, memory);
  }
  return current;
}

function openPool(workers: number, memory: number | undefined): Pool {
  const piscina = new Piscina<Job, ShardEnd>({
    filename: new URL("./worker.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    ...(memory === undefined ? {} : {resourceLimits: {maxOldGenerationSizeMb: memory}}),
  });
  const pool: Pool = {
    workers,
    memory,
    run: (job) => piscina.run(job, {name: "work", transferList: [job.port as MessagePort]}),
    async destroy() {
      if (current === pool) current = undefined;
      await piscina.destroy();
    },
  };
  return pool;
}
