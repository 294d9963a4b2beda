import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, sep} from "node:path";
import {after, before, describe, it} from "node:test";
import fc from "fast-check";
import {HttpFault} from "../http/answer.ts";
import {type Confinement, confineTo} from "./confine.ts";

let top: string;
let files: Confinement;
before(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "quiesce-confine-")));
  mkdirSync(join(top, "root/inner"), {recursive: true});
  mkdirSync(join(top, "root-beside"));
  writeFileSync(join(top, "secret.txt"), "secret");
  writeFileSync(join(top, "root/inner/a.txt"), "a");
  writeFileSync(join(top, "root/.hidden"), "h");
  symlinkSync(join(top, "secret.txt"), join(top, "root/leak.txt"));
  symlinkSync(top, join(top, "root/up"));
  symlinkSync("inner", join(top, "root/within"));
  symlinkSync(join(top, "not-yet"), join(top, "root/dangling"));
  symlinkSync("loop", join(top, "root/loop"));
  symlinkSync(join(top, "root"), join(top, "served"));
  files = confineTo(join(top, "served"));
});
after(() => rmSync(top, {recursive: true}));

function statusOf(work: () => unknown): number {
  try {
    work();
  } catch (error) {
    if (error instanceof HttpFault) return error.status;
    throw error;
  }
  return 200;
}

describe("a confinement", () => {
  it("finds what is under the root, through links that stay there", () => {
    assert.equal(files.root, join(top, "root"));
    assert.equal(files.content(""), join(top, "root"));
    assert.equal(files.content("inner/a.txt"), join(top, "root/inner/a.txt"));
    assert.equal(files.content("/within//a.txt"), join(top, "root/inner/a.txt"));
    assert.equal(files.content("inner/new.txt"), join(top, "root/inner/new.txt"));
    assert.equal(files.entry("within"), join(top, "root/within"), "a link is itself for a rename");
  });

  it("refuses every way out", () => {
    for (const path of ["..", "../secret.txt", "inner/../../secret.txt", "./x", "inner/./a.txt"]) {
      assert.equal(
        statusOf(() => files.content(path)),
        403,
        path,
      );
    }
    for (const path of ["leak.txt", "up", "up/secret.txt", "up/root-beside", "dangling"]) {
      assert.equal(
        statusOf(() => files.content(path)),
        403,
        path,
      );
    }
    assert.equal(
      statusOf(() => files.entry("up/secret.txt")),
      403,
      "to delete or rename",
    );
    assert.equal(
      statusOf(() => files.content("loop")),
      404,
    );
    assert.equal(
      statusOf(() => files.content("inner/a.txt/below-a-file")),
      404,
    );
    assert.equal(
      statusOf(() => files.content("a\0b")),
      400,
    );
  });

  it("does not show hidden files, nor links that lead outside", () => {
    assert.equal(
      statusOf(() => files.content(".hidden")),
      404,
    );
    assert.equal(
      statusOf(() => files.content(".git/config")),
      404,
    );
    assert.ok(files.holds(join(top, "root/within")));
    for (const name of ["leak.txt", "up", "dangling"]) {
      assert.ok(!files.holds(join(top, "root", name)), name);
    }
  });

  it("never leads outside, whatever is asked", () => {
    const name = fc.constantFrom(
      "..",
      ".",
      "",
      "inner",
      "up",
      "within",
      "a.txt",
      "leak.txt",
      "root",
      "x",
      "\\..",
      "%2e%2e",
    );
    fc.assert(
      fc.property(fc.array(name, {maxLength: 6}), (names) => {
        let found: string;
        try {
          found = files.content(names.join("/"));
        } catch (error) {
          assert.ok(error instanceof HttpFault);
          return;
        }
        assert.ok(found === files.root || found.startsWith(files.root + sep), found);
      }),
      {numRuns: 1000},
    );
  });
});
