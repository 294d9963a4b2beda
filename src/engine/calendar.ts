// The calendar of interactions: what will happen, in one total order.
//
// Order. (1) Earlier time first; (2) at equal times the smaller kind; (3) then the smaller entity; (4) then the order in which that
// entity was given its events. None of these depends on when an event was inserted among those of other entities, so two executors that
// discover the same events in a different sequence dispatch them alike. (2) to (4) are one number, the rank, which packs kind, entity and
// sequence into the 53 bits of a float64 integer: 5, 22 and 26 bits. Sequences wrap after 2^26 events of an entity; ties that far apart
// cannot be pending together.
//
// Representation. (a) A dozen events, as most systems have, are one list in order. (b) Of more, the list has those before the instant `edge`;
// the others wait, unordered, in spans of time of which each has a few (`event-spans.ts`). When the list is empty, the next span's events
// become the list. So an event costs the same however many there are (R. Brown's calendar queue,
// https://doi.org/10.1145/63039.63045, differs in that it keeps every day's events in order). (c) Where many events lie together, as a
// broadcast of constant latency makes them, a list would be slow: as soon as somebody has to walk far in it, it becomes a heap
// (`event-heap.ts`), until that is empty.
//
// Shuffled ties. With `shuffle` the rank is a hash of the pair and the seed, so simultaneous events of different entities come in a
// random but reproducible order. A result that changes with it depends on an order that nature does not give.

import {EventHeap} from "./event-heap.ts";
import {EventSpans} from "./event-spans.ts";
import {linkOf, rankPlace, whatOf} from "./pending-events.ts";

const entityBits = 22;
const sequenceRange = 67108864; // 2^26

/** So many events are quick enough in one list. */
const few = 12;
/** So far nobody walks in a list. */
const longWalk = 24;

/** Kinds are 0..31; the largest ones come last among simultaneous events. */
export class Calendar extends EventSpans {
  /** Time of the first event; Infinity when there is none. */
  next: number = Number.POSITIVE_INFINITY;
  /** Events pending. */
  size: number = 0;
  private readonly heap: EventHeap = new EventHeap(this);
  /** Whether the events before `edge` are in the heap, not in the list. */
  private crowded: boolean = false;
  /** First and last row of the list; -1: it is empty. */
  private head: number = -1;
  private tail: number = -1;
  /** Events from here on wait in spans; NaN, which no time reaches, if none does. */
  private edge: number = Number.NaN;
  private readonly sequence: Int32Array;
  private shuffle: number;
  /** Set by `take`. */
  taken: number = 0;
  takenTime: number = 0;

  /** `entities` is how many there are; `shuffle` 0 keeps the order above. */
  constructor(entities: number, shuffle = 0) {
    super();
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
    this.clear();
    this.heap.size = 0;
    this.crowded = false;
    this.head = -1;
    this.tail = -1;
    this.edge = Number.NaN;
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
    const at = this.place(time, rank, what);
    this.size++;
    if (time >= this.edge) this.putLater(at, time);
    else if (this.crowded) this.crowdIn(at);
    else {
      const steps = this.insert(at, time, rank);
      if (Number.isNaN(this.edge)) {
        if (this.size > few) this.spread();
      } else if (steps > longWalk) this.crowd();
    }
  }

  /** Removes the first event into `takenTime` and `taken` (see `kindOf`, `entityOf`). The calendar must not be empty. */
  take(): void {
    const {head} = this;
    this.size--;
    if (this.crowded) {
      this.takeFromHeap();
      return;
    }
    const {numbers, words} = this;
    this.takenTime = numbers[head] as number;
    this.taken = words[whatOf(head)] as number;
    const after = words[linkOf(head)] as number;
    this.release(head);
    this.head = after;
    if (after >= 0) this.next = numbers[after] as number;
    else this.refill();
  }

  private takeFromHeap(): void {
    const {heap} = this;
    const at = heap.first();
    this.takenTime = this.numbers[at] as number;
    this.taken = this.words[whatOf(at)] as number;
    heap.remove();
    this.release(at);
    if (heap.size > 0) {
      this.next = heap.firstTime();
      return;
    }
    this.crowded = false;
    this.head = -1;
    this.refill();
  }

  // Fills the empty list from the spans.
  private refill(): void {
    this.tail = -1;
    if (this.size === 0) {
      this.next = Number.POSITIVE_INFINITY;
      this.edge = Number.NaN;
    } else if (this.stale) this.spread();
    else this.open();
  }

  // Makes the next span's events the list.
  private open(): void {
    const {numbers, words} = this;
    const first = this.openSpan();
    this.edge = this.end;
    this.head = first;
    this.tail = first;
    this.next = numbers[first] as number;
    let at = words[linkOf(first)] as number;
    words[linkOf(first)] = -1;
    let many = 1;
    while (at >= 0) {
      const after = words[linkOf(at)] as number;
      many++;
      if (this.crowded) this.crowdIn(at);
      else if (
        this.insert(at, numbers[at] as number, numbers[at + rankPlace] as number) > longWalk
      ) {
        this.crowd();
      }
      at = after;
    }
    this.opened(many);
  }

  // Puts an event into the list; returns how far that was from its ends.
  private insert(at: number, time: number, rank: number): number {
    const {numbers, words} = this;
    const {head, tail} = this;
    if (tail < 0) {
      words[linkOf(at)] = -1;
      this.head = at;
      this.tail = at;
      this.next = time;
      return 0;
    }
    const first = numbers[head] as number;
    if (time < first || (time === first && rank < (numbers[head + rankPlace] as number))) {
      words[linkOf(at)] = head;
      this.head = at;
      this.next = time;
      return 0;
    }
    const last = numbers[tail] as number;
    if (time > last || (time === last && rank > (numbers[tail + rankPlace] as number))) {
      words[linkOf(tail)] = at;
      words[linkOf(at)] = -1;
      this.tail = at;
      return 0;
    }
    let before = head;
    let after = words[linkOf(head)] as number;
    let steps = 1;
    for (; ; steps++) {
      const then = numbers[after] as number;
      if (time < then || (time === then && rank < (numbers[after + rankPlace] as number))) break;
      before = after;
      after = words[linkOf(after)] as number;
    }
    words[linkOf(before)] = at;
    words[linkOf(at)] = after;
    return steps;
  }

  // Makes the list a heap.
  private crowd(): void {
    const {words} = this;
    for (let at = this.head; at >= 0; at = words[linkOf(at)] as number) this.heap.add(at);
    this.crowded = true;
  }

  private crowdIn(at: number): void {
    this.heap.add(at);
    this.next = this.heap.firstTime();
  }

  // Makes spans for all events, or, if there are too few, one list.
  private spread(): void {
    const all = this.gather(this.head);
    this.head = -1;
    this.tail = -1;
    if (this.size > few >> 1 && this.spreadOut(all, this.size)) {
      this.open();
      return;
    }
    this.edge = Number.NaN;
    // So many that will never happen are a crowd.
    this.crowded = this.size > few;
    for (let at = all; at >= 0; ) {
      const {numbers, words} = this;
      const after = words[linkOf(at)] as number;
      if (this.crowded) this.crowdIn(at);
      else this.insert(at, numbers[at] as number, numbers[at + rankPlace] as number);
      at = after;
    }
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
