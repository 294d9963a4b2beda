// What child processes print belongs to the cell that started them. Left alone, a child that inherits the kernel's descriptors writes to the
// terminal of whoever started the front end, where nobody looks. So `inherit` is replaced wherever it means standard output or error:
//   spawn, fork                         by a pipe, whose text goes to the cell as it comes;
//   spawnSync, execSync, execFileSync   by a file, which the I/O thread follows while this thread sleeps until the child ends.
// Children of the child write to the same pipe or file. Covered as well are `1`, `2`, `process.stdout` and `process.stderr` in `stdio`, and
// `fs.writeSync` and `fs.write` to descriptors 1 and 2 (`descriptor-writes.ts`). Native code of an addon that writes to them is not.
//
// An interrupt of the cell reaches its children: those of `spawn` and `fork` through the cell's abort signal, unless they are detached; the
// one that this thread waits for through the I/O thread.

import childProcess, {type ChildProcess} from "node:child_process";
import {closeSync, fstatSync, openSync} from "node:fs";
import {syncBuiltinESMExports} from "node:module";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Readable} from "node:stream";
import {StringDecoder} from "node:string_decoder";
import {descendants, signalAll} from "../io/descendants.ts";
import {isInterrupted} from "../io/shared-state.ts";
import type {Outbound} from "../io/traffic.ts";
import {currentCell, Interrupted} from "./cell.ts";
import {type Outlet, textLimit, textStopped} from "./outlet.ts";

type Stream = "stdout" | "stderr";
type Call = (command: unknown, ...rest: unknown[]) => unknown;
type Options = Readonly<Record<string, unknown>>;

/** Replaces the functions of `node:child_process` in this thread. */
export function captureChildren(
  outlet: Outlet,
  post: (message: Outbound) => void,
  words: Int32Array,
): void {
  const functions = childProcess as unknown as Record<string, Call>;
  const {spawn, fork} = functions as {spawn: Call; fork: Call};
  functions.spawn = (command, ...rest) => start(spawn, command, rest, optionsOf(rest).stdio, []);
  functions.fork = (command, ...rest) => {
    const {stdio, silent} = optionsOf(rest);
    return start(fork, command, rest, stdio ?? (silent === true ? undefined : "inherit"), ["ipc"]);
  };
  for (const name of ["spawnSync", "execSync", "execFileSync"]) {
    const original = functions[name]!;
    functions[name] = (command, ...rest) => wait(original, command, rest);
  }
  syncBuiltinESMExports();

  function start(call: Call, command: unknown, rest: unknown[], stdio: unknown, more: string[]) {
    const wanted = entries(stdio, more);
    const streams = wanted?.map(streamOf) ?? [];
    const piped = wanted?.map((entry, at) => (streams[at] === undefined ? entry : "pipe"));
    const child = call(command, ...withOptions(rest, piped && {stdio: piped})) as ChildProcess;
    const cell = currentCell.getStore();
    streams.forEach((name, at) => {
      const pipe = child.stdio?.[at] as Readable | null | undefined;
      if (name === undefined || !pipe) return;
      const decoder = new StringDecoder("utf8");
      pipe.on("data", (chunk: Buffer) => outlet.stream(cell, name, decoder.write(chunk)));
      // Whoever asks for `inherit` has no stream of his own.
      (child.stdio as unknown[])[at] = null;
      if (at === 1) child.stdout = null;
      if (at === 2) child.stderr = null;
    });
    if (cell !== undefined && optionsOf(rest).detached !== true) {
      const stop = (): void => {
        if (child.pid !== undefined) signalAll([child.pid, ...descendants(child.pid)], "SIGINT");
      };
      cell.abort.signal.addEventListener("abort", stop);
      child.once("exit", () => cell.abort.signal.removeEventListener("abort", stop));
    }
    return child;
  }

  function wait(call: Call, command: unknown, rest: unknown[]): unknown {
    const cell = currentCell.getStore();
    const files: {path: string; name: Stream; fd: number}[] = [];
    const stdio = entries(optionsOf(rest).stdio, [])?.map((entry, at) => {
      const name = streamOf(entry, at);
      if (name === undefined) return entry;
      if (cell?.silent) return "ignore";
      const path = join(tmpdir(), `quiesce-output-${process.pid}-${next++}`);
      files.push({path, name, fd: openSync(path, "wx", 0o600)});
      return files.at(-1)!.fd;
    });
    post({
      kind: "asleep",
      parent: cell?.origin.header,
      children: descendants(process.pid),
      files: files.map(({path, name}) => ({path, name})),
      limit: Math.max(0, textLimit - (cell?.spent.text ?? 0)),
      note: textStopped,
    });
    try {
      // In a process group of its own, an interrupt reaches at once whatever a shell has just started.
      return call(command, ...withOptions(rest, stdio === undefined ? group : {stdio, ...group}));
    } catch (error) {
      // That the command failed is no news when it was stopped.
      throw isInterrupted(words) ? new Interrupted() : error;
    } finally {
      for (const {fd} of files) {
        if (cell !== undefined) cell.spent.text += fstatSync(fd).size;
        closeSync(fd);
      }
      post({kind: "awake"});
    }
  }
}

let next = 0;

function optionsOf(rest: readonly unknown[]): Options {
  const found = rest.find(
    (each) => typeof each === "object" && each !== null && !Array.isArray(each),
  );
  return (found ?? {}) as Options;
}

const group: Options = {detached: true};

/** The arguments with more options; unchanged for `undefined`. */
function withOptions(rest: readonly unknown[], more: Options | undefined): unknown[] {
  if (more === undefined) return [...rest];
  const options = optionsOf(rest);
  const others = rest.filter((each) => each !== options && each !== undefined && each !== null);
  return [...others, {...options, ...more}];
}

/** `stdio` entry by entry; `undefined` where it is left to its default. A single word does not mention further channels: `more`. */
function entries(stdio: unknown, more: readonly string[]): readonly unknown[] | undefined {
  if (typeof stdio === "string") return [stdio, stdio, stdio, ...more];
  return Array.isArray(stdio) ? stdio : undefined;
}

/** The stream of the kernel that an entry at a position of `stdio` stands for. */
function streamOf(entry: unknown, at: number): Stream | undefined {
  const fd = entry === "inherit" ? at : entry;
  if (fd === 1 || fd === process.stdout) return "stdout";
  return fd === 2 || fd === process.stderr ? "stderr" : undefined;
}
