// The instructions of a task that only compute: numbers carry the loads they came from, sets of CPUs do not (a set built under a condition
// carries a control dependency at most, and that ends with the branch).

import {op} from "../../program/code.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import type {Ins} from "../instructions.ts";
import {noTaint, taintOf} from "./event.ts";
import type {Tainted} from "./recorder.ts";

/** What `mask(mm)` reads, as places. */
export function maskOf(world: SmallSystem, mm: number): number {
  const {machine, mms} = world.system;
  if (!machine.mmCpumask) return 0;
  const ranges = [...(mms[mm - 1]?.cpus ?? []), ...(mms[mm - 1]?.lazy ?? [])];
  let mask = 0;
  for (const [place, cpu] of world.cpus.entries()) {
    if (ranges.some(([low, high]) => cpu >= low && cpu <= high)) mask |= 1 << place;
  }
  return mask;
}

/** Executes an instruction that touches no memory. */
export function compute(world: SmallSystem, ins: Ins, r: Tainted[], s: number[]): void {
  const {a, b, c} = ins;
  const bit = (cpu: number): number => {
    const place = world.cpus.indexOf(cpu);
    return place < 0 ? 0 : 1 << place;
  };
  const binary = (combine: (p: number, q: number) => number): void => {
    r[a] = {value: combine(r[b].value, r[c].value), taint: taintOf(r[b].taint, r[c].taint)};
  };
  switch (ins.op) {
    case op.number:
      r[a] = {value: b, taint: noTaint};
      return;
    case op.move:
      r[a] = r[b];
      return;
    case op.add:
      binary((p, q) => p + q);
      return;
    case op.sub:
      binary((p, q) => p - q);
      return;
    case op.mul:
      binary((p, q) => p * q);
      return;
    case op.div:
      binary((p, q) => p / q);
      return;
    case op.eq:
      binary((p, q) => Number(p === q));
      return;
    case op.ne:
      binary((p, q) => Number(p !== q));
      return;
    case op.lt:
      binary((p, q) => Number(p < q));
      return;
    case op.le:
      binary((p, q) => Number(p <= q));
      return;
    case op.not:
      r[a] = {value: Number(r[b].value === 0), taint: r[b].taint};
      return;
    case op.neg:
      r[a] = {value: -r[b].value, taint: r[b].taint};
      return;
    case op.set:
      s[a] = b;
      return;
    case op.setMove:
      s[a] = s[b];
      return;
    case op.setUnion:
      s[a] = s[b] | s[c];
      return;
    case op.setIntersection:
      s[a] = s[b] & s[c];
      return;
    case op.setDifference:
      s[a] = s[b] & ~s[c];
      return;
    case op.setClear:
      s[a] = 0;
      return;
    case op.setAdd:
      s[a] |= bit(r[b].value);
      return;
    case op.setOf:
      s[a] = bit(r[b].value);
      return;
    case op.setSize:
      r[a] = {value: s[b].toString(2).replaceAll("0", "").length, taint: noTaint};
      return;
    case op.setHas:
      r[a] = {value: Number((bit(r[b].value) & s[c]) !== 0), taint: r[b].taint};
      return;
    case op.iterate:
      r[a] = {value: -1, taint: noTaint};
      return;
    default:
  }
}
