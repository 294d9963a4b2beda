// TLB flushes, as the machine does them.
//
//   ipi        every CPU of mm_cpumask is interrupted and flushes; lazy ones are left out when no table is freed or unshared; the
//              initiator flushes its own meanwhile (arch/x86/mm/tlb.c). In a KVM guest preempted vCPUs are left out: the host
//              flushes them before they run again.
//   invlpgb    an instruction reaches every CPU, if the mm runs on three or more; else as `ipi`
//   tlbi       an instruction reaches every CPU
//   hypercall  the hypervisor does it (also under Hyper-V and Xen)
//
// (1) Broadcasts share the interconnect: one lasts `tlb.broadcast`, and `tlb.contend` more for each that is in flight when it begins.
// (2) Only `ipi` interrupts anybody; what a flush proves about walks follows from that and is decided by nobody here.

import {account} from "./accounts.ts";
import {type Context, phase} from "./context.ts";
import {draw} from "./streams.ts";
import {advance} from "./timeline.ts";
import type {World} from "./world.ts";

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
  if (cpusOfMm === undefined) return 0;
  if (machine.tlb === "hypercall" || machine.virt === "hyperv" || machine.virt === "xen") {
    return reached(world, mm, context.now, draw(costs["tlb.hypercall"], state, context.costAt));
  }
  if (machine.tlb === "tlbi" || (machine.tlb === "invlpgb" && cpusOfMm.size() >= 3)) {
    return reached(world, mm, context.now, broadcast(world, context));
  }
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
  const cpusOfMm = world.mmCpus[context.init.mm - 1];
  if (cpusOfMm === undefined || !cpusOfMm.has(context.cpu)) return 0;
  world.flushedAt[context.cpu] = context.now;
  return draw(world.costs["tlb.full"], world.streams.state, context.costAt);
}

/** Whether the host has taken the vCPU away. */
export function preempted(world: World, cpu: number, at: number): boolean {
  return world.cpus.nmiEnd[cpu] > at && world.cpus.nmiAccount[cpu] === account.preempted;
}

function broadcast(world: World, context: Context): number {
  const {broadcasts, costs, streams} = world;
  let kept = 0;
  for (const end of broadcasts) if (end > context.now) broadcasts[kept++] = end;
  broadcasts.length = kept;
  let length = draw(costs["tlb.broadcast"], streams.state, context.costAt);
  for (let i = 0; i < kept; i++) {
    length += draw(costs["tlb.contend"], streams.state, context.costAt);
  }
  broadcasts.push(context.now + length);
  return length;
}

function reached(world: World, mm: number, at: number, length: number): number {
  for (const set of [world.mmCpus[mm - 1], world.mmLazy[mm - 1]]) {
    for (let cpu = set.next(-1); cpu >= 0; cpu = set.next(cpu)) world.flushedAt[cpu] = at + length;
  }
  return length;
}
