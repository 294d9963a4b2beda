// The laws of a system, made once for each distribution. What is to be drawn a single time in a replication (`once`) is drawn here.

import {resolveOnce} from "../random/once.ts";
import type {Distribution} from "../units/distribution.ts";
import {type Law, lawOf} from "./streams.ts";

/** What decides every draw of a run. */
export interface Seeding {
  readonly seed: number;
  readonly replication: number;
  /** Given only where the points of a sweep are to have different streams. */
  readonly point?: number | undefined;
}

// A law is a function of its distribution alone and has no state: it is compiled once for as long as the distribution lives.
const known = new WeakMap<Distribution, Law>();

export class Laws {
  /** Whether any law so far is that of one replication. */
  once: boolean = false;
  private readonly seeding: Seeding;

  constructor(seeding: Seeding) {
    this.seeding = seeding;
  }

  of(distribution: Distribution, entity: string, purpose: string): Law {
    const same = known.get(distribution);
    if (same !== undefined) return same;
    const {seed, replication, point} = this.seeding;
    const resolved = resolveOnce(distribution, seed, replication, entity, purpose, point);
    const law = lawOf(resolved);
    if (resolved === distribution) known.set(distribution, law);
    else this.once = true;
    return law;
  }
}
