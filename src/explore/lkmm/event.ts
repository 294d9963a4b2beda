// An event: one access to memory or one fence, as a candidate execution sees it. The kinds and tags are those of the Linux-kernel memory
// model (tools/memory-model/linux-kernel.bell and lock.cat); a tag that orders nothing (acquire on a store, `mb` on a failed cmpxchg)
// is never set, which is what linux-kernel.bell's filters amount to.
//
// Initial values are not events: an event that reads the initial value has no rf edge, and every store to a location comes after it.

/**
 * Bits of `Event.tags`: read 1, write 2, fence 4; plain 8 (no READ_ONCE or other mark: may race); acquire 16, release 32; noreturn 64 (the
 * read of an atomic operation that returns nothing: smp_rmb() does not order it); rmw 128 (belongs to an atomic read-modify-write, a
 * failed one included), mb 256 (to a fully ordered one); the read and the write of spin_lock() 512 and 1024; spin_unlock() 2048; the read
 * that srcu_read_lock() is 4096, the write that srcu_read_unlock() is 8192.
 */
export const tag: Readonly<Record<TagName, number>> = {
  read: 1,
  write: 2,
  fence: 4,
  plain: 8,
  acquire: 16,
  release: 32,
  noreturn: 64,
  rmw: 128,
  mb: 256,
  lockRead: 512,
  lockWrite: 1024,
  unlock: 2048,
  srcuLock: 4096,
  srcuUnlock: 8192,
};

export type TagName =
  | "read"
  | "write"
  | "fence"
  | "plain"
  | "acquire"
  | "release"
  | "noreturn"
  | "rmw"
  | "mb"
  | "lockRead"
  | "lockWrite"
  | "unlock"
  | "srcuLock"
  | "srcuUnlock";

export type FenceKind =
  | "mb"
  | "wmb"
  | "rmb"
  | "barrier"
  | "rcu-lock"
  | "rcu-unlock"
  | "sync-rcu"
  | "sync-srcu"
  | "before-atomic"
  | "after-atomic"
  | "after-spinlock"
  | "after-unlock-lock"
  | "after-srcu-unlock";

/** Loads, by their number in the thread, that a value was computed from. */
export type Taint = readonly number[];

export const noTaint: Taint = [];

export function taintOf(a: Taint, b: Taint): Taint {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  return [...new Set([...a, ...b])];
}

export interface Event {
  /** Bits of `tag`. */
  readonly tags: number;
  /** Only of fences. */
  readonly fence?: FenceKind;
  /** -1 for fences; of synchronize_srcu() the struct it names. */
  readonly location: number;
  /** What is read or written; 0 for fences. */
  readonly value: number;
  /** The loads this event's address, data and execution depend on, numbered within the thread. */
  readonly address: Taint;
  readonly data: Taint;
  readonly control: Taint;
  /** For the write of a read-modify-write: its read's number in the thread; else -1. */
  readonly rmwRead: number;
  /** Shown to people: the statement it came from. */
  readonly text: string;
  /** Caller's number for the place it came from; 0 where there is none. */
  readonly mark: number;
}
