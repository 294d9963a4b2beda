// Message signatures: HMAC over the four JSON frames exactly as they were received, never over text that was parsed and serialised again
// (two serialisers disagree about spaces and escapes, and then every message of the other side is refused).

import {createHmac, timingSafeEqual} from "node:crypto";

/** Signs and verifies the frames of one connection. */
export interface Signer {
  /** Lower-case hexadecimal digest of the frames, or the empty string when the connection has no key. */
  sign(frames: readonly Uint8Array[]): string;
  /** Compares in constant time; a connection without a key accepts everything, as the protocol says. */
  verify(signature: string, frames: readonly Uint8Array[]): boolean;
}

/**
 * A signer for a connection file's `key` and `signature_scheme`.
 * @throws {RangeError} if the scheme is not `hmac-` followed by a digest that Node has.
 */
export function createSigner(key: string, scheme: string = "hmac-sha256"): Signer {
  if (!scheme.startsWith("hmac-")) {
    throw new RangeError(`Expected \`signature_scheme\` to be like hmac-sha256, got \`${scheme}\``);
  }
  const algorithm = scheme.slice("hmac-".length);
  const digest = (frames: readonly Uint8Array[]): Buffer => {
    const hmac = createHmac(algorithm, key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest();
  };
  try {
    digest([]);
  } catch {
    throw new RangeError(`This Node has no digest \`${algorithm}\` (signature_scheme ${scheme})`);
  }
  return {
    sign: (frames) => (key === "" ? "" : digest(frames).toString("hex")),
    verify(signature, frames) {
      if (key === "") return true;
      const expected = digest(frames);
      const received = Buffer.from(signature, "hex");
      return received.length === expected.length && timingSafeEqual(received, expected);
    },
  };
}
