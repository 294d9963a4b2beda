// The Code of a policy: one flat program of micro-steps. The engine runs it with costs and time, the checker explores it with memory
// models and without time; both read the same four words an instruction.
//
// Representation. `ops` holds 4 int32 a instruction: opcode, a, b, c. A program counter counts instructions, so instruction pc starts at
// ops[4 * pc]. Values live in numbered registers of the running context (a walk, a write, a callback, a handler): value registers hold
// numbers (booleans 0 and 1, CPUs from 0, mms from 1 with 0 for none), set registers hold CPU sets. Registers 0 and 1 are given when a
// context starts: r0 = self, r1 = mm; set register 0 = online. A register is written before it is read on every path (the assembler
// guarantees it). At most one access to shared memory an instruction.

import type {HookName, PolicyState} from "../plan/policy.ts";
import type {CpuSet} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";

/** Operands are written `rX` value register, `sX` set register, `kX` pool index, `->pc` jump target. */
export const op = {
  /** End of a hook or of a deferred block. */
  ret: 0,
  /** r[a] = numbers[b] */
  number: 1,
  /** r[a] = r[b] */
  move: 2,
  /** -> a */
  jump: 3,
  /** if r[a] is 0 -> b */
  jumpUnless: 4,
  /** r[a] = r[b] + r[c]; likewise below */
  add: 5,
  sub: 6,
  mul: 7,
  div: 8,
  eq: 9,
  ne: 10,
  lt: 11,
  le: 12,
  /** r[a] = not r[b] */
  not: 13,
  /** r[a] = -r[b] */
  neg: 14,
  /** s[a] = cpuSets[b] */
  set: 15,
  /** s[a] = s[b] */
  setMove: 16,
  /** s[a] = s[b] | s[c], and so on */
  setUnion: 17,
  setIntersection: 18,
  setDifference: 19,
  /** s[a] = {} */
  setClear: 20,
  /** s[a] += CPU r[b] */
  setAdd: 21,
  /** s[a] = {CPU r[b]} */
  setOf: 22,
  /** r[a] = |s[b]| */
  setSize: 23,
  /** r[a] = CPU r[b] in s[c] */
  setHas: 24,
  /** r[a] = -1: before the first CPU of an iteration */
  iterate: 25,
  /** r[a] = next CPU of s[b] after r[a]; -> c when there is none */
  next: 26,
  /** r[a] = state b at index r[c] (CPU or mm; -1: global); one load. */
  load: 32,
  /** The same with acquire ordering. */
  loadAcquire: 33,
  /** state a at index r[b] (-1: global) = r[c]; plain */
  store: 34,
  storeRelease: 35,
  /** The same as an atomic exchange, a full barrier. */
  exchange: 36,
  mb: 37,
  wmb: 38,
  rmb: 39,
  /** s[a] = mm_cpumask of mm r[b]; one load */
  loadMask: 40,
  /** r[a] = context-tracking mode of CPU r[b]; one load; c = 1: with acquire ordering */
  loadMode: 41,
  /** Queue the `ipi` hook for CPU r[a]; b = 1: to be waited for */
  ipi: 48,
  waitAcks: 49,
  /** a = 1: expedited */
  waitGp: 50,
  /** One round of a wait: if r[a] holds go on at b, else spin (c = 0) or sleep (c = 1) and go on at the next instruction, which re-evaluates. */
  waitUntil: 51,
  /** Run instructions from a, up to their `ret`, after a grace period; b = 1: expedited. Goes on at c. */
  defer: 52,
  /** TLB flush for mm r[a] */
  flush: 53,
  unhook: 54,
  release: 55,
  alloc: 56,
  copy: 57,
  publish: 58,
  abort: 59,
  /** Call the `sync` hook */
  sync: 60,
  /** Lasts a draw of distributions[a] */
  delay: 61,
  /** counters[a] += 1 */
  count: 62,
  /** Take or release locks[a] */
  lock: 63,
  unlock: 64,
} as const;

export type OpName = keyof typeof op;

/** Name of each opcode, by number; for listings and messages. */
export const opNames: readonly string[] = (() => {
  const names: string[] = [];
  for (const [name, code] of Object.entries(op)) names[code] = name;
  return names;
})();

export interface Code {
  readonly policy: string;
  readonly ops: Int32Array;
  /** Entry of each hook; -1 where the policy has none (then it does nothing). `op` and `sync` are always present. */
  readonly entry: Readonly<Record<HookName, number>>;
  readonly numbers: Float64Array;
  readonly cpuSets: readonly CpuSet[];
  readonly distributions: readonly Distribution[];
  readonly states: readonly PolicyState[];
  readonly counters: readonly string[];
  readonly locks: readonly string[];
  /** How many value and set registers a context needs. */
  readonly registers: number;
  readonly setRegisters: number;
  /** Names of `enter`'s locals that `exit` reads keep their registers between the two; these are they. */
  readonly carried: readonly number[];
}
