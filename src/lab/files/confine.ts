// Paths of the browser become paths of this machine here and nowhere else.
//
// (1) A path is a list of names under the root. `..`, empty bytes, and on Windows backslashes and drive letters are refused before the file
//     system is asked.
// (2) Whatever symbolic links lead to is under the root as well, or refused; a link that points outside is not listed.
// (3) Names that begin with a dot are hidden: neither listed nor opened nor written.
// Somebody who swaps a link between the look and the use already runs programs as this user, and needs no server for it.

import {lstatSync, realpathSync, statSync} from "node:fs";
import {basename, dirname, join, resolve, sep} from "node:path";
import {HttpFault} from "../http/answer.ts";

export interface Confinement {
  /** The folder that is served, with links resolved. */
  readonly root: string;
  /**
   * Where the content of a path is; it need not exist, but its folder must.
   * @throws {HttpFault} 400, 403 or 404.
   */
  content(path: string): string;
  /** The directory entry itself, which may be a link: what a rename or a removal is about. */
  entry(path: string): string;
  /** Whether an absolute path is, links resolved, under the root; false for what does not exist. */
  holds(absolute: string): boolean;
}

export function confineTo(folder: string): Confinement {
  const root = realpathSync(folder);
  const inside = (real: string): boolean =>
    real === root || real.startsWith(root + sep) || root === sep;
  const outside = (path: string): HttpFault =>
    new HttpFault(403, `${path} is outside the folder that is served`);
  const entry = (path: string): string => {
    const names = namesOf(path);
    if (names.length === 0) return root;
    const lexical = join(root, ...names);
    const parent = real(dirname(lexical));
    if (parent === undefined) throw new HttpFault(404, `there is no folder for ${path}`);
    if (!inside(parent)) throw outside(path); // (2)
    if (!statSync(parent).isDirectory()) throw new HttpFault(404, `${path} is below a file`);
    return join(parent, basename(lexical));
  };
  return {
    root,
    entry,
    content(path) {
      const place = entry(path);
      const target = real(place);
      if (target === undefined) {
        // A link to nowhere: to write through it would create a file wherever it points.
        if (lstatSync(place, {throwIfNoEntry: false}) !== undefined) throw outside(path);
        return place;
      }
      if (!inside(target)) throw outside(path); // (2)
      return target;
    },
    holds(absolute) {
      const target = real(absolute);
      return target !== undefined && inside(target);
    },
  };
}

/** Whether a name is shown. (3) */
export function isVisible(name: string): boolean {
  return !name.startsWith(".");
}

// (1)
function namesOf(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "");
  for (const name of names) {
    if (name === "." || name === "..") {
      throw new HttpFault(403, `${path} leads outside the folder that is served`);
    }
    if (name.includes("\0")) throw new HttpFault(400, "a path cannot hold an empty byte");
    if (process.platform === "win32" && /[\\:]/.test(name)) {
      throw new HttpFault(400, `${name} cannot be the name of a file`);
    }
    if (!isVisible(name)) throw new HttpFault(404, `${path} is hidden`); // (3)
  }
  return names;
}

function real(path: string): string | undefined {
  try {
    return realpathSync(resolve(path));
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "ELOOP") throw new HttpFault(404, "symbolic links lead in a circle");
    if (code === "ENAMETOOLONG") throw new HttpFault(400, "the name is too long");
    if (code === "EACCES") throw new HttpFault(403, "permission denied");
    throw error;
  }
}
