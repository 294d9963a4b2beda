import type {MeasureExpr} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {pointWith} from "../plan/point.ts";

/** The points whose samples a measure reads when it is evaluated at `point`, in order of their occurrence; one that does not exist is left out. */
export function pointsRead(expr: MeasureExpr, point: number, plan: Plan): number[] {
  const found = new Set<number>();
  const visit = (of: MeasureExpr, at: number): void => {
    if (of.op === "stat") found.add(at);
    else if (of.op === "at") {
      const other = pointWith(plan, at, of.select);
      if (other !== undefined) visit(of.of, other);
    } else if ("of" in of) visit(of.of, at);
    else if ("left" in of) {
      visit(of.left, at);
      visit(of.right, at);
    }
  };
  visit(expr, point);
  return [...found];
}
