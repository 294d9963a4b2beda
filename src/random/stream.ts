// Random streams. A stream is four 32-bit words of an Int32Array (sfc32), so that thousands of them lie side by side and a draw
// allocates nothing. Where a stream starts is a function of (seed, replication, entity, purpose) alone:
//
//   (1) The name is absorbed by Philox in blocks of 16 bytes (cipher block chaining under a fixed key) to 96 bits: the stream's id.
//   (2) The start state is Philox under the key `seed` of the counter (replication, id).
//
// Hence adding a walker, a purpose or a replication changes no other stream, and two policies that are compared meet the same draws.
// The 2^128 start states are spread over sfc32's cycles (2^127 long on average, 2^32 at least), so overlaps may be neglected.

import {philox} from "./philox.ts";

/** 32-bit words of state of one stream. */
export const streamWords = 4;

/** 96 bits that stand for (entity, purpose, point). */
export type StreamId = readonly [number, number, number];

/** Draws a number from the stream whose state begins at `state[at]`, and advances it. */
export type Sampler = (state: Int32Array, at: number) => number;

/**
 * The id of the stream of an entity for one purpose ("gup@17", "hold"). With `point` the stream is a different one at every point of a
 * sweep (`streams: independent`); without it all points share it (common random numbers). Takes about 1 us: worth
 * keeping.
 */
export function streamId(entity: string, purpose: string, point?: number): StreamId {
  const bytes = new TextEncoder().encode(`${entity}\0${purpose}\0${point ?? ""}`);
  const block = new Int32Array(4);
  // The length goes in first, so that padding with zeros is unambiguous.
  block[0] = bytes.length;
  philox(block, 0, 0x71756965, 0x73636521);
  for (let from = 0; from < bytes.length; from += 16) {
    for (let i = 0; i < 16; i++) {
      const byte = from + i < bytes.length ? (bytes[from + i] as number) : 0;
      block[i >> 2] = (block[i >> 2] as number) ^ (byte << (8 * (i & 3)));
    }
    philox(block, 0, 0x71756965, 0x73636521);
  }
  return [block[0] as number, block[1] as number, block[2] as number];
}

/**
 * Writes the start state of a stream to `state[at .. at + 3]`. `seed` is an integer in [0, 2^53), `replication` in [0, 2^32).
 * Throws a RangeError for other values.
 */
export function seedStream(
  state: Int32Array,
  at: number,
  seed: number,
  replication: number,
  id: StreamId,
): void {
  seedStreams(state, at, seed, replication, id, 1);
}

/** Writes the start states of `count` streams, one behind the other from `state[at]` on; `ids` holds three words of each. */
export function seedStreams(
  state: Int32Array,
  at: number,
  seed: number,
  replication: number,
  ids: ArrayLike<number>,
  count: number,
): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Expected \`seed\` to be an integer from 0 to 2^53 - 1, got \`${seed}\``);
  }
  if (!Number.isInteger(replication) || replication < 0 || replication > 0xffffffff) {
    throw new RangeError(
      `Expected \`replication\` to be an integer from 0 to 2^32 - 1, got \`${replication}\``,
    );
  }
  const low = seed >>> 0;
  const high = Math.floor(seed / 0x100000000);
  for (let i = 0, to = at, from = 0; i < count; i++, to += streamWords, from += 3) {
    state[to] = replication;
    state[to + 1] = ids[from] as number;
    state[to + 2] = ids[from + 1] as number;
    state[to + 3] = ids[from + 2] as number;
    philox(state, to, low, high);
  }
}

/** A stream of its own, seeded: `[state, 0]` are then the arguments of every draw. For tools and tests; the engine packs many. */
export function openStream(
  seed: number,
  replication: number,
  entity: string,
  purpose: string,
  point?: number,
): Int32Array {
  const state = new Int32Array(streamWords);
  seedStream(state, 0, seed, replication, streamId(entity, purpose, point));
  return state;
}

/**
 * A uniform integer in [0, 2^32): sfc32 by Chris Doty-Humphrey, which passes PractRand to 2^45 bytes and beyond
 * (https://pracrand.sourceforge.net/RNG_engines.txt). State words: a, b, c and a counter.
 */
export function nextUint32(state: Int32Array, at: number): number {
  const b = state[at + 1] as number;
  const c = state[at + 2] as number;
  const counter = state[at + 3] as number;
  const drawn = ((((state[at] as number) + b) | 0) + counter) | 0;
  state[at] = b ^ (b >>> 9);
  state[at + 1] = (c + (c << 3)) | 0;
  state[at + 2] = (((c << 21) | (c >>> 11)) + drawn) | 0;
  state[at + 3] = (counter + 1) | 0;
  return drawn >>> 0;
}

/** A uniform number in [0, 1), a multiple of 2^-53. Two 32-bit draws. */
export function uniform53(state: Int32Array, at: number): number {
  const high = nextUint32(state, at) >>> 5;
  const low = nextUint32(state, at) >>> 6;
  return (high * 67108864 + low) * 1.1102230246251565e-16;
}

/** A uniform number in (0, 1), an odd multiple of 2^-53, so that neither 0 nor 1 occurs and 1 - u is as likely as u. Two draws. */
export function uniformOpen(state: Int32Array, at: number): number {
  const high = nextUint32(state, at) >>> 6;
  const low = nextUint32(state, at) >>> 6;
  return (high * 67108864 + low + 0.5) * 2.220446049250313e-16;
}

/**
 * A uniform integer in [0, n), 1 <= n <= 2^32, without bias.
 * Source: Lemire, "Fast random integer generation in an interval", 2019, https://doi.org/10.1145/3230636 (here by plain rejection).
 */
export function uniformBelow(state: Int32Array, at: number, n: number): number {
  const limit = 4294967296 - (4294967296 % n);
  for (;;) {
    const drawn = nextUint32(state, at);
    if (drawn < limit) return drawn % n;
  }
}
