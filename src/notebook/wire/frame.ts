// The outermost layer of a Jupyter message: ZeroMQ frames. Routing identities come first, then the delimiter, the signature, four JSON
// frames (header, parent header, metadata, content) and any number of binary buffers.

const delimiter = Buffer.from("<IDS|MSG>");

/** A message cut at its frame borders; nothing in it has been parsed or trusted. */
export interface Frames {
  readonly identities: readonly Buffer[];
  /** Hexadecimal text as received. */
  readonly signature: string;
  /** Header, parent header, metadata, content. */
  readonly body: readonly Buffer[];
  readonly buffers: readonly Buffer[];
}

/** Cuts the parts of one multipart message, or says in a sentence why it is not a Jupyter message. */
export function splitFrames(parts: readonly Buffer[]): Frames | string {
  const at = parts.findIndex((part) => part.equals(delimiter));
  if (at < 0) return `no <IDS|MSG> delimiter among ${parts.length} frames`;
  const body = parts.slice(at + 2, at + 6);
  if (body.length < 4) return `expected 4 JSON frames after the signature, got ${body.length}`;
  return {
    identities: parts.slice(0, at),
    signature: (parts[at + 1] as Buffer).toString("latin1"),
    body,
    buffers: parts.slice(at + 6),
  };
}

/** The parts to hand to a socket. */
export function joinFrames(frames: Frames): Buffer[] {
  return [
    ...frames.identities,
    delimiter,
    Buffer.from(frames.signature, "latin1"),
    ...frames.body,
    ...frames.buffers,
  ];
}
