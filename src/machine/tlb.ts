// TLB flushes, as the machine does them.
//
//   ipi        every CPU of mm_cpumask is interrupted and flushes; lazy ones are left out when no table is freed or unshared; the
//              initiator flushes its own meanwhile (arch/x86/mm/tlb.c). In a KVM guest preempted vCPUs are left out: the host
//              flushes them before they run again.
//   invlpgb    an instruction reaches every CPU, if the mm runs on three or more; else as `ipi`
//   tlbi       an instruction reaches every CPU
//   hypercall  the hypervisor does it (also under Hyper-V and Xen)
//
// (1) Broadcasts share the interconnect, which serves them in the order in which they begin. Each entry keeps it for `tlb.contend`; what
//     comes meanwhile waits for its turn. From then on a broadcast lasts `tlb.broadcast`, or as long as it keeps the interconnect.
// (2) Only `ipi` interrupts anybody; what a flush proves about walks follows from that and is decided by nobody here.
// (3) What is invalidated follows from the write: a freed table counts for one entry (pte_free_tlb() marks one page at its address), a
//     shared or collapsed one for all 512 it maps. Each entry costs `tlb.page` on every CPU that flushes, up to 33 of them; more make it a
//     full flush, `tlb.full` (tlb_single_page_flush_ceiling). A broadcast issues each entry after the first for `tlb.page`.
// (4) Flushes of an mm are numbered (mm->context.tlb_gen). A CPU that has caught up with the latest has nothing to do for an earlier one;
//     one that has missed any flushes everything, and has then caught up (flush_tlb_func()).

import type {Writer} from "../plan/system.ts";
import {account} from "./accounts.ts";
import {type Context, phase} from "./context.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

const ceiling = 33;
const entriesOfTable = 512;

/** Entries that an operation's flush invalidates one by one; 0: everything at once. */
export function entriesOf({kind, batch}: Pick<Writer, "kind" | "batch">): number {
  const entries = kind === "free" ? batch : batch * entriesOfTable;
  return entries > ceiling ? 0 : entries;
}

/** Flushes the TLB of a CPU at `at` for the flush a context is in; returns how long that takes, drawn from the stream at `stream`. */
export function invalidate(
  world: World,
  context: Context,
  cpu: number,
  at: number,
  stream: number,
): number {
  const {flushMm: mm} = context;
  const {entries} = context.init;
  const {tlbSeen} = world;
  const place = mm * world.cpus.count + cpu;
  const seen = tlbSeen[place];
  const latest = world.tlbFlushes[mm];
  if (seen === latest) return 0;
  tlbSeen[place] = latest;
  world.flushedAt[cpu] = at;
  const next = seen + 1 === latest && context.flushNumber === latest;
  if (next && entries > 0) return pages(world, entries, stream);
  return draw(world.costs["tlb.full"], world.streams.state, stream);
}

function pages(world: World, count: number, at: number): number {
  const law = world.costs["tlb.page"];
  if (law.constant >= 0) return count * law.constant;
  let length = 0;
  for (let i = 0; i < count; i++) length += draw(law, world.streams.state, at);
  return length;
}

/**
 * Begins a flush for an mm (1-based) at the context's `now`. Returns its duration if nobody has to be interrupted; else -1, with the
 * CPUs to interrupt in the context's `flushSet`.
 */
export function beginFlush(world: World, context: Context, mm: number): number {
  const {machine} = world.system;
  const {state} = world.streams;
  const {costs} = world;
  const cpusOfMm = world.mmCpus[mm - 1];
  context.flushStart = context.now;
  context.flushMm = mm;
  if (cpusOfMm === undefined) return 0;
  if (machine.tlb === "hypercall" || machine.virt === "hyperv" || machine.virt === "xen") {
    return reached(world, mm, context.now, draw(costs["tlb.hypercall"], state, context.costAt));
  }
  if (machine.tlb === "tlbi" || (machine.tlb === "invlpgb" && cpusOfMm.size() >= 3)) {
    return reached(world, mm, context.now, broadcast(world, context));
  }
  context.flushNumber = ++world.tlbFlushes[mm];
  const {flushSet} = context;
  flushSet.copy(cpusOfMm);
  if (context.init.writer.kind !== "collapse") {
    const lazy = world.mmLazy[mm - 1];
    for (let cpu = lazy.next(-1); cpu >= 0; cpu = lazy.next(cpu)) flushSet.add(cpu);
  }
  flushSet.delete(context.cpu);
  if (machine.virt === "kvm") {
    for (let cpu = flushSet.next(-1); cpu >= 0; cpu = flushSet.next(cpu)) {
      advance(world, cpu, context.now);
      if (preempted(world, cpu, context.now)) {
        flushSet.delete(cpu);
        world.flushedAt[cpu] = context.now;
        world.tlbSeen[mm * world.cpus.count + cpu] = context.flushNumber;
      }
    }
  }
  if (flushSet.size() === 0) return localFlush(world, context);
  context.flushCpu = -1;
  context.phase = phase.flushQueue;
  return -1;
}

/** What flushing the own TLB takes; nothing if the mm is not loaded here. */
export function localFlush(world: World, context: Context): number {
  const cpusOfMm = world.mmCpus[context.flushMm - 1];
  if (cpusOfMm === undefined || !cpusOfMm.has(context.cpu)) return 0;
  return invalidate(world, context, context.cpu, context.now, context.costAt);
}

/** Whether the host has taken the vCPU away. */
export function preempted(world: World, cpu: number, at: number): boolean {
  return world.cpus.nmiEnd[cpu] > at && world.cpus.nmiAccount[cpu] === account.preempted;
}

function broadcast(world: World, context: Context): number {
  const {costs, streams} = world;
  const {now, costAt} = context;
  const {entries} = context.init;
  let length = draw(costs["tlb.broadcast"], streams.state, costAt);
  if (entries > 1) length += pages(world, entries - 1, costAt);
  let keeps = 0;
  for (let i = 0; i < Math.max(1, entries); i++) {
    keeps += draw(costs["tlb.contend"], streams.state, costAt);
  }
  const turn = Math.max(now, world.interconnectFree);
  world.interconnectFree = turn + keeps;
  return turn - now + Math.max(length, keeps);
}

function reached(world: World, mm: number, at: number, length: number): number {
  for (const set of [world.mmCpus[mm - 1], world.mmLazy[mm - 1]]) {
    for (let cpu = set.next(-1); cpu >= 0; cpu = set.next(cpu)) world.flushedAt[cpu] = at + length;
  }
  return length;
}
