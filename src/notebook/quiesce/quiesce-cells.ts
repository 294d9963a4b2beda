// Quiesce cells: one session for the whole notebook; what it emits becomes displays, and what it has run becomes variables of TypeScript
// cells. The session and the language are loaded behind a dynamic import, since a kernel should answer before they are there.

import {applyMachineFixes} from "../../lang/apply-fix.ts";
import type {Diagnostic} from "../../lang/diagnostic.ts";
import type {FileReader} from "../../lang/file-reader.ts";
import type {SessionEvent} from "../../session/events.ts";
import type {Session} from "../../session/session.ts";
import type {Bundle} from "../display/bundle.ts";
import type {Charts} from "../display/charts.ts";
import type {Cell} from "../kernel/cell.ts";
import {Interrupted} from "../kernel/cell.ts";
import type {Evaluator, Outcome} from "../kernel/evaluator.ts";
import type {Failure, Outlet} from "../kernel/outlet.ts";
import {bracketCompleteness} from "../typescript/bracket-completeness.ts";
import {checkVariable, checkVariableType} from "./check-variable.ts";
import type {Declared} from "./language-tools.ts";
import {type Defined, namesOf} from "./quiesce-names.ts";
import {runVariable, runVariableType} from "./run-variable.ts";

export interface QuiesceCellsOptions {
  /** Imports, data files and exports are in here and below. */
  readonly folder: string;
  readonly outlet: Outlet;
  readonly charts: Charts;
  /** Wraps the reader of files into one that also knows values of TypeScript cells. */
  readonly reader: (files: FileReader) => FileReader;
  /** Whether progress is to be a line of a terminal, written over, instead of a display that is replaced. */
  readonly terminal: boolean;
  /** Declares a variable for TypeScript cells. */
  readonly define: (name: string, type: string, value: unknown) => void;
}

/** Least time [ms] between two updates of the progress display. */
const progressEvery = 100;

export interface QuiesceCells extends Evaluator {
  /** Loads the language and the session now instead of with the first cell. */
  warm(): Promise<void>;
  /** What cells have declared and run. */
  declared(): Promise<readonly Declared[]>;
  /** Forgets it. */
  reset(): void;
  /** The text of the last cell that had faults, with one fix of each made; `undefined` when there is none to make. */
  fixed(): string | undefined;
}

export function createQuiesceCells(options: QuiesceCellsOptions): QuiesceCells {
  let loading: Promise<Loaded> | undefined;
  const loaded = (): Promise<Loaded> => (loading ??= load(options));
  let warm = false;
  let faulty: {readonly text: string; readonly diagnostics: readonly Diagnostic[]} | undefined;
  return {
    fixed: () => (faulty === undefined ? undefined : fixedText(faulty.text, faulty.diagnostics)),
    async warm() {
      const {language, session} = await loaded();
      // The parser and the names of the prelude are built when they are first asked for.
      language.complete("run ", 4, language.namesIn(session.environment));
      warm = true;
    },
    async declared() {
      const {session, language} = await loaded();
      return language.declaredIn(session);
    },
    reset() {
      loading = undefined;
      faulty = undefined;
    },
    async run(source, cell): Promise<Outcome> {
      const {session, show} = await loaded();
      warm = true;
      const shown = show(cell);
      const signal = cell.abort.signal;
      const text = {name: `cell [${cell.number}]`, text: source};
      const execution = await session.execute(text, shown.emit, signal);
      await shown.finish();
      if (shown.diagnostics().some(({fixes}) => fixes.length > 0)) {
        faulty = {text: cell.source, diagnostics: shown.diagnostics()};
      }
      if (execution.interrupted || signal.aborted) return {ok: false, failure: interrupted()};
      if (!execution.ok) return {ok: false, failure: shown.failure()};
      if (execution.failedExpectations === 0) {
        return {ok: true, names: namesOf(source, shown.defined(), session.environment.latest)};
      }
      return {ok: false, failure: unmet(execution.failedExpectations)};
    },
    async complete(source, offset) {
      const {session, language} = await loaded();
      const found = language.complete(source, offset, language.namesIn(session.environment));
      return {
        start: found.start,
        end: found.end,
        candidates: found.candidates.map(({text, kind, type, detail}) => ({
          text,
          type: kind,
          ...(detail === undefined && type === undefined ? {} : {signature: detail ?? type ?? ""}),
        })),
      };
    },
    async inspect(source, offset): Promise<Bundle | undefined> {
      const {session, language} = await loaded();
      return language.inspect(source, offset, session.environment);
    },
    async isComplete(source) {
      // A console gives up on a kernel that has not answered within a second, and loading the language may take longer.
      return warm ? (await loaded()).language.isComplete(source) : bracketCompleteness(source);
    },
  };
}

interface Loaded {
  readonly session: Session;
  readonly language: typeof import("./language-tools.ts");
  readonly show: (cell: Cell) => Shown;
}

interface Shown {
  readonly emit: (event: SessionEvent) => void;
  /** Waits until everything that was emitted is displayed. */
  finish(): Promise<void>;
  /** Why the text came to nothing. */
  failure(): Failure;
  diagnostics(): readonly Diagnostic[];
  defined(): Defined;
}

async function load(options: QuiesceCellsOptions): Promise<Loaded> {
  const [sessions, readers, language, displays] = await Promise.all([
    import("../../session/session.ts"),
    import("../../session/folder-reader.ts"),
    import("./language-tools.ts"),
    import("./event-displays.ts"),
  ]);
  const {folder, reader} = options;
  const files = reader(readers.folderReader(folder));
  const session = new sessions.Session({folder, files});
  return {session, language, show: (cell) => showEvents(cell, session, options, displays)};
}

// Displays appear in the order of the events, though a picture takes longer to make than a table.
function showEvents(
  cell: Cell,
  session: Session,
  {outlet, charts, define, terminal}: QuiesceCellsOptions,
  displays: typeof import("./event-displays.ts"),
): Shown {
  let queue: Promise<void> = Promise.resolve();
  let failure: Failure | undefined;
  let found: readonly Diagnostic[] = [];
  let progress: {readonly id: string; begun: number; updated: number} | undefined;
  let first: NodeJS.Timeout | undefined;
  let runs = 0;
  const declared: string[] = [];
  const ran: string[] = [];
  const checked: string[] = [];
  const display = (make: () => Bundle | Promise<Bundle>): void => {
    queue = queue.then(async () => outlet.display(cell, await make()));
  };
  const update = (bundle: Bundle, last: boolean): void => {
    const now = performance.now();
    clearTimeout(first);
    progress ??= {id: `quiesce-progress-${cell.serial}-${runs++}`, begun: now, updated: 0};
    const {id, begun, updated} = progress;
    // What is quickly done shows no bar.
    if (!last && (now - begun < progressEvery || now - updated < progressEvery)) return;
    if (terminal) {
      const line = `\r\u001b[2K${bundle.data["text/plain"]}${last ? "\n" : ""}`;
      outlet.stream(cell, "stdout", line);
    } else outlet.display(cell, bundle, {id, update: updated > 0});
    progress.updated = now;
    if (last) progress = undefined;
  };
  /** What is about to run, unless something is heard of it soon: the first replication may take long. */
  const announce = (bundle: Bundle): void => {
    const now = performance.now();
    progress = {id: `quiesce-progress-${cell.serial}-${runs++}`, begun: now, updated: 0};
    first = setTimeout(() => update(bundle, false), 2 * progressEvery);
  };
  return {
    emit(event) {
      if (event.kind === "declared") declared.push(...event.names);
      if (event.kind === "estimate") return announce(displays.estimateBundle(event));
      if (event.kind === "progress") return update(displays.progressBundle(event.progress), false);
      if (event.kind === "checking") return update(displays.checkingBundle(event.progress), false);
      if (event.kind === "diagnostics") {
        failure = displays.failureOfDiagnostics(event.diagnostics);
        found = [...found, ...event.diagnostics];
        display(() => displays.diagnosticsBundle(event.diagnostics));
      } else if (event.kind === "failure") {
        const {message} = event;
        const traceback = [`\u001b[31merror\u001b[0m: ${message}`];
        failure = {ename: "Failed", evalue: message, traceback};
      } else if (event.kind === "result") {
        update(displays.endedBundle(event.result), true);
        ran.push(event.name);
        define(event.name, runVariableType, runVariable(event.result));
        display(() => displays.resultBundle(event.result));
      } else if (event.kind === "check") {
        update(displays.checkedBundle(event.result), true);
        const {scenario} = event.result;
        checked.push(scenario);
        const checks = session.checked.get(scenario)?.checks ?? [];
        const variable = checkVariable(
          scenario,
          checks.map(({result}) => result),
          (schedule, policy) => session.replay(scenario, schedule, policy),
        );
        define(scenario, checkVariableType, variable);
        display(() => displays.checkBundle(event.result, event.refused));
        for (const figure of displays.counterexamples(event.result)) {
          display(() => charts.bundle(figure, cell));
        }
      } else if (event.kind === "table") display(() => displays.outputTableBundle(event.table));
      else if (event.kind === "figure") display(() => charts.bundle(event.figure, cell));
      else if (event.kind === "replayed") {
        display(() => displays.replayBundle(event.replay));
        display(() => charts.bundle(displays.replayFigure(event.replay), cell));
      } else if (event.kind === "shown") display(() => displays.shownBundle(event));
      else if (event.kind === "exported") display(() => displays.exportedBundle(event));
    },
    finish: () => queue,
    diagnostics: () => found,
    defined: () => ({declared, ran, checked}),
    failure: () =>
      failure ?? {ename: "Failed", evalue: "the text could not be executed", traceback: []},
  };
}

// Whoever asks for the fixes has read them, so a likely one will do where there is no certain one.
function fixedText(text: string, diagnostics: readonly Diagnostic[]): string | undefined {
  const certain = diagnostics.map((each) => ({
    ...each,
    fixes: each.fixes.map((fix) => ({...fix, applicability: "machine" as const})),
  }));
  const result = applyMachineFixes(text, certain);
  return result.applied === 0 ? undefined : result.text;
}

function interrupted(): Failure {
  const {name, message} = new Interrupted();
  const evalue = `${message}; what had finished by then is kept`;
  return {ename: name, evalue, traceback: [`\u001b[31m${name}\u001b[0m: ${evalue}`]};
}

function unmet(count: number): Failure {
  const evalue = `${count} ${count === 1 ? "expectation was" : "expectations were"} not met`;
  return {ename: "ExpectationFailed", evalue, traceback: [`\u001b[31mfail\u001b[0m: ${evalue}`]};
}
