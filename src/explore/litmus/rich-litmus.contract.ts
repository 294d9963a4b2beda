// Random litmus tests that use everything the model has a word for: marked and plain accesses, fences of every kind, locks, atomic operations
// of every strength, sections and grace periods of both kinds of RCU, and dependencies carried in registers and in variables.

import fc from "fast-check";

/** A statement; `R` stands for a fresh register, `V` for a fresh value, `X` for a variable, `P` for the last register that was loaded. */
type Piece = string;

const loads: readonly Piece[] = [
  "int R = READ_ONCE(*X);",
  "int R = smp_load_acquire(X);",
  "int R = *X;",
];
const stores: readonly Piece[] = ["WRITE_ONCE(*X, V);", "smp_store_release(X, V);", "*X = V;"];
const dependent: readonly Piece[] = [
  "WRITE_ONCE(*X, P * 0 + V);",
  "*X = P * 0 + V;",
  "if (P) WRITE_ONCE(*X, V);",
  "if (P) *X = V; else smp_store_release(X, V);",
  "int R = READ_ONCE(*(X + P * 0));",
  "WRITE_ONCE(*(X + P * 0), V);",
  "*(X + P * 0) = V;",
];
const atomics: readonly Piece[] = [
  "int R = xchg(X, V);",
  "int R = xchg_relaxed(X, V);",
  "int R = xchg_acquire(X, V);",
  "int R = xchg_release(X, V);",
  "int R = cmpxchg(X, 0, V);",
  "int R = cmpxchg_acquire(X, 0, V);",
  "int R = atomic_fetch_or(8, X);",
  "int R = atomic_fetch_or_release(8, X);",
  "atomic_or(8, X);",
  "smp_mb__before_atomic(); atomic_or(8, X);",
  "atomic_or(8, X); smp_mb__after_atomic();",
];
const fences: readonly Piece[] = [
  "smp_mb();",
  "smp_rmb();",
  "smp_wmb();",
  "barrier();",
  "smp_mb__before_atomic();",
  "smp_mb__after_atomic();",
  "synchronize_rcu();",
  "synchronize_srcu(s);",
];
/** Around a stretch of statements. */
const around: readonly (readonly [before: Piece, after: Piece])[] = [
  ["spin_lock(l);", "spin_unlock(l);"],
  ["spin_lock(l); smp_mb__after_spinlock();", "spin_unlock(l);"],
  ["spin_lock(l); smp_mb__after_unlock_lock();", "spin_unlock(l);"],
  ["rcu_read_lock();", "rcu_read_unlock();"],
  ["int R = srcu_read_lock(s);", "srcu_read_unlock(s, R);"],
  ["int R = srcu_read_lock(s);", "srcu_read_unlock(s, R); smp_mb__after_srcu_read_unlock();"],
];

interface Drawn {
  readonly kind: number;
  readonly pick: number;
  readonly variable: string;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.nat(99),
  pick: fc.nat(999),
  variable: fc.constantFrom("x", "y"),
});

interface Section {
  readonly pick: number;
  readonly from: number;
  readonly length: number;
}

const section: fc.Arbitrary<Section | undefined> = fc.option(
  fc.record({pick: fc.nat(999), from: fc.nat(2), length: fc.nat(4)}),
  {nil: undefined, freq: 2},
);

/** The text of a test of two or three threads. */
export const richLitmus: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.array(drawn, {minLength: 1, maxLength: 4}), section), {
    minLength: 2,
    maxLength: 3,
  })
  .map((threads) => textOf(threads));

function textOf(threads: readonly (readonly [readonly Drawn[], Section | undefined])[]): string {
  let value = 0;
  const shown: string[] = [];
  const bodies = threads.map(([pieces, held], thread) => {
    let registers = 0;
    let last = "0";
    const fill = (piece: Piece, variable: string, register?: string): string => {
      const own = register ?? (piece.includes("R") && /\bR\b/.test(piece) ? `r${registers++}` : "");
      const line = piece
        .replace(/\bR\b/g, own)
        .replace(/\bP\b/g, last)
        .replace(/\bX\b/g, variable)
        .replace(/\bV\b/g, () => String(++value));
      if (own !== "" && register === undefined) {
        shown.push(`${thread}:${own}`);
        last = own;
      }
      return line;
    };
    const lines = pieces.map(({kind, pick, variable}) => {
      const from =
        kind < 26
          ? stores
          : kind < 52
            ? loads
            : kind < 68
              ? fences
              : kind < 82
                ? atomics
                : dependent;
      return fill(from[pick % from.length] as Piece, variable);
    });
    if (held !== undefined) {
      const [before, after] = around[held.pick % around.length] as readonly [Piece, Piece];
      const index = before.includes("R =") ? `i${thread}` : "";
      const start = Math.min(held.from, lines.length);
      lines.splice(start + held.length, 0, fill(after, "x", index));
      lines.splice(start, 0, fill(before, "x", index));
    }
    return `P${thread}(int *x, int *y, spinlock_t *l, struct srcu_struct *s)\n{\n  ${lines.join("\n  ")}\n}\n`;
  });
  const places = [...shown, "x", "y"].map((place) => `${place};`).join(" ");
  return `C random\n\n{}\n\n${bodies.join("\n")}\nlocations [${places}]\nexists (x=0)\n`;
}
