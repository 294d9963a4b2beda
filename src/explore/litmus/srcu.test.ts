// Sleepable RCU: the published results of the kernel's own discussion of its exact semantics (overlapping sections, sections that end on
// another CPU), and what sets it apart from RCU.
import assert from "node:assert/strict";
import {it} from "node:test";
import {evaluateLitmus} from "./evaluate-litmus.ts";
import {readLitmus} from "./read-litmus.ts";

function observed(threads: readonly string[], question: string): string {
  const parameters = "int *x, int *y, int *i, int *f, struct srcu_struct *s, struct srcu_struct *t";
  const text = threads.map((body, n) => `P${n}(${parameters})\n{\n  ${body}\n}\n`).join("\n");
  const verdict = evaluateLitmus(readLitmus(`C srcu\n\n{}\n\n${text}\n${question}\n`));
  const {observation, satisfying, others, flags} = verdict;
  return [observation, satisfying, others, ...flags].join(" ");
}

const read = "int p = READ_ONCE(*y); int q = READ_ONCE(*x);";
const sync = "WRITE_ONCE(*y, 1); synchronize_srcu(s); WRITE_ONCE(*x, 1);";
const seen = "exists (0:q=1 /\\ 0:p=0)";

it("keeps a section and a grace period of one struct apart", () => {
  const section = `int r = srcu_read_lock(s); ${read} srcu_read_unlock(s, r);`;
  assert.equal(observed([section, sync], seen), "Never 0 3");
  assert.equal(
    observed([section, sync.replace("srcu(s)", "srcu_expedited(s)")], seen),
    "Never 0 3",
  );
});

it("does not let a grace period of one struct wait for sections of another, or of RCU", () => {
  const other = `int r = srcu_read_lock(t); ${read} srcu_read_unlock(t, r);`;
  assert.equal(observed([other, sync], seen), "Sometimes 1 3");
  assert.equal(
    observed([`rcu_read_lock(); ${read} rcu_read_unlock();`, sync], seen),
    "Sometimes 1 3",
  );
  const rcu = sync.replace("synchronize_srcu(s)", "synchronize_rcu()");
  const section = `int r = srcu_read_lock(s); ${read} srcu_read_unlock(s, r);`;
  assert.equal(observed([section, rcu], seen), "Sometimes 1 3");
});

it("takes overlapping sections one by one", () => {
  const overlapping =
    "int a = srcu_read_lock(s); int p = READ_ONCE(*y); int b = srcu_read_lock(s); " +
    "srcu_read_unlock(s, a); int q = READ_ONCE(*x); srcu_read_unlock(s, b);";
  assert.equal(observed([overlapping, sync], seen), "Sometimes 1 3");
  const nested = overlapping
    .replace("unlock(s, a)", "unlock(s, c)")
    .replace("unlock(s, b)", "unlock(s, a)")
    .replace("unlock(s, c)", "unlock(s, b)");
  assert.equal(observed([nested, sync], seen), "Never 0 3");
});

it("follows the index to another CPU", () => {
  const down =
    "int a = srcu_down_read(s); WRITE_ONCE(*i, a); int p = READ_ONCE(*y); smp_store_release(f, 1);";
  const up =
    "int g = smp_load_acquire(f); int q = READ_ONCE(*x); int b = READ_ONCE(*i); srcu_up_read(s, b);";
  assert.equal(
    observed([down, up, sync], "locations [0:p]\nfilter (1:g=1)\nexists (1:q=1 /\\ 0:p=0)"),
    "Never 0 3",
  );
});

it("makes an unlock a full barrier where smp_mb__after_srcu_read_unlock() follows", () => {
  const first = (fence: string): string =>
    `WRITE_ONCE(*x, 1); int r = srcu_read_lock(s); srcu_read_unlock(s, r); ${fence} int p = READ_ONCE(*y);`;
  const second = "WRITE_ONCE(*y, 1); smp_mb(); int q = READ_ONCE(*x);";
  const both = "exists (0:p=0 /\\ 1:q=0)";
  assert.match(observed([first(""), second], both), /^Sometimes/);
  assert.match(observed([first("smp_mb__after_srcu_read_unlock();"), second], both), /^Never/);
});

it("flags what is not well formed", () => {
  const flagged = (body: string): string =>
    observed([body], "exists (x=0)").replace(/^\w+ \d+ \d+ ?/, "");
  assert.equal(flagged("int r = srcu_read_lock(s);"), "unmatched-srcu-lock");
  assert.equal(flagged("srcu_read_unlock(s, 0);"), "unmatched-srcu-unlock");
  assert.equal(
    flagged("int r = srcu_read_lock(s); srcu_read_unlock(s, r); srcu_read_unlock(s, r);"),
    "multiple-srcu-matches",
  );
  assert.equal(
    flagged("int r = srcu_read_lock(s); srcu_read_unlock(s, r + 1);"),
    "bad-srcu-value-match",
  );
  assert.equal(
    flagged("rcu_read_lock(); synchronize_srcu(s); rcu_read_unlock();"),
    "invalid-sleep",
  );
  assert.equal(flagged("int r = srcu_read_lock(s); srcu_read_unlock(s, r);"), "");
});
