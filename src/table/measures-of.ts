// A run evaluates the plan's named measures and those that stand in its tables and plots only; a table may need any of them.

import type {RunResult} from "../farm/result.ts";
import type {Measure} from "../plan/measure.ts";
import type {Column, Output} from "../plan/plan.ts";

/** Every measure the result has numbers for, in the order of the plan, without duplicates. */
export function measuresOf(result: RunResult): Measure[] {
  const known = new Map<string, Measure>();
  const add = (measure: Measure): void => {
    if (!known.has(measure.name)) known.set(measure.name, measure);
  };
  for (const measure of result.plan.measures) add(measure);
  for (const measure of outputMeasures(...result.plan.outputs)) add(measure);
  const evaluated = new Set(result.measures.map((measured) => measured.measure));
  return [...known.values()].filter((measure) => evaluated.has(measure.name));
}

/** The measures that outputs show, in order, with repetitions. */
export function outputMeasures(...outputs: readonly Output[]): Measure[] {
  return outputs
    .flatMap(outputColumns)
    .flatMap((column) => (column.kind === "measure" ? [column.measure] : []));
}

function outputColumns(output: Output): readonly Column[] {
  if (output.kind === "table") return output.columns;
  if (output.kind === "plot") return output.x ? [...output.y, output.x] : output.y;
  return [];
}
