// The progress of a run: one display that is replaced, at most ten times a second, by how far the run has come; and at the end by one line
// that says what was done. What stays in a saved notebook has no wall time in it, so that running it again changes nothing.

import type {Progress} from "../../farm/result.ts";
import {escapeHtml} from "../../table/html-table.ts";
import type {Bundle} from "./bundle.ts";

/** While it runs. */
export function progressBundle(progress: Progress): Bundle {
  const share = shareOf(progress);
  const parts = [
    `${progress.pointsDone}/${progress.points} ${progress.points === 1 ? "point" : "points"}`,
    `${progress.replicationsDone} ${progress.stage}`,
    ...(progress.precision === undefined
      ? []
      : [
          `interval ${percent(progress.precision.reached)} of ${percent(progress.precision.target)}`,
        ]),
    ...(Number.isFinite(progress.left) ? [`${seconds(progress.left)} left`] : []),
  ];
  const bar =
    `<span style="display:inline-block;width:16em;height:.75em;border:1px solid currentColor;border-radius:3px;opacity:.8;vertical-align:middle">` +
    `<span style="display:block;height:100%;width:${(100 * share).toFixed(1)}%;background:#1f6fb5"></span></span>`;
  const full = Math.floor(share * 24);
  const line = `${"█".repeat(full)}${"░".repeat(24 - full)}`;
  return {
    data: {
      "text/html": `<div role="progressbar" aria-valuenow="${Math.round(100 * share)}">${escapeHtml(progress.experiment)} ${bar} ${escapeHtml(parts.join(" · "))}</div>`,
      "text/plain": `${progress.experiment} ${line} ${parts.join(" · ")}`,
    },
    metadata: {},
  };
}

/** When it has ended, with the reason unless the run is complete. */
export function endedBundle(
  experiment: string,
  points: number,
  replications: number,
  ended: string,
): Bundle {
  const how = ended === "complete" ? "" : ` (${ended})`;
  const text = `${experiment}: ${points} ${points === 1 ? "point" : "points"}, ${replications} replications${how}`;
  return {
    data: {
      "text/html": `<div style="opacity:.7">${escapeHtml(text)}</div>`,
      "text/plain": text,
    },
    metadata: {},
  };
}

/** Done, of what is planned: 0..1. A sequential run plans its most, so the bar may jump at its end. */
function shareOf({replicationsDone, replicationsPlanned}: Progress): number {
  return replicationsPlanned > 0 ? Math.min(1, replicationsDone / replicationsPlanned) : 0;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(2))}%` : "?";
}

function seconds(value: number): string {
  const whole = Math.max(0, Math.round(value));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
