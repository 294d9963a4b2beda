// What a handler gets and gives. Handlers know paths, queries and JSON; only `lab-server.ts` knows Node's requests and responses.

import {createReadStream} from "node:fs";
import type {IncomingMessage, ServerResponse} from "node:http";

/** A request that has passed the guard. */
export interface Call {
  readonly method: string;
  /** What follows the handler's prefix, decoded, without slashes at its ends: `folder/a b.ipynb`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The body as a JSON object; empty for a request without one. */
  json(): Promise<Readonly<Record<string, unknown>>>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text, bytes, or the absolute path of a file to send; none for 204. */
  readonly body?: string | Uint8Array | {readonly file: string};
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** A request that cannot be answered as asked; JupyterLab shows the message in a dialogue. */
export class HttpFault extends Error {
  override readonly name = "HttpFault" as const;
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** An answer in JSON. */
export function json(value: unknown, status: number = 200): Answer {
  const headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"};
  return {status, headers, body: JSON.stringify(value)};
}

/** The answer to a request whose effect is all there is to say. */
export const done: Answer = {status: 204};

/** Refuses a method that a resource does not have. */
export function noSuchMethod({method}: Call): never {
  throw new HttpFault(405, `${method} is not possible here`);
}

const largestBody = 512 * 1024 * 1024;

/**
 * Reads a body to its end and parses it.
 * @throws {HttpFault} 413 when it is too large, 400 when it is not a JSON object.
 */
export async function readJson(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBody) throw new HttpFault(413, "the request is larger than 512 MiB");
    chunks.push(chunk);
  }
  if (length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new HttpFault(400, `the request is not JSON: ${(cause as Error).message}`, {cause});
  }
  // A body of `null` is how some clients say that there is none.
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new HttpFault(400, "the request is not a JSON object");
  }
  return value as Record<string, unknown>;
}

/** Writes an answer; a file is streamed, and a file that vanished meanwhile ends the connection. */
export function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  response.writeHead(answer.status, {"X-Content-Type-Options": "nosniff", ...answer.headers});
  if (headOnly || answer.body === undefined) response.end();
  else if (typeof answer.body === "string" || answer.body instanceof Uint8Array) {
    response.end(answer.body);
  } else {
    createReadStream(answer.body.file)
      .on("error", () => response.destroy())
      .pipe(response);
  }
}
