// `console.log`, `process.stdout.write` and everything else in this thread that writes to the standard streams goes to the notebook.
// Writes to the descriptors are in `descriptor-writes.ts`, child processes in `child-output.ts`.

import {StringDecoder} from "node:string_decoder";

type Write = (name: "stdout" | "stderr", text: string) => void;

/** Diverts both streams to `write`; the function returned restores them. */
export function captureStreams(write: Write): () => void {
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const original = stream.write;
    const decoder = new StringDecoder("utf8");
    stream.write = ((
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error) => void),
      done?: (error?: Error) => void,
    ): boolean => {
      const text =
        typeof chunk !== "string"
          ? decoder.write(Buffer.from(chunk))
          : typeof encoding === "string" && encoding !== "utf8" && encoding !== "utf-8"
            ? Buffer.from(chunk, encoding).toString("utf8")
            : chunk;
      write(name, text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback !== undefined) queueMicrotask(() => callback());
      return true;
    }) as typeof stream.write;
    return (): void => {
      stream.write = original;
    };
  });
  return () => {
    for (const each of restore) each();
  };
}
