// What the application is made of: pinned packages, four browser files of ours, and two files that the rest of Quiesce already has. The
// recipe's key changes with any of them, so a cached application never belongs to another Quiesce.

import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";

const root = new URL("../../../../", import.meta.url);

/** The files of the recipe, by the name under which the build finds them. */
const sources: Readonly<Record<string, string>> = {
  "package.json": "src/lab/application/package.json",
  "package-lock.json": "src/lab/application/package-lock.json",
  "absent/mermaid/package.json": "src/lab/application/absent/mermaid/package.json",
  "absent/layout-elk/package.json": "src/lab/application/absent/layout-elk/package.json",
  "start.js": "src/lab/application/start.js",
  "process.js": "src/lab/application/process.js",
  "plotly-renderer.js": "src/lab/application/plotly-renderer.js",
  "quiesce-cells.js": "src/lab/application/quiesce-cells.js",
  "quiesce.codemirror.js": "grammar/generated/quiesce.codemirror.js",
  // The rule by which the kernel tells Quiesce from TypeScript, as it was compiled.
  "cell-language.js": "dist/src/notebook/kernel/cell-language.js",
};

/** Changes when the way of building changes while the files stay the same. */
const buildFormat = 1;

export interface Recipe {
  /** Names this application among others in the cache: JupyterLab's version and twelve hexadecimal digits. */
  readonly key: string;
  /** Of JupyterLab. */
  readonly version: string;
  /** Files to lay out before the packages are installed, by relative path. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** `@jupyterlab/…-extension` packages, sorted. */
  readonly extensions: readonly string[];
  /** How many packages npm fetches. */
  readonly packages: number;
}

interface LockEntry {
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** Reads the recipe that came with this copy of Quiesce. */
export function readRecipe(): Recipe {
  const files = new Map(
    Object.entries(sources).map(([name, path]) => [
      name,
      readFileSync(fileURLToPath(new URL(path, root))),
    ]),
  );
  const hash = createHash("sha256").update(`format ${buildFormat}`);
  for (const [name, content] of files) hash.update(`\n${name} ${content.length}\n`).update(content);
  const manifest = JSON.parse(String(files.get("package.json"))) as {
    readonly version: string;
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const lock = JSON.parse(String(files.get("package-lock.json"))) as {
    readonly packages: Readonly<Record<string, LockEntry>>;
  };
  return {
    key: `${manifest.version}-${hash.digest("hex").slice(0, 12)}`,
    version: manifest.version,
    files,
    extensions: Object.keys(manifest.dependencies)
      .filter((name) => name.startsWith("@jupyterlab/") && name.endsWith("-extension"))
      .sort(),
    // Of the optional ones, esbuild's programs, each platform takes one.
    packages:
      1 +
      Object.entries(lock.packages).filter(
        ([path, {optional, link}]) =>
          path.startsWith("node_modules/") && optional !== true && link !== true,
      ).length,
  };
}
