// What can go wrong with a table, by the names that the checker, the timed engine and their readers use. One rule stands behind I1 to I6: a
// walk must not load from a table whose generation differs from the one at which it obtained the pointer, unless it looks again before it
// uses the result and the memory still is a table.

/**
 * I1 use after free; I2 use of an entry that was reused; I3 a walk that mixes old and new entries of one table, or reads an unwritten one;
 * I4 stale TLB entry used; I5 hardware walk of a freed table; I6 reuse while shared; I7 deadlock; I8 sleep in atomic context; I9 waiting
 * IPI with interrupts off; I10 double free; I11 tracker set with interrupts on.
 */
export type InvariantId =
  | "I1"
  | "I2"
  | "I3"
  | "I4"
  | "I5"
  | "I6"
  | "I7"
  | "I8"
  | "I9"
  | "I10"
  | "I11";

/** One sentence for each invariant. */
export const invariantTexts: Readonly<Record<InvariantId, string>> = {
  I1: "use after free: a walker reads a table that was freed",
  I2: "stale use: a walker uses an entry that was changed in place for somebody else",
  I3: "mixed table: one walk combines entries from before and after a change, or reads a table that is not written yet",
  I4: "stale translation: the MMU uses an entry of a table that was freed or given away",
  I5: "hardware walk of a freed table",
  I6: "the table is reused while another mm still shares it",
  I7: "deadlock",
  I8: "sleep in atomic context",
  I9: "waiting for an IPI with interrupts off",
  I10: "the table is freed twice",
  I11: "the tracker still names an mm when its CPU has left the walk with interrupts on",
};
