// `fs.writeSync(1, text)` and `fs.write(1, text, …)`: libraries that log without waiting write like this, past `process.stdout`. In cells it
// goes where `process.stdout` goes.

import fs from "node:fs";
import {syncBuiltinESMExports} from "node:module";

/** Replaces the two functions in this thread for descriptors 1 and 2. */
export function captureDescriptorWrites(): void {
  const functions = fs as unknown as {
    writeSync(fd: number, data: unknown, ...rest: unknown[]): number;
    write(fd: number, data: unknown, ...rest: unknown[]): void;
  };
  const {writeSync, write} = functions;
  const divert = (fd: number, data: unknown, rest: readonly unknown[]): number | undefined => {
    if (fd !== 1 && fd !== 2) return undefined;
    const bytes = bytesOf(data, rest);
    (fd === 1 ? process.stdout : process.stderr).write(bytes);
    return bytes.length;
  };
  functions.writeSync = (fd, data, ...rest) =>
    divert(fd, data, rest) ?? writeSync(fd, data, ...rest);
  functions.write = Object.assign((fd: number, data: unknown, ...rest: unknown[]): void => {
    const length = divert(fd, data, rest);
    const done = rest.at(-1);
    if (length === undefined) write(fd, data, ...rest);
    else if (typeof done === "function") queueMicrotask(() => done(null, length, data));
  }, write);
  syncBuiltinESMExports();
}

function bytesOf(data: unknown, rest: readonly unknown[]): Buffer {
  if (!ArrayBuffer.isView(data)) {
    const encoding = rest.find((each) => typeof each === "string") as BufferEncoding | undefined;
    return Buffer.from(String(data), encoding ?? "utf8");
  }
  const all = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const given = rest[0];
  const {offset = 0, length} =
    typeof given === "object" && given !== null
      ? (given as {offset?: number; length?: number})
      : {offset: Number(given ?? 0) || 0, length: rest[1] as number | undefined};
  return all.subarray(offset, typeof length === "number" ? offset + length : undefined);
}
