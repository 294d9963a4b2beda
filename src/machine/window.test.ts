import assert from "node:assert/strict";
import {it} from "node:test";
import {openStream} from "../random/stream.ts";
import {traceEvents} from "../record/trace-events.ts";
import {randomSystem} from "./random-system.ts";
import {simulate} from "./simulate.ts";

const systems = Array.from({length: 24}, (_, index) => ({
  system: {...randomSystem(openStream(23, index, "system", "shape")), duration: 400_000, warmup: 0},
  replication: index,
}));

it("records disjoint intervals that cover a window and agree with the accounts", () => {
  for (const {system, replication} of systems) {
    const {duration} = system;
    const samples = simulate(system, {seed: 2, replication, timeline: {from: 0, to: duration}});
    const {timeline} = samples;
    assert.ok(timeline !== undefined && timeline.dropped === 0);
    const perCpu = new Map<number, number>();
    const perState: Record<string, number> = {};
    for (const {cpu, from, to, state} of timeline.intervals) {
      if (cpu < 0) continue;
      assert.ok(from >= (perCpu.get(cpu) ?? 0) - 1e-9, `system ${replication}: overlap`);
      perCpu.set(cpu, to);
      const name = state === "nmi" ? "walk" : state;
      perState[name] = (perState[name] ?? 0) + to - from;
    }
    const accounts: Record<string, number> = {};
    for (const {time} of samples.accounts) {
      for (const [account, ns] of Object.entries(time)) {
        const name = account === "tracker" ? "walk" : account;
        accounts[name] = (accounts[name] ?? 0) + ns;
      }
    }
    for (const [name, ns] of Object.entries(accounts)) {
      const shown = perState[name] ?? 0;
      assert.ok(Math.abs(shown - ns) < 0.01, `system ${replication}: ${name} ${shown} for ${ns}`);
    }
  }
});

it("records without changing the run", () => {
  for (const {system, replication} of systems.slice(0, 10)) {
    const plain = simulate(system, {seed: 2, replication});
    const {timeline, ...recorded} = simulate(system, {
      seed: 2,
      replication,
      timeline: {from: 100_000, to: 150_000},
    });
    assert.deepEqual(recorded, plain);
    for (const {from, to} of timeline?.intervals ?? []) {
      assert.ok(from >= 100_000 && to <= 150_000 && to > from);
    }
  }
});

it("exports a window as trace events: a thread a CPU, arrows in pairs", () => {
  const {system, replication} = systems[3] as (typeof systems)[number];
  const {timeline} = simulate(system, {seed: 2, replication, timeline: {from: 0, to: 200_000}});
  assert.ok(timeline);
  const file = JSON.parse(JSON.stringify(traceEvents(timeline)));
  const of = (ph: string) => file.traceEvents.filter((one: {ph: string}) => one.ph === ph);
  assert.equal(of("X").length, timeline.intervals.length);
  assert.equal(of("s").length, timeline.arrows.length);
  assert.equal(of("f").length, timeline.arrows.length);
  assert.ok(of("M").some((one: {args: {name?: string}}) => one.args.name === "CPU 0"));
  for (const {ts, dur} of of("X")) assert.ok(ts >= 0 && dur > 0 && ts + dur <= 200.001);
});
