import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {decodeStored, type Stored, StoredResultError} from "../farm/stored-result.ts";
import {fileReason} from "../session/file-reason.ts";
import {UsageError} from "./exit-status.ts";

/** What the names of stored results end in. */
export const storedEnding = ".result.json.gz";

/** Reads a stored result. Throws a `UsageError` that says what is wrong with the file. */
export function readStored(file: string): Stored {
  try {
    return decodeStored(readFileSync(file));
  } catch (error) {
    if (error instanceof StoredResultError)
      throw new UsageError(`cannot read ${file}: ${error.message}`);
    throw new UsageError(`cannot read ${file}: ${fileReason(error)}`);
  }
}

/** The stored results of a folder, by name. Throws a `UsageError` if it has none. */
export function storedFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`cannot read ${folder}: ${fileReason(error)}`);
  }
  const found = names.filter((name) => name.endsWith(storedEnding)).sort();
  if (found.length === 0) {
    throw new UsageError(
      `${folder} holds no stored results (*${storedEnding}); \`quiesce run FILE --out ${folder}\` writes them`,
    );
  }
  return found.map((name) => join(folder, name));
}
