import assert from "node:assert/strict";
import {describe, it} from "node:test";
import type {Replay} from "../farm/replay.ts";
import type {RunResult} from "../farm/result.ts";
import {violationsOf} from "../farm/violations.ts";
import {replayFigure} from "../figure/replay-figure.ts";
import {QuiesceError, simulate} from "../session/library.ts";
import {replay} from "../session/replay.ts";
import {replayTable} from "../table/replay-table.ts";
import {inFolder, quiesce} from "./command.contract.ts";

const text = `scenario tiny {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, on: 1..3, every: any, hold: any, revalidate: none }
  writer u { mm: m, on: 0, kind: free, every: any }
}
check safety of tiny for exactly 2 cpus, 1 writes under tso { policy: [broadcast_ipi, targeted_v4] }
`;

describe("quiesce replay", () => {
  it("runs the schedule that a check printed, to the same violation", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const {out} = await quiesce(["check", "tiny.quiesce", "--brief"], folder);
      const schedule = /replay: (.*)/.exec(out)?.[1] ?? "";
      assert.match(schedule, /^quiesce-schedule 1 tso: /);
      const again = await quiesce(
        ["replay", "tiny.quiesce", schedule, "--policy", "targeted_v4"],
        folder,
      );
      assert.equal(again.status, 0, again.err);
      assert.match(again.out, /^targeted_v4 of tiny$/m);
      assert.match(again.out, /^13 +[\d.]+ns +CPU1 +read table +<- I1 +takes [\d.]+ns$/m);
      assert.match(again.out, /^I1, in the checker and in the timed engine: use after free/m);
    });
  });

  it("keeps its lines short enough for a notebook, which breaks longer ones anywhere", async () => {
    const unshared = text
      .replace("kind: free", "kind: unshare")
      .replace("w { mm: m,", "w { mm: m, pages: 2,");
    await inFolder({"tiny.quiesce": unshared}, async (folder) => {
      const schedule = "quiesce-schedule 1 tso: u@0*5 w@1*2 commit@1.0 w@1*2 commit@0.0*2 w@1*2";
      const {out, err} = await quiesce(
        ["replay", "tiny.quiesce", schedule, "--policy", "targeted_v4"],
        folder,
      );
      const lines = out.split("\n").filter((line) => /^ *\d+ |^ {20}/.test(line));
      assert.ok(lines.length > 14, err + out);
      assert.ok(
        lines.some((line) => /^ +table\[0\]\.contents = changed\]$/.test(line)),
        out,
      );
      for (const line of lines) assert.ok(line.length <= 96, line);
    });
  });

  it("shows what each step takes, what it waits for and how long the schedule holds it back", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const schedule = "quiesce-schedule 1 tso: w@1*2 u@0 commit@0.0 u@0 w@1*2 ack@1 u@0*2";
      const {status, out, err} = await quiesce(
        ["replay", "tiny.quiesce", schedule, "--policy", "broadcast_ipi", "--json"],
        folder,
      );
      assert.equal(status, 1, err);
      const {timed, trace} = JSON.parse(out) as Replay;
      assert.equal(timed.violation, undefined);
      assert.equal(timed.steps.length, trace.steps.length);
      for (const [index, {from, at, cost, waited, held}] of timed.steps.entries()) {
        assert.ok(at >= (timed.steps[index - 1]?.at ?? 0), "steps take effect in their order");
        if (cost > 0) assert.ok(Math.abs(from + waited + cost + held - at) < 1e-6);
      }
      const ack = timed.steps.find(({move}) => move === "ack@1");
      assert.match(ack?.waitedFor ?? "", /the interrupt to arrive/);
      const wait = timed.steps.at(-2);
      assert.match(wait?.waitedFor ?? "", /CPU 1 to have acknowledged/);
    });
  });

  it("names a move that the timed engine or the checker finds impossible, its number and why", () => {
    assert.throws(
      () => replay(text, "quiesce-schedule 1 sc: w@1 ack@1", {policy: "broadcast_ipi"}),
      /step 2 of the schedule is not possible: `ack@1`: CPU 1 has interrupts off/,
    );
    assert.throws(
      () => replay(text, "quiesce-schedule 1 sc: x@1"),
      /step 1 .*`x@1`: there is no such task; there are u@0, w@1/,
    );
    assert.throws(() => replay("check safety", "quiesce-schedule 1 sc: x@1"), QuiesceError);
  });

  it("is a command of a text too, in the cases of the checks before it", async () => {
    const line =
      'replay "quiesce-schedule 1 tso: u@0*5 w@1*2 commit@1.0 w@1*2 commit@0.0*2 w@1" of';
    const files = {
      "tiny.quiesce": `${text}${line} tiny\n`,
      "early.quiesce": `${line} tiny\n${text}`,
    };
    await inFolder(files, async (folder) => {
      const shown = await quiesce(["check", "tiny.quiesce", "--brief"], folder);
      assert.equal(shown.status, 0, shown.err);
      // It is possible in the first case as well, where nothing goes wrong.
      assert.match(shown.out, /^replay in targeted_v4 of tiny\n +1 +7ns +CPU0 +unhook/m);
      assert.match(shown.out, /^I1, in the checker and in the timed engine: use after free/m);
      const json = JSON.parse((await quiesce(["run", "tiny.quiesce", "--json"], folder)).out);
      const replayed = json.events.find(({kind}: {kind: string}) => kind === "replayed");
      assert.deepEqual([replayed.label, replayed.violation], ["targeted_v4", "I1"]);
      const early = await quiesce(["check", "early.quiesce"], folder);
      assert.equal(early.status, 2);
      assert.match(
        early.err,
        /`tiny` has had none; `check` a scenario or `run` an experiment first/,
      );
    });
  });

  it("runs the handler of the policy that sent the interrupt, which may be the fallback", () => {
    const falling = `policy hooked {
  fallback: broadcast_ipi
  state percpu seen: Bool = false
  on sync { for cpu in online - self { ipi cpu }  wait acks }
  on ipi { store seen = true }
}
${text.replace("every: any }\n}", "every: any, alloc_fail: 50% }\n}").replace("broadcast_ipi, targeted_v4", "hooked")}`;
    const under = (schedule: string): string =>
      replay(falling, `quiesce-schedule 1 sc: ${schedule}`)
        .trace.steps.map((step) => step.text)
        .join(", ");
    assert.match(under("u@0.0 u@0*2 ack@1.0 irq:u@1*2"), /store seen\[1\] = true, .*acknowledged$/);
    assert.match(under("u@0.1 u@0*2 ack@1"), /ipi 1, interrupts taken, acknowledged$/);
    assert.throws(() => under("u@0.1 u@0*2 ack@1.0"), /no interrupt 0 is pending at CPU 1/);
    assert.throws(() => under("u@0.0 u@0*2 ack@1"), /no interrupt is pending at CPU 1/);
  });

  it("takes CPUs away and brings them back, and says why one cannot go", () => {
    const plugged = text.replace("exactly 2 cpus", "exactly 2 cpus, 2 hotplugs");
    const under = (schedule: string): ReturnType<typeof replay> =>
      replay(plugged, `quiesce-schedule 1 tso: ${schedule}`, {policy: "broadcast_ipi"});
    const missed = under("offline@1 u@0*4 online@1 w@1*2 commit@0.0*2 w@1");
    assert.equal(missed.violation, "I1");
    const texts = missed.timed.steps.map((step) => step.text);
    assert.deepEqual(texts.slice(0, 3), [
      "CPU 1 goes offline",
      "unhook entry[m] = none",
      "load online",
    ]);
    assert.throws(() => under("offline@0"), /step 1 .*a writer runs on CPU 0/);
    assert.throws(() => under("w@1 offline@1"), /walker w on CPU 1 cannot be stopped/);
    assert.throws(() => under("offline@1 w@1"), /step 2 .*CPU 1 is offline/);
    assert.throws(() => under("online@1"), /CPU 1 is online already/);
    assert.throws(
      () => under("offline@1 online@1 offline@1"),
      /step 3 .*the scope allows 2 hotplugs/,
    );
    const both = plugged.replace("2 hotplugs", "2 hotplugs, 1 migrations");
    assert.throws(
      () => replay(both, "quiesce-schedule 1 tso: u@0"),
      /a check has hotplugs or migrations, not both/,
    );
  });

  it("lets any number of walkers read under mmap_lock, and no writer in while they do", () => {
    const locked = text
      .replace("revalidate: none", "revalidate: none, protect: lock")
      .replace("every: any }\n}", "every: any, holds: mmap_lock }\n}")
      .replace("exactly 2 cpus", "exactly 3 cpus");
    const under = (schedule: string): string =>
      replay(locked, `quiesce-schedule 1 sc: ${schedule}`, {policy: "broadcast_ipi"})
        .trace.steps.map((step) => step.text)
        .join(", ");
    assert.equal(
      under("w@1 w@2 w@1*3 w@2*3 u@0"),
      "lock mmap_lock for reading, lock mmap_lock for reading, load entry[m] -> table, read table, unlock mmap_lock for reading, load entry[m] -> table, read table, unlock mmap_lock for reading, lock mmap_lock",
    );
    assert.throws(() => under("w@1 w@2 u@0"), /step 3 .*to wait: mmap_lock is read by 2/);
    assert.throws(() => under("u@0 w@1"), /step 2 .*to wait: mmap_lock is taken/);
  });

  it("runs the schedule of a violation across mms that share a table, which the checker has found", async () => {
    const shared = `scenario three {
  machine: flat_4
  mm a { cpus: all, shares: [b, c] }
  mm b { cpus: all, shares: [a, c] }
  mm c { cpus: all, shares: [a, b] }
  walker wc { mm: c, on: 2..3, every: 3us, hold: 5us, revalidate: none, pages: 1 }
  writer uc { mm: c, on: 0, kind: unshare, every: 20us, last_sharer: 0 }
  writer ub { mm: b, on: 1, kind: unshare, every: 20us }
}
experiment l6 { scenario: three, machine.tlb: invlpgb, policy: targeted_ipi, duration: 2ms, replications: 1 }
run l6
`;
    const [result] = await simulate(shared, {workers: 0});
    const [violation, ...more] = violationsOf(result as RunResult);
    assert.deepEqual([violation?.kind, violation?.walker, more.length], ["I2", "wc", 0]);
    const again = replay(shared, violation?.schedule ?? "");
    assert.equal(again.violation, "I2");
    // It takes the operations of both writers: that of the walker's own mm, and that of the last sharer.
    const actors = new Set(again.timed.steps.map((step) => step.actor));
    assert.deepEqual([...actors].sort(), ["walker wc", "writer ub", "writer uc"]);
  });

  it("is a table and a figure of lanes in time", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const {out} = await quiesce(["check", "tiny.quiesce", "--brief"], folder);
      const schedule = /replay: (.*)/.exec(out)?.[1] ?? "";
      const replayed = replay(text, schedule, {policy: "targeted_v4"});
      const table = replayTable(replayed.timed);
      assert.equal(table.numRows(), 13);
      assert.equal(table.get("violation", 12), "I1");
      const figure = replayFigure(replayed);
      assert.match(figure.title, /use after free/);
      assert.match(JSON.stringify(figure.traces), /held back/);
    });
  });

  it("says at which step a schedule is not possible", async () => {
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const {status, err} = await quiesce(
        ["replay", "tiny.quiesce", "quiesce-schedule 1 tso: u@0 commit@1.0"],
        folder,
      );
      assert.equal(status, 2);
      assert.match(err, /step 2 of the schedule is not possible/);
    });
  });
});
