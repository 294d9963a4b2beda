// The display of every event of a session; loaded with the first Quiesce cell.

import {type CheckResult, verdictText} from "../../explore/verdict.ts";
import type {RunResult} from "../../farm/result.ts";
import type {CheckProgress} from "../../farm/run-check.ts";
import {counterexampleFigure} from "../../figure/counterexample-figure.ts";
import type {Figure} from "../../figure/figure.ts";
import {checkProvenance} from "../../figure/provenance.ts";
import {checkingWords, estimateWords} from "../../session/event-words.ts";
import type {SessionEvent} from "../../session/events.ts";
import {escapeHtml} from "../../table/html-table.ts";
import type {OutputTable} from "../../table/output-table.ts";
import {type Bundle, textBundle} from "../display/bundle.ts";
import {endedBundle as ended} from "../display/progress-bundle.ts";
import {tableBundle} from "../display/table-bundle.ts";

export {replayFigure} from "../../figure/replay-figure.ts";
export {checkBundle} from "../display/check-bundle.ts";
export {diagnosticsBundle, failureOfDiagnostics} from "../display/diagnostics-bundle.ts";
export {progressBundle} from "../display/progress-bundle.ts";
export {replayBundle} from "../display/replay-bundle.ts";
export {resultBundle} from "../display/result-bundle.ts";

/** Without the forecast of the time: an output that is kept is the same on every machine. */
export function estimateBundle(event: Extract<SessionEvent, {kind: "estimate"}>): Bundle {
  return textBundle(estimateWords(event));
}

export function endedBundle(result: RunResult): Bundle {
  const begun = result.points.filter(({replications}) => replications.length > 0);
  const replications = begun.reduce((sum, point) => sum + point.replications.length, 0);
  return ended(result.plan.name, begun.length, replications, result.ended);
}

export function checkingBundle(progress: CheckProgress): Bundle {
  return textBundle(checkingWords(progress));
}

export function checkedBundle({scenario, verdicts}: CheckResult): Bundle {
  const cases = `${verdicts.length} ${verdicts.length === 1 ? "case" : "cases"}`;
  return textBundle(`check ${scenario}: ${cases}`);
}

/** The picture of the first counterexample of each case that has one. */
export function counterexamples(result: CheckResult): readonly Figure[] {
  return result.verdicts
    .filter((verdict) => verdict.counterexamples.length > 0)
    .map((verdict) => {
      const provenance = checkProvenance(result, verdict);
      return counterexampleFigure(verdict, {
        title: `${verdict.label}: ${verdictText(verdict)}`,
        provenance,
      });
    });
}

export function outputTableBundle({table, title, digits, notes}: OutputTable): Bundle {
  const bundle = tableBundle(table, title, digits === undefined ? {} : {digits});
  if (notes.length === 0) return bundle;
  const {data} = bundle;
  const html = notes.map((note) => `<div style="opacity:.7">${escapeHtml(note)}</div>`).join("");
  return {
    ...bundle,
    data: {
      ...data,
      "text/html": `${String(data["text/html"])}${html}`,
      "text/plain": [data["text/plain"], ...notes].join("\n"),
    },
  };
}

export function shownBundle(event: Extract<SessionEvent, {kind: "shown"}>): Bundle {
  const html =
    event.html ??
    `<pre style="white-space:pre-wrap;word-break:normal">${escapeHtml(event.text)}</pre>`;
  return {data: {"text/html": html, "text/plain": event.text}, metadata: {}};
}

export function exportedBundle({file, what}: Extract<SessionEvent, {kind: "exported"}>): Bundle {
  return textBundle(`wrote ${file} (${what})`);
}
