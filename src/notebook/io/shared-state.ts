// The few words that both threads must see without a message, because the main thread may be deep in a loop of the user's.
//
// Int32 words of one shared buffer, followed by room for the text of an input reply (UTF-8):
//   running     serial number of the cell that runs, 0 while none does   written by main
//   interrupt   serial number of the cell that is to stop   written by either, never taken back: the next cell has another number
//   input       0 none, 1 text is there, 2 cancelled   set by I/O, cleared by main before it asks; main waits on it
//   length      bytes of the input text   written by I/O before `input` is set
//   inside      1 while main is in the part of a cell's code where a SIGINT ends that cell and nothing else   written by main
//   sending     1 while I/O looks at `inside` and sends a SIGINT   written by I/O
//   sent        1 when it has, cleared by main when the cell's code has ended
//   watching    1 from main's wish that I/O listen for signals until I/O has stopped listening; main waits on it
//
// Why an interrupt can neither be lost nor meet the next cell: it names its cell, in `interrupt` and in the message that the main thread
// gets as soon as it waits for anything; and the SIGINT for a cell that neither reaches is sent only while that cell cannot end: main
// clears `inside` and then waits for `sending`, I/O sets `sending` and then looks at `inside`, so one of them sees the other. A cell that
// was sent one waits for it to arrive: Node takes signals in a thread of its own, and what that thread has not seen by the end of a `vm`
// run ends the next (a semaphore that was posted twice and waited for once; `SigintWatchdogHelper` in Node's `node_watchdog.cc`).

const header = 8;
const inputBytes = 1 << 20;

export const word = {
  running: 0,
  interrupt: 1,
  input: 2,
  length: 3,
  inside: 4,
  sending: 5,
  sent: 6,
  watching: 7,
} as const;
export const inputState = {none: 0, text: 1, cancelled: 2} as const;

export interface SharedState {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly text: Uint8Array;
}

/** The state over a buffer received from the other thread, or over a new one. */
export function sharedState(shared?: SharedArrayBuffer): SharedState {
  const buffer = shared ?? new SharedArrayBuffer(header * 4 + inputBytes);
  const words = new Int32Array(buffer, 0, header);
  // No cell, and none that is to stop, are not the same number.
  if (shared === undefined) words[word.interrupt] = -1;
  return {buffer, words, text: new Uint8Array(buffer, header * 4)};
}

/** Whether the running cell is to stop. */
export function isInterrupted(words: Int32Array): boolean {
  const running = Atomics.load(words, word.running);
  return running !== 0 && Atomics.load(words, word.interrupt) === running;
}

/** Main is about to run code of a cell under `vm`'s own watch for SIGINT. */
export function goInside(words: Int32Array): void {
  Atomics.store(words, word.inside, 1);
}

/** How long [ms] a signal takes at most to arrive; far more than it does. */
const arrival = 5000;

/** To be called by the code itself when it is about to give up the thread: from here on no SIGINT of ours is under way. */
export function goOutside(words: Int32Array): void {
  Atomics.store(words, word.inside, 0);
  while (Atomics.load(words, word.sending) === 1) Atomics.wait(words, word.sending, 1, 1);
  const until = performance.now() + arrival;
  while (Atomics.load(words, word.sent) === 1 && performance.now() < until); // the signal ends this loop
}

/** The code has ended, by itself or by a signal, which skips everything that the code would have done. */
export function beOutside(words: Int32Array): void {
  Atomics.store(words, word.inside, 0);
  while (Atomics.load(words, word.sending) === 1) Atomics.wait(words, word.sending, 1, 1);
  Atomics.store(words, word.sent, 0);
}

/** Calls `send` if the main thread is inside the cell's code, which it does not leave meanwhile; whether it was. */
export function sendInside(words: Int32Array, serial: number, send: () => void): boolean {
  Atomics.store(words, word.sending, 1);
  const inside =
    Atomics.load(words, word.inside) === 1 && Atomics.load(words, word.running) === serial;
  if (inside) {
    Atomics.store(words, word.sent, 1);
    send();
  }
  Atomics.store(words, word.sending, 0);
  Atomics.notify(words, word.sending);
  return inside;
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
