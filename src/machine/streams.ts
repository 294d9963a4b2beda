// The random streams of one run, side by side in one array. Each is a function of (seed, replication, entity, purpose) only, so what one
// entity draws does not depend on who else is there.

import {ticksOf, ticksPerNanosecond} from "../engine/time.ts";
import {resolveOnce} from "../random/once.ts";
import {compileSampler} from "../random/sampler.ts";
import {type Sampler, type StreamId, seedStream, streamId, streamWords} from "../random/stream.ts";
import {type Total, totalOf} from "../random/total.ts";
import {exponential} from "../random/ziggurat.ts";
import type {Distribution} from "../units/distribution.ts";

const mostIds = 100_000;
const knownIds = new Map<string, StreamId>();
// A law is a function of its distribution alone and has no state: it is compiled once for as long as the distribution lives.
const knownLaws = new WeakMap<Distribution, Law>();

export class Streams {
  /** State of all streams; grows only while a run is set up. */
  state: Int32Array = new Int32Array(1024);
  private used: number = 0;
  private readonly seed: number;
  private readonly replication: number;
  private readonly point: number | undefined;

  constructor(seed: number, replication: number, point: number | undefined) {
    this.seed = seed;
    this.replication = replication;
    this.point = point;
  }

  /** Where the state of the stream begins. */
  open(entity: string, purpose: string): number {
    const at = this.used;
    this.used += streamWords;
    if (this.used > this.state.length) {
      const grown = new Int32Array(2 * this.state.length);
      grown.set(this.state);
      this.state = grown;
    }
    seedStream(this.state, at, this.seed, this.replication, this.idOf(entity, purpose));
    return at;
  }

  // The same streams are opened in every replication; their ids are worth keeping.
  private idOf(entity: string, purpose: string): StreamId {
    if (this.point !== undefined) return streamId(entity, purpose, this.point);
    const name = `${entity}\0${purpose}`;
    let id = knownIds.get(name);
    if (id === undefined) {
      id = streamId(entity, purpose);
      if (knownIds.size < mostIds) knownIds.set(name, id);
    }
    return id;
  }

  /** A law of durations, with what is drawn once per replication drawn now. */
  law(distribution: Distribution, entity: string, purpose: string): Law {
    const {seed, replication, point} = this;
    const known = knownLaws.get(distribution);
    if (known !== undefined) return known;
    const resolved = resolveOnce(distribution, seed, replication, entity, purpose, point);
    const law = lawOf(resolved);
    if (resolved === distribution) knownLaws.set(distribution, law);
    return law;
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
