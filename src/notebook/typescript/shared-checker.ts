// tslab makes two programs of every cell: the libraries, the packages, what earlier cells declared, and the cell. Nearly all of the time goes
// into what never changes — merging the libraries' names into a new type checker, and noting which file refers to which. So the converter
// is given a watch program that lends the last program, with its checker, to the next cell wherever `lend-program.ts` allows it.

import {createRequire} from "node:module";
import {type Compiler, tslabRequire} from "./compiler.ts";
import {type Builder, cellFiles, type Lender, lendProgram} from "./lend-program.ts";
import {sharedTranspiler, type Transpiling} from "./shared-transpiler.ts";

interface Programs extends Transpiling {
  createWatchProgram(host: WatchHost): unknown;
}

type Watch = (name: string, kind: number) => void;

/** What a watch program asks of its surroundings; here, of tslab. */
interface WatchHost {
  afterProgramCreate(builder: Builder): void;
  readFile(name: string): string | undefined;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  watchFile(name: string, callback: Watch, ...rest: unknown[]): {close(): void};
}

export interface SharedChecker {
  /** Whether the last program that the converter asked for was lent. */
  readonly lent: boolean;
  /** Runs a conversion with programs of its own. */
  afresh<T>(convert: () => T): T;
}

/** A checker keeps a little of every cell it has seen; after so many a new one is made. */
const mostLoans = 1000;
/** The kind of a watch event: the file has changed. */
const changed = 1;

/** Makes converters that are created from now on share their checkers. To be called before tslab's converter is loaded. */
export function shareChecker(compiler: Compiler): SharedChecker {
  const original = compiler as Programs;
  const state = {lent: false, own: false};
  // The converter copies the compiler's names when it is loaded; the compiler's own object cannot be changed.
  const path = tslabRequire.resolve("@tslab/typescript-for-tslab");
  const module = createRequire(import.meta.url).cache[path];
  if (module === undefined) throw new Error("the compiler is not loaded");
  module.exports = {
    ...original,
    createWatchProgram: (host: WatchHost) =>
      original.createWatchProgram(lendingHost(original, host, state)),
    transpileModule: sharedTranspiler(original),
  };
  return {
    get lent() {
      return state.lent;
    },
    afresh(convert) {
      state.own = true;
      try {
        return convert();
      } finally {
        state.own = false;
      }
    },
  };
}

/** Stands between tslab and a watch program, which makes a program only where the last one cannot be lent. */
function lendingHost(
  compiler: Lender,
  host: WatchHost,
  state: {lent: boolean; readonly own: boolean},
): WatchHost {
  /** How the watch program is told that a file of the cell has changed. */
  const tell = new Map<string, Watch>();
  /** What the watch program wants to do since something other than a cell has changed. */
  const due = new Set<() => void>();
  let last: Builder | undefined;
  let loans = 0;
  let scheduled = false;
  const lend = (): Builder | undefined => {
    if (last === undefined || state.own || due.size > 0 || loans >= mostLoans) return undefined;
    return lendProgram(compiler, last, (name) => host.readFile(name) ?? "", ++loans);
  };
  const update = (): void => {
    try {
      const loan = lend();
      state.lent = loan !== undefined;
      if (loan !== undefined) {
        host.afterProgramCreate(loan);
        return;
      }
      const previous = last;
      for (const [name, notice] of tell) notice(name, changed);
      for (const each of due) {
        due.delete(each);
        each();
      }
      // No new program is made for the very texts of the last one, and tslab may still hold a loan for others.
      if (last !== undefined && last === previous) host.afterProgramCreate(last);
    } finally {
      // tslab has a single timer and throws at a second one, so there is none while its callback runs.
      scheduled = false;
    }
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    host.setTimeout(update, 0);
  };
  const own: Partial<WatchHost> = {
    setTimeout(callback) {
      due.add(callback);
      schedule();
      return callback;
    },
    clearTimeout(timer) {
      due.delete(timer as () => void);
    },
    watchFile(name, callback, ...rest) {
      if (!cellFiles.test(name)) return host.watchFile(name, callback, ...rest);
      tell.set(name, callback);
      return host.watchFile(name, schedule, ...rest);
    },
    afterProgramCreate(builder) {
      last = builder;
      loans = 0;
      host.afterProgramCreate(builder);
    },
  };
  return Object.assign(Object.create(host) as WatchHost, own);
}
