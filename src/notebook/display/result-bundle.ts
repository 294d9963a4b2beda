// What a run came to: its notes, its comparisons and its expectations, each with the measured values it was judged by.

import {fingerprintOf} from "../../farm/fingerprint-of.ts";
import type {ExpectationResult, RunResult} from "../../farm/result.ts";
import {summaryOf} from "../../farm/summary.ts";
import {placeWords, resultWords, violationWords} from "../../session/event-words.ts";
import {comparisonsTable} from "../../table/comparisons-table.ts";
import {escapeHtml, htmlTable} from "../../table/html-table.ts";
import {textTable} from "../../table/text-table.ts";
import type {Bundle} from "./bundle.ts";

const colors = {pass: "#256d1b", fail: "#b3261e", inconclusive: "#8a5a00"} as const;

export function resultBundle(result: RunResult): Bundle {
  const {reasons, notes} = summaryOf(result);
  const provenance = resultWords(result);
  const unsafe = violationWords(result);
  const compared = result.comparisons.length > 0 ? comparisonsTable(result) : undefined;
  const html = [
    ...[provenance, ...reasons].map((text) => `<div style="opacity:.7">${escapeHtml(text)}</div>`),
    ...unsafe.map((text) => `<div style="color:${colors.fail}">${escapeHtml(text)}</div>`),
    ...notes.map((text) => `<div style="color:${colors.inconclusive}">${escapeHtml(text)}</div>`),
    ...(compared === undefined ? [] : [htmlTable(compared)]),
    ...result.expectations.map((each) => expectationHtml(each)),
  ];
  const text = [
    provenance,
    ...reasons,
    ...unsafe,
    ...notes,
    ...(compared === undefined ? [] : ["", textTable(compared)]),
    ...(result.expectations.length === 0 ? [] : [""]),
    ...result.expectations.flatMap((each) => expectationText(each)),
  ];
  return {
    data: {"text/html": html.join("\n"), "text/plain": text.join("\n")},
    metadata: {
      quiesce: {
        experiment: result.plan.name,
        plan: result.planHash,
        seed: result.plan.seed,
        version: result.version,
        ended: result.ended,
        fingerprint: fingerprintOf(result),
        ...(result.warmUp === undefined ? {} : {warmUp: result.warmUp}),
      },
    },
  };
}

function expectationHtml(expectation: ExpectationResult): string {
  const {outcome, text, because} = expectation;
  const head = `<b style="color:${colors[outcome]}">${outcome}</b> <code>expect ${escapeHtml(text)}</code>${escapeHtml(placeWords(expectation))}`;
  const open = outcome === "pass" ? "" : " open";
  return `<details${open}><summary>${head}</summary><pre style="margin:0 0 .4em 1.4em;white-space:pre-wrap;word-break:normal">${escapeHtml(because)}</pre></details>`;
}

function expectationText(expectation: ExpectationResult): string[] {
  const {outcome, text, because} = expectation;
  const head = `${outcome.padEnd(12)} expect ${text}${placeWords(expectation)}`;
  if (outcome === "pass") return [head];
  return [head, ...because.split("\n").map((line) => `             ${line}`)];
}
