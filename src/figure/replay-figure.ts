// A replayed schedule in time: one row a CPU, what each did and how long, where it waited for others and where the schedule held it back.

import type {Replay} from "../farm/replay.ts";
import {invariantTexts} from "../plan/invariants.ts";
import {version} from "../plan/version.ts";
import {columns} from "../table/columns.ts";
import {replayTimelineTable} from "../table/replay-table.ts";
import type {FigureText} from "./encoding.ts";
import type {Figure} from "./figure.ts";
import {timelineFigure} from "./timeline-figure.ts";

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
      to_ns: taken.at,
    });
  }
  const end = violation === undefined ? "nothing goes wrong" : invariantTexts[violation];
  return timelineFigure(replayTimelineTable(timed), arrows.table(), {
    title: `${label} under a schedule: ${end}`,
    provenance: `quiesce ${version} · replay of ${timed.steps.length} steps · ${label} of ${scenario}`,
    ...text,
  });
}
