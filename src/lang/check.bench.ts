// What checking and planning cost: a small text, one with every kind of statement, and sweeps of thousands of points.

import {readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {Bench} from "tinybench";
import {folderReader} from "../session/folder-reader.ts";
import {checkText, startingEnvironment} from "./check.ts";
import {planExperiment} from "./plan-command.ts";

const folder = fileURLToPath(new URL("../../../grammar/conformance/valid/", import.meta.url));
const text = (name: string): string => readFileSync(`${folder}${name}.quiesce`, "utf8");

let environment = startingEnvironment(folderReader(folder));
for (const name of ["lab-machine", "policy-variants", "paired-comparison", "sweeps"])
  ({environment} = checkText({name, text: text(name)}, environment));
const large =
  "experiment large from which { sweep lhs 2500 { gap: 1us..1ms log, readers: 1..128 } }";
const withLarge = checkText({name: "large", text: large}, environment).environment;

const bench = new Bench({time: 300, iterations: 4, warmup: false});
bench
  .add("check hello", () => void checkText({name: "hello", text: text("hello")}, environment))
  .add("check protocol-family", () => {
    checkText({name: "family", text: text("protocol-family")}, environment);
  })
  .add("plan frontier, 588 points", () => void planExperiment(environment, "frontier"))
  .add("plan 10,000 points", () => void planExperiment(withLarge, "large"));
await bench.run();
console.table(bench.table());
