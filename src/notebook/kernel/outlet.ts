// Everything a cell shows passes through here: it is addressed to its cell, a silent cell shows nothing, and a cell that never stops
// printing is cut off with a note before it fills the notebook and the browser.

import type {Bundle} from "../display/bundle.ts";
import type {Outbound} from "../io/traffic.ts";
import type {Cell} from "./cell.ts";

/** Characters of stream text a cell may send. */
export const textLimit = 10_000_000;
/** What a cell is told that has spent them. */
export const textStopped: string = `\n[output stopped: this cell has printed more than ${textLimit / 1e6} MB; write to a file to keep it all]\n`;
/** Characters of displays a cell may send, over all MIME types; a chart library is some 5 million of them. */
export const displayLimit = 100_000_000;

export interface Outlet {
  stream(cell: Cell | undefined, name: "stdout" | "stderr", text: string): void;
  /** With `id`, a display that later calls replace; `update` replaces it. */
  display(
    cell: Cell | undefined,
    bundle: Bundle,
    options?: {readonly id?: string; readonly update?: boolean},
  ): void;
  result(cell: Cell, bundle: Bundle): void;
  error(cell: Cell | undefined, failure: Failure): void;
  /** With `wait`, when the next output comes. */
  clear(cell: Cell | undefined, wait: boolean): void;
}

/** Why a cell failed, as the protocol's `error` message has it. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  /** Lines for a terminal, with ANSI colours. */
  readonly traceback: readonly string[];
}

export function createOutlet(post: (message: Outbound) => void): Outlet {
  const publish = (
    cell: Cell | undefined,
    type: string,
    content: object,
    metadata?: object,
  ): void => {
    if (cell?.silent) return;
    post({
      kind: "publish",
      parent: cell?.origin.header,
      type,
      content: content as Record<string, unknown>,
      ...(metadata === undefined ? {} : {metadata: metadata as Record<string, unknown>}),
    });
  };
  const note = (cell: Cell | undefined, text: string): void =>
    post({kind: "stream", parent: cell?.origin.header, name: "stderr", text});

  /** Whether a display of this size may still be sent; says so once when not. */
  const affordable = (cell: Cell | undefined, bundle: Bundle): boolean => {
    if (cell === undefined) return true;
    if (cell.spent.display > displayLimit) return false;
    cell.spent.display += sizeOf(bundle.data);
    if (cell.spent.display <= displayLimit) return true;
    note(cell, `\n[displays stopped: this cell has shown more than ${displayLimit / 1e6} MB]\n`);
    return false;
  };

  return {
    stream(cell, name, text) {
      if (text === "" || cell?.silent) return;
      if (cell !== undefined) {
        if (cell.spent.text > textLimit) return;
        const left = textLimit - cell.spent.text;
        cell.spent.text += text.length;
        if (text.length > left) {
          post({kind: "stream", parent: cell.origin.header, name, text: text.slice(0, left)});
          note(cell, textStopped);
          return;
        }
      }
      post({kind: "stream", parent: cell?.origin.header, name, text});
    },
    display(cell, bundle, options = {}) {
      if (!affordable(cell, bundle)) return;
      const transient = options.id === undefined ? {} : {display_id: options.id};
      const type = options.update ? "update_display_data" : "display_data";
      publish(cell, type, {data: bundle.data, metadata: bundle.metadata, transient});
    },
    result(cell, bundle) {
      if (!affordable(cell, bundle)) return;
      const {data, metadata} = bundle;
      publish(cell, "execute_result", {
        execution_count: cell.number,
        data,
        metadata,
        transient: {},
      });
    },
    error(cell, failure) {
      publish(cell, "error", failure);
    },
    clear(cell, wait) {
      publish(cell, "clear_output", {wait});
    },
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  return JSON.stringify(value)?.length ?? 0;
}
