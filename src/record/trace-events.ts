// A recorded window in the Chrome trace-event format, which https://ui.perfetto.dev and chrome://tracing open: one thread a CPU, intervals
// as complete events, interrupts as flows, grace periods and lock holds as threads of their own.
// Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

import type {Timeline} from "./samples.ts";

export interface TraceEvent {
  readonly name: string;
  /** X: interval, M: name of a thread, s and f: start and end of an arrow. */
  readonly ph: "X" | "M" | "s" | "f";
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat?: string;
  readonly bp?: "e";
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface TraceFile {
  readonly displayTimeUnit: "ns";
  readonly traceEvents: readonly TraceEvent[];
  readonly otherData: Readonly<Record<string, string | number>>;
}

const pid = 1;

/** The file's content, to be written as JSON. Threads 0..n-1 are CPUs; what belongs to no CPU follows, one thread a kind. */
export function traceEvents(timeline: Timeline): TraceFile {
  const cpus = new Set<number>();
  const kinds = new Set<string>();
  for (const {cpu, state} of timeline.intervals) {
    if (cpu >= 0) cpus.add(cpu);
    else kinds.add(state);
  }
  for (const {fromCpu, toCpu} of timeline.arrows) cpus.add(fromCpu).add(toCpu);
  const above = Math.max(-1, ...cpus) + 1;
  const lanes = new Map([...kinds].toSorted().map((kind, index) => [kind, above + index]));
  const events: TraceEvent[] = [];
  const named = (tid: number, name: string): void => {
    events.push({name: "thread_name", ph: "M", pid, tid, args: {name}});
    events.push({name: "thread_sort_index", ph: "M", pid, tid, args: {sort_index: tid}});
  };
  for (const cpu of [...cpus].toSorted((a, b) => a - b)) named(cpu, `CPU ${cpu}`);
  for (const [kind, lane] of lanes) named(lane, kind);
  for (const {cpu, from, to, state} of timeline.intervals) {
    const tid = cpu >= 0 ? cpu : (lanes.get(state) ?? above);
    events.push({name: state, ph: "X", pid, tid, ts: from / 1000, dur: (to - from) / 1000});
  }
  timeline.arrows.forEach(({from, fromCpu, to, toCpu, kind}, id) => {
    const common = {name: kind, cat: "interrupt", pid, id};
    events.push({...common, ph: "s", tid: fromCpu, ts: from / 1000});
    events.push({...common, ph: "f", bp: "e", tid: toCpu, ts: to / 1000});
  });
  return {
    displayTimeUnit: "ns",
    traceEvents: events,
    otherData: {
      window_from_ns: timeline.from,
      window_to_ns: timeline.to,
      not_recorded: timeline.dropped,
    },
  };
}
