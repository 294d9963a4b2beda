// Entry of the I/O thread: binds the sockets and runs the server over them until the process ends.

import {parentPort, workerData} from "node:worker_threads";
import type {Connection} from "../wire/connection.ts";
import {bindSockets} from "../wire/kernel-sockets.ts";
import type {Content} from "../wire/message.ts";
import {createSigner} from "../wire/signature.ts";
import {createIoServer} from "./io-server.ts";
import {sharedState} from "./shared-state.ts";
import {createSignalListener} from "./signal-listener.ts";
import type {Inbound, Outbound} from "./traffic.ts";

export interface IoThreadData {
  readonly connection: Connection;
  readonly state: SharedArrayBuffer;
  readonly session: string;
  readonly info: Content;
}

/** How long [ms] the main thread has to leave after a shutdown before the process is killed. */
const shutdownGrace = 500;

/** How often [ms] to look whether the front end that started the kernel is still there. */
const parentCheck = 1000;

const port = parentPort;
if (port === null) throw new Error("io-thread.js runs as a worker of the kernel");
const {connection, state, session, info} = workerData as IoThreadData;
const post = (message: Inbound): void => port.postMessage(message);

const server = createIoServer({
  signer: createSigner(connection.key, connection.scheme),
  state: sharedState(state),
  session,
  info,
  post,
  interrupt: () => process.kill(process.pid, "SIGINT"),
  listen: createSignalListener(),
  shutdown: () => {
    post({kind: "shutdown"});
    setTimeout(() => process.kill(process.pid, "SIGKILL"), shutdownGrace).unref();
  },
});
// A front end that was killed cannot ask for a shutdown; jupyter_client says in the environment that it means to own the kernel.
if (process.env.JPY_PARENT_PID !== undefined) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, parentCheck);
  watch.unref();
}
port.on("message", (message: Outbound) => {
  server.handle(message);
  // With its sockets closed and its port gone the thread has nothing to wait for and ends by itself; a process that exits while a thread
  // has sockets open is aborted by the addon.
  if (message.kind === "close") port.close();
});
bindSockets(connection, (channel, parts) => server.receive(channel, parts)).then(
  (sockets) => {
    server.attach(sockets);
    server.handle({kind: "status", state: "starting", parent: undefined, cell: false});
    post({kind: "bound"});
  },
  (error: Error) => post({kind: "bound", failure: error.message}),
);
