// Who runs shards: this thread, or worker threads. Both keep one contract, tested as such.

import type {Samples} from "../record/samples.ts";
import type {Shard, ShardFailure} from "./shard.ts";

/** How a shard ended: the wall time it took [ms], and the replication at which it failed, if it did. */
export interface ShardEnd {
  readonly elapsed: number;
  readonly failure?: ShardFailure;
}

export interface Crew {
  /** How many shards may usefully be handed out at once. */
  readonly width: number;
  /**
   * Runs a shard and hands over its replications in order, each as soon as may be. Never rejects: a fault of the engine, a thread that
   * died and memory that ran out are reported in the end. After `stop` it ends early, without a failure.
   */
  run(shard: Shard, accept: (samples: Samples) => void): Promise<ShardEnd>;
  /** Stops all shards within 100 ms, keeping every replication that is finished by then. */
  stop(): Promise<void>;
}
