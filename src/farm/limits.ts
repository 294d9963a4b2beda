// What may end a run from outside: an interrupt, and the budget of its plan.

export class Limits {
  readonly #begun = performance.now();
  readonly #release: () => void;
  #ended: "interrupted" | "budget" | undefined;
  #listener = (): void => {};

  /** `budget` in ns of wall time, from now on. */
  constructor(budget?: number, signal?: AbortSignal) {
    const interrupt = (): void => this.#end("interrupted");
    const timer =
      budget === undefined
        ? undefined
        : setTimeout(() => this.#end("budget"), Math.min(budget / 1e6, 2 ** 31 - 1));
    signal?.addEventListener("abort", interrupt);
    if (signal?.aborted) this.#ended = "interrupted";
    this.#release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    };
  }

  /** Why the run is to end; undefined as long as it may go on. */
  get ended(): "interrupted" | "budget" | undefined {
    return this.#ended;
  }

  /** Calls `listener`, instead of the one before, when the run is to end. */
  onEnd(listener: () => void): void {
    this.#listener = listener;
  }

  /** Seconds since the run has begun. */
  elapsed(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  release(): void {
    this.#release();
  }

  #end(why: "interrupted" | "budget"): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    this.#listener();
  }
}
