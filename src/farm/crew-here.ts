// Runs shards in this thread. Between replications it lets the event loop turn, so that an interrupt or a progress line gets its chance;
// a replication itself cannot be interrupted.

import {setImmediate} from "node:timers/promises";
import type {Plan} from "../plan/plan.ts";
import {systemAt} from "../plan/point.ts";
import type {System} from "../plan/system.ts";
import type {Crew} from "./crew.ts";
import type {Simulate} from "./engine.ts";
import {runReplication} from "./shard.ts";
import type {Window} from "./window.ts";

const turnEvery = 10; // ms

export function crewHere(plan: Plan, simulate: Simulate, asked?: Window): Crew {
  const systems = new Map<number, System>();
  let stopped = false;
  return {
    width: 1,
    async run(shard, accept) {
      const system = systems.get(shard.point) ?? systemAt(plan, shard.point);
      systems.set(shard.point, system);
      const begun = performance.now();
      let turned = begun;
      for (let replication = shard.from; replication < shard.to && !stopped; replication++) {
        const outcome = runReplication(plan, system, shard.point, replication, simulate, asked);
        const now = performance.now();
        if ("failure" in outcome) return {elapsed: now - begun, failure: outcome.failure};
        accept(outcome.samples);
        if (now - turned > turnEvery) {
          await setImmediate();
          turned = performance.now();
        }
      }
      await setImmediate();
      return {elapsed: performance.now() - begun};
    },
    async stop() {
      stopped = true;
    },
  };
}
