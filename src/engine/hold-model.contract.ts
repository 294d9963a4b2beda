// The hold model on a calendar: n events pending, the first is taken, dispatched by its kind, and comes again. What `hold.bench.ts` and
// `peers.bench.ts` measure.

import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {Calendar, entityOf, kindOf} from "./calendar.ts";

const seen = new Float64Array(4);
const callLength = 1000;

type Queue = Pick<Calendar, "push" | "take" | "taken" | "takenTime">;

/**
 * Events a CPU second, after as many as are pending; exponential times of mean `gap` ticks, or with `gap` 0 in lock-step: each round of
 * all events a tick after the one before.
 */
export function hold(n: number, events: number, gap: number, calendar: Queue): number {
  const state = openStream(1, 0, "hold", "gap");
  for (let i = 0; i < n; i++) calendar.push(later(state, gap), i & 3, i);
  happen(n, calendar, state, gap);
  const before = process.cpuUsage();
  // In calls of bounded length, as the engine runs its events.
  for (let done = 0; done < events; done += callLength) happen(callLength, calendar, state, gap);
  const {user, system} = process.cpuUsage(before);
  return (events / (user + system)) * 1e6;
}

/** Lets the compiler come to its best code: it gives up its first ones when it meets what it has not met before. */
export function warmUpHold(): void {
  for (let again = 0; again < 3; again++) {
    for (const n of [100, 10_000]) hold(n, 2e6, 1e6, new Calendar(n));
  }
}

function later(state: Int32Array, gap: number): number {
  return gap === 0 ? 1 : Math.floor(gap * exponential(state, 0)) + 1;
}

function happen(events: number, calendar: Queue, state: Int32Array, gap: number): void {
  for (let e = 0; e < events; e++) {
    calendar.take();
    const {taken, takenTime} = calendar;
    const entity = entityOf(taken);
    const kind = kindOf(taken);
    switch (kind) {
      case 0:
        seen[0]++;
        break;
      case 1:
        seen[1] += 2;
        break;
      case 2:
        seen[2] += 3;
        break;
      default:
        seen[3] += 4;
    }
    calendar.push(takenTime + later(state, gap), kind, entity);
  }
}
