import {readFileSync} from "node:fs";
import type {Source} from "../lang/syntax.ts";
import {UsageError} from "./exit-status.ts";

/** Reads a text from a file, or from standard input for `-`. Throws a `UsageError` that says what to do. */
export function readSource(file: string): Source {
  try {
    return file === "-"
      ? {name: "<stdin>", text: readFileSync(0, "utf8")}
      : {name: file, text: readFileSync(file, "utf8")};
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${reasonOf(error)}`);
  }
}

/** The system's word for why a file operation failed, as a reader would say it. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder; name a file in it";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOTDIR":
      return "part of the path is not a folder";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    default:
      return (error as Error).message;
  }
}
