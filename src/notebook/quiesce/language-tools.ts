// Completion, hover and completeness of Quiesce cells, as the language offers them.

import type {Environment} from "../../lang/check.ts";
import {hover} from "../../lang/hover.ts";
import type {Session} from "../../session/session.ts";
import type {Bundle} from "../display/bundle.ts";

export {complete} from "../../lang/complete.ts";
export {namesIn} from "../../lang/environment-names.ts";
export {isComplete} from "../../lang/is-complete.ts";

export interface Declared {
  readonly name: string;
  /** `machine`, `policy`, `let`, … */
  readonly kind: string;
  /** The text that declared it. */
  readonly from: string;
  /** Of an experiment that has run, and of a scenario that was checked: how much of it. */
  readonly size: string;
}

/** What the texts of a session have declared, in that order. */
export function declaredIn({environment, finished, checked}: Session): readonly Declared[] {
  return [...environment.session.names.values()].map(({name, kind, source}) => {
    const result = finished.get(name)?.result;
    const count = result?.points.reduce((sum, point) => sum + point.replications.length, 0);
    const verdicts = checked.get(name)?.checks.flatMap((check) => check.result.verdicts).length;
    const size =
      result !== undefined
        ? `${result.points.length} points, ${count} replications`
        : verdicts !== undefined
          ? `${verdicts} ${verdicts === 1 ? "verdict" : "verdicts"}`
          : "";
    return {name, kind, from: source.name, size};
  });
}

/** What stands at an offset of a cell, as Markdown and as text. */
export function inspect(
  text: string,
  offset: number,
  environment: Environment,
): Bundle | undefined {
  const found = hover({name: "this cell", text}, offset, environment);
  if (found === undefined) return undefined;
  return {data: {"text/markdown": found.markdown, "text/plain": found.plain}, metadata: {}};
}
