// Results as one HTML page that needs nothing else: what was asked, what came out, how it was drawn, and enough provenance to make it
// again.

import {type ColumnTable, not} from "arquero";
import {necessityText} from "../explore/necessity-text.ts";
import {type CheckResult, verdictText} from "../explore/verdict.ts";
import {fingerprintOf} from "../farm/fingerprint-of.ts";
import type {RunResult} from "../farm/result.ts";
import {summaryOf} from "../farm/summary.ts";
import type {Output} from "../plan/plan.ts";
import {comparisonsTable, expectationsTable} from "../table/comparisons-table.ts";
import {escapeHtml, htmlTable} from "../table/html-table.ts";
import {type OutputTable, outputTable} from "../table/output-table.ts";
import {verdictsTable} from "../table/verdicts-table.ts";
import {counterexampleFigure} from "./counterexample-figure.ts";
import {pixelsOf} from "./draw.ts";
import type {Figure} from "./figure.ts";
import {figuresFor} from "./figure-for.ts";
import {figureElement, page} from "./figure-html.ts";
import {checkProvenance, provenanceText} from "./provenance.ts";
import {plotlyFigure, type Theme} from "./theme.ts";

export interface ReportOptions {
  readonly title?: string;
  readonly theme?: Theme;
  /** Whether figures can be zoomed and hovered, which puts Plotly (5 MB) into the page; true when absent. */
  readonly interactive?: boolean;
}

/** What a report is made of, in its order. */
export type ReportPart =
  /** A run with the tables and figures that its plan asks for; if it asks for none, with all its estimates, drawn, and its bill. */
  | {readonly kind: "run"; readonly run: RunResult}
  /** A run whose tables and figures follow as parts of their own. */
  | {readonly kind: "result"; readonly result: RunResult}
  | {readonly kind: "table"; readonly table: OutputTable}
  | {readonly kind: "figure"; readonly figure: Figure}
  | {readonly kind: "check"; readonly result: CheckResult};

/** The page. Nothing in it comes from the network, and every text of the results is escaped. */
export async function reportHtml(
  parts: readonly ReportPart[],
  options: ReportOptions = {},
): Promise<string> {
  const {theme = "light", interactive = true} = options;
  const names = [...new Set(parts.flatMap(nameOf))];
  const title =
    options.title ?? (names.length === 0 ? "Nothing was run" : `Results of ${names.join(", ")}`);
  const drawing: Drawing = {theme, interactive, count: 0};
  const links: string[] = [];
  const sections: string[] = [];
  for (const part of parts) {
    const heading = headingOf(part);
    if (heading !== undefined) {
      const id = `part-${links.length + 1}`;
      links.push(`<li><a href="#${id}">${escapeHtml(heading)}</a></li>`);
      sections.push(`<h2 id="${id}">${escapeHtml(heading)}</h2>`);
    }
    sections.push(...(await partHtml(part, drawing)));
  }
  const contents = links.length > 1 ? `<ul>${links.join("")}</ul>` : "";
  const body = `<style>a{color:inherit}h2{margin-top:48px}figure{margin:18px 0}body>div{margin:18px 0}small{opacity:.7}</style>
<h1>${escapeHtml(title)}</h1>${contents}${sections.join("\n")}`;
  return page(title, body, theme, interactive && drawing.count > 0);
}

interface Drawing {
  readonly theme: Theme;
  readonly interactive: boolean;
  /** Figures so far; names their elements. */
  count: number;
}

function headingOf(part: ReportPart): string | undefined {
  if (part.kind === "run") return part.run.plan.name;
  if (part.kind === "result") return part.result.plan.name;
  if (part.kind === "check") return `Check of ${part.result.property}: ${part.result.scenario}`;
  return undefined;
}

function nameOf(part: ReportPart): string[] {
  if (part.kind === "check") return [part.result.scenario];
  return headingOf(part) === undefined ? [] : [headingOf(part) as string];
}

async function partHtml(part: ReportPart, drawing: Drawing): Promise<string[]> {
  switch (part.kind) {
    case "run": {
      const {run} = part;
      const shown = run.plan.outputs.filter((output) => output.kind !== "export");
      const drawn: string[] = [];
      for (const output of shown.length > 0 ? shown : standardOutputs(run)) {
        drawn.push(await outputPart(output, run, drawing));
      }
      return [...runSection(run), ...drawn];
    }
    case "result":
      return runSection(part.result);
    case "table":
      return [tableSection(part.table)];
    case "figure":
      return [await figurePart(part.figure, drawing)];
    case "check":
      return checkSection(part.result, drawing);
  }
}

function runSection(run: RunResult): string[] {
  const parts: string[] = [
    `<p><small>${escapeHtml(`${provenanceText(run)} · fingerprint ${fingerprintOf(run)}`)}</small></p>`,
  ];
  const {reasons} = summaryOf(run);
  for (const text of reasons) parts.push(`<p><small>${escapeHtml(text)}</small></p>`);
  if (run.ended !== "complete") {
    const why = run.failure ? `: ${run.failure}` : "";
    parts.push(
      `<p><strong>${escapeHtml(`The run ended early (${run.ended})${why}.`)}</strong></p>`,
    );
  }
  if (run.expectations.length > 0) parts.push(expectationsText(run));
  if (run.comparisons.length > 0) parts.push(titled("Paired comparisons", comparisonsTable(run)));
  return parts;
}

function tableSection(made: OutputTable): string {
  const notes = made.notes.map((note) => `<p><small>${escapeHtml(note)}</small></p>`).join("");
  const digits = made.digits === undefined ? {} : {digits: made.digits};
  return `${htmlTable(made.table, {title: made.title ?? "", ...digits})}${notes}`;
}

function expectationsText(run: RunResult): string {
  const counts = {pass: 0, fail: 0, inconclusive: 0};
  for (const {outcome} of run.expectations) counts[outcome]++;
  const heading = `Expectations: ${counts.pass} pass, ${counts.fail} fail, ${counts.inconclusive} inconclusive`;
  return titled(heading, expectationsTable(run));
}

async function outputPart(output: Output, run: RunResult, drawing: Drawing): Promise<string> {
  try {
    if (output.kind === "table") return tableSection(outputTable(output, run));
    if (output.kind === "plot") {
      const drawn: string[] = [];
      for (const figure of figuresFor(output, run)) drawn.push(await figurePart(figure, drawing));
      return drawn.join("\n");
    }
    return "";
  } catch (error) {
    // A stored result may lack what a figure needs; the page says so in its place and goes on.
    if (!(error instanceof RangeError)) throw error;
    return `<p>${escapeHtml(error.message)}</p>`;
  }
}

async function figurePart(figure: Figure, drawing: Drawing): Promise<string> {
  drawing.count++;
  const {png} = await pixelsOf(
    plotlyFigure(figure, drawing.theme),
    figure.width,
    figure.height,
    1.5,
  );
  const element = figureElement(figure, `figure-${drawing.count}`, png, {
    theme: drawing.theme,
    interactive: drawing.interactive,
  });
  return `<figure>${element}</figure>`;
}

function standardOutputs(run: RunResult): Output[] {
  const plots = run.plan.measures.map(
    (measure): Output => ({
      kind: "plot",
      y: [{kind: "measure", measure}],
      by: [],
      as: "auto",
      options: {},
    }),
  );
  const columns = run.plan.measures.map((measure) => ({kind: "measure", measure}) as const);
  const accounted = run.points.some((point) =>
    point.replications.some((samples) => samples.accounts.length > 0),
  );
  const bill: Output = {kind: "plot", y: [], by: [], as: "bill", options: {}};
  return [{kind: "table", columns, by: [], options: {}}, ...plots, ...(accounted ? [bill] : [])];
}

async function checkSection(check: CheckResult, drawing: Drawing): Promise<string[]> {
  // A report has one check, and no room for a schedule in a column.
  const verdicts = verdictsTable(check).select(not("scenario", "property", "schedule"));
  const parts = [htmlTable(verdicts)];
  for (const verdict of check.verdicts) {
    parts.push(`<h3>${escapeHtml(`${verdict.label}: ${verdictText(verdict)}`)}</h3>`);
    if (verdict.counterexamples.length > 0) {
      const provenance = checkProvenance(check, verdict);
      parts.push(await figurePart(counterexampleFigure(verdict, {provenance}), drawing));
    }
    const said = [...verdict.explanation, ...verdict.findings.map((finding) => finding.text)];
    if (said.length > 0) {
      parts.push(`<ul>${said.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`);
    }
    if (verdict.necessity !== undefined && verdict.necessity.length > 0) {
      const table = escapeHtml(necessityText(verdict.necessity));
      parts.push(`<p>What each step is for: the verdict without it</p><pre>${table}</pre>`);
    }
  }
  return parts;
}

function titled(title: string, table: ColumnTable): string {
  return htmlTable(table, {title});
}
