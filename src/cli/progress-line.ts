// The progress of a run on a terminal: one line, redrawn in place at most ten times a second, gone when the run ends. On anything that
// is not a terminal it prints nothing, so logs stay clean.

import type {Progress} from "../farm/result.ts";

const redrawEvery = 100; // ms
const barWidth = 24;

export interface ProgressLine {
  update(text: string): void;
  clear(): void;
}

/** A progress line on a stream (standard error in the command). */
export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return {update: () => {}, clear: () => {}};
  let drawnAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update(text) {
      const now = performance.now();
      if (now - drawnAt < redrawEvery) return;
      drawnAt = now;
      drawn = true;
      stream.write(`\r${fit(text, (stream.columns ?? 80) - 1)}\u001b[K`);
    },
    clear() {
      if (drawn) stream.write("\r\u001b[K");
      drawn = false;
    },
  };
}

/** `which [=====>     ] 12/40 points, 312 replications, CI 7.2% of 5%, 14 s left`; at most 120 characters or so. */
export function progressText(progress: Progress): string {
  const {replicationsDone, replicationsPlanned} = progress;
  const share = replicationsPlanned > 0 ? Math.min(1, replicationsDone / replicationsPlanned) : 0;
  const full = Math.floor(share * barWidth);
  const bar = `${"=".repeat(full)}${full < barWidth ? ">" : ""}${" ".repeat(Math.max(0, barWidth - full - 1))}`;
  const parts = [
    `${progress.experiment} [${bar}] ${progress.pointsDone}/${progress.points} points`,
    `${replicationsDone} ${progress.stage}`,
  ];
  if (progress.precision !== undefined) {
    parts.push(
      `CI ${percent(progress.precision.reached)} of ${percent(progress.precision.target)}`,
    );
  }
  if (Number.isFinite(progress.left)) parts.push(`${duration(progress.left)} left`);
  return parts.join(", ");
}

/** Seconds as a person says them: `14 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toPrecision(2)}%` : "?";
}

function fit(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
