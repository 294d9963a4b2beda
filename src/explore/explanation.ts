// Why a trace goes wrong, in sentences that are read off the trace itself: which store waited while which later access went ahead, which
// interrupt was not sent, not waited for, or taken in the middle of a walk, which grace period did not cover the walk.

import type {Interval, Trace, TraceStep} from "./verdict.ts";

/** The sentences of a counterexample, most specific first; empty where nothing is to be said beyond the trace. */
export function explainTrace(trace: Trace): string[] {
  const sentences = [...delayedStores(trace), ...overtakingStores(trace)];
  const last = trace.steps.at(-1);
  if (last?.violation === undefined) return sentences;
  return [...sentences, ...whatWasNotWaitedFor(trace, last)];
}

/** A store that sat in its buffer while a later load of the same CPU ran ahead, and that somebody missed meanwhile. */
function delayedStores(trace: Trace): string[] {
  const sentences: string[] = [];
  for (const store of trace.intervals.filter((i) => i.kind === "store-buffer")) {
    const within = trace.steps.slice(store.from, store.to);
    const ahead = within.filter((s) => s.lane === store.lane && isLoad(s));
    const location = store.text.slice(0, store.text.lastIndexOf(" = "));
    const missed = within.find(
      (s) => s.lane !== store.lane && isLoad(s) && s.memory?.location === location,
    );
    const [load] = ahead;
    if (load === undefined || missed === undefined) continue;
    const end = isCommitted(trace, store) ? `until step ${store.to}` : "to the end";
    sentences.push(
      `CPU ${cpuOf(trace, store.lane)} stores ${store.text} at step ${store.from}, but the store waits in its store buffer ${end}, while the load of ${load.memory?.location} at step ${load.number} goes ahead of it; at step ${missed.number} CPU ${missed.cpu} still reads ${location} = ${missed.memory?.value}.`,
    );
  }
  return sentences;
}

/** PSO: a later store that became visible before an earlier one. */
function overtakingStores(trace: Trace): string[] {
  const stores = trace.intervals.filter((i) => i.kind === "store-buffer");
  const sentences: string[] = [];
  for (const first of stores)
    for (const second of stores) {
      const later = second.lane === first.lane && second.from > first.from;
      if (!later || second.to >= first.to || !isCommitted(trace, second)) continue;
      const end = isCommitted(trace, first) ? `at step ${first.to}` : "not at all";
      sentences.push(
        `CPU ${cpuOf(trace, first.lane)} stores ${first.text} (step ${first.from}) before ${second.text} (step ${second.from}), but the second is visible at step ${second.to} and the first ${end}: nothing orders the two stores.`,
      );
    }
  return sentences;
}

function whatWasNotWaitedFor(trace: Trace, last: TraceStep): string[] {
  const bad = trace.arrows.find((arrow) => arrow.kind === "bad");
  const release = bad === undefined ? undefined : trace.steps[bad.from - 1];
  const began = [...trace.steps]
    .reverse()
    .find((s) => s.cpu === last.cpu && s.lane === last.lane && pointerLoad(s));
  if (release === undefined || began === undefined) return [];
  const who = `CPU ${last.cpu} (${last.actor})`;
  const sentences = [
    `${who} reads the table's address at step ${began.number} and is still on its way when the table is given up (${release.text}, step ${release.number}); at step ${last.number} it reads what is no longer its own.`,
  ];
  const acks = trace.steps.filter((s) => s.kind === "ipi-handle" && s.cpu === last.cpu);
  const sent = trace.steps.some(
    (s) => s.kind === "ipi-send" || s.kind === "flush" || s.text.includes("; ipi "),
  );
  const grace = trace.intervals.filter((i) => i.kind === "grace-period" && i.to <= release.number);
  const middle = acks.find((s) => s.number > began.number && s.number < last.number);
  const flushed = trace.steps.some((s) => s.text.startsWith("invalidate"));
  if (middle !== undefined) {
    sentences.push(
      `The interrupt is taken at step ${middle.number}, in the middle of the walk: interrupts are on there, so its acknowledgement proves nothing.`,
    );
  } else if (acks.some((s) => s.number < began.number)) {
    sentences.push(
      `The interrupt to CPU ${last.cpu} was acknowledged before this walk began, while the old entry was still to be seen.`,
    );
  } else if (sent || grace.length === 0) {
    sentences.push(
      grace.length > 0
        ? `No interrupt was waited for at CPU ${last.cpu}.`
        : sent
          ? `No interrupt to CPU ${last.cpu} was waited for before the table was given up.`
          : `Between the unhook and step ${release.number} nobody waited for CPU ${last.cpu}: no interrupt, no grace period.`,
    );
  }
  for (const gp of grace) {
    sentences.push(
      gp.to < began.number
        ? "The grace period was over before this walk began, while the old entry was still to be seen."
        : `The grace period of steps ${gp.from} to ${gp.to} did not wait for this walk: RCU saw no read-side section there.`,
    );
  }
  if (flushed && !last.actor.startsWith("mmu "))
    sentences.push(
      "The TLB was invalidated, but that interrupts nobody: a walk in software goes on.",
    );
  return sentences;
}

function pointerLoad(step: TraceStep): boolean {
  return (
    (step.kind === "load" || step.kind === "tlb") &&
    step.memory?.location.startsWith("entry[") === true &&
    step.memory.value !== "none"
  );
}

function isLoad(step: TraceStep): boolean {
  return step.memory?.access === "load";
}

function isCommitted(trace: Trace, store: Interval): boolean {
  return trace.steps[store.to - 1]?.kind === "commit";
}

function cpuOf(trace: Trace, lane: number): number {
  return trace.lanes[lane]?.cpu ?? -1;
}
