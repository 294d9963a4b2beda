// Runs one thread in all the ways it could run. A thread is an ordinary function that performs its accesses through a `Recorder`; the
// recorder writes down the events and decides what each load returns. It does so by replay: the first run takes the first possible value
// at each load, and every further run repeats a prefix of decisions and takes the next value at the last one that has any left. So a
// thread needs no continuations, and any interpreter (of litmus statements, of policy code) is a thread.

import {type Event, type FenceKind, noTaint, type Taint, tag, taintOf} from "./event.ts";

/** A value and the loads it was computed from. */
export interface Tainted {
  readonly value: number;
  readonly taint: Taint;
}

export type LoadOrder = "plain" | "once" | "acquire";
export type StoreOrder = "plain" | "once" | "release";
export type AtomicOrder = "once" | "acquire" | "release" | "mb" | "noreturn";

/** How a thread ended: as it should, or by an access to something that is not a variable. */
export interface Trace<Result> {
  readonly events: readonly Event[];
  readonly result: Result;
  /** Set when the thread used `value` as an address and it is none. The thread stops there. */
  readonly fault?: {readonly value: number; readonly text: string; readonly mark: number};
}

/** Addresses are numbers too: that of location i is `addressBase + i`. Small integers are never addresses. */
export const addressBase = 0x2000_0000;

export function addressOf(location: number): Tainted {
  return {value: addressBase + location, taint: noTaint};
}

/** Thrown through a thread to end its run; never leaves `runs`. */
class Abandoned {
  readonly fault: boolean;
  constructor(fault: boolean) {
    this.fault = fault;
  }
}

/** A thread that has more runs than are worth enumerating. */
export class TooManyRuns extends Error {
  override readonly name = "TooManyRuns";
}

/** What loads may return. */
export interface Readable {
  /** How many variables there are. */
  readonly locations: number;
  /** The values a load may return; `own` is what the thread stored there last, if it has. Never empty. */
  readonly at: (location: number, own: number | undefined) => readonly number[];
}

export class Recorder {
  readonly events: Event[] = [];
  private readonly readable: Readable;
  /** What the thread stored last, by location. */
  private readonly own = new Map<number, number>();
  private readonly choices: number[];
  private readonly widths: number[] = [];
  private next = 0;
  private control: Taint = noTaint;
  fault: {value: number; text: string; mark: number} | undefined;
  /** The statement being run, for the events' `text` and `mark`. */
  text = "";
  mark = 0;

  constructor(readable: Readable, choices: number[]) {
    this.readable = readable;
    this.choices = choices;
  }

  /** One of `width` ways to go on, 0 first. */
  choose(width: number): number {
    const at = this.next++;
    if (at === this.choices.length) this.choices.push(0);
    this.widths[at] = width;
    return this.choices[at];
  }

  /** Gives this run up: what it assumed cannot be (a filter, a wait whose condition fails). */
  abandon(): never {
    throw new Abandoned(false);
  }

  /** Runs `body` with every event in it control-dependent on `taint`. */
  controlled(taint: Taint, body: () => void): void {
    const before = this.control;
    this.control = taintOf(before, taint);
    body();
    this.control = before;
  }

  /** Sets the loads that events from here on are control-dependent on; returns what was set before. */
  setControl(taint: Taint): Taint {
    const before = this.control;
    this.control = taint;
    return before;
  }

  load(address: Tainted, order: LoadOrder): Tainted {
    const location = this.locate(address);
    const tags = tag.read | (order === "plain" ? tag.plain : order === "acquire" ? tag.acquire : 0);
    return this.read(location, tags, address.taint, this.anyValue(location));
  }

  store(address: Tainted, value: Tainted, order: StoreOrder): void {
    const location = this.locate(address);
    const tags = order === "plain" ? tag.plain : order === "release" ? tag.release : 0;
    this.write(location, tags, value, address.taint, -1);
  }

  /**
   * An atomic read-modify-write. `update` gives the new value, or nothing when the operation fails and writes nothing (cmpxchg); a
   * failed one orders nothing. Returns the old value.
   */
  atomic(
    address: Tainted,
    order: AtomicOrder,
    update: (old: Tainted) => Tainted | undefined,
    condition: Taint = noTaint,
  ): Tainted {
    const location = this.locate(address);
    const value = this.anyValue(location);
    // The new value may depend on the read, whose number is that of the event to come.
    const old = {value, taint: [this.events.length]};
    const fresh = update(old);
    if (fresh === undefined) {
      return this.read(location, tag.read | tag.rmw, address.taint, value);
    }
    const full = order === "mb" ? tag.mb : 0;
    const readTags = order === "acquire" ? tag.acquire : order === "noreturn" ? tag.noreturn : full;
    const number = this.events.length;
    this.read(location, tag.read | tag.rmw | readTags, address.taint, value);
    this.controlled(condition, () => {
      const writeTags = order === "release" ? tag.release : full;
      this.write(location, tag.rmw | writeTags, fresh, address.taint, number);
    });
    return old;
  }

  fence(fence: FenceKind): void {
    this.push({tags: tag.fence, fence, location: -1, value: 0, address: noTaint, data: noTaint});
  }

  /** spin_lock(): reads 0, writes 1, with acquire ordering. A lock that is held is waited for, which no execution can see. */
  lock(address: Tainted): void {
    const location = this.locate(address);
    const number = this.events.length;
    this.read(location, tag.read | tag.lockRead | tag.acquire, address.taint, 0);
    this.write(location, tag.lockWrite, {value: 1, taint: noTaint}, address.taint, number);
  }

  unlock(address: Tainted): void {
    const location = this.locate(address);
    this.write(location, tag.unlock | tag.release, {value: 0, taint: noTaint}, address.taint, -1);
  }

  /** spin_trylock(): 1 when the lock was taken, 0 when somebody held it (then one unordered read). */
  trylock(address: Tainted): Tainted {
    if (this.choose(2) === 0) {
      const number = this.events.length;
      this.lock(address);
      return {value: 1, taint: [number]};
    }
    return {value: 0, taint: this.readLock(address, 1).taint};
  }

  /** spin_is_locked(): one unordered read. */
  isLocked(address: Tainted): Tainted {
    return this.readLock(address, 1 - this.choose(2));
  }

  /** srcu_read_lock(): a read of the struct, whose value is the index that the section is ended with. */
  srcuLock(address: Tainted): Tainted {
    const location = this.locate(address);
    const tags = tag.read | tag.srcuLock;
    return this.read(location, tags, address.taint, this.anyValue(location));
  }

  /** srcu_read_unlock(): a write of the index to the struct. */
  srcuUnlock(address: Tainted, index: Tainted): void {
    this.write(this.locate(address), tag.srcuUnlock, index, address.taint, -1);
  }

  /** synchronize_srcu(): a fence that knows its struct. */
  syncSrcu(address: Tainted): void {
    const location = this.locate(address);
    const tags = tag.fence;
    this.push({tags, fence: "sync-srcu", location, value: 0, address: noTaint, data: noTaint});
  }

  private readLock(address: Tainted, value: number): Tainted {
    const location = this.locate(address);
    // Asked for the sake of who has to know that this thread reads it.
    this.readable.at(location, this.own.get(location));
    return this.read(location, tag.read, address.taint, value);
  }

  private anyValue(location: number): number {
    const values = this.readable.at(location, this.own.get(location));
    return values[this.choose(values.length)];
  }

  private locate(address: Tainted): number {
    const location = address.value - addressBase;
    if (location >= 0 && location < this.readable.locations) return location;
    this.fault = {value: address.value, text: this.text, mark: this.mark};
    throw new Abandoned(true);
  }

  private read(location: number, tags: number, address: Taint, value: number): Tainted {
    const taint = [this.events.length];
    this.push({tags, location, value, address, data: noTaint});
    return {value, taint};
  }

  private write(
    location: number,
    tags: number,
    value: Tainted,
    address: Taint,
    rmwRead: number,
  ): void {
    this.own.set(location, value.value);
    this.push({
      tags: tags | tag.write,
      location,
      value: value.value,
      address,
      data: value.taint,
      rmwRead,
    });
  }

  private push(
    event: Omit<Event, "control" | "rmwRead" | "text" | "mark"> & {readonly rmwRead?: number},
  ): void {
    this.events.push({
      rmwRead: -1,
      ...event,
      control: this.control,
      text: this.text,
      mark: this.mark,
    });
  }

  /** Whether there is another run; `choices` then holds its decisions. */
  advance(): boolean {
    this.choices.length = Math.min(this.choices.length, this.next);
    while (this.choices.length > 0) {
      const last = this.choices.length - 1;
      if (this.choices[last] + 1 < this.widths[last]) {
        this.choices[last]++;
        return true;
      }
      this.choices.pop();
    }
    return false;
  }
}

/** A thread: performs its accesses through the recorder and returns what is to be known of it at the end (its registers). */
export type Thread<Result> = (recorder: Recorder) => Result;

/**
 * All runs of a thread when a load may return any of the readable values. Runs that were given up are not returned, but `ran` hears of
 * the events of every run, since other threads may have read its stores. Throws `TooManyRuns` beyond `limit` runs.
 */
export function runs<Result>(
  thread: Thread<Result>,
  readable: Readable,
  limit: number,
  ran: (events: readonly Event[]) => void,
): Trace<Result | undefined>[] {
  const traces: Trace<Result | undefined>[] = [];
  const choices: number[] = [];
  for (let count = 0; ; count++) {
    if (count > limit) throw new TooManyRuns(`a thread has more than ${limit} different runs`);
    const recorder = new Recorder(readable, choices);
    try {
      const result = thread(recorder);
      traces.push({events: recorder.events, result});
    } catch (end) {
      if (!(end instanceof Abandoned)) throw end;
      if (end.fault && recorder.fault !== undefined) {
        traces.push({events: recorder.events, result: undefined, fault: recorder.fault});
      }
    }
    ran(recorder.events);
    if (!recorder.advance()) return traces;
  }
}
