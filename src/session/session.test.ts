import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, describe, it} from "node:test";
import type {SessionEvent} from "./events.ts";
import {Session, type SessionOptions} from "./session.ts";

const study = `scenario host {
  machine: flat_4
  mm app { cpus: 0..1 }
  walker gup { mm: app, every: exp(10us), hold: 1us }
  writer thp { mm: app, on: 3, think: 100us, kind: collapse, operations: 20 }
}
experiment tiny {
  scenario: host
  policy: [broadcast_ipi, rcu_sync]
  duration: 20ms, warmup: 0s, replications: 2
  measure { calls: sum(sync.ipis) }
}
`;

describe("Session", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "quiesce-session-"));
  });
  after(() => rmSync(folder, {recursive: true}));

  const open = (
    options: Partial<SessionOptions> = {},
  ): {session: Session; cell: (text: string) => Promise<SessionEvent[]>} => {
    const session = new Session({folder, workers: 0, ...options});
    let number = 0;
    return {
      session,
      async cell(text) {
        const events: SessionEvent[] = [];
        number++;
        await session.execute({name: `cell [${number}]`, text}, (event) => events.push(event));
        return events.filter((event) => event.kind !== "progress");
      },
    };
  };
  const kinds = (events: readonly SessionEvent[]): string[] => events.map((event) => event.kind);
  const codes = (events: readonly SessionEvent[]): string[] =>
    events.flatMap((event) =>
      event.kind === "diagnostics" ? event.diagnostics.map((one) => one.code) : [],
    );

  it("keeps declarations and results from one cell to the next", async () => {
    const {session, cell} = open();
    assert.deepEqual(kinds(await cell(study)), ["declared"]);
    assert.deepEqual(kinds(await cell("run tiny")), ["estimate", "result", "table"]);
    assert.deepEqual(kinds(await cell("table calls by policy")), ["table"]);
    assert.deepEqual(kinds(await cell("plot p99(thp.sync) vs policy")), ["figure"]);
    assert.equal(session.finished.get("tiny")?.result.ended, "complete");
  });

  it("shows every measure of a result that its text shows nothing of, and none twice", async () => {
    const {cell} = open();
    await cell(study);
    const [shown] = (await cell("run tiny")).filter((event) => event.kind === "table");
    assert.ok(shown?.kind === "table");
    assert.ok(shown.table.table.columnNames().includes("calls"));
    assert.deepEqual(kinds(await cell("run tiny\ntable calls by policy of tiny")), [
      "estimate",
      "result",
      "table",
    ]);
  });

  it("declares nothing of a cell with an error, and says later where the name was lost", async () => {
    const {cell} = open();
    assert.deepEqual(codes(await cell(study.replace("sum(", "summ("))), ["E201"]);
    assert.deepEqual(codes(await cell("run tiny")), ["E208"]);
    assert.deepEqual(codes(await cell(study)), []);
    assert.deepEqual(codes(await cell("run tiny")), []);
  });

  it("warns that a result is stale when what it came from was declared anew, and only then", async () => {
    const {cell} = open();
    await cell(study);
    await cell("run tiny");
    assert.deepEqual(codes(await cell("table calls by policy of tiny")), []);
    await cell(study.replace("hold: 1us", "hold: 2us"));
    assert.deepEqual(codes(await cell("table calls by policy of tiny")), ["W209"]);
  });

  it("says what to do when a table has no run to show", async () => {
    const {cell} = open();
    await cell(study);
    const events = await cell("table calls by policy of tiny");
    assert.deepEqual(kinds(events), ["failure"]);
    assert.match(
      (events[0] as {message: string}).message,
      /`tiny` has not run; `run` an experiment first/,
    );
  });

  it("exports below its folder and nowhere else", async () => {
    const {cell} = open();
    await cell(study);
    await cell("run tiny");
    assert.deepEqual(kinds(await cell('export "out/tiny.csv" of tiny')), ["exported"]);
    assert.match(readFileSync(join(folder, "out", "tiny.csv"), "utf8"), /^policy,/);
    for (const path of ["../tiny.csv", "/tmp/tiny.csv", "tiny.xyz"]) {
      const events = await cell(`export "${path}" of tiny`);
      assert.deepEqual(kinds(events), ["diagnostics"], path);
    }
  });

  it("reads imports and data from its folder, and records them in the plan", async () => {
    writeFileSync(join(folder, "lab.quiesce"), "machine lab from flat_4 { hz: 1000 }\n");
    const {session, cell} = open();
    assert.deepEqual(
      codes(
        await cell(
          `import "lab.quiesce" as hosts\n${study.replace("machine: flat_4", "machine: hosts.lab")}run tiny`,
        ),
      ),
      [],
    );
    assert.deepEqual(
      session.finished.get("tiny")?.result.plan.inputs.map((input) => input.path),
      ["lab.quiesce"],
    );
    assert.deepEqual(codes(await cell('import "../lab.quiesce" as other')), ["E212"]);
  });

  it("does not begin another command after an interrupt", async () => {
    const {session} = open();
    const abort = new AbortController();
    const seen: string[] = [];
    const execution = await session.execute(
      {name: "cell [1]", text: `${study}run tiny\nrun tiny`},
      (event) => {
        seen.push(event.kind);
        if (event.kind === "result") abort.abort();
      },
      abort.signal,
    );
    assert.equal(execution.interrupted, true);
    assert.equal(seen.filter((kind) => kind === "result").length, 1);
  });
});
