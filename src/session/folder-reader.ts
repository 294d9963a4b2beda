// Files for `import` and `empirical`, from one folder and what lies below it. A path is relative to the file that names it; whatever
// it says, and wherever a symbolic link leads, the real file must lie under the root, so that a text from a stranger cannot read more
// of the disk than the folder it was put in.

import {createHash} from "node:crypto";
import {readFileSync, realpathSync, statSync} from "node:fs";
import {dirname, isAbsolute, join, relative, resolve, sep} from "node:path";
import {fileReason} from "./file-reason.ts";

// A measured histogram is some kilobytes; a trace of millions of rows is for the importers, which read it piece by piece.
const largest = 64 * 1024 * 1024;

export interface FolderFile {
  /** Relative to the root, with `/` between names. */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

export interface FolderReader {
  read(path: string, from?: string): FolderFile | {readonly failure: string};
}

/** A reader confined to `root`. Throws only if `root` itself is no folder. */
export function folderReader(root: string): FolderReader {
  const top = realpathSync(root);
  return {
    read(path, from) {
      if (isAbsolute(path))
        return {failure: "the path is absolute; write it relative to this file"};
      const wanted = resolve(top, from === undefined ? "." : dirname(from), path);
      if (!within(top, wanted)) return {failure: outside};
      try {
        const real = realpathSync(wanted);
        if (!within(top, real)) return {failure: outside};
        const found = statSync(real);
        if (found.isDirectory()) return {failure: "it is a folder"};
        if (!found.isFile()) return {failure: "it is no ordinary file"};
        if (found.size > largest)
          return {failure: `it has ${found.size} bytes; the limit is ${largest}`};
        const bytes = readFileSync(real);
        return {
          path: relative(top, wanted).split(sep).join("/"),
          text: bytes.toString("utf8"),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        };
      } catch (error) {
        return {failure: fileReason(error)};
      }
    },
  };
}

const outside =
  "it lies outside the folder of the experiment; only files in it and below can be read";

function within(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : join(root, sep));
}
