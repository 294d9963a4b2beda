import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {folderReader} from "./folder-reader.ts";

describe("folderReader", () => {
  let top = "";
  let root = "";
  before(() => {
    top = mkdtempSync(join(tmpdir(), "quiesce-reader-"));
    root = join(top, "study");
    mkdirSync(join(root, "hosts"), {recursive: true});
    writeFileSync(join(root, "hosts", "lab.quiesce"), "machine lab {}");
    writeFileSync(join(root, "a.csv"), "ns\n1\n");
    writeFileSync(join(top, "secret"), "no");
    symlinkSync(join(top, "secret"), join(root, "innocent.csv"));
  });
  after(() => rmSync(top, {recursive: true}));

  const failure = (path: string, from?: string): string => {
    const read = folderReader(root).read(path, from);
    assert.ok("failure" in read, `${path} was read`);
    return read.failure;
  };

  it("resolves a path against the file that names it", () => {
    const read = folderReader(root).read("../a.csv", "hosts/lab.quiesce");
    assert.ok("text" in read);
    assert.equal(read.path, "a.csv");
    assert.equal(read.text, "ns\n1\n");
    assert.equal(read.sha256.length, 64);
  });

  it("does not leave its folder by dots, by an absolute path, or by a link", () => {
    assert.match(failure("../secret"), /outside the folder/);
    assert.match(failure("../../secret", "hosts/lab.quiesce"), /outside the folder/);
    assert.match(failure(join(root, "a.csv")), /absolute/);
    assert.match(failure("innocent.csv"), /outside the folder/);
  });

  it("says why a file cannot be read", () => {
    assert.equal(failure("none.quiesce"), "there is no such file");
    assert.equal(failure("hosts"), "it is a folder");
  });
});
