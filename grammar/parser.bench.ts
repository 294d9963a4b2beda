// How fast programs are read: `node dist/grammar/parser.bench.js` after a build. A cell is what a notebook parses on every run, the large
// text is what a machine might write.
import {readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {Bench} from "tinybench";
import {complete} from "../src/lang/complete.ts";
import {format} from "../src/lang/format.ts";
import {parse} from "../src/lang/parse.ts";
import {Walk} from "./automaton.ts";
import {lex} from "./lexer.ts";
import {QuiesceParser, quiesceParser} from "./parser.ts";

const folder = resolve(fileURLToPath(import.meta.url), "../../../grammar/conformance/valid");
const all = readdirSync(folder)
  .filter((name) => name.endsWith(".quiesce"))
  .map((name) => readFileSync(join(folder, name), "utf8"));
const cell = readFileSync(join(folder, "paired-comparison.quiesce"), "utf8");
const large = all.join("\n").repeat(10);
const broken = cell.replace("policy:", "policy");
const tokens = lex(cell).tokens;

const bench = new Bench({time: 300});
bench
  .add("build the parser", () => void new QuiesceParser())
  .add(`lex a cell of ${tokens.length} tokens`, () => void lex(cell))
  .add("parse it to the concrete tree", () => {
    const parser = quiesceParser();
    parser.input = tokens;
    parser.program();
  })
  .add("text to syntax tree", () => void parse({name: "cell", text: cell}))
  .add("text to diagnostic", () => void parse({name: "cell", text: broken}))
  .add("walk it through the network", () => {
    const walk = new Walk();
    for (const {tokenType} of tokens) walk.read(tokenType);
  })
  .add("complete at its end", () => void complete(`${cell}run wh`, cell.length + 6))
  .add("format it", () => void format(cell))
  .add(
    `${(large.length / 1024).toFixed(0)} KiB to syntax tree`,
    () => void parse({name: "large", text: large}),
  );
await bench.run();
console.table(
  bench.tasks.map(({name, result}) => {
    const {latency} = result as unknown as {latency: {p50: number; min: number; rme: number}};
    return {
      task: name,
      "median [ms]": latency.p50.toFixed(3),
      "least [ms]": latency.min.toFixed(3),
      "+-": `${latency.rme.toFixed(1)} %`,
    };
  }),
);
