// Puts the main thread of a kernel together: captured streams, tracked timers, the evaluators, signals, and errors that come late.

import {chartMode, createCharts} from "../display/charts.ts";
import {bundleOf} from "../display/value-bundle.ts";
import type {SharedState} from "../io/shared-state.ts";
import type {Inbound, Outbound} from "../io/traffic.ts";
import {externalReader} from "../quiesce/external-values.ts";
import {createQuiesceCells} from "../quiesce/quiesce-cells.ts";
import {startLanguage} from "../typescript/language.ts";
import {isInterrupt} from "../typescript/traceback.ts";
import {type Ambient, createTypeScriptCells} from "../typescript/typescript-cells.ts";
import {captureStreams} from "./capture.ts";
import {currentCell} from "./cell.ts";
import {captureChildren} from "./child-output.ts";
import {captureDescriptorWrites} from "./descriptor-writes.ts";
import {createKernel} from "./kernel.ts";
import {listNames} from "./list-names.ts";
import {createOutlet} from "./outlet.ts";
import {createPrompt} from "./prompt.ts";
import {startedByConsole} from "./terminal-front-end.ts";
import {trackTimers} from "./timers.ts";

/** Starts the kernel; the function returned takes what the I/O thread sends. `leave` closes the sockets and ends the process. */
export function runKernel(
  post: (message: Outbound) => void,
  state: SharedState,
  leave: () => void,
): (message: Inbound) => void {
  const outlet = createOutlet(post);
  captureStreams((name, text) => outlet.stream(currentCell.getStore(), name, text));
  captureDescriptorWrites();
  captureChildren(outlet, post, state.words);
  trackTimers();

  const charts = createCharts(chartMode(process.env.QUIESCE_CHARTS), outlet.display);
  const show = async (
    value: unknown,
    options: {id?: string; update?: boolean} = {},
  ): Promise<void> => {
    const cell = currentCell.getStore();
    outlet.display(cell, await bundleOf(value, charts), options);
  };
  const ambient: readonly Ambient[] = [
    {
      name: "prompt",
      declaration:
        "/** Asks the reader for a line and waits for it. */\ndeclare function prompt(question?: string, options?: {password?: boolean}): string;",
      value: createPrompt(post, state),
    },
    {
      name: "show",
      declaration:
        "/** Displays a value as if it were the cell's result; with `id`, a later call with `update` replaces it. */\ndeclare function show(value: unknown, options?: {id?: string; update?: boolean}): Promise<void>;",
      value: show,
    },
    {
      name: "clearOutput",
      declaration:
        "/** Clears what the cell has shown, at once or when its next output comes. */\ndeclare function clearOutput(wait?: boolean): void;",
      value: (wait = false): void => outlet.clear(currentCell.getStore(), wait),
    },
  ];
  const language = startLanguage();
  const typescript = createTypeScriptCells(
    language,
    state.words,
    ambient,
    (bundle, shown) => outlet.display(currentCell.getStore(), bundle, shown),
    charts,
    (on) => post({kind: "signals", listen: on}),
  );
  const quiesce = createQuiesceCells({
    folder: process.cwd(),
    outlet,
    charts,
    reader: (files) => externalReader(files, typescript.read),
    terminal: startedByConsole(),
    define: typescript.define,
  });
  const kernel = createKernel({
    post,
    state,
    outlet,
    evaluators: {quiesce, typescript},
    evaluate: typescript.evaluate,
    magics: {
      fixed: quiesce.fixed,
      who: () => listNames(typescript, quiesce),
      async reset() {
        const count = (await listNames(typescript, quiesce)).length;
        await typescript.reset();
        quiesce.reset();
        return count;
      },
    },
    interrupted: () => typescript.interrupt(),
    leave,
  });

  // This thread has nothing to do while the converter warms up in another: a console waits no longer than a second for its first answer.
  setImmediate(() => void quiesce.warm().catch(() => {}));
  process.on("SIGINT", () => kernel.interrupt());
  const late = (error: unknown): void => {
    // An interrupted cell's own promises may still reject; that is its end, not news.
    if (isInterrupt(error) && currentCell.getStore() !== kernel.running) return;
    outlet.error(currentCell.getStore(), typescript.failure(error));
  };
  process.on("uncaughtException", late);
  process.on("unhandledRejection", late);
  return (message) => kernel.handle(message);
}
