// Events of later on, by spans of time and unsorted within them. A span is a power of two of ticks, so that which one an event belongs to is
// exact, and spans come in the order of time. As many spans ahead as there are lists have one each: the list of a span that is over serves
// the one that has come into sight. What lies beyond sight is in one list; it is looked through each time all lists have had their turn,
// and until then nothing in it can be due. Adding an event and opening its span costs the same however many there are, unless most
// of them lie in a few spans.
//
// How long spans are follows from how far apart events are on average when spans are made. That may come to be wrong: too long, and
// whoever opens a span finds many events in it, which a heap must then sort; too short, and most spans are empty. For the second, and for
// events that have become more than there are spans, `stale` says when it is time to make them anew.

import {linkOf, PendingEvents} from "./pending-events.ts";

const fewestSpans = 16;
const mostSpans = 1 << 21;
const longest = 4503599627370496; // 2^52
/** Spans are counted from a later base before their number leaves the 31 bits. */
const countTo = 1 << 29;
/** So many empty spans are passed free of charge for each that is opened. */
const passedFree = 4;

export class EventSpans extends PendingEvents {
  /** Events before this instant are not in spans: they belong to the one that was opened last, or to one before. */
  protected end: number = 0;
  /** Events in spans, and beyond them. */
  private inside: number = 0;
  private outside: number = 0;
  private beyond: number = -1;

  /** First row of each span's list. Span s since `base` has list s modulo their number. */
  private lists: Int32Array = new Int32Array(fewestSpans).fill(-1);
  private mask: number = fewestSpans - 1;
  private base: number = 0;
  private perTick: number = 1;
  /** The span to be opened next, the first that is out of sight, and when to look beyond. */
  private current: number = 0;
  private sight: number = 0;
  private turn: number = 0;
  /** Empty spans passed, less those that were free. */
  private passed: number = 0;

  override clear(): void {
    super.clear();
    this.forget();
  }

  private forget(): void {
    if (this.inside > 0) this.lists.fill(-1, 0, this.mask + 1);
    this.inside = 0;
    this.outside = 0;
    this.beyond = -1;
  }

  /** Adds an event at `end` or later. */
  protected putLater(at: number, time: number): void {
    const span = (time - this.base) * this.perTick;
    const {words} = this;
    if (span < this.sight) {
      const list = span & this.mask;
      words[linkOf(at)] = this.lists[list] as number;
      this.lists[list] = at;
      this.inside++;
    } else {
      words[linkOf(at)] = this.beyond;
      this.beyond = at;
      this.outside++;
    }
  }

  /** Whether new spans would serve better than these. */
  protected get stale(): boolean {
    const spans = this.mask + 1;
    return (
      this.inside === 0 ||
      (this.inside + this.outside > spans && spans < mostSpans) ||
      this.passed > spans + this.inside + this.outside
    );
  }

  /** Goes on to the next span with events, and returns their list, which is nobody's any more. There must be one in sight. */
  protected openSpan(): number {
    const {mask} = this;
    const from = this.current;
    let span = from;
    while ((this.lists[span & mask] as number) < 0) {
      if (++span === this.turn) span = this.lookBeyond(span);
    }
    const passed = this.passed + (span - from) - passedFree;
    this.passed = passed > 0 ? passed : 0;
    const at = this.lists[span & mask] as number;
    this.lists[span & mask] = -1;
    if (++span === this.turn) span = this.lookBeyond(span);
    this.current = span;
    this.sight = span + mask + 1;
    this.end = this.base + span / this.perTick;
    return at;
  }

  /** Says how many events the opened list had. */
  protected opened(many: number): void {
    this.inside -= many;
  }

  // All lists have had their turn when span `next` comes: what is in sight from there is put where it belongs. Returns the span's number,
  // which is another one if it is counted from another base.
  private lookBeyond(next: number): number {
    let span = next;
    if (span >= countTo) {
      const over = span & ~this.mask;
      this.base += over / this.perTick;
      span -= over;
    }
    this.sight = span + this.mask + 1;
    this.turn = this.sight;
    const list = this.beyond;
    this.beyond = -1;
    this.outside = 0;
    this.putAll(list);
    return span;
  }

  private putAll(list: number): void {
    const {numbers, words} = this;
    for (let at = list; at >= 0; ) {
      const after = words[linkOf(at)] as number;
      this.putLater(at, numbers[at] as number);
      at = after;
    }
  }

  /** Takes everything out as one list that goes on with the rows of `list`. */
  protected gather(list: number): number {
    let all = this.chain(this.beyond, list);
    const spans = this.inside === 0 ? 0 : this.mask + 1;
    for (let span = 0; span < spans; span++) all = this.chain(this.lists[span] as number, all);
    this.forget();
    return all;
  }

  // Puts the rows of a list before those of another one.
  private chain(list: number, others: number): number {
    const {words} = this;
    let all = others;
    for (let at = list; at >= 0; ) {
      const after = words[linkOf(at)] as number;
      words[linkOf(at)] = all;
      all = at;
      at = after;
    }
    return all;
  }

  /** Makes spans for a list of events, none of which is here; false, and nothing has happened, if none of them will ever be. */
  protected spreadOut(list: number, many: number): boolean {
    const {numbers, words} = this;
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = list; at >= 0; at = words[linkOf(at)] as number) {
      if ((numbers[at] as number) < earliest) earliest = numbers[at] as number;
    }
    if (earliest === Number.POSITIVE_INFINITY) return false;
    let sum = 0;
    for (let at = list; at >= 0; at = words[linkOf(at)] as number) {
      const after = (numbers[at] as number) - earliest;
      if (after < longest) sum += after;
    }
    // Two events to a span near the beginning, if they thin out as exponential gaps do; rounded up.
    const length = powerFrom((2 * sum) / (many * many), 1, longest);
    const spans = powerFrom(2 * many, fewestSpans, mostSpans);
    if (spans > this.lists.length) this.lists = new Int32Array(spans).fill(-1);
    this.mask = spans - 1;
    this.perTick = 1 / length;
    this.base = Math.floor(earliest / length) * length;
    this.end = this.base;
    this.current = 0;
    this.sight = spans;
    this.turn = spans;
    this.passed = 0;
    this.putAll(list);
    return true;
  }
}

/** The least power of two that is no less than `value`, within bounds that are powers of two. */
function powerFrom(value: number, least: number, most: number): number {
  let power = least;
  while (power < value && power < most) power *= 2;
  return power;
}
