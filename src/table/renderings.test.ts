import assert from "node:assert/strict";
import {it} from "node:test";
import {table} from "arquero";
import {dataResource} from "./data-resource.ts";
import {tableBytes} from "./export-table.ts";
import {htmlTable} from "./html-table.ts";
import {latexTable} from "./latex-table.ts";
import {markdownTable} from "./markdown-table.ts";
import {presentTable} from "./present-table.ts";
import {textTable} from "./text-table.ts";

const small = table({
  policy: ["broadcast_ipi", "rcu_sync"],
  readers: [16, 16],
  sync_ns: [61_300, 22_900_000],
  sync_lo_ns: [59_200, 22_000_000],
  sync_hi_ns: [63_400, 23_800_000],
  tax_ratio: [0.031, Number.NaN],
});

it("aligns columns and joins an estimate with its interval in a terminal", () => {
  assert.equal(
    textTable(small, {title: "Who waits?"}),
    [
      "Who waits?",
      "policy         readers             sync   tax",
      "─────────────  ───────  ───────────────  ────",
      "broadcast_ipi       16    61.3us ±2.1us  3.1%",
      "rcu_sync            16  22.90ms ±0.90ms     -",
    ].join("\n"),
  );
});

it("says how many rows it left out", () => {
  const long = table({n: Array.from({length: 100}, (_, i) => i)});
  assert.match(textTable(long, {limit: 3}), /\n {2}0\n|…\s3 of 100 rows$/);
  assert.match(textTable(long), /… 40 of 100 rows$/);
  assert.match(markdownTable(long, {limit: 2}), /2 of 100 rows/);
});

it("puts one unit in the head of a column in Markdown, LaTeX and HTML", () => {
  const narrow = small.filter("d => d.policy === 'broadcast_ipi'");
  assert.match(markdownTable(narrow), /\| sync \(us\) \|/);
  assert.match(markdownTable(narrow), /\| 61\.3 ±2\.1 \|/);
  assert.match(latexTable(narrow), /broadcast\\_ipi & 16 & 61\.3 \$\\pm\$2\.1/);
  assert.match(htmlTable(narrow), /sync <span[^>]*>us<\/span>/);
  assert.match(htmlTable(narrow), /text-align:right[^>]*>61\.3 ±2\.1</);
});

it("keeps a unit in each cell where one scale would not do", () => {
  const wide = table({sync_ns: [12, 22_900_000]});
  assert.deepEqual(presentTable(wide, {units: "heads"}).rows, [["12ns"], ["22.9ms"]]);
});

it("reads the unit of a tidy row from its unit column", () => {
  const tidy = table({
    measure: ["sync", "tax"],
    unit: ["ns", "ratio"],
    value: [1500, 0.25],
    lo: [1400, 0.2],
    hi: [1600, 0.3],
  });
  const presented = presentTable(tidy);
  assert.deepEqual(
    presented.heads.map((head) => head.name),
    ["measure", "value"],
  );
  assert.deepEqual(presented.rows, [
    ["sync", "1.50us ±0.10us"],
    ["tax", "25.0% ±5.0%"],
  ]);
});

it("cuts sentences in a terminal, and nowhere else", () => {
  const long = table({reason: [`${"why ".repeat(40)}\nso`]});
  assert.ok(
    textTable(long)
      .split("\n")
      .every((line) => [...line].length <= 60),
  );
  assert.match(textTable(long), /why why w?h?y?…$|…$/);
  assert.ok(htmlTable(long).includes("why ".repeat(40)));
});

it("escapes whatever stands in a cell", () => {
  const evil = table({name: ["<script>alert(1)</script>", "a|b_c", "50% & $5 \\ #"]});
  assert.doesNotMatch(htmlTable(evil, {title: "<b>"}), /<script|<b>/);
  assert.match(markdownTable(evil), /a\\\|b\\_c/);
  assert.doesNotMatch(markdownTable(evil), /<script/);
  assert.match(latexTable(evil), /50\\% \\& \\\$5 \\textbackslash\{\} \\#/);
});

it("pages long tables without a script", () => {
  const long = table({n: Array.from({length: 60}, (_, i) => i)});
  const html = htmlTable(long);
  assert.equal(html.match(/<details/g)?.length, 3);
  assert.equal(html.match(/<details open/g)?.length, 1);
  assert.match(html, /rows 51–60/);
});

it("describes columns to grids, with units, and says nothing of what JSON cannot", () => {
  const resource = dataResource(small);
  assert.deepEqual(
    resource.schema.fields.find((field) => field.name === "sync_ns"),
    {name: "sync_ns", type: "integer", unit: "ns"},
  );
  assert.equal(resource.data[1].tax_ratio, null);
  assert.equal(dataResource(small, 1).data.length, 1);
});

it("shows and exports the rows that a filter left, in the order that was asked for", () => {
  const sorted = table({name: ["c", "a", "b"], n_ns: [3, 1, 2]})
    .filter("d => d.n_ns > 1")
    .orderby("n_ns");
  assert.deepEqual(presentTable(sorted).rows, [
    ["b", "2ns"],
    ["c", "3ns"],
  ]);
  assert.deepEqual(
    dataResource(sorted).data.map((row) => row.name),
    ["b", "c"],
  );
  assert.equal(tableBytes(sorted, "x.csv"), "name,n_ns\nb,2\nc,3\n");
});
