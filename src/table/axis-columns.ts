// The axes of a plan as columns: for every point its place on every axis. A numeric axis gives numbers in base units (ns, 1/s, bytes), so
// that it can be plotted and fitted; an axis of names gives their labels.

import type {Axis, Plan} from "../plan/plan.ts";
import {columnName, evaded, measureColumn, relatedColumn} from "./column-name.ts";
import {outputMeasures} from "./measures-of.ts";

export interface AxisColumn {
  readonly axis: Axis;
  /** Name of the column, with its unit. */
  readonly name: string;
  /** By index of `plan.points`. */
  readonly values: readonly (string | number)[];
}

/** One column an axis, in the order of the plan's axes, with names distinct from each other and from the columns of the measures. */
export function axisColumns(plan: Plan): AxisColumn[] {
  const taken = new Set<string>(
    [...plan.measures, ...outputMeasures(...plan.outputs)].flatMap((measure) => {
      const name = measureColumn(measure);
      return [
        name,
        relatedColumn(name, "lo"),
        relatedColumn(name, "hi"),
        relatedColumn(name, "sd"),
      ];
    }),
  );
  return plan.axes.map((axis, index) => {
    const numeric = isNumeric(axis);
    let name = columnName(axis.path, numeric ? axis.unit : "name");
    while (taken.has(name)) name = evaded(name);
    taken.add(name);
    const values = plan.points.map((point) => {
      const value = axis.values[point.at[index]];
      return numeric ? (value.value as number) : value.label;
    });
    return {axis, name, values};
  });
}

/** Whether every value of the axis is a number. */
function isNumeric(axis: Axis): boolean {
  return axis.unit !== "name" && axis.values.every((value) => value.value !== undefined);
}
