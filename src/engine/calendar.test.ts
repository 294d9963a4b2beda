import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {Calendar, entityOf, kindOf} from "./calendar.ts";

interface Planned {
  readonly time: number;
  readonly kind: number;
  readonly entity: number;
}

const planned: fc.Arbitrary<Planned[]> = fc.array(
  fc.record({time: fc.nat(6), kind: fc.nat(3), entity: fc.nat(4)}),
  {maxLength: 80},
);

function drain(calendar: Calendar): Planned[] {
  const all: Planned[] = [];
  while (calendar.size > 0) {
    const {next} = calendar;
    calendar.take();
    assert.equal(calendar.takenTime, next);
    all.push({
      time: calendar.takenTime,
      kind: kindOf(calendar.taken),
      entity: entityOf(calendar.taken),
    });
  }
  assert.equal(calendar.next, Number.POSITIVE_INFINITY);
  return all;
}

it("dispatches like a stable sort by time, kind and entity", () => {
  fc.assert(
    fc.property(planned, (events) => {
      const calendar = new Calendar(5);
      for (const {time, kind, entity} of events) calendar.push(time, kind, entity);
      const sorted = events.toSorted(
        (a, b) => a.time - b.time || a.kind - b.kind || a.entity - b.entity,
      );
      assert.deepEqual(
        drain(calendar),
        sorted.map((event) => ({...event})),
      );
    }),
  );
});

it("dispatches in an order that does not depend on when other entities inserted", () => {
  fc.assert(
    fc.property(planned, (events) => {
      const forward = new Calendar(5);
      const byEntity = new Calendar(5);
      for (const {time, kind, entity} of events) forward.push(time, kind, entity);
      for (const {time, kind, entity} of events.toSorted((a, b) => b.entity - a.entity)) {
        byEntity.push(time, kind, entity);
      }
      assert.deepEqual(drain(forward), drain(byEntity));
    }),
  );
});

it("keeps the order of times when ties are shuffled, and permutes ties by the seed", () => {
  const orders = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const calendar = new Calendar(6, seed);
    for (let entity = 0; entity < 6; entity++) {
      calendar.push(7, 1, entity);
      calendar.push(9, 1, entity);
    }
    const all = drain(calendar);
    assert.deepEqual(
      all.map(({time}) => time),
      [...new Array(6).fill(7), ...new Array(6).fill(9)],
    );
    orders.add(all.map(({entity}) => entity).join());
  }
  assert.ok(orders.size > 15);
});

it("interleaves pushes and takes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean()), {maxLength: 200}), (moves) => {
      const calendar = new Calendar(1);
      const model: number[] = [];
      for (const [time, take] of moves) {
        if (take && model.length > 0) {
          calendar.take();
          model.sort((a, b) => a - b);
          assert.equal(calendar.takenTime, model.shift());
        } else {
          calendar.push(time, 0, 0);
          model.push(time);
        }
      }
    }),
  );
});
