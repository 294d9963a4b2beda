// The kernel as front ends meet it: a process, five sockets, signed messages. One kernel for the whole file, warmed by its first cell;
// tests that end a kernel start their own.
import assert from "node:assert/strict";
import {randomUUID} from "node:crypto";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {type Exchange, type KernelClient, startKernel} from "./client/kernel-client.ts";
import {encodeMessage, type Message, newHeader} from "./wire/message.ts";
import {createSigner} from "./wire/signature.ts";

let kernel: KernelClient;
before(async () => {
  kernel = await startKernel({answer: (prompt) => `answer to ${prompt}`});
  assert.equal((await kernel.execute("0")).reply.content.status, "ok");
});
after(async () => {
  await kernel.close();
});

const types = (exchange: Exchange): string[] =>
  exchange.published.map((message) => message.header.msg_type);
const statuses = (exchange: Exchange): unknown[] =>
  exchange.published
    .filter((message) => message.header.msg_type === "status")
    .map((message) => message.content.execution_state);
const streamText = (messages: readonly Message[], name: string): string =>
  messages
    .filter((m) => m.header.msg_type === "stream" && m.content.name === name)
    .map((m) => m.content.text)
    .join("");
const resultText = (exchange: Exchange): unknown => {
  const result = exchange.published.find((m) => m.header.msg_type === "execute_result");
  return (result?.content.data as Record<string, unknown> | undefined)?.["text/plain"];
};
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Resolves once `text` was printed by the cell that publishes into `seen`. */
async function printed(seen: readonly Message[], text: string): Promise<void> {
  for (const from = performance.now(); performance.now() - from < 60_000; await sleep(5)) {
    if (streamText(seen, "stdout").includes(text)) return;
  }
  assert.fail(`never printed ${text}`);
}

describe("no message is lost", () => {
  it("answers 1,000 kernel_info requests with one busy and one idle each", async () => {
    const asked = Array.from({length: 1000}, () => kernel.request("kernel_info_request", {}));
    for (const exchange of await Promise.all(asked)) {
      assert.deepEqual(statuses(exchange), ["busy", "idle"]);
      assert.equal(exchange.reply.content.status, "ok");
      assert.equal(exchange.reply.content.protocol_version, "5.4");
    }
  });

  it("runs 1,000 queued cells in order with one busy and one idle each", async () => {
    const asked = Array.from({length: 1000}, (_, i) => kernel.execute(i % 50 === 0 ? `${i}` : ""));
    const all = await Promise.all(asked);
    let last = 0;
    for (const exchange of all) {
      assert.deepEqual(statuses(exchange), ["busy", "idle"]);
      assert.equal(types(exchange)[1], "execute_input");
      const count = exchange.reply.content.execution_count as number;
      assert.ok(count > last, "cells run in the order they came");
      last = count;
    }
    assert.equal(resultText(all[950] as Exchange), "950");
  });

  it("delivers 20,000 printed lines whole, in few messages", async () => {
    const exchange = await kernel.execute(
      "for (let line = 0; line < 20000; line++) console.log('line', line);",
    );
    const text = streamText(exchange.published, "stdout");
    assert.equal(text, Array.from({length: 20_000}, (_, line) => `line ${line}\n`).join(""));
    assert.ok(types(exchange).length < 200, `${types(exchange).length} messages`);
  });

  it("cuts a cell that prints 100 MB off with a note, and goes on", async () => {
    const exchange = await kernel.execute(
      "const block = 'x'.repeat(99_999) + '\\n'; for (let n = 0; n < 1000; n++) console.log(block);",
    );
    assert.equal(exchange.reply.content.status, "ok");
    assert.equal(streamText(exchange.published, "stdout").length, 10_000_000);
    assert.match(streamText(exchange.published, "stderr"), /printed more than 10 MB/);
    assert.equal(resultText(await kernel.execute("6 * 7")), "42");
  });
});

describe("a cell", () => {
  it("shows input, output and result in this order", async () => {
    const exchange = await kernel.execute("console.log('out'); 'result'");
    assert.deepEqual(types(exchange), [
      "status",
      "execute_input",
      "stream",
      "execute_result",
      "status",
    ]);
  });

  it("reports an error at the user's own line, without foreign frames", async () => {
    const source =
      "type T = {a: {b: number}};\nfunction reach(x: T): number {\n  return x.a.b;\n}\n\nreach({} as T);";
    const {reply} = await kernel.execute(source);
    assert.equal(reply.content.ename, "TypeError");
    const trace = (reply.content.traceback as string[]).join("\n");
    assert.match(trace, /3 \|\s+return x\.a\.b;/);
    assert.match(trace, /at reach, cell \[\d+\]:3:14/);
    assert.match(trace, /at cell \[\d+\]:6:1/);
    assert.doesNotMatch(trace, /node:|tslab|kernel/);
  });

  it("reports a type error with a caret", async () => {
    const {reply} = await kernel.execute("const text: string = 1;");
    assert.equal(reply.content.ename, "TS2322");
    assert.match((reply.content.traceback as string[]).join("\n"), /1 \| const text: string = 1;/);
  });

  it("is silent when asked, and then counts nothing", async () => {
    const before = (await kernel.execute("1")).reply.content.execution_count as number;
    const silent = await kernel.execute("console.log('x'); 2", {silent: true});
    assert.deepEqual(types(silent), ["status", "status"]);
    await kernel.execute("3", {store_history: false});
    assert.equal((await kernel.execute("4")).reply.content.execution_count, before + 1);
  });

  it("evaluates user_expressions, each on its own", async () => {
    const {reply} = await kernel.execute("const base = 20;", {
      user_expressions: {good: "base + 1", bad: "missing"},
    });
    const values = reply.content.user_expressions as Record<string, Record<string, unknown>>;
    assert.deepEqual(values.good?.data, {"text/plain": "21"});
    assert.equal(values.bad?.status, "error");
  });

  it("aborts the cells behind a failure, after its idle; and only those", async () => {
    const from = kernel.published.length;
    const [, second, third] = await Promise.all([
      kernel.execute("throw new Error('first')"),
      kernel.execute("'second'"),
      kernel.execute("'third'"),
    ]);
    assert.equal(second?.reply.content.status, "aborted");
    assert.equal(third?.reply.content.status, "aborted");
    const order = kernel.published
      .slice(from)
      .filter((m) => m.content.execution_state === "idle")
      .map((m) => m.parent.msg_id);
    assert.equal(order.length, 3);
    assert.equal(order.indexOf(second?.reply.parent.msg_id), 1);
    assert.equal(resultText(await kernel.execute("'later'")), "'later'");
  });

  it("goes on after a failure when stop_on_error is false", async () => {
    const [, second] = await Promise.all([
      kernel.execute("throw 1", {stop_on_error: false}),
      kernel.execute("'second'"),
    ]);
    assert.equal(second && resultText(second), "'second'");
  });

  it("gets its own late output and late errors, even while another cell runs", async () => {
    const first: Message[] = [];
    const {reply} = await kernel.execute(
      "setTimeout(() => console.log('late'), 60); setTimeout(() => { throw new Error('late error'); }, 80); 0",
      {},
      {onPublish: (message) => first.push(message)},
    );
    assert.equal(reply.content.status, "ok");
    const second = await kernel.execute(
      "await new Promise((resolve) => setTimeout(resolve, 200)); 1",
    );
    assert.equal(streamText(first, "stdout"), "late\n");
    const failed = first.find((message) => message.header.msg_type === "error");
    assert.equal(failed?.content.evalue, "late error");
    assert.deepEqual(types(second), ["status", "execute_input", "execute_result", "status"]);
  });

  it("asks the reader through prompt()", async () => {
    assert.equal(resultText(await kernel.execute("prompt('name?')")), "'answer to name?'");
    const refused = await kernel.execute("prompt('name?')", {allow_stdin: false});
    assert.match(String(refused.reply.content.evalue), /front end that can answer/);
  });

  it("clears its output", async () => {
    const exchange = await kernel.execute("clearOutput(true)");
    const clear = exchange.published.find((m) => m.header.msg_type === "clear_output");
    assert.deepEqual(clear?.content, {wait: true});
  });

  it("shows and updates displays under an id, with every MIME type of the object", async () => {
    const exchange = await kernel.execute(
      "const thing = {[Symbol.for('Jupyter.display')]: () => ({'text/markdown': '**bold**'})};\n" +
        "await show(thing, {id: 'd1'}); await show('again', {id: 'd1', update: true}); thing",
    );
    const shown = exchange.published.filter((m) => m.header.msg_type.includes("display_data"));
    assert.deepEqual(
      shown.map((m) => [
        m.header.msg_type,
        (m.content.transient as {display_id: string}).display_id,
      ]),
      [
        ["display_data", "d1"],
        ["update_display_data", "d1"],
      ],
    );
    assert.equal((shown[0]!.content.data as Record<string, string>)["text/markdown"], "**bold**");
    assert.ok(resultText(exchange) !== undefined, "text/plain is always there");
  });

  it("shows an Arquero table as HTML, text and data, escaped", async () => {
    const exchange = await kernel.execute(
      "import {table} from 'arquero'; table({wait_ns: [1.5, 20], who: ['<script>', 'b']})",
    );
    const result = exchange.published.find((m) => m.header.msg_type === "execute_result");
    const data = result?.content.data as Record<string, unknown>;
    assert.match(String(data["text/html"]), /&#60;script&#62;/);
    assert.doesNotMatch(String(data["text/html"]), /<script>/);
    assert.match(String(data["text/plain"]), /wait/);
    const resource = data["application/vnd.dataresource+json"] as {data: unknown[]};
    assert.deepEqual(resource.data[0], {wait_ns: 1.5, who: "<script>"});
  });
});

describe("files beside the notebook", () => {
  it("may come and change while the kernel runs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quiesce-files-"));
    const own = await startKernel({cwd: folder});
    try {
      const code = "import {value} from './beside'; value";
      assert.match(String((await own.execute(code)).reply.content.evalue), /Cannot find module/);
      for (const value of [1, 2]) {
        // A file that appears must not disturb the converter, nor a folder that fills.
        writeFileSync(join(folder, `other${value}.ipynb`), "{}");
        writeFileSync(join(folder, "beside.ts"), `export const value: number = ${value};\n`);
        await sleep(300);
        assert.equal(resultText(await own.execute(code)), String(value));
      }
    } finally {
      await own.close();
      rmSync(folder, {recursive: true, force: true});
    }
  });
});

describe("questions", () => {
  it("counts cursors in code points", async () => {
    const code = "'😀'; con";
    const {reply} = await kernel.request("complete_request", {code, cursor_pos: 8});
    assert.equal(reply.content.cursor_start, 5);
    assert.equal(reply.content.cursor_end, 8);
    assert.ok((reply.content.matches as string[]).includes("console"));
    const metadata = reply.content.metadata as {_jupyter_types_experimental: {type: string}[]};
    assert.equal(
      metadata._jupyter_types_experimental.length,
      (reply.content.matches as string[]).length,
    );
    const hover = await kernel.request("inspect_request", {
      code: "'😀'; Math.max",
      cursor_pos: 12,
      detail_level: 0,
    });
    const found = hover.reply.content.data as Record<string, string>;
    assert.match(found["text/plain"] ?? "", /max\(/);
  });

  it("tells complete, incomplete and invalid cells apart", async () => {
    const status = async (code: string): Promise<unknown> =>
      (await kernel.request("is_complete_request", {code})).reply.content.status;
    assert.equal(await status("const a = 1;"), "complete");
    assert.equal(await status("function f() {"), "incomplete");
    assert.equal(await status("const text = `open"), "incomplete");
    assert.equal(await status("const = 5"), "invalid");
    assert.equal(await status("%%quiesce"), "incomplete");
  });

  it("are answered while a cell waits", async () => {
    const cell = kernel.execute("await new Promise((resolve) => setTimeout(resolve, 600)); 'done'");
    const done = await Promise.race([
      Promise.all([
        kernel.request("complete_request", {code: "Mat", cursor_pos: 3}),
        kernel.request("is_complete_request", {code: "1"}),
        kernel.request("history_request", {
          hist_access_type: "tail",
          n: 1,
          output: false,
          raw: true,
        }),
      ]).then(() => "questions"),
      cell.then(() => "cell"),
    ]);
    assert.equal(done, "questions");
    assert.equal(resultText(await cell), "'done'");
  });

  it("remembers what was executed", async () => {
    const {reply} = await kernel.execute("'to remember'");
    const line = reply.content.execution_count as number;
    const ask = async (content: object): Promise<unknown> =>
      (await kernel.request("history_request", {output: false, raw: true, ...content})).reply
        .content.history;
    const entry = [1, line, "'to remember'"];
    assert.deepEqual(await ask({hist_access_type: "tail", n: 1}), [entry]);
    const range = {hist_access_type: "range", session: 0, start: line, stop: line + 1};
    assert.deepEqual(await ask(range), [entry]);
    assert.deepEqual(await ask({hist_access_type: "search", pattern: "*remem*", n: 5}), [entry]);
    assert.deepEqual(await ask({...range, output: true}), [
      [1, line, ["'to remember'", "'to remember'"]],
    ]);
  });

  it("closes comms that it has no target for", async () => {
    const id = randomUUID();
    void kernel.request("comm_open", {comm_id: id, target_name: "x", data: {}}).catch(() => {});
    const {reply} = await kernel.request("comm_info_request", {});
    assert.deepEqual(reply.content.comms, {});
    assert.ok(
      kernel.published.some((m) => m.header.msg_type === "comm_close" && m.content.comm_id === id),
    );
  });

  it("get an error instead of silence when they are unknown", async () => {
    for (const channel of ["shell", "control"] as const) {
      const {reply} = await kernel.request("create_subshell_request", {}, {channel});
      assert.equal(reply.header.msg_type, "create_subshell_reply");
      assert.equal(reply.content.status, "error");
    }
  });

  it("survives messages with a wrong signature, without a delimiter, and with broken JSON", async () => {
    const header = newHeader("execute_request", "x");
    const content = {code: "console.log('forged')"};
    const message = {identities: [], header, parent: {}, metadata: {}, content, buffers: []};
    kernel.sendRaw("shell", encodeMessage(message, createSigner("wrong key")));
    kernel.sendRaw("shell", [Buffer.from("no delimiter")]);
    const signer = createSigner(kernel.connection.key);
    const body = ["{", "{}", "{}", "{}"].map((text) => Buffer.from(text));
    kernel.sendRaw("control", [Buffer.from("<IDS|MSG>"), Buffer.from(signer.sign(body)), ...body]);
    assert.equal(resultText(await kernel.execute("'alive'")), "'alive'");
    assert.match(kernel.errors(), /signature does not match/);
    assert.ok(!kernel.published.some((m) => String(m.content.text).includes("forged")));
  });
});

describe("an interrupt", () => {
  const cases: Readonly<Record<string, string>> = {
    "a synchronous loop": "console.log('go'); while (true) {}",
    "a pending await": "console.log('go'); await new Promise(() => {});",
    "a loop after an await":
      "await new Promise((resolve) => setTimeout(resolve, 1)); console.log('go'); for (;;) ;",
    "an asynchronous loop":
      "console.log('go'); for (;;) { await new Promise((resolve) => setTimeout(resolve, 1)); (globalThis as any).turns = ((globalThis as any).turns ?? 0) + 1; }",
    "a wait for input":
      "console.log('go'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); do { prompt('') } while (true)",
  };
  for (const [name, code] of Object.entries(cases)) {
    it(`stops ${name} and keeps the session`, async () => {
      await kernel.execute(`const kept = ${JSON.stringify(name)};`);
      const seen: Message[] = [];
      const cell = kernel.execute(code, {}, {onPublish: (message) => seen.push(message)});
      await printed(seen, "go");
      const [beat, interrupted] = [await kernel.beat(), await kernel.interrupt()];
      assert.ok(beat >= 0);
      assert.equal(interrupted.reply.content.status, "ok");
      const {reply} = await cell;
      assert.equal(reply.content.status, "error");
      assert.equal(reply.content.ename, "Interrupted");
      assert.equal(resultText(await kernel.execute("kept")), `'${name}'`);
    });
  }

  it("stops an asynchronous loop for good", async () => {
    const count = async (): Promise<unknown> =>
      resultText(await kernel.execute("(globalThis as any).turns"));
    const before = await count();
    assert.notEqual(before, undefined);
    await sleep(50);
    assert.equal(await count(), before);
  });

  it("of an idle kernel does nothing", async () => {
    assert.equal((await kernel.interrupt()).reply.content.status, "ok");
    assert.equal(resultText(await kernel.execute("1")), "1");
  });

  it("by signal works as well", async () => {
    const seen: Message[] = [];
    const cell = kernel.execute(
      cases["a pending await"] ?? "",
      {},
      {
        onPublish: (message) => seen.push(message),
      },
    );
    await printed(seen, "go");
    kernel.process.kill("SIGINT");
    assert.equal((await cell).reply.content.ename, "Interrupted");
  });

  it("leaves heartbeat, control and kernel_info answering while a loop runs", async () => {
    const seen: Message[] = [];
    const cell = kernel.execute(
      cases["a synchronous loop"] ?? "",
      {},
      {
        onPublish: (message) => seen.push(message),
      },
    );
    await printed(seen, "go");
    await kernel.beat();
    const usage = await kernel.request("usage_request", {}, {channel: "control"});
    assert.equal(usage.reply.content.pid, kernel.process.pid);
    assert.equal((await kernel.request("kernel_info_request", {})).reply.content.status, "ok");
    await kernel.interrupt();
    await cell;
  });
});

describe("the end", () => {
  it("comes at once with live timers, with exit code 0", async () => {
    const own = await startKernel();
    await own.execute("setInterval(() => {}, 10); await new Promise((r) => setTimeout(r, 20)); 1");
    const shutdown = await own.request("shutdown_request", {restart: true}, {channel: "control"});
    assert.deepEqual(shutdown.reply.content, {status: "ok", restart: true});
    assert.equal(await own.close(), 0);
  });

  it("comes even in the middle of a loop", async () => {
    const own = await startKernel();
    const seen: Message[] = [];
    const cell = own.execute(
      "console.log('go'); while (true) {}",
      {},
      {
        onPublish: (message) => seen.push(message),
      },
    );
    cell.catch(() => {});
    await printed(seen, "go");
    await own.close();
    await assert.rejects(cell, /the kernel ended/);
  });
});
