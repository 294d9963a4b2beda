// Quiesce cells in a kernel process, over its sockets: results, sharing with TypeScript, diagnostics, progress, interrupts.
import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {fingerprintOf} from "../../farm/fingerprint-of.ts";
import {simulate} from "../../session/library.ts";
import {type Exchange, type KernelClient, startKernel} from "../client/kernel-client.ts";
import type {Message} from "../wire/message.ts";

// A folder without packages: nothing may depend on where the kernel runs.
const folder = mkdtempSync(join(tmpdir(), "quiesce-cells-"));
let kernel: KernelClient;
before(async () => {
  kernel = await startKernel({cwd: folder, env: {...process.env, QUIESCE_CHARTS: "static"}});
});
after(async () => {
  await kernel.close();
  rmSync(folder, {recursive: true, force: true});
});

const study = (name: string, rest: string): string => `
experiment ${name} {
  machine: flat_4
  policy: [broadcast_ipi, targeted_ipi]
  mm app { cpus: all }
  walker gup { mm: app, every: 20us, hold: 1us }
  writer thp { mm: app, every: 100us, kind: collapse }
  ${rest}
}`;
const quick = study("quick", "duration: 2ms, replications: 3, measure { sync: mean(thp.sync) }");
const endless = study("endless", "duration: 1000s, replications: 2");
const tiny = `
scenario tiny {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, every: any, hold: any, pages: 2 }
  writer u { mm: m, kind: unshare, every: any }
}`;

const texts = (messages: readonly Message[], mime = "text/plain"): string =>
  messages
    .map((message) => (message.content.data as Record<string, unknown> | undefined)?.[mime])
    .filter((text) => text !== undefined)
    .join("\n");
const ok = async (code: string): Promise<Exchange> => {
  const exchange = await kernel.execute(code);
  const {status, evalue} = exchange.reply.content;
  assert.equal(status, "ok", `${evalue}\n${texts(exchange.published)}`);
  return exchange;
};

describe("a Quiesce cell", () => {
  it("is answered before the TypeScript converter is warm, without a magic", async () => {
    const {published} = await ok(`${quick}\nrun quick\ntable sync by policy of quick`);
    const text = texts(published);
    assert.match(text, /quick: 2 points, 6 replications/);
    assert.match(text, /broadcast_ipi/);
    assert.match(text, /plan [0-9a-f]{12} · seed/);
    const [result] = await simulate(`${quick}\nrun quick`, {workers: 1});
    assert.ok(result !== undefined);
    assert.ok(text.includes(` · fingerprint ${fingerprintOf(result)}`), "that of the library");
    const kinds = published.map((message) => message.header.msg_type);
    assert.deepEqual([kinds[0], kinds[1], kinds.at(-1)], ["status", "execute_input", "status"]);
    const table = published.find((message) =>
      texts([message], "application/vnd.dataresource+json"),
    );
    assert.ok(table !== undefined, "the table comes as data as well");
  });

  it("leaves a typed variable for TypeScript cells", async () => {
    assert.match(texts((await ok("quick.summary.numRows()")).published), /^[1-9]\d*$/m);
    const wrong = await kernel.execute("quick.sumary");
    assert.equal(wrong.reply.content.ename, "TS2551");
    assert.match(
      String(wrong.reply.content.evalue),
      /'sumary' does not exist on type 'RunVariable'/,
    );
  });

  it("leaves the verdicts of a check as a typed variable, which replays its schedules", async () => {
    const under = (model: string): string =>
      `check safety of tiny for 2 cpus, 1 writes under ${model} { policy: [broadcast_ipi, none] }`;
    await ok(`${tiny}\n${under("sc")}\n${under("tso")}`);
    const rows = texts((await ok("tiny.verdicts.array('verdict')")).published);
    assert.match(rows, /'safe', 'UNSAFE', 'safe', 'UNSAFE'/);
    assert.match(texts((await ok("tiny.checks.map(c => c.model)")).published), /'sc', 'tso'/);
    const {published} = await ok("const bad = tiny.cases[1].counterexamples[0].schedule; bad");
    const [schedule = ""] = /quiesce-schedule 1 sc: [^'\n]*/.exec(texts(published)) ?? [];
    assert.match(texts((await ok("tiny.replay(bad, 'none').violation")).published), /'I[123]'/);
    assert.match(texts((await ok("tiny.replay(bad)")).published), /replay in none of tiny/);
    const shown = (await ok(`replay "${schedule}" of tiny`)).published;
    assert.match(
      texts(shown),
      /replay in none of tiny[\s\S]*in the checker and in the timed engine/,
    );
    assert.ok(texts(shown, "image/png") !== "", "with the figure of its lanes in time");
    const wrong = await kernel.execute("tiny.verdict");
    assert.equal(wrong.reply.content.ename, "TS2551");
    assert.match(texts((await ok("%who tiny")).published), /scenario +.*4 verdicts/);
  });

  it("says where a schedule can be replayed, and which step is not possible", async () => {
    const message = async (code: string): Promise<string> =>
      String((await kernel.execute(code)).reply.content.evalue);
    await ok(tiny.replace("tiny", "never"));
    const schedule = "quiesce-schedule 1 sc: u@0 ack@0";
    assert.match(
      await message(`replay "${schedule}" of never`),
      /`never` has had none; there are:/,
    );
    assert.match(await message(`replay "${schedule}" of tiny`), /step 2 of the schedule is not/);
    assert.match(
      await message('replay "u@0" of tiny'),
      /not a schedule: expected it to begin with/,
    );
    assert.match(
      await message(`replay "${schedule}" of flat_4`),
      /expected a scenario, found a machine/,
    );
    const field = `replay "${schedule}" of tiny { polcy: none }`;
    assert.match(await message(field), /no field `polcy`/);
  });

  it("takes values of TypeScript cells and records them with the plan", async () => {
    await ok("let gap = '40us'; const waits = {us: [1, 2, 4]};");
    await ok('let g = ts("gap")\nlet h = empirical("ts:waits.us", unit: us)');
    await ok(
      `${study("fed", "duration: 1ms, replications: 2").replace("every: 20us, hold: 1us", "every: g, hold: h")}\nrun fed`,
    );
    const {published} = await ok("fed.plan");
    assert.match(texts(published), /'ts:gap'/);
    assert.match(texts(published), /'ts:waits\.us'/);
    const fresh = await ok("table mean(thp.sync) of fed");
    assert.doesNotMatch(texts(fresh.published), /W209/);
    await ok("gap = '50us' as any");
    const stale = await ok("table mean(thp.sync) of fed");
    assert.match(texts(stale.published), /W209[\s\S]*`gap` changed since `fed` ran/);
    assert.match(texts(stale.published), /`gap` has another value in TypeScript/);
  });

  it("draws figures as pictures with words", async () => {
    const {published} = await ok("plot sync vs policy of quick");
    assert.match(texts(published, "image/png"), /^iVBOR/);
    assert.match(texts(published, "text/html"), /<img alt=/);
    assert.match(texts(published), /targeted_ipi/);
  });

  it("explains what is wrong with carets, as text and as HTML, and declares nothing", async () => {
    const {reply, published} = await kernel.execute("machine lab from flat_4 { cors: 3 }");
    assert.equal(reply.content.ename, "E202");
    assert.match(
      texts(published),
      /cell \[\d+\] line 1 \| machine lab[\s\S]*\^\^\^\^ unknown field/,
    );
    assert.match(texts(published, "text/html"), /quiesce-fix/);
    const fixed = await ok("%fix");
    assert.deepEqual(fixed.reply.content.payload, [
      {source: "set_next_input", text: "machine lab from flat_4 { cores: 3 }", replace: true},
    ]);
    const used = await kernel.execute(study("x", "").replace("flat_4", "lab"));
    assert.equal(used.reply.content.ename, "E208");
  });

  it("escapes what it shows", async () => {
    const {published} = await kernel.execute('let x = "<script>alert(1)</script>" + 1us');
    assert.match(texts(published, "text/html"), /&lt;script&gt;/);
    assert.doesNotMatch(texts(published, "text/html"), /<script/);
  });

  it("fails when an expectation does, after showing everything", async () => {
    const strict = study("strict", "duration: 2ms, replications: 3\n  expect mean(thp.sync) < 1ns");
    const {reply, published} = await kernel.execute(`${strict}\nrun strict`);
    assert.equal(reply.content.ename, "ExpectationFailed");
    assert.match(texts(published), /fail +expect mean\(thp\.sync\) < 1ns/);
    assert.match(texts(published), /mean\(thp\.sync\) = /);
  });

  it("proves and refutes, with the trace", async () => {
    const {published} = await ok(
      `${tiny}\ncheck safety of tiny for exactly 2 cpus, 1 walks, 1 writes under tso {\n  policy: [none, broadcast_ipi]\n  expect unsafe for policy in [none]\n  expect safe otherwise\n}`,
    );
    assert.match(texts(published), /UNSAFE +none/);
    assert.match(texts(published), /safe +broadcast_ipi/);
    assert.match(texts(published), /replay: /);
    assert.match(texts(published, "image/png"), /^iVBOR/);
  });

  it("completes, judges completeness and describes, from other cells too", async () => {
    const matches = async (code: string): Promise<readonly string[]> =>
      (await kernel.request("complete_request", {code, cursor_pos: [...code].length})).reply.content
        .matches as string[];
    assert.ok((await matches("run qui")).includes("quick"));
    assert.ok((await matches("# 😀\nmachine lab from fla")).includes("flat_4"));
    const status = async (code: string): Promise<unknown> =>
      (await kernel.request("is_complete_request", {code})).reply.content.status;
    assert.equal(await status("experiment e {"), "incomplete");
    assert.equal(await status("run quick"), "complete");
    assert.equal(await status("run run run }"), "invalid");
    const code = "machine lab from flat_4 { cores: 2 }";
    const about = async (word: string): Promise<string> => {
      const asked = {code, cursor_pos: code.indexOf(word) + 1, detail_level: 0};
      const {reply} = await kernel.request("inspect_request", asked);
      return (reply.content.data as Record<string, string>)["text/plain"] ?? "";
    };
    assert.match(await about("flat_4"), /Four CPUs in a row/);
    assert.match(await about("cores"), /cores/);
    const paged = await kernel.execute("quick?");
    assert.match(JSON.stringify(paged.reply.content.payload), /experiment quick/);
  });

  it("shows what a declaration comes to", async () => {
    assert.match(texts((await ok("show flat_4")).published), /flat_4/);
  });
});

describe("an interrupt", () => {
  const stopped = async (code: string): Promise<Exchange> => {
    const seen: Message[] = [];
    const cell = kernel.execute(code, {}, {onPublish: (message) => seen.push(message)});
    // The first progress display says that workers are at it.
    const begun = (): boolean => seen.some(({header}) => header.msg_type === "display_data");
    for (const from = performance.now(); !begun() && performance.now() - from < 20_000; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await kernel.beat();
    const question = await kernel.request("is_complete_request", {code: "run quick"});
    assert.equal(question.reply.content.status, "complete", "answered while it runs");
    const from = performance.now();
    await kernel.interrupt();
    const exchange = await cell;
    // Not asserted: other work on the machine must not fail a test.
    console.log(`stopped after ${Math.round(performance.now() - from)} ms`);
    return exchange;
  };

  it("stops a simulation, keeps what it has, and the session goes on", async () => {
    const {reply} = await stopped(`${endless}\nrun endless`);
    assert.equal(reply.content.ename, "Interrupted");
    assert.match(texts((await ok("endless.result.ended")).published), /'interrupted'/);
    await ok("run quick");
  });

  it("stops a check", async () => {
    const large =
      "check safety of tiny for 4 cpus, 4 walks, 4 writes under pso { policy: targeted_ipi }";
    const {reply} = await stopped(large);
    assert.equal(reply.content.ename, "Interrupted");
    await ok("run quick");
  });
});
