// What a check answered: a line a case, and for what was refuted the shortest trace, step by step, with why it goes wrong and what would
// repair it.

import {necessityText} from "../../explore/necessity-text.ts";
import {traceText} from "../../explore/trace-text.ts";
import {type CheckResult, safetyWord, type Verdict, verdictText} from "../../explore/verdict.ts";
import {escapeHtml} from "../../table/html-table.ts";
import type {Bundle} from "./bundle.ts";

export interface Refused {
  readonly label: string;
  readonly why: string;
}

const colors = {safe: "#256d1b", unsafe: "#b3261e", unsure: "#8a5a00"} as const;

export function checkBundle(result: CheckResult, refused: readonly Refused[]): Bundle {
  const title = `check ${result.property} of ${result.scenario} under ${result.model}`;
  const html = [
    `<div style="font-weight:600">${escapeHtml(title)}</div>`,
    ...result.verdicts.map(verdictHtml),
    ...refused.map(
      ({label, why}) =>
        `<div><b style="color:${colors.unsure}">not explored</b> ${escapeHtml(label)}: ${escapeHtml(why)}</div>`,
    ),
  ];
  const text = [
    title,
    ...result.verdicts.flatMap(verdictLines),
    ...refused.map(({label, why}) => `not explored   ${label}: ${why}`),
  ];
  return {data: {"text/html": html.join("\n"), "text/plain": text.join("\n")}, metadata: {}};
}

function verdictHtml(verdict: Verdict): string {
  const details = detailLines(verdict);
  const head = `<b style="color:${colorOf(verdict)}">${escapeHtml(safetyWord(verdict))}</b> ${escapeHtml(verdict.label)}${escapeHtml(metText(verdict))} <span style="opacity:.7">${escapeHtml(verdictText(verdict))}</span>`;
  if (details.length === 0) return `<div>${head}</div>`;
  const open = verdict.outcome === "never" ? "" : " open";
  return `<details${open}><summary>${head}</summary><pre style="margin:.2em 0 .6em 1.4em;white-space:pre-wrap;word-break:normal">${escapeHtml(details.join("\n"))}</pre></details>`;
}

function verdictLines(verdict: Verdict): string[] {
  return [
    `${safetyWord(verdict).padEnd(14)} ${verdict.label}${metText(verdict)}`,
    `               ${verdictText(verdict)}`,
    ...detailLines(verdict).map((line) => `    ${line}`),
  ];
}

function detailLines(verdict: Verdict): string[] {
  return [
    ...verdict.vacuous.map((reason) => `vacuous: ${reason}`),
    ...(verdict.reason === undefined ? [] : [verdict.reason]),
    ...(verdict.cycle ?? []),
    ...verdict.counterexamples.flatMap((trace, index) => [
      ...(index > 0 ? ["", "another way:"] : []),
      ...traceText(trace).split("\n"),
      // An execution of the axiomatic model has no order of steps to run again.
      ...(trace.schedule === "" ? [] : [`replay: ${trace.schedule}`]),
    ]),
    ...verdict.explanation,
    ...necessityLines(verdict),
    ...verdict.findings.map(({severity, text}) => `${severity}: ${text}`),
  ];
}

function necessityLines({necessity}: Verdict): string[] {
  if (necessity === undefined || necessity.length === 0) return [];
  return [
    "What each step is for: the verdict without it",
    ...necessityText(necessity)
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

function metText({expect, met}: Verdict): string {
  return met === undefined ? "" : `, expected ${expect}: ${met}`;
}

function colorOf(verdict: Verdict): string {
  const word = safetyWord(verdict);
  if (word === "safe") return colors.safe;
  return word === "UNSAFE" ? colors.unsafe : colors.unsure;
}
