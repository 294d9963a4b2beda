// A replayed schedule in time: one row a CPU, what each did and how long, where it waited for others and where the schedule held it back.
// Above the rows stand the numbers of the steps, each where it took effect; a store that leaves its buffer is a step of its CPU too.

import type {Replay} from "../farm/replay.ts";
import {invariantTexts} from "../plan/invariants.ts";
import {version} from "../plan/version.ts";
import {columns} from "../table/columns.ts";
import {replayTimelineTable} from "../table/replay-table.ts";
import type {FigureText} from "./encoding.ts";
import type {Figure} from "./figure.ts";
import {say} from "./say.ts";
import {type Mark, timelineFigure} from "./timeline-figure.ts";

// What an actor is has one colour in every replay, whoever comes first in it.
const roles: Readonly<Record<string, string>> = {
  walker: "@series0",
  writer: "@series5",
  interrupt: "@series1",
  nmi: "@series3",
  mmu: "@series2",
  waits: "@series9~45",
  "held back": "@grid",
};

/** Interrupts are drawn from their sending to their being taken. */
export function replayFigure(replay: Replay, text: Partial<FigureText> = {}): Figure {
  const {trace, timed, label, scenario, violation} = replay;
  const arrows = columns(["kind", "from_cpu", "from_ns", "to_cpu", "to_ns"]);
  for (const {kind, from, to} of trace.arrows) {
    const sent = timed.steps[from - 1];
    const taken = timed.steps[to - 1];
    if (kind !== "ipi" || sent === undefined || taken === undefined) continue;
    arrows.push({
      kind: "ipi",
      from_cpu: sent.cpu,
      from_ns: sent.at,
      to_cpu: taken.cpu,
      to_ns: taken.at - taken.cost - taken.held,
    });
  }
  const intervals = replayTimelineTable(timed);
  const states = new Set(intervals.array("state") as ArrayLike<string> & Iterable<string>);
  const colors: Record<string, string> = {};
  for (const state of states) {
    const color = roles[state] ?? roles[state.split(" ")[0] ?? ""];
    if (color !== undefined) colors[state] = color;
  }
  const end = violation === undefined ? "nothing goes wrong" : invariantTexts[violation];
  return timelineFigure(
    intervals,
    arrows.table(),
    {
      title: `${label} under a schedule: ${end}`,
      provenance: `quiesce ${version} · replay of ${timed.steps.length} steps · ${label} of ${scenario}`,
      width: 860,
      ...text,
    },
    {marks: marksOf(replay), colors},
  );
}

function marksOf({timed, trace}: Replay): Mark[] {
  return timed.steps.map((step, index) => {
    const told = trace.steps[index]?.text ?? step.text;
    const bad = step.violation !== undefined;
    const end = step.violation === undefined ? "" : `: ${invariantTexts[step.violation]}`;
    return {
      cpu: step.cpu,
      at: step.at,
      label: bad ? `${step.number} ${step.violation}` : String(step.number),
      text: `${step.number}. ${step.actor}: ${told} at ${say(step.at, "ns")}${end}`,
      bad,
    };
  });
}
