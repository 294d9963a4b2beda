// A policy as the plan stores it: hooks as small trees of steps over resolved names. Params and every value that is fixed for a design
// point are constants by now; what is left in the expressions is what only a running system knows (a CPU's state word, the set of
// CPUs that walk, the kind of flush that was sent).

import type {Distribution} from "../units/distribution.ts";

/** Where a piece of policy code runs; `steps.ts` says which steps are legal there. */
export type HookName = "enter" | "exit" | "op" | "sync" | "ipi";

/** Lifetime of a state word: one a CPU, one an mm, or one altogether. */
export type StateScope = "percpu" | "permm" | "global";

/** The value 0 of a word of type `mm` is `none`; mms are numbered from 1 in the order of `System.mms`. */
export type StateType = "mm" | "bool" | "int";

export interface PolicyState {
  readonly name: string;
  readonly scope: StateScope;
  readonly type: StateType;
  readonly initial: number;
}

/** A value or a set of CPUs, computed while the policy runs. Booleans are 0 and 1. */
export type PolicyExpr =
  | {readonly kind: "number"; readonly value: number}
  /** A fixed set: literal ranges, `isolated`, `socket(1)` and the like, resolved. */
  | {readonly kind: "cpus"; readonly ranges: readonly (readonly [number, number])[]}
  /** A local: a `let`, a loop variable. */
  | {readonly kind: "local"; readonly name: string}
  /** `self` (this CPU), `mm` (the writer's or the walk's mm, 1-based), `online` (all CPUs that are), `walkers` is not a builtin: policies track. */
  | {readonly kind: "builtin"; readonly name: "self" | "mm" | "online"}
  /** One load of a state word; `index` is the CPU (percpu) or mm (permm); absent: this CPU, this mm. */
  | {
      readonly kind: "state";
      readonly name: string;
      readonly index?: PolicyExpr;
      readonly acquire?: boolean;
    }
  /** `mask(mm)`: a load of the mm's cpumask as the architecture keeps it. */
  | {readonly kind: "mask"; readonly mm: PolicyExpr}
  /** `mode[cpu]`: what context tracking says of a CPU, as a number: 0 idle, 1 user, 2 kernel, 3 guest-preempted. */
  | {readonly kind: "mode"; readonly cpu: PolicyExpr; readonly acquire?: boolean}
  | {readonly kind: "unary"; readonly op: "not" | "-"; readonly of: PolicyExpr}
  | {
      readonly kind: "binary";
      readonly op:
        | "+"
        | "-"
        | "*"
        | "/"
        | "=="
        | "!="
        | "<"
        | "<="
        | ">"
        | ">="
        | "and"
        | "or"
        | "in";
      readonly left: PolicyExpr;
      readonly right: PolicyExpr;
    }
  /** Set algebra on CPU sets: union, intersection, difference. */
  | {
      readonly kind: "set";
      readonly op: "|" | "&" | "-";
      readonly left: PolicyExpr;
      readonly right: PolicyExpr;
    }
  | {readonly kind: "size"; readonly of: PolicyExpr}
  /** The CPUs of `of` for which `where` holds; inside it the local `cpu` is the candidate. One load per state word read, per CPU. */
  | {
      readonly kind: "filter";
      readonly of: PolicyExpr;
      readonly cpu: string;
      readonly where: PolicyExpr;
    }
  | {
      readonly kind: "if";
      readonly test: PolicyExpr;
      readonly then: PolicyExpr;
      readonly else: PolicyExpr;
    };

export type PolicyStep =
  | {
      readonly step: "store" | "store_release" | "xchg";
      readonly state: string;
      readonly index?: PolicyExpr;
      readonly value: PolicyExpr;
    }
  | {
      readonly step:
        | "mb"
        | "wmb"
        | "rmb"
        | "unhook"
        | "sync"
        | "release"
        | "alloc"
        | "copy"
        | "publish"
        | "abort";
    }
  | {readonly step: "ipi"; readonly cpu: PolicyExpr; readonly wait: boolean}
  | {readonly step: "wait_acks"}
  | {readonly step: "wait_gp"; readonly expedited: boolean}
  | {readonly step: "wait_until"; readonly test: PolicyExpr; readonly how: "spin" | "sleep"}
  | {readonly step: "defer"; readonly expedited: boolean; readonly steps: readonly PolicyStep[]}
  | {readonly step: "flush"; readonly mm: PolicyExpr}
  /** Nanoseconds. */
  | {readonly step: "delay"; readonly time: Distribution}
  /** Leaves the hook when `when` holds (always, if absent). */
  | {readonly step: "skip"; readonly when?: PolicyExpr}
  | {readonly step: "count"; readonly counter: string}
  | {readonly step: "lock" | "unlock"; readonly lock: string}
  | {
      readonly step: "if";
      readonly test: PolicyExpr;
      readonly then: readonly PolicyStep[];
      readonly else: readonly PolicyStep[];
    }
  | {
      readonly step: "for";
      readonly cpu: string;
      readonly of: PolicyExpr;
      readonly where?: PolicyExpr;
      readonly steps: readonly PolicyStep[];
    }
  | {readonly step: "let"; readonly name: string; readonly value: PolicyExpr};

export type WriterKind = "free" | "unshare" | "collapse";

/** One leaf policy (delegation by writer kind is resolved before the plan). */
export interface Policy {
  readonly name: string;
  readonly states: readonly PolicyState[];
  /** Absent hooks: `enter`, `exit`, `ipi` do nothing; `sync` does nothing; `op` is `unhook  flush mm  sync  release`. */
  readonly hooks: Readonly<Partial<Record<HookName, readonly PolicyStep[]>>>;
  readonly covers: readonly WriterKind[];
  /** Taken by a write whose allocation failed (`Writer.allocFail`); the name of another leaf policy of the system. */
  readonly fallback?: string;
}
