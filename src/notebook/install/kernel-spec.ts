// The folder that makes a kernel known to Jupyter: `kernel.json` and a logo in three forms. Written by Node alone; no Python is asked.

import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {homedir} from "node:os";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {version} from "../../plan/version.ts";
import {
  dataFolders,
  environmentPrefix,
  type Surroundings,
  userDataFolder,
} from "./jupyter-folders.ts";
import {logo32, logo64, logoSvg} from "./logo.ts";

/** Where to install: for this user, under a prefix, or in the active Python environment. */
export type Place =
  | {readonly kind: "user"}
  | {readonly kind: "prefix"; readonly prefix: string}
  | {readonly kind: "sys-prefix"};

/** The kernel cannot be installed or removed as asked. The message says what to do. */
export class InstallError extends Error {
  override readonly name = "InstallError" as const;
}

/** The parts of `kernel.json` that matter here. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode?: string;
  readonly metadata?: {readonly quiesce?: {readonly version?: string}};
}

export interface Installation {
  /** The folder that was written. */
  readonly folder: string;
  /** Things worth saying, in sentences. */
  readonly notes: readonly string[];
}

export const kernelName = "quiesce";
export const kernelMain: string = fileURLToPath(
  new URL("../kernel/kernel-main.js", import.meta.url),
);

/** This process's environment, as the functions of this room want it. */
export function surroundings(): Surroundings {
  return {env: process.env, platform: process.platform, home: homedir()};
}

/** The `kernel.json` for this copy of Quiesce and this Node. */
export function kernelSpec(): KernelSpec {
  return {
    argv: [process.execPath, kernelMain, "{connection_file}"],
    display_name: "Quiesce",
    language: "typescript",
    interrupt_mode: "message",
    metadata: {quiesce: {version}},
  };
}

/**
 * Writes the kernel's folder, replacing one that is there.
 * @throws {InstallError} when there is no such place, or it cannot be written.
 */
export function installKernel(place: Place, around: Surroundings = surroundings()): Installation {
  const data = dataFolder(place, around);
  const folder = join(data, "kernels", kernelName);
  try {
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(kernelSpec(), undefined, 2)}\n`);
    writeFileSync(join(folder, "logo-svg.svg"), logoSvg);
    writeFileSync(join(folder, "logo-32x32.png"), Buffer.from(logo32, "base64"));
    writeFileSync(join(folder, "logo-64x64.png"), Buffer.from(logo64, "base64"));
  } catch (cause) {
    throw new InstallError(
      `cannot write ${folder}: ${(cause as Error).message}; choose another place with --user or --prefix`,
      {cause},
    );
  }
  const notes: string[] = [];
  if (kernelMain.includes("_npx")) {
    notes.push(
      "This copy of Quiesce lies in npx's cache and will vanish with it; install the package (npm install quiesce) and register that copy.",
    );
  }
  const searched = dataFolders(around);
  const at = searched.findIndex(({path}) => resolve(path) === resolve(data));
  if (at < 0) {
    notes.push(`Jupyter looks there only if JUPYTER_PATH names it: export JUPYTER_PATH="${data}"`);
  }
  for (const {path, origin} of searched.slice(0, Math.max(at, 0))) {
    if (existsSync(join(path, "kernels", kernelName, "kernel.json"))) {
      notes.push(`Jupyter will use another copy, which comes first: ${path} (${origin}).`);
    }
  }
  return {folder, notes};
}

/**
 * Removes the kernel's folder from one place, or from every place that is searched.
 * @returns the folders that were removed.
 * @throws {InstallError} when a folder cannot be removed.
 */
export function uninstallKernel(
  place: Place | undefined,
  around: Surroundings = surroundings(),
): readonly string[] {
  const data =
    place === undefined ? dataFolders(around).map(({path}) => path) : [dataFolder(place, around)];
  const removed: string[] = [];
  for (const path of data) {
    const folder = join(path, "kernels", kernelName);
    if (readSpec(folder) === undefined) continue;
    try {
      rmSync(folder, {recursive: true});
    } catch (cause) {
      throw new InstallError(`cannot remove ${folder}: ${(cause as Error).message}`, {cause});
    }
    removed.push(folder);
  }
  return removed;
}

/** The `kernel.json` in a folder; `undefined` if there is none, a text if it cannot be read. */
export function readSpec(folder: string): KernelSpec | string | undefined {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return undefined;
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as KernelSpec;
    return Array.isArray(value.argv) ? value : `${file} has no argv`;
  } catch (error) {
    return `${file} cannot be read: ${(error as Error).message}`;
  }
}

function dataFolder(place: Place, around: Surroundings): string {
  if (place.kind === "user") return userDataFolder(around);
  if (place.kind === "prefix") return join(resolve(place.prefix), "share", "jupyter");
  const prefix = environmentPrefix(around);
  if (prefix === undefined) {
    throw new InstallError(
      "no Python environment is active and no jupyter is on the PATH, so there is no sys-prefix; use --user or --prefix DIR",
    );
  }
  return join(prefix, "share", "jupyter");
}
