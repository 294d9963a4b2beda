// A replay in columns: what happened when, on which CPU, what it cost, and what it waited for.

import {quantityText} from "../plan/quantity-text.ts";
import type {TimedStep} from "../record/timed-replay.ts";
import type {Replay} from "./replay.ts";

/** A line a step; times are those at which a step took effect. */
export function replayText({trace, timed}: Replay): string {
  const rows = timed.steps.map((step, index) => {
    const told = trace.steps[index];
    const mmu = step.actor.startsWith("mmu ") ? " mmu" : "";
    const buffer =
      told === undefined || told.buffer.length === 0 ? [] : [`[${told.buffer.join("; ")}]`];
    const end = step.violation === undefined ? "" : `  <- ${step.violation}`;
    return [
      String(step.number),
      time(step.at),
      step.cpu < 0 ? step.actor : `CPU${step.cpu}${mmu}`,
      (told?.text ?? step.text) + end,
      [...notes(step), ...buffer].join("; "),
    ];
  });
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => (row[column] as string).length)),
  );
  return rows
    .map((row) =>
      row
        .map((word, column) =>
          column < 2 ? word.padStart(widths[column] as number) : word.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function notes({cost, waited, waitedFor, held}: TimedStep): string[] {
  return [
    ...(cost > 0 ? [`takes ${time(cost)}`] : []),
    ...(waited > 0 ? [`waits ${time(waited)} for ${waitedFor}`] : []),
    ...(held > 0 ? [`held back ${time(held)}`] : []),
  ];
}

function time(nanoseconds: number): string {
  return quantityText(nanoseconds, "ns");
}
