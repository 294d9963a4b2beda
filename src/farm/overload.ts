// Writers that cannot keep up: more of their operations arrive than end. Their queue then grows for as long as the run lasts, and so
// does what is measured of it, whatever its interval says.

import {pointText} from "../plan/point.ts";
import {numberText} from "../plan/quantity-text.ts";
import type {RunResult} from "./result.ts";

/** Below this share of what arrives, it is no fluctuation; and there must be so many in excess. */
const keepsUp = 0.95;
const enough = 10;

interface Overload {
  readonly point: number;
  readonly arrived: number;
  readonly ended: number;
}

/** One sentence a writer, with the worst of its points. */
export function overloadNotes(result: RunResult): string[] {
  const {plan, points} = result;
  const found = new Map<string, Overload[]>();
  for (const {point, replications} of points) {
    for (const writer of replications[0]?.series ?? []) {
      if (writer.metric !== "arrivals") continue;
      const {entity} = writer;
      const counts = replications.map(({series}) => {
        const sumOf = (metric: string): number =>
          series.find((one) => one.entity === entity && one.metric === metric)?.sum ?? 0;
        return {arrived: sumOf("arrivals"), ended: sumOf("count")};
      });
      const arrived = counts.reduce((sum, one) => sum + one.arrived, 0);
      const ended = counts.reduce((sum, one) => sum + one.ended, 0);
      const always = counts.every((one) => one.arrived > one.ended);
      if (always && ended < keepsUp * arrived && arrived - ended > enough * counts.length) {
        found.set(entity, [...(found.get(entity) ?? []), {point, arrived, ended}]);
      }
    }
  }
  return [...found].map(([writer, all]) => {
    const worst = all.reduce((a, b) => (b.ended / b.arrived < a.ended / a.arrived ? b : a));
    const place = pointText(plan, worst.point);
    const where =
      all.length === 1
        ? place === ""
          ? ""
          : ` at ${place}`
        : ` at ${all.length} of ${points.length} points (worst ${place})`;
    return (
      `\`${writer}\` cannot keep up${where}: of ${numberText(worst.arrived)} operations that arrived ${numberText(worst.ended)} ended, so its ` +
      "latency and backlog grow with the duration; lower its rate, or give it `workers`"
    );
  });
}
