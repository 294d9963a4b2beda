import assert from "node:assert/strict";
import {it} from "node:test";
import {costNames} from "../src/plan/costs.ts";
import {costPaths, fieldOf, fieldsOf, schema} from "./schema.ts";

it("the costs of the language are the costs of the plan, in the same order", () => {
  assert.deepEqual(costPaths, [...costNames]);
});

it("no owner has two fields of one name", () => {
  const names = schema.map((row) => `${row.owner}.${row.name}`);
  assert.equal(new Set(names).size, names.length);
});

it("a field is found by owner and dotted name", () => {
  assert.equal(fieldOf("costs", "ipi.deliver.same_core")?.type.kind, "law");
  assert.equal(fieldOf("walker", "hols"), undefined);
  assert.ok(fieldsOf("writer").some((row) => row.name === "kind" && row.required));
});

it("every field has a sentence of documentation", () => {
  for (const row of schema) assert.match(row.doc, /^[A-Z`].*[.]$/, `${row.owner}.${row.name}`);
});
