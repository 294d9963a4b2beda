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
    async run(shards, accept) {
      const elapsed: number[] = [];
      let turned = performance.now();
      for (const {point, from, to} of shards) {
        const system = systems.get(point) ?? systemAt(plan, point);
        systems.set(point, system);
        let spent = 0;
        for (let replication = from; replication < to && !stopped; replication++) {
          const begun = performance.now();
          const outcome = runReplication(plan, system, point, replication, simulate, asked);
          const now = performance.now();
          spent += now - begun;
          if ("failure" in outcome) return {elapsed: [...elapsed, spent], failure: outcome.failure};
          accept(outcome.samples);
          if (now - turned > turnEvery) {
            await setImmediate();
            turned = performance.now();
          }
        }
        elapsed.push(spent);
      }
      await setImmediate();
      return {elapsed};
    },
    async stop() {
      stopped = true;
    },
  };
}
