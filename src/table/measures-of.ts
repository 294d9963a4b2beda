// A run evaluates the plan's named measures and those that stand in its tables and plots only; a table may need any of them.

import type {RunResult} from "../farm/result.ts";
import type {Measure} from "../plan/measure.ts";
import type {Column} from "../plan/plan.ts";

/** Every measure the result has numbers for, in the order of the plan, without duplicates. */
export function measuresOf(result: RunResult): Measure[] {
  const known = new Map<string, Measure>();
  const add = (measure: Measure): void => {
    if (!known.has(measure.name)) known.set(measure.name, measure);
  };
  for (const measure of result.plan.measures) add(measure);
  for (const output of result.plan.outputs) {
    for (const column of outputColumns(output)) if (column.kind === "measure") add(column.measure);
  }
  const evaluated = new Set(result.measures.map((measured) => measured.measure));
  return [...known.values()].filter((measure) => evaluated.has(measure.name));
}

function outputColumns(output: RunResult["plan"]["outputs"][number]): readonly Column[] {
  if (output.kind === "table") return output.columns;
  if (output.kind === "plot") return output.x ? [...output.y, output.x] : output.y;
  return [];
}
