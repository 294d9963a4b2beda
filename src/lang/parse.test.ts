import assert from "node:assert/strict";
import {it} from "node:test";
import {parse} from "./parse.ts";

it("lowers a declaration with its documentation and its spans", () => {
  const text = "/// A host.\n/// Ours.\nmm app { cpus: 0..15 }";
  const {program, diagnostics} = parse({name: "a", text});
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(program.items, [
    {
      kind: "entity",
      start: 22,
      end: 44,
      doc: "A host.\nOurs.",
      entity: "mm",
      name: {start: 25, end: 28, text: "app"},
      fields: [
        {
          kind: "field",
          start: 31,
          end: 42,
          path: {start: 31, end: 35, names: [{start: 31, end: 35, text: "cpus"}]},
          value: {
            kind: "range",
            start: 37,
            end: 42,
            lo: {kind: "number", start: 37, end: 38, value: 0, integer: true},
            hi: {kind: "number", start: 40, end: 42, value: 15, integer: true},
          },
        },
      ],
    },
  ]);
});
