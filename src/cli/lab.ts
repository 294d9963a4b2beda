import {statSync} from "node:fs";
import {resolve} from "node:path";
import {cacheFolder, settingsFolder} from "../lab/folders.ts";
import {type LabServer, PortTaken, startLabServer} from "../lab/lab-server.ts";
import {hasScreen, openBrowser} from "../lab/open-browser.ts";
import type {Application} from "../lab/prepare/application.ts";
import {
  type PrepareStep,
  prepareApplication,
  preparedApplication,
  sizes,
} from "../lab/prepare/prepare.ts";
import {PrepareFault} from "../lab/prepare/prepare-fault.ts";
import {readRecipe} from "../lab/prepare/recipe.ts";
import {surroundings} from "../notebook/install/kernel-spec.ts";
import {fileReason} from "../session/file-reason.ts";
import {exitStatus, UsageError} from "./exit-status.ts";

export interface LabOptions {
  readonly port?: number;
  readonly browser: boolean;
  readonly prepare?: boolean;
}

/** Tried in order when no port is asked for. */
const usualPorts: readonly number[] = Array.from({length: 20}, (_, index) => 8888 + index);

/**
 * `quiesce lab [DIR]`: serves JupyterLab until Ctrl-C or SIGTERM, which end its kernels too. Status 0 then; 2 for what is missing or taken;
 * 130 if it was interrupted before it served.
 */
export async function lab(folder: string, options: LabOptions): Promise<number> {
  const root = resolve(folder);
  requireFolder(folder, root);
  const ending = untilSignal();
  try {
    const application = await applicationAtHand(ending.signal);
    if (application === undefined) return exitStatus.interrupted;
    if (options.prepare === true) {
      process.stdout.write(`JupyterLab ${application.version} is ready in ${application.folder}\n`);
      return exitStatus.ok;
    }
    const server = await startLabServer({
      folder: root,
      application,
      settings: settingsFolder(surroundings()),
      ports: options.port === undefined ? usualPorts : [options.port],
      env: process.env,
    });
    await serve(server, root, options, ending.signal);
    return exitStatus.ok;
  } catch (error) {
    if (error instanceof PortTaken) {
      throw new UsageError(`${error.message}; --port names another, and --port 0 takes any`);
    }
    if (error instanceof PrepareFault) throw new UsageError(error.message);
    throw error;
  } finally {
    ending.release();
  }
}

function requireFolder(folder: string, root: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(root).isDirectory();
  } catch (error) {
    throw new UsageError(`cannot serve ${folder}: ${fileReason(error)}`);
  }
  if (!isFolder) throw new UsageError(`cannot serve ${folder}: it is a file; name its folder`);
}

/** The application from the cache, or built now, with a word about what that takes; undefined when interrupted. */
async function applicationAtHand(signal: AbortSignal): Promise<Application | undefined> {
  const recipe = readRecipe();
  const cache = cacheFolder(surroundings());
  const ready = preparedApplication(cache, recipe);
  if (ready !== undefined) return ready;
  process.stderr.write(
    `First use: fetching JupyterLab ${recipe.version} from the npm registry, ${recipe.packages} packages, about ${sizes.download} MB.\n` +
      `Building takes ${sizes.building} MB for about a minute; ${sizes.kept} MB are kept in ${cache}.\n`,
  );
  const line = progressLine();
  try {
    return await prepareApplication(recipe, {
      cache,
      env: process.env,
      signal,
      onStep: (step) => line.show(step),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    line.clear();
    process.stderr.write("interrupted: nothing was kept\n");
    return undefined;
  } finally {
    line.clear();
  }
}

/** On a terminal one line that changes; elsewhere a line for each step. */
function progressLine(): {show(step: PrepareStep): void; clear(): void} {
  const live = process.stderr.isTTY === true;
  let last = "";
  return {
    show(step) {
      const text =
        step.kind === "bundle"
          ? "bundling"
          : live
            ? `fetching ${step.done} of ${step.total} packages`
            : `fetching ${step.total} packages`;
      if (text === last) return;
      last = text;
      process.stderr.write(live ? `\r${text}\u001b[K` : `${text}\n`);
    },
    clear() {
      if (live && last !== "") process.stderr.write("\r\u001b[K");
      last = "";
    },
  };
}

async function serve(
  server: LabServer,
  root: string,
  options: LabOptions,
  signal: AbortSignal,
): Promise<void> {
  process.stdout.write(
    `Serving ${root}\n\n    ${server.url}\n\nWhoever has this address can run programs as you. Ctrl-C ends the server and its kernels.\n`,
  );
  const opens = options.browser && hasScreen(process.env, process.platform) && process.stdout.isTTY;
  const forget = opens ? openBrowser(server.url) : () => {};
  if (!signal.aborted) {
    await new Promise((done) => signal.addEventListener("abort", done, {once: true}));
  }
  const kernels = server.kernels();
  if (kernels > 0) {
    process.stdout.write(`\nending ${kernels} kernel${kernels === 1 ? "" : "s"}\n`);
  }
  forget();
  await server.close();
}

/** Aborted by the first SIGINT, SIGTERM or SIGHUP; a second one ends the process as usual. */
function untilSignal(): {readonly signal: AbortSignal; readonly release: () => void} {
  const abort = new AbortController();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const release = (): void => {
    for (const each of signals) process.removeListener(each, end);
  };
  const end = (): void => {
    release();
    abort.abort();
  };
  for (const each of signals) process.on(each, end);
  return {signal: abort.signal, release};
}
