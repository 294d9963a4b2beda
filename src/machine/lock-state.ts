/** A lock that tasks queue for, first come, first served. */
export class Lock {
  /** Context id; -1: free. */
  holder: number = -1;
  /** CPU that held it last, -1: none yet. */
  lastCpu: number = -1;
  readonly queue: number[] = [];
}
