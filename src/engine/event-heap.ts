// A binary heap of events in one total order, (time, rank): for as many as a list is too slow for. Times lie in the heap itself; who asks
// for ranks, which only ties do, goes to the row.

import {type PendingEvents, rankPlace} from "./pending-events.ts";

const smallest = 64;

export class EventHeap {
  size: number = 0;
  private times: Float64Array = new Float64Array(smallest);
  private rows: Int32Array = new Int32Array(smallest);
  private readonly pending: PendingEvents;

  constructor(pending: PendingEvents) {
    this.pending = pending;
  }

  /** The row of the first event; there must be one. */
  first(): number {
    return this.rows[0] as number;
  }

  /** Its time. */
  firstTime(): number {
    return this.times[0] as number;
  }

  add(at: number): void {
    if (this.size === this.rows.length) this.grow();
    const {times, rows} = this;
    const {numbers} = this.pending;
    const time = numbers[at] as number;
    const rank = numbers[at + rankPlace] as number;
    let hole = this.size++;
    while (hole > 0) {
      const up = (hole - 1) >> 1;
      const then = times[up] as number;
      const above = rows[up] as number;
      if (then < time || (then === time && (numbers[above + rankPlace] as number) < rank)) break;
      times[hole] = then;
      rows[hole] = above;
      hole = up;
    }
    times[hole] = time;
    rows[hole] = at;
  }

  /** Takes the first event out of the heap. */
  remove(): void {
    const {times, rows} = this;
    const {numbers} = this.pending;
    const size = --this.size;
    const last = rows[size] as number;
    const time = times[size] as number;
    const rank = numbers[last + rankPlace] as number;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      let then = times[child] as number;
      if (child + 1 < size) {
        const other = times[child + 1] as number;
        const swap =
          other < then || (other === then && this.rankOf(child + 1) < this.rankOf(child));
        if (swap) {
          child++;
          then = other;
        }
      }
      if (time < then || (time === then && rank < this.rankOf(child))) break;
      times[hole] = then;
      rows[hole] = rows[child] as number;
      hole = child;
    }
    times[hole] = time;
    rows[hole] = last;
  }

  private rankOf(place: number): number {
    return this.pending.numbers[(this.rows[place] as number) + rankPlace] as number;
  }

  private grow(): void {
    const times = new Float64Array(2 * this.times.length);
    times.set(this.times);
    this.times = times;
    const rows = new Int32Array(2 * this.rows.length);
    rows.set(this.rows);
    this.rows = rows;
  }
}
