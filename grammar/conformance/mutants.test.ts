import assert from "node:assert/strict";
import {it} from "node:test";
import {parse} from "../../src/lang/parse.ts";
import {measureMutants} from "./mutants.contract.ts";

// A part of them; `npm run mutants` takes all and prints the figures. 11 is prime to the three kinds of change.
const figures = measureMutants(parse, 11);

it("one mistake gives one message near it, over a sample of all single-token mutants", () => {
  assert.ok(figures.mistaken > 600, JSON.stringify(figures));
  assert.ok(figures.messagesPerMistake <= 1.1, JSON.stringify(figures));
  assert.ok(figures.near >= 0.98, JSON.stringify(figures));
});

it("a fix that is offered as certain makes the text parse", () => {
  assert.ok(figures.fixes > 20, JSON.stringify(figures));
  assert.ok(figures.fixed >= 0.95, JSON.stringify(figures));
});
