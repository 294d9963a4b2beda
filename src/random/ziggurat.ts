// Exponential and normal variates by ziggurats: the density is covered by layers of equal area; a draw picks a layer (low bits of one
// 32-bit word) and a place in it (its upper 24 bits). Nearly always the place lies under the next layer too and one comparison of
// integers, one multiplication is all; only in the wedge at the layer's end is the density itself evaluated.
// Source: Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000, https://doi.org/10.18637/jss.v005.i08
//
// Definitions: edge[1] = r is the outer end of the lowest proper layer, edge[i] falls with i to edge[n] = 0. Layer i >= 1 is the
// rectangle from 0 to edge[i] between the densities f(edge[i]) and f(edge[i + 1]); layer 0 is the base below f(r) together with the
// whole tail beyond r, as wide as a rectangle of that area would be: edge[0] = v / f(r).
// Invariants: (1) all layers have area v; (2) place j of layer i stands for (j + 1/2) * width[i], so the grid of 2^24 places has no
// bias; (3) j < inner[i] implies that the place lies under the density.

import {exp, log} from "./elementary.ts";
import {nextUint32, uniform53} from "./stream.ts";

const places = 16777216; // 2^24

interface Ziggurat {
  readonly inner: Int32Array;
  readonly width: Float64Array;
  /** f(edge[i]), and f(0) = 1 at the end. */
  readonly density: Float64Array;
}

function build(
  layers: number,
  r: number,
  v: number,
  f: (x: number) => number,
  inverse: (y: number) => number,
): Ziggurat {
  const edge = new Float64Array(layers + 1);
  edge[0] = v / f(r);
  edge[1] = r;
  for (let i = 2; i < layers; i++) {
    edge[i] = inverse(v / (edge[i - 1] as number) + f(edge[i - 1] as number));
  }
  edge[layers] = 0;
  const inner = new Int32Array(layers);
  const width = new Float64Array(layers);
  const density = new Float64Array(layers + 1);
  for (let i = 0; i < layers; i++) {
    inner[i] = Math.floor(((edge[i + 1] as number) / (edge[i] as number)) * places);
    width[i] = (edge[i] as number) / places;
    density[i] = f(edge[i] as number);
  }
  density[layers] = 1;
  return {inner, width, density};
}

// r and v for 256 layers of the exponential density, the same for 128 layers of the half-normal one (Marsaglia and Tsang, section 2).
const exponentialEdge = 7.69711747013105;
const exponentialZiggurat = build(
  256,
  exponentialEdge,
  0.003949659822581557,
  (x) => exp(-x),
  (y) => -log(y),
);
const normalEdge = 3.442619855899;
const normalZiggurat = build(
  128,
  normalEdge,
  0.00991256303526217,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * log(y)),
);

/** Tables of the exponential ziggurat, and below of the normal one, for the two loops that draw in place (`machine/run-walks.ts`, `jump-walks.ts`). */
export const exponentialInner: Int32Array = exponentialZiggurat.inner;
export const exponentialWidth: Float64Array = exponentialZiggurat.width;
export const normalInner: Int32Array = normalZiggurat.inner;
export const normalWidth: Float64Array = normalZiggurat.width;

/** An exponential variate of mean 1, on a grid of 2^-24 of a layer's width (2e-9 to 5e-7). */
export function exponential(state: Int32Array, at: number): number {
  const drawn = nextUint32(state, at);
  const layer = drawn & 255;
  const place = drawn >>> 8;
  if (place < (exponentialInner[layer] as number)) {
    return (place + 0.5) * (exponentialWidth[layer] as number);
  }
  return exponentialOutside(state, at, layer, place);
}

/** A standard normal variate, on a grid of 2^-24 of a layer's width. */
export function normal(state: Int32Array, at: number): number {
  const drawn = nextUint32(state, at);
  const layer = drawn & 127;
  const place = drawn >>> 8;
  if (place < (normalInner[layer] as number)) {
    const x = (place + 0.5) * (normalWidth[layer] as number);
    return (drawn & 128) === 0 ? x : -x;
  }
  return normalOutside(state, at, drawn);
}

/** The variate of a first draw whose place lies outside the layer's inner part. */
export function exponentialOutside(
  state: Int32Array,
  at: number,
  firstLayer: number,
  firstPlace: number,
): number {
  let layer = firstLayer;
  let place = firstPlace;
  // Whatever lies beyond r is r plus a fresh exponential: the tail needs no logarithm.
  let passed = 0;
  for (;;) {
    if (place < (exponentialInner[layer] as number)) {
      return passed + (place + 0.5) * (exponentialWidth[layer] as number);
    }
    if (layer === 0) passed += exponentialEdge;
    else {
      const x = (place + 0.5) * (exponentialWidth[layer] as number);
      const low = exponentialZiggurat.density[layer] as number;
      const high = exponentialZiggurat.density[layer + 1] as number;
      if (low + uniform53(state, at) * (high - low) < exp(-x)) return passed + x;
    }
    const drawn = nextUint32(state, at);
    layer = drawn & 255;
    place = drawn >>> 8;
  }
}

/** The variate of a first draw whose place lies outside the layer's inner part. */
export function normalOutside(state: Int32Array, at: number, first: number): number {
  let drawn = first;
  for (;;) {
    const layer = drawn & 127;
    const place = drawn >>> 8;
    const sign = (drawn & 128) === 0 ? 1 : -1;
    const x = (place + 0.5) * (normalWidth[layer] as number);
    if (place < (normalInner[layer] as number)) return sign * x;
    if (layer === 0) {
      // Beyond r: Marsaglia's rejection from an exponential of rate r.
      for (;;) {
        const excess = exponential(state, at) / normalEdge;
        if (2 * exponential(state, at) > excess * excess) return sign * (normalEdge + excess);
      }
    }
    const low = normalZiggurat.density[layer] as number;
    const high = normalZiggurat.density[layer + 1] as number;
    if (low + uniform53(state, at) * (high - low) < exp(-0.5 * x * x)) return sign * x;
    drawn = nextUint32(state, at);
  }
}
