// While the main thread sleeps in `execSync` or another call that waits for a child process, this thread passes on what the child prints,
// from the files that the child writes to, and takes an interrupt to it.

import {closeSync, openSync, readSync, unlinkSync} from "node:fs";
import {StringDecoder} from "node:string_decoder";
import type {Header} from "../wire/message.ts";
import {descendants, signalAll} from "./descendants.ts";
import type {Outbound} from "./traffic.ts";

/** How often [ms] the files are looked at. */
const lookEvery = 30;

export interface SleepWatch {
  asleep(message: Extract<Outbound, {kind: "asleep"}>): void;
  /** Passes on the rest. */
  awake(): void;
  /** Signals the processes that the main thread waits for, if it does; `again`, with one not lightly ignored, if they have been signalled. */
  interrupt(again: boolean): void;
}

interface Followed {
  readonly fd: number;
  readonly name: "stdout" | "stderr";
  readonly decoder: StringDecoder;
}

export function createSleepWatch(
  add: (parent: Header | undefined, name: "stdout" | "stderr", text: string) => void,
): SleepWatch {
  const block = Buffer.alloc(1 << 16);
  let current: Extract<Outbound, {kind: "asleep"}> | undefined;
  let files: readonly Followed[] = [];
  let left = 0;
  let timer: NodeJS.Timeout | undefined;
  let signalled = false;
  const look = (): void => {
    for (const {fd, name, decoder} of files) {
      for (let read = readSync(fd, block); read > 0; read = readSync(fd, block)) {
        const text = decoder.write(block.subarray(0, read)).slice(0, left);
        left -= text.length;
        if (text !== "") add(current?.parent, name, text);
        if (left > 0) continue;
        if (text !== "" && current !== undefined) add(current.parent, "stderr", current.note);
        break;
      }
    }
  };
  return {
    asleep(message) {
      current = message;
      left = message.limit;
      signalled = false;
      files = message.files.map(({path, name}) => {
        const fd = openSync(path, "r");
        unlinkSync(path);
        return {fd, name, decoder: new StringDecoder("utf8")};
      });
      if (files.length > 0) timer = setInterval(look, lookEvery);
    },
    awake() {
      clearInterval(timer);
      look();
      for (const {fd} of files) closeSync(fd);
      files = [];
      current = undefined;
    },
    interrupt(again) {
      if (current === undefined || (signalled && !again)) return;
      const before = new Set(current.children);
      const own = descendants(process.pid).filter((pid) => !before.has(pid));
      signalAll(own, signalled ? "SIGTERM" : "SIGINT");
      // Nobody is there yet when the process is about to be started.
      signalled ||= own.length > 0;
    },
  };
}
