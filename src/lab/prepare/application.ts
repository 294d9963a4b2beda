// The built application on disk: which files it has, and that they are what was built.
//
// `manifest.json` lists every file with its length and SHA-256, and is written last: a folder without one is no application. It is checked
// in full before every start (10 MB, a tenth of a second), so that a damaged cache is noticed here and not as a white page.

import {createHash} from "node:crypto";
import {readdirSync, readFileSync, statSync, writeFileSync} from "node:fs";
import {join, sep} from "node:path";

export interface SettingSchema {
  /** `@jupyterlab/notebook-extension:tracker` */
  readonly id: string;
  /** Of the package. */
  readonly version: string;
  readonly schema: object;
}

export interface Application {
  readonly folder: string;
  /** Of JupyterLab. */
  readonly version: string;
  /** Relative paths with forward slashes: the only ones that are served. */
  readonly files: ReadonlySet<string>;
  readonly schemas: readonly SettingSchema[];
}

interface Manifest {
  readonly version: string;
  readonly files: Readonly<Record<string, {readonly bytes: number; readonly sha256: string}>>;
}

/** Seals a built folder: lists its files and writes the manifest. */
export function sealApplication(folder: string, version: string): void {
  const files = Object.fromEntries(
    readdirSync(folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [
        path
          .slice(folder.length + 1)
          .split(sep)
          .join("/"),
        {bytes: statSync(path).size, sha256: digest(path)},
      ]),
  );
  const manifest: Manifest = {version, files};
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifest, undefined, 1)}\n`);
}

/** Opens a sealed folder; a text says why it cannot be used. */
export function openApplication(folder: string): Application | string {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  } catch {
    return "it has no manifest";
  }
  try {
    for (const [path, {bytes, sha256}] of Object.entries(manifest.files)) {
      const full = join(folder, path);
      if (statSync(full).size !== bytes || digest(full) !== sha256) return `${path} has changed`;
    }
    return {
      folder,
      version: manifest.version,
      files: new Set(Object.keys(manifest.files)),
      schemas: JSON.parse(readFileSync(join(folder, "schemas.json"), "utf8")) as SettingSchema[],
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
