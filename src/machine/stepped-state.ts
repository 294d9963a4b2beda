import type {LockLine} from "./lock-line.ts";

/** A walk whose hooks are stepped, instruction by instruction (`stepped-walk.ts`). */
export class SteppedWalk {
  source: number = -1;
  /** 0: over, 1: in `enter`, 2: walking, 3: in `exit`, 4: giving the lock back. */
  stage: number = 0;
  /** Which of the policies' hooks, and where in it. */
  hook: number = 0;
  pc: number = -1;
  /** When the instruction at `pc` takes effect, if its cost has been drawn; else -1. */
  due: number = -1;
  /** The instant reached. */
  time: number = 0;
  start: number = 0;
  arrival: number = 0;
  /** When the walk proper began and ended; `walkTo` then of giving the lock back. */
  walkFrom: number = 0;
  walkTo: number = 0;
  hooks: number = 0;
  /** Taken by sections inside it. */
  nested: number = 0;
  aborted: boolean = false;
  /** Whether it is the slow path of an aborted walk, under the lock, without hooks. */
  bare: boolean = false;
  /** What an aborted walk spends on its slow path. */
  slow: number = 0;
  /** Line of the lock under which it walks, if that moves. */
  line: LockLine | undefined;
  readonly registers: Float64Array[];

  constructor(registers: readonly number[]) {
    this.registers = registers.map((count) => new Float64Array(Math.max(2, count)));
  }

  /** A section inside it took `length` ticks. */
  delay(length: number): void {
    if (this.stage === 0) return;
    this.nested += length;
    this.time += length;
    if (this.due >= 0) this.due += length;
    if (this.stage === 2 || this.stage === 4) this.walkTo += length;
  }
}
