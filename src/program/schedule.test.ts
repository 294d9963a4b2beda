import assert from "node:assert/strict";
import {describe, it} from "node:test";
import fc from "fast-check";
import {parseSchedule, type ScheduleMove, scheduleText} from "./schedule.ts";

const named: fc.Arbitrary<ScheduleMove> = fc.record({
  actor: fc.constantFrom(
    "task" as const,
    "nmi" as const,
    "mmu" as const,
    "rcu" as const,
    "irq" as const,
  ),
  name: fc.constantFrom("u", "khugepaged", "gup_fast", "w2"),
  cpu: fc.nat(255),
  deferred: fc.constant(false),
  choice: fc.integer({min: -1, max: 3}),
});
const silent: fc.Arbitrary<ScheduleMove> = fc.record({
  actor: fc.constantFrom(
    "commit" as const,
    "ack" as const,
    "preempt" as const,
    "run" as const,
    "offline" as const,
    "online" as const,
  ),
  name: fc.constant(""),
  cpu: fc.nat(255),
  deferred: fc.boolean(),
  choice: fc.integer({min: -1, max: 3}),
});
const moving: fc.Arbitrary<ScheduleMove> = fc.record({
  actor: fc.constant("move" as const),
  name: fc.constantFrom("u", "w"),
  cpu: fc.nat(255),
  deferred: fc.constant(false),
  choice: fc.nat(255),
});

describe("a schedule", () => {
  it("reads back what it prints", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(named, silent, moving)), (moves) => {
        const schedule = {model: "tso", moves};
        assert.deepEqual(
          parseSchedule(scheduleText(schedule)).moves,
          moves.map((move) => ({...move})),
        );
      }),
    );
  });

  it("counts equal neighbours", () => {
    const text = "quiesce-schedule 1 sc: u@0*3 w@1 ack@1 rcu:u#0 move:w@1>2";
    assert.equal(parseSchedule(text).moves.length, 7);
    assert.equal(scheduleText(parseSchedule(text)), text);
  });

  it("says what it does not understand", () => {
    assert.throws(() => parseSchedule("u@0 w@1"), /expected it to begin with/);
    assert.throws(() => parseSchedule("quiesce-schedule 2 sc: u@0"), /format 2 is not known/);
    assert.throws(() => parseSchedule("quiesce-schedule 1 sc: u@0 fly"), /`fly` is not a move/);
  });
});
