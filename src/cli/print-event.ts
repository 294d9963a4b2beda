// Events of a session as text on a terminal: results to standard output, what is about them (diagnostics, forecast, progress) to
// standard error, so that `quiesce run x > result.txt` keeps what a reader wants.

import {styleText} from "node:util";
import {necessityText} from "../explore/necessity-text.ts";
import {traceText} from "../explore/trace-text.ts";
import {type CheckResult, safetyWord, type Verdict, verdictText} from "../explore/verdict.ts";
import {replayText} from "../farm/replay-text.ts";
import type {Outcome, RunResult} from "../farm/result.ts";
import {summaryOf} from "../farm/summary.ts";
import {renderTexts} from "../lang/render-text.ts";
import {
  checkingWords,
  estimateWords,
  placeWords,
  replayedWords,
  resultWords,
  violationWords,
} from "../session/event-words.ts";
import type {Emit, SessionEvent} from "../session/events.ts";
import {comparisonsTable} from "../table/comparisons-table.ts";
import {textTable} from "../table/text-table.ts";
import {duration, type ProgressLine, progressText} from "./progress-line.ts";

export interface PrintOptions {
  readonly color: boolean;
  /** No forecast, no progress. */
  readonly quiet: boolean;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly progress: ProgressLine;
}

type Style = Parameters<typeof styleText>[0];

/** An `Emit` that prints. */
export function printer(options: PrintOptions): Emit {
  const paint = (style: Style, text: string): string =>
    options.color ? styleText(style, text) : text;
  return (event) => {
    if (event.kind === "progress") {
      if (!options.quiet) options.progress.update(progressText(event.progress));
      return;
    }
    if (event.kind === "checking") {
      if (!options.quiet) options.progress.update(checkingWords(event.progress));
      return;
    }
    options.progress.clear();
    print(event, options, paint);
  };
}

function print(
  event: SessionEvent,
  {out, err, quiet, color}: PrintOptions,
  paint: (style: Style, text: string) => string,
): void {
  switch (event.kind) {
    case "diagnostics":
      err(`${renderTexts(event.diagnostics, {color})}\n`);
      return;
    case "estimate":
      if (!quiet) {
        const time = event.seconds === undefined ? "" : `, about ${duration(event.seconds)}`;
        err(`${paint("dim", `${estimateWords(event)}${time}`)}\n`);
      }
      return;
    case "result":
      out(resultText(event.name, event.result, paint));
      return;
    case "table": {
      const {table, title, digits, notes} = event.table;
      const heading = title === undefined ? "" : `${paint("bold", title)}\n`;
      out(`\n${heading}${textTable(table, {...(digits === undefined ? {} : {digits})})}\n`);
      for (const note of notes) out(`${paint("dim", note)}\n`);
      return;
    }
    case "figure": {
      // The words for who cannot see the picture begin with its title.
      const {title, alt} = event.figure;
      out(
        `\n${paint("bold", title)}\n${alt.startsWith(title) ? alt.slice(title.length).trimStart() : alt}\n`,
      );
      return;
    }
    case "check":
      out(checkText(event.result, paint));
      for (const {label, why} of event.refused)
        err(`${paint("red", "not explored")}: ${label}: ${why}\n`);
      return;
    case "replayed": {
      const {label, scenario} = event.replay;
      const title = `replay in ${label} of ${scenario}`;
      out(`\n${paint("bold", title)}\n${replayText(event.replay)}\n`);
      out(
        `${paint(event.replay.violation === undefined ? "green" : "red", replayedWords(event.replay))}\n`,
      );
      return;
    }
    case "shown":
      out(`${event.text}\n`);
      return;
    case "exported":
      err(`wrote ${event.file} (${event.what})\n`);
      return;
    case "failure":
      err(`${paint("red", "error")}: ${event.message}\n`);
      return;
    default:
  }
}

const outcomeStyles: Readonly<Record<Outcome, Style>> = {
  pass: "green",
  fail: "red",
  inconclusive: "yellow",
};

function resultText(
  name: string,
  result: RunResult,
  paint: (style: Style, text: string) => string,
): string {
  const lines = ["", `${paint("bold", name)}  ${paint("dim", resultWords(result))}`];
  const {reasons, notes} = summaryOf(result);
  for (const reason of reasons) lines.push(paint("dim", reason));
  for (const line of violationWords(result)) lines.push(paint("red", line));
  for (const note of notes) lines.push(paint("yellow", note));
  if (result.comparisons.length > 0) lines.push("", textTable(comparisonsTable(result)));
  if (result.expectations.length > 0) lines.push("");
  for (const expectation of result.expectations) {
    const {outcome, text, because} = expectation;
    const place = placeWords(expectation);
    lines.push(`${paint(outcomeStyles[outcome], outcome.padEnd(12))} expect ${text}${place}`);
    if (outcome !== "pass")
      lines.push(...because.split("\n").map((line) => `             ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

function checkText(result: CheckResult, paint: (style: Style, text: string) => string): string {
  const lines = [
    "",
    `${paint("bold", `check ${result.property} of ${result.scenario}`)}  ${paint("dim", `under ${result.model}`)}`,
  ];
  for (const verdict of result.verdicts) lines.push(...verdictLines(verdict, paint));
  return `${lines.join("\n")}\n`;
}

function verdictLines(verdict: Verdict, paint: (style: Style, text: string) => string): string[] {
  const word = safetyWord(verdict);
  const style: Style = word === "safe" ? "green" : word === "UNSAFE" ? "red" : "yellow";
  const met =
    verdict.met === undefined
      ? ""
      : `  expected ${verdict.expect}: ${paint(outcomeStyles[verdict.met], verdict.met)}`;
  const lines = [
    `${paint(style, word.padEnd(14))} ${verdict.label}${met}`,
    `               ${paint("dim", verdictText(verdict))}`,
  ];
  for (const reason of verdict.vacuous) lines.push(`               vacuous: ${reason}`);
  if (verdict.reason !== undefined)
    lines.push(...wrap(verdict.reason, 85).map((line) => `               ${line}`));
  for (const line of verdict.cycle ?? []) lines.push(`               ${line}`);
  verdict.counterexamples.forEach((trace, index) => {
    if (index > 0) lines.push("", `               another way:`);
    lines.push(
      ...traceText(trace)
        .split("\n")
        .map((line) => `    ${line}`),
    );
    // An execution of the axiomatic model has no order of steps to run again.
    if (trace.schedule !== "") lines.push(`    replay: ${trace.schedule}`);
  });
  for (const sentence of verdict.explanation)
    lines.push(...wrap(sentence, 96).map((line, i) => (i === 0 ? `  - ${line}` : `    ${line}`)));
  if (verdict.necessity !== undefined && verdict.necessity.length > 0)
    lines.push(
      "  What each step is for: the verdict without it",
      ...necessityText(verdict.necessity)
        .split("\n")
        .map((line) => `    ${line}`),
    );
  for (const finding of verdict.findings)
    lines.push(`    ${paint("yellow", finding.severity)}: ${finding.text}`);
  return lines;
}

/** A sentence in lines of at most `width` characters, broken at spaces. */
function wrap(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of sentence.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
