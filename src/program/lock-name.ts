import type {Mm} from "../plan/system.ts";

/**
 * The lock that a policy or a writer of an mm (1-based) means by a name: mmap_lock and the page-table lock belong to an mm, i_mmap to all mms
 * that share tables, any other lock to everybody. Where the system has one mm, the name itself.
 */
export function lockName(mms: readonly Mm[], name: string, mm: number): string {
  if (mms.length < 2 || (name !== "mmap_lock" && name !== "ptl" && name !== "i_mmap")) return name;
  const own = mms[mm - 1]?.name ?? "";
  if (name !== "i_mmap") return `${name}[${own}]`;
  const group = [own, ...(mms[mm - 1]?.shares ?? [])].sort();
  return `${name}[${group[0]}]`;
}

/** What kind of lock a name given by `lockName` is of: `mmap_lock` for `mmap_lock[app]`. */
export function lockKind(name: string): string {
  const end = name.indexOf("[");
  return end < 0 ? name : name.slice(0, end);
}

/** Whether a lock is held with interrupts off: lru_lock is taken by spin_lock_irq(). */
export function masksInterrupts(name: string): boolean {
  return name === "lru_lock";
}
