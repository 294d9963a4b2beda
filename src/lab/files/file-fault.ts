// What the file system refuses, as the browser should hear it.

import {fileReason} from "../../session/file-reason.ts";
import {HttpFault} from "../http/answer.ts";

const statuses: Readonly<Record<string, number>> = {
  ENOENT: 404,
  EACCES: 403,
  EPERM: 403,
  EROFS: 403,
  EEXIST: 409,
  ENOTEMPTY: 400,
  EISDIR: 400,
  ENOTDIR: 400,
  ENAMETOOLONG: 400,
  ENOSPC: 507,
  EDQUOT: 507,
};

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "there is something of that name already",
  ENOTEMPTY: "the folder is not empty",
  ENAMETOOLONG: "the name is too long",
  EDQUOT: "your quota of disk space is used up",
};

/** Does `work`; a refusal of the file system becomes a fault that says "cannot `what`: why". */
export function withFiles<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof HttpFault) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const why = reasons[code] ?? fileReason(error);
    throw new HttpFault(statuses[code] ?? 500, `cannot ${what}: ${why}`, {cause: error});
  }
}
