// While the main thread sleeps in `execSync` or another call that waits for a child process, this thread passes on what the child prints,
// from the files that the child writes to, and takes an interrupt to it.

import {closeSync, openSync, readSync, unlinkSync} from "node:fs";
import {StringDecoder} from "node:string_decoder";
import type {Header} from "../wire/message.ts";
import {descendants, signalAll} from "./descendants.ts";
import type {Outbound} from "./traffic.ts";

/** After how long [ms] a process that has not gone is signalled again. */
const signalAgain = 500;
/** How often [ms] the files are looked at. */
const lookEvery = 30;

export interface SleepWatch {
  asleep(message: Extract<Outbound, {kind: "asleep"}>): void;
  /** Passes on the rest. */
  awake(): void;
  /** Signals the processes that the main thread waits for, if it does; `again`, with SIGTERM those that have had a SIGINT. */
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
  const signalled = new Map<number, number>();
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
      signalled.clear();
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
      if (current === undefined) return;
      const own = descendants(process.pid).filter((pid) => !current?.children.includes(pid));
      const now = performance.now();
      // A process about to be started is not there yet, nor is a command that a shell is about to start and then waits for; and a signal
      // that meets a process as it starts may come to nothing.
      for (const pid of own) {
        const last = signalled.get(pid);
        if (last === undefined || now - last > signalAgain) {
          signalAll([pid], "SIGINT");
          signalled.set(pid, now);
        } else if (again) signalAll([pid], "SIGTERM");
      }
    },
  };
}
