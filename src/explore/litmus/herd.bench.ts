// Our verdicts beside those of herd7, where it is installed: run `node dist/src/explore/litmus/herd.bench.js /path/to/tools/memory-model`.
// herd7 (package herdtools7 of opam) and the model's own files (linux-kernel.cfg and what it names, in a kernel tree) are needed; without
// them this says so and compares nothing. Prints every difference, and how many tests agree.

import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {cycles} from "./cycles.contract.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {
  atomicCases,
  classicalCases,
  dependencyCases,
  litmusText,
  rcuCases,
} from "./litmus-cases.contract.ts";
import {readLitmus} from "./read-litmus.ts";

const model = process.argv[2];

function herdVerdict(file: string): string {
  const text = execFileSync("herd7", ["-conf", "linux-kernel.cfg", file], {
    cwd: model,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const observation = /^Observation \S+ (.*)$/m.exec(text)?.[1] ?? "none";
  const flags = [...text.matchAll(/^Flag (\S+)$/gm)].map((match) => match[1]).sort();
  return [observation, ...flags].join(" ");
}

function available(): boolean {
  try {
    execFileSync("herd7", ["-version"], {stdio: "ignore"});
    return model !== undefined;
  } catch {
    return false;
  }
}

if (!available()) {
  process.stdout.write(
    "nothing compared: needs herd7 and, as argument, tools/memory-model of a kernel tree\n",
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), "herd-"));
  const known = [...classicalCases, ...dependencyCases, ...rcuCases, ...atomicCases];
  const generated = [
    ...cycles(["po", "mb", "wmb", "rmb", "gp", "rscs", "rel", "acq", "data", "ctrl"], [2], 10_000),
    ...cycles(["po", "mb", "wmb", "rel", "acq", "gp", "rscs"], [3], 2_000),
  ];
  let same = 0;
  for (const [index, test] of [...known, ...generated].entries()) {
    const text = litmusText(test);
    const file = join(folder, `${index}.litmus`);
    writeFileSync(file, text);
    const ours = evaluateLitmus(readLitmus(text));
    const mine = [`${ours.observation} ${ours.satisfying} ${ours.others}`, ...ours.flags].join(" ");
    const theirs = herdVerdict(file);
    if (mine === theirs) same++;
    else process.stdout.write(`${test.name}: ours ${mine}, herd7 ${theirs}\n${text}\n`);
  }
  rmSync(folder, {recursive: true});
  process.stdout.write(`${same} of ${known.length + generated.length} agree with herd7\n`);
}
