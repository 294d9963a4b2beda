// WebSockets: a kernel's channels, and the stream of server events, on which nothing ever happens here. The only file that knows `ws`.

import type {IncomingMessage} from "node:http";
import type {Duplex} from "node:stream";
import {WebSocketServer} from "ws";
import type {Listener, RunningKernel} from "./running-kernel.ts";
import {decodeFrame, encodeFrame, FrameFault, protocolV1} from "./websocket-frames.ts";

export interface Channels {
  /** Takes over a connection that the guard has admitted and connects it with a kernel; without one it is for server events. */
  open(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    kernel: RunningKernel | undefined,
  ): void;
  /** Ends all connections. */
  close(): void;
}

const largestMessage = 512 * 1024 * 1024;

export function createChannels(): Channels {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    // Both ends are one machine: compressing would only cost time.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(protocolV1) ? protocolV1 : false),
  });
  return {
    open(request, socket, head, kernel) {
      server.handleUpgrade(request, socket, head, (connection) => {
        // A connection that breaks is closed by `ws`; there is nobody to tell.
        connection.on("error", () => {});
        if (kernel === undefined) return;
        const v1 = connection.protocol === protocolV1;
        const listener: Listener = {
          receive: (message) => connection.send(encodeFrame(message, v1)),
        };
        kernel.connect(listener);
        connection.on("close", () => kernel.disconnect(listener));
        connection.on("message", (data, binary) => {
          try {
            kernel.send(listener, decodeFrame(data as Buffer, binary, v1));
          } catch (error) {
            if (!(error instanceof FrameFault)) throw error;
            connection.close(1007, `not a kernel message: ${error.message}`.slice(0, 120));
          }
        });
      });
    },
    close() {
      for (const connection of server.clients) connection.terminate();
      server.close();
    },
  };
}
