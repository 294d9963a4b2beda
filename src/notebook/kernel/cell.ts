// One cell that was asked to run. It lives on after its run: a timer it started may print, fail, or start more work, and that belongs to it.
// An AsyncLocalStorage carries it through every callback and promise.

import {AsyncLocalStorage} from "node:async_hooks";
import type {Origin} from "../io/traffic.ts";

export interface Cell {
  readonly origin: Origin;
  /** Counts every cell that ran, also silent ones; names its code in stack traces. */
  readonly serial: number;
  /** The number in `In [n]`. */
  readonly number: number;
  readonly source: string;
  /** Tells the cell of the document apart from others: its id where the front end says it, else its text. */
  readonly key: string;
  /** Nothing is shown and nothing is counted. */
  readonly silent: boolean;
  /** The front end can answer `prompt()`. */
  readonly allowStdin: boolean;
  /** Aborted when the cell is interrupted: simulations stop on it. */
  readonly abort: AbortController;
  /** Timers the cell has started and that have not fired. */
  readonly timers: Set<NodeJS.Timeout | NodeJS.Immediate>;
  /** Characters of stream text and of displays it has sent. */
  readonly spent: {text: number; display: number};
}

export const currentCell: AsyncLocalStorage<Cell> = new AsyncLocalStorage<Cell>();

/** Thrown into a cell that was interrupted. */
export class Interrupted extends Error {
  override readonly name = "Interrupted" as const;
  constructor() {
    super("the cell was interrupted");
  }
}
