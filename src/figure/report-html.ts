// Results as one HTML page that needs nothing else: what was asked, what came out, how it was drawn, and enough provenance to make it
// again. It shows what the experiments themselves ask to be shown; one that asks for nothing gets its estimates, a figure a measure, and
// the bill.

import type {ColumnTable} from "arquero";
import {type CheckResult, verdictText} from "../explore/verdict.ts";
import type {RunResult} from "../farm/result.ts";
import type {Output} from "../plan/plan.ts";
import {comparisonsTable, expectationsTable} from "../table/comparisons-table.ts";
import {escapeHtml, htmlTable} from "../table/html-table.ts";
import {outputTable} from "../table/output-table.ts";
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
  /** Version of the package that checked; in the provenance of checks. */
  readonly version: string;
}

/** The page. Nothing in it comes from the network, and every text of the results is escaped. */
export async function reportHtml(
  runs: readonly RunResult[],
  checks: readonly CheckResult[],
  options: ReportOptions,
): Promise<string> {
  const {theme = "light", interactive = true} = options;
  const title = options.title ?? reportTitle(runs, checks);
  const drawing: Drawing = {theme, interactive, count: 0};
  const sections: string[] = [];
  for (const [i, run] of runs.entries())
    sections.push(await runSection(run, `run-${i + 1}`, drawing));
  for (const [i, check] of checks.entries()) {
    sections.push(await checkSection(check, `check-${i + 1}`, drawing, options.version));
  }
  const links = [
    ...runs.map((run, i) => `<li><a href="#run-${i + 1}">${escapeHtml(run.plan.name)}</a></li>`),
    ...checks.map(
      (check, i) =>
        `<li><a href="#check-${i + 1}">${escapeHtml(`${check.property} of ${check.scenario}`)}</a></li>`,
    ),
  ];
  const contents = links.length > 1 ? `<ul>${links.join("")}</ul>` : "";
  const body = `<style>a{color:inherit}h2{margin-top:48px}figure,section>div{margin:18px 0}pre{white-space:pre-wrap}small{opacity:.7}</style>
<h1>${escapeHtml(title)}</h1>${contents}${sections.join("\n")}`;
  return page(title, body, theme, interactive && drawing.count > 0);
}

interface Drawing {
  readonly theme: Theme;
  readonly interactive: boolean;
  /** Figures so far; names their elements. */
  count: number;
}

async function runSection(run: RunResult, id: string, drawing: Drawing): Promise<string> {
  const parts: string[] = [`<h2>${escapeHtml(run.plan.name)}</h2>`];
  if (run.ended !== "complete") {
    const why = run.failure ? `: ${run.failure}` : "";
    parts.push(
      `<p><strong>${escapeHtml(`The run ended early (${run.ended})${why}.`)}</strong></p>`,
    );
  }
  if (run.expectations.length > 0) parts.push(expectationsText(run));
  const shown = run.plan.outputs.filter((output) => output.kind !== "export");
  for (const output of shown.length > 0 ? shown : standardOutputs(run)) {
    parts.push(await outputPart(output, run, drawing));
  }
  if (run.comparisons.length > 0) parts.push(titled("Paired comparisons", comparisonsTable(run)));
  parts.push(`<p><small>${escapeHtml(provenanceText(run))}</small></p>`);
  return `<section id="${id}">${parts.join("\n")}</section>`;
}

function expectationsText(run: RunResult): string {
  const counts = {pass: 0, fail: 0, inconclusive: 0};
  for (const {outcome} of run.expectations) counts[outcome]++;
  const heading = `Expectations: ${counts.pass} pass, ${counts.fail} fail, ${counts.inconclusive} inconclusive`;
  return titled(heading, expectationsTable(run));
}

async function outputPart(output: Output, run: RunResult, drawing: Drawing): Promise<string> {
  try {
    if (output.kind === "table") {
      const made = outputTable(output, run);
      const notes = made.notes.map((note) => `<p><small>${escapeHtml(note)}</small></p>`).join("");
      const digits = made.digits === undefined ? {} : {digits: made.digits};
      return `${htmlTable(made.table, {title: made.title ?? "", ...digits})}${notes}`;
    }
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

async function checkSection(
  check: CheckResult,
  id: string,
  drawing: Drawing,
  version: string,
): Promise<string> {
  const parts = [
    `<h2>${escapeHtml(`Check of ${check.property}: ${check.scenario}`)}</h2>`,
    htmlTable(verdictsTable(check)),
  ];
  for (const verdict of check.verdicts) {
    parts.push(`<h3>${escapeHtml(`${verdict.label}: ${verdictText(verdict)}`)}</h3>`);
    if (verdict.counterexamples.length > 0) {
      const provenance = checkProvenance(check, verdict, version);
      parts.push(await figurePart(counterexampleFigure(verdict, {provenance}), drawing));
    }
    const said = [...verdict.explanation, ...verdict.findings.map((finding) => finding.text)];
    if (said.length > 0) {
      parts.push(`<ul>${said.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`);
    }
  }
  return `<section id="${id}">${parts.join("\n")}</section>`;
}

function titled(title: string, table: ColumnTable): string {
  return htmlTable(table, {title});
}

function reportTitle(runs: readonly RunResult[], checks: readonly CheckResult[]): string {
  const names = [...runs.map((run) => run.plan.name), ...checks.map((check) => check.scenario)];
  return names.length === 0 ? "Nothing was run" : `Results of ${[...new Set(names)].join(", ")}`;
}
