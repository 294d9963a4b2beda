// How fast litmus tests are answered: files (read and judged) and candidate executions a second, over all known cases and over tests
// that are large for an enumerator. Run with `node dist/src/explore/litmus/litmus.bench.js`.

import {performance} from "node:perf_hooks";
import type {MemoryModel} from "../../plan/check-plan.ts";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {
  atomicCases,
  classicalCases,
  dependencyCases,
  type LitmusCase,
  litmusText,
  rcuCases,
} from "./litmus-cases.contract.ts";
import {readLitmus} from "./read-litmus.ts";

const ring = (threads: number): LitmusCase => ({
  name: `ring-${threads}`,
  threads: Array.from({length: threads}, (_, i) => {
    const here = "uvwxyz"[i];
    const next = "uvwxyz"[(i + 1) % threads];
    return i % 2 === 0 ? `[;R${here}=a;W${next}1;]` : `R${here}=a;gp;W${next}1`;
  }).join("|"),
  condition: Array.from({length: threads}, (_, i) => `${i}:a=1`).join(" /\\ "),
  verdicts: "",
});

const known = [...classicalCases, ...dependencyCases, ...rcuCases, ...atomicCases];
const large: readonly LitmusCase[] = [
  ring(4),
  ring(6),
  {
    name: "counters",
    threads:
      "int a = atomic_inc_return(x)|int a = atomic_inc_return(x)|int a = atomic_inc_return(x)|int a = atomic_inc_return(x)",
    condition: "x=4",
    verdicts: "",
  },
  {
    name: "writers",
    threads: "Wx1;Wx2;Ry=a|Wx3;Wx4;Wy1|Wx5;Rx=b;Ry=c",
    condition: "x=1 /\\ 2:b=3",
    verdicts: "",
  },
];

function measure(title: string, cases: readonly LitmusCase[], model: MemoryModel): void {
  const texts = cases.map(litmusText);
  const round = (): number => {
    let candidates = 0;
    for (const text of texts) {
      candidates += evaluateLitmus(readLitmus(text), model).enumeration.candidates;
    }
    return candidates;
  };
  round();
  const start = performance.now();
  let rounds = 0;
  let candidates = 0;
  while (performance.now() - start < 1500) {
    candidates += round();
    rounds++;
  }
  const seconds = (performance.now() - start) / 1000;
  const files = Math.round((rounds * texts.length) / seconds);
  const rate = Math.round(candidates / seconds);
  process.stdout.write(
    `${title.padEnd(24)} ${model.padEnd(5)} ${String(files).padStart(8)} files/s ${String(rate).padStart(10)} candidates/s\n`,
  );
}

for (const model of ["sc", "tso", "pso", "lkmm"] as const) {
  measure(`${known.length} known tests`, known, model);
  measure(`${large.length} large tests`, large, model);
}
