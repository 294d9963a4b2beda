// The kernel's own complaints go to the file descriptor, past `process.stderr`: that one belongs to the user's cells.

import {writeSync} from "node:fs";

/** Writes one line to the terminal of whoever started the kernel; never throws. */
export function log(text: string): void {
  try {
    writeSync(2, `quiesce kernel: ${text}\n`);
  } catch {
    // Nobody listens there.
  }
}
