// Where a calendar keeps its events: rows of three float64 places, (time, rank, two words), of which the words are what happens and the
// next row of whatever list the event is in. A row lies in one or two lines of the cache, and an event never moves: lists and heaps of
// events are made of row numbers, the index of a row's first place.

/** Float64 places of a row, and that of the rank. */
export const row = 3;
export const rankPlace = 1;

const smallest = 64;

export class PendingEvents {
  numbers: Float64Array = new Float64Array(row * smallest);
  words: Int32Array = new Int32Array(this.numbers.buffer);
  /** The list of rows to use again; -1: none. */
  private free: number = -1;
  private used: number = 0;

  /** A row for an event; it is in no list yet. */
  protected place(time: number, rank: number, what: number): number {
    let at = this.free;
    if (at < 0) {
      at = this.used;
      this.used += row;
      if (this.used > this.numbers.length) this.grow();
    } else this.free = this.words[linkOf(at)] as number;
    const {numbers} = this;
    numbers[at] = time;
    numbers[at + rankPlace] = rank;
    this.words[whatOf(at)] = what;
    return at;
  }

  /** Gives a row back. */
  protected release(at: number): void {
    this.words[linkOf(at)] = this.free;
    this.free = at;
  }

  clear(): void {
    this.free = -1;
    this.used = 0;
  }

  private grow(): void {
    const grown = new Float64Array(2 * this.numbers.length);
    grown.set(this.numbers);
    this.numbers = grown;
    this.words = new Int32Array(grown.buffer);
  }
}

/** Where in `words` a row says what happens. */
export function whatOf(at: number): number {
  return 2 * at + 4;
}

/** Where in `words` a row says which one follows it in its list; -1 there: none. */
export function linkOf(at: number): number {
  return 2 * at + 5;
}
