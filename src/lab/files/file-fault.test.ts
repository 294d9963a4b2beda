import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {HttpFault} from "../http/answer.ts";
import {withFiles} from "./file-fault.ts";

function faultOf(code: string): HttpFault {
  try {
    withFiles("save a.ipynb", () => {
      throw Object.assign(new Error(`${code}: raw text of the system`), {code});
    });
  } catch (error) {
    if (error instanceof HttpFault) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a refusal of the file system", () => {
  it("tells the browser what could not be done and why, in words", () => {
    const cases = [
      ["ENOSPC", 507, "cannot save a.ipynb: the disk is full"],
      ["EACCES", 403, "cannot save a.ipynb: permission denied"],
      ["ENOENT", 404, "cannot save a.ipynb: there is no such file"],
      ["EEXIST", 409, "cannot save a.ipynb: there is something of that name already"],
      ["EDQUOT", 507, "cannot save a.ipynb: your quota of disk space is used up"],
    ] as const;
    for (const [code, status, message] of cases) {
      const fault = faultOf(code);
      assert.deepEqual([fault.status, fault.message], [status, message]);
    }
  });

  it("that nobody has words for keeps the system's", () => {
    assert.deepEqual(faultOf("EWHAT").status, 500);
    assert.match(faultOf("EWHAT").message, /raw text of the system/);
  });
});
