import assert from "node:assert/strict";
import {it} from "node:test";
import type {System, TlbKind, Writer} from "../plan/system.ts";
import {
  constant,
  first,
  flushImpliesPolicy,
  freeMachine,
  mmOf,
  systemOf,
  writerOf,
} from "./laboratory.ts";
import {simulate} from "./simulate.ts";

const page = 100;
const full = 2500;

function flushing(
  cpus: number,
  writer: Partial<Writer>,
  tlb: TlbKind = "ipi",
  delivery = 0,
): System {
  return systemOf({
    machine: freeMachine(
      4,
      {tlb},
      {
        "tlb.page": page,
        "tlb.full": full,
        "tlb.broadcast": 700,
        "ipi.deliver.same_socket": delivery,
      },
    ),
    policies: [flushImpliesPolicy()],
    duration: 1e6,
    mms: [mmOf("app", first(cpus))],
    writers: [
      writerOf({policy: "implied", cadence: {kind: "closed", think: constant(9000)}, ...writer}),
    ],
  });
}

function flushOf(system: System, entity = "writer"): number {
  const {series} = simulate(system, {seed: 1, replication: 0});
  const flush = series.find((row) => row.entity === entity && row.metric === "flush");
  assert.ok(flush && flush.count > 20 && flush.max - flush.min < 1e-6);
  return flush.min;
}

it("flushes entry by entry up to 33 freed tables, and everything beyond or after a collapse or an unshare", () => {
  for (const batch of [1, 2, 33]) assert.equal(flushOf(flushing(1, {batch})), batch * page);
  assert.equal(flushOf(flushing(1, {batch: 34})), full);
  assert.equal(flushOf(flushing(1, {kind: "collapse"})), full);
  assert.equal(flushOf(flushing(1, {kind: "unshare"})), full);
});

it("lets every CPU of the mm pay, at the same time as the initiator", () => {
  const system = flushing(4, {batch: 5});
  assert.equal(flushOf(system), 5 * page);
  const {accounts, series} = simulate(system, {seed: 1, replication: 0});
  const flushes = series.find((row) => row.entity === "sync" && row.metric === "flushes")?.sum ?? 0;
  const handler = accounts.reduce((sum, {time}) => sum + (time.handler ?? 0), 0);
  assert.equal(handler, flushes * 5 * page);
});

it("issues the further entries of a broadcast one after another", () => {
  assert.equal(flushOf(flushing(4, {batch: 5}, "invlpgb")), 700 + 4 * page);
  assert.equal(flushOf(flushing(4, {kind: "collapse"}, "tlbi")), 700);
});

it("flushes nothing again for a CPU that has caught up, and everything for one that has missed a flush", () => {
  // Two CPUs free a table at the same instant: whichever the third CPU serves first leaves nothing for the other.
  const system = flushing(4, {batch: 1}, "ipi", 500);
  const at = {kind: "closed", think: constant(9000)} as const;
  const both = {
    ...system,
    writers: [0, 1].map((on) => writerOf({name: `w${on}`, on, policy: "implied", cadence: at})),
  };
  const {accounts, series} = simulate(both, {seed: 1, replication: 0});
  const sum = (metric: string) =>
    series.filter((row) => row.metric === metric).reduce((all, row) => all + row.sum, 0);
  const bystanders = accounts.find(({cpuClass}) => cpuClass === "busy");
  assert.ok(bystanders && bystanders.cpus === 2);
  const handler = bystanders.time.handler ?? 0;
  const operations = sum("count") / 2;
  // Two flushes were missed when the first of them is served: both at once, by flushing everything.
  assert.ok(Math.abs(handler - 2 * operations * full) <= 2 * full, `${handler}, ${operations}`);
});

/** Writers on CPUs of their own that only broadcast invalidations. */
function broadcasting(count: number, think: number, alone: number, duration: number): System {
  return systemOf({
    machine: freeMachine(count, {tlb: "tlbi"}, {"tlb.broadcast": alone, "tlb.contend": 300}),
    policies: [flushImpliesPolicy()],
    duration,
    writers: Array.from({length: count}, (_, on) =>
      writerOf({
        name: `w${on}`,
        on,
        policy: "implied",
        cadence: {kind: "closed", think: constant(think)},
      }),
    ),
  });
}

it("lets broadcasts that begin together pass one after another, and those apart not wait", () => {
  const {series} = simulate(broadcasting(4, 9000, 700, 1e6), {seed: 1, replication: 0});
  const flushes = series.filter(({metric, count}) => metric === "flush" && count > 1);
  assert.equal(flushes.length, 4);
  flushes.forEach(({min, max, sum, count}, turn) => {
    assert.equal(min, 700);
    assert.equal(max, 700 + 300 * turn);
    assert.ok(Math.abs(sum - 700 * count - 300 * turn) < 1e-6);
  });
});

it("invalidates no more often than the interconnect can pass, however many there are that do", () => {
  for (const count of [4, 16]) {
    const {series} = simulate(broadcasting(count, 0, 700, 1e6), {seed: 1, replication: 0});
    const done = series.filter(({entity, metric}) => entity.startsWith("w") && metric === "count");
    const all = done.reduce((sum, row) => sum + row.sum, 0);
    assert.ok(Math.abs(all - 1e6 / 300) < count + 1, `${count}: ${all}`);
  }
});
