// The necessity table as text: a line for each waiting or ordering step, what happens without it in each model, and which steps can go.

import type {NecessityRow, Outcome} from "./verdict.ts";

/** What a terminal shows of a line, less the indentation that the table is given. */
const usualWidth = 96;

/** Lines of the table with a heading, at most `width` long where words allow; a step that is longer goes on below its first line. Empty without rows. */
export function necessityText(rows: readonly NecessityRow[], width: number = usualWidth): string {
  if (rows.length === 0) return "";
  const lkmm = rows.some((row) => row.outcomes.lkmm !== undefined);
  const models = lkmm ? ["SC", "TSO", "PSO", "LKMM"] : ["SC", "TSO", "PSO"];
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padEnd(7)).join(" ");
  const name = (row: NecessityRow): string => `${row.actor}: ${row.change}`;
  const longest = Math.max(...rows.map((row) => name(row).length));
  const room = Math.min(longest, Math.max(24, width - 2 - cells(models).length));
  const lines = [`${" ".repeat(room)}  ${cells(models)}`.trimEnd()];
  for (const row of rows) {
    const {sc, tso, pso} = row.outcomes;
    const outcomes = [word(sc), word(tso), word(pso), ...(lkmm ? [word(row.outcomes.lkmm)] : [])];
    const [first = "", ...more] = wrapped(name(row), room);
    const line = `${first.padEnd(room)}  ${cells(outcomes)}`;
    const mark = markOf(row);
    if (more.length === 0 && line.length + 1 + mark.length <= width) {
      lines.push(`${line} ${mark}`.trimEnd());
      continue;
    }
    lines.push(line.trimEnd(), ...more);
    if (mark !== "") lines.push(`${indent}${mark}`);
  }
  return lines.join("\n");
}

const indent = "    ";

function markOf(row: NecessityRow): string {
  if (row.superfluous) return "<- can go in every model tried";
  return row.stalls === true ? "<- without it an operation can wait for ever" : "";
}

function word(outcome: Outcome | undefined): string {
  if (outcome === undefined) return "";
  if (outcome === "unknown") return "?";
  return outcome === "never" ? "safe" : "UNSAFE";
}

// Broken at spaces; what follows the first line is indented.
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.split(" ")) {
    if (line.trim() !== "" && line.length + 1 + part.length > width) {
      lines.push(line);
      line = indent + part;
    } else line = line === "" ? part : `${line} ${part}`;
  }
  return [...lines, line];
}
