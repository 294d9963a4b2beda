// The instructions that only compute: no time passes, nobody else sees them.

import {type Code, op} from "../program/code.ts";
import {cpusOf} from "../units/cpuset.ts";
import type {BitSet} from "./bit-set.ts";

/** Opcodes below this one only compute. */
export const firstTimedOp = 32;

/** Executes the computing instruction at `pc`; returns where to go on, or -1 for the end of the hook. */
export function compute(code: Code, pc: number, r: Float64Array, s: readonly BitSet[]): number {
  const {ops} = code;
  const at = 4 * pc;
  const a = ops[at + 1];
  const b = ops[at + 2];
  const c = ops[at + 3];
  switch (ops[at]) {
    case op.ret:
      return -1;
    case op.number:
      r[a] = code.numbers[b];
      break;
    case op.move:
      r[a] = r[b];
      break;
    case op.jump:
      return a;
    case op.jumpUnless:
      if (r[a] === 0) return b;
      break;
    case op.add:
      r[a] = r[b] + r[c];
      break;
    case op.sub:
      r[a] = r[b] - r[c];
      break;
    case op.mul:
      r[a] = r[b] * r[c];
      break;
    case op.div:
      r[a] = r[b] / r[c];
      break;
    case op.eq:
      r[a] = r[b] === r[c] ? 1 : 0;
      break;
    case op.ne:
      r[a] = r[b] !== r[c] ? 1 : 0;
      break;
    case op.lt:
      r[a] = r[b] < r[c] ? 1 : 0;
      break;
    case op.le:
      r[a] = r[b] <= r[c] ? 1 : 0;
      break;
    case op.not:
      r[a] = r[b] === 0 ? 1 : 0;
      break;
    case op.neg:
      r[a] = -r[b];
      break;
    case op.set:
      s[a].clear();
      for (const cpu of cpusOf(code.cpuSets[b])) s[a].add(cpu);
      break;
    case op.setMove:
      s[a].copy(s[b]);
      break;
    case op.setUnion:
      combine(s[a], s[b], s[c], (x, y) => x | y);
      break;
    case op.setIntersection:
      combine(s[a], s[b], s[c], (x, y) => x & y);
      break;
    case op.setDifference:
      combine(s[a], s[b], s[c], (x, y) => x & ~y);
      break;
    case op.setClear:
      s[a].clear();
      break;
    case op.setAdd:
      s[a].add(r[b]);
      break;
    case op.setOf:
      s[a].clear();
      s[a].add(r[b]);
      break;
    case op.setSize:
      r[a] = s[b].size();
      break;
    case op.setHas:
      r[a] = s[c].has(r[b]) ? 1 : 0;
      break;
    case op.iterate:
      r[a] = -1;
      break;
    case op.next: {
      const next = s[b].next(r[a]);
      if (next < 0) return c;
      r[a] = next;
      break;
    }
    default:
      throw new RangeError(`policy ${code.policy}: instruction ${pc} is no computation`);
  }
  return pc + 1;
}

function combine(
  into: BitSet,
  left: BitSet,
  right: BitSet,
  bits: (x: number, y: number) => number,
): void {
  for (let i = 0; i < into.words.length; i++) into.words[i] = bits(left.words[i], right.words[i]);
}
