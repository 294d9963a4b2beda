import assert from "node:assert/strict";
import {it} from "node:test";
import {Fingerprint} from "./fingerprint.ts";

const of = (events: readonly (readonly [number, number, number])[]): string => {
  const fingerprint = new Fingerprint();
  for (const [time, entity, kind] of events) fingerprint.add(time, entity, kind);
  return fingerprint.text();
};

it("is 16 hexadecimal digits and does not depend on the order of interactions", () => {
  const events = [
    [5, 1, 2],
    [7, 0, 3],
    [2 ** 52, 4, 31],
  ] as const;
  assert.match(of(events), /^[0-9a-f]{16}$/);
  assert.equal(of(events), of([...events].reverse()));
});

it("changes with the time, the entity and the kind of any interaction", () => {
  const known = new Set<string>();
  for (let time = 0; time < 40; time++) {
    for (let entity = 0; entity < 40; entity++) {
      for (let kind = 0; kind < 8; kind++) known.add(of([[time * 2 ** 40 + time, entity, kind]]));
    }
  }
  assert.equal(known.size, 40 * 40 * 8);
  assert.notEqual(
    of([[1, 1, 1]]),
    of([
      [1, 1, 1],
      [1, 1, 1],
    ]),
  );
});
