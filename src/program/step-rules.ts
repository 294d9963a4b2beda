// What of a micro-step follows from the text alone, so that the checker and the timed engine cut a policy into the same steps
// (`schedule.ts` has the rules).

import {type Code, op} from "./code.ts";
import {reachable} from "./reachable.ts";
import type {SmallSystem, WriterTask} from "./small-system.ts";

/** Whether a flush for an mm (1-based) is an instruction or a hypercall that reaches all CPUs without interrupting any. */
export function flushBroadcasts({system}: Pick<SmallSystem, "system">, mm: number): boolean {
  const {machine} = system;
  if (machine.tlb === "hypercall" || machine.virt === "hyperv" || machine.virt === "xen")
    return true;
  // Global ASIDs are scarce: Linux gives them to mms that run on three CPUs or more (arch/x86/mm/tlb.c).
  let cpus = 0;
  for (const [lo, hi] of system.mms[mm - 1]?.cpus ?? []) cpus += hi - lo + 1;
  return machine.tlb === "tlbi" || (machine.tlb === "invlpgb" && cpus >= 3);
}

/** Whether a writer's policy, or the one it falls back to, sends interrupts that it could wait for: then each wait is a step per CPU. */
export function waitsForAcks(small: SmallSystem, writer: WriterTask): boolean {
  return codesOf(small, writer).some((code) =>
    instructions(code).some((pc) => code.ops[4 * pc] === op.ipi && code.ops[4 * pc + 2] === 1),
  );
}

/** Whether one writer at most sends interrupts: then a send belongs to the step of the load that decides on it. */
export function sendsWithLoads(small: SmallSystem): boolean {
  const interrupts = (writer: WriterTask): boolean =>
    codesOf(small, writer).some((code) =>
      instructions(code).some((pc) => {
        const opcode = code.ops[4 * pc];
        if (opcode === op.ipi) return true;
        return (
          opcode === op.flush && small.path === "whole" && !flushBroadcasts(small, writer.mm + 1)
        );
      }),
    );
  // A CPU may go offline between the load and the send.
  return small.writers.filter(interrupts).length <= 1 && !hotplugs(small);
}

/** Whether a flush spares vCPUs that the host has taken away: where none does, preempting one is no different from not scheduling it. */
export function sparesPreempted(small: SmallSystem): boolean {
  if (small.path !== "whole" || small.system.machine.virt !== "kvm") return false;
  return small.writers.some(
    (writer) =>
      !flushBroadcasts(small, writer.mm + 1) &&
      codesOf(small, writer).some((code) =>
        instructions(code).some((pc) => code.ops[4 * pc] === op.flush),
      ),
  );
}

/** Whether some policy looks at context tracking: then walkers keep it up. */
export function looksAtModes({codes}: Pick<SmallSystem, "codes">): boolean {
  return codes.some(({ops}) => ops.some((word, at) => at % 4 === 0 && word === op.loadMode));
}

/**
 * Whether some writer of an mm (0-based) takes its mmap_lock. Then a walk that a policy aborts does its work under that lock, for reading;
 * where nobody writes under it, it tells nobody apart and is left out.
 */
export function writesUnderLock(small: SmallSystem, mm: number): boolean {
  return small.writers.some(
    (writer) =>
      writer.mm === mm &&
      (writer.writer.holds === "mmap_lock" ||
        codesOf(small, writer).some(({locks}) => locks.includes("mmap_lock"))),
  );
}

/** Whether CPUs may come and go. */
export function hotplugs({scope}: Pick<SmallSystem, "scope">): boolean {
  return (scope.hotplugs ?? 0) > 0;
}

/** CPUs that may come and go: those that no writer runs on. */
export function pluggable({cpus, writers}: SmallSystem): number[] {
  return cpus.filter((_, place) => writers.every((writer) => writer.place !== place));
}

/**
 * Whether an instruction looks at which CPUs are online: one load, where CPUs come and go. A loop over `online` looks when it begins, and
 * goes on with what it saw.
 */
export function readsOnline({ops}: Code, pc: number): boolean {
  const [opcode, , b, c] = ops.subarray(4 * pc, 4 * pc + 4);
  switch (opcode) {
    case op.setMove:
    case op.setSize:
      return b === 0;
    case op.setUnion:
    case op.setIntersection:
    case op.setDifference:
      return b === 0 || c === 0;
    case op.setHas:
      return c === 0;
    case op.iterate:
      return ops[4 * pc + 4] === op.next && ops[4 * pc + 6] === 0;
    default:
      return false;
  }
}

/**
 * The Codes whose `ipi` hook the handler of a writer's interrupts runs, step by step: that of its policy, and that of the policy it falls back
 * to, each for the interrupts that it has sent itself. Empty hooks need no handler.
 */
export function handlerCodes(small: SmallSystem, {writer, policy, fallback}: WriterTask): number[] {
  const all = writer.allocFail > 0 && fallback >= 0 ? [policy, fallback] : [policy];
  return all.filter((index) => {
    const code = small.codes[index];
    return code !== undefined && code.entry.ipi >= 0 && code.ops[4 * code.entry.ipi] !== op.ret;
  });
}

/** Whether it depends on which policy an operation runs what its interrupts do at their targets. */
export function mixedHandlers(small: SmallSystem): boolean {
  return small.writers.some((writer) => {
    const falls = writer.writer.allocFail > 0 && writer.fallback >= 0;
    return falls && writer.fallback !== writer.policy && handlerCodes(small, writer).length > 0;
  });
}

/**
 * The deferred blocks of all writers in the order of their numbers: whose they are, in which operation and policy, called from which `sync`
 * (-1: none), and the instruction that defers them.
 */
export function deferredBlocks(small: SmallSystem): {
  readonly writer: number;
  readonly nth: number;
  readonly code: number;
  readonly site: number;
  readonly pc: number;
}[] {
  return small.writers.flatMap((task, writer) => {
    const fallback = task.writer.allocFail > 0 && task.fallback >= 0 ? [task.fallback] : [];
    return task.tables.flatMap((_, nth) =>
      [task.policy, ...fallback].flatMap((index) => {
        const code = small.codes[index];
        if (code === undefined) return [];
        const within = (entry: number): number[] =>
          [...reachable(code, entry)].sort((p, q) => p - q);
        return within(code.entry.op).flatMap((pc) => {
          if (code.ops[4 * pc] === op.defer) return [{writer, nth, code: index, site: -1, pc}];
          if (code.ops[4 * pc] !== op.sync) return [];
          return within(code.entry.sync)
            .filter((inner) => code.ops[4 * inner] === op.defer)
            .map((inner) => ({writer, nth, code: index, site: pc, pc: inner}));
        });
      }),
    );
  });
}

function codesOf(small: SmallSystem, writer: WriterTask): Code[] {
  const fallback = writer.writer.allocFail > 0 && writer.fallback >= 0 ? [writer.fallback] : [];
  return [writer.policy, ...fallback].flatMap((index) => small.codes[index] ?? []);
}

function instructions(code: Code): number[] {
  return [...reachable(code, code.entry.op), ...reachable(code, code.entry.sync)];
}
