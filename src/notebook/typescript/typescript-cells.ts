// TypeScript cells: tslab's executor in this thread, its converter in the language thread. A cell is converted first (asynchronously), and
// the executor then finds the finished conversion where it expects a converter.

import type {Executor} from "tslab/dist/executor.js";
import {type Bundle, textBundle} from "../display/bundle.ts";
import type {Charts} from "../display/charts.ts";
import {bundleOf} from "../display/value-bundle.ts";
import {beOutside, word} from "../io/shared-state.ts";
import {type Cell, Interrupted} from "../kernel/cell.ts";
import type {Evaluator, Outcome} from "../kernel/evaluator.ts";
import type {Failure} from "../kernel/outlet.ts";
import {bracketCompleteness} from "./bracket-completeness.ts";
import {installGuard} from "./guard-hook.ts";
import {type Language, LanguageError} from "./language.ts";
import type {DeclaredName, Prepared} from "./language-requests.ts";
import {redirectRequire} from "./package-paths.ts";
import {failureOf, failureOfDiagnostics, type RanCode} from "./traceback.ts";
import {connectTslabDisplay, type ShowBundle} from "./tslab-display.ts";

const definedKey: symbol = Symbol.for("quiesce.define");

/** What the executor writes before the first line of a cell (tslab 1.0.22, `executor.js`). */
const plainPrefix = "(function(exports, require) { ".length;
const awaitPrefix = "(async function(exports, require) { ".length;

export interface TypeScriptCells extends Evaluator {
  /** Ends the wait of the running cell. */
  interrupt(): void;
  /**
   * Declares a variable with a type that later cells are checked against; before the next TypeScript cell, so that nobody waits for the
   * converter who does not use it.
   */
  define(name: string, type: string, value: unknown): void;
  /** The value of a variable of earlier cells. */
  read(name: string): {readonly found: boolean; readonly value: unknown};
  /** What cells have declared, without what every session has. */
  declared(): Promise<readonly DeclaredName[]>;
  /** Forgets it. */
  reset(): Promise<void>;
  /** Evaluates one expression, as `user_expressions` asks. */
  evaluate(expression: string, cell: Cell): Promise<Outcome>;
  /** The failure to show for an error that came late, outside any run. */
  failure(thrown: unknown): Failure;
}

/** Values put into every session: `declaration` is TypeScript, `value` what the name stands for. */
export interface Ambient {
  readonly name: string;
  readonly declaration: string;
  readonly value: unknown;
}

/** `listen`: asks the I/O thread to take signals, or no longer; it answers in the word `watching`. */
export function createTypeScriptCells(
  language: Language,
  words: Int32Array,
  ambient: readonly Ambient[],
  showBundle: ShowBundle,
  charts: Charts,
  listen: (on: boolean) => void,
): TypeScriptCells {
  const folder = process.cwd();
  const ran = new Map<string, RanCode>();
  const defined = new Map<string, {readonly type: string; readonly value: unknown}>();
  let declarations = "";
  let prepared: Prepared | undefined;
  let logged: {value: unknown} | undefined;
  let thrown: {value: unknown} | undefined;
  let starting: Promise<Executor> | undefined;
  let executor: Executor | undefined;
  const find = (script: string): RanCode | undefined => ran.get(script);
  const failure = (value: unknown): Failure => failureOf(value, find, folder);

  const start = async (): Promise<Executor> => {
    await language.ready;
    const {createExecutor} = await import("tslab/dist/executor.js");
    redirectRequire();
    connectTslabDisplay(showBundle);
    const conversion = {
      convert: () => ({diagnostics: [], ...prepared?.converted}),
      addModule: () => [],
      inspect: unreachable,
      complete: unreachable,
      close: () => {},
    };
    const made = createExecutor(
      folder,
      {node: conversion, browser: conversion, close: () => {}},
      {
        log: (value: unknown) => {
          logged = {value};
        },
        error: (value: unknown) => {
          thrown = {value};
        },
      },
    );
    executor = made;
    await begin(made);
    return made;
  };
  const begin = async (target: Executor): Promise<void> => {
    const source = ambient.map(({declaration}) => declaration).join("\n");
    await execute(target, source, "quiesce-ambient", "");
    for (const {name, value} of ambient) target.locals[name] = value;
  };
  const started = (): Promise<Executor> => (starting ??= start());
  // Warm up in the background; a failure shows itself with the first TypeScript cell.
  started().catch(() => {});

  /** Converts and executes; the failure, or nothing. Results are in `logged`. */
  const execute = async (
    target: Executor,
    source: string,
    script: string,
    label: string,
    cell?: Cell,
  ): Promise<Failure | undefined> => {
    const answer = await language.ask({kind: "prepare", declarations, source, cell: script});
    if (answer.diagnostics.length > 0) {
      return failureOfDiagnostics(label, source, answer.diagnostics);
    }
    if (answer.converted === undefined) return undefined; // only defines a module
    if (cell?.abort.signal.aborted) return failure(new Interrupted());
    const {output, hasToplevelAwait, declOutput} = answer.converted;
    ran.set(script, {
      label,
      source,
      emitted: output ?? "",
      prefix: hasToplevelAwait ? awaitPrefix : plainPrefix,
      positions: answer.positions,
    });
    prepared = answer;
    logged = undefined;
    thrown = undefined;
    // `vm` sets the process's signal handler anew, which the I/O thread must not hold meanwhile.
    Atomics.wait(words, word.watching, 1, 1000);
    const running = target.execute(source);
    beOutside(words);
    if (hasToplevelAwait === true) {
      Atomics.store(words, word.watching, 1);
      listen(true);
    }
    const ok = await running;
    if (hasToplevelAwait === true) listen(false);
    if (ok) declarations = declOutput ?? "";
    return ok ? undefined : failure((thrown as {value: unknown} | undefined)?.value);
  };

  // Questions come while cells run, so the definitions are taken by whoever comes first and the others wait for that.
  let defining: Promise<void> = Promise.resolve();
  const define = async (target: Executor): Promise<void> => {
    const waiting = [...defined];
    defined.clear();
    for (const [name, {type, value}] of waiting) {
      (globalThis as unknown as Record<symbol, unknown>)[definedKey] = value;
      const source = `let ${name} = (globalThis as any)[Symbol.for("quiesce.define")] as ${type};`;
      const failed = await execute(target, source, "quiesce-define", "");
      // A name that TypeScript keeps for itself, `new` or `class`: the cell that follows should run all the same.
      if (failed !== undefined) {
        showBundle(
          textBundle(`${name} is not available in TypeScript cells: ${failed.evalue}`),
          {},
        );
      }
    }
  };
  /** The executor, once everything that was to be declared is. */
  const ready = async (): Promise<Executor> => {
    const target = await started();
    if (defined.size > 0) defining = defining.then(() => define(target));
    await defining;
    return target;
  };

  const run = async (source: string, cell: Cell): Promise<Outcome> => {
    let target: Executor;
    try {
      target = await ready();
    } catch (error) {
      starting = undefined;
      return {ok: false, failure: converterFailure(error)};
    }
    installGuard(words, cell);
    try {
      const script = `quiesce-cell-${cell.serial}`;
      const failed = await execute(target, source, script, `[${cell.number}]`, cell);
      if (failed !== undefined) return {ok: false, failure: failed};
      const last = logged as {value: unknown} | undefined;
      const of = (list: readonly string[] = []): string[] =>
        list.map((name) => `typescript:${name}`);
      const names = {defines: of(prepared?.names?.defines), uses: of(prepared?.names?.uses)};
      return last === undefined
        ? {ok: true, names}
        : {ok: true, names, result: await bundleOf(last.value, charts)};
    } catch (error) {
      return {
        ok: false,
        failure: error instanceof LanguageError ? converterFailure(error) : failure(error),
      };
    }
  };

  return {
    run,
    failure,
    interrupt: () => executor?.interrupt(),
    evaluate: (expression, cell) => run(`(${expression}\n)`, cell),
    async complete(source, offset) {
      await ready();
      return await language.ask({kind: "complete", declarations, source, offset});
    },
    async inspect(source, offset): Promise<Bundle | undefined> {
      await ready();
      const text = await language.ask({kind: "inspect", declarations, source, offset});
      return text === undefined || text === "" ? undefined : textBundle(text);
    },
    isComplete: async (source) =>
      executor === undefined
        ? bracketCompleteness(source)
        : await language.ask({kind: "is-complete", source}),
    define(name, type, value) {
      defined.delete(name);
      defined.set(name, {type, value});
    },
    async declared() {
      await ready();
      const all = await language.ask({kind: "declared", declarations});
      return all.filter(({name}) => ambient.every((each) => each.name !== name));
    },
    async reset() {
      const target = await ready();
      target.reset();
      declarations = "";
      await begin(target);
    },
    read(name) {
      const locals = executor?.locals ?? {};
      return {found: Object.hasOwn(locals, name), value: locals[name]};
    },
  };
}

function converterFailure(error: unknown): Failure {
  const evalue = (error as Error).message;
  return {ename: "LanguageError", evalue, traceback: [evalue]};
}

function unreachable(): never {
  throw new Error("the executor asks its converter only to convert");
}
