// The public list, by hand, in the order of the README: run and check a text; look at it; tables; figures; statistics; the data that results are.

export type {CheckResult, Trace, Verdict} from "./explore/verdict.ts";
export {verdictText} from "./explore/verdict.ts";
export type {ChosenWarmUp} from "./farm/chosen-warm-up.ts";
export type {Replay} from "./farm/replay.ts";
export {replayText} from "./farm/replay-text.ts";
export type {
  ComparisonResult,
  Estimate,
  ExpectationResult,
  MeasureResult,
  PointResult,
  Progress,
  RunResult,
} from "./farm/result.ts";
export {type CountedViolation, violationsOf} from "./farm/violations.ts";
export {counterexampleFigure} from "./figure/counterexample-figure.ts";
export type {Figure} from "./figure/figure.ts";
export {figuresFor} from "./figure/figure-for.ts";
export {exportFigure, renderFigure} from "./figure/render-figure.ts";
export {replayFigure} from "./figure/replay-figure.ts";
export {type ReportPart, reportHtml} from "./figure/report-html.ts";
export type {Diagnostic, Fix, Label} from "./lang/diagnostic.ts";
export {format} from "./lang/format.ts";
export {type Parsed, parse} from "./lang/parse.ts";
export {renderHtmls} from "./lang/render-html.ts";
export {renderJson} from "./lang/render-json.ts";
export {renderTexts} from "./lang/render-text.ts";
export type {Program, Source, Span} from "./lang/syntax.ts";
export {planHash} from "./plan/hash.ts";
export type {Plan, PlanPoint} from "./plan/plan.ts";
export {pointText, systemAt} from "./plan/point.ts";
export type {System} from "./plan/system.ts";
export {version} from "./plan/version.ts";
export type {Samples, Series, Timeline} from "./record/samples.ts";
export {quantileOf} from "./record/statistic.ts";
export type {TimedReplay, TimedStep} from "./record/timed-replay.ts";
export type {Emit, Execution, SessionEvent} from "./session/events.ts";
export {check, QuiesceError, type SimulateOptions, simulate} from "./session/library.ts";
export {type ReplayOptions, replay} from "./session/replay.ts";
export {type Finished, Session, type SessionOptions} from "./session/session.ts";
export type {ControlVariate} from "./stats/adjusted.ts";
export {steadyInterval} from "./stats/batch-means.ts";
export {bootstrapInterval} from "./stats/bootstrap.ts";
export {controlledMean} from "./stats/control-variate.ts";
export {type Crossover, findCrossovers} from "./stats/crossover.ts";
export {ksAgainst, ksBetween} from "./stats/kolmogorov-smirnov.ts";
export {meanInterval, pairedDifference} from "./stats/mean-interval.ts";
export {paretoFront} from "./stats/pareto-front.ts";
export {quantileInterval} from "./stats/quantile-interval.ts";
export {ratioInterval} from "./stats/ratio-interval.ts";
export {transientEnd} from "./stats/transient-end.ts";
export {warmUp} from "./stats/warm-up.ts";
export {welchDifference} from "./stats/welch.ts";
export {accountsTable} from "./table/accounts-table.ts";
export {billTable} from "./table/bill-table.ts";
export {comparisonsTable, expectationsTable} from "./table/comparisons-table.ts";
export {exportTable} from "./table/export-table.ts";
export {histogramTable} from "./table/histogram-table.ts";
export {htmlTable} from "./table/html-table.ts";
export {latexTable} from "./table/latex-table.ts";
export {markdownTable} from "./table/markdown-table.ts";
export {type OutputTable, outputTable} from "./table/output-table.ts";
export {replayTable, replayTimelineTable} from "./table/replay-table.ts";
export {replicationsTable, runsTable} from "./table/runs-table.ts";
export {distributionTable, samplesTable} from "./table/samples-table.ts";
export {estimatesTable, summaryTable} from "./table/summary-table.ts";
export {textTable} from "./table/text-table.ts";
export {arrowsTable, timelineTable} from "./table/timeline-table.ts";
export {verdictsTable} from "./table/verdicts-table.ts";
