// The running side of the guards in a cell's code: the object that they read and call.

import {goInside, goOutside, isInterrupted} from "../io/shared-state.ts";
import {type Cell, currentCell, Interrupted} from "../kernel/cell.ts";

export interface Guard {
  /** Words shared with the I/O thread; the running cell is to stop when 0 and 1 are equal. */
  readonly words: Int32Array;
  /** Set once the cell that the code belongs to has been interrupted. */
  stopped: boolean;
  stop(): void;
  /** The first thing that the code does. */
  enter(): Guard;
  /** Called before the code may first give up the thread, and at its end. */
  leave<T>(value?: T): T | undefined;
}

/** Puts a guard for `cell` where its code picks it up when it starts. */
export function installGuard(words: Int32Array, cell: Cell): Guard {
  let inside = false;
  const guard: Guard = {
    words,
    stopped: false,
    stop() {
      // A function of an interrupted cell may be called by a later cell, and then it is that cell that counts.
      const running = currentCell.getStore();
      if (isInterrupted(words) || running === undefined || running.abort.signal.aborted) {
        throw new Interrupted();
      }
    },
    enter() {
      inside = true;
      goInside(words);
      return guard;
    },
    leave(value) {
      if (inside) goOutside(words);
      inside = false;
      return value;
    },
  };
  cell.abort.signal.addEventListener("abort", () => {
    guard.stopped = true;
  });
  (globalThis as unknown as Record<symbol, Guard>)[Symbol.for("quiesce.guard")] = guard;
  return guard;
}
