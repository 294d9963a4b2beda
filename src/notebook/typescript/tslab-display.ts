// `import {display, newDisplay} from "tslab"` in a cell keeps working: tslab writes displays through a hook that its own server would set.

import type {Bundle} from "../display/bundle.ts";
import {tslabRequire} from "./compiler.ts";

export type ShowBundle = (
  bundle: Bundle,
  options: {readonly id?: string; readonly update?: boolean},
) => void;

interface TslabMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly transient?: {readonly display_id?: string};
}

/** Sends tslab's displays to `show`. They have one MIME type each; front ends without it see its name. */
export function connectTslabDisplay(show: ShowBundle): void {
  const jupyter = tslabRequire("tslab/dist/jupyter.js") as {
    lastWriteDisplayData: (message: TslabMessage, update: boolean) => void;
  };
  jupyter.lastWriteDisplayData = ({data, transient}, update) => {
    const id = transient?.display_id;
    const plain = {"text/plain": `<${Object.keys(data).join(", ")}>`};
    show({data: {...plain, ...data}, metadata: {}}, id === undefined ? {} : {id, update});
  };
}
