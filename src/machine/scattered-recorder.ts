// Records one metric of an entity that lives on many CPUs at once (a walker, a bystander). Timelines of CPUs are advanced in whatever
// order somebody looks at them, so samples do not come in order of time; what is recorded must not depend on that order.
//
// (1) Moments are kept per slot (a slot belongs to one CPU and fills in its order of time) and merged in order of slots.
// (2) Histogram counts are integers, whose sum has no order.
// (3) The subset kept for plots is the `reservoirCapacity` samples with the smallest keys, a key being a hash of (slot, number of the
//     sample in the slot): a uniformly random subset, whoever comes first. While all fit into `exactCapacity`, all are kept.
// (4) Samples that are all alike (what a hook adds, if its costs are constant) are only counted (`recordMany`).

import {emptySeries} from "../record/empty-series.ts";
import {binOf, sliceCounts} from "../record/histogram.ts";
import type {SampleBuffer} from "../record/sample-buffer.ts";
import type {Series, Totals} from "../record/samples.ts";
import {giveBackCounts, takeCounts} from "../record/spare-counts.ts";
import {exactCapacity, reservoirCapacity} from "../record/stream-recorder.ts";

const none = new Float64Array(0);

export class ScatteredRecorder {
  readonly entity: string;
  readonly metric: string;
  private salt: number = 0;
  private counts: Float64Array = none;
  readonly number: Float64Array;
  readonly sum: Float64Array;
  private readonly squares: Float64Array;
  private readonly shift: Float64Array;
  private min: number = Number.POSITIVE_INFINITY;
  private max: number = Number.NEGATIVE_INFINITY;
  /** How many were recorded by `recordMany`. */
  readonly alike: Float64Array;
  private alikeValue: number = 0;
  /** A heap with the largest key on top. */
  private keys: Float64Array = none;
  private times: Float64Array = none;
  private values: Float64Array = none;
  private kept: number = 0;
  /** Whether only the number of samples and their sum are kept: the series then tells a mean and nothing of the spread. */
  totals: boolean = false;
  /** Samples with keys below it are kept. */
  private bound: number = 4294967296;

  constructor(entity: string, metric: string, slots: number) {
    this.entity = entity;
    this.metric = metric;
    this.number = new Float64Array(slots);
    this.sum = new Float64Array(slots);
    this.squares = new Float64Array(slots);
    this.shift = new Float64Array(slots);
    this.alike = new Float64Array(slots);
  }

  /** Begins a run; `salt` chooses the subset that is kept. */
  begin(salt: number): void {
    this.salt = salt | 0;
    this.totals = false;
    this.alikeValue = 0;
    this.shift.fill(0);
    this.reset();
  }

  /** Forgets everything, at the end of the warm-up. */
  reset(): void {
    if (this.counts.length > 0) this.counts.fill(0, binOf(this.min), binOf(this.max) + 1);
    this.number.fill(0);
    this.sum.fill(0);
    this.squares.fill(0);
    this.alike.fill(0);
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.kept = 0;
    this.bound = 4294967296;
  }

  /** Makes room for counts; many recorders never need it. */
  private open(): void {
    if (this.counts.length === 0) this.counts = takeCounts();
  }

  /** A sample [ns] of a slot, at a time that only decides the order of exact samples. */
  record(slot: number, time: number, value: number): void {
    if (this.totals) {
      this.number[slot]++;
      this.sum[slot] += value;
      return;
    }
    this.open();
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const bin = binOf(value);
    this.counts[bin]++;
    const number = this.number[slot]++;
    if (number === 0) this.shift[slot] = value;
    const deviation = value - this.shift[slot];
    this.sum[slot] += deviation;
    this.squares[slot] += deviation * deviation;
    const key = sampleKey(this.slotKey(slot), number);
    if (key < this.bound) this.keep(key, time, value);
  }

  /** The first `many` samples of a buffer, of one slot: as `record` would take them one at a time. */
  recordAll(slot: number, samples: SampleBuffer, many: number): void {
    const {values, times} = samples;
    if (this.totals) {
      for (let i = 0; i < many; i++) this.record(slot, times[i], values[i]);
      return;
    }
    this.open();
    const {counts} = this;
    const key = this.slotKey(slot);
    let number = this.number[slot];
    if (number === 0) this.shift[slot] = values[0];
    const shift = this.shift[slot];
    let sum = this.sum[slot];
    let squares = this.squares[slot];
    let least = this.min;
    let most = this.max;
    for (let i = 0; i < many; i++) {
      const value = values[i];
      if (value < least) least = value;
      if (value > most) most = value;
      counts[samples.bin(i)]++;
      const deviation = value - shift;
      sum += deviation;
      squares += deviation * deviation;
      const rank = sampleKey(key, number++);
      if (rank < this.bound) this.keep(rank, times[i], value);
    }
    this.number[slot] = number;
    this.sum[slot] = sum;
    this.squares[slot] = squares;
    this.min = least;
    this.max = most;
  }

  /** What the keys of a slot's samples are made of. */
  private slotKey(slot: number): number {
    return Math.imul(slot, 0x9e3779b1) ^ this.salt;
  }

  /** `times` samples of a slot that all have the same value, which is the same for all calls. */
  recordMany(slot: number, value: number, times: number): void {
    this.alike[slot] += times;
    this.alikeValue = value;
  }

  series(): Series {
    let alike = 0;
    for (let slot = 0; slot < this.alike.length; slot++) alike += this.alike[slot];
    const {entity, metric} = this;
    const moments = this.moments(alike);
    if (moments.count === 0) return emptySeries(entity, metric);
    if (this.totals) {
      const {count, sum} = moments;
      return {entity, metric, count, sum, m2: Number.NaN, min: Number.NaN, max: Number.NaN};
    }
    const different = moments.count - alike;
    const value = this.alikeValue;
    const min = alike > 0 ? Math.min(this.min, value) : this.min;
    const max = alike > 0 ? Math.max(this.max, value) : this.max;
    const body = {entity, metric, count: moments.count, sum: moments.sum, m2: moments.m2, min, max};
    if (moments.count <= exactCapacity && (alike === 0 || different === 0)) {
      return {
        ...body,
        exact: different === 0 ? new Float64Array(alike).fill(value) : this.inOrder(),
      };
    }
    this.open();
    const histogram = sliceCounts(this.counts, binOf(min), binOf(max));
    histogram.counts[binOf(value) - histogram.first] += alike;
    // Of two sorts of samples each gives its share, so that the subset is unbiased.
    const share = Math.round((reservoirCapacity * alike) / moments.count);
    const rest = this.smallest(Math.min(reservoirCapacity - share, different));
    const reservoir = new Float64Array(share + rest.length).fill(value, 0, share);
    reservoir.set(rest, share);
    return {...body, histogram, reservoir};
  }

  /** What `series` would say of the number of samples and their sum. */
  soFar(): Totals {
    let alike = 0;
    for (let slot = 0; slot < this.alike.length; slot++) alike += this.alike[slot];
    const {count, sum} = this.moments(alike);
    return {entity: this.entity, metric: this.metric, count, sum};
  }

  /** Hands back the memory of the histogram; nothing but `begin` may follow. */
  release(): void {
    if (this.counts.length === 0) return;
    giveBackCounts(this.counts, binOf(this.min), binOf(this.max));
    this.counts = none;
  }

  private grow(): void {
    const length = Math.max(16, 2 * this.keys.length);
    const longer = (of: Float64Array) => {
      const grown = new Float64Array(length);
      grown.set(of);
      return grown;
    };
    this.keys = longer(this.keys);
    this.times = longer(this.times);
    this.values = longer(this.values);
  }

  private moments(alike: number): {count: number; sum: number; m2: number} {
    let count = alike;
    let sum = alike * this.alikeValue;
    let m2 = 0;
    for (let slot = 0; slot < this.number.length; slot++) {
      const more = this.number[slot];
      if (more === 0) continue;
      const moreSum = more * this.shift[slot] + this.sum[slot];
      const moreM2 = Math.max(0, this.squares[slot] - (this.sum[slot] * this.sum[slot]) / more);
      // Chan, Golub and LeVeque, https://doi.org/10.1080/00031305.1983.10483115
      const gap = count === 0 ? 0 : moreSum / more - sum / count;
      m2 += moreM2 + ((gap * gap * count) / (count + more)) * more;
      count += more;
      sum += moreSum;
    }
    return {count, sum, m2};
  }

  /** Keeps a sample whose key is below `bound`. */
  private keep(key: number, time: number, value: number): void {
    if (this.kept < exactCapacity) {
      if (this.kept === this.keys.length) this.grow();
      this.sift(this.kept++, key, time, value, true);
      if (this.kept === exactCapacity) this.bound = this.keys[0];
      return;
    }
    this.sift(0, key, time, value, false);
    this.bound = this.keys[0];
  }

  private sift(from: number, key: number, time: number, value: number, up: boolean): void {
    const {keys, times, values} = this;
    let at = from;
    for (;;) {
      const other = up ? (at - 1) >> 1 : largerChild(keys, at, this.kept);
      if (up ? at === 0 || keys[other] >= key : other < 0 || keys[other] <= key) break;
      keys[at] = keys[other];
      times[at] = times[other];
      values[at] = values[other];
      at = other;
    }
    keys[at] = key;
    times[at] = time;
    values[at] = value;
  }

  private inOrder(): Float64Array {
    const order = [...this.keys.subarray(0, this.kept).keys()];
    order.sort((a, b) => this.times[a] - this.times[b] || this.values[a] - this.values[b]);
    return Float64Array.from(order, (at) => this.values[at]);
  }

  private smallest(many: number): Float64Array {
    // Keys have 32 bits and places eight, so both are sorted as one number.
    const order = this.keys.slice(0, this.kept);
    for (let at = 0; at < order.length; at++) order[at] = order[at] * exactCapacity + at;
    order.sort();
    return order.subarray(0, many).map((both) => this.values[both % exactCapacity]);
  }
}

function largerChild(keys: Float64Array, at: number, size: number): number {
  const left = 2 * at + 1;
  if (left >= size) return -1;
  return left + 1 < size && keys[left + 1] > keys[left] ? left + 1 : left;
}

/** 32 bits of a slot's key and a number: two multiplications, enough to make neighbouring numbers unrelated. */
function sampleKey(slotKey: number, number: number): number {
  let h = Math.imul(number ^ slotKey, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
