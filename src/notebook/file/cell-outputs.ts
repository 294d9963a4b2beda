// From the messages of a cell to the outputs that a notebook file keeps, as a front end would do it: neighbouring stream text is joined,
// a display with an id is replaced wherever it stands, `clear_output` clears.

import type {Message} from "../wire/message.ts";
import type {Output} from "./nbformat.ts";

/** The outputs of all cells of one run: displays are updated across cells. */
export interface OutputCollector {
  /** Outputs of the next cell; pass its messages to `take`. */
  begin(): {take(message: Message): void; outputs(): readonly Output[]};
}

type Kept = {output: Output; readonly displayId: string | undefined};

export function createOutputCollector(): OutputCollector {
  const cells: Kept[][] = [];
  const update = (id: string, data: object, metadata: object): void => {
    for (const kept of cells.flat()) {
      if (kept.displayId !== id) continue;
      kept.output = {...kept.output, data, metadata} as Output;
    }
  };
  return {
    begin() {
      const kept: Kept[] = [];
      cells.push(kept);
      let clearNext = false;
      const add = (output: Output, displayId?: string): void => {
        if (clearNext) kept.length = 0;
        clearNext = false;
        const last = kept.at(-1)?.output;
        if (
          output.output_type === "stream" &&
          last?.output_type === "stream" &&
          last.name === output.name
        ) {
          kept[kept.length - 1] = {
            output: {...last, text: last.text + output.text},
            displayId: undefined,
          };
        } else kept.push({output, displayId});
      };
      return {
        outputs: () => kept.map(({output}) => output),
        take({header, content}) {
          const type = header.msg_type;
          const data = (content.data ?? {}) as Record<string, unknown>;
          const metadata = (content.metadata ?? {}) as Record<string, unknown>;
          const id = (content.transient as {display_id?: string} | undefined)?.display_id;
          if (type === "stream") {
            add({output_type: type, name: String(content.name), text: String(content.text)});
          } else if (type === "display_data") add({output_type: type, data, metadata}, id);
          else if (type === "update_display_data") {
            if (id !== undefined) update(id, data, metadata);
          } else if (type === "execute_result") {
            const count = Number(content.execution_count);
            add({output_type: type, data, metadata, execution_count: count}, id);
          } else if (type === "error") {
            add({
              output_type: type,
              ename: String(content.ename),
              evalue: String(content.evalue),
              traceback: (content.traceback as string[]) ?? [],
            });
          } else if (type === "clear_output") {
            if (content.wait === true) clearNext = true;
            else kept.length = 0;
          }
        },
      };
    },
  };
}
