// Test data with a known answer: waiting times in a queue M/M/1, by Lindley's recurrence.

import {type Sampler, uniform53} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";

/** Mean service 1, load rho, from the steady state on; the mean wait is rho / (1 - rho). */
export function waitingTimes(
  n: number,
  rho: number,
  state: Int32Array,
  service: Sampler = exponential,
): Float64Array {
  const waits = new Float64Array(n);
  // The steady state: no wait with probability 1 - rho, else exponential with mean 1 / (1 - rho).
  let wait = uniform53(state, 0) < rho ? exponential(state, 0) / (1 - rho) : 0;
  for (let i = 0; i < n; i++) {
    waits[i] = wait;
    wait = Math.max(0, wait + service(state, 0) - exponential(state, 0) / rho);
  }
  return waits;
}
