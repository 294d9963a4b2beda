// Where Jupyter looks for kernels, worked out without asking Python (https://docs.jupyter.org/en/latest/use/jupyter-directories.html).
// The first folder that has a kernel of a name wins: JUPYTER_PATH, then the user's folder, then the environment, then the system.

import {existsSync} from "node:fs";
import {delimiter, dirname, join} from "node:path";

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** A data folder of Jupyter; kernels are in its `kernels`. */
export interface DataFolder {
  readonly path: string;
  /** Why it is looked at, for a reader. */
  readonly origin: string;
}

/** The user's own data folder. */
export function userDataFolder({env, platform, home}: Surroundings): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  if (platform === "win32") return join(env.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The prefix of the Python environment that is active, or the one that `jupyter` on the PATH belongs to. */
export function environmentPrefix({env, platform}: Surroundings): string | undefined {
  if (env.VIRTUAL_ENV) return env.VIRTUAL_ENV;
  if (env.CONDA_PREFIX) return env.CONDA_PREFIX;
  const jupyter = onPath("jupyter", env, platform);
  return jupyter === undefined ? undefined : dirname(dirname(jupyter));
}

/** The full path of a command, as the shell would find it. */
export function onPath(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined {
  const names = platform === "win32" ? [`${command}.exe`, `${command}.cmd`] : [command];
  for (const folder of (env.PATH ?? "").split(delimiter)) {
    for (const name of names) {
      if (folder !== "" && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** All folders that are searched, in order, each once. */
export function dataFolders(surroundings: Surroundings): readonly DataFolder[] {
  const {env, platform} = surroundings;
  const prefix = environmentPrefix(surroundings);
  const found: DataFolder[] = [
    ...(env.JUPYTER_PATH ?? "")
      .split(delimiter)
      .filter((path) => path !== "")
      .map((path) => ({path, origin: "JUPYTER_PATH"})),
    {path: userDataFolder(surroundings), origin: "the user's folder"},
    ...(prefix === undefined
      ? []
      : [{path: join(prefix, "share", "jupyter"), origin: "the Python environment"}]),
    ...(platform === "win32"
      ? [{path: join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter"), origin: "the system"}]
      : [
          {path: "/usr/local/share/jupyter", origin: "the system"},
          {path: "/usr/share/jupyter", origin: "the system"},
        ]),
  ];
  const seen = new Set<string>();
  return found.filter(({path}) => !seen.has(path) && seen.add(path));
}
