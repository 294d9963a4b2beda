// jupyter-console shows a display once and does not know `update_display_data`: progress would stand still in it. It does not say what it is,
// but it is the process that started the kernel.

import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";

/** Whether the command line of the process that started this one is that of a console. */
export function startedByConsole(parent: number = process.ppid): boolean {
  return /\bjupyter[-_]console\b/.test(commandLine(parent));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // No Linux.
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch {
    return "";
  }
}
