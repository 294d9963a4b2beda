// A reader that sees one folder and what is below it. Paths are as written in a text, relative to the folder of the file they stand in.
// Absolute paths are refused, and so is whatever leads outside, by `..` or by a symbolic link: the folder is compared after links are
// followed.

import {createHash} from "node:crypto";
import {readFileSync, realpathSync, statSync} from "node:fs";
import {dirname, isAbsolute, relative, resolve, sep} from "node:path";
import type {FileReader, ReadFailure, ReadFile} from "./file-reader.ts";

/** The most that is read of one file. */
const mostBytes = 64 * 1024 * 1024;

/** Reads files in `folder`. `from` and the paths of what is read are relative to it, with `/` between names. */
export function folderReader(folder: string): FileReader {
  const read = new Map<string, ReadFile>();
  return {
    read(path, from): ReadFile | ReadFailure {
      if (isAbsolute(path) || /^[A-Za-z]:/.test(path) || path.includes("\\"))
        return {failure: "an absolute path; files are named relative to this one"};
      if (path.includes("\0")) return {failure: "not a path"};
      const full = resolve(folder, from === undefined ? "." : dirname(from), path);
      try {
        const root = realpathSync(folder);
        const real = realpathSync(full);
        if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep))
          return {failure: "it lies outside the folder of this text"};
        const known = read.get(real);
        if (known !== undefined) return known;
        const status = statSync(real);
        if (!status.isFile()) return {failure: "it is not a file"};
        if (status.size > mostBytes)
          return {failure: `it is larger than ${mostBytes / 2 ** 20} MiB`};
        const bytes = readFileSync(real);
        const found: ReadFile = {
          path: relative(root, real).split(sep).join("/"),
          text: bytes.toString("utf8").replace(/^\uFEFF/, ""),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        };
        read.set(real, found);
        return found;
      } catch (error) {
        return {failure: reasonOf(error)};
      }
    },
  };
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file";
    case "ENOTDIR":
      return "part of the path is not a folder";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "its symbolic links go round in a circle";
    default:
      return (error as Error).message;
  }
}
