// A litmus test of the Linux-kernel dialect, as read: what its threads do, where it starts, what it asks. Only what the model gives a
// meaning to is representable; the reader refuses the rest.

import type {FenceKind} from "../lkmm/event.ts";
import type {AtomicOrder, LoadOrder, StoreOrder} from "../lkmm/recorder.ts";

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&"
  | "|"
  | "^"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||";

export type AtomicOperation =
  | "exchange"
  | "compare-exchange"
  | "add-unless"
  | "+"
  | "-"
  | "&"
  | "|"
  | "^"
  | "&~";

export type Expression =
  | {readonly kind: "number"; readonly value: number}
  | {readonly kind: "register"; readonly name: string}
  /** The address of a shared variable. */
  | {readonly kind: "address"; readonly variable: number}
  | {readonly kind: "unary"; readonly op: "-" | "!" | "~"; readonly of: Expression}
  | {
      readonly kind: "binary";
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {readonly kind: "load"; readonly order: LoadOrder; readonly address: Expression}
  | {
      readonly kind: "atomic";
      readonly order: AtomicOrder;
      readonly address: Expression;
      readonly operation: AtomicOperation;
      /** The new value or operand; expected and new value (compare-exchange); addend and exception (add-unless). */
      readonly operands: readonly Expression[];
      /** What the expression is worth; `succeeded` is 1 or 0. */
      readonly result: "old" | "new" | "succeeded";
    }
  | {readonly kind: "trylock" | "is-locked" | "srcu-lock"; readonly address: Expression};

export type Statement = {
  readonly line: number;
  /** As written, on one line. */
  readonly text: string;
} & (
  | {readonly kind: "assign"; readonly register: string; readonly value: Expression}
  | {
      readonly kind: "store";
      readonly order: StoreOrder;
      readonly address: Expression;
      readonly value: Expression;
    }
  | {readonly kind: "fence"; readonly fence: FenceKind}
  | {readonly kind: "lock" | "unlock" | "sync-srcu"; readonly address: Expression}
  | {readonly kind: "srcu-unlock"; readonly address: Expression; readonly index: Expression}
  | {readonly kind: "evaluate"; readonly value: Expression}
  | {
      readonly kind: "if";
      readonly test: Expression;
      readonly then: readonly Statement[];
      readonly else: readonly Statement[];
    }
);

export interface LitmusThread {
  readonly registers: readonly string[];
  /** Registers that are read though nothing was assigned to them: they hold 0. */
  readonly unassigned: readonly string[];
  /** Registers that do not start as 0. */
  readonly initial: ReadonlyMap<string, number>;
  readonly body: readonly Statement[];
}

/** Something whose final value is known: a register of a thread, or a variable (then `thread` is -1). */
export interface Observable {
  readonly thread: number;
  readonly register: string;
  readonly variable: number;
}

export type Proposition =
  | {readonly kind: "constant"; readonly value: boolean}
  | {readonly kind: "equal" | "unequal"; readonly place: Observable; readonly value: number}
  /** Two places with the same final value: `0:r1=1:r1`. */
  | {readonly kind: "same" | "different"; readonly place: Observable; readonly other: Observable}
  | {readonly kind: "not"; readonly of: Proposition}
  | {
      readonly kind: "and" | "or" | "implies";
      readonly left: Proposition;
      readonly right: Proposition;
    };

export interface LitmusTest {
  readonly name: string;
  readonly variables: readonly string[];
  readonly initial: readonly number[];
  readonly threads: readonly LitmusThread[];
  readonly quantifier: "exists" | "~exists" | "forall";
  readonly condition: Proposition;
  /** The condition as written, on one line. */
  readonly conditionText: string;
  /** Only executions that end with this count. */
  readonly filter?: Proposition;
  /** What a final state shows: the places of the condition and of `locations`. */
  readonly shown: readonly Observable[];
}
