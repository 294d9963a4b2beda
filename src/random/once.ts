// `once` in a distribution means: drawn a single time per replication, the same at every use. It is resolved before sampling, by
// putting a constant in its place.

import type {Distribution} from "../units/distribution.ts";
import {compileSampler} from "./sampler.ts";
import {openStream} from "./stream.ts";

/** Whether `once` occurs in the distribution. */
export function hasOnce(distribution: Distribution): boolean {
  switch (distribution.kind) {
    case "once":
      return true;
    case "truncate":
    case "affine":
      return hasOnce(distribution.of);
    case "mixture":
    case "sum":
    case "product":
      return distribution.parts.some(hasOnce);
    default:
      return false;
  }
}

/**
 * The distribution with every `once` in it replaced by a constant, drawn from the stream (seed, replication, entity, purpose),
 * and of the point where streams are independent; the distribution itself when there is none. Several `once` in one distribution draw from the same stream, from left to right.
 */
export function resolveOnce(
  distribution: Distribution,
  seed: number,
  replication: number,
  entity: string,
  purpose: string,
  point?: number,
): Distribution {
  if (!hasOnce(distribution)) return distribution;
  const state = openStream(seed, replication, entity, `${purpose}/once`, point);
  const resolve = (part: Distribution): Distribution => {
    switch (part.kind) {
      case "once":
        return {kind: "constant", value: compileSampler(resolve(part.of))(state, 0)};
      case "truncate":
      case "affine":
        return {...part, of: resolve(part.of)};
      case "mixture":
      case "sum":
      case "product":
        return {...part, parts: part.parts.map(resolve)};
      default:
        return part;
    }
  };
  return resolve(distribution);
}
