// A Code as text, one instruction a line, for `show` and for messages about a schedule.

import type {HookName} from "../plan/policy.ts";
import {cpuListText} from "../units/cpuset.ts";
import {type Code, type OpName, op, opNames} from "./code.ts";

const operandNotation: Readonly<Partial<Record<OpName, string>>> = {
  number: "rA = kB",
  move: "rA = rB",
  jump: "->A",
  jumpUnless: "rA ->B",
  add: "rA = rB + rC",
  sub: "rA = rB - rC",
  mul: "rA = rB * rC",
  div: "rA = rB / rC",
  eq: "rA = rB == rC",
  ne: "rA = rB != rC",
  lt: "rA = rB < rC",
  le: "rA = rB <= rC",
  not: "rA = not rB",
  neg: "rA = -rB",
  set: "sA = cB",
  setMove: "sA = sB",
  setUnion: "sA = sB | sC",
  setIntersection: "sA = sB & sC",
  setDifference: "sA = sB - sC",
  setClear: "sA = {}",
  setAdd: "sA += rB",
  setOf: "sA = {rB}",
  setSize: "rA = |sB|",
  setHas: "rA = rB in sC",
  iterate: "rA",
  next: "rA in sB ->C",
  load: "rA = wB[rC]",
  loadAcquire: "rA = wB[rC]",
  store: "wA[rB] = rC",
  storeRelease: "wA[rB] = rC",
  exchange: "wA[rB] = rC",
  loadMask: "sA = mask(rB)",
  loadMode: "rA = mode[rB]",
  ipi: "rA wait=B",
  waitGp: "expedited=A",
  waitUntil: "rA ->B sleep=C",
  defer: "->A expedited=B then ->C",
  flush: "rA",
  delay: "dA",
  count: "nA",
  lock: "lA",
  unlock: "lA",
};

/** Lists a Code: hook names as labels, pools resolved, jump targets as instruction numbers. */
export function listing(code: Code): string {
  const labels = new Map<number, HookName[]>();
  for (const [hook, pc] of Object.entries(code.entry) as [HookName, number][]) {
    if (pc >= 0) labels.set(pc, [...(labels.get(pc) ?? []), hook]);
  }
  const lines: string[] = [];
  for (let pc = 0; pc < code.ops.length / 4; pc++) {
    for (const hook of labels.get(pc) ?? []) lines.push(`on ${hook}:`);
    lines.push(`${String(pc).padStart(5)}  ${instructionText(code, pc)}`);
  }
  return lines.join("\n");
}

/** One instruction as text, without its number. */
export function instructionText(code: Code, pc: number): string {
  const word = (operand: number): number => code.ops[4 * pc + operand] as number;
  const name = opNames[word(0)] as OpName;
  const letters = {A: word(1), B: word(2), C: word(3)};
  const operands = (operandNotation[name] ?? "").replace(
    /([rscwdknl]|->|=)?([ABC])\b/g,
    (_, sort: string | undefined, letter: "A" | "B" | "C") => {
      const value = letters[letter];
      switch (sort) {
        case "k":
          return String(code.numbers[value]);
        case "c":
          return `{${cpuListText(code.cpuSets[value] ?? [])}}`;
        case "w":
          return code.states[value]?.name ?? `w${value}`;
        case "n":
          return code.counters[value] ?? `n${value}`;
        case "l":
          return code.locks[value] ?? `l${value}`;
        case "r":
          return value === 0 ? "self" : value === 1 ? "mm" : value < 0 ? "global" : `r${value}`;
        case "s":
          return value === 0 ? "online" : `s${value}`;
        default:
          return `${sort ?? ""}${value}`;
      }
    },
  );
  return word(0) === op.ret ? "ret" : `${name} ${operands}`.trimEnd();
}
