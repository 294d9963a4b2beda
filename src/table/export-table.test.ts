import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, it} from "node:test";
import {fromArrow, fromCSV, table} from "arquero";
import {parquetReadObjects} from "hyparquet";
import {exportTable, tableBytes, tableFormats} from "./export-table.ts";

const folder = mkdtempSync(join(tmpdir(), "quiesce-export-"));
after(() => rmSync(folder, {recursive: true}));

const small = table({
  policy: ["broadcast_ipi", 'rcu_sync, "quoted"'],
  readers: [16, 64],
  sync_ns: [61_300.5, Number.NaN],
  safe: [true, false],
});

it("writes CSV that reads back, with nothing where there is no number", () => {
  const text = tableBytes(small, "a.csv") as string;
  assert.match(text, /^policy,readers,sync_ns,safe\n/);
  assert.doesNotMatch(text, /NaN/);
  assert.equal(fromCSV(text).get("policy", 1), 'rcu_sync, "quoted"');
});

it("writes Arrow that reads back", () => {
  const back = fromArrow(tableBytes(small, "a.arrow") as Uint8Array);
  assert.equal(back.get("sync_ns", 0), 61_300.5);
  assert.equal(back.get("policy", 1), 'rcu_sync, "quoted"');
});

it("writes Parquet that reads back, the same bytes every time", async () => {
  const bytes = tableBytes(small, "a.parquet", {metadata: {plan: "5e0c"}}) as Uint8Array;
  assert.deepEqual(bytes, tableBytes(small, "a.parquet", {metadata: {plan: "5e0c"}}));
  const file = bytes.buffer.slice(
    bytes.byteOffset,
    bytes.byteOffset + bytes.byteLength,
  ) as ArrayBuffer;
  const rows = await parquetReadObjects({file});
  assert.equal(rows[0].sync_ns, 61_300.5);
  assert.equal(rows[1].safe, false);
});

it("writes JSON, Markdown, LaTeX and HTML", () => {
  assert.equal(JSON.parse(tableBytes(small, "a.json") as string).data[1].sync_ns, null);
  for (const file of ["a.md", "a.tex", "a.html"])
    assert.match(tableBytes(small, file) as string, /broadcast/);
});

it("lists the formats for a name that says none of them", () => {
  assert.throws(
    () => tableBytes(small, "out.xlsx"),
    /`out\.xlsx` ends in \.xlsx; a table can be written as \.csv, .*\.parquet/,
  );
  assert.throws(() => tableBytes(small, "out"), /has no extension/);
  assert.ok(tableFormats.includes(".arrow"));
});

it("writes CSV that pandas reads with the same numbers", (t) => {
  if (spawnSync("/usr/bin/python3", ["-c", "import pandas"]).status !== 0) {
    assert.notEqual(process.env.QUIESCE_REQUIRE_TOOLS, "1", "python3-pandas is missing");
    return t.skip("needs Debian's python3-pandas");
  }
  const file = join(folder, "p.csv");
  exportTable(small, file);
  const program =
    "import pandas,sys; f=pandas.read_csv(sys.argv[1]); print(f.sync_ns[0], f.policy[1], f.sync_ns.isna()[1], f.dtypes['readers'])";
  const said = execFileSync("/usr/bin/python3", ["-c", program, file], {encoding: "utf8"});
  assert.equal(said.trim(), '61300.5 rcu_sync, "quoted" True int64');
});

it("writes CSV that R reads with the same numbers", (t) => {
  if (spawnSync("Rscript", ["--version"]).status !== 0) {
    assert.notEqual(process.env.QUIESCE_REQUIRE_TOOLS, "1", "r-base-core is missing");
    return t.skip("needs Debian's r-base-core");
  }
  const file = join(folder, "r.csv");
  exportTable(small, file);
  const program = `f <- read.csv("${file}"); cat(f$sync_ns[1], f$policy[2], is.na(f$sync_ns[2]))`;
  const said = execFileSync("Rscript", ["-e", program], {encoding: "utf8"});
  assert.equal(said.trim(), '61300.5 rcu_sync, "quoted" TRUE');
});

it("writes files", () => {
  const file = join(folder, "x.md");
  exportTable(small, file);
  assert.match(readFileSync(file, "utf8"), /^\| policy/);
});
