// Completion, hover and completeness of Quiesce cells, as the language offers them.

import type {Environment} from "../../lang/check.ts";
import {complete} from "../../lang/complete.ts";
import {type CompletionScope, emptyScope} from "../../lang/completion-scope.ts";
import {isComplete} from "../../lang/is-complete.ts";
import type {Session} from "../../session/session.ts";
import type {Bundle} from "../display/bundle.ts";

export {complete, isComplete};

export function scopeOf(_environment: Environment): CompletionScope {
  return emptyScope;
}

export function inspect(
  _source: string,
  _offset: number,
  _detail: number,
  _session: Session,
): Bundle | undefined {
  return undefined;
}
