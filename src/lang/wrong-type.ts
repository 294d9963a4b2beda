import {dimensionName} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import {tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import {errorValue, kindName, type Value} from "./value.ts";

/** An argument of a call with its value. */
export interface EvaluatedArgument {
  readonly name?: string;
  readonly value: Value;
  readonly at: Place;
}

/** A value with the place of its expression. */
export interface Operand {
  readonly value: Value;
  readonly at: Place;
}

/** Reports E301 (unless the value is in error already) and returns the error value. */
export function wrongType(
  expected: string,
  found: Value,
  at: Place,
  scope: Scope,
  help?: string,
): Value {
  if (found.t === "error") return errorValue;
  const kind = kindName(found, dimensionName);
  tell(
    scope.context.report,
    "E301",
    `expected ${expected}, found ${kind}`,
    at,
    kind,
    help === undefined ? {} : {help},
  );
  return errorValue;
}
