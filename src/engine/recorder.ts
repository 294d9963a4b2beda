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

  /** What has been recorded, in order of time. */
  timeline(): Timeline {
    const byTime = (a: {from: number}, b: {from: number}) => a.from - b.from;
    return {
      from: nanosecondsOf(this.from),
      to: nanosecondsOf(this.to),
      intervals: this.intervals.toSorted((a, b) => a.from - b.from || a.cpu - b.cpu),
      arrows: this.arrows.toSorted(byTime),
      dropped: this.dropped,
    };
  }
}
