// `prompt()` in a cell: the question goes to the front end and this thread waits, asleep, until the I/O thread has the answer. Nothing else
// runs meanwhile, as with Python's `input()`.

import {awaitInput, inputState, isInterrupted, type SharedState, word} from "../io/shared-state.ts";
import type {Outbound} from "../io/traffic.ts";
import {currentCell, Interrupted} from "./cell.ts";

/**
 * The function that cells call.
 * @throws {Error} where the front end cannot answer (nbconvert, `quiesce notebook run`); {Interrupted} when the wait is stopped.
 */
export function createPrompt(
  post: (message: Outbound) => void,
  state: SharedState,
): (question?: string, options?: {password?: boolean}) => string {
  return (question = "", {password = false} = {}) => {
    const cell = currentCell.getStore();
    if (cell === undefined || !cell.allowStdin) {
      throw new Error("prompt() needs a front end that can answer; this one cannot");
    }
    Atomics.store(state.words, word.input, inputState.none);
    // An interrupt is written before the wait is cancelled: it is seen here or wakes the wait.
    if (isInterrupted(state.words)) throw new Interrupted();
    post({kind: "input", origin: cell.origin, prompt: String(question), password});
    const line = awaitInput(state);
    if (line === undefined) throw new Interrupted();
    return line;
  };
}
