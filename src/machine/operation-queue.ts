import type {Context} from "./context.ts";
import type {Memory} from "./memory.ts";

/** Operations of a writer that have arrived and wait for one of its workers, first come, first served: a ring of their arrivals. */
export class OperationQueue {
  readonly workers: Context[] = [];
  arrivals: number = 0;
  done: number = 0;
  private waiting: Float64Array;
  private head: number = 0;
  private size: number = 0;

  constructor(memory: Memory) {
    this.waiting = memory.floats(16);
  }

  push(arrived: number): void {
    if (this.size === this.waiting.length) {
      const grown = new Float64Array(2 * this.size);
      for (let i = 0; i < this.size; i++) grown[i] = this.waiting[(this.head + i) % this.size];
      this.waiting = grown;
      this.head = 0;
    }
    this.waiting[(this.head + this.size++) % this.waiting.length] = arrived;
  }

  /** When those that wait have arrived. */
  *arrived(): Generator<number> {
    for (let i = 0; i < this.size; i++) yield this.waiting[(this.head + i) % this.waiting.length];
  }

  /** The earliest arrival; -1 if none waits. */
  shift(): number {
    if (this.size === 0) return -1;
    const arrived = this.waiting[this.head];
    this.head = (this.head + 1) % this.waiting.length;
    this.size--;
    return arrived;
  }
}
