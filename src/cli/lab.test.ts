// The command around the server, with a stand-in for JupyterLab in the cache: what it prints, refuses, and leaves behind.
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from "node:fs";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import {delimiter, join} from "node:path";
import {after, before, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {standInApplication} from "../lab/lab-server.contract.ts";
import {readRecipe} from "../lab/prepare/recipe.ts";

const main = fileURLToPath(new URL("./main.js", import.meta.url));
let top: string;
before(() => {
  top = mkdtempSync(join(tmpdir(), "quiesce-lab-command-"));
  standInApplication(join(top, "cache/quiesce/lab", readRecipe().key));
  mkdirSync(join(top, "notebooks"));
  writeFileSync(join(top, "a.ipynb"), "{}");
});
after(() => rmSync(top, {recursive: true, force: true, maxRetries: 5}));

interface Running {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when what was printed has what is looked for; rejects when the command ends first. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<{
    readonly status: number | null;
    readonly out: string;
    readonly err: string;
  }>;
}

const start = (...args: string[]): Running => startWith({}, ...args);

function startWith(more: Readonly<Record<string, string>>, ...args: string[]): Running {
  const places = {XDG_CACHE_HOME: join(top, "cache"), XDG_CONFIG_HOME: join(top, "config")};
  const env = {...process.env, ...places, ...more};
  const child = spawn(process.execPath, [main, "lab", ...args], {
    cwd: top,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  const looks = new Set<() => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString("utf8");
    for (const look of [...looks]) look();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString("utf8");
    for (const look of [...looks]) look();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    kill: (signal) => void child.kill(signal),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(out + err);
          if (found !== null) resolve(found);
        };
        looks.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended:\n${out}${err}`)));
      }),
    ended: ended.then((status) => ({status, out, err})),
  };
}

describe("quiesce lab", () => {
  it("prints the address with its token, and ends its kernels and itself on Ctrl-C", async () => {
    const command = start("notebooks", "--port", "0", "--no-browser");
    const [, origin, token] = await command.until(
      /^ {4}(http:\/\/127\.0\.0\.1:\d+)\/lab\?token=([0-9a-f]{48})$/m,
    );
    const headers = {authorization: `token ${token}`};
    const path = {path: "a.ipynb", type: "notebook", name: "a", kernel: {name: "quiesce"}};
    const made = await fetch(`${origin}/api/sessions`, {
      method: "POST",
      headers,
      body: JSON.stringify(path),
    });
    assert.equal(made.status, 201);
    command.kill("SIGINT");
    const {status, out, err} = await command.ended;
    assert.equal(status, 0, err);
    assert.match(out, /^Serving .*notebooks$/m);
    assert.match(out, /^ending 1 kernel$/m);
    assert.equal(err, "");
  });

  it("says which port is taken and what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const {port} = other.address() as {port: number};
    const {status, err} = await start("notebooks", "--port", String(port)).ended;
    other.close();
    assert.equal(status, 2);
    assert.equal(
      err,
      `quiesce: port ${port} is taken by another program; --port names another, and --port 0 takes any\n`,
    );
  });

  it("says what is wrong with a folder or a port", async () => {
    const cases = [
      [["nowhere"], /^quiesce: cannot serve nowhere: there is no such file$/m],
      [["a.ipynb"], /^quiesce: cannot serve a\.ipynb: it is a file; name its folder$/m],
      [["--port", "http"], /expected a whole number from 0 up/],
      [["--port", "70000"], /a port is at most 65535/],
    ] as const;
    for (const [args, message] of cases) {
      const {status, err} = await start(...args).ended;
      assert.equal(status, 2);
      assert.match(err, message);
    }
  });

  it("says beforehand what is fetched, and keeps nothing when it is interrupted", async () => {
    const bin = join(top, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "npm"), "#!/bin/sh\nexec sleep 60\n", {mode: 0o755});
    const empty = join(top, "empty-cache");
    const more = {
      PATH: `${bin}${delimiter}${process.env.PATH}`,
      XDG_CACHE_HOME: empty,
      npm_execpath: "",
    };
    const command = startWith(more, "--prepare");
    await command.until(/^fetching \d+ packages$/m);
    command.kill("SIGINT");
    const {status, err} = await command.ended;
    assert.equal(status, 130);
    assert.match(err, /^First use: fetching JupyterLab 4\.6\.4 .* packages, about 34 MB\.$/m);
    assert.match(err, /^Building takes .* for about a minute; 10 MB are kept in .*empty-cache/m);
    assert.match(err, /^interrupted: nothing was kept$/m);
    assert.deepEqual(readdirSync(join(empty, "quiesce/lab")), []);
  });

  it("says where the application is once it is prepared", async () => {
    const {status, out} = await start("--prepare").ended;
    assert.equal(status, 0);
    assert.match(
      out,
      /^JupyterLab 4\.6\.4 is ready in .*cache\/quiesce\/lab\/4\.6\.4-[0-9a-f]{12}$/m,
    );
  });
});
