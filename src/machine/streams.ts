// The random streams of one run, side by side in one array. Each is a function of (seed, replication, entity, purpose) only, so what one
// entity draws does not depend on who else is there. Their ids are found once for a system; a run only seeds them.

import {ticksOf, ticksPerNanosecond} from "../engine/time.ts";
import {compileSampler} from "../random/sampler.ts";
import {type Sampler, type StreamId, seedStreams, streamId, streamWords} from "../random/stream.ts";
import {type Total, totalOf} from "../random/total.ts";
import {exponential} from "../random/ziggurat.ts";
import type {Distribution} from "../units/distribution.ts";
import type {Seeding} from "./laws.ts";
import type {Memory} from "./memory.ts";

const mostIds = 100_000;
const knownIds = new Map<string, StreamId>();

// Points of a sweep have many streams in common, whose ids are worth keeping.
function idOf(entity: string, purpose: string, point: number | undefined): StreamId {
  if (point !== undefined) return streamId(entity, purpose, point);
  const name = `${entity}\0${purpose}`;
  let id = knownIds.get(name);
  if (id === undefined) {
    id = streamId(entity, purpose);
    if (knownIds.size < mostIds) knownIds.set(name, id);
  }
  return id;
}

/** The stream of what is never left to chance: nothing is drawn from it, and it is not seeded. */
export const silent = 0;

/** Which streams a run has beside the silent one. */
export class StreamIds {
  /** Three words of each stream. */
  words: Int32Array = new Int32Array(3 * 64);
  count: number = 0;
  private readonly point: number | undefined;

  constructor(point: number | undefined) {
    this.point = point;
  }

  /** Where the state of the stream will begin. */
  open(entity: string, purpose: string): number {
    const at = 3 * this.count;
    if (at === this.words.length) {
      const grown = new Int32Array(2 * at);
      grown.set(this.words);
      this.words = grown;
    }
    this.words.set(idOf(entity, purpose, this.point), at);
    return streamWords * ++this.count;
  }
}

export class Streams {
  /** State of all streams; another array after some calls of `open`. */
  state: Int32Array;
  private used: number;
  private readonly seeding: Seeding;

  constructor(ids: StreamIds, seeding: Seeding, memory: Memory) {
    const {seed, replication} = seeding;
    this.seeding = seeding;
    this.used = streamWords * (ids.count + 1);
    this.state = memory.ints(this.used);
    seedStreams(this.state, streamWords, seed, replication, ids.words, ids.count);
  }

  /** Where the state of one more stream begins, of which it shows only while the run is set up that it is needed. */
  open(entity: string, purpose: string): number {
    const {seed, replication, point} = this.seeding;
    const at = this.used;
    this.used += streamWords;
    if (this.used > this.state.length) {
      const grown = new Int32Array(2 * this.used);
      grown.set(this.state);
      this.state = grown;
    }
    seedStreams(this.state, at, seed, replication, idOf(entity, purpose, point), 1);
    return at;
  }
}

/** A law of durations, ready to draw whole ticks from. Constants and exponentials, by far the most common, need no indirect call. */
export interface Law {
  /** Ticks, if the law is a constant; else -1. */
  readonly constant: number;
  /** Ticks, if the law is exponential; else -1. */
  readonly mean: number;
  /** Nothing in it is drawn once any more. */
  readonly distribution: Distribution;
  /** Draws nanoseconds. */
  readonly sample: Sampler;
  /** What draws add up to [ns], where that has a closed form. */
  readonly total: Total | undefined;
}

export function lawOf(distribution: Distribution): Law {
  const scaled = (value: number) => value * ticksPerNanosecond;
  return {
    constant: ticksOrNone(constantOf(distribution)),
    mean: distribution.kind === "exponential" ? scaled(distribution.mean) : -1,
    distribution,
    sample: compileSampler(distribution),
    total: totalOf(distribution),
  };
}

function ticksOrNone(value: number | undefined): number {
  return value === undefined ? -1 : ticksOf(value);
}

function constantOf(distribution: Distribution): number | undefined {
  if (distribution.kind === "constant") return distribution.value;
  if (distribution.kind === "affine") {
    const of = constantOf(distribution.of);
    return of === undefined ? undefined : distribution.shift + distribution.scale * of;
  }
  return undefined;
}

/** A duration in ticks; negative draws count as none. */
export function draw(law: Law, state: Int32Array, at: number): number {
  if (law.constant >= 0) return law.constant;
  if (law.mean >= 0) return Math.floor(law.mean * exponential(state, at) + 0.5);
  return ticksOf(law.sample(state, at));
}
