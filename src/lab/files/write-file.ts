// A file is written beside its place and then moved there, so that a full disk, a crash or a kill leaves the old one whole.

import {randomBytes} from "node:crypto";
import {chmodSync, renameSync, rmSync, statSync, writeFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";

/** Replaces or creates a file; its permissions stay as they were. Throws what the file system says. */
export function writeFileWhole(path: string, content: string | Uint8Array): void {
  const mode = statSync(path, {throwIfNoEntry: false})?.mode;
  const draft = join(
    dirname(path),
    `.${basename(path).slice(0, 100)}.${randomBytes(4).toString("hex")}.tmp`,
  );
  try {
    writeFileSync(draft, content, {flag: "wx"});
    if (mode !== undefined) chmodSync(draft, mode & 0o7777);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, {force: true});
    throw error;
  }
}
