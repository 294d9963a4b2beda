// Printing in a loop must not make a message of every line: text for the same cell and stream is gathered and sent in one piece. Order is
// kept, because text for another cell or stream, and every other message, first pushes out what was gathered.

import type {Header} from "../wire/message.ts";

type Stream = "stdout" | "stderr";

export interface StreamCoalescer {
  add(parent: Header | undefined, name: Stream, text: string): void;
  /** Sends what was gathered; call it before any other message of the channel. */
  flush(): void;
}

/** Gathers for at most `delay` [ms] and at most `limit` [UTF-16 units]. */
export function createStreamCoalescer(
  publish: (parent: Header | undefined, name: Stream, text: string) => void,
  delay: number = 15,
  limit: number = 1 << 18,
): StreamCoalescer {
  let parent: Header | undefined;
  let name: Stream = "stdout";
  let pieces: string[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (length === 0) return;
    const text = pieces.join("");
    pieces = [];
    length = 0;
    publish(parent, name, text);
  };
  return {
    add(cell, stream, text) {
      if (cell?.msg_id !== parent?.msg_id || stream !== name) flush();
      parent = cell;
      name = stream;
      pieces.push(text);
      length += text.length;
      if (length >= limit) flush();
      else timer ??= setTimeout(flush, delay);
    },
    flush,
  };
}
