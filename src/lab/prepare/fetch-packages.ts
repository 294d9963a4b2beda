// Lets npm install the packages of the recipe. npm compares every archive with the SHA-512 that the lockfile has for it, and runs no script of
// any package.

import {spawn} from "node:child_process";
import {dirname, join} from "node:path";
import {onPath} from "../../notebook/install/jupyter-folders.ts";
import {PrepareFault} from "./prepare-fault.ts";

export interface FetchOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** How many archives have come, from the network or from npm's own cache. */
  readonly onArchive: (count: number) => void;
}

/**
 * Installs into a folder that has a `package.json` and a lockfile.
 * @throws {PrepareFault} when there is no npm, no network or no room, or an archive is not what was pinned.
 */
export async function fetchPackages(folder: string, options: FetchOptions): Promise<void> {
  const {env, signal, onArchive} = options;
  const [command, before] = npmCommand(env);
  // A network that is not there is to be noticed within seconds, not minutes.
  const patience = [
    "--fetch-retries=2",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=3000",
  ];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"];
  const args = [...before, "ci", ...quiet, ...patience, "--prefer-offline", "--loglevel=http"];
  const child = spawn(command, args, {
    cwd: folder,
    env,
    signal,
    stdio: ["ignore", "ignore", "pipe"],
    // npm is a batch file on Windows; nothing a user wrote is among the arguments.
    shell: command.endsWith(".cmd"),
  });
  let archives = 0;
  let rest = "";
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (/^npm http (?:fetch|cache) .*\.tgz/.test(line)) onArchive(++archives);
      else if (/^npm (?:error|ERR!)/.test(line)) said += `${line}\n`;
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", (error) =>
      reject(
        signal.aborted
          ? (signal.reason as Error)
          : new PrepareFault(`npm could not be started: ${error.message}`, {cause: error}),
      ),
    );
  });
  signal.throwIfAborted();
  if (code !== 0) throw new PrepareFault(explained(said));
}

/** How to call npm: the one that called us, the one on the PATH, or the one that lies beside Node. */
function npmCommand(env: NodeJS.ProcessEnv): readonly [command: string, before: readonly string[]] {
  const caller = env.npm_execpath;
  if (caller?.endsWith("npm-cli.js")) return [process.execPath, [caller]];
  const found = onPath("npm", env, process.platform);
  if (found !== undefined) return [found, []];
  const beside = onPath("npm", {PATH: dirname(process.execPath)}, process.platform);
  if (beside !== undefined) return [beside, []];
  throw new PrepareFault(
    `npm is needed once, to fetch JupyterLab, and it is not on the PATH (${join("bin", "npm")} comes with Node; Debian has it as the package npm)`,
  );
}

function explained(said: string): string {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(said)?.[1] ?? "";
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/.test(
      code,
    )
  ) {
    return `the npm registry cannot be reached (${code}). JupyterLab is fetched once, and needs the network for it; behind a proxy, \`npm config set proxy\` names it`;
  }
  if (/ENOSPC|EDQUOT/.test(code)) return "the disk is full";
  if (code === "EINTEGRITY") {
    return "a package is not the one that was pinned (its SHA-512 differs); nothing of it was used";
  }
  const last = said.trim().split("\n").slice(0, 6).join("\n");
  return `npm could not install the packages${last === "" ? "" : `:\n${last}`}`;
}
