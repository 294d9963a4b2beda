import assert from "node:assert/strict";
import {it} from "node:test";
import {parse} from "../../src/lang/parse.ts";
import {measureMutants} from "./mutants.contract.ts";

// A sixth of them; `npm run mutants` takes all and prints the figures. 7 is prime to the three kinds of change.
it("one mistake gives one message near it, over a sample of all single-token mutants", () => {
  const figures = measureMutants(parse, 7);
  assert.ok(figures.mistaken > 800, JSON.stringify(figures));
  assert.ok(figures.messagesPerMistake <= 1.1, JSON.stringify(figures));
  assert.ok(figures.near >= 0.98, JSON.stringify(figures));
});
