// Applying the fixes of diagnostics to the text they were made for.

import type {Diagnostic, Fix} from "./diagnostic.ts";

/** `text` with the fix's edits made. */
export function applyFix(text: string, fix: Fix): string {
  return fix.edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (result, {span, text: replacement}) =>
        result.slice(0, span.start) + replacement + result.slice(span.end),
      text,
    );
}

/** `text` with the first machine-applicable fix of each diagnostic made; a fix that would touch an earlier one is left out. */
export function applyMachineFixes(
  text: string,
  diagnostics: readonly Diagnostic[],
): {readonly text: string; readonly applied: number} {
  const chosen: Fix[] = [];
  let end = -1;
  const fixes = diagnostics
    .flatMap(({fixes: offered}) => offered.find((fix) => fix.applicability === "machine") ?? [])
    .map((fix) => ({fix, ...reach(fix)}))
    .toSorted((a, b) => a.from - b.from);
  for (const {fix, from, to} of fixes) {
    if (from <= end) continue;
    chosen.push(fix);
    end = to;
  }
  const edits = chosen.flatMap((fix) => fix.edits);
  return {
    text: applyFix(text, {title: "all", edits, applicability: "machine"}),
    applied: chosen.length,
  };
}

function reach(fix: Fix): {readonly from: number; readonly to: number} {
  return {
    from: Math.min(...fix.edits.map(({span}) => span.start)),
    to: Math.max(...fix.edits.map(({span}) => span.end)),
  };
}
