import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {describe, it} from "node:test";
import {fileURLToPath} from "node:url";
import {inFolder, quiesce} from "./command.contract.ts";

const tiny = `experiment tiny {
  machine: flat_4
  policy: [broadcast_ipi, none]
  mm app { cpus: 0..1 }
  walker gup { mm: app, every: exp(10us), hold: 1us }
  writer thp { mm: app, on: 3, think: 100us, kind: collapse, operations: 20 }
  duration: 10ms, warmup: 0s, replications: 2
  measure { calls: sum(sync.ipis) }
  expect calls == 60 for policy == broadcast_ipi
  allow: [W404]
}
run tiny
table calls by policy of tiny
`;

const notebooks = fileURLToPath(new URL("../../../notebooks/", import.meta.url));

describe("quiesce run", () => {
  it("prints the table and the verdict, and exits with 0", async () => {
    await inFolder({"tiny.quiesce": tiny}, async (folder) => {
      const {status, out, err} = await quiesce(["run", "tiny.quiesce", "--workers", "0"], folder);
      assert.equal(status, 0, err);
      assert.match(out, /^pass {9}expect calls == 60/m);
      assert.match(out, /^broadcast_ipi {2}60 ±0 {2}2$/m);
      assert.match(err, /^tiny: 2 points x 2 replications/m);
      const reference = ["run", "tiny.quiesce", "--json", "--executor", "reference"];
      const [{fingerprint}] = JSON.parse((await quiesce(reference, folder)).out).events;
      assert.ok(out.includes(` · fingerprint ${fingerprint}`), out);
    });
  });

  it("prints the same bytes whatever the number of workers", async () => {
    await inFolder({"tiny.quiesce": tiny}, async (folder) => {
      const outputs = await Promise.all(
        ["0", "1", "2"].map((workers) =>
          quiesce(["run", "tiny.quiesce", "--json", "--workers", workers], folder),
        ),
      );
      assert.ok((outputs[0]?.out.length ?? 0) > 1000);
      for (const {out} of outputs) assert.equal(out, outputs[0]?.out);
    });
  });

  it("exits with 1 when an expectation fails, and shows the value", async () => {
    await inFolder({"tiny.quiesce": tiny.replace("== 60", "== 61")}, async (folder) => {
      const {status, out} = await quiesce(["run", "tiny.quiesce", "--quiet"], folder);
      assert.equal(status, 1);
      assert.match(out, /^fail {9}expect calls == 61/m);
      assert.match(out, /= 60/);
    });
  });

  it("exits with 2 on a diagnostic, points at the mistake, and runs nothing", async () => {
    await inFolder(
      {"tiny.quiesce": tiny.replace("kind: collapse", "kind: colapse")},
      async (folder) => {
        const {status, out, err} = await quiesce(["run", "tiny.quiesce"], folder);
        assert.equal(status, 2);
        assert.equal(out, "");
        assert.match(err, /error\[E206\]: `colapse` is not a writer kind/);
        assert.match(err, /tiny\.quiesce:6:\d+/);
        assert.match(err, /did you mean `collapse`/);
        assert.doesNotMatch(err, /at .*\.js:\d+/);
      },
    );
  });

  it("takes --seed and --set, and a wrong path is a diagnostic", async () => {
    await inFolder({"tiny.quiesce": tiny}, async (folder) => {
      const set = await quiesce(
        ["run", "tiny.quiesce", "--quiet", "--seed", "9", "--set", "thp.operations=7"],
        folder,
      );
      assert.match(set.out, /seed 9/);
      assert.match(set.out, /^broadcast_ipi {2}21 ±0/m);
      const wrong = await quiesce(["run", "tiny.quiesce", "--set", "thp.operation=7"], folder);
      assert.equal(wrong.status, 2);
      assert.match(wrong.err, /did you mean `?.*operations/);
    });
  });

  it("takes --executor: reference prints what lazy prints, closed says that it is equal in law, or why it cannot be", async () => {
    const text = tiny.replace("every: exp(10us)", "think: exp(10us)");
    await inFolder({"tiny.quiesce": text}, async (folder) => {
      const by = (executor: string) =>
        quiesce(["run", "tiny.quiesce", "--quiet", "--executor", executor], folder);
      const [lazy, reference, closed] = [
        await by("lazy"),
        await by("reference"),
        await by("closed"),
      ];
      const table = (out: string) => out.slice(out.indexOf("policy"));
      assert.equal(lazy.status, 0, lazy.err);
      assert.equal(table(reference.out), table(lazy.out));
      assert.equal(closed.status, 0, closed.err);
      assert.match(closed.out, /closed form: equal in law/);
      const equilibrium = await by("equilibrium");
      assert.equal(equilibrium.status, 0, equilibrium.err);
      assert.match(equilibrium.out, /walkers in equilibrium: equal in law/);
      assert.match(equilibrium.out, /^broadcast_ipi {2}60 ±0 {2}2$/m);
    });
    await inFolder({"tiny.quiesce": tiny}, async (folder) => {
      const refused = await quiesce(["run", "tiny.quiesce", "--executor", "closed"], folder);
      assert.equal(refused.status, 2);
      assert.match(refused.err, /error\[E512\].*\n.*\n.*walker `gup`/);
      const open = await quiesce(["run", "tiny.quiesce", "--executor", "equilibrium"], folder);
      assert.equal(open.status, 0, open.err);
    });
    const counted = tiny.replace("sum(sync.ipis)", "sum(gup.count)");
    await inFolder({"tiny.quiesce": counted}, async (folder) => {
      const refused = await quiesce(["run", "tiny.quiesce", "--executor", "equilibrium"], folder);
      assert.equal(refused.status, 2);
      assert.match(
        refused.err,
        /error\[E512\].*\n.*\n.*a sum of `gup.count` needs them to be walked/,
      );
    });
  });

  it("controls means by arrivals where their number is known, and says so, or why it is not", async () => {
    const often = tiny
      .replace("think: 100us, kind: collapse, operations: 20", "every: exp(100us), kind: collapse")
      .replace("replications: 2", "replications: 10")
      .replace("sum(sync.ipis)", "rate(sync.ipis)")
      .replace(/^ {2}expect.*$/m, "  control: arrivals");
    await inFolder({"tiny.quiesce": often}, async (folder) => {
      const {status, out, err} = await quiesce(["run", "tiny.quiesce", "--quiet"], folder);
      assert.equal(status, 0, err);
      assert.match(out, /means controlled by arrivals/);
      assert.match(
        out,
        /^controlled by the arrivals of `thp`: means .*, verdicts and stopping rules$/m,
      );
      assert.match(out, /^worth so many times the replications: `calls` exact$/m);
      // 3 interrupts for each of 10,000 operations a second, and nothing else varies; without the control it is +-7 %.
      assert.match(out, /^broadcast_ipi {2}30k\/s ±0 {2}10$/m);
    });
    await inFolder(
      {"tiny.quiesce": often.replace("every: exp(100us)", "think: exp(100us)")},
      async (folder) => {
        const {status, err} = await quiesce(["run", "tiny.quiesce"], folder);
        assert.equal(status, 2);
        assert.match(err, /error\[E513\]/);
        assert.match(err, /\^+ writer `thp` arrives when it has thought, not on its own/);
      },
    );
  });

  it("chooses a warm-up, says why, and prints the same bytes whatever the number of workers", async () => {
    const auto = tiny
      .replace("warmup: 0s", "warmup: auto")
      .replace(", operations: 20", "")
      .replace(/^ {2}expect.*$/m, "");
    await inFolder({"tiny.quiesce": auto}, async (folder) => {
      const {status, out, err} = await quiesce(["run", "tiny.quiesce"], folder);
      assert.equal(status, 0, err);
      assert.match(err, /^tiny: 2 points x 2 replications after 5 pilots each on/m);
      assert.match(out, / · warm-up \S+ chosen by pilots · fingerprint [0-9a-f]{16}$/m);
      assert.match(
        out,
        /^warm-up (\S+), chosen by 5 pilots a point: `sync.ipis` at policy: broadcast_ipi settled after \S+ of 10ms \(20 pilots there\)$/m,
      );
      const [one, three] = await Promise.all(
        ["1", "3"].map((workers) =>
          quiesce(["run", "tiny.quiesce", "--json", "--workers", workers], folder),
        ),
      );
      assert.equal(one?.out, three?.out);
      const {events} = JSON.parse(one?.out ?? "");
      const [{warmUp, reasons}] = events;
      assert.deepEqual(warmUp.pilots, {each: 5, deciding: 20});
      assert.match(reasons[0], /^warm-up/);
    });
  });

  it("writes what it printed to a folder, from which reports and exports are made later", async () => {
    await inFolder({"tiny.quiesce": `${tiny}plot calls vs policy of tiny\n`}, async (folder) => {
      const {status, err} = await quiesce(["run", "tiny.quiesce", "--out", "out"], folder);
      assert.equal(status, 0, err);
      const result = "out/tiny.result.json.gz";
      const files = [
        "out/tiny.plan.json",
        "out/tiny.runs.csv",
        "out/tiny.table.csv",
        "out/tiny.figure.svg",
        "out/report.html",
        "out/events.json",
        "out/manifest.json",
        result,
      ];
      for (const file of files) assert.ok(existsSync(join(folder, file)), `${file} is missing`);
      assert.match(readFileSync(join(folder, "out/tiny.figure.svg"), "utf8"), /^<svg/);

      assert.equal(
        (await quiesce(["report", "out", "-o", "page.html", "--static"], folder)).status,
        0,
      );
      const page = readFileSync(join(folder, "page.html"), "utf8");
      assert.match(page, /broadcast_ipi/);
      assert.match(page, /<img[^>]+src="data:image/);
      assert.equal((await quiesce(["export", "figure", result, "-o", "f.pdf"], folder)).status, 0);
      assert.equal(readFileSync(join(folder, "f.pdf")).subarray(0, 5).toString(), "%PDF-");
      assert.equal(
        (await quiesce(["export", "table", result, "-o", "t.md", "--which", "runs"], folder))
          .status,
        0,
      );
      assert.match(readFileSync(join(folder, "t.md"), "utf8"), /^\| policy/);

      const wrong: [string[], RegExp][] = [
        [["export", "table", result, "-o", "t.xlsx"], /ends in \.xlsx; a table can be written as/],
        [
          ["export", "table", result, "-o", "t.csv", "--which", "nothing"],
          /there are runs, summary/,
        ],
        [["export", "figure", result, "-o", "f.svg", "--which", "7"], /there are 1: 1 \(/],
        [["export", "figure", "out/tiny.plan.json", "-o", "f.svg"], /no stored result/],
        [["export", "trace", result, "-o", "t.json"], /holds 0 timelines/],
        [["report", "."], /holds no stored results/],
      ];
      for (const [args, message] of wrong) {
        const ended = await quiesce(args, folder);
        assert.equal(ended.status, 2, args.join(" "));
        assert.match(ended.err, message);
      }
    });
  });

  it("ends an interrupted run with what is finished", async () => {
    const long = tiny
      .replace("duration: 10ms", "duration: 400ms")
      .replace("replications: 2", "replications: 100000")
      .replace(/ {2}expect.*\n/, "");
    await inFolder({"long.quiesce": long}, async (folder) => {
      // The forecast is printed when the run begins; the interrupt comes once replications have finished.
      const {status, out, err} = await quiesce(
        ["run", "long.quiesce", "--workers", "1"],
        folder,
        "",
        (child) => {
          child.stderr?.on("data", (text: string) => {
            if (text.includes("replications on")) setTimeout(() => child.kill("SIGINT"), 1500);
          });
        },
      );
      assert.equal(status, 130, err);
      assert.match(err, /interrupted: printing what is finished/);
      assert.match(out, /^tiny /m);
      assert.match(out, /interrupted/);
    });
  });

  it("reproduces the published interrupt counts of collapsing 20 GiB: 645,120 for a broadcast, none when the flush implies the sync", async () => {
    const {status, out, err} = await quiesce(
      ["run", join(notebooks, "collapse-20gib.quiesce"), "--quiet"],
      ".",
    );
    assert.equal(status, 0, err);
    assert.match(out, /^broadcast_ipi +10240 ±0 +645120 ±0 +0 ±0 +3$/m);
    assert.match(out, /^flush_ipi +10240 ±0 +0 ±0 +0 ±0 +3$/m);
  });
});

describe("quiesce check", () => {
  const scenario = `scenario small {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, every: any, hold: any }
  writer u { mm: m, kind: free, every: any }
}
`;

  it("proves and refutes", async () => {
    const text = `${scenario}check safety of small for 2 cpus, 1 writes under tso { policy: [broadcast_ipi, none]  expect unsafe for policy == none  expect safe otherwise }\n`;
    await inFolder({"a.quiesce": text}, async (folder) => {
      const {status, out, err} = await quiesce(["check", "a.quiesce"], folder);
      assert.equal(status, 0, err);
      assert.match(out, /^safe +broadcast_ipi/m);
      assert.match(out, /^UNSAFE +none/m);
      assert.match(out, /replay: quiesce-schedule 1 tso/);
    });
  });

  it("exits with 1 when a verdict is not the expected one", async () => {
    const text = `${scenario}check safety of small for 2 cpus, 1 writes under sc { policy: none  expect safe }\n`;
    await inFolder({"a.quiesce": text}, async (folder) => {
      assert.equal((await quiesce(["check", "a.quiesce"], folder)).status, 1);
    });
  });

  const sb = `C SB
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`;

  it("answers a litmus test under each model", async () => {
    await inFolder({"sb.litmus": sb}, async (folder) => {
      assert.match(
        (await quiesce(["check", "sb.litmus"], folder)).out,
        /^Observation SB Sometimes 1 3$/m,
      );
      assert.match(
        (await quiesce(["check", "sb.litmus"], folder)).out,
        /^Nothing orders .* store to load, only a full barrier does\.$/m,
      );
      assert.doesNotMatch(
        (await quiesce(["check", "sb.litmus", "--brief"], folder)).out,
        /Nothing orders/,
      );
      const sc = await quiesce(["check", "sb.litmus", "--under", "sc"], folder);
      assert.match(sc.out, /^Observation SB Never 0 3$/m);
      assert.equal(sc.status, 1);
    });
  });

  it("exports what a text checks as litmus tests, and answers them alike", async () => {
    const text = `scenario pair {
  machine: flat_4
  mm m { cpus: all }
  walker w { mm: m, on: 1..3, every: any, hold: any }
  writer u { mm: m, on: 0, kind: free, every: any }
}
policy open { covers: [free]  on sync { } }
policy closed { on sync { for cpu in online - self { ipi cpu }  wait acks } }
check safety of pair for exactly 2 cpus, 1 writes under lkmm { policy: [open, closed] }
`;
    await inFolder({"pair.quiesce": text}, async (folder) => {
      const one = await quiesce(["export", "litmus", "pair.quiesce", "--policy", "open"], folder);
      assert.equal(one.status, 0, one.err);
      assert.match(one.out, /^C pair-open-2cpus\n/);
      const all = await quiesce(["export", "litmus", "pair.quiesce", "--out", "tests"], folder);
      assert.equal(all.status, 0, all.err);
      const names = all.out.trim().split("\n");
      assert.equal(names.length, 2);
      const answers = await Promise.all(
        names.map(async (name) => (await quiesce(["check", name, "--brief"], folder)).out),
      );
      assert.match(answers[0], /^Observation pair-open-2cpus Sometimes/m);
      assert.match(answers[1], /^Observation pair-closed-2cpus Never/m);
      const both = await quiesce(["export", "litmus", "pair.quiesce"], folder);
      assert.equal(both.status, 2);
      assert.match(both.err, /checks 2 protocols .*--policy.*--out/);
    });
  });

  it("names what a litmus test uses beyond the supported subset, with its place", async () => {
    await inFolder(
      {"a.litmus": sb.replace("READ_ONCE(*y)", "rcu_access_pointer(*y)")},
      async (folder) => {
        const {status, err} = await quiesce(["check", "a.litmus"], folder);
        assert.equal(status, 2);
        assert.match(err, /^quiesce: a\.litmus: line 3, column \d+: .*rcu_access_pointer/);
      },
    );
  });
});

describe("quiesce fmt and lint", () => {
  it("formats in place, and --check only says so", async () => {
    await inFolder({"a.quiesce": "machine m{cores:4}\n"}, async (folder) => {
      const checked = await quiesce(["fmt", "--check", "a.quiesce"], folder);
      assert.equal(checked.status, 1);
      assert.match(checked.out, /a\.quiesce is not formatted/);
      assert.equal((await quiesce(["fmt", "a.quiesce"], folder)).status, 0);
      assert.equal(readFileSync(join(folder, "a.quiesce"), "utf8"), "machine m { cores: 4 }\n");
      assert.equal((await quiesce(["fmt", "--check", "a.quiesce"], folder)).status, 0);
      assert.equal(
        (await quiesce(["fmt", "-"], folder, "machine m{cores:4}")).out,
        "machine m { cores: 4 }\n",
      );
    });
  });

  it("gives diagnostics as JSON and applies certain fixes", async () => {
    await inFolder({"a.quiesce": "machine m { cores = 4 }\n"}, async (folder) => {
      const {status, out} = await quiesce(["lint", "--json", "a.quiesce"], folder);
      assert.equal(status, 2);
      assert.equal((JSON.parse(out) as {code: string}[])[0]?.code, "E105");
      assert.equal((await quiesce(["lint", "--fix", "a.quiesce"], folder)).status, 0);
      assert.equal(readFileSync(join(folder, "a.quiesce"), "utf8"), "machine m { cores: 4 }\n");
    });
  });
});

describe("quiesce show", () => {
  it("prints a policy's source, what it covers and what it costs", async () => {
    const {status, out} = await quiesce(["show", "policy", "targeted_ipi"], ".");
    assert.equal(status, 0);
    assert.match(out, /^policy targeted_ipi \{$/m);
    assert.match(out, /covers free, unshare, collapse/);
    assert.match(out, /cost on flat_4: enter .*ns/);
  });

  it("prints an experiment with the origin of every value", async () => {
    await inFolder({"tiny.quiesce": tiny}, async (folder) => {
      const {out} = await quiesce(["show", "tiny", "tiny.quiesce"], folder);
      assert.match(out, /thp\.operations +20 +tiny\.quiesce:6/);
      assert.match(out, /machine\.costs\.xchg +7ns +prelude\/costs\.quiesce:\d+/);
    });
  });

  it("lists what there is of a kind, and helps with a name that is not there", async () => {
    assert.match((await quiesce(["show", "policy"], ".")).out, /^rcu_sync {2}\(prelude/m);
    const {status, err} = await quiesce(["show", "policy", "targetd_ipi"], ".");
    assert.equal(status, 2);
    assert.match(err, /did you mean `targeted_ipi`/);
  });
});

describe("quiesce", () => {
  it("says what is wrong with its arguments, in a line, with status 2", async () => {
    const cases: [string[], RegExp][] = [
      [["rum", "a"], /unknown command 'rum'.*\n.*run/s],
      [
        ["run", "missing.quiesce"],
        /^quiesce: cannot read missing\.quiesce: there is no such file$/m,
      ],
      [["run", "."], /^quiesce: cannot read \.: it is a folder$/m],
      [
        ["run", "a.quiesce", "--out", "/proc/nope"],
        /^quiesce: cannot write to \/proc\/nope: there is no such file$/m,
      ],
      [
        ["run", "a.quiesce", "--out", "/dev/null/deep"],
        /^quiesce: cannot write to .*: part of the path is not a folder$/m,
      ],
      [["run", "--seed", "-1", "a"], /whole number from 0 up/],
      [["run", "--set", "x", "a"], /path=value/],
      [["explain", "E999"], /there is no diagnostic E999/],
      [["check", "--under", "arm", "a.litmus"], /there is no memory model arm/],
    ];
    for (const [args, message] of cases) {
      const {status, err} = await quiesce(args, ".");
      assert.equal(status, 2, args.join(" "));
      assert.match(err, message);
      assert.doesNotMatch(err, /at .*\.js:\d+/);
    }
  });

  it("explains a code", async () => {
    assert.match((await quiesce(["explain", "e302"], ".")).out, /^E302: .+\n\n.+/);
  });
});
