// Where a cell finds packages. tslab assumes that it is installed globally: it looks for fallback types beside itself, which do not exist
// in an ordinary (hoisted) install, and then `console` has no type. And a notebook may lie in a folder that has no `node_modules` at all,
// yet `import * as aq from "arquero"` and `import {simulate} from "quiesce"` should work in it. So two rules are added to the file system
// that the compiler sees, and the second also to `require`:
//   (1) `tslab/node_modules/@types` is the folder where `@types/node` really is;
//   (2) a package that neither the notebook's folder nor any folder above it has is taken from where Quiesce itself finds it.

import {existsSync} from "node:fs";
import Module, {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {type Compiler, tslabRequire} from "./compiler.ts";

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");
const ourRequire = createRequire(join(packageRoot, "package.json"));

/** The folder of a package that the notebook's folder cannot see but Quiesce can; `undefined` when the notebook has its own or there is none. */
export function fallbackPackage(cwd: string, name: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules", name))) return undefined;
    if (dirname(folder) === folder) break;
  }
  if (name === "quiesce") return packageRoot;
  for (const folder of ourRequire.resolve.paths(name) ?? []) {
    if (existsSync(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

/** Makes the compiler's file system follow rules (1) and (2). To be called before a converter is created. */
export function redirectCompiler(compiler: Compiler): void {
  ignoreFolders(compiler);
  const cwd = compiler.sys.getCurrentDirectory();
  const modules = `${cwd}/node_modules/`;
  const deadTypes = join(
    dirname(tslabRequire.resolve("tslab/package.json")),
    "node_modules/@types",
  );
  const realTypes = dirname(dirname(tslabRequire.resolve("@types/node/package.json")));
  const known = new Map<string, string | undefined>();
  const redirect = (path: string): string => {
    if (path.startsWith(deadTypes)) return realTypes + path.slice(deadTypes.length); // (1)
    if (!path.startsWith(modules)) return path;
    const rest = path.slice(modules.length);
    const name = /^(?:@[^/]+\/)?[^/]+/.exec(rest)?.[0];
    if (name === undefined || name === "tslab" || /^@[^/]*$/.test(name)) return path;
    if (!known.has(name)) known.set(name, fallbackPackage(cwd, name));
    const folder = known.get(name);
    return folder === undefined ? path : folder + rest.slice(name.length); // (2)
  };
  for (const member of [
    "directoryExists",
    "fileExists",
    "readFile",
    "getDirectories",
    "readDirectory",
    "realpath",
    "watchFile",
    "getModifiedTime",
    "getFileSize",
  ]) {
    const original = compiler.sys[member];
    if (typeof original !== "function") continue;
    compiler.sys[member] = (path: string, ...rest: unknown[]): unknown =>
      original.call(compiler.sys, redirect(path), ...rest);
  }
}

// A file that appears in the notebook's folder makes the compiler throw away failed look-ups by a timer of its own, and tslab's single
// timer slot does not expect a second one ("Unexpected pending rebuildTimer"): writing a notebook beside itself was enough to end the
// converter. So folders are not watched; `language-thread.ts` starts afresh when a module that was missing has appeared.
function ignoreFolders(compiler: Compiler): void {
  compiler.sys.watchDirectory = (): {close(): void} => ({close() {}});
}

interface Resolver {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/** Makes `require` and `import()` of cells follow rule (2), whatever module asks. */
export function redirectRequire(): void {
  const resolver = Module as unknown as Resolver;
  const original = resolver._resolveFilename;
  resolver._resolveFilename = function (request, ...rest) {
    try {
      return original.call(this, request, ...rest);
    } catch (error) {
      if (/^[./]|^node:/.test(request)) throw error;
      if (request === "quiesce") return ourRequire.resolve(packageRoot);
      try {
        return ourRequire.resolve(request);
      } catch {
        throw error;
      }
    }
  };
}
