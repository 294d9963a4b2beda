// The few words that both threads must see without a message, because the main thread may be deep in a loop of the user's.
//
// Int32 words of one shared buffer, followed by room for the text of an input reply (UTF-8):
//   executing   1 while a cell runs           written by main,  read by I/O
//   interrupt   1 while the running cell is to stop   set by I/O, cleared by main when the cell has ended; read by loop guards
//   input       0 none, 1 text is there, 2 cancelled  set by I/O, cleared by main before it asks; main waits on it
//   length      bytes of the input text       written by I/O before `input` is set
//   serial      number of the cell that runs or ran last   written by main
//   target      serial of the cell that a SIGINT on its way is meant for; 0 for none   set by I/O, taken by main with the signal

const header = 6;
const inputBytes = 1 << 20;

export const word = {
  executing: 0,
  interrupt: 1,
  input: 2,
  length: 3,
  serial: 4,
  target: 5,
} as const;
export const inputState = {none: 0, text: 1, cancelled: 2} as const;

export interface SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly text: Uint8Array;
}

/** The state over a buffer received from the other thread, or over a new one. */
export function sharedState(
  buffer: SharedArrayBuffer = new SharedArrayBuffer(header * 4 + inputBytes),
): SharedState {
  return {
    buffer,
    words: new Int32Array(buffer, 0, header),
    text: new Uint8Array(buffer, header * 4),
  };
}

/** Hands a line to the main thread waiting in `prompt()`; it is cut at 1 MiB. */
export function deliverInput(state: SharedState, line: string): void {
  const {written} = new TextEncoder().encodeInto(line, state.text);
  Atomics.store(state.words, word.length, written);
  Atomics.store(state.words, word.input, inputState.text);
  Atomics.notify(state.words, word.input);
}

/** Wakes a waiting `prompt()` without an answer. */
export function cancelInput(state: SharedState): void {
  Atomics.store(state.words, word.input, inputState.cancelled);
  Atomics.notify(state.words, word.input);
}

/** Blocks the main thread until there is an answer; `undefined` means that the wait was interrupted. */
export function awaitInput(state: SharedState): string | undefined {
  Atomics.wait(state.words, word.input, inputState.none);
  const arrived = Atomics.load(state.words, word.input) === inputState.text;
  const length = Atomics.load(state.words, word.length);
  // TextDecoder refuses shared memory, so the bytes are copied first.
  return arrived ? new TextDecoder().decode(state.text.slice(0, length)) : undefined;
}
