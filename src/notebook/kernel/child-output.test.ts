// What a cell's child processes print, in a kernel process.
import assert from "node:assert/strict";
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {type Exchange, type KernelClient, startKernel} from "../client/kernel-client.ts";
import type {Message} from "../wire/message.ts";

const folder = mkdtempSync(join(tmpdir(), "quiesce-children-"));
let kernel: KernelClient;
before(async () => {
  writeFileSync(
    join(folder, "forked.cjs"),
    "console.log(process.argv[2]);\nprocess.disconnect();\n",
  );
  kernel = await startKernel({cwd: folder});
  const {reply} = await kernel.execute(
    "import {execFileSync, execSync, fork, spawn, spawnSync} from 'node:child_process'; import fs from 'node:fs';\n" +
      "const ended = (child: any) => new Promise((resolve) => child.on('close', resolve));",
  );
  assert.equal(reply.content.status, "ok");
});
after(async () => {
  await kernel.close();
  rmSync(folder, {recursive: true, force: true});
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const printed = (messages: readonly Message[], name: string): string =>
  messages
    .filter((m) => m.header.msg_type === "stream" && m.content.name === name)
    .map((m) => m.content.text)
    .join("");
const result = ({published}: Exchange): unknown =>
  (
    published.find((m) => m.header.msg_type === "execute_result")?.content.data as
      | Record<string, unknown>
      | undefined
  )?.["text/plain"];

/** The processes with this command line; Linux only, elsewhere none. */
function processes(command: string): readonly string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim() === command;
    } catch {
      return false;
    }
  });
}

describe("what a child process prints", () => {
  const cases: Readonly<Record<string, readonly [code: string, stdout: string, stderr: string]>> = {
    "execSync with inherit": [
      "execSync('echo out; echo err >&2', {stdio: 'inherit'})",
      "out\n",
      "err\n",
    ],
    "execSync's standard error, which it inherits by default": [
      "execSync('echo err >&2')",
      "",
      "err\n",
    ],
    "execFileSync with descriptors": [
      "execFileSync('sh', ['-c', 'echo out; echo err >&2'], {stdio: ['ignore', 1, 1]})",
      "out\nerr\n",
      "",
    ],
    "spawnSync, in the order of the cell's own output": [
      "console.log('before'); spawnSync('sh', ['-c', 'echo é'], {stdio: [0, 'inherit', process.stderr]}); console.log('after')",
      "before\né\nafter\n",
      "",
    ],
    "spawn with inherit": [
      "await ended(spawn('sh', ['-c', 'echo out; echo err >&2'], {stdio: 'inherit'}))",
      "out\n",
      "err\n",
    ],
    "spawn, and its grandchildren": [
      "await ended(spawn('(sleep 0.1; echo late) & echo now', {shell: true, stdio: 'inherit'}))",
      "now\nlate\n",
      "",
    ],
    "fork, which inherits by default": [
      "await ended(fork('./forked.cjs', ['forked']))",
      "forked\n",
      "",
    ],
    "fs.writeSync to the descriptors": [
      "fs.writeSync(1, 'one\\n'); fs.writeSync(2, Buffer.from('xtwox'), 1, 3); fs.writeSync(1, 'é', null, 'utf8')",
      "one\né",
      "two",
    ],
  };
  for (const [name, [code, stdout, stderr]] of Object.entries(cases)) {
    it(`arrives in its cell: ${name}`, async () => {
      const exchange = await kernel.execute(`${code}; 0`);
      assert.equal(exchange.reply.content.status, "ok", String(exchange.reply.content.evalue));
      assert.equal(printed(exchange.published, "stdout"), stdout);
      assert.equal(printed(exchange.published, "stderr"), stderr);
    });
  }

  it("is still returned where it is not inherited, and a child that inherits has no streams", async () => {
    assert.equal(result(await kernel.execute("execSync('echo 1').toString()")), "'1\\n'");
    assert.equal(
      result(
        await kernel.execute(
          "const c = spawn('true', {stdio: 'inherit'}); await ended(c); [c.stdout, c.stdio[2]]",
        ),
      ),
      "[ null, null ]",
    );
  });

  it("arrives while the cell waits for the child, also in execSync", async () => {
    const seen: Message[] = [];
    const cell = kernel.execute(
      "execSync('echo first; sleep 2', {stdio: 'inherit'}); Date.now()",
      {},
      {
        onPublish: (message) => seen.push(message),
      },
    );
    const first = await new Promise<number>((resolve) => {
      const timer = setInterval(() => {
        if (!printed(seen, "stdout").includes("first")) return;
        clearInterval(timer);
        resolve(Date.now());
      }, 10);
    });
    assert.ok(first < Number(result(await cell)) - 500);
  });

  it("goes to the cell that started it, after that has ended", async () => {
    const seen: Message[] = [];
    await kernel.execute(
      "void spawn('sleep 0.3; echo later', {shell: true, stdio: 'inherit'}); 0",
      {},
      {
        onPublish: (message) => seen.push(message),
      },
    );
    const next = await kernel.execute(
      "await new Promise((resolve) => setTimeout(resolve, 800)); 1",
    );
    assert.equal(printed(seen, "stdout"), "later\n");
    assert.equal(printed(next.published, "stdout"), "");
  });

  it("is cut off when there is too much of it", async () => {
    const {published} = await kernel.execute(
      "execSync('yes | head -c 12000000', {stdio: 'inherit'}); 0",
    );
    assert.equal(printed(published, "stdout").length, 10_000_000);
    assert.match(printed(published, "stderr"), /output stopped/);
  });
});

describe("an interrupt", () => {
  for (const code of [
    "execSync('echo go; sleep 61.5; echo never', {stdio: 'inherit'})",
    "await ended(spawn('echo go; sleep 61.5; echo never', {shell: true, stdio: 'inherit'}))",
  ]) {
    it(`ends the child of ${code.slice(0, 20)}…`, async () => {
      const seen: Message[] = [];
      const cell = kernel.execute(code, {}, {onPublish: (message) => seen.push(message)});
      while (!printed(seen, "stdout").includes("go")) await sleep(10);
      await kernel.interrupt();
      const {reply} = await cell;
      assert.equal(reply.content.ename, "Interrupted");
      // A signalled process takes a moment to go.
      for (let look = 0; look < 100 && processes("sleep 61.5").length > 0; look++) await sleep(20);
      assert.deepEqual(processes("sleep 61.5"), []);
    });
  }
});
