// Many interrupts, of long cells and of cells that end by themselves at the same moment: none is lost, and none meets the next cell.
import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {type KernelClient, startKernel} from "./client/kernel-client.ts";
import type {Message} from "./wire/message.ts";

const folder = mkdtempSync(join(tmpdir(), "quiesce-interrupts-"));
let kernel: KernelClient;
before(async () => {
  kernel = await startKernel({cwd: folder});
  const {reply} = await kernel.execute(
    "import {execSync} from 'node:child_process';\n" +
      "const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));\n" +
      "const fib = (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2));\n" +
      "let finished = 0;",
  );
  assert.equal(reply.content.status, "ok");
});
after(async () => {
  await kernel.close();
  rmSync(folder, {recursive: true, force: true});
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const study = `experiment long {
  machine: flat_4
  policy: targeted_ipi
  mm app { cpus: all }
  walker gup { mm: app, every: 20us, hold: 1us }
  writer thp { mm: app, every: 100us, kind: collapse }
  duration: 1000s, replications: 2
}
run long`;
const check = `scenario tiny {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, every: any, hold: any, pages: 2 }
  writer u { mm: m, kind: unshare, every: any }
}
check safety of tiny for 4 cpus, 4 walks, 4 writes under pso { policy: targeted_ipi }`;

/** Cells that do not end by themselves. `announced`: they print when they are where they are to be stopped. */
const endless: Readonly<Record<string, {readonly code: string; readonly announced: boolean}>> = {
  "a synchronous loop": {code: "console.log('go'); while (true) {}", announced: true},
  "a pending await": {code: "console.log('go'); await new Promise(() => {});", announced: true},
  "a loop after an await": {
    code: "await sleep(1); console.log('go'); for (;;) ;",
    announced: true,
  },
  "an asynchronous loop": {
    code: "console.log('go'); for (;;) await sleep(1);",
    announced: true,
  },
  "a recursion without a loop": {code: "console.log('go'); fib(60)", announced: true},
  "a command": {code: "console.log('go'); execSync('sleep 60')", announced: true},
  "a simulation": {code: study, announced: false},
  "a check": {code: check, announced: false},
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe("an interrupt", () => {
  for (const mode of ["message", "signal"] as const) {
    for (const [name, {code, announced}] of Object.entries(endless)) {
      // In signal mode a front end signals the kernel's process group, children included.
      if (mode === "signal" && name === "a command") continue;
      it(`by ${mode} stops ${name} every time, and the next cell runs`, async () => {
        const times: number[] = [];
        const rounds = announced ? 6 : 1;
        for (let round = 0; round < rounds; round++) {
          const seen: Message[] = [];
          const cell = kernel.execute(code, {}, {onPublish: (message) => seen.push(message)});
          const begun = (): boolean =>
            seen.some((m) => m.header.msg_type === (announced ? "stream" : "display_data"));
          while (!begun()) await sleep(2);
          const from = performance.now();
          if (mode === "message") await kernel.interrupt();
          else kernel.process.kill("SIGINT");
          const {reply} = await cell;
          times.push(performance.now() - from);
          // Generous to a busy machine, and less than what the cells would take by themselves.
          assert.ok(times.at(-1)! < 30_000, `stopped after ${times.at(-1)} ms`);
          assert.equal(reply.content.ename, "Interrupted");
          const next = await kernel.execute("sleep.length + finished * 0");
          assert.equal(next.reply.content.status, "ok", String(next.reply.content.evalue));
        }
        // Not asserted: other work on the machine must not fail a test.
        console.log(
          `${mode}, ${name}: ${median(times).toFixed(0)} ms (longest ${Math.max(...times).toFixed(0)})`,
        );
      });
    }
  }

  // Cells as short as an interrupt takes to arrive, so that it comes before, within and after them, and on every edge between.
  const short: Readonly<Record<string, string>> = {
    "a loop": "for (let end = performance.now() + TIME; performance.now() < end; ) ; 1",
    "an await": "await sleep(TIME); 1",
    "a loop between awaits":
      "await sleep(0); for (let end = performance.now() + TIME; performance.now() < end; ) ; await sleep(0); 1",
    "a recursion": "for (let end = performance.now() + TIME; performance.now() < end; ) fib(18); 1",
    "library code": "'a'.repeat(TIME * 2000).split('').sort().join('').length > 0; 1",
  };
  for (const [name, code] of Object.entries(short)) {
    it(`never meets the cell after the one it was for: ${name}`, async () => {
      let stopped = 0;
      const rounds = 60;
      for (let round = 0; round < rounds; round++) {
        const time = [0, 1, 3, 16, 17, 20][round % 6]!;
        const cell = kernel.execute(code.replaceAll("TIME", String(time)));
        const wait = (round * 7) % 23;
        if (wait > 0) await sleep(wait / 2);
        const [{reply}] = await Promise.all([cell, kernel.interrupt()]);
        assert.ok(reply.content.status === "ok" || reply.content.ename === "Interrupted");
        if (reply.content.status !== "ok") stopped++;
        // Long enough for whatever might still be on its way.
        const next = await kernel.execute(
          `for (let end = performance.now() + 20; performance.now() < end; ) fib(5); finished = ${round}`,
        );
        assert.equal(
          next.reply.content.status,
          "ok",
          `round ${round}: ${next.reply.content.evalue}`,
        );
      }
      console.log(`${name}: ${stopped} of ${rounds} cells were stopped, the others had ended`);
      assert.equal(kernel.process.exitCode, null);
    });
  }
});
