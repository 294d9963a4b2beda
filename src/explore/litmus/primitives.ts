// The kernel's functions that a litmus test may call, after tools/memory-model/linux-kernel.def: one row a function, what its arguments
// are and what it does. A place argument is written as what is accessed (`*x`), an address argument as a pointer to it (`x`).

import type {FenceKind} from "../lkmm/event.ts";
import type {AtomicOrder, LoadOrder, StoreOrder} from "../lkmm/recorder.ts";
import type {AtomicOperation} from "./litmus-test.ts";

export type Primitive =
  | {readonly does: "load"; readonly order: LoadOrder; readonly pointer: "place" | "address"}
  | {
      readonly does: "store";
      readonly order: StoreOrder;
      readonly pointer: "place" | "address";
      /** smp_store_mb(): a full fence after the store. */
      readonly thenFence: boolean;
    }
  | {readonly does: "fence"; readonly fence: FenceKind}
  | {
      readonly does: "atomic";
      readonly order: AtomicOrder;
      readonly operation: AtomicOperation;
      /** In the order of the call: `address`, then operands; or the operand first, as atomic_add(V, X) has it. */
      readonly addressLast: boolean;
      readonly operands: number;
      /** Operand that is not written: atomic_inc(X) adds 1. */
      readonly implied?: number;
      readonly result: "old" | "new" | "succeeded" | "nothing";
      /** atomic_dec_and_test() and its kin compare the new value with 0. */
      readonly test?: "==" | "<";
    }
  | {
      readonly does:
        | "lock"
        | "unlock"
        | "trylock"
        | "is-locked"
        | "srcu-lock"
        | "srcu-unlock"
        | "sync-srcu";
    };

function atomic(
  order: AtomicOrder,
  operation: AtomicOperation,
  result: "old" | "new" | "succeeded" | "nothing",
  more: Partial<Extract<Primitive, {does: "atomic"}>> = {},
): Primitive {
  const addressLast = !["exchange", "compare-exchange", "add-unless"].includes(operation);
  const operands = operation === "compare-exchange" || operation === "add-unless" ? 2 : 1;
  return {does: "atomic", order, operation, addressLast, operands, result, ...more};
}

function table(): Map<string, Primitive> {
  const rows = new Map<string, Primitive>();
  const load = (word: string, order: LoadOrder, pointer: "place" | "address"): void => {
    rows.set(word, {does: "load", order, pointer});
  };
  const store = (
    word: string,
    order: StoreOrder,
    pointer: "place" | "address",
    thenFence = false,
  ): void => {
    rows.set(word, {does: "store", order, pointer, thenFence});
  };
  load("READ_ONCE", "once", "place");
  load("rcu_dereference", "once", "place");
  load("smp_load_acquire", "acquire", "address");
  load("atomic_read", "once", "address");
  load("atomic_read_acquire", "acquire", "address");
  store("WRITE_ONCE", "once", "place");
  store("rcu_assign_pointer", "release", "place");
  store("smp_store_release", "release", "address");
  store("smp_store_mb", "once", "place", true);
  store("atomic_set", "once", "address");
  store("atomic_set_release", "release", "address");

  const fenceWords: readonly (readonly [string, FenceKind])[] = [
    ["smp_mb", "mb"],
    ["smp_rmb", "rmb"],
    ["smp_wmb", "wmb"],
    ["barrier", "barrier"],
    ["smp_mb__before_atomic", "before-atomic"],
    ["smp_mb__after_atomic", "after-atomic"],
    ["smp_mb__after_spinlock", "after-spinlock"],
    ["smp_mb__after_unlock_lock", "after-unlock-lock"],
    ["smp_mb__after_srcu_read_unlock", "after-srcu-unlock"],
    ["rcu_read_lock", "rcu-lock"],
    ["rcu_read_unlock", "rcu-unlock"],
    ["synchronize_rcu", "sync-rcu"],
    ["synchronize_rcu_expedited", "sync-rcu"],
  ];
  for (const [word, fence] of fenceWords) rows.set(word, {does: "fence", fence});

  rows.set("spin_lock", {does: "lock"});
  rows.set("spin_unlock", {does: "unlock"});
  rows.set("spin_trylock", {does: "trylock"});
  rows.set("spin_is_locked", {does: "is-locked"});
  for (const word of ["srcu_read_lock", "srcu_down_read"]) rows.set(word, {does: "srcu-lock"});
  for (const word of ["srcu_read_unlock", "srcu_up_read"]) rows.set(word, {does: "srcu-unlock"});
  for (const word of ["synchronize_srcu", "synchronize_srcu_expedited"]) {
    rows.set(word, {does: "sync-srcu"});
  }

  const orders: readonly (readonly [string, AtomicOrder])[] = [
    ["", "mb"],
    ["_relaxed", "once"],
    ["_acquire", "acquire"],
    ["_release", "release"],
  ];
  const operations: readonly (readonly [string, AtomicOperation, number?])[] = [
    ["add", "+"],
    ["sub", "-"],
    ["inc", "+", 1],
    ["dec", "-", 1],
    ["and", "&"],
    ["or", "|"],
    ["xor", "^"],
    ["andnot", "&~"],
  ];
  const constant = (implied: number | undefined): {implied?: number; operands?: number} =>
    implied === undefined ? {} : {implied, operands: 0};
  for (const [word, operation, implied] of operations) {
    const more = constant(implied);
    rows.set(`atomic_${word}`, atomic("noreturn", operation, "nothing", more));
    for (const [suffix, order] of orders) {
      if (operation === "+" || operation === "-") {
        rows.set(`atomic_${word}_return${suffix}`, atomic(order, operation, "new", more));
      }
      rows.set(`atomic_fetch_${word}${suffix}`, atomic(order, operation, "old", more));
    }
  }
  for (const [suffix, order] of orders) {
    for (const prefix of ["", "atomic_"]) {
      rows.set(`${prefix}xchg${suffix}`, atomic(order, "exchange", "old"));
      rows.set(`${prefix}cmpxchg${suffix}`, atomic(order, "compare-exchange", "old"));
    }
    rows.set(`atomic_add_negative${suffix}`, atomic(order, "+", "new", {test: "<"}));
  }
  rows.set("atomic_sub_and_test", atomic("mb", "-", "new", {test: "=="}));
  rows.set("atomic_dec_and_test", atomic("mb", "-", "new", {test: "==", ...constant(1)}));
  rows.set("atomic_inc_and_test", atomic("mb", "+", "new", {test: "==", ...constant(1)}));
  rows.set("atomic_add_unless", atomic("mb", "add-unless", "succeeded"));
  return rows;
}

/** By name. */
export const primitives: ReadonlyMap<string, Primitive> = table();

const because = (words: string, why: string): readonly (readonly [string, string])[] =>
  words.split(" ").map((word) => [word, why] as const);

/** Words that other litmus tests use, with why they are refused here. */
export const refusedWords: ReadonlyMap<string, string> = new Map([
  ...because("call_rcu call_srcu", "write the callback as a thread that waits for a grace period"),
  ...because("rcu_barrier srcu_barrier", "the model has no callbacks"),
  ...because(
    "while do for goto break continue",
    "loops and jumps are not part of the dialect; unroll them",
  ),
  ...because("switch", "write it with `if`"),
  ...because("return", "a thread ends at its end"),
  ...because("asm", "assembly is not part of the dialect"),
  ...because("sizeof", "values have no size"),
  ...because(
    "lockless_dereference smp_read_barrier_depends ACCESS_ONCE",
    "the kernel has dropped it; READ_ONCE() orders what depends on it",
  ),
  ...because("spin_unlock_wait", "the kernel has dropped it; write spin_lock() and spin_unlock()"),
  ...because(
    "synchronize_sched synchronize_rcu_bh rcu_read_lock_sched rcu_read_unlock_sched rcu_read_lock_bh rcu_read_unlock_bh",
    "the flavours of RCU are one since v4.20; write it with rcu_read_lock(), rcu_read_unlock() and synchronize_rcu()",
  ),
  ...because(
    "read_lock read_unlock write_lock write_unlock down_read up_read down_write up_write",
    "the model has no reader-writer locks; write them with atomic operations",
  ),
  ...because(
    "mutex_lock mutex_unlock raw_spin_lock raw_spin_unlock",
    "the model has spinlocks only",
  ),
  ...because(
    "try_cmpxchg atomic_try_cmpxchg atomic_inc_not_zero atomic_inc_unless_negative atomic_dec_unless_positive atomic_dec_if_positive",
    "the model does not define it; write it with cmpxchg() or atomic_add_unless()",
  ),
  ...because(
    "test_and_set_bit test_and_clear_bit set_bit clear_bit",
    "the model has no bit operations; write them with atomic_fetch_or() and its kin",
  ),
  ...because(
    "atomic_load_explicit atomic_store_explicit atomic_thread_fence atomic_fetch_add_explicit atomic_exchange_explicit",
    "C11 atomics belong to another model",
  ),
]);
