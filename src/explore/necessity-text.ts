// The necessity table as text: a line for each waiting or ordering step, what happens without it in each model, and which steps can go.

import type {NecessityRow, Outcome} from "./verdict.ts";

/** Lines of the table with a heading; empty without rows. */
export function necessityText(rows: readonly NecessityRow[]): string {
  if (rows.length === 0) return "";
  const word = (outcome: Outcome | undefined): string =>
    outcome === undefined
      ? ""
      : outcome === "never"
        ? "safe"
        : outcome === "unknown"
          ? "?"
          : "UNSAFE";
  const lkmm = rows.some((row) => row.outcomes.lkmm !== undefined);
  const models = lkmm ? ["SC", "TSO", "PSO", "LKMM"] : ["SC", "TSO", "PSO"];
  const name = (row: NecessityRow): string => `${row.actor}: ${row.change}`;
  const width = Math.max(...rows.map((row) => name(row).length));
  const cells = (texts: readonly string[]): string => texts.map((text) => text.padEnd(7)).join(" ");
  const lines = [`${" ".repeat(width)}  ${cells(models)}`.trimEnd()];
  for (const row of rows) {
    const {sc, tso, pso} = row.outcomes;
    const outcomes = [word(sc), word(tso), word(pso), ...(lkmm ? [word(row.outcomes.lkmm)] : [])];
    const mark = row.superfluous
      ? " <- can go in every model tried"
      : row.stalls === true
        ? " <- without it an operation can wait for ever"
        : "";
    lines.push(`${name(row).padEnd(width)}  ${cells(outcomes)}${mark}`.trimEnd());
  }
  return lines.join("\n");
}
