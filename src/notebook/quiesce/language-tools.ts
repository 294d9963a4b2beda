// Completion, hover and completeness of Quiesce cells, as the language offers them.

import type {Session} from "../../session/session.ts";
import type {Bundle} from "../display/bundle.ts";

export {complete} from "../../lang/complete.ts";
export {namesIn} from "../../lang/environment-names.ts";
export {isComplete} from "../../lang/is-complete.ts";

export function inspect(
  _source: string,
  _offset: number,
  _detail: number,
  _session: Session,
): Bundle | undefined {
  return undefined;
}
