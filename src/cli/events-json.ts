// What a run printed, as one JSON document: the same bytes for the same plan, seed and version, so nothing in it tells the time.

import {executorText} from "../farm/executor-text.ts";
import {fingerprintOf} from "../farm/fingerprint-of.ts";
import {summaryOf} from "../farm/summary.ts";
import {figureJson} from "../figure/figure-html.ts";
import {renderJson} from "../lang/render-json.ts";
import {version} from "../plan/version.ts";
import type {SessionEvent} from "../session/events.ts";
import {runsTable} from "../table/runs-table.ts";
import {summaryTable} from "../table/summary-table.ts";

/** The document, indented; keys in a fixed order. Numbers that are not finite become null. */
export function eventsJson(events: readonly SessionEvent[]): string {
  const entries = events.flatMap((event) => entryOf(event) ?? []);
  return JSON.stringify({quiesce: version, events: entries}, undefined, 2);
}

function entryOf(event: SessionEvent): unknown {
  switch (event.kind) {
    case "diagnostics":
      return {kind: event.kind, diagnostics: event.diagnostics.map(renderJson)};
    case "result": {
      const {result} = event;
      const executor = executorText(result);
      const {reasons, notes} = summaryOf(result);
      return {
        kind: event.kind,
        name: event.name,
        planHash: result.planHash,
        seed: result.plan.seed,
        ...(executor === undefined ? {} : {executor}),
        ended: result.ended,
        ...(result.failure === undefined ? {} : {failure: result.failure}),
        ...(result.warmUp === undefined ? {} : {warmUp: result.warmUp}),
        reasons,
        notes,
        fingerprint: fingerprintOf(result),
        fingerprints: result.points.map((point) =>
          point.replications.map((one) => one.fingerprint),
        ),
        summary: summaryTable(result).objects(),
        runs: runsTable(result).objects(),
        comparisons: result.comparisons,
        expectations: result.expectations,
      };
    }
    case "table":
      return {
        kind: event.kind,
        of: event.of,
        title: event.table.title,
        verbs: event.table.verbs,
        rows: event.table.table.objects(),
        notes: event.table.notes,
      };
    case "figure":
      return {
        kind: event.kind,
        of: event.of,
        title: event.figure.title,
        alt: event.figure.alt,
        figure: JSON.parse(figureJson(event.figure)),
      };
    case "check":
      return {kind: event.kind, ...event.result, refused: event.refused};
    case "replayed":
      return {kind: event.kind, ...event.replay};
    case "shown":
      return {kind: event.kind, title: event.title, text: event.text};
    case "exported":
    case "failure":
      return event;
    default:
      return undefined;
  }
}
