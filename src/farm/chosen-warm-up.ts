// The warm-up of a plan that leaves it to its pilots: the longest that any point needs, so that all points are measured over the same
// part of a run, as a round number, and at most half of the shortest run.

import type {Plan} from "../plan/plan.ts";
import {pointText, systemAt} from "../plan/point.ts";
import {quantityText} from "../plan/quantity-text.ts";
import {pilotsEach} from "./pilots.ts";
import type {Settling} from "./settling.ts";

/** A warm-up with the reason for it. */
export interface ChosenWarmUp {
  /** Of every point [ns]. */
  readonly warmup: number;
  /** When the slowest of what is measured had settled, at the slowest point [ns]; absent if it had not by half of the run. */
  readonly settledAfter?: number;
  /** The slowest, `thp.sync`, and the point where it is; absent where nothing could be judged. */
  readonly slowest?: {readonly what: string; readonly point: number};
  /** Pilots of every point, and of the one that decided. */
  readonly pilots: {readonly each: number; readonly deciding: number};
  /** What is measured but had too few samples to be judged, with the first point where it was so and how many there were. */
  readonly unjudged: readonly Unjudged[];
}

interface Unjudged {
  readonly what: string;
  readonly point: number;
  readonly points: number;
}

/** From the settling of every point; `deciding` are the pilots of the slowest one. */
export function chosenWarmUp(
  plan: Plan,
  settlings: readonly Settling[],
  deciding: number,
): ChosenWarmUp {
  const point = slowestPoint(plan, settlings);
  const {share, settled, slowest} = settlings[point] as Settling;
  const settledAfter = share * systemAt(plan, point).duration;
  const most = longestWarmUp(plan);
  return {
    warmup: settled ? Math.min(most, roundedUp(settledAfter)) : most,
    ...(settled ? {settledAfter} : {}),
    ...(slowest === undefined ? {} : {slowest: {what: slowest, point}}),
    pilots: {each: pilotsEach, deciding},
    unjudged: unjudgedIn(settlings),
  };
}

function unjudgedIn(settlings: readonly Settling[]): Unjudged[] {
  const found = new Map<string, Unjudged>();
  settlings.forEach(({unjudged}, point) => {
    for (const what of unjudged) {
      const known = found.get(what) ?? {what, point, points: 0};
      found.set(what, {...known, points: known.points + 1});
    }
  });
  return [...found.values()];
}

/** Half of the shortest run [ns]: what is left shall tell more than what is dropped. */
function longestWarmUp(plan: Plan): number {
  return Math.min(...plan.points.map((_, point) => systemAt(plan, point).duration)) / 2;
}

/** The point that takes longest to settle, in time; of several the first, and before all of them one that has not settled. */
export function slowestPoint(plan: Plan, settlings: readonly Settling[]): number {
  let slowest = 0;
  let longest = -1;
  settlings.forEach(({share, settled}, point) => {
    const time = settled ? share * systemAt(plan, point).duration : Number.POSITIVE_INFINITY;
    if (time <= longest) return;
    longest = time;
    slowest = point;
  });
  return slowest;
}

/** The plan with its warm-up, and with what follows from it. */
export function withWarmUp(plan: Plan, {warmup}: ChosenWarmUp): Plan {
  const {control} = plan;
  return {
    ...plan,
    base: {...plan.base, warmup},
    // What is expected to happen is in proportion to the time that is measured; the plan has it for whole runs.
    ...(control === undefined
      ? {}
      : {
          control: {
            ...control,
            known: control.known.map((known, point) => {
              const {duration} = systemAt(plan, point);
              return (known * (duration - warmup)) / duration;
            }),
          },
        }),
  };
}

/** `warm-up 40ms, chosen by 5 pilots a point: thp.latency at readers: 64 settled after 37ms of 1s (20 pilots there)` */
export function warmUpText(plan: Plan, chosen: ChosenWarmUp): string {
  const {warmup, slowest, settledAfter, pilots} = chosen;
  const each = plan.points.length > 1 ? " a point" : "";
  const head = `warm-up ${quantityText(warmup, "ns")}, chosen by ${pilots.each} pilots${each}`;
  if (slowest === undefined) return `${head}: nothing measured could be judged`;
  const duration = quantityText(systemAt(plan, slowest.point).duration, "ns");
  const when =
    settledAfter === undefined
      ? `had not settled by half of ${duration}`
      : `settled after ${quantityText(settledAfter, "ns")} of ${duration}`;
  const more = pilots.deciding === pilots.each ? "" : ` (${pilots.deciding} pilots there)`;
  return `${head}: \`${slowest.what}\`${at(plan, slowest.point)} ${when}${more}`;
}

/** What a reader should know before trusting the choice, a sentence each. */
export function warmUpNotes(plan: Plan, chosen: ChosenWarmUp): string[] {
  const {warmup, slowest, settledAfter, unjudged} = chosen;
  const notes: string[] = [];
  if (slowest !== undefined && settledAfter === undefined) {
    notes.push(
      `\`${slowest.what}\`${at(plan, slowest.point)} had not settled by half of its run, and a warm-up is no longer than that: ` +
        "what was measured may still drift; use a longer duration, or look whether the system can keep up at all",
    );
  }
  if (settledAfter !== undefined && settledAfter > warmup) {
    notes.push(
      `\`${slowest?.what}\`${at(plan, slowest?.point ?? 0)} settled after ${quantityText(settledAfter, "ns")}, but the warm-up is no longer ` +
        `than half of the shortest run, ${quantityText(warmup, "ns")}: use longer durations`,
    );
  }
  for (const {what, point, points} of unjudged) {
    const others =
      points === 1 ? "" : ` and ${points - 1} other ${points === 2 ? "point" : "points"}`;
    notes.push(
      `\`${what}\`${at(plan, point)}${others} has too few samples in its pilots to tell when it settles, and had no say in the warm-up: ` +
        "use a longer duration, or state the warmup",
    );
  }
  return notes;
}

function at(plan: Plan, point: number): string {
  const place = pointText(plan, point);
  return place === "" ? "" : ` at ${place}`;
}

const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next of some round numbers, some 25 % apart. */
function roundedUp(time: number): number {
  if (time <= 0) return 0;
  const decade = 10 ** Math.floor(Math.log10(time) + 1e-9);
  const step = steps.find((one) => one * decade >= time * (1 - 1e-9)) ?? 10;
  // In nanoseconds a decade may be a fraction; a product with 1.2 then has digits that nobody wants.
  return Number((step * decade).toPrecision(3));
}
