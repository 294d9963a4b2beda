import assert from "node:assert/strict";
import {it} from "node:test";
import fc from "fast-check";
import {openStream, uniformBelow} from "../random/stream.ts";
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

/** Times of one event after another: near and far, in clusters and alike, and never. */
function someTime(state: Int32Array, now: number): number {
  switch (uniformBelow(state, 0, 8)) {
    case 0:
      return now;
    case 1:
      return now + 1;
    case 2:
    case 3:
      return now + uniformBelow(state, 0, 1000);
    case 4:
      return Math.floor(now / 1e6 + 1) * 1e6 + uniformBelow(state, 0, 3);
    case 5:
      return now + uniformBelow(state, 0, 4e9);
    case 6:
      return now + 1e12 + uniformBelow(state, 0, 1e9);
    default:
      return uniformBelow(state, 0, 50) === 0 ? Number.POSITIVE_INFINITY : now + 1e5;
  }
}

for (const shuffle of [0, 3]) {
  it(`keeps many thousand events in order while they come and go (shuffled by ${shuffle})`, () => {
    const entities = 300;
    for (let seed = 0; seed < 12; seed++) {
      const state = openStream(seed, 0, "calendar", "many");
      const many = new Calendar(entities, shuffle);
      // As many calendars as keep each of them small: none of theirs ever waits outside its heap.
      const few = Array.from({length: 64}, () => new Calendar(entities, shuffle));
      let now = 0;
      for (let move = 0; move < 30_000; move++) {
        // Waves: at first they grow to thousands, then fewer come than go.
        const grows = move % 10_000 < 6000;
        if (many.size === 0 || uniformBelow(state, 0, 10) < (grows ? 8 : 2)) {
          const time = someTime(state, now);
          const kind = uniformBelow(state, 0, 4);
          const entity = uniformBelow(state, 0, entities);
          many.push(time, kind, entity);
          few[entity % 64]?.push(time, kind, entity);
          continue;
        }
        const first = Math.min(...few.map(({next}) => next));
        assert.equal(many.next, first);
        many.take();
        assert.equal(many.takenTime, first);
        if (first < Number.POSITIVE_INFINITY) now = first;
        const own = few[entityOf(many.taken) % 64] as Calendar;
        own.take();
        assert.equal(own.taken, many.taken);
        assert.equal(own.takenTime, first);
      }
      assert.equal(
        many.size,
        few.reduce((sum, {size}) => sum + size, 0),
      );
    }
  });
}

it("dispatches ten thousand events like a stable sort, whatever their times", () => {
  for (let seed = 0; seed < 10; seed++) {
    const state = openStream(seed, 0, "calendar", "sort");
    const calendar = new Calendar(40);
    const events: Planned[] = Array.from({length: 10_000}, () => ({
      time: someTime(state, 0),
      kind: uniformBelow(state, 0, 3),
      entity: uniformBelow(state, 0, 40),
    }));
    for (const {time, kind, entity} of events) calendar.push(time, kind, entity);
    const finite = events.filter(({time}) => time < Number.POSITIVE_INFINITY);
    const sorted = finite.toSorted(
      (a, b) => a.time - b.time || a.kind - b.kind || a.entity - b.entity,
    );
    for (const event of sorted) {
      calendar.take();
      const {taken, takenTime} = calendar;
      assert.deepEqual({time: takenTime, kind: kindOf(taken), entity: entityOf(taken)}, event);
    }
    assert.equal(calendar.size, events.length - finite.length);
    assert.equal(calendar.next, Number.POSITIVE_INFINITY);
    // What never happens comes last; as new after that.
    calendar.take();
    assert.equal(calendar.takenTime, Number.POSITIVE_INFINITY);
    calendar.begin(0);
    assert.equal(calendar.size, 0);
    calendar.push(5, 0, 1);
    assert.equal(calendar.next, 5);
  }
});

it("keeps what never happens like anything else", () => {
  const calendar = new Calendar(2);
  calendar.push(Number.POSITIVE_INFINITY, 1, 0);
  calendar.push(3, 2, 1);
  assert.deepEqual(
    drain(calendar).map(({time}) => time),
    [3, Number.POSITIVE_INFINITY],
  );
});
