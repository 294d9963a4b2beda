import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {it} from "node:test";
import {inFolder, quiesce} from "./command.contract.ts";

const text = `experiment tiny {
  machine: flat_4
  policy: [broadcast_ipi, none]
  mm app { cpus: 0..1 }
  walker gup { mm: app, every: exp(10us), hold: exp(1us) }
  writer thp { mm: app, on: 3, think: exp(100us), kind: collapse }
  duration: 10ms, warmup: 1ms, replications: 3
  allow: [W404]
}
run tiny
`;

const tied = `experiment ties {
  machine: flat_4
  policy: broadcast_ipi
  mm app { cpus: 0..1 }
  writer a { mm: app, on: 2, think: 100us, kind: collapse, work: 5us, holds: mmap_lock }
  writer b { mm: app, on: 3, think: 100us, kind: collapse, work: 5us, holds: mmap_lock }
  duration: 1ms, warmup: 0s, replications: 2
}
run ties
`;

it("runs the replication that the whole run ran, to the last bit", async () => {
  await inFolder({"tiny.quiesce": text}, async (folder) => {
    const [whole, alone] = await Promise.all([
      quiesce(["run", "tiny.quiesce", "--json", "--workers", "0"], folder),
      quiesce(
        ["replicate", "tiny.quiesce", "--point", "1", "--replication", "2", "--json"],
        folder,
      ),
    ]);
    assert.equal(alone.status, 0, alone.err);
    const {where, samples} = JSON.parse(alone.out);
    assert.match(where, /none/);
    assert.ok(whole.out.includes(samples.fingerprint));
  });
});

it("chooses the warm-up of the whole run again, or takes it", async () => {
  const auto = text.replace("warmup: 1ms", "warmup: auto");
  await inFolder({"tiny.quiesce": auto}, async (folder) => {
    const whole = await quiesce(["run", "tiny.quiesce", "--json"], folder);
    const one = ["replicate", "tiny.quiesce", "--point", "0", "--replication", "2"];
    const alone = JSON.parse((await quiesce([...one, "--json"], folder)).out);
    const [{warmUp, reasons, runs}] = JSON.parse(whole.out).events;
    assert.deepEqual(alone.warmUp, warmUp);
    assert.ok(warmUp.warmup > 0);
    assert.equal(alone.samples.measured, 1e7 - warmUp.warmup);
    const sync = alone.samples.series.find(
      ({entity, metric}: {entity: string; metric: string}) => `${entity}.${metric}` === "thp.sync",
    );
    const measured = runs.find(
      (run: {point: number; replication: number; measure: string}) =>
        run.point === 0 && run.replication === 2 && run.measure === "mean(thp.sync)",
    );
    assert.ok(sync.count > 0);
    assert.equal(measured?.value, sync.sum / sync.count);
    const told = await quiesce(one, folder);
    assert.ok(told.out.includes(reasons[0]));
    const taken = [...one, "--json", "--set", `warmup=${warmUp.warmup}ns`];
    const {warmUp: none, samples} = JSON.parse((await quiesce(taken, folder)).out);
    assert.equal(none, undefined);
    assert.deepEqual(samples, alone.samples);
  });
});

it("runs it by the executor of the whole run, and has no trace of what the closed form passes over", async () => {
  const looped = text.replace("every: exp(10us)", "think: exp(10us)");
  const closed = ["--executor", "closed"];
  await inFolder({"tiny.quiesce": looped}, async (folder) => {
    const whole = await quiesce(
      ["run", "tiny.quiesce", "--json", "--workers", "0", ...closed],
      folder,
    );
    const alone = await quiesce(["replicate", "tiny.quiesce", "--json", ...closed], folder);
    assert.equal(alone.status, 0, alone.err);
    const {samples} = JSON.parse(alone.out);
    assert.ok(whole.out.includes(samples.fingerprint));
    assert.match(whole.out, /"executor": "closed form: equal in law"/);
    const told = await quiesce(["replicate", "tiny.quiesce", ...closed], folder);
    assert.match(told.out, /^executor: closed passed over the walks of gup$/m);
    const traced = await quiesce(
      ["replicate", "tiny.quiesce", "--trace", "t.json", ...closed],
      folder,
    );
    assert.equal(traced.status, 2);
    assert.match(traced.err, /a trace shows every walk.*--executor lazy/);
  });
});

it("prints every metric, and writes a window as a trace", async () => {
  await inFolder({"tiny.quiesce": text}, async (folder) => {
    const {status, out, err} = await quiesce(
      ["replicate", "tiny.quiesce", "--trace", "t.json", "--from", "2ms", "--to", "2.5ms"],
      folder,
    );
    assert.equal(status, 0, err);
    assert.match(
      out,
      /^tiny, point 0 \(policy: broadcast_ipi\), seed 1, replication 0: fingerprint/,
    );
    assert.match(out, /^thp\.sync +\d+ +\S+us/m);
    assert.match(out, /^machine\.util +over time/m);
    const {traceEvents, otherData} = JSON.parse(readFileSync(join(folder, "t.json"), "utf8"));
    assert.equal(otherData.window_from_ns, 2e6);
    assert.ok(traceEvents.length > 20);
  });
});

it("finds what depends on the order of simultaneous events, and what does not", async () => {
  await inFolder({"ties.quiesce": tied, "tiny.quiesce": text}, async (folder) => {
    const ties = await quiesce(["replicate", "ties.quiesce", "--shuffle-ties", "6"], folder);
    assert.equal(ties.status, 1);
    assert.match(ties.out, /these depend on the order of simultaneous events/);
    assert.match(ties.out, /^a\.queue +\S+ +to +\S+$/m);
    const none = await quiesce(["replicate", "tiny.quiesce", "--shuffle-ties", "3"], folder);
    assert.equal(none.status, 0, none.out);
    assert.match(none.out, /no metric depends on the order of simultaneous events, in 3/);
  });
});

it("says what is wrong with a point, an experiment, or a time that is not there", async () => {
  await inFolder({"tiny.quiesce": text}, async (folder) => {
    const run = async (...given: string[]) => {
      const {status, err} = await quiesce(["replicate", "tiny.quiesce", ...given], folder);
      assert.equal(status, 2);
      return err;
    };
    assert.match(await run("--point", "2"), /`tiny` has the points 0 to 1, got --point 2/);
    assert.match(await run("--experiment", "huge"), /runs no experiment `huge`, but `tiny`/);
    assert.match(await run("--trace", "t.json", "--from", "soon"), /Expected a time such as 10ms/);
  });
});
