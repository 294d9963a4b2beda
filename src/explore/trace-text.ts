// A trace as text in columns, one line a step: number, CPU, what it does, and what waits in its store buffer.

import type {Trace} from "./verdict.ts";

/** Lines of at most about 100 characters; lanes are named in the first column. */
export function traceText(trace: Trace): string {
  const rows = trace.steps.map((step) => {
    const lane = trace.lanes[step.lane];
    const mmu = lane?.title.endsWith("MMU") === true ? " mmu" : "";
    const who = step.cpu < 0 ? (lane?.title ?? "") : `CPU${step.cpu}${mmu}`;
    const waits = step.buffer.length > 0 ? `[${step.buffer.join("; ")}]` : "";
    const end = step.violation === undefined ? "" : `  <- ${step.violation}`;
    return {number: String(step.number), who, text: step.text + end, waits};
  });
  const width = (of: (row: (typeof rows)[number]) => string): number =>
    Math.max(0, ...rows.map((row) => of(row).length));
  const [number, who, text] = [
    width((row) => row.number),
    width((row) => row.who),
    width((row) => row.text),
  ];
  return rows
    .map((row) =>
      `${row.number.padStart(number)}  ${row.who.padEnd(who)}  ${row.text.padEnd(text)}  ${row.waits}`.trimEnd(),
    )
    .join("\n");
}
