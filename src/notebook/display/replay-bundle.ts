// A replayed schedule step by step: when each took effect, on which CPU, what it cost and what it waited for.

import type {Replay} from "../../farm/replay.ts";
import {replayText} from "../../farm/replay-text.ts";
import {replayedWords} from "../../session/event-words.ts";
import {escapeHtml} from "../../table/html-table.ts";
import type {Bundle} from "./bundle.ts";

export function replayBundle(replay: Replay): Bundle {
  const title = `replay in ${replay.label} of ${replay.scenario}`;
  const steps = replayText(replay);
  const end = replayedWords(replay);
  const color = replay.violation === undefined ? "#256d1b" : "#b3261e";
  const html = [
    `<div style="font-weight:600">${escapeHtml(title)}</div>`,
    `<pre style="margin:.2em 0 .4em 1.4em;overflow-x:auto">${escapeHtml(steps)}</pre>`,
    `<div style="color:${color}">${escapeHtml(end)}</div>`,
  ];
  return {
    data: {"text/html": html.join("\n"), "text/plain": [title, steps, end].join("\n")},
    metadata: {},
  };
}
