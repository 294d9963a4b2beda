// The front end's side of the sockets.

import {randomUUID} from "node:crypto";
import {Dealer, Request as Requester, Subscriber} from "zeromq";
import {address, type Connection} from "../wire/connection.ts";

export type ClientChannel = "shell" | "control" | "stdin" | "iopub";

export interface ClientSockets {
  send(channel: "shell" | "control" | "stdin", parts: Buffer[]): void;
  /** One heartbeat there and back; its time [ms]. */
  beat(): Promise<number>;
  close(): void;
}

/** Connects to a kernel, which need not have bound its sockets yet. */
export function connectSockets(
  connection: Connection,
  receive: (channel: ClientChannel, parts: Buffer[]) => void,
): ClientSockets {
  const options = {sendTimeout: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0};
  // Shell and stdin share an identity: the kernel asks for input along the route on which it was asked to execute.
  // Two front ends of one kernel must not share one.
  const routingId = randomUUID();
  const dealers = {
    shell: new Dealer({...options, routingId}),
    control: new Dealer({...options, routingId}),
    stdin: new Dealer({...options, routingId}),
  };
  const iopub = new Subscriber({receiveHighWaterMark: 0, linger: 0});
  iopub.subscribe();
  const hb = new Requester({linger: 0});
  for (const channel of ["shell", "control", "stdin"] as const) {
    dealers[channel].connect(address(connection, channel));
  }
  iopub.connect(address(connection, "iopub"));
  hb.connect(address(connection, "hb"));
  const sockets = {...dealers, iopub};
  for (const [channel, socket] of Object.entries(sockets)) {
    const loop = async (): Promise<void> => {
      for await (const parts of socket) receive(channel as ClientChannel, parts);
    };
    loop().catch((error) => {
      if (!socket.closed) throw error;
    });
  }
  return {
    send(channel, parts) {
      dealers[channel].send(parts).catch(() => {});
    },
    async beat() {
      const from = performance.now();
      await hb.send("beat");
      await hb.receive();
      return performance.now() - from;
    },
    close() {
      for (const socket of [...Object.values(sockets), hb]) socket.close();
    },
  };
}
