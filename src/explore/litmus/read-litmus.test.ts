import assert from "node:assert/strict";
import {it} from "node:test";
import {evaluateLitmus, litmusReport} from "./evaluate-litmus.ts";
import {explainWitness} from "./explain-witness.ts";
import {LitmusError} from "./litmus-error.ts";
import {readLitmus} from "./read-litmus.ts";

const publication = `C MP+onceassign+derefonce (* remark *)
"PodWW Rfe"
(* y points at z first *)
{
y=z; (* its address *)
z=0;
} // and on

P0(int *x, int **y) // writer
{
	WRITE_ONCE(*x, 1); /* contents first */
	rcu_assign_pointer(*y, x);
}

P1(int *x, int **y)
{
	int *r0;
	int r1;

	rcu_read_lock();
	r0 = rcu_dereference(*y);
	r1 = READ_ONCE(*r0);
	rcu_read_unlock();
}

exists (* bad outcome *) (1:r0=x /\\ 1:r1=0)
`;

it("reports states, witnesses and observation as herd does", () => {
  const test = readLitmus(publication);
  assert.equal(
    litmusReport(test, evaluateLitmus(test)),
    `Test MP+onceassign+derefonce Allowed
States 2
1:r0=x; 1:r1=1;
1:r0=z; 1:r1=0;
No
Witnesses
Positive: 0 Negative: 2
Condition exists (1:r0=x /\\ 1:r1=0)
Observation MP+onceassign+derefonce Never 0 2
`,
  );
});

it("shows what `locations` asks for besides the condition", () => {
  const test = readLitmus(`C SB+rfionceonce-poonceonces {}
P0(int *x, int *y) { int r1; int r2; WRITE_ONCE(*x, 1); r1 = READ_ONCE(*x); r2 = READ_ONCE(*y); }
P1(int *x, int *y) { int r3; int r4; WRITE_ONCE(*y, 1); r3 = READ_ONCE(*y); r4 = READ_ONCE(*x); }
locations [0:r1; 1:r3; x; y]
exists (0:r2=0 /\\ 1:r4=0)`);
  const verdict = evaluateLitmus(test);
  assert.equal(verdict.states[0], "0:r1=1; 0:r2=0; 1:r3=1; 1:r4=0; [x]=1; [y]=1;");
  assert.deepEqual([verdict.satisfying, verdict.others], [1, 3]);
});

it("keeps only executions that pass the filter", () => {
  const test = readLitmus(`C lock-by-xchg {}
P0(int *s, int *x, int *y) { int r2 = xchg_acquire(s, 1); WRITE_ONCE(*x, 1); int r1 = READ_ONCE(*y); smp_store_release(s, 0); }
P1(int *s, int *x, int *y) { int r2 = xchg_acquire(s, 1); WRITE_ONCE(*y, 1); int r1 = READ_ONCE(*x); smp_store_release(s, 0); }
filter (0:r2=0 /\\ 1:r2=0)
exists (0:r1=0 /\\ 1:r1=0)`);
  const verdict = evaluateLitmus(test);
  assert.deepEqual(verdict.states, ["0:r1=0; 1:r1=1;", "0:r1=1; 1:r1=0;"]);
  assert.equal(verdict.observation, "Never");
});

it("answers each quantifier about the same proposition", () => {
  const body = "C q {} P0(int *x) { WRITE_ONCE(*x, 1); } P1(int *x) { int r = READ_ONCE(*x); } ";
  const answer = (question: string): string => {
    const test = readLitmus(body + question);
    const verdict = evaluateLitmus(test);
    return `${verdict.holds} ${verdict.observation} ${litmusReport(test, verdict).split("\n")[0]}`;
  };
  assert.equal(answer("exists (1:r=1)"), "true Sometimes Test q Allowed");
  assert.equal(answer("~exists (1:r=2)"), "true Never Test q Forbidden");
  assert.equal(answer("forall (x=1)"), "true Always Test q Required");
  assert.equal(answer("forall (1:r=1)"), "false Sometimes Test q Required");
});

it("binds the words of a condition as herd does, and compares places with places", () => {
  const body = "C q {} P0(int *x) { int a = xchg(x, 1); } P1(int *x) { int b = xchg(x, 1); } ";
  const observed = (question: string): string =>
    evaluateLitmus(readLitmus(body + question)).observation;
  assert.equal(observed("exists (0:a=1:b)"), "Never");
  assert.equal(observed("exists (0:a!=1:b)"), "Always");
  assert.equal(observed("exists ([x]=[x])"), "Always");
  // false /\ (... => ...), and not (false /\ ...) => ...
  assert.equal(observed("exists (x=7 /\\ 0:a=0 => 1:b=0)"), "Never");
  assert.equal(observed("exists (0:a=0 => 1:b=0 => x=7)"), "Always");
  assert.equal(observed("exists (~ x=7 /\\ x=1)"), "Always");
});

it("reads arithmetic, nested branches and comparison as C does", () => {
  const test = readLitmus(`C arithmetic {x=6;}
P0(int *x, int *y) {
  int r = READ_ONCE(*x);
  if (r % 4 == 2 && !(r < 6)) { if (r - 6) WRITE_ONCE(*y, 1); else WRITE_ONCE(*y, (r + 1) * 2 & ~1); }
  else { WRITE_ONCE(*y, 3); }
}
exists (y=14)`);
  assert.equal(evaluateLitmus(test).observation, "Always");
});

const wrap = (body: string, more = "exists (x=1)"): string =>
  `C t\n{}\nP0(int *x, int *y)\n{\n  ${body}\n}\n${more}\n`;

it("names what it does not support, with line and column", () => {
  const refused: readonly (readonly [string, string, number])[] = [
    ["while (READ_ONCE(*x)) ;", "while", 3],
    ["rcu_barrier();", "rcu_barrier", 3],
    ["call_rcu(x, f);", "call_rcu", 3],
    ["frobnicate(x);", "frobnicate", 3],
    ["struct foo *p;", "struct", 3],
    ["int a[2];", "[", 8],
    ["int r = READ_ONCE(*x) + READ_ONCE(*y);", "+", 25],
    ["int r = READ_ONCE(*x); r = r << 1;", "<<", 32],
    ["goto out;", "goto", 3],
    ["spin_unlock_wait(x);", "spin_unlock_wait", 3],
    ["int r = lockless_dereference(*x);", "lockless_dereference", 11],
    ["write_lock(x);", "write_lock", 3],
  ];
  for (const [body, word, column] of refused) {
    assert.throws(
      () => readLitmus(wrap(body)),
      (error: unknown) => {
        assert.ok(error instanceof LitmusError, body);
        assert.deepEqual([error.unsupported, error.line, error.column], [word, 5, column], body);
        return true;
      },
    );
  }
  assert.throws(() => readLitmus("AArch64 MP\n{}\n"), {unsupported: "AArch64", line: 1});
});

it("complains about texts that are wrong", () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    [wrap("WRITE_ONCE(x, 1);"), /line 5, column 14: `WRITE_ONCE` wants the place itself/],
    [wrap("WRITE_ONCE(*z, 1);"), /`z` is neither a parameter of this thread nor a register/],
    [wrap("WRITE_ONCE(*x, 1)"), /expected `;` after `WRITE_ONCE\(...\)`/],
    [wrap("spin_lock(x); WRITE_ONCE(*x, 1);"), /used both as a spinlock and as an ordinary/],
    [wrap("WRITE_ONCE(*x, 1);", "exists (0:r9=1)"), /line 7, .*no register `r9`/],
    [wrap("WRITE_ONCE(*x, 1);", "exists (3:r9=1)"), /there is no thread P3/],
    [wrap("WRITE_ONCE(*x, 1);", "x=1"), /expected `exists`/],
    [wrap("WRITE_ONCE(*x, 1);", "locations [0:r9] exists (0:r9=1)"), /no register `r9`/],
    ["", /expected `C name`/],
    ["C t {} P0(int x) {} exists (x=1)", /parameters are pointers/],
    [wrap("x = 1;"), /assign to `\*x`/],
    [wrap("smp_mb(x);"), /takes 0 arguments, not 1/],
    [wrap("WRITE_ONCE(*x, 1); synchronize_srcu(x);"), /both as an srcu_struct and as an ordinary/],
    [wrap("srcu_read_unlock(y, READ_ONCE(*x));"), /load the index into a register first/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => readLitmus(text), {name: "LitmusError", message}, text);
  }
});

it("reads what herd reads besides: no condition, registers that only `locations` names, typed registers, dropped values", () => {
  const bare = readLitmus(wrap("(void)atomic_add_unless(x, 1, 5); WRITE_ONCE(*y, 1);", ""));
  const verdict = evaluateLitmus(bare);
  assert.equal(bare.conditionText, "forall (true)");
  assert.deepEqual([verdict.observation, verdict.states], ["Always", [""]]);
  const typed = readLitmus(`C t { int *x = &z; int 0:r1 = y; }
P0(int **x, int *y) { rcu_assign_pointer(*x, r1); }
locations [0:r1; 0:r2;]
exists (x=y)`);
  assert.deepEqual(evaluateLitmus(typed).states, ["0:r1=y; 0:r2=0; [x]=y;"]);
});

it("lets a register that nothing is assigned to hold 0, as herd does, and says so", () => {
  const test = readLitmus(wrap("int r1 = READ_ONCE(*x); if (r1 != r4) WRITE_ONCE(*x, 1);"));
  const verdict = evaluateLitmus(test);
  assert.equal(verdict.observation, "Never");
  assert.match(
    explainWitness(test, verdict).join(),
    /^P0 reads `r4`, to which nothing was assigned/,
  );
  assert.throws(() => readLitmus(wrap("int r1 = READ_ONCE(*r4);")), /`r4` is neither/);
});

it("says so where no execution comes to its end", () => {
  const stuck = readLitmus(`C self {}
P0(spinlock_t *l) { spin_lock(l); spin_lock(l); spin_unlock(l); spin_unlock(l); }`);
  const verdict = evaluateLitmus(stuck);
  assert.deepEqual([verdict.observation, verdict.satisfying, verdict.others], ["Never", 0, 0]);
  assert.match(explainWitness(stuck, verdict).join(), /waits for it for ever/);
  const filtered = readLitmus(wrap("int r = READ_ONCE(*x);", "filter (0:r=1) exists (x=0)"));
  assert.match(explainWitness(filtered, evaluateLitmus(filtered)).join(), /passes the filter/);
});

it("tells how a condition can come to hold", () => {
  const test = readLitmus(`C SB {}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int a = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); smp_mb(); int b = READ_ONCE(*x); }
exists (0:a=0 /\\ 1:b=0)`);
  const told = explainWitness(test, evaluateLitmus(test));
  assert.equal(told.filter((line) => /^ *\d+ {2}P/.test(line)).length, 5);
  assert.match(
    told[5],
    /^Nothing orders `WRITE_ONCE\(\*x, 1\)` \(P0, step \d\) before `a = READ_ONCE\(\*y\)`/,
  );
  assert.match(told.at(-1) ?? "", /TSO and PSO allow this execution too/);
  assert.deepEqual(explainWitness(test, evaluateLitmus(test, "sc")), []);
});

it("flags sections and locks that are not paired", () => {
  const flags = (body: string): readonly string[] =>
    evaluateLitmus(readLitmus(`C f {} P0(int *x, spinlock_t *l) { ${body} } exists (x=0)`)).flags;
  assert.deepEqual(flags("rcu_read_lock(); WRITE_ONCE(*x, 1);"), ["unmatched-rcu-lock"]);
  assert.deepEqual(flags("WRITE_ONCE(*x, 1); rcu_read_unlock();"), ["unmatched-rcu-unlock"]);
  assert.deepEqual(flags("spin_unlock(l); WRITE_ONCE(*x, 1);"), ["unmatched-unlock"]);
  assert.deepEqual(flags("rcu_read_lock(); spin_lock(l); spin_unlock(l); rcu_read_unlock();"), []);
});

it("answers hostile texts with a complaint, never with a crash", () => {
  const many = 20_000;
  const hostile = [
    wrap(`WRITE_ONCE(*x, ${"(".repeat(many)}1${")".repeat(many)});`),
    wrap(`WRITE_ONCE(*x, ${"!".repeat(many)}1);`),
    wrap("{".repeat(many)),
    wrap(`${"if (1) ".repeat(many)};`),
    wrap("WRITE_ONCE(*x, 1);", `exists ${"(".repeat(many)}`),
    wrap("WRITE_ONCE(*x, 1);", `exists ${"~".repeat(many)}(x=1)`),
    `C ${"x".repeat(many)}`,
    `C t\n${"(*".repeat(many)}`,
  ];
  for (const text of hostile) {
    assert.throws(() => readLitmus(text), {name: "LitmusError"}, text.slice(0, 60));
  }
  const long = readLitmus(wrap("int r = READ_ONCE(*x);".repeat(70)));
  assert.throws(() => evaluateLitmus(long), {name: "TooManyEvents"});
  const wide = wrap(Array.from({length: 20}, (_, i) => `int r${i} = READ_ONCE(*x);`).join(" "));
  const writers = `P1(int *x) { ${Array.from({length: 9}, (_, i) => `WRITE_ONCE(*x, ${i});`).join(" ")} }`;
  const large = readLitmus(wide.replace("exists", `${writers}\nexists`));
  assert.throws(() => evaluateLitmus(large), {name: "TooManyRuns"});
});

it("stops at an address that is none", () => {
  const test = readLitmus(wrap("int *p = READ_ONCE(*y); int r = READ_ONCE(*p);"));
  assert.throws(() => evaluateLitmus(test), {name: "BadAddress", value: 0, thread: 0});
});
