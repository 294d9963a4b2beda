// A replay in columns: what happened when, on which CPU, what it cost, and what it waited for.

import {quantityText} from "../plan/quantity-text.ts";
import type {TimedStep} from "../record/timed-replay.ts";
import type {Replay} from "./replay.ts";

// What a notebook shows without breaking lines anywhere.
const lineWidth = 96;

/** A step each, in lines of up to 96 characters where that can be; times are those at which a step took effect. */
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
  const left = widths.reduce((sum, width) => sum + width + 2, 0);
  return rows
    .flatMap((row) => {
      const [first = "", ...more] = wrapped(row.at(-1) ?? "", lineWidth - left);
      const words = row
        .slice(0, -1)
        .map((word, column) =>
          column < 2 ? word.padStart(widths[column] as number) : word.padEnd(widths[column] ?? 0),
        );
      return [
        [...words, first].join("  ").trimEnd(),
        ...more.map((line) => " ".repeat(left) + line),
      ];
    })
    .join("\n");
}

/** Lines of at most so many characters, if they can be broken behind a semicolon. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const part of text.split(/(?<=;) /)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + part.length <= room) {
      lines[lines.length - 1] = `${last} ${part}`;
    } else lines.push(part);
  }
  return lines;
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
