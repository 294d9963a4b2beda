import assert from "node:assert/strict";
import {it} from "node:test";
import type {Load} from "../plan/system.ts";
import {constant, freeMachine, gracePolicy, loadOf, systemOf, writerOf} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const wakeup = 2000;

/** Waits of a writer on CPU 0 of three, the others being as the load says [ns]. */
function waits(load: Partial<Load>): {min: number; max: number} {
  const system = systemOf({
    machine: freeMachine(
      3,
      {hz: 100},
      {
        wakeup,
        "ipi.send": 30,
        "line.same_socket": 50,
        "ipi.icr": 100,
        "ipi.deliver.same_socket": 500,
        "ipi.entry": 300,
        "rcu.handle": 70,
        "ipi.exit": 200,
      },
    ),
    policies: [gracePolicy(true)],
    duration: 5e6,
    loads: [loadOf({on: [[1, 2]], ...load})],
    writers: [writerOf({policy: "expedited", cadence: {kind: "closed", think: constant(50_000)}})],
  });
  const {series} = simulate(system, {seed: 1, replication: 0});
  const sync = series.find(({entity, metric}) => entity === "writer" && metric === "sync");
  assert.ok(sync !== undefined && sync.count > 50);
  return sync;
}

it("wakes the kthread, the kthread again when the last CPU has reported, and the caller", () => {
  // The request to the second CPU goes out after that to the first.
  const reported = 2 * (30 + 50 + 100) + 500 + 300 + 70;
  const {min, max} = waits({user: 1});
  assert.equal(min, 3 * wakeup + reported);
  assert.equal(max, min);
});

it("does not let the kthread sleep when nobody has to be interrupted", () => {
  const {min} = waits({idle: 1});
  assert.equal(min, 2 * wakeup);
});
