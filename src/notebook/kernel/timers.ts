// Interrupting a cell that waits on timers means taking its timers away: an interval that goes on printing after the stop button is what
// users of other kernels complain about. So the timer functions note what each cell has started.

import {type Cell, currentCell} from "./cell.ts";

type Timer = NodeJS.Timeout | NodeJS.Immediate;
type Start = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => Timer;

/** Replaces the global timer functions by ones that note the timer with the current cell. */
export function trackTimers(): void {
  const globals = globalThis as unknown as Record<string, Start>;
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    const original = globals[name] as Start;
    const once = name !== "setInterval";
    const tracked: Start = (callback, ...rest) => {
      const cell = currentCell.getStore();
      if (cell === undefined || typeof callback !== "function") return original(callback, ...rest);
      const timer = original(
        (...args) => {
          if (once) cell.timers.delete(timer);
          callback(...args);
        },
        ...rest,
      );
      cell.timers.add(timer);
      return timer;
    };
    // `util.promisify(setTimeout)` and the like look for symbols on the function.
    globals[name] = Object.assign(tracked, original);
    for (const symbol of Object.getOwnPropertySymbols(original)) {
      const property = Object.getOwnPropertyDescriptor(original, symbol);
      if (property !== undefined) Object.defineProperty(tracked, symbol, property);
    }
  }
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
    const clear = (globalThis as unknown as Record<string, (timer: Timer) => void>)[name]!;
    (globalThis as unknown as Record<string, (timer: Timer) => void>)[name] = (timer) => {
      currentCell.getStore()?.timers.delete(timer);
      clear(timer);
    };
  }
}

/** Stops every timer of a cell. */
export function clearTimers(cell: Cell): void {
  for (const timer of cell.timers) {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  }
  cell.timers.clear();
}
