// A bad execution of the Linux-kernel model, told as the operational counterexamples are: numbered steps in lanes, with the sections they
// stand in and arrows from stores to loads; and in sentences, which order was missing.

import type {InvariantId} from "../../plan/invariants.ts";
import type {Arrow, Interval, StepKind, Trace, TraceStep} from "../verdict.ts";
import type {Execution} from "./enumerate.ts";
import {type Event, tag} from "./event.ts";
import {explainOrder} from "./explain-order.ts";
import {linearize} from "./linearize.ts";
import type {PolicyProgram} from "./policy-program.ts";
import type {TaskResult} from "./task-result.ts";

export interface Story {
  readonly trace: Trace;
  readonly explanation: readonly string[];
}

export function tell(program: PolicyProgram, execution: Execution<TaskResult>): Story {
  const {skeleton} = execution;
  const {order, sequential} = linearize(execution);
  const numberOf = new Int32Array(skeleton.n);
  for (const [at, event] of order.entries()) numberOf[event] = at + 1;
  const bad = badEvent(execution);
  const steps = order.map((event, at) => stepOf(program, execution, event, at + 1, numberOf, bad));
  let switches = 0;
  for (let at = 1; at < order.length; at++) {
    if (skeleton.threadOf[order[at]] !== skeleton.threadOf[order[at - 1]]) switches++;
  }
  return {
    trace: {
      lanes: program.threads,
      steps,
      intervals: intervalsOf(execution, numberOf),
      arrows: arrowsOf(execution, numberOf, bad?.event ?? -1),
      switches,
      schedule: "",
    },
    explanation: explain(program, execution, sequential, numberOf),
  };
}

interface Bad {
  readonly event: number;
  readonly invariant: InvariantId;
}

/** The event at which the first violation of the execution was seen. */
function badEvent({results, skeleton}: Execution<TaskResult>): Bad | undefined {
  let base = 0;
  for (const [thread, {violation, at}] of results.entries()) {
    if (violation !== undefined) return {event: base + at, invariant: violation};
    while (base < skeleton.n && skeleton.threadOf[base] === thread) base++;
  }
  return undefined;
}

function stepOf(
  program: PolicyProgram,
  {skeleton, communication}: Execution<TaskResult>,
  event: number,
  number: number,
  numberOf: Int32Array,
  bad: Bad | undefined,
): TraceStep {
  const {tags, location, value, text} = skeleton.events[event];
  const lane = skeleton.threadOf[event];
  const place = program.places.places[location];
  const read = (tags & tag.read) !== 0;
  const source = communication.source[event];
  const violation = bad?.event === event ? {violation: bad.invariant} : {};
  const memory =
    place === undefined
      ? {}
      : {
          memory: {
            access:
              (tags & tag.rmw) !== 0
                ? ("rmw" as const)
                : read
                  ? ("load" as const)
                  : ("store" as const),
            location: place.name,
            value: place.show(value),
            ...(read && source >= 0 ? {from: numberOf[source]} : {}),
          },
        };
  return {
    number,
    lane,
    cpu: program.threads[lane].cpu,
    actor: program.threads[lane].title.replace(/^CPU \d+: /, ""),
    kind: kindOf(skeleton.events[event]),
    text: read && place !== undefined ? `${text} -> ${place.show(value)}` : text,
    ...memory,
    buffer: [],
    ...violation,
  };
}

function kindOf({fence, tags, text}: Event): StepKind {
  if (fence === "sync-rcu") return "gp-wait";
  if (fence === "rcu-lock" || fence === "rcu-unlock") {
    if (text.startsWith("NMI")) return "nmi";
    return text.startsWith("irq") ? "irq" : "rcu";
  }
  if (fence !== undefined) return text.startsWith("mb (migrating") ? "migrate" : "fence";
  const words: readonly (readonly [string, StepKind])[] = [
    ["read ", "deref"],
    ["free ", "free"],
    ["reuse ", "reuse"],
    ["ipi:", "ipi-send"],
    ["flush:", "flush"],
    ["invalidate:", "flush"],
    ["interrupt:", "ipi-handle"],
    ["MMU takes", "tlb"],
    ["acknowledge:", "ipi-handle"],
    ["wait:", "ipi-wait"],
    ["leave:", "migrate"],
    ["call_rcu", "call-rcu"],
    ["lock ", "lock"],
    ["unlock ", "unlock"],
  ];
  const word = words.find(([start]) => text.startsWith(start));
  if (word !== undefined) return word[1];
  if ((tags & tag.rmw) !== 0) return "rmw";
  return (tags & tag.write) !== 0 ? "store" : "load";
}

function intervalsOf({skeleton}: Execution<TaskResult>, numberOf: Int32Array): Interval[] {
  const intervals: Interval[] = [];
  const open = new Map<number, number[]>();
  for (const [event, {fence, text}] of skeleton.events.entries()) {
    const lane = skeleton.threadOf[event];
    const stack = open.get(lane) ?? [];
    open.set(lane, stack);
    if (fence === "rcu-lock") stack.push(event);
    const start = fence === "rcu-unlock" ? stack.pop() : undefined;
    if (start !== undefined) {
      const first = skeleton.events[start].text;
      const kind = first.startsWith("irq")
        ? "irq-off"
        : first.startsWith("preempt")
          ? "preempt-off"
          : first.startsWith("NMI") || first.startsWith("handler")
            ? "nmi"
            : "rcu";
      const ends = [numberOf[start], numberOf[event]];
      intervals.push({kind, lane, from: Math.min(...ends), to: Math.max(...ends), text: first});
    }
    if (fence === "sync-rcu") {
      intervals.push({
        kind: "grace-period",
        lane,
        from: numberOf[event],
        to: numberOf[event],
        text,
      });
    }
  }
  return intervals;
}

function arrowsOf(
  {skeleton, communication}: Execution<TaskResult>,
  numberOf: Int32Array,
  bad: number,
): Arrow[] {
  const arrows: Arrow[] = [];
  for (const [load, store] of communication.source.entries()) {
    if (store < 0 || (skeleton.events[load].tags & tag.read) === 0) continue;
    if (skeleton.threadOf[load] === skeleton.threadOf[store] && load !== bad) continue;
    const {text} = skeleton.events[store];
    const kind =
      load === bad
        ? "bad"
        : text.startsWith("ipi:") || text.startsWith("flush:")
          ? "ipi"
          : text === "call_rcu"
            ? "callback"
            : "rf";
    arrows.push({kind, from: numberOf[store], to: numberOf[load], text});
  }
  return arrows;
}

function explain(
  program: PolicyProgram,
  execution: Execution<TaskResult>,
  sequential: boolean,
  numberOf: Int32Array,
): string[] {
  const {skeleton, results} = execution;
  const cpu = (event: number): string => {
    const {cpu: number, title} = program.threads[skeleton.threadOf[event]];
    return number < 0 ? title : `CPU ${number}`;
  };
  return explainOrder(
    execution,
    sequential,
    (event) => `\`${skeleton.events[event].text}\` (${cpu(event)}, step ${numberOf[event]})`,
    (from, to) => {
      const thread = skeleton.threadOf[from];
      const number = from - skeleton.threadOf.indexOf(thread);
      return (skeleton.events[to].tags & tag.write) === 0
        ? undefined
        : beyond(results[thread], number);
    },
  );
}

/** Why a load that was waited for or tested does not hold back a later store. */
function beyond({tested, awaited}: TaskResult, load: number): string | undefined {
  if (awaited.includes(load)) {
    return "The wait ends by that load, but leaving a loop is no dependency in the Linux-kernel model, however the loop is written for herd7 (unrolled, or one load and a `filter`); only a store inside an `if` depends on its test. Machines keep stores behind the loads that decide about them; the model does not promise it.";
  }
  if (tested.includes(load)) {
    return "The load is tested, but the store stands behind the `if`, not inside it: the Linux-kernel model keeps a control dependency only to what is in the branches. Machines keep it; the model does not promise it.";
  }
  return undefined;
}
