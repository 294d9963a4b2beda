import assert from "node:assert/strict";
import {it} from "node:test";
import {gzipSync} from "node:zlib";
import {fakeEngine, fakePlan} from "./fake-engine.contract.ts";
import {runPlan} from "./run-plan.ts";
import {decodeStored, encodeStored, type Stored, StoredResultError} from "./stored-result.ts";

it("a stored result comes back whole, and is stored as the same bytes again", async () => {
  const result = await runPlan(fakePlan(), {workers: 0, engine: fakeEngine});
  const stored: Stored = {kind: "run", name: "fake", result};
  const bytes = encodeStored(stored);
  const back = decodeStored(bytes);
  assert.deepEqual(back, {quiesce: "result", format: 1, ...stored});
  assert.deepEqual(encodeStored(back), bytes);
});

it("what is no stored result is refused by name", () => {
  const refused: [Uint8Array, RegExp][] = [
    [new Uint8Array([1, 2, 3]), /no stored result/],
    [gzipSync("{}"), /no stored result/],
    [gzipSync("[1"), /no stored result/],
    [
      gzipSync('{"quiesce":"result","format":9}'),
      /format 9; this version of Quiesce reads format 1/,
    ],
  ];
  for (const [bytes, message] of refused)
    assert.throws(
      () => decodeStored(bytes),
      (error) => error instanceof StoredResultError && message.test(error.message),
    );
});
