// Records a window of a run: intervals, arrows. Memory is bounded: what does not fit is counted, not kept.

import type {Arrow, Interval, Timeline} from "../record/samples.ts";
import {nanosecondsOf} from "./time.ts";

/** Most intervals and most arrows kept. */
export const recorderCapacity = 200_000;

export class Recorder {
  /** Ticks. */
  readonly from: number;
  readonly to: number;
  private readonly intervals: Interval[] = [];
  private readonly arrows: Arrow[] = [];
  private dropped: number = 0;

  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }

  /** Records that `cpu` (-1: none) was in `state` from one tick to another, as far as that lies in the window. */
  interval(cpu: number, from: number, to: number, state: string): void {
    if (to <= this.from || from >= this.to || to <= from) return;
    if (this.intervals.length === recorderCapacity) {
      this.dropped++;
      return;
    }
    this.intervals.push({
      cpu,
      from: nanosecondsOf(Math.max(from, this.from)),
      to: nanosecondsOf(Math.min(to, this.to)),
      state,
    });
  }

  arrow(from: number, fromCpu: number, to: number, toCpu: number, kind: string): void {
    if (from < this.from || from >= this.to) return;
    if (this.arrows.length === recorderCapacity) {
      this.dropped++;
      return;
    }
    this.arrows.push({from: nanosecondsOf(from), fromCpu, to: nanosecondsOf(to), toCpu, kind});
  }

  /**
   * What has been recorded, in order of time. Where one interval of a CPU lies within another, the inner one interrupts it: the result is
   * disjoint on every CPU.
   */
  timeline(): Timeline {
    const sorted = this.intervals.toSorted(
      (a, b) => a.cpu - b.cpu || a.from - b.from || b.to - a.to,
    );
    const disjoint = [...sorted.filter(({cpu}) => cpu < 0), ...cut(sorted)];
    return {
      from: nanosecondsOf(this.from),
      to: nanosecondsOf(this.to),
      intervals: disjoint.toSorted((a, b) => a.from - b.from || a.cpu - b.cpu),
      arrows: this.arrows.toSorted((a, b) => a.from - b.from || a.toCpu - b.toCpu),
      dropped: this.dropped,
    };
  }
}

/** Cuts nested intervals of CPUs into disjoint ones; the input is sorted by CPU, start, and longer before shorter. */
function cut(sorted: readonly Interval[]): Interval[] {
  const pieces: Interval[] = [];
  const open: {readonly interval: Interval; from: number}[] = [];
  const closeUntil = (cpu: number, time: number): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const {interval} = top;
      if (interval.cpu === cpu && interval.to > time) return;
      if (interval.to > top.from) pieces.push({...interval, from: top.from});
      open.pop();
      const outer = open.at(-1);
      if (outer !== undefined) outer.from = Math.max(outer.from, interval.to);
    }
  };
  for (const interval of sorted) {
    if (interval.cpu < 0) continue;
    closeUntil(interval.cpu, interval.from);
    const outer = open.at(-1);
    if (outer !== undefined && interval.from > outer.from) {
      pieces.push({...outer.interval, from: outer.from, to: interval.from});
    }
    open.push({interval, from: interval.from});
  }
  closeUntil(-1, Number.POSITIVE_INFINITY);
  return pieces;
}
