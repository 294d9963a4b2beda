// Starts a kernel's process with a connection of its own, for whoever then talks to it over the sockets.

import {type ChildProcess, spawn} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {type Connection, connectionText, newConnection} from "../wire/connection.ts";

export interface LaunchedKernel {
  readonly connection: Connection;
  readonly child: ChildProcess;
  /** The exit code, once the process has ended; `null` if a signal ended it or it could not be started. */
  readonly exited: Promise<number | null>;
  /** What the kernel wrote to its own standard error; the last 20,000 characters. */
  readonly errors: () => string;
}

const kernelMain = fileURLToPath(new URL("../kernel/kernel-main.js", import.meta.url));

/** Starts a kernel in a folder. It answers a fraction of a second later; its connection file is removed when it ends. */
export async function launchKernel(cwd: string, env: NodeJS.ProcessEnv): Promise<LaunchedKernel> {
  const connection = newConnection(await freePorts());
  const folder = mkdtempSync(join(tmpdir(), "quiesce-kernel-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, connectionText(connection), {mode: 0o600});
  const child = spawn(process.execPath, [kernelMain, file], {
    cwd,
    env: {...env, JPY_PARENT_PID: String(process.pid)},
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString("utf8")).slice(-20_000);
  });
  const exited = new Promise<number | null>((resolve) => {
    child.on("exit", (code) => resolve(code));
    child.on("error", () => resolve(null));
  });
  void exited.then(() => rmSync(folder, {recursive: true, force: true}));
  return {connection, child, exited, errors: () => errors.trim()};
}

async function freePorts(): Promise<Connection["ports"]> {
  const servers = await Promise.all(
    Array.from(
      {length: 5},
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.on("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as {port: number}).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [shell, control, stdin, iopub, hb] = ports as [number, number, number, number, number];
  return {shell, control, stdin, iopub, hb};
}
