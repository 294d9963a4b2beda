import assert from "node:assert/strict";
import {it} from "node:test";
import {exp, log} from "./elementary.ts";
import {logGamma} from "./gamma-function.ts";
import {drawPoisson, poissonTable} from "./poisson.ts";
import {openStream} from "./stream.ts";

for (const mean of [0.3, 1, 7.5, 64, 5000]) {
  it(`draws counts of mean ${mean} as often as the Poisson law says`, () => {
    const draws = 200_000;
    const table = poissonTable(mean);
    const state = openStream(3, 0, `mean ${mean}`, "poisson");
    const seen = new Map<number, number>();
    for (let i = 0; i < draws; i++) {
      const k = drawPoisson(table, state, 0);
      seen.set(k, (seen.get(k) ?? 0) + 1);
    }
    // Pearson's statistic over counts that are expected at least ten times, the rest taken together.
    let statistic = 0;
    let classes = 0;
    let rest = draws;
    let restSeen = draws;
    const spread = Math.ceil(8 * Math.sqrt(mean) + 8);
    for (let k = Math.max(0, Math.floor(mean) - spread); k <= mean + spread; k++) {
      const expected = draws * exp(k * log(mean) - mean - logGamma(k + 1));
      if (expected < 10) continue;
      const found = seen.get(k) ?? 0;
      statistic += (found - expected) ** 2 / expected;
      rest -= expected;
      restSeen -= found;
      classes++;
    }
    statistic += (restSeen - rest) ** 2 / Math.max(rest, 1);
    const z = (statistic - classes) / Math.sqrt(2 * classes);
    assert.ok(Math.abs(z) < 4, `z ${z}`);
  });
}

it("refuses a mean that no Poisson law has", () => {
  for (const mean of [0, -1, Number.NaN, 1e12]) {
    assert.throws(() => poissonTable(mean), RangeError);
  }
});
