// What a check answers, as plain data: the CLI prints it in columns, the figure room draws its lanes, a notebook shows both. Nothing here
// depends on how the answer was found; the operational explorer (SC, TSO, PSO) and the axiomatic one (LKMM) both give it.
//
// "Never" is a statement about the bound printed with it and about nothing else; an exploration that was cut short is "unknown",
// and a "never" whose protocol was never really exercised carries the reasons in `vacuous`.

import type {CheckProperty, CheckScope, MemoryModel} from "../plan/check-plan.ts";
import type {InvariantId} from "../plan/invariants.ts";

/** As herd says it: the bad state is reached in no, some or all executions; or the exploration ended before it could tell. */
export type Outcome = "never" | "sometimes" | "always" | "unknown";

export type StepKind =
  | "irq"
  | "rcu"
  | "store"
  | "commit"
  | "load"
  | "rmw"
  | "fence"
  | "deref"
  | "use"
  | "free"
  | "reuse"
  | "ipi-send"
  | "ipi-handle"
  | "ipi-wait"
  | "gp-start"
  | "gp-wait"
  | "call-rcu"
  | "flush"
  | "tlb"
  | "lock"
  | "unlock"
  | "nmi"
  | "vcpu"
  | "migrate"
  | "choice"
  | "other";

/** An access to shared memory: `from` is the number of the step whose committed value a load reads (absent: the initial value). */
export interface MemoryAccess {
  readonly access: "load" | "store" | "commit" | "rmw";
  readonly location: string;
  readonly value: string;
  readonly from?: number;
}

export interface TraceStep {
  /** From 1. */
  readonly number: number;
  /** Index into `Trace.lanes`. */
  readonly lane: number;
  readonly cpu: number;
  /** `writer u`, `walker w`, `nmi perf`, `callback`, `store buffer`, `interrupt`, `mmu h`. */
  readonly actor: string;
  readonly kind: StepKind;
  /** As in a listing: `store walking[1] = m`, `load pmd[m] -> table`, `commit walking[1] = m`. */
  readonly text: string;
  readonly memory?: MemoryAccess;
  /** Contents of the CPU's store buffer after the step, oldest first: `["pmd[m] = none"]`. */
  readonly buffer: readonly string[];
  /** Set on the last step of a violating trace. */
  readonly violation?: InvariantId;
}

/** What holds over the closed range of step numbers `from`..`to`. */
export interface Interval {
  readonly kind:
    | "irq-off"
    | "rcu"
    | "preempt-off"
    | "nmi"
    | "store-buffer"
    | "grace-period"
    | "lock"
    | "preempted";
  readonly lane: number;
  readonly from: number;
  readonly to: number;
  /** `walking[1] = m` for a buffered store, the lock's name, ... */
  readonly text: string;
}

/** `ipi`: send to acknowledgement; `rf`: commit of a store to the load that reads it; `bad`: the free or reuse to its victim. */
export interface Arrow {
  readonly kind: "ipi" | "rf" | "bad" | "callback";
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Lane {
  readonly cpu: number;
  /** `CPU 0: writer u`, `CPU 1: walker w`, `CPU 1: mmu`, `callback of u`. */
  readonly title: string;
}

export interface Trace {
  readonly lanes: readonly Lane[];
  readonly steps: readonly TraceStep[];
  readonly intervals: readonly Interval[];
  readonly arrows: readonly Arrow[];
  /** How often two neighbouring steps belong to different CPUs. */
  readonly switches: number;
  /** Replayable text of the interleaving; its format stands in program/schedule.ts. */
  readonly schedule: string;
}

/** Something worth saying that is not the property asked for: I8, I9, I11, a livelock, a claim the check did not cover. */
export interface Finding {
  readonly invariant?: InvariantId;
  readonly severity: "warning" | "note";
  readonly text: string;
}

/** One line of the necessity table: a step removed or weakened, and what that does. */
export interface NecessityRow {
  readonly actor: "writer" | "walker" | "target";
  /** ``delete `mb` (on sync)`` */
  readonly change: string;
  /** `lkmm` where the unrolled program was small enough to be enumerated as well. */
  readonly outcomes: Readonly<Record<Exclude<MemoryModel, "lkmm">, Outcome>> & {
    readonly lkmm?: Outcome;
  };
  /** The strongest model in which the change is unsafe: the step is needed from there on. */
  readonly needed?: MemoryModel;
  /** Without it an operation can wait for ever: it is safe for the wrong reason. Looked at where no model calls the change unsafe. */
  readonly stalls?: boolean;
  /** Safe in every model explored without it, and no operation waits for ever. */
  readonly superfluous: boolean;
}

export interface Verdict {
  readonly label: string;
  readonly property: CheckProperty;
  readonly model: MemoryModel;
  readonly scope: CheckScope;
  readonly outcome: Outcome;
  /** What a `never` was not able to exercise: `no walker reaches the old table`, ...; empty: the verdict means something. */
  readonly vacuous: readonly string[];
  /** Exactly what the verdict is about: `TSO, 3 CPUs, unbounded walks, 1 write, sync alone, 52,109 states, complete`. */
  readonly bound: string;
  /** What is checked: the policy's own steps, or with what the TLB flush before them adds (its barrier, its interrupts). */
  readonly path: "sync" | "whole";
  readonly states: number;
  readonly transitions: number;
  /** Length of the longest shortest path explored. */
  readonly depth: number;
  readonly complete: boolean;
  readonly violated?: InvariantId;
  /** One sentence: who did what to whom. */
  readonly reason?: string;
  /** The shortest trace with the fewest context switches, first; then different ones, if asked for. */
  readonly counterexamples: readonly Trace[];
  /** Derived sentences: the broken order, the comparison of models, the repairs. */
  readonly explanation: readonly string[];
  /** The same case under the other operational models; absent where that was not asked for or would take too long. */
  readonly comparison?: Readonly<Record<Exclude<MemoryModel, "lkmm">, Outcome>>;
  /** Of a safe policy: what each of its waiting and ordering steps is for. */
  readonly necessity?: readonly NecessityRow[];
  /** Of an unsafe policy: single barriers that repair it; empty: no single one does. */
  readonly repairs?: readonly string[];
  readonly findings: readonly Finding[];
  /** I7: who waits for whom, in a circle, one sentence each. */
  readonly cycle?: readonly string[];
  /** Bytes a stored state takes, and all memory the exploration held at its end. */
  readonly bytesPerState: number;
  readonly memory: number;
  readonly expect?: "safe" | "unsafe";
  /** `expect` against `outcome`; absent when nothing is expected; an unknown or vacuous verdict is `inconclusive`. */
  readonly met?: "pass" | "fail" | "inconclusive";
}

export interface CheckResult {
  readonly format: 1;
  readonly property: CheckProperty;
  readonly scenario: string;
  readonly scope: CheckScope;
  readonly model: MemoryModel;
  /** In the order of the plan's cases. */
  readonly verdicts: readonly Verdict[];
}

/** The headline: `Never (TSO, 3 CPUs, ...)`, `Never, vacuous (...)`, `Sometimes (...)`, `Unknown (...)`. */
export function verdictText(verdict: Verdict): string {
  const word = {never: "Never", sometimes: "Sometimes", always: "Always", unknown: "Unknown"};
  const vacuous = verdict.outcome === "never" && verdict.vacuous.length > 0 ? ", vacuous" : "";
  return `${word[verdict.outcome]}${vacuous} (${verdict.bound})`;
}

/** `safe`, `safe (vacuous)`, `UNSAFE` or `unknown`: the word for tables. An unknown is never shown as safe. */
export function safetyWord(verdict: Verdict): string {
  if (verdict.outcome === "unknown") return "unknown";
  if (verdict.outcome !== "never") return "UNSAFE";
  return verdict.vacuous.length > 0 ? "safe (vacuous)" : "safe";
}

/** Whether an expectation is met. A vacuous or unknown verdict neither passes nor fails. */
export function judge(
  verdict: Pick<Verdict, "outcome" | "vacuous">,
  expect: "safe" | "unsafe",
): "pass" | "fail" | "inconclusive" {
  if (verdict.outcome === "unknown") return "inconclusive";
  const safe = verdict.outcome === "never";
  if (safe && verdict.vacuous.length > 0) return "inconclusive";
  return safe === (expect === "safe") ? "pass" : "fail";
}
