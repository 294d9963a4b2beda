// The shared memory of a small system, cell by cell: how the checker's states and the timed engine's name what a step reads and writes, so
// that the two can be compared. Numbers are indices into the `SmallSystem`: slots, tables, places of CPUs, policies and their state words.

/** Upper-level entry: the table that it points to, from 1; 0 for none. */
export const entryCell = (slot: number): string => `entry ${slot}`;
/** 0 live, 1 freed. */
export const pageCell = (table: number): string => `page ${table}`;
/** An entry of a table: 0 as it was (of a replacement: written), 1 changed in place, 2 not written yet. */
export const contentsCell = (table: number, entry: number): string => `contents ${table} ${entry}`;
/** Other mms that use a table. */
export const shareCell = (table: number): string => `share ${table}`;
/** 0 free, 1 taken, n + 1 for n readers; by its name as of `lock-name.ts`. */
export const lockCell = (name: string): string => `lock ${name}`;
/** Context-tracking mode of the CPU at a place. */
export const modeCell = (place: number): string => `mode ${place}`;
/** CPUs that are online, as a mask of places. */
export const onlineCell = "online";
/** State word `state` of policy `code`, at a CPU or an mm (from 1); -1 for a global one. */
export const wordCell = (code: number, state: number, at: number): string =>
  `word ${code} ${state} ${at}`;

/** What the value of a lock's cell says. */
export function lockText(value: number): string {
  if (value < 2) return value === 0 ? "free" : "taken";
  return value === 2 ? "read by one" : `read by ${value - 1}`;
}
