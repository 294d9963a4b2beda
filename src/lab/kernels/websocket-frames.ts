// The two ways in which a kernel message travels over a WebSocket. The four JSON parts are passed on as the bytes they are: nothing is
// parsed and written again between browser and kernel, so no number loses a digit.
//
// `v1.kernel.websocket.jupyter.org`: one binary message,
//    n, then n offsets (all little-endian, 64 bits); between offsets k and k+1: the channel's name, header, parent header, metadata, content,
//    then binary buffers.
// Without a subprotocol: a text message, JSON {channel, header, parent_header, metadata, content}; or, with buffers, a binary message of
//    n, then n offsets (big-endian, 32 bits), that JSON, and the buffers.

export const protocolV1 = "v1.kernel.websocket.jupyter.org";

export interface ChannelMessage {
  readonly channel: string;
  /** Header, parent header, metadata, content: JSON in UTF-8. */
  readonly body: readonly Buffer[];
  readonly buffers: readonly Buffer[];
}

/** A WebSocket message that is no kernel message; the text says why. */
export class FrameFault extends Error {
  override readonly name = "FrameFault" as const;
}

/** As the protocol wants it: bytes for a binary message, text for a text message. */
export function encodeFrame(message: ChannelMessage, v1: boolean): Buffer | string {
  if (v1) return encodeV1(message);
  const [header, parent, metadata, content] = message.body;
  const text = `{"channel":${JSON.stringify(message.channel)},"header":${header},"parent_header":${parent},"metadata":${metadata},"content":${content},"buffers":[]}`;
  if (message.buffers.length === 0) return text;
  const parts = [Buffer.from(text, "utf8"), ...message.buffers];
  const head = Buffer.alloc(4 * (1 + parts.length));
  head.writeUInt32BE(parts.length, 0);
  let at = head.length;
  parts.forEach((part, index) => {
    head.writeUInt32BE(at, 4 * (1 + index));
    at += part.length;
  });
  return Buffer.concat([head, ...parts]);
}

/**
 * Reads a message from a browser.
 * @throws {FrameFault}
 */
export function decodeFrame(data: Buffer, binary: boolean, v1: boolean): ChannelMessage {
  if (v1) {
    if (!binary) throw new FrameFault(`a text message under ${protocolV1}`);
    return decodeV1(data);
  }
  if (!binary) return decodeJson(data, []);
  const count = data.length < 4 ? 0 : data.readUInt32BE(0);
  if (count === 0 || 4 * (1 + count) > data.length) throw new FrameFault("a truncated message");
  const offsets = Array.from({length: count}, (_, index) => data.readUInt32BE(4 * (1 + index)));
  const [text, ...buffers] = cut(data, [...offsets, data.length]);
  return decodeJson(text as Buffer, buffers);
}

function encodeV1({channel, body, buffers}: ChannelMessage): Buffer {
  const parts = [Buffer.from(channel, "utf8"), ...body, ...buffers];
  const head = Buffer.alloc(8 * (2 + parts.length));
  head.writeBigUInt64LE(BigInt(parts.length + 1), 0);
  let at = head.length;
  parts.forEach((part, index) => {
    head.writeBigUInt64LE(BigInt(at), 8 * (1 + index));
    at += part.length;
  });
  head.writeBigUInt64LE(BigInt(at), 8 * (1 + parts.length));
  return Buffer.concat([head, ...parts]);
}

function decodeV1(data: Buffer): ChannelMessage {
  const count = data.length < 8 ? 0 : Number(data.readBigUInt64LE(0));
  if (count < 6 || 8 * (1 + count) > data.length) throw new FrameFault("a truncated message");
  const offsets = Array.from({length: count}, (_, index) =>
    Number(data.readBigUInt64LE(8 * (1 + index))),
  );
  const [channel, ...parts] = cut(data, offsets);
  const body = parts.slice(0, 4);
  for (const part of body) parsed(part);
  return {channel: (channel as Buffer).toString("utf8"), body, buffers: parts.slice(4)};
}

function decodeJson(text: Buffer, buffers: readonly Buffer[]): ChannelMessage {
  const message = parsed(text);
  const body = ["header", "parent_header", "metadata", "content"].map((name) =>
    Buffer.from(JSON.stringify(message[name] ?? {}), "utf8"),
  );
  return {channel: String(message.channel ?? "shell"), body, buffers};
}

function cut(data: Buffer, offsets: readonly number[]): Buffer[] {
  return offsets.slice(1).map((end, index) => {
    const from = offsets[index] as number;
    if (!(from <= end && end <= data.length)) throw new FrameFault("offsets that lead nowhere");
    return data.subarray(from, end);
  });
}

function parsed(part: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(part.toString("utf8"));
  } catch (error) {
    throw new FrameFault(`a part that is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FrameFault("a part that is not a JSON object");
}
