// Magics and reactive mode in a kernel process.
import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import {type Exchange, type KernelClient, startKernel} from "./client/kernel-client.ts";

const folder = mkdtempSync(join(tmpdir(), "quiesce-magics-"));
let kernel: KernelClient;
before(async () => {
  kernel = await startKernel({cwd: folder, env: {...process.env, QUIESCE_CHARTS: "static"}});
});
after(async () => {
  await kernel.close();
  rmSync(folder, {recursive: true, force: true});
});

const texts = ({published}: Exchange): string =>
  published
    .map(({content}) => (content.data as Record<string, unknown> | undefined)?.["text/plain"] ?? "")
    .filter((text) => text !== "")
    .join("\n");
const ok = async (code: string): Promise<string> => {
  const exchange = await kernel.execute(code);
  assert.equal(exchange.reply.content.status, "ok", String(exchange.reply.content.evalue));
  return texts(exchange);
};
const fault = async (code: string): Promise<string> =>
  String((await kernel.execute(code)).reply.content.evalue);
const study = `experiment quick {
  machine: flat_4
  policy: targeted_ipi
  mm app { cpus: all }
  walker gup { mm: app, every: 20us, hold: 1us }
  writer thp { mm: app, every: ts("gap"), kind: collapse }
  duration: 1ms, replications: 2
  measure { sync: mean(thp.sync) }
}`;

describe("magics", () => {
  it("list what there is, and find what was meant", async () => {
    assert.match(await ok("%help"), /%who \[NAME…\] +what cells have declared/);
    assert.equal(await fault("%wo"), "there is no %wo; did you mean %who?");
    assert.equal(await fault("%%html\n<b>x</b>"), "there is no %html; %help lists what there is");
    assert.equal(
      await fault("%reactive onn"),
      "%reactive takes off, on or run, not onn; did you mean on?",
    );
    assert.match(await fault("%reset all"), /%reset takes nothing/);
    const {reply} = await kernel.request("complete_request", {code: "%re", cursor_pos: 3});
    assert.deepEqual(reply.content.matches, ["%reactive", "%reset"]);
    const complete = await kernel.request("is_complete_request", {code: "%who"});
    assert.equal(complete.reply.content.status, "complete");
  });

  it("show names of both languages with types and sizes", async () => {
    await ok(
      "let gap = '100us'; const xs = [1, 2, 3]; function f(a: number): string { return String(a); }",
    );
    await ok(`${study}\nrun quick`);
    const text = await ok("%who");
    assert.match(text, /^quick +Quiesce +experiment +in cell \[\d+\] +1 points?, 2 replications$/m);
    assert.match(text, /^xs +TypeScript +variable +number\[\] +3 items$/m);
    assert.match(text, /^f +TypeScript +function +\(a: number\): string$/m);
    assert.match(text, /^quick +TypeScript +variable +RunVariable/m);
    assert.doesNotMatch(text, /clearOutput/);
    assert.equal((await ok("%who xs")).split("\n").length, 2);
    assert.equal(await fault("%who nothing"), "no cell has declared nothing");
  });

  it("time cells of either language", async () => {
    const exchange = await kernel.execute("%time await new Promise((r) => setTimeout(r, 30)); 7");
    assert.equal(texts(exchange), "7");
    const printed = exchange.published.find((m) => m.header.msg_type === "stream")?.content.text;
    assert.match(String(printed), /^time: \d+(?:\.\d+)? m?s\n$/);
    assert.match(await ok("%time show flat_4"), /flat_4/);
  });
});

describe("reactive mode", () => {
  it("is off unless asked for", async () => {
    assert.equal(await ok("%reactive"), "reactive: off");
    await ok("let base = 1;");
    await ok("const twice = base * 2;");
    assert.equal(await ok("let base = 5;"), "");
  });

  it("names the cells that are out of date, across the languages", async () => {
    await ok("%reactive on");
    await ok("%%quiesce\ntable sync of quick");
    await ok("const rows = quick.summary.numRows();");
    const text = await ok("let gap = '50us';");
    assert.match(text, /out of date: \[\d+\] uses gap, \[\d+\] uses quick/);
    assert.match(await ok("table sync of quick"), /W209[\s\S]*`gap` changed since `quick` ran/);
    assert.match(await ok("rows + 1"), /uses rows of \[\d+\], which is out of date/);
  });

  it("runs them again where that is asked for", async () => {
    await ok("%reactive run");
    const text = await ok("let base = 50;");
    assert.match(text, /run again: \[\d+\] uses base/);
    assert.match(await ok("twice"), /100/);
    const broken = await kernel.execute("let base = 'text';");
    assert.equal(broken.reply.content.ename, "TS2362");
    await ok("%reactive off");
  });
});

describe("%reset", () => {
  it("forgets both languages and nothing else", async () => {
    assert.match(await ok("%reset"), /forgotten: \d+ names/);
    assert.match(await fault("xs"), /Cannot find name 'xs'/);
    assert.match(await fault("run quick"), /quick/);
    assert.equal(await ok("%who"), "nothing is declared yet");
    assert.equal(await ok("typeof prompt"), "'function'");
  });
});
