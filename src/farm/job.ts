// What passes between the farm and a worker thread. The plan travels as shared bytes, of which a job carries only the reference: a
// thread decodes them the first time it meets their hash.

import type {MessagePort} from "node:worker_threads";
import type {PackedSamples} from "./packed-samples.ts";
import type {Shard} from "./shard.ts";
import type {Window} from "./window.ts";

export interface Job {
  readonly shards: readonly Shard[];
  readonly planHash: string;
  /** Canonical JSON of the plan in UTF-8. Written before the first job, only read since. */
  readonly plan: SharedArrayBuffer;
  /** One Int32: the farm sets it to 1 to ask for an early end; threads read it between replications. */
  readonly stop: SharedArrayBuffer;
  /** Two Int32: the index of the shard and the replication the thread is at, for the case that it dies of it. Written by the thread only. */
  readonly current: SharedArrayBuffer;
  /** Where finished replications go, in batches. */
  readonly port: MessagePort;
  /** Address of the engine's module. */
  readonly engine: string;
  /** The timeline asked for, if any. */
  readonly window?: Window;
}

export type Batch = readonly PackedSamples[];
