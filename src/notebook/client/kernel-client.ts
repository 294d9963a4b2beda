// A front end without a screen: starts a kernel process and talks to it over its real sockets, as Jupyter does. `quiesce notebook run`
// drives notebooks through it, and so do the tests.

import type {ChildProcess} from "node:child_process";
import {randomUUID} from "node:crypto";
import type {Connection} from "../wire/connection.ts";
import {
  type Content,
  decodeMessage,
  encodeMessage,
  type Message,
  newHeader,
} from "../wire/message.ts";
import {createSigner} from "../wire/signature.ts";
import {type ClientChannel, type ClientSockets, connectSockets} from "./client-sockets.ts";
import {launchKernel} from "./launch-kernel.ts";

/** The kernel died, or did not answer in time. */
export class KernelDied extends Error {
  override readonly name = "KernelDied" as const;
}

export interface KernelOptions {
  /** Folder in which cells run. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How long [ms] to wait for the first answer; 60 s unless given. */
  readonly timeout?: number;
  /** Answers `prompt()` of a cell; without it cells are told that nobody can. */
  readonly answer?: (prompt: string, password: boolean) => string;
}

/** Everything that answered one request. */
export interface Exchange {
  readonly reply: Message;
  /** iopub messages with the request as parent, in order, busy and idle included. */
  readonly published: readonly Message[];
}

export interface RequestOptions {
  readonly channel?: "shell" | "control";
  /** Called for every iopub message of this request as it comes, also after its idle. */
  readonly onPublish?: (message: Message) => void;
}

export interface KernelClient {
  readonly connection: Connection;
  readonly process: ChildProcess;
  /** Every iopub message, whoever caused it. */
  readonly published: readonly Message[];
  request(type: string, content: Content, options?: RequestOptions): Promise<Exchange>;
  execute(code: string, content?: Content, options?: RequestOptions): Promise<Exchange>;
  /** Sends raw parts, well-formed or not. */
  sendRaw(channel: "shell" | "control", parts: Buffer[]): void;
  /** One heartbeat; its time [ms]. */
  beat(): Promise<number>;
  interrupt(): Promise<Exchange>;
  /** What the kernel wrote to its own standard error. */
  readonly errors: () => string;
  /** Shuts the kernel down and waits for its end; kills it after 5 s. Its exit code, `null` if it was killed. */
  close(): Promise<number | null>;
}

interface Pending {
  reply: Message | undefined;
  published: Message[];
  idle: boolean;
  readonly onPublish: ((message: Message) => void) | undefined;
  readonly resolve: (exchange: Exchange) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Starts a kernel and waits until it answers.
 * @throws {KernelDied}
 */
export async function startKernel(options: KernelOptions = {}): Promise<KernelClient> {
  const launched = await launchKernel(options.cwd ?? process.cwd(), options.env ?? process.env);
  const {connection, child, exited, errors} = launched;

  const signer = createSigner(connection.key, connection.scheme);
  const session = randomUUID();
  const pending = new Map<string, Pending>();
  const published: Message[] = [];
  let closed = false;
  const settle = (id: string, request: Pending): void => {
    if (request.reply === undefined || !request.idle) return;
    request.resolve({reply: request.reply, published: request.published});
    // Late output of a cell still finds its way to `onPublish`.
    if (request.onPublish === undefined) pending.delete(id);
  };
  const receive = (channel: ClientChannel, parts: Buffer[]): void => {
    const message = decodeMessage(channel === "iopub" ? parts.slice(1) : parts, signer);
    if (typeof message === "string") throw new KernelDied(`the kernel sent nonsense: ${message}`);
    const parent = message.parent.msg_id;
    const request = parent === undefined ? undefined : pending.get(parent);
    if (channel === "iopub") {
      published.push(message);
      request?.published.push(message);
      request?.onPublish?.(message);
      if (
        request !== undefined &&
        message.header.msg_type === "status" &&
        message.content.execution_state === "idle"
      ) {
        request.idle = true;
      }
    } else if (channel === "stdin") {
      const {prompt, password} = message.content;
      const value = options.answer?.(String(prompt), password === true) ?? "";
      const header = newHeader("input_reply", session, "client");
      sockets.send(
        "stdin",
        encodeMessage(
          {
            identities: [],
            header,
            parent: message.header as never,
            metadata: {},
            content: {value},
            buffers: [],
          },
          signer,
        ),
      );
    } else if (request !== undefined) request.reply = message;
    if (request !== undefined && parent !== undefined) settle(parent, request);
  };
  const sockets: ClientSockets = connectSockets(connection, receive);
  const release = (): void => {
    if (closed) return;
    closed = true;
    sockets.close();
  };
  void exited.then((code) => {
    const why = errors() === "" ? "" : `: ${errors()}`;
    for (const {reject} of pending.values()) {
      reject(new KernelDied(`the kernel ended with exit code ${code}${why}`));
    }
    pending.clear();
    release();
  });

  const request: KernelClient["request"] = (type, content, {channel = "shell", onPublish} = {}) =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        reject(new KernelDied(`the kernel has ended: ${errors()}`));
        return;
      }
      const header = newHeader(type, session, "client");
      pending.set(header.msg_id, {
        reply: undefined,
        published: [],
        idle: false,
        onPublish,
        resolve,
        reject,
      });
      const message = {identities: [], header, parent: {}, metadata: {}, content, buffers: []};
      sockets.send(channel, encodeMessage(message, signer));
    });

  const client: KernelClient = {
    connection,
    process: child,
    published,
    request,
    execute: (code, content = {}, requestOptions) =>
      request(
        "execute_request",
        {
          code,
          silent: false,
          store_history: true,
          user_expressions: {},
          allow_stdin: options.answer !== undefined,
          stop_on_error: true,
          ...content,
        },
        requestOptions,
      ),
    sendRaw: (channel, parts) => sockets.send(channel, parts),
    beat: () => sockets.beat(),
    interrupt: () => request("interrupt_request", {}, {channel: "control"}),
    errors,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        request("shutdown_request", {restart: false}, {channel: "control"}).catch(() => {});
        const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
        await exited;
        clearTimeout(timer);
      }
      const code = await exited;
      release();
      return code;
    },
  };
  try {
    await ready(client, options.timeout ?? 60_000, exited, errors);
  } catch (error) {
    child.kill("SIGKILL");
    release();
    throw error;
  }
  return client;
}

// A subscription takes a moment to reach the publisher, and what is published before is lost: so ask until an answer's idle arrives.
async function ready(
  client: KernelClient,
  timeout: number,
  exited: Promise<number | null>,
  errors: () => string,
): Promise<void> {
  let over = false;
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new KernelDied(`the kernel did not answer within ${timeout / 1000} s ${errors()}`));
    }, timeout);
    void exited.then(() => clearTimeout(timer));
    timer.unref();
  });
  const asked = async (): Promise<void> => {
    while (!over) {
      const answer = client.request("kernel_info_request", {});
      answer.catch(() => {});
      const again = new Promise<undefined>((resolve) => {
        setTimeout(() => resolve(undefined), 200);
      });
      if ((await Promise.race([answer, again])) !== undefined) return;
      answer.catch(() => {});
    }
  };
  try {
    await Promise.race([asked(), late]);
  } finally {
    over = true;
  }
}
