// The server: loopback only, every request through the guard, then to the handler with the longest matching prefix.

import {createServer, type IncomingMessage, type Server, type ServerResponse} from "node:http";
import type {Duplex} from "node:stream";
import {confineTo} from "./files/confine.ts";
import {
  type Answer,
  type Call,
  type Handler,
  HttpFault,
  json,
  readJson,
  send,
} from "./http/answer.ts";
import {createGuard, type Guard} from "./http/guard.ts";
import {type Channels, createChannels} from "./kernels/channels.ts";
import {createKernelPool, type KernelPool} from "./kernels/kernel-pool.ts";
import {refusalPage} from "./page.ts";
import type {Application} from "./prepare/application.ts";
import {applicationFiles, page, plotlyFile} from "./rest/application-files.ts";
import {contentsHandler} from "./rest/contents.ts";
import {
  apiVersion,
  configSections,
  converters,
  identity,
  status,
  terminals,
  translations,
} from "./rest/facts.ts";
import {kernelLogos, kernelSpecs} from "./rest/kernel-specs.ts";
import {kernelsHandler} from "./rest/kernels.ts";
import {rawFiles} from "./rest/raw-files.ts";
import {sessionsHandler} from "./rest/sessions.ts";
import {settingsHandler} from "./rest/settings.ts";
import {workspacesHandler} from "./rest/workspaces.ts";

export interface LabServerOptions {
  /** The folder that is served; it must exist. */
  readonly folder: string;
  readonly application: Application;
  /** Where settings and layouts are kept. */
  readonly settings: string;
  /** Ports to try in order; 0 takes any. */
  readonly ports: readonly number[];
  readonly env: NodeJS.ProcessEnv;
}

export interface LabServer {
  readonly port: number;
  readonly token: string;
  /** The address to open, with the token. */
  readonly url: string;
  /** How many kernels run. */
  readonly kernels: () => number;
  /** Ends all kernels and connections. */
  close(): Promise<void>;
}

/** None of the ports could be had. */
export class PortTaken extends Error {
  override readonly name = "PortTaken" as const;
}

/**
 * Starts to serve.
 * @throws {PortTaken}
 */
export async function startLabServer(options: LabServerOptions): Promise<LabServer> {
  const files = confineTo(options.folder);
  const pool = createKernelPool(files, options.env);
  const channels = createChannels();
  const {application, settings} = options;
  const lab = page(application, files.root);
  const routes: readonly (readonly [prefix: string, handler: Handler])[] = [
    ["/api/contents", contentsHandler(files)],
    ["/api/kernels", kernelsHandler(pool)],
    ["/api/kernelspecs", kernelSpecs],
    ["/api/sessions", sessionsHandler(pool)],
    ["/api/config", configSections()],
    ["/api/me", identity],
    ["/api/status", status(pool)],
    ["/api/nbconvert", converters],
    ["/api/terminals", terminals],
    ["/api", apiVersion],
    ["/kernelspecs", kernelLogos],
    ["/files", rawFiles(files)],
    ["/lab/api/settings", settingsHandler(application.schemas, settings)],
    ["/lab/api/workspaces", workspacesHandler(settings, files.root)],
    ["/lab/api/translations", translations],
    ["/lab/api/themes", applicationFiles(application, "themes")],
    ["/lab/static", applicationFiles(application, "static")],
    ["/lab/plotly.min.js", plotlyFile],
    [
      "/lab/api",
      () => {
        throw new HttpFault(404, "JupyterLab asked for what is not here");
      },
    ],
    ["/lab", lab],
    [
      "/",
      ({path}) => {
        if (path === "") return {status: 302, headers: {Location: "/lab"}};
        throw new HttpFault(404, `there is no /${path}`);
      },
    ],
  ];
  let guard: Guard | undefined;
  const server = createServer((request, response) => {
    void answerRequest(request, response, guard, routes);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(request, socket, head, guard, pool, channels);
  });
  const port = await listen(server, options.ports);
  guard = createGuard(port);
  const {token} = guard;
  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/lab?token=${token}`,
    kernels: () => pool.kernels.size,
    async close() {
      const ended = new Promise((resolve) => server.close(resolve));
      await pool.stopAll();
      channels.close();
      server.closeAllConnections();
      await ended;
    },
  };
}

type Routes = readonly (readonly [prefix: string, handler: Handler])[];

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard | undefined,
  routes: Routes,
): Promise<void> {
  const headOnly = request.method === "HEAD";
  try {
    const url = addressOf(request);
    const admission = guard?.admit(request, url);
    if (admission === undefined || admission.kind === "refused") {
      const {status: code, why} = admission ?? {status: 403, why: "the server is starting"};
      send(response, refusal(url, code, why), headOnly);
      return;
    }
    if (admission.kind === "entering") {
      url.searchParams.delete("token");
      const headers = {
        Location: `${url.pathname}${url.search}`,
        "Set-Cookie": admission.cookie,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
      };
      send(response, {status: 303, headers}, headOnly);
      return;
    }
    const [handler, path] = handlerFor(routes, url.pathname);
    const call: Call = {
      method: request.method ?? "GET",
      path,
      query: url.searchParams,
      json: () => readJson(request),
    };
    send(response, await handler(call), headOnly);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else send(response, faultAnswer(error), headOnly);
  }
}

function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  guard: Guard | undefined,
  pool: KernelPool,
  channels: Channels,
): void {
  socket.on("error", () => socket.destroy());
  try {
    const url = addressOf(request);
    const admission = guard?.admit(request, url);
    if (admission?.kind !== "admitted") {
      throw new HttpFault(admission?.kind === "refused" ? admission.status : 403, "not let in");
    }
    const kernel = /^\/api\/kernels\/([^/]+)\/channels$/.exec(url.pathname)?.[1];
    if (kernel === undefined && url.pathname !== "/api/events/subscribe") {
      throw new HttpFault(404, "no WebSocket is here");
    }
    channels.open(request, socket, head, kernel === undefined ? undefined : pool.kernel(kernel));
  } catch (error) {
    const code = error instanceof HttpFault ? error.status : 400;
    socket.end(`HTTP/1.1 ${code} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

function addressOf(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? "/", "http://127.0.0.1");
  } catch (cause) {
    throw new HttpFault(400, "the address cannot be read", {cause});
  }
}

function handlerFor(routes: Routes, pathname: string): readonly [Handler, string] {
  for (const [prefix, handler] of routes) {
    const rest = prefix === "/" ? pathname : pathname.slice(prefix.length);
    if (!pathname.startsWith(prefix) || (rest !== "" && !rest.startsWith("/"))) continue;
    try {
      return [handler, decodeURIComponent(rest).replace(/^\/+|\/+$/g, "")];
    } catch (cause) {
      throw new HttpFault(400, "the address cannot be read", {cause});
    }
  }
  throw new HttpFault(404, "there is nothing here");
}

function refusal(url: URL, code: number, why: string): Answer {
  if (url.pathname.startsWith("/api") || url.pathname.startsWith("/lab/api")) {
    return json({message: why, reason: null}, code);
  }
  const headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"};
  return {status: code, headers, body: refusalPage(why)};
}

function faultAnswer(error: unknown): Answer {
  if (error instanceof HttpFault) {
    return json({message: error.message, reason: null}, error.status);
  }
  const fault = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`quiesce lab: internal error: ${fault.stack}\n`);
  return json({message: `internal error: ${fault.message}`, reason: null}, 500);
}

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({port, host: "127.0.0.1", exclusive: true}, () => {
          server.removeListener("error", reject);
          resolve();
        });
      });
      return (server.address() as {port: number}).port;
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === "EACCES") throw new PortTaken(`port ${port} may not be used by this user`);
      if (code !== "EADDRINUSE") throw error;
    }
  }
  throw new PortTaken(
    ports.length === 1
      ? `port ${ports[0]} is taken by another program`
      : `the ports ${ports[0]} to ${ports.at(-1)} are all taken by other programs`,
  );
}
