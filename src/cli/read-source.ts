import {readFileSync} from "node:fs";
import type {Source} from "../lang/syntax.ts";
import {fileReason} from "../session/file-reason.ts";
import {UsageError} from "./exit-status.ts";

/** Reads a text from a file, or from standard input for `-`. Throws a `UsageError` that says what to do. */
export function readSource(file: string): Source {
  try {
    return file === "-"
      ? {name: "<stdin>", text: readFileSync(0, "utf8")}
      : {name: file, text: readFileSync(file, "utf8")};
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${fileReason(error)}`);
  }
}
