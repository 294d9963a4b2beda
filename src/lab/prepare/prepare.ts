// Builds the application once and keeps it in the cache.
//
//   CACHE/4.6.4-0123456789ab/             an application: sealed, complete, never changed
//   CACHE/4.6.4-0123456789ab.part-PID/    one being built: `workshop` with 200 MB of packages, `application` with what is kept
//
// (1) An application appears by one rename, after its manifest was written: a build that is killed leaves only its `.part-` folder.
// (2) The next build removes the `.part-` folders of processes that are gone.
// (3) Two builds at a time do not meet; the second finds the first one's result in place and takes it.

import {mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileReason} from "../../session/file-reason.ts";
import {type Application, openApplication, sealApplication} from "./application.ts";
import {bundle} from "./bundle.ts";
import {fetchPackages} from "./fetch-packages.ts";
import {PrepareFault} from "./prepare-fault.ts";
import type {Recipe} from "./recipe.ts";

/** About how much is fetched, used while building, and kept [MB]; measured for JupyterLab 4.6.4. */
export const sizes = {download: 34, building: 220, kept: 10} as const;

export type PrepareStep =
  | {readonly kind: "fetch"; readonly done: number; readonly total: number}
  | {readonly kind: "bundle"};

export interface PrepareOptions {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onStep: (step: PrepareStep) => void;
}

/** The application of the recipe if it is in the cache and whole. */
export function preparedApplication(cache: string, recipe: Recipe): Application | undefined {
  const found = openApplication(join(cache, recipe.key));
  return typeof found === "string" ? undefined : found;
}

/**
 * Fetches, bundles, seals. Replaces an application that is damaged.
 * @throws {PrepareFault}, or the signal's reason when it was aborted; in both cases nothing is left behind.
 */
export async function prepareApplication(
  recipe: Recipe,
  options: PrepareOptions,
): Promise<Application> {
  const {cache, env, signal, onStep} = options;
  const place = join(cache, recipe.key);
  const part = `${place}.part-${process.pid}`;
  const [workshop, built] = [join(part, "workshop"), join(part, "application")];
  try {
    mkdirSync(cache, {recursive: true});
    removeStale(cache); // (2)
    requireRoom(cache);
    rmSync(part, {recursive: true, force: true});
    for (const [name, content] of recipe.files) {
      mkdirSync(dirname(join(workshop, name)), {recursive: true});
      writeFileSync(join(workshop, name), content);
    }
    const {packages: total} = recipe;
    onStep({kind: "fetch", done: 0, total});
    const onArchive = (count: number): void =>
      onStep({kind: "fetch", done: Math.min(count, total), total});
    await fetchPackages(workshop, {env, signal, onArchive});
    onStep({kind: "bundle"});
    await bundle(workshop, built, recipe);
    signal.throwIfAborted();
    sealApplication(built, recipe.version);
    // What is in the way is damaged, or another build was faster. (3)
    if (preparedApplication(cache, recipe) === undefined) {
      rmSync(place, {recursive: true, force: true});
      renameSync(built, place); // (1)
    }
  } catch (error) {
    if (signal.aborted || error instanceof PrepareFault) throw error;
    const why =
      (error as NodeJS.ErrnoException).code === undefined
        ? (error as Error).message
        : fileReason(error);
    throw new PrepareFault(`JupyterLab could not be built in ${cache}: ${why}`, {cause: error});
  } finally {
    rmSync(part, {recursive: true, force: true, maxRetries: 3});
  }
  const application = openApplication(place);
  if (typeof application !== "string") return application;
  throw new PrepareFault(`what was built in ${place} is damaged: ${application}`);
}

function removeStale(cache: string): void {
  for (const name of readdirSync(cache)) {
    const owner = /\.part-(\d+)$/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    rmSync(join(cache, name), {recursive: true, force: true});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function requireRoom(folder: string): void {
  const {bavail, bsize} = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= sizes.building) return;
  throw new PrepareFault(
    `building JupyterLab takes ${sizes.building} MB for a minute, and ${folder} has ${free} MB free; XDG_CACHE_HOME names another place`,
  );
}
