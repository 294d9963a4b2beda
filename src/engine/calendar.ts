// The calendar of interactions: what will happen, in one total order.
//
// Order. (1) Earlier time first; (2) at equal times the smaller kind; (3) then the smaller entity; (4) then the order in which that
// entity was given its events. None of these depends on when an event was inserted among those of other entities, so two executors that
// discover the same events in a different sequence dispatch them alike.
//
// Representation. (a) What comes soon is a binary heap over three parallel arrays: `time`; `rank`, which packs (kind, entity, sequence) into
// the 53 bits of a float64 integer: 5, 22 and 26 bits; `what`, the pair (kind, entity) as an int32. Removal walks the hole down along the
// smaller children and lifts the last event into it: one comparison a level on the way down, which V8 predicts no better for wider heaps.
// An event that is taken leaves its place vacant: most often its dispatch schedules another one, which then sinks from there at once,
// and nothing has to be removed. While it is vacant the first event is one of its two children.
// (b) Of many events those from the instant `edge` on wait outside, unsorted (`waiting-events.ts`), and come in when the heap is empty. A few
// dozen events, as most systems have, never leave the heap. Many events at one instant are a heap in any case.
// Sequences wrap after 2^26 events of an entity; ties that far apart cannot be pending together.
//
// Shuffled ties. With `shuffle` the rank is a hash of the pair and the seed, so simultaneous events of different entities come in a
// random but reproducible order. A result that changes with it depends on an order that nature does not give.

import {WaitingEvents} from "./waiting-events.ts";

const entityBits = 22;
const sequenceRange = 67108864; // 2^26

/** A heap of so many events is as quick as anything. */
const fewest = 512;

/** Kinds are 0..31; the largest ones come last among simultaneous events. */
export class Calendar {
  /** Time of the first event; Infinity when there is none. */
  next: number = Number.POSITIVE_INFINITY;
  /** Events pending. */
  size: number = 0;
  /** Places in use, with the vacant one. */
  private slots: number = 0;
  private vacant: boolean = false;
  private time: Float64Array = new Float64Array(64);
  private rank: Float64Array = new Float64Array(64);
  private what: Int32Array = new Int32Array(64);
  /** Events from here on wait outside; NaN, which no time reaches, if none does. */
  private edge: number = Number.NaN;
  /** If the heap holds more, some are put outside. */
  private room: number = fewest;
  private readonly waiting: WaitingEvents = new WaitingEvents();
  private readonly sequence: Int32Array;
  private shuffle: number;
  /** Set by `take`. */
  taken: number = 0;
  takenTime: number = 0;

  /** `entities` is how many there are; `shuffle` 0 keeps the order above. */
  constructor(entities: number, shuffle = 0) {
    if (entities > 1 << entityBits) {
      throw new RangeError(`Expected at most ${1 << entityBits} entities, got ${entities}`);
    }
    this.sequence = new Int32Array(entities);
    this.shuffle = shuffle;
  }

  /** Forgets everything; as new. */
  begin(shuffle: number): void {
    this.next = Number.POSITIVE_INFINITY;
    this.size = 0;
    this.slots = 0;
    this.vacant = false;
    this.edge = Number.NaN;
    this.room = fewest;
    this.waiting.clear();
    this.sequence.fill(0);
    this.shuffle = shuffle;
  }

  push(time: number, kind: number, entity: number): void {
    const sequence = this.sequence[entity] as number;
    this.sequence[entity] = (sequence + 1) & (sequenceRange - 1);
    const what = (kind << entityBits) | entity;
    const rank =
      this.shuffle === 0 || kind >= 31
        ? what * sequenceRange + sequence
        : mix(what, this.shuffle) * 2097152 + (sequence & 0x1fffff);
    this.size++;
    if (time >= this.edge) {
      this.waiting.add(time, rank, what);
      return;
    }
    if (this.vacant) {
      this.vacant = false;
      this.sink(0, time, rank, what);
      return;
    }
    if (this.slots >= this.room) this.spread();
    if (time >= this.edge) {
      this.waiting.add(time, rank, what);
      return;
    }
    let at = this.slots++;
    if (at === this.time.length) this.grow(2 * at);
    const {time: times, rank: ranks, what: whats} = this;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = times[up] as number;
      if (above < time || (above === time && (ranks[up] as number) < rank)) break;
      times[at] = above;
      ranks[at] = ranks[up] as number;
      whats[at] = whats[up] as number;
      at = up;
    }
    times[at] = time;
    ranks[at] = rank;
    whats[at] = what;
    if (at === 0) this.next = time;
  }

  /** Removes the first event into `takenTime` and `taken` (see `kindOf`, `entityOf`). The calendar must not be empty. */
  take(): void {
    if (this.vacant) this.close();
    const {time: times, slots} = this;
    this.takenTime = times[0] as number;
    this.taken = this.what[0] as number;
    this.vacant = true;
    this.size--;
    if (slots === 1) {
      if (this.waiting.count > 0) this.refill();
      else this.next = Number.POSITIVE_INFINITY;
    } else {
      const left = times[1] as number;
      const right = slots === 2 ? left : (times[2] as number);
      this.next = left < right ? left : right;
    }
  }

  // Puts everything outside, sorts it roughly, and lets the first events in again.
  private spread(): void {
    const {time: times, rank: ranks, what: whats, slots, waiting} = this;
    for (let i = 0; i < slots; i++) {
      waiting.addLast(times[i] as number, ranks[i] as number, whats[i] as number);
    }
    waiting.gather();
    this.refill();
    // Each time is paid for by the events that came since the last.
    this.room = Math.max(fewest, 2 * this.slots, waiting.count >> 2);
  }

  // Lets in the first events that wait outside; the heap is empty.
  private refill(): void {
    const {waiting} = this;
    const many = waiting.advance();
    if (many > this.time.length) this.grow(many);
    this.edge = waiting.takeOut(this.time, this.rank, this.what);
    this.vacant = false;
    this.slots = many;
    for (let at = (many >> 1) - 1; at >= 0; at--) {
      this.sink(at, this.time[at] as number, this.rank[at] as number, this.what[at] as number);
    }
    this.next = this.time[0] as number;
  }

  // Puts an event into a vacant place and lets it sink.
  private sink(from: number, time: number, rank: number, what: number): void {
    const {time: times, rank: ranks, what: whats, slots} = this;
    let hole = from;
    for (let child = 2 * from + 1; child < slots; child = 2 * hole + 1) {
      const right = child + 1;
      if (right < slots) {
        const a = times[child] as number;
        const b = times[right] as number;
        // Which one is smaller cannot be predicted, so it is computed and not branched upon; ties are rare or the rule.
        child += Number(b < a);
        if (a === b && (ranks[right] as number) < (ranks[child] as number)) child = right;
      }
      const below = times[child] as number;
      if (time < below || (time === below && rank < (ranks[child] as number))) break;
      times[hole] = below;
      ranks[hole] = ranks[child] as number;
      whats[hole] = whats[child] as number;
      hole = child;
    }
    times[hole] = time;
    ranks[hole] = rank;
    whats[hole] = what;
    this.next = times[0] as number;
  }

  // Closes the vacant first place: the hole sinks to the bottom and the last event rises from there.
  private close(): void {
    this.vacant = false;
    const {time: times, rank: ranks, what: whats} = this;
    const slots = --this.slots;
    let hole = 0;
    for (let child = 1; child < slots; child = 2 * hole + 1) {
      const right = child + 1;
      if (right < slots) {
        const a = times[child] as number;
        const b = times[right] as number;
        if (b < a || (b === a && (ranks[right] as number) < (ranks[child] as number)))
          child = right;
      }
      times[hole] = times[child] as number;
      ranks[hole] = ranks[child] as number;
      whats[hole] = whats[child] as number;
      hole = child;
    }
    const time = times[slots] as number;
    const rank = ranks[slots] as number;
    const what = whats[slots] as number;
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const above = times[up] as number;
      if (above < time || (above === time && (ranks[up] as number) < rank)) break;
      times[hole] = above;
      ranks[hole] = ranks[up] as number;
      whats[hole] = whats[up] as number;
      hole = up;
    }
    times[hole] = time;
    ranks[hole] = rank;
    whats[hole] = what;
  }

  private grow(least: number): void {
    const length = Math.max(least, 2 * this.time.length);
    const time = new Float64Array(length);
    time.set(this.time);
    this.time = time;
    const rank = new Float64Array(length);
    rank.set(this.rank);
    this.rank = rank;
    const what = new Int32Array(length);
    what.set(this.what);
    this.what = what;
  }
}

/** The kind of a taken event. */
export function kindOf(what: number): number {
  return what >>> entityBits;
}

/** The entity of a taken event. */
export function entityOf(what: number): number {
  return what & ((1 << entityBits) - 1);
}

/** 32 well-mixed bits of two words. Source: the finaliser of MurmurHash3 by Austin Appleby, public domain. */
function mix(a: number, b: number): number {
  let h = Math.imul(a ^ Math.imul(b, 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
