// The kernel's five sockets behind an interface of two functions, so that the rest knows nothing of ZeroMQ.
//
// zeromq.js sends synchronously for its first 512 messages of a turn and asynchronously after that, and then refuses a second send while
// one is under way (EBUSY): a kernel that does not await every send loses one message in about five hundred. With `sendTimeout: 0` and no
// high-water mark before `bind`, a send never goes asynchronous and PUB never drops.

import {Publisher, Reply, Router} from "zeromq";
import {address, type Channel, type Connection} from "./connection.ts";
import {log} from "./log.ts";

export type RequestChannel = "shell" | "control" | "stdin";

export interface KernelSockets {
  /** Queues a message at once; never blocks and never drops. */
  send(channel: RequestChannel | "iopub", parts: Buffer[]): void;
  /** Closes all sockets; what was sent has one second to leave. */
  close(): void;
}

/**
 * Binds all sockets and calls `receive` for every message of shell, control and stdin. The heartbeat is echoed here.
 * @throws the error of ZeroMQ when an address is taken.
 */
export async function bindSockets(
  connection: Connection,
  receive: (channel: RequestChannel, parts: Buffer[]) => void,
): Promise<KernelSockets> {
  const options = {sendTimeout: 0, sendHighWaterMark: 0, linger: 1000};
  // A front end that reconnects with its old identity takes over the route; without this its messages vanish.
  const router = (): Router => new Router({...options, receiveHighWaterMark: 0, handover: true});
  const routers = {shell: router(), control: router(), stdin: router()};
  const iopub = new Publisher(options);
  const hb = new Reply(options);
  const sockets = {...routers, iopub, hb};
  try {
    await Promise.all(
      Object.entries(sockets).map(([channel, socket]) =>
        socket.bind(address(connection, channel as Channel)),
      ),
    );
  } catch (error) {
    for (const socket of Object.values(sockets)) socket.close();
    throw error;
  }
  for (const channel of ["shell", "control", "stdin"] as const) {
    pump(routers[channel], (parts) => receive(channel, parts));
  }
  pump(hb, (parts) => void hb.send(parts).catch(() => {}));
  return {
    send(channel, parts) {
      const socket = channel === "iopub" ? iopub : routers[channel];
      socket.send(parts).catch((error: Error) => {
        // A router refuses what has no route any more: the front end went away.
        if (!socket.closed) log(`${channel}: ${error.message}`);
      });
    },
    close() {
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}

function pump(socket: Router | Reply, handle: (parts: Buffer[]) => void): void {
  const loop = async (): Promise<void> => {
    for await (const parts of socket) handle(parts);
  };
  loop().catch((error: Error) => {
    if (!socket.closed) log(`a socket failed: ${error.message}`);
  });
}
