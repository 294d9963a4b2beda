// The call-function queues: one per CPU, first in, first out. Only the request that finds its queue empty asks for an interrupt
// (`smp_call_function_many_cond`), so concurrent initiators share one.

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
  kind: Uint8Array = new Uint8Array(64);
  /** The initiator's context, and the place of the request among those it waits for; -1: not waited for. */
  context: Int32Array = new Int32Array(64);
  slot: Int32Array = new Int32Array(64);
  /** The policy whose hook runs, and the mm it runs for. */
  code: Int32Array = new Int32Array(64);
  next: Int32Array = new Int32Array(64);
  private free: number = -1;
  private used: number = 0;

  constructor(cpus: number) {
    this.head = new Int32Array(cpus).fill(-1);
    this.tail = new Int32Array(cpus).fill(-1);
    this.pending = new Uint8Array(cpus);
    this.heldBack = new Uint8Array(cpus);
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
