// The step table: every micro-step of a policy, once. The language reference, the lints, the hover text, the assembler, the engine
// and the checker all read it; a policy that is timed in one form and checked in another cannot come about without changing this file.

import type {HookName} from "./policy.ts";

/** How a step touches memory that other CPUs see; what the checker's memory models order. */
export type MemoryEffect =
  | "none"
  | "load"
  | "store"
  | "release-store"
  | "rmw"
  | "full-barrier"
  | "store-barrier"
  | "load-barrier";

export interface StepRow {
  /** The word in the language; two words where the second selects (`wait gp`). */
  readonly word: string;
  readonly operands: string;
  /** Hooks in which the step is legal. */
  readonly contexts: readonly HookName[];
  /** Whether it may sleep: illegal where interrupts are off. */
  readonly sleeps: boolean;
  readonly memory: MemoryEffect;
  /** Path of its cost in `Machine.costs`, or in words what decides its duration. */
  readonly cost: string;
  readonly doc: string;
}

const everywhere: readonly HookName[] = ["enter", "exit", "op", "sync", "ipi"];
const writer: readonly HookName[] = ["op", "sync"];

function row(
  word: string,
  operands: string,
  contexts: readonly HookName[],
  memory: MemoryEffect,
  cost: string,
  doc: string,
  sleeps = false,
): StepRow {
  return {word, operands, contexts, sleeps, memory, cost, doc};
}

export const stepTable: readonly StepRow[] = [
  row(
    "store",
    "place = value",
    everywhere,
    "store",
    "store (remote when another CPU wrote the line last)",
    "Plain store to a state word; other CPUs see it when the store buffer drains.",
  ),
  row(
    "store_release",
    "place = value",
    everywhere,
    "release-store",
    "store",
    "Store that no earlier load or store of this CPU may pass.",
  ),
  row(
    "xchg",
    "place = value",
    everywhere,
    "rmw",
    "xchg",
    "Atomic exchange: the store and a full barrier in one instruction.",
  ),
  row(
    "mb",
    "",
    everywhere,
    "full-barrier",
    "mb",
    "smp_mb(): every earlier access is visible before any later one; drains the store buffer.",
  ),
  row(
    "wmb",
    "",
    everywhere,
    "store-barrier",
    "wmb",
    "smp_wmb(): orders earlier stores before later stores only.",
  ),
  row(
    "rmb",
    "",
    everywhere,
    "load-barrier",
    "rmb",
    "smp_rmb(): orders earlier loads before later loads only.",
  ),
  row(
    "unhook",
    "",
    ["op"],
    "store",
    "xchg",
    "Clears the upper-level entry, so that no new walk reaches the table (pud_clear, pmd_clear: a plain store that promises no order).",
  ),
  row(
    "flush",
    "mm",
    writer,
    "full-barrier",
    "tlb.page, tlb.full, tlb.broadcast or an IPI round, as machine.tlb and machine.virt say",
    "Invalidates the TLB and paging-structure caches for the mm; whether that interrupts anyone depends on the machine.",
  ),
  row(
    "sync",
    "",
    ["op"],
    "none",
    "that of the policy's `on sync`",
    "Runs the policy's `on sync` hook.",
  ),
  row(
    "release",
    "",
    ["op"],
    "store",
    "store",
    "Frees the table, reuses it in place, or deposits it, as the writer's kind says.",
  ),
  row("alloc", "", ["op"], "none", "alloc", "Allocates a replacement table."),
  row("copy", "", ["op"], "store", "copy", "Copies the live entries into the replacement."),
  row(
    "publish",
    "",
    ["op"],
    "store",
    "store",
    "Points the upper-level entry at the replacement, which unhooks the old table; a plain store: put `wmb` before it.",
  ),
  row(
    "abort",
    "",
    ["enter"],
    "none",
    "none",
    "Sends this walk to its slow path (it takes the lock instead of walking locklessly).",
  ),
  row(
    "ipi",
    "cpu [nowait]",
    writer,
    "full-barrier",
    "ipi.send per target, an interrupt only if the target's queue was empty",
    "Queues the policy's `on ipi` for a CPU and interrupts it; a waited one is acknowledged with interrupts on.",
  ),
  row(
    "wait acks",
    "",
    writer,
    "load",
    "until every waited IPI was handled, plus ipi.ack per target",
    "Spins until every target has acknowledged (load-acquire: the barrier is in the sending).",
  ),
  row(
    "wait gp",
    "",
    writer,
    "full-barrier",
    "an RCU grace period",
    "synchronize_rcu(): waits until every CPU has passed a quiescent state.",
    true,
  ),
  row(
    "wait gp expedited",
    "",
    writer,
    "full-barrier",
    "an expedited grace period",
    "synchronize_rcu_expedited(): the same, by interrupting every CPU that is not quiescent.",
    true,
  ),
  row(
    "wait until",
    "condition [spin|sleep]",
    writer,
    "load",
    "until the condition holds",
    "Re-reads the condition until it holds.",
    true,
  ),
  row(
    "defer",
    "[expedited] { steps }",
    writer,
    "none",
    "rcu.callback",
    "call_rcu(): runs the steps after a grace period without waiting for it.",
  ),
  row(
    "delay",
    "duration",
    everywhere,
    "none",
    "the duration given",
    "Costs time and does nothing else.",
  ),
  row("skip", "[when condition]", everywhere, "none", "none", "Leaves the hook."),
  row(
    "count",
    "name",
    everywhere,
    "none",
    "none",
    "Adds one to a named counter of the results; free.",
  ),
  row(
    "lock",
    "name",
    writer,
    "rmw",
    "xchg plus queueing",
    "Takes a lock. `ptl` is spun for, `lru_lock` too and with interrupts off; behind the holder of any other one sleeps.",
    true,
  ),
  row("unlock", "name", writer, "release-store", "store", "Releases a lock."),
  row(
    "if",
    "condition { steps } else { steps }",
    everywhere,
    "none",
    "the loads in its condition",
    "Chooses.",
  ),
  row(
    "for",
    "cpu in set [where condition] { steps }",
    everywhere,
    "none",
    "the loads in its condition, per CPU",
    "Repeats for every CPU of a set, in ascending order.",
  ),
  row(
    "let",
    "name = value",
    everywhere,
    "none",
    "the loads in its value",
    "Names a value; one of `enter` is visible in `exit`.",
  ),
];

/** The words of the steps that are legal in a hook, in the order of the table. */
export function stepsAllowedIn(hook: HookName): string[] {
  return stepTable.filter((step) => step.contexts.includes(hook)).map((step) => step.word);
}
