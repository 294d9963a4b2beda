// Who runs shards: this thread, or worker threads. Both keep one contract, tested as such.

import type {Samples} from "../record/samples.ts";
import type {Shard, ShardFailure} from "./shard.ts";

/** How some shards ended: the wall time of each that was begun [ms], and the replication at which one failed, if it did. */
export interface ShardsEnd {
  readonly elapsed: readonly number[];
  readonly failure?: ShardFailure;
}

export interface Crew {
  /** How many calls of `run` may usefully be under way at once. */
  readonly width: number;
  /**
   * Runs shards, one after the other, and hands over their replications in order, each as soon as may be. Never rejects: a fault of the engine, a thread that
   * died and memory that ran out are reported in the end. After `stop` it ends early, without a failure.
   */
  run(shards: readonly Shard[], accept: (samples: Samples) => void): Promise<ShardsEnd>;
  /** Stops all shards within 100 ms, keeping every replication that is finished by then. */
  stop(): Promise<void>;
}
