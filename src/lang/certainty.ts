// Whether a fix is certainly what was meant. An explainer knows the usual mistake by a few tokens; the same tokens may come about in other
// ways (`a % b` for `a == b`), and then its fix only moves the fault. So each fix is tried: it stays machine-applicable if with it the
// piece of the text parses, or at least goes right for the line after it.

import type {Diagnostic, Fix} from "./diagnostic.ts";
import type {Span} from "./syntax.ts";

/** The diagnostic with the fixes that do not hold marked as guesses. `faultIn` gives the offset of the first fault of a text, if any. */
export function withTriedFixes(
  diagnostic: Diagnostic,
  piece: Span,
  faultIn: (text: string) => number | undefined,
): Diagnostic {
  const {text} = diagnostic.primary.source;
  const holds = ({edits}: Fix): boolean => {
    const [edit] = edits;
    if (edit === undefined || edits.length > 1) return true;
    const before = text.slice(piece.start, edit.span.start) + edit.text;
    const fixed = before + text.slice(edit.span.end, piece.end);
    const fault = faultIn(fixed);
    return fault === undefined || fixed.slice(before.length, fault).split("\n").length > 2;
  };
  const fixes = diagnostic.fixes.map(
    (fix): Fix =>
      fix.applicability === "machine" && !holds(fix) ? {...fix, applicability: "maybe"} : fix,
  );
  return {...diagnostic, fixes};
}
