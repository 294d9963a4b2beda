// Completion, hover and completeness of Quiesce cells, as the language offers them.

import type {Environment} from "../../lang/check.ts";
import {hover} from "../../lang/hover.ts";
import type {Bundle} from "../display/bundle.ts";

export {complete} from "../../lang/complete.ts";
export {namesIn} from "../../lang/environment-names.ts";
export {isComplete} from "../../lang/is-complete.ts";

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
