// The hold model on a calendar: n events pending, the first is taken, dispatched by its kind, and comes again. What `hold.bench.ts` and
// `peers.bench.ts` measure.

import {openStream} from "../random/stream.ts";
import {exponential} from "../random/ziggurat.ts";
import {type Calendar, entityOf, kindOf} from "./calendar.ts";

const seen = new Float64Array(4);
const callLength = 1000;

type Queue = Pick<Calendar, "push" | "take" | "taken" | "takenTime">;

/**
 * Events a CPU second, after as many as are pending; exponential times of mean `gap` ticks, or with `gap` 0 in lock-step: each round of
 * all events a tick after the one before.
 */
export function hold(n: number, events: number, gap: number, calendar: Queue): number {
  const state = openStream(1, 0, "hold", "gap");
  const later = (): number => (gap === 0 ? 1 : Math.floor(gap * exponential(state, 0)) + 1);
  for (let i = 0; i < n; i++) calendar.push(later(), i & 3, i);
  happen(n, calendar, later);
  const before = process.cpuUsage();
  // In calls of bounded length, as the engine runs its events.
  for (let done = 0; done < events; done += callLength) happen(callLength, calendar, later);
  const {user, system} = process.cpuUsage(before);
  return (events / (user + system)) * 1e6;
}

function happen(events: number, calendar: Queue, later: () => number): void {
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
    calendar.push(takenTime + later(), kind, entity);
  }
}
