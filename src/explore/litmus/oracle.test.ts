// The model under test and the oracle give the same final states, the same number of executions for each, and the same flags.
import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {cycles} from "./cycles.contract.ts";
import {
  atomicCases,
  classicalCases,
  dependencyCases,
  litmusText,
  rcuCases,
} from "./litmus-cases.contract.ts";
import {againstOracle} from "./naive-litmus.contract.ts";
import {richLitmus} from "./rich-litmus.contract.ts";

it("agrees with the oracle on the known tests", () => {
  let compared = 0;
  for (const one of [...classicalCases, ...dependencyCases, ...rcuCases, ...atomicCases]) {
    if (one.condition.startsWith("filter")) continue;
    if (againstOracle(litmusText(one), 300)) compared++;
  }
  assert.ok(compared > 100, `${compared}`);
});

it("agrees with the oracle on generated cycles", () => {
  const links = ["po", "mb", "wmb", "rmb", "gp", "rscs", "rel", "acq", "data", "ctrl"] as const;
  let compared = 0;
  for (const one of cycles(links, [2], 10_000)) if (againstOracle(litmusText(one), 300)) compared++;
  assert.ok(compared > 250, `${compared}`);
});

it("agrees with the oracle on random programs of everything the model knows", () => {
  const runs = 80;
  let compared = 0;
  fc.assert(
    fc.property(richLitmus, (text) => {
      if (againstOracle(text, 600)) compared++;
    }),
    {seed: 11, numRuns: runs},
  );
  assert.ok(compared > runs / 3, `${compared}`);
});
