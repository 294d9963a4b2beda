// The running side of the loop guards: the object that the guard in a cell's code reads.

import {type Cell, currentCell, Interrupted} from "../kernel/cell.ts";

export interface Guard {
  /** Words shared with the I/O thread; word 1 is 1 while the running cell is to stop. */
  readonly words: Int32Array;
  /** Set once the cell that the code belongs to has been interrupted. */
  stopped: boolean;
  stop(): void;
}

/** Puts a guard for `cell` where its code picks it up when it starts. */
export function installGuard(words: Int32Array, cell: Cell): Guard {
  const guard: Guard = {
    words,
    stopped: false,
    stop() {
      // A function of an interrupted cell may be called by a later cell, and then it is that cell that counts.
      const running = currentCell.getStore();
      if (words[1] === 1 || running === undefined || running.abort.signal.aborted) {
        throw new Interrupted();
      }
    },
  };
  cell.abort.signal.addEventListener("abort", () => {
    guard.stopped = true;
  });
  (globalThis as unknown as Record<symbol, Guard>)[Symbol.for("quiesce.guard")] = guard;
  return guard;
}
