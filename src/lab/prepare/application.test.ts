import assert from "node:assert/strict";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {standInApplication} from "../lab-server.contract.ts";
import {openApplication} from "./application.ts";

describe("an application on disk", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "quiesce-application-"));
    standInApplication(folder);
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  it("is opened with the files that were sealed, and no other", () => {
    writeFileSync(join(folder, "static/added-later.js"), "");
    const application = openApplication(folder);
    assert.ok(typeof application !== "string");
    assert.deepEqual([...application.files].sort(), [
      "schemas.json",
      "static/chunk-ABCD1234.js",
      "static/start.js",
    ]);
  });

  it("is refused when a file has changed, is cut short or is gone", () => {
    const script = join(folder, "static/start.js");
    writeFileSync(script, "export {}; ");
    assert.equal(openApplication(folder), "static/start.js has changed");
    writeFileSync(script, "");
    assert.equal(openApplication(folder), "static/start.js has changed");
    rmSync(script);
    assert.match(String(openApplication(folder)), /ENOENT/);
  });

  it("is none without a manifest, which is written last", () => {
    rmSync(join(folder, "manifest.json"));
    assert.equal(openApplication(folder), "it has no manifest");
  });
});
