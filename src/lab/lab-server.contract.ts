// A server over a folder of its own with a stand-in for the application, and the ways in which its tests talk to it.

import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from "node:fs";
import {type IncomingHttpHeaders, request} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {WebSocket} from "ws";
import {type LabServer, startLabServer} from "./lab-server.ts";
import {type Application, openApplication, sealApplication} from "./prepare/application.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON. */
  readonly json: () => Record<string, unknown>;
}

export interface TestServer {
  readonly server: LabServer;
  /** The folder that is served. */
  readonly folder: string;
  readonly application: Application;
  /** A request with the token in its header, unless `headers` are given; a body is sent as JSON. */
  ask(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  remove(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "quiesce-lab-test-")));
  const folder = join(top, "root");
  mkdirSync(folder);
  const application = standInApplication(join(top, "application"));
  const settings = join(top, "settings");
  const server = await startLabServer({
    folder,
    application,
    settings,
    ports: [0],
    env: process.env,
  });
  return {
    server,
    folder,
    application,
    ask: (method, path, body, headers = {authorization: `token ${server.token}`}) =>
      ask(server.port, method, path, body, headers),
    async remove() {
      await server.close();
      rmSync(top, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

/** What a bundle looks like to the server, without JupyterLab in it. */
export function standInApplication(folder: string): Application {
  mkdirSync(join(folder, "static"), {recursive: true});
  writeFileSync(join(folder, "static/start.js"), "export {};\n");
  writeFileSync(join(folder, "static/chunk-ABCD1234.js"), "export {};\n");
  const schema = {type: "object", title: "Themes"};
  const schemas = [{id: "@jupyterlab/apputils-extension:themes", version: "4.6.4", schema}];
  writeFileSync(join(folder, "schemas.json"), JSON.stringify(schemas));
  sealApplication(folder, "4.6.4");
  const application = openApplication(folder);
  if (typeof application === "string") throw new Error(application);
  return application;
}

// Not fetch: it refuses to send another Host or Origin.
function ask(
  port: number,
  method: string,
  path: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({port, host: "127.0.0.1", method, path, headers}, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A kernel message as a front end sees it. */
export interface FrontEndMessage {
  readonly channel: string;
  readonly header: {readonly msg_type: string; readonly msg_id: string};
  readonly parent_header: {readonly msg_id?: string};
  readonly content: Record<string, unknown>;
}

export interface FrontEnd {
  readonly received: readonly FrontEndMessage[];
  send(channel: string, type: string, content: object): string;
  /** The first message, come or to come, that the test accepts. */
  until(test: (message: FrontEndMessage) => boolean): Promise<FrontEndMessage>;
  close(): void;
}

/** Connects with a kernel by the old protocol, as JSON. */
export async function connectFrontEnd(server: LabServer, kernel: string): Promise<FrontEnd> {
  const address = `ws://127.0.0.1:${server.port}/api/kernels/${kernel}/channels?session_id=test`;
  const socket = new WebSocket(address, {headers: {authorization: `token ${server.token}`}});
  const received: FrontEndMessage[] = [];
  const waiters = new Set<() => void>();
  socket.on("message", (data) => {
    received.push(JSON.parse(String(data)) as FrontEndMessage);
    for (const look of [...waiters]) look();
  });
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  let next = 1;
  return {
    received,
    send(channel, type, content) {
      const id = `${type}-${next++}-${Math.round(performance.now() * 1000)}`;
      const header = {msg_id: id, msg_type: type, session: "test", username: "", version: "5.4"};
      const message = {channel, header, parent_header: {}, metadata: {}, content};
      socket.send(JSON.stringify(message));
      return id;
    },
    until: (test) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiters.delete(look);
          const seen = received.map(({channel, header}) => `${channel} ${header.msg_type}`);
          reject(new Error(`no such message among: ${seen.join(", ")}`));
        }, 60_000);
        const look = (): void => {
          const found = received.find(test);
          if (found === undefined) return;
          waiters.delete(look);
          clearTimeout(late);
          resolve(found);
        };
        waiters.add(look);
        look();
      }),
    close: () => socket.terminate(),
  };
}
