// Building the application when something is in the way. That it can be built, from the real packages, is for the test with a browser.
import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import {tmpdir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {afterEach, beforeEach, describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {prepareApplication, preparedApplication} from "./prepare.ts";
import {PrepareFault} from "./prepare-fault.ts";
import {readRecipe} from "./recipe.ts";

const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const recipe = readRecipe();
let top: string;
let cache: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "quiesce-prepare-"));
  cache = join(top, "cache");
});
afterEach(() => rmSync(top, {recursive: true, force: true, maxRetries: 5}));

/** An environment in which `npm` is a shell script. */
function withNpm(script: string): NodeJS.ProcessEnv {
  const bin = join(top, "bin");
  mkdirSync(bin, {recursive: true});
  writeFileSync(join(bin, "npm"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "npm"), 0o755);
  const {npm_execpath: _, ...env} = process.env;
  return {
    ...env,
    PATH: `${bin}${delimiter}${dirname(process.execPath)}${delimiter}/usr/bin:/bin`,
    XDG_CACHE_HOME: cache,
  };
}

function prepare(env: NodeJS.ProcessEnv, signal = new AbortController().signal): Promise<unknown> {
  return prepareApplication(recipe, {cache, env, signal, onStep: () => {}});
}

describe("the recipe", () => {
  it("pins every package by address and SHA-512, in a lockfile that agrees with the list", () => {
    const lock = JSON.parse(String(recipe.files.get("package-lock.json"))) as {
      packages: Record<
        string,
        {resolved?: string; integrity?: string; link?: boolean; dependencies?: object}
      >;
    };
    const manifest = JSON.parse(String(recipe.files.get("package.json"))) as {dependencies: object};
    assert.deepEqual(lock.packages[""]?.dependencies, manifest.dependencies);
    for (const [path, {resolved, integrity, link}] of Object.entries(lock.packages)) {
      if (!path.startsWith("node_modules/") || link === true) continue;
      assert.match(integrity ?? "", /^sha512-/, path);
      // Without the address npm asks the registry for the description of every package, which is more than the packages.
      assert.match(resolved ?? "", /^https:\/\/registry\.npmjs\.org\/.*\.tgz$/, path);
    }
    assert.ok(recipe.extensions.length > 30);
  });

  it("shares files with the rest that need nothing else, since the bundle has nothing else", () => {
    for (const name of ["cell-language.js", "quiesce.codemirror.js"]) {
      const text = String(recipe.files.get(name));
      assert.match(text, /^export /m, name);
      assert.doesNotMatch(text, /^import |^export .* from |\brequire\(|\bimport\(/m, name);
    }
  });

  it("is no weight on the package: none of it is among its dependencies", () => {
    const own = JSON.parse(
      readFileSync(join(dirname(main), "../../../package.json"), "utf8"),
    ) as Record<string, object>;
    const names = [
      ...Object.keys(own.dependencies ?? {}),
      ...Object.keys(own.devDependencies ?? {}),
    ];
    assert.deepEqual(
      names.filter((name) => /^@jupyterlab\/|^esbuild$/.test(name)),
      [],
    );
  });
});

describe("preparing the application", () => {
  const failures: readonly (readonly [what: string, said: string, message: RegExp])[] = [
    ["no network", "npm error code ENOTFOUND", /the npm registry cannot be reached \(ENOTFOUND\)/],
    ["a full disk", "npm error code ENOSPC", /^the disk is full$/],
    ["another package", "npm error code EINTEGRITY", /not the one that was pinned/],
    [
      "anything else",
      "npm error code E403\nnpm error 403 Forbidden",
      /could not install the packages:\n.*E403\n.*Forbidden/,
    ],
  ];
  for (const [what, said, message] of failures) {
    it(`says so and leaves nothing behind: ${what}`, async () => {
      const lines = said.split("\n").map((line) => `echo '${line}' >&2`);
      const env = withNpm([...lines, "exit 1"].join("\n"));
      await assert.rejects(
        prepare(env),
        (error) => error instanceof PrepareFault && message.test(error.message),
      );
      assert.deepEqual(readdirSync(cache), []);
    });
  }

  it("notices within seconds that the registry is not there", async () => {
    const env = {
      ...process.env,
      npm_config_registry: "http://127.0.0.1:1/",
      npm_config_cache: join(top, "npm"),
    };
    await assert.rejects(prepare(env), /the npm registry cannot be reached \(ECONNREFUSED\)/);
    assert.deepEqual(readdirSync(cache), []);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const abort = new AbortController();
    const env = withNpm(`touch '${join(top, "began")}'; exec sleep 60`);
    const work = prepare(env, abort.signal);
    await appears(join(top, "began"));
    abort.abort();
    await assert.rejects(work, {name: "AbortError"});
    assert.deepEqual(readdirSync(cache), []);
  });

  it("leaves no application when it is killed, and the next attempt clears up", async () => {
    const env = withNpm(`touch '${join(top, "began")}'; exec sleep 60`);
    const child = spawn(process.execPath, [main, "lab", "--prepare", top], {
      env,
      stdio: "ignore",
      detached: true,
    });
    await appears(join(top, "began"));
    const ended = new Promise((resolve) => child.on("exit", resolve));
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await ended;
    const lab = join(cache, "quiesce/lab");
    assert.equal(preparedApplication(lab, recipe), undefined);
    assert.match(readdirSync(lab).join(), /\.part-\d+$/);
    const failing = withNpm("exit 1");
    await assert.rejects(
      prepareApplication(recipe, {
        cache: lab,
        env: failing,
        signal: new AbortController().signal,
        onStep: () => {},
      }),
    );
    assert.deepEqual(readdirSync(lab), []);
  });
});

async function appears(path: string): Promise<void> {
  const until = Date.now() + 60_000;
  while (!existsSync(path)) {
    assert.ok(Date.now() < until, `${path} did not appear`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
