// The processes under a process: an interrupt has to reach them all, since a shell that is told alone waits for its command first.

import {execFileSync} from "node:child_process";
import {readdirSync, readFileSync} from "node:fs";

// Kept from before cells' children are captured: listing processes must not list itself.
const run = execFileSync;

/** Process numbers, parents first; empty where they cannot be listed. */
export function descendants(pid: number): readonly number[] {
  const children = byParent();
  const out: number[] = [];
  for (const found = [...children(pid)]; found.length > 0; ) {
    const next = found.shift()!;
    if (out.includes(next)) continue;
    out.push(next);
    found.push(...children(next));
  }
  return out;
}

/** Sends a signal to processes and to the groups they lead; those that have ended meanwhile are passed over. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, signal);
        break;
      } catch {
        // It leads no group, or has ended.
      }
    }
  }
}

function byParent(): (pid: number) => readonly number[] {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
  try {
    // Linux: each thread lists the children that it started.
    readFileSync("/proc/thread-self/children");
    return (pid) => {
      try {
        return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
          numbers(readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")),
        );
      } catch {
        return [];
      }
    };
  } catch {
    return listed();
  }
}

function listed(): (pid: number) => readonly number[] {
  let rows: readonly (readonly string[])[];
  try {
    const text = run("ps", ["-A", "-o", "pid=,ppid="], {encoding: "utf8", stdio: "pipe"});
    rows = text.split("\n").map((row) => row.trim().split(/\s+/));
  } catch {
    rows = [];
  }
  return (pid) => rows.filter(([, parent]) => Number(parent) === pid).map(([own]) => Number(own));
}
