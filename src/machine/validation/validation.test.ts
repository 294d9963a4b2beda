import assert from "node:assert/strict";
import {it} from "node:test";
import {validate} from "./validation.ts";
import {relativeResidual, type ValidationRow, validationText} from "./validation-row.ts";

const rows = validate();
const of = (table: string): ValidationRow[] => rows.filter((row) => row.table === table);
const within = (row: ValidationRow | undefined, tolerance: number): void => {
  assert.ok(row);
  const residual = relativeResidual(row);
  assert.ok(
    Math.abs(residual) <= tolerance,
    `${row.table} ${row.quantity}: ${row.ours} ${row.unit}`,
  );
};

it("counts the interrupts of collapsing 20 GiB exactly", () => {
  assert.deepEqual(
    of("V1").map(({ours}) => ours),
    [645_120, 0, 81_920],
  );
});

it("predicts less than the measured cost of tracking from instruction costs alone, and says so", () => {
  const [instructions, drained] = of("V3");
  assert.ok(instructions && drained);
  assert.ok(instructions.ours > 0.25 && instructions.ours < 0.35);
  assert.ok(drained.ours > instructions.ours && drained.ours < drained.published);
  assert.match(instructions.residual, /not proven/);
});

it("lands within 15 % of the guest broadcasts that it predicts", () => {
  for (const row of of("V4").filter(({role}) => role === "predicted")) within(row, 0.15);
});

it("predicts what a further shootdown target adds", () => within(of("V6")[2], 0.02));

it("charges line transfers by distance", () => {
  for (const row of of("V8")) within(row, 0.001);
});

it("takes and gives back a lock in two atomic operations", () => {
  within(of("C18")[0], 0.1);
  within(of("C20")[0], 0.1);
});

it("makes a single interrupt between vCPUs cost more than its share of a broadcast", () => {
  const [single] = of("C1");
  within(single, 0.35);
  const broadcast = of("V4").at(-1);
  assert.ok(single && broadcast && single.ours > broadcast.ours / 79);
});

it("finds most of a shared munmap() in its shootdown", () => within(of("V14")[0], 0.3));

it("serves over a thousand callers by one grace period, and an expedited one within tens of microseconds", () => {
  const [callers, small, larger] = of("C34");
  assert.ok(callers && callers.ours > 1000 && callers.ours <= 1200);
  assert.ok(small && larger && small.ours > 5 && small.ours < larger.ours && larger.ours < 50);
});

it("counts the requests for isolated CPUs and the sends that the trace shows, exactly", () => {
  const [requests, sends, taken] = of("V10");
  within(requests, 0);
  within(sends, 0);
  assert.equal(taken?.ours, 1593);
});

it("takes fewer interrupts than requests when initiators overlap, but one for four at the least", () => {
  const together = of("V10")[3];
  assert.ok(together && together.ours < 0.5 && together.ours >= 0.25);
});

it("gains nothing from INVLPGB beyond the lock's own rate, and much without the lock", () => {
  const [vanilla, alone, unlocked, both] = of("V11");
  assert.ok(vanilla && alone && unlocked && both);
  within(alone, 0.01);
  within(vanilla, 0.05);
  within(unlocked, 0.1);
  assert.ok(both.ours > 1.4 * unlocked.ours && unlocked.ours > alone.ours);
});

it("makes broadcast invalidation slower with every process that does it", () => {
  const [ratio, contention] = of("V12");
  assert.ok(ratio && contention && ratio.ours > 8 && contention.ours > 5);
  const elsewhere = of("V12")[2];
  assert.ok(elsewhere && elsewhere.ours > 2 && elsewhere.ours < ratio.ours);
});

it("lets idle grace periods emerge near the published pair", () => {
  const [late, early] = of("C31");
  within(late, 0.05);
  within(early, 0.05);
});

it("says for every row where its constants come from and what explains the residual", () => {
  for (const row of rows) {
    assert.ok(row.source.length > 10 && row.constants.length > 5 && row.residual.length > 3);
  }
  const text = validationText(rows);
  assert.equal(text.split("\n")[rows.length + 1], "");
  assert.match(text, /^table\s+quantity\s+published\s+ours\s+residual/);
});
