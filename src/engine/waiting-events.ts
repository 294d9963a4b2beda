// Events that wait outside a calendar's heap, sorted by spans of time and not within them. A span is a power of two of ticks, so that
// which one an event belongs to is exact, and spans come in the order of time. Beyond the last span everything is in one list, from
// which new spans are made when the old ones are over: as many as there are events, and twice as long as these lie apart on average.
// Adding an event and letting it out again costs the same however many there are, unless most of them lie in a few spans: then the
// calendar's heap sorts them, as it would without.
//
// What the calendar relies on: whatever is outside is at the edge or later, and `takeOut` moves everything before the next edge.

const smallest = 64;
const mostSpans = 1 << 20;
const longest = 4503599627370496; // 2^52
const row = 4;
const link = 3;

export class WaitingEvents {
  count: number = 0;
  /** Four numbers of an event, side by side in the cache: time, rank, what, and where the next one of the same list is; -1: none. */
  private events: Float64Array = new Float64Array(0);
  /** Places to use again, linked like a list of events. */
  private free: number = -1;
  private used: number = 0;

  /** First event of each span; the current one has been taken out. */
  private first: Int32Array = new Int32Array(0);
  private spans: number = 0;
  private current: number = 0;
  /** Where span 0 begins, and spans a tick. */
  private base: number = 0;
  private perTick: number = 1;

  /** Beyond all spans: the list, how many, the earliest, and the sum of their times since `base`. */
  private beyond: number = -1;
  private beyondCount: number = 0;
  private earliest: number = Number.POSITIVE_INFINITY;
  private sum: number = 0;

  /** Events of the span that comes next. */
  private coming: number = -1;
  private end: number = 0;

  clear(): void {
    this.count = 0;
    this.free = -1;
    this.used = 0;
    this.first.fill(-1, 0, this.spans);
    this.spans = 0;
    this.forgetBeyond();
  }

  add(time: number, rank: number, what: number): void {
    this.put(this.place(time, rank, what), time);
  }

  /** Adds an event that may be earlier than the edge; `gather` must follow. */
  addLast(time: number, rank: number, what: number): void {
    this.putBeyond(this.place(time, rank, what), time);
  }

  /** Forgets the spans: all events are beyond. */
  gather(): void {
    for (let span = 0; span < this.spans; span++) {
      for (let at = this.first[span] as number; at >= 0; ) {
        const after = this.events[at + link] as number;
        this.putBeyond(at, this.events[at] as number);
        at = after;
      }
      this.first[span] = -1;
    }
    this.spans = 0;
  }

  /** Goes on to the next span with an event in it, and returns how many it has. There must be an event. */
  advance(): number {
    // Far more events than spans: they were made for fewer.
    if (this.count > 4 * this.spans + smallest) this.gather();
    for (;;) {
      const {first, spans} = this;
      while (this.current < spans && (first[this.current] as number) < 0) this.current++;
      if (this.current < spans) break;
      if (this.makeSpans()) return this.beyondCount;
    }
    this.coming = this.first[this.current] as number;
    this.first[this.current++] = -1;
    this.end = this.base + this.current / this.perTick;
    let many = 0;
    for (let at = this.coming; at >= 0; at = this.events[at + link] as number) many++;
    return many;
  }

  /** Moves the events that `advance` has counted into arrays, and returns the new edge; NaN if there is none any more. */
  takeOut(times: Float64Array, ranks: Float64Array, whats: Int32Array): number {
    const {events} = this;
    let many = 0;
    for (let at = this.coming; at >= 0; many++) {
      times[many] = events[at] as number;
      ranks[many] = events[at + 1] as number;
      whats[many] = events[at + 2] as number;
      const after = events[at + link] as number;
      events[at + link] = this.free;
      this.free = at;
      at = after;
    }
    this.count -= many;
    if (this.count > 0) return this.end;
    this.clear();
    return Number.NaN;
  }

  // New spans for what is beyond the old ones; true if it is so little that it comes out at once.
  private makeSpans(): boolean {
    const {beyond, beyondCount: many, earliest} = this;
    if (many <= smallest >> 1 || earliest === Number.POSITIVE_INFINITY) {
      this.coming = beyond;
      return true;
    }
    const apart = (2 * (this.base + this.sum / many - earliest)) / many;
    let length = 1;
    while (length < apart && length < longest) length *= 2;
    let spans = smallest;
    while (spans < many && spans < mostSpans) spans *= 2;
    if (spans > this.first.length) this.first = new Int32Array(spans).fill(-1);
    this.spans = spans;
    this.current = 0;
    this.perTick = 1 / length;
    this.base = Math.floor(earliest / length) * length;
    this.forgetBeyond();
    for (let at = beyond; at >= 0; ) {
      const after = this.events[at + link] as number;
      this.put(at, this.events[at] as number);
      at = after;
    }
    return false;
  }

  private put(at: number, time: number): void {
    const span = (time - this.base) * this.perTick;
    if (span < this.spans) {
      this.events[at + link] = this.first[span | 0] as number;
      this.first[span | 0] = at;
    } else this.putBeyond(at, time);
  }

  private putBeyond(at: number, time: number): void {
    this.events[at + link] = this.beyond;
    this.beyond = at;
    this.beyondCount++;
    this.sum += time - this.base;
    if (time < this.earliest) this.earliest = time;
  }

  private forgetBeyond(): void {
    this.beyond = -1;
    this.beyondCount = 0;
    this.earliest = Number.POSITIVE_INFINITY;
    this.sum = 0;
  }

  private place(time: number, rank: number, what: number): number {
    let at = this.free;
    if (at >= 0) this.free = this.events[at + link] as number;
    else {
      at = this.used;
      this.used += row;
      if (this.used > this.events.length) {
        const grown = new Float64Array(Math.max(row * smallest, 2 * this.events.length));
        grown.set(this.events);
        this.events = grown;
      }
    }
    const {events} = this;
    events[at] = time;
    events[at + 1] = rank;
    events[at + 2] = what;
    this.count++;
    return at;
  }
}
