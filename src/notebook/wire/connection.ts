// The connection file: where the five sockets are and with which key messages are signed.

import {randomBytes} from "node:crypto";
import {readFileSync} from "node:fs";

export const channels = ["shell", "control", "stdin", "iopub", "hb"] as const;
export type Channel = (typeof channels)[number];

export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly scheme: string;
  readonly ports: Readonly<Record<Channel, number>>;
}

/** A connection file that cannot be used. The message names the file and the field. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError" as const;
}

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Reads a connection file. An address other than loopback is refused unless `anyAddress` is set: whoever reaches the sockets of a kernel
 * and knows the key runs code on this machine, so that has to be asked for.
 * @throws {ConnectionError}
 */
export function readConnection(path: string, anyAddress: boolean = false): Connection {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConnectionError(
      `cannot read the connection file ${path}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  if (typeof value !== "object" || value === null) {
    throw new ConnectionError(`${path} holds no JSON object`);
  }
  const fields = value as Record<string, unknown>;
  const text = (name: string, fallback: string): string => {
    const field = fields[name] ?? fallback;
    if (typeof field !== "string") throw new ConnectionError(`${path}: \`${name}\` is not a text`);
    return field;
  };
  const port = (channel: Channel): number => {
    const field = fields[`${channel}_port`];
    if (typeof field !== "number" || !Number.isInteger(field) || field < 0 || field > 65535) {
      throw new ConnectionError(
        `${path}: expected \`${channel}_port\` to be a port number, got ${field}`,
      );
    }
    return field;
  };
  const transport = text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc") {
    throw new ConnectionError(`${path}: transport is tcp or ipc, got \`${transport}\``);
  }
  const ip = text("ip", "127.0.0.1");
  if (transport === "tcp" && !anyAddress && !loopback.test(ip)) {
    throw new ConnectionError(
      `${path}: the address ${ip} is reachable from other machines; set QUIESCE_KERNEL_ANY_ADDRESS=1 if that is meant`,
    );
  }
  return {
    transport,
    ip,
    key: text("key", ""),
    scheme: text("signature_scheme", "hmac-sha256"),
    ports: {
      shell: port("shell"),
      control: port("control"),
      stdin: port("stdin"),
      iopub: port("iopub"),
      hb: port("hb"),
    },
  };
}

/** A loopback connection with a fresh key and the ports given. */
export function newConnection(ports: Connection["ports"]): Connection {
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomBytes(24).toString("hex"),
    scheme: "hmac-sha256",
    ports,
  };
}

/** The text of a connection file. */
export function connectionText(connection: Connection): string {
  const ports = Object.fromEntries(
    channels.map((channel) => [`${channel}_port`, connection.ports[channel]]),
  );
  return JSON.stringify(
    {
      transport: connection.transport,
      ip: connection.ip,
      key: connection.key,
      signature_scheme: connection.scheme,
      kernel_name: "quiesce",
      ...ports,
    },
    undefined,
    2,
  );
}

/** The ZeroMQ address of a channel. */
export function address(connection: Connection, channel: Channel): string {
  const port = connection.ports[channel];
  return connection.transport === "ipc"
    ? `ipc://${connection.ip}-${port}`
    : `tcp://${connection.ip.includes(":") ? `[${connection.ip}]` : connection.ip}:${port}`;
}
