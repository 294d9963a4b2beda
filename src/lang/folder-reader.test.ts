import assert from "node:assert/strict";
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, it} from "node:test";
import {folderReader} from "./folder-reader.ts";

const outside = mkdtempSync(join(tmpdir(), "quiesce-reader-"));
const root = join(outside, "root");
mkdirSync(join(root, "hosts"), {recursive: true});
writeFileSync(join(root, "a.quiesce"), "let a = 1");
writeFileSync(join(root, "hosts/b.quiesce"), "let b = 2");
writeFileSync(join(outside, "secret"), "s");
symlinkSync(join(outside, "secret"), join(root, "link"));
symlinkSync(outside, join(root, "up"));
after(() => rmSync(outside, {recursive: true}));

const reader = folderReader(root);

function failure(path: string, from?: string): string {
  const read = reader.read(path, from);
  return "failure" in read ? read.failure : `read ${read.path}`;
}

it("reads what lies in the folder, relative to the file that names it", () => {
  const read = reader.read("hosts/b.quiesce");
  assert.ok("text" in read);
  assert.equal(read.text, "let b = 2");
  assert.equal(read.sha256.length, 64);
  assert.equal(failure("../a.quiesce", "hosts/b.quiesce"), "read a.quiesce");
});

it("refuses whatever leads outside", () => {
  assert.match(failure("../secret"), /outside/);
  assert.match(failure("hosts/../../secret"), /outside/);
  assert.match(failure("link"), /outside/);
  assert.match(failure("up/secret"), /outside/);
  assert.match(failure(join(outside, "secret")), /absolute/);
  assert.match(failure("/etc/passwd"), /absolute/);
  assert.match(failure("C:\\secret"), /absolute/);
});

it("says why a file cannot be read", () => {
  assert.equal(failure("missing"), "there is no such file");
  assert.equal(failure("hosts"), "it is not a file");
  assert.equal(failure("a.quiesce/x"), "part of the path is not a folder");
});
