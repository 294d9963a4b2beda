import {none, sameDimension} from "../../grammar/units.ts";
import {evaluate} from "./evaluate.ts";
import {tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import type {Expr} from "./syntax.ts";

/** A confidence level, `at 95%`; undefined if there is none or it is in error. */
export function confidenceOf(expr: Expr | undefined, scope: Scope): number | undefined {
  if (expr === undefined) return undefined;
  const value = evaluate(expr, scope);
  if (value.t === "number" && sameDimension(value.dim, none) && value.value > 0 && value.value < 1)
    return value.value;
  if (value.t !== "error")
    tell(
      scope.context.report,
      "E504",
      "a confidence lies between 0% and 100%",
      placeIn(scope, expr),
      "not a confidence",
      {help: "`at 95%`"},
    );
  return undefined;
}
