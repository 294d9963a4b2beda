// The Linux-kernel model against the oracle at length: `node dist/src/explore/litmus/oracle.bench.js [PROGRAMS] [SEED]` compares final states,
// executions and flags of that many random programs (500) and of every cycle of two threads and many of three; it ends at the first
// difference, and prints how many were compared.

import fc from "fast-check";
import {cycles} from "./cycles.contract.ts";
import {litmusText} from "./litmus-cases.contract.ts";
import {againstOracle} from "./naive-litmus.contract.ts";
import {richLitmus} from "./rich-litmus.contract.ts";

const programs = Number(process.argv[2] ?? 500);
const seed = Number(process.argv[3] ?? 1);
let compared = 0;
let large = 0;
const compare = (text: string, limit: number): void => {
  if (againstOracle(text, limit)) compared++;
  else large++;
};
const links = ["po", "mb", "wmb", "rmb", "gp", "rscs", "rel", "acq", "data", "ctrl"] as const;
for (const one of cycles(links, [2, 3], programs)) compare(litmusText(one), 300);
process.stdout.write(`${compared} cycles agree\n`);
compared = 0;
fc.assert(
  fc.property(richLitmus, (text) => compare(text, 600)),
  {seed, numRuns: programs},
);
process.stdout.write(`${compared} random programs agree, ${large} were too large for the oracle\n`);
