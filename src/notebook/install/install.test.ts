import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, describe, it} from "node:test";
import {Resvg} from "@resvg/resvg-js";
import {examineKernel} from "./doctor.ts";
import {dataFolders, type Surroundings, userDataFolder} from "./jupyter-folders.ts";
import {InstallError, installKernel, readSpec, uninstallKernel} from "./kernel-spec.ts";
import {logo32, logo64, logoSvg} from "./logo.ts";

const root = mkdtempSync(join(tmpdir(), "quiesce install "));
after(() => rmSync(root, {recursive: true, force: true}));
const around = (env: Record<string, string> = {}): Surroundings => ({
  env: {PATH: "", ...env},
  platform: "linux",
  home: join(root, "home of a user"),
});

describe("the folders of Jupyter", () => {
  it("are searched in Jupyter's order, each once", () => {
    const env = {JUPYTER_PATH: "/a:/b:/a", VIRTUAL_ENV: "/env"};
    assert.deepEqual(
      dataFolders(around(env)).map(({path}) => path),
      [
        "/a",
        "/b",
        join(root, "home of a user/.local/share/jupyter"),
        "/env/share/jupyter",
        "/usr/local/share/jupyter",
        "/usr/share/jupyter",
      ],
    );
  });

  it("follow the platform", () => {
    assert.equal(
      userDataFolder({env: {}, platform: "darwin", home: "/Users/a"}),
      "/Users/a/Library/Jupyter",
    );
    assert.equal(userDataFolder(around({XDG_DATA_HOME: "/data"})), "/data/jupyter");
    assert.equal(userDataFolder(around({JUPYTER_DATA_DIR: "/mine"})), "/mine");
  });
});

describe("installing", () => {
  it("writes a kernel.json that Node alone can start, and a logo", () => {
    const {folder} = installKernel({kind: "user"}, around());
    const spec = readSpec(folder);
    assert.ok(typeof spec === "object");
    assert.equal(spec.argv[0], process.execPath);
    assert.ok(existsSync(spec.argv[1] as string));
    assert.equal(spec.argv[2], "{connection_file}");
    assert.equal(spec.interrupt_mode, "message");
    for (const name of ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]) {
      assert.ok(readFileSync(join(folder, name)).length > 100, name);
    }
    assert.deepEqual(uninstallKernel({kind: "user"}, around()), [folder]);
    assert.ok(!existsSync(folder));
    assert.deepEqual(uninstallKernel(undefined, around({JUPYTER_PATH: join(root, "none")})), []);
  });

  it("says when Jupyter will not look there, or will look elsewhere first", () => {
    const prefix = join(root, "own prefix");
    const {folder, notes} = installKernel({kind: "prefix", prefix}, around());
    assert.match(notes.join("\n"), /export JUPYTER_PATH=".*own prefix\/share\/jupyter"/);
    const env = {JUPYTER_PATH: join(prefix, "share/jupyter")};
    const second = installKernel({kind: "user"}, around(env));
    assert.match(second.notes.join("\n"), /another copy, which comes first: .*own prefix/);
    assert.deepEqual(uninstallKernel(undefined, around(env)), [folder, second.folder]);
  });

  it("refuses a sys-prefix where there is no environment", () => {
    assert.throws(
      () => installKernel({kind: "sys-prefix"}, around()),
      (error: Error) => error instanceof InstallError && /--user or --prefix/.test(error.message),
    );
  });

  it("says why a folder cannot be written", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    assert.throws(
      () => installKernel({kind: "prefix", prefix: file}, around()),
      /cannot write .*file.*choose another place/s,
    );
  });
});

describe("the doctor", () => {
  it("says what is wrong in words, and starts a kernel to see it answer", async () => {
    const data = join(root, "doctor/share/jupyter");
    const folder = join(data, "kernels/quiesce");
    mkdirSync(folder, {recursive: true});
    const env = {JUPYTER_PATH: `${data}:${join(root, "missing")}`};
    const gone = {argv: ["/gone/node", "x", "{connection_file}"], display_name: "", language: ""};
    writeFileSync(join(folder, "kernel.json"), JSON.stringify(gone));
    const findings = await examineKernel(around(env));
    const texts = findings.map(({verdict, text}) => `${verdict}: ${text}`).join("\n");
    assert.match(texts, /^good: Node /m);
    assert.match(texts, /^bad: .* starts \/gone\/node, which is gone$/m);
    assert.match(texts, /^note: JUPYTER_PATH names .*missing, which does not exist$/m);
    assert.match(texts, /^note: no `jupyter` is on the PATH$/m);
    assert.match(texts, /^good: a kernel answered after/m);
  });
});

describe("the logo", () => {
  it("is the drawing, rendered", () => {
    for (const [size, committed] of [
      [32, logo32],
      [64, logo64],
    ] as const) {
      const fitTo = {mode: "width", value: size} as const;
      const png = new Resvg(logoSvg, {fitTo}).render().asPng();
      assert.equal(png.toString("base64"), committed);
    }
  });
});

describe("a kernel from a folder with spaces", () => {
  it("starts and says at once why a connection file is wrong", () => {
    const {folder} = installKernel({kind: "user"}, around());
    const spec = readSpec(folder);
    assert.ok(typeof spec === "object");
    const file = join(root, "bad connection.json");
    writeFileSync(file, JSON.stringify({ip: "0.0.0.0"}));
    const run = spawnSync(spec.argv[0] as string, [spec.argv[1] as string, file], {
      encoding: "utf8",
    });
    assert.equal(run.status, 1);
    assert.match(run.stderr, /0\.0\.0\.0 is reachable from other machines/);
    assert.doesNotMatch(run.stderr, /\n\s+at /);
  });
});
