// Opens the user's browser. The address holds the token, and everybody on a machine can read the arguments of everybody's programs, so what
// is handed to the browser is a file that only this user can read and that leads to the address.

import {spawn} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

/** Whether there is a screen in front of whoever started this. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (env.SSH_CONNECTION) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Opens an address, or does nothing where that is impossible: it has been printed. Call the result to remove the file. */
export function openBrowser(url: string): () => void {
  const folder = mkdtempSync(join(tmpdir(), "quiesce-lab-"));
  const file = join(folder, "open.html");
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${url}"><a href="${url}">Quiesce Lab</a>\n`;
  writeFileSync(file, page, {mode: 0o600});
  const [command, ...args] = opener(process.platform);
  const child = spawn(command, [...args, pathToFileURL(file).href], {
    stdio: "ignore",
    detached: true,
  });
  child.on("error", () => {});
  child.unref();
  return () => rmSync(folder, {recursive: true, force: true});
}

function opener(platform: NodeJS.Platform): readonly [string, ...string[]] {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}
