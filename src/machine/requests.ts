// The call-function queues: one per CPU, first in, first out. Only the request that finds its queue empty asks for an interrupt
// (`smp_call_function_many_cond`), so concurrent initiators share one.

import type {Memory} from "./memory.ts";

/** What the handler does for a request. */
export const request = {
  /** A policy's `ipi` hook. */
  sync: 0,
  flush: 1,
  /** Of an expedited grace period. */
  expedited: 2,
} as const;

export class Requests {
  /** Per CPU: first and last request, -1 for none. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** Whether an interrupt is on its way or being taken and has not drained the queue. */
  readonly pending: Uint8Array;
  /** Whether that interrupt has reached a CPU whose writer masks interrupts. */
  readonly heldBack: Uint8Array;
  /** Since the start of the run: requests queued and handled, interrupts asked for and taken. */
  queued: number = 0;
  handled: number = 0;
  sent: number = 0;
  taken: number = 0;
  kind: Uint8Array;
  /** The initiator's context, and the place of the request among those it waits for; -1: not waited for. */
  context: Int32Array;
  slot: Int32Array;
  /** The policy whose hook runs, and the mm it runs for. */
  code: Int32Array;
  next: Int32Array;
  private free: number = -1;
  private used: number = 0;

  constructor(cpus: number, memory: Memory) {
    this.head = memory.ints(cpus).fill(-1);
    this.tail = memory.ints(cpus).fill(-1);
    this.pending = memory.bytes(cpus);
    this.heldBack = memory.bytes(cpus);
    // One initiator at a time needs no more.
    const room = Math.max(64, cpus);
    this.kind = memory.bytes(room);
    this.context = memory.ints(room);
    this.slot = memory.ints(room);
    this.code = memory.ints(room);
    this.next = memory.ints(room);
  }

  /** Queues a request; true if the queue was empty. */
  push(cpu: number, kind: number, context: number, slot: number, code: number): boolean {
    let at = this.free;
    if (at >= 0) this.free = this.next[at];
    else {
      at = this.used++;
      if (at === this.kind.length) this.grow();
    }
    this.kind[at] = kind;
    this.context[at] = context;
    this.slot[at] = slot;
    this.code[at] = code;
    this.next[at] = -1;
    this.queued++;
    const last = this.tail[cpu];
    this.tail[cpu] = at;
    if (last < 0) this.head[cpu] = at;
    else this.next[last] = at;
    return last < 0;
  }

  /** Takes the first request off the queue; -1 if there is none. Its fields are valid until the next `push`. */
  shift(cpu: number): number {
    const at = this.head[cpu];
    if (at < 0) return -1;
    this.handled++;
    this.head[cpu] = this.next[at];
    if (this.head[cpu] < 0) this.tail[cpu] = -1;
    this.next[at] = this.free;
    this.free = at;
    return at;
  }

  private grow(): void {
    const length = 2 * this.kind.length;
    const kind = new Uint8Array(length);
    kind.set(this.kind);
    this.kind = kind;
    for (const name of ["context", "slot", "code", "next"] as const) {
      const grown = new Int32Array(length);
      grown.set(this[name]);
      this[name] = grown;
    }
  }
}
