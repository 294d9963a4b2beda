// A Jupyter message as data, and the way between it and signed frames (messaging protocol 5.4,
// https://jupyter-client.readthedocs.io/en/stable/messaging.html).

import {randomUUID} from "node:crypto";
import {joinFrames, splitFrames} from "./frame.ts";
import type {Signer} from "./signature.ts";

/** The version of the messaging protocol that is spoken here: 5.4 without subshells, which came with 5.5. */
export const protocolVersion = "5.4";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly version: string;
}

export type Content = Readonly<Record<string, unknown>>;

export interface Message {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  /** The header of the request this answers; empty for a message of its own. */
  readonly parent: Header | Record<string, never>;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

/** A new header of this side's session; every message gets an id of its own. */
export function newHeader(type: string, session: string, username = "kernel"): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/** The parts of a message, signed. Lone surrogates are replaced, since JSON on the wire has to be UTF-8. */
export function encodeMessage(message: Message, signer: Signer): Buffer[] {
  const body = [message.header, message.parent, message.metadata, message.content].map((value) =>
    Buffer.from(JSON.stringify(value), "utf8"),
  );
  return joinFrames({
    identities: message.identities.map((identity) => Buffer.from(identity)),
    signature: signer.sign(body),
    body,
    buffers: message.buffers.map((buffer) => Buffer.from(buffer)),
  });
}

/** Reads one multipart message. A text is the reason why it was refused; nothing of an unsigned message is parsed. */
export function decodeMessage(parts: readonly Buffer[], signer: Signer): Message | string {
  const frames = splitFrames(parts);
  if (typeof frames === "string") return frames;
  if (!signer.verify(frames.signature, frames.body)) return "the signature does not match the key";
  const values: Content[] = [];
  for (const frame of frames.body) {
    try {
      const value: unknown = JSON.parse(frame.toString("utf8"));
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return `expected a JSON object, got ${frame.toString("utf8", 0, 40)}`;
      }
      values.push(value as Content);
    } catch (error) {
      return `a frame is not JSON: ${(error as Error).message}`;
    }
  }
  const [header, parent, metadata, content] = values as [Content, Content, Content, Content];
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string") {
    return "the header has no msg_type or no msg_id";
  }
  return {
    identities: frames.identities,
    header: header as unknown as Header,
    parent: parent as unknown as Header,
    metadata,
    content,
    buffers: frames.buffers,
  };
}
