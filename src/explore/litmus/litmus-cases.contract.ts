// Litmus tests with verdicts that are known, and the short notation they are written in: threads separated by `|`, statements by `;`.
//   Wx1  WRITE_ONCE(*x, 1)      Rx=a  a = READ_ONCE(*x)      Px1, Qx=a  the same, plain
//   Sx1  smp_store_release      Ax=a  smp_load_acquire       [ ]  rcu_read_lock, unlock      gp  synchronize_rcu
//   mb wmb rmb  fences          Lx Ux  spin_lock, spin_unlock
// Anything else is C. A case gives its verdict as four letters, for SC, TSO, PSO and LKMM: N never, S sometimes, A always; `-` where the
// operational meaning of the primitives under that model is a matter of taste (relaxed atomics, after-lock fences).

export interface LitmusCase {
  readonly name: string;
  readonly threads: string;
  readonly condition: string;
  readonly verdicts: string;
  readonly initial?: string;
  /** Expected flag under LKMM. */
  readonly flag?: "data-race";
}

/** The C text of a case. */
export function litmusText({name, threads, condition, initial}: LitmusCase): string {
  const bodies = threads.split("|").map((body) => body.split(";").map((word) => word.trim()));
  const variables = [
    ...new Set([...variablesIn(bodies.flat()), ...((initial ?? "").match(/\b[a-z]\b/g) ?? [])]),
  ];
  const locks = new Set(bodies.flat().flatMap((word) => /^[LU]([a-z])$/.exec(word)?.[1] ?? []));
  const parameters = variables
    .map((variable) => `${locks.has(variable) ? "spinlock_t" : "int"} *${variable}`)
    .join(", ");
  const text = bodies.map((body, thread) => {
    const lines = body.map((word) => `  ${statement(word)}`);
    return `P${thread}(${parameters})\n{\n${lines.join("\n")}\n}\n`;
  });
  const question = /^\s*(exists|~exists|forall|filter|locations)/.test(condition)
    ? condition
    : `exists (${condition})`;
  return `C ${name}\n\n{ ${initial ?? ""} }\n\n${text.join("\n")}\n${question}\n`;
}

const access = /^([WRPQSALU])([a-z])(?:=?)(.*)$/;

function variablesIn(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const match = fixed.has(word) ? null : access.exec(word);
    if (match !== null && !word.includes("(")) return [match[2]];
    return [...word.matchAll(/[*&(, ]([u-z])\b/g)].map((found) => found[1]);
  });
}

const fixed: ReadonlyMap<string, string> = new Map([
  ["mb", "smp_mb();"],
  ["wmb", "smp_wmb();"],
  ["rmb", "smp_rmb();"],
  ["[", "rcu_read_lock();"],
  ["]", "rcu_read_unlock();"],
  ["gp", "synchronize_rcu();"],
  ["", ""],
]);

function statement(word: string): string {
  const known = fixed.get(word);
  if (known !== undefined) return known;
  const match = access.exec(word);
  if (match === null || word.includes("(")) return /[{}]$/.test(word) ? word : `${word};`;
  const [, kind, variable, rest] = match;
  switch (kind) {
    case "W":
      return `WRITE_ONCE(*${variable}, ${rest});`;
    case "S":
      return `smp_store_release(${variable}, ${rest});`;
    case "P":
      return `*${variable} = ${rest};`;
    case "R":
      return `int ${rest} = READ_ONCE(*${variable});`;
    case "A":
      return `int ${rest} = smp_load_acquire(${variable});`;
    case "Q":
      return `int ${rest} = *${variable};`;
    case "L":
      return `spin_lock(${variable});`;
    default:
      return `spin_unlock(${variable});`;
  }
}

function row(
  name: string,
  threads: string,
  condition: string,
  verdicts: string,
  more: Partial<LitmusCase> = {},
): LitmusCase {
  return {name, threads, condition, verdicts, ...more};
}

const mp = "1:a=1 /\\ 1:b=0";
const sb = "0:a=0 /\\ 1:b=0";
const lb = "0:a=1 /\\ 1:b=1";

/**
 * The classical shapes. Letters follow from the definitions: TSO gives up only store to load, PSO also store to store, LKMM keeps what a
 * fence, a release, an acquire or a dependency keeps, and is not multi-copy atomic unless strong fences make it so.
 */
export const classicalCases: readonly LitmusCase[] = [
  // Message passing: needs the two stores in order and the two loads in order.
  row("MP", "Wx1;Wy1|Ry=a;Rx=b", mp, "NNSS"),
  row("MP+wmb+po", "Wx1;wmb;Wy1|Ry=a;Rx=b", mp, "NNNS"),
  row("MP+po+rmb", "Wx1;Wy1|Ry=a;rmb;Rx=b", mp, "NNSS"),
  row("MP+wmb+rmb", "Wx1;wmb;Wy1|Ry=a;rmb;Rx=b", mp, "NNNN"),
  row("MP+mb+mb", "Wx1;mb;Wy1|Ry=a;mb;Rx=b", mp, "NNNN"),
  row("MP+rel+acq", "Wx1;Sy1|Ay=a;Rx=b", mp, "NNNN"),
  row("MP+rel+rmb", "Wx1;Sy1|Ry=a;rmb;Rx=b", mp, "NNNN"),
  row("MP+wmb+acq", "Wx1;wmb;Wy1|Ay=a;Rx=b", mp, "NNNN"),
  row("MP+rel+po", "Wx1;Sy1|Ry=a;Rx=b", mp, "NNNS"),
  // smp_wmb() does not order the loads, nor smp_rmb() the stores.
  row("MP+rmb+wmb", "Wx1;rmb;Wy1|Ry=a;wmb;Rx=b", mp, "NNSS"),
  // A release on the first store, an acquire on the second load: on the wrong side.
  row("MP+wrong-rel+wrong-acq", "Sx1;Wy1|Ry=a;Ax=b", mp, "NNSS"),
  // A control dependency does not order two loads.
  row("MP+wmb+ctrl", "Wx1;wmb;Wy1|Ry=a;int b = 7;if (a) {;b = READ_ONCE(*x);}", mp, "NNNS"),
  row("MP+wmb+ctrl-rmb", "Wx1;wmb;Wy1|Ry=a;int b = 7;if (a) {;rmb;b = READ_ONCE(*x);}", mp, "NNNN"),
  row("MP+sync+rmb", "Wx1;gp;Wy1|Ry=a;rmb;Rx=b", mp, "NNNN"),
  // rcu_read_lock() and rcu_read_unlock() order nothing by themselves.
  row("MP+rscs+rscs", "[;Wx1;Wy1;]|[;Ry=a;Rx=b;]", mp, "NNSS"),
  row("MP+barrier+barrier", "Wx1;barrier();Wy1|Ry=a;barrier();Rx=b", mp, "NNSS"),

  // Store buffering: only a full barrier on both sides helps.
  row("SB", "Wx1;Ry=a|Wy1;Rx=b", sb, "NSSS"),
  row("SB+mb+mb", "Wx1;mb;Ry=a|Wy1;mb;Rx=b", sb, "NNNN"),
  row("SB+mb+po", "Wx1;mb;Ry=a|Wy1;Rx=b", sb, "NSSS"),
  row("SB+mb+rmb", "Wx1;mb;Ry=a|Wy1;rmb;Rx=b", sb, "NSSS"),
  row("SB+mb+wmb", "Wx1;mb;Ry=a|Wy1;wmb;Rx=b", sb, "NSSS"),
  row("SB+relacq", "Sx1;Ay=a|Sy1;Ax=b", sb, "NSSS"),
  row("SB+sync+mb", "Wx1;gp;Ry=a|Wy1;mb;Rx=b", sb, "NNNN"),
  row("SB+storemb", "smp_store_mb(*x, 1);Ry=a|smp_store_mb(*y, 1);Rx=b", sb, "NNNN"),
  // Reading one's own store early: rfi is not global.
  row("SB+rfi", "Wx1;Rx=c;Ry=a|Wy1;Ry=d;Rx=b", sb, "NSSS"),

  // Load buffering: reads before writes; a dependency or anything stronger suffices, and TSO and PSO never do it.
  row("LB", "Rx=a;Wy1|Ry=b;Wx1", lb, "NNNS"),
  row("LB+mb+po", "Rx=a;mb;Wy1|Ry=b;Wx1", lb, "NNNS"),
  row("LB+mb+mb", "Rx=a;mb;Wy1|Ry=b;mb;Wx1", lb, "NNNN"),
  row("LB+ctrl+mb", "Rx=a;if (a) {;Wy1;}|Ry=b;mb;Wx1", lb, "NNNN"),
  row("LB+ctrl+ctrl", "Rx=a;if (a) {;Wy1;}|Ry=b;if (b) {;Wx1;}", lb, "NNNN"),
  row("LB+acq+rel", "Ax=a;Wy1|Ry=b;Sx1", lb, "NNNN"),
  row("LB+acq+po", "Ax=a;Wy1|Ry=b;Wx1", lb, "NNNS"),
  row("LB+data+data", "Rx=a;Wya|Ry=b;Wxb", lb, "NNNN"),
  row("LB+false-data", "Rx=a;WRITE_ONCE(*y, a * 0 + 1)|Ry=b;WRITE_ONCE(*x, b * 0 + 1)", lb, "NNNN"),
  // smp_rmb() and smp_wmb() do not order a load before a store.
  row("LB+rmb+wmb", "Rx=a;rmb;Wy1|Ry=b;wmb;Wx1", lb, "NNNS"),
  // A store after the `if` does not depend on its test, whichever way it went.
  row("LB+after-if+mb", "Rx=a;if (a) {;Wz1;};Wy1|Ry=b;mb;Wx1", lb, "NNNS"),
  // Constant registers assigned in a branch carry no dependency out of it.
  row("LB+reg-in-if+mb", "Rx=a;int c = 1;if (a) {;c = 1;};Wyc|Ry=b;mb;Wx1", lb, "NNNS"),

  // R, S and 2+2W: shapes with coherence edges.
  row("R", "Wx1;Wy1|Wy2;Rx=a", "y=2 /\\ 1:a=0", "NSSS"),
  row("R+mb+mb", "Wx1;mb;Wy1|Wy2;mb;Rx=a", "y=2 /\\ 1:a=0", "NNNN"),
  // Propagation of stores needs strong fences where the link is not reads-from.
  row("R+wmb+mb", "Wx1;wmb;Wy1|Wy2;mb;Rx=a", "y=2 /\\ 1:a=0", "NNNS"),
  row("R+rel+mb", "Wx1;Sy1|Wy2;mb;Rx=a", "y=2 /\\ 1:a=0", "NNNS"),
  row("S", "Wx2;Wy1|Ry=a;Wx1", "1:a=1 /\\ x=2", "NNSS"),
  row("S+wmb+acq", "Wx2;wmb;Wy1|Ay=a;Wx1", "1:a=1 /\\ x=2", "NNNN"),
  row("S+rel+data", "Wx2;Sy1|Ry=a;Wxa", "1:a=1 /\\ x=2", "NNNN"),
  row("S+rel+ctrl", "Wx2;Sy1|Ry=a;if (a) {;Wx1;}", "1:a=1 /\\ x=2", "NNNN"),
  row("S+po+acq", "Wx2;Wy1|Ay=a;Wx1", "1:a=1 /\\ x=2", "NNSS"),
  row("2+2W", "Wx1;Wy2|Wy1;Wx2", "x=1 /\\ y=1", "NNSS"),
  row("2+2W+mb+mb", "Wx1;mb;Wy2|Wy1;mb;Wx2", "x=1 /\\ y=1", "NNNN"),
  // LKMM does not promise this one for smp_wmb() or release: no strong fence.
  row("2+2W+wmb+wmb", "Wx1;wmb;Wy2|Wy1;wmb;Wx2", "x=1 /\\ y=1", "NNNS"),
  row("2+2W+rel+rel", "Wx1;Sy2|Wy1;Sx2", "x=1 /\\ y=1", "NNNS"),
  row("2+2W+mb+wmb", "Wx1;mb;Wy2|Wy1;wmb;Wx2", "x=1 /\\ y=1", "NNNS"),

  // Coherence: one variable, no fence needed.
  row("CoRR", "Wx1|Rx=a;Rx=b", mp, "NNNN"),
  row("CoWR", "Wx1;Rx=a|Wx2", "0:a=0", "NNNN"),
  row("CoRW", "Rx=a;Wx1|Wx2", "0:a=1", "NNNN"),
  row("CoWW", "Wx1;Wx2", "x=1", "NNNN"),
  row("CoRR-two", "Wx1|Wx2|Rx=a;Rx=b|Rx=a;Rx=b", "2:a=1 /\\ 2:b=2 /\\ 3:a=2 /\\ 3:b=1", "NNNN"),

  // Three and four threads.
  row("WRC", "Wx1|Rx=a;Wy1|Ry=b;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNS"),
  row("WRC+rel+rmb", "Wx1|Rx=a;Sy1|Ry=b;rmb;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNN"),
  row("WRC+mb+rmb", "Wx1|Rx=a;mb;Wy1|Ry=b;rmb;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNN"),
  // A dependency is not cumulative: the first store need not have reached the third thread.
  row("WRC+data+rmb", "Wx1|Rx=a;Wya|Ry=b;rmb;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNS"),
  row("WRC+acq+rmb", "Wx1|Ax=a;Wy1|Ry=b;rmb;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNS"),
  row("ISA2", "Wx1;Wy1|Ry=a;Wz1|Rz=b;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNSS"),
  row("ISA2+rel+relacq+acq", "Wx1;Sy1|Ay=a;Sz1|Az=b;Rx=c", "1:a=1 /\\ 2:b=1 /\\ 2:c=0", "NNNN"),
  // smp_wmb() orders stores, not what a third thread has seen of them: prop does not run through the data dependency.
  row(
    "ISA2+wmb+data+rmb",
    "Wx1;wmb;Wy1|Ry=a;Wza|Rz=b;rmb;Rx=c",
    "1:a=1 /\\ 2:b=1 /\\ 2:c=0",
    "NNNS",
  ),
  row("IRIW", "Wx1|Wy1|Rx=a;Ry=b|Ry=c;Rx=d", "2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0", "NNNS"),
  row(
    "IRIW+mb+mb",
    "Wx1|Wy1|Rx=a;mb;Ry=b|Ry=c;mb;Rx=d",
    "2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0",
    "NNNN",
  ),
  row(
    "IRIW+rmb+rmb",
    "Wx1|Wy1|Rx=a;rmb;Ry=b|Ry=c;rmb;Rx=d",
    "2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0",
    "NNNS",
  ),
  row("IRIW+acq+acq", "Wx1|Wy1|Ax=a;Ry=b|Ay=c;Rx=d", "2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0", "NNNS"),
  row(
    "IRIW+mb+rmb",
    "Wx1|Wy1|Rx=a;mb;Ry=b|Ry=c;rmb;Rx=d",
    "2:a=1 /\\ 2:b=0 /\\ 3:c=1 /\\ 3:d=0",
    "NNNS",
  ),
  row("RWC+mb+mb", "Wx1|Rx=a;mb;Ry=b|Wy1;mb;Rx=c", "1:a=1 /\\ 1:b=0 /\\ 2:c=0", "NNNN"),
  row("RWC", "Wx1|Rx=a;Ry=b|Wy1;Rx=c", "1:a=1 /\\ 1:b=0 /\\ 2:c=0", "NSSS"),
  row("W+RWC+rel+acq+mb", "Wx1;Sy1|Ay=a;Rz=b|Wz1;mb;Rx=c", "1:a=1 /\\ 1:b=0 /\\ 2:c=0", "NNNS"),
  // Release-acquire chains do not order a store against a thread outside the chain; a strong fence at each such link does.
  row("Z6.0+rel+acqrel+mb", "Wx1;Sy1|Ay=a;Sz1|Wz2;mb;Rx=b", "1:a=1 /\\ z=2 /\\ 2:b=0", "NNNS"),
  row("Z6.0+mb+mb+mb", "Wx1;mb;Wy1|Ry=a;mb;Wz1|Wz2;mb;Rx=b", "1:a=1 /\\ z=2 /\\ 2:b=0", "NNNN"),
  row("Z6.2+rel+acqrel+acqrel", "Wx2;Sy1|Ay=a;Sz1|Az=b;Sx1", "1:a=1 /\\ 2:b=1 /\\ x=2", "NNNN"),
  row("3.LB+data", "Rx=a;Wya|Ry=b;Wzb|Rz=c;Wxc", "0:a=1 /\\ 1:b=1 /\\ 2:c=1", "NNNN"),
  row("3.SB+mb", "Wx1;mb;Ry=a|Wy1;mb;Rz=b|Wz1;mb;Rx=c", "0:a=0 /\\ 1:b=0 /\\ 2:c=0", "NNNN"),
  row("3.SB+mb+mb+po", "Wx1;mb;Ry=a|Wy1;mb;Rz=b|Wz1;Rx=c", "0:a=0 /\\ 1:b=0 /\\ 2:c=0", "NSSS"),
];

const fresh = "rcu_assign_pointer(*y, x)";
const pointers = "y=z; z=0; x=0;";

/** Dependencies through pointers, and plain accesses. */
export const dependencyCases: readonly LitmusCase[] = [
  // The kernel's publication idiom: the address dependency orders the loads.
  row(
    "MP+onceassign+derefonce",
    `Wx1;${fresh}|[;int *p = rcu_dereference(*y);int b = READ_ONCE(*p);]`,
    "1:p=x /\\ 1:b=0",
    "NNNN",
    {initial: pointers},
  ),
  row(
    "MP+once+derefonce",
    "Wx1;WRITE_ONCE(*y, x)|int *p = READ_ONCE(*y);int b = READ_ONCE(*p)",
    "1:p=x /\\ 1:b=0",
    "NNSS",
    {initial: pointers},
  ),
  row(
    "MP+wmb+addr",
    "Wx1;wmb;WRITE_ONCE(*y, x)|int *p = READ_ONCE(*y);int b = READ_ONCE(*p)",
    "1:p=x /\\ 1:b=0",
    "NNNN",
    {initial: pointers},
  ),
  // Comparing the pointer is a control dependency only; the load itself uses a constant address.
  row(
    "MP+rel+compare",
    "Wx1;smp_store_release(y, x)|int *p = READ_ONCE(*y);int b = 7;if (p == x) {;b = READ_ONCE(*x);}",
    "1:b=0",
    "NNNS",
    {initial: pointers},
  ),
  row(
    "LB+addr+mb",
    "int *p = READ_ONCE(*y);WRITE_ONCE(*p, 1)|Rx=b;mb;WRITE_ONCE(*y, x)",
    "0:p=x /\\ 1:b=1",
    "NNNN",
    {initial: pointers},
  ),
  // Dependencies are carried through plain variables.
  row(
    "dep+plain",
    "Rx=a;*v = a;*w = *v;if (*w == 1) {;Wy1;}|Ay=r;smp_store_release(x, r)",
    "x=1 /\\ y=1",
    "NNNN",
  ),
  // An address dependency into a plain store that smp_wmb() follows orders the later store.
  row(
    "LB+addr-plain-wmb+mb",
    "int *p = READ_ONCE(*y);*p = 5;wmb;Wx1|Rx=b;mb;WRITE_ONCE(*y, w)",
    "0:p=w /\\ 1:b=1",
    "NNNN",
    {initial: "y=z; z=0; w=0;"},
  ),
  // Plain accesses with proper fences do not race; without, they do.
  row("MP+plain+rel+acq", "Px1;Sy1|Ay=a;int b = 7;if (a) {;b = *x;}", mp, "NNNN"),
  row("MP+plain+wmb+rmb", "Px1;wmb;Wy1|Ry=a;rmb;int b = 7;if (a) {;b = *x;}", mp, "NNNN"),
  row("MP+plain", "Px1;Wy1|Ry=a;int b = 7;if (a) {;b = *x;}", mp, "NNSS", {flag: "data-race"}),
  row("MP+plain+rel+po", "Px1;Sy1|Ry=a;int b = 7;if (a) {;b = *x;}", mp, "NNNS", {
    flag: "data-race",
  }),
  row("two-plain-writers", "Px1|Px2", "x=1", "SSSS", {flag: "data-race"}),
  row("plain-read-marked-write", "Qx=a|Wx1", "0:a=1", "SSSS", {flag: "data-race"}),
  row("plain-under-lock", "Lw;Qx=a;*x = a + 1;Uw|Lw;Qx=b;*x = b + 1;Uw", "x=2", "AAAA"),
  row("plain-reads-only", "Qx=a|Qx=b", "0:a=0", "AAAA"),
  // Only an address dependency or a fence bounds a plain store; the compiler may move it before the test.
  row("plain+ctrl", "Qx=a;Sy1|Ry=b;if (b) {;Px1;}", "0:a=1", "NNNS", {flag: "data-race"}),
];

/** Grace periods: forbidden exactly when a cycle has at least as many grace periods as read-side sections. */
export const rcuCases: readonly LitmusCase[] = [
  row("RCU-MP", "[;Ry=a;Rx=b;]|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "NNNN"),
  row("RCU-MP-swapped", "[;Rx=b;Ry=a;]|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "NNNN"),
  row("RCU-LB", "[;Rx=a;Wy1;]|Ry=b;gp;Wx1", lb, "NNNN"),
  row("RCU-SB", "[;Wx1;Ry=a;]|Wy1;gp;Rx=b", sb, "NNNN"),
  row("RCU-2+2W", "[;Wx1;Wy2;]|Wy1;gp;Wx2", "x=1 /\\ y=1", "NNNN"),
  row("RCU-exp", "[;Rx=b;Ry=a;]|Wx1;synchronize_rcu_expedited();Wy1", "0:a=1 /\\ 0:b=0", "NNNN"),
  row("RCU-MP-no-lock", "Rx=b;Ry=a|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "SSSS"),
  // The section ends too early: only one of the loads is inside.
  row("RCU-MP-short", "[;Rx=b;];Ry=a|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "SSSS"),
  row("RCU-MP-split", "[;Rx=b;];[;Ry=a;]|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "SSSS"),
  // Nested sections count as the outermost.
  row("RCU-nested", "[;[;Rx=b;];Ry=a;]|Wx1;gp;Wy1", "0:a=1 /\\ 0:b=0", "NNNN"),
  row(
    "RCU-one-gp-two-sections",
    "[;Rx=a;Wy1;]|[;Ry=b;Wz1;]|Rz=c;gp;Wx1",
    "0:a=1 /\\ 1:b=1 /\\ 2:c=1",
    "NNNS",
  ),
  row(
    "RCU-two-gps-two-sections",
    "[;Rx=a;Wy1;]|[;Ry=b;Wz1;]|Rz=c;gp;gp;Wx1",
    "0:a=1 /\\ 1:b=1 /\\ 2:c=1",
    "NNNN",
  ),
  row(
    "RCU-two-gp-threads",
    "[;Rx=a;Wy1;]|[;Ry=b;Wz1;]|Rz=c;gp;Wv1|Rv=d;gp;Wx1",
    "0:a=1 /\\ 1:b=1 /\\ 2:c=1 /\\ 3:d=1",
    "NNNN",
  ),
  // A grace period is a strong fence by itself.
  row("SB+gp+gp", "Wx1;gp;Ry=a|Wy1;gp;Rx=b", sb, "NNNN"),
  row(
    "RCU-gp-gp-rscs",
    "[;Rx=b;Ry=a;]|Wx1;gp;Wz1|Rz=c;gp;Wy1",
    "0:a=1 /\\ 0:b=0 /\\ 2:c=1",
    "NNNN",
  ),
  // call_rcu() as a thread of its own that starts after it was asked to.
  row(
    "RCU-callback",
    "[;int *p = rcu_dereference(*y);int b = READ_ONCE(*p);]|rcu_assign_pointer(*y, z);smp_store_release(w, 1)|Aw=c;gp;Wx0",
    "filter (2:c=1) exists (0:p=x /\\ 0:b=0)",
    "NNNN",
    {initial: "x=1; y=x; z=1; w=0;"},
  ),
  row(
    "RCU-callback-too-early",
    "[;int *p = rcu_dereference(*y);int b = READ_ONCE(*p);]|smp_store_release(w, 1);rcu_assign_pointer(*y, z)|Aw=c;gp;Wx0",
    "filter (2:c=1) exists (0:p=x /\\ 0:b=0)",
    "SSSS",
    {initial: "x=1; y=x; z=1; w=0;"},
  ),
];

/** Locks, and atomic read-modify-writes. */
export const atomicCases: readonly LitmusCase[] = [
  row("MP+polocks", "Wx1;Lw;Wy1;Uw|Lw;Ry=a;Uw;Rx=b", mp, "NNNN"),
  row("MP+porevlocks", "Lw;Wx1;Uw;Wy1|Ry=a;Lw;Rx=b;Uw", mp, "NNNN"),
  row("SB+locked", "Lw;Wx1;Ry=a;Uw|Lw;Wy1;Rx=b;Uw", sb, "NNNN"),
  // What precedes a lock may sink into the critical section, and likewise on the other side.
  row("SB+before-lock", "Wx1;Lw;Ry=a;Uw|Wy1;Lv;Rx=b;Uv", sb, "NNNS"),
  row("SB+after-spinlock", "Wx1;Lw;smp_mb__after_spinlock();Ry=a;Uw|Wy1;mb;Rx=b", sb, "NNNN"),
  row(
    "ISA2+locks+mb",
    "Lw;Wx1;Wy1;Uw|Lw;Ry=a;Wz1;Uw|Rz=b;mb;Rx=c",
    "1:a=1 /\\ 2:b=1 /\\ 2:c=0",
    "NNNN",
  ),
  row(
    "Z6.0+locks+mb",
    "Lw;Wx1;Wy1;Uw|Lw;Ry=a;Wz1;Uw|Wz2;mb;Rx=b",
    "1:a=1 /\\ z=2 /\\ 2:b=0",
    "NNNS",
  ),
  row(
    "Z6.0+locks-after+mb",
    "Lw;Wx1;Wy1;Uw|Lw;smp_mb__after_spinlock();Ry=a;Wz1;Uw|Wz2;mb;Rx=b",
    "1:a=1 /\\ z=2 /\\ 2:b=0",
    "NNNN",
  ),
  row(
    "Z6.0+after-unlock-lock",
    "Lw;Wx1;Uw|Lw;smp_mb__after_unlock_lock();Wz1;Uw|Wz2;mb;Rx=b",
    "forall (true)",
    "AAAA",
  ),
  row("LB+unlocklock+acq", "Lw;Rx=a;Uw;Lw;Wy1;Uw|Ay=b;Wx1", lb, "NNNN"),
  row("MP+unlocklock+rmb", "Lw;Wx1;Uw;Lw;Wy1;Uw|Ry=a;rmb;Rx=b", mp, "NNNN"),
  row("lock-excludes", "Lw;Wx1;Wx2;Uw|Lw;Rx=a;Uw", "1:a=1", "NNNN"),
  row(
    "trylock-one-wins",
    "int a = spin_trylock(w)|int b = spin_trylock(w)",
    "0:a=1 /\\ 1:b=1",
    "NNNN",
  ),
  row(
    "trylock-may-fail",
    "int a = spin_trylock(w)|int b = spin_trylock(w)",
    "0:a=1 /\\ 1:b=0",
    "SSSS",
  ),
  row("is-locked-inside", "spin_lock(w);int a = spin_is_locked(w);spin_unlock(w)", "0:a=1", "AAAA"),
  // Taking a lock is a load with acquire and a store; the store alone is not ordered before what follows.
  row(
    "MP+polockonce+poacquiresilsil",
    "Lw;Wx1;Uw|Ax=a;int b = spin_is_locked(w);int c = spin_is_locked(w)",
    "1:a=1 /\\ 1:b=0 /\\ 1:c=1",
    "NNNS",
  ),
  row(
    "MP+polockmbonce+poacquiresilsil",
    "Lw;smp_mb__after_spinlock();Wx1;Uw|Ax=a;int b = spin_is_locked(w);int c = spin_is_locked(w)",
    "1:a=1 /\\ 1:b=0 /\\ 1:c=1",
    "NNNN",
  ),
  row(
    "is-locked-outside",
    "spin_lock(w);spin_unlock(w)|int a = spin_is_locked(w)",
    "1:a=1",
    "SSSS",
  ),

  row("inc-inc", "atomic_inc(x)|atomic_inc(x)", "x=2", "AAAA"),
  row(
    "xchg-twice",
    "int a = xchg_relaxed(x, 1)|int b = xchg_relaxed(x, 2)",
    "0:a=2 /\\ 1:b=1",
    "NNNN",
  ),
  row(
    "cmpxchg-once",
    "int a = cmpxchg(x, 0, 1)|int b = cmpxchg(x, 0, 2)",
    "0:a=0 /\\ 1:b=0",
    "NNNN",
  ),
  row("store-inside-rmw", "atomic_add(2, x)|Wx1", "x=2", "NNNN"),
  row("store-before-rmw", "atomic_add(2, x)|Wx1", "x=3", "SSSS"),
  row("lost-update", "int a = atomic_fetch_add(1, x)|Wx5", "0:a=0 /\\ x=1", "NNNN"),
  row("SB+xchg+xchg", "int c = xchg(x, 1);Ry=a|int d = xchg(y, 1);Rx=b", sb, "NNNN"),
  row(
    "SB+xchg-relaxed",
    "int c = xchg_relaxed(x, 1);Ry=a|int d = xchg_relaxed(y, 1);Rx=b",
    sb,
    "N--S",
  ),
  row("SB+xchg+mb", "int c = xchg(x, 1);Ry=a|Wy1;mb;Rx=b", sb, "NNNN"),
  row(
    "SB+inc-return",
    "int c = atomic_inc_return(x);Ry=a|int d = atomic_inc_return(y);Rx=b",
    sb,
    "NNNN",
  ),
  // An operation that returns nothing orders nothing; smp_mb__after_atomic() makes up for it.
  row("SB+inc", "atomic_inc(x);Ry=a|atomic_inc(y);Rx=b", sb, "N--S"),
  row(
    "SB+inc-after-atomic",
    "atomic_inc(x);smp_mb__after_atomic();Ry=a|atomic_inc(y);smp_mb__after_atomic();Rx=b",
    sb,
    "NNNN",
  ),
  // A full barrier between what precedes it and everything from the atomic operation on.
  row("SB+before-atomic", "Wz1;smp_mb__before_atomic();atomic_inc(x);Ry=a|Wy1;mb;Rz=b", sb, "NNNN"),
  // A failed cmpxchg() orders nothing in LKMM.
  row("SB+failed-cmpxchg", "Wx1;int c = cmpxchg(z, 5, 6);Ry=a|Wy1;mb;Rx=b", sb, "N--S"),
  row("SB+cmpxchg", "Wx1;int c = cmpxchg(z, 0, 6);Ry=a|Wy1;mb;Rx=b", sb, "NNNN"),
  row(
    "MP+xchg-release+acquire",
    "Wx1;int c = xchg_release(y, 1);|int a = xchg_acquire(y, 2);Rx=b",
    mp,
    "NNNN",
  ),
  row(
    "MP+xchg-acquire+release",
    "Wx1;int c = xchg_acquire(y, 1)|int a = xchg_release(y, 2);Rx=b",
    mp,
    "N--S",
  ),
  // Read-modify-writes in between keep a release sequence going.
  row("MP+rel+inc+acq", "Wx1;Sy1|atomic_inc(y)|Ay=a;Rx=b", "2:a=2 /\\ 2:b=0", "N--N"),
  row(
    "add-unless",
    "int a = atomic_add_unless(x, 1, 1)|int b = atomic_add_unless(x, 1, 1)",
    "0:a=1 /\\ 1:b=1",
    "NNNN",
  ),
  row(
    "dec-and-test",
    "int a = atomic_dec_and_test(x)|int b = atomic_dec_and_test(x)",
    "0:a=1 /\\ 1:b=1 \\/ 0:a=0 /\\ 1:b=0",
    "NNNN",
    {initial: "x=2;"},
  ),
  row(
    "lock-by-xchg",
    "int c = xchg_acquire(w, 1);Wx1;Ry=a;Sw0|int d = xchg_acquire(w, 1);Wy1;Rx=b;Sw0",
    "filter (0:c=0 /\\ 1:d=0) exists (0:a=0 /\\ 1:b=0)",
    "NNNN",
  ),
];
