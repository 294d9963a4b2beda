// What the tests with real front ends share: which tools they need, a private place where the kernel is registered, and running a command.

import {spawn} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {installKernel} from "../install/kernel-spec.ts";

const root: string = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");

/** A script beside this file's source. */
export function script(name: string): string {
  return join(root, "src/notebook/front-ends", name);
}

/** Where pictures for people go. */
export function pictureFolder(): string {
  const folder = join(root, ".test-output");
  mkdirSync(folder, {recursive: true});
  return folder;
}

/** `false` when every tool is there, otherwise why the test is skipped; in CI nothing is skipped. */
export function skipWithout(...tools: string[]): string | false {
  if (process.env.QUIESCE_REQUIRE_TOOLS === "1") return false;
  const missing = tools.filter((tool) => !existsSync(tool));
  return missing.length === 0 ? false : `needs ${missing.join(", ")}; see .ci/setup-debian.sh`;
}

export interface JupyterHome {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** A folder of its own for everything that Jupyter reads and writes, with the kernel registered in it. */
export function jupyterHome(): JupyterHome {
  const folder = mkdtempSync(join(tmpdir(), "quiesce-jupyter-"));
  installKernel({kind: "prefix", prefix: folder});
  const env = {
    ...process.env,
    HOME: folder,
    JUPYTER_PATH: join(folder, "share/jupyter"),
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    PYDEVD_DISABLE_FILE_VALIDATION: "1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
  return {
    folder,
    env,
    // A front end that is still going down may write once more; that is not the test's business.
    remove: () => rmSync(folder, {recursive: true, force: true, maxRetries: 5}),
  };
}

/** Runs a command to its end; both streams as one text. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: {readonly env: NodeJS.ProcessEnv; readonly cwd?: string},
): Promise<{readonly code: number | null; readonly text: string}> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {...options, stdio: ["ignore", "pipe", "pipe"]});
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
    }
    child.on("error", fail);
    child.on("close", (code) => done({code, text}));
  });
}
