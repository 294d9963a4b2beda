// Which instructions a hook may come to, in whatever order: what a reader of Code can know without running it.

import {type Code, op} from "./code.ts";

/** Program counters that a hook, or any code from `entry` on, may execute; deferred blocks belong to their callback. */
export function reachable(code: Code, entry: number): Set<number> {
  const {ops} = code;
  const found = new Set<number>();
  const open = entry < 0 ? [] : [entry];
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (found.has(pc)) continue;
    found.add(pc);
    const opcode = ops[4 * pc] as number;
    if (opcode === op.ret || opcode === op.abort) continue;
    if (opcode === op.jump) open.push(ops[4 * pc + 1] as number);
    else if (opcode === op.defer) open.push(ops[4 * pc + 3] as number);
    else open.push(pc + 1);
    if (opcode === op.jumpUnless || opcode === op.waitUntil) open.push(ops[4 * pc + 2] as number);
    if (opcode === op.next) open.push(ops[4 * pc + 3] as number);
  }
  return found;
}

/** Program counters of the instructions `wanted` that the `op` hook comes to, its `sync` included; of its deferred blocks if `deferred`. */
export function reaches(
  code: Code,
  wanted: number,
  deferred: boolean,
  entry: number = code.entry.op,
): boolean {
  for (const pc of reachable(code, entry)) {
    const opcode = code.ops[4 * pc] as number;
    if (!deferred && opcode === wanted) return true;
    if (opcode === op.sync && reaches(code, wanted, deferred, code.entry.sync)) return true;
    if (deferred && opcode === op.defer && reaches(code, wanted, false, code.ops[4 * pc + 1]))
      return true;
  }
  return false;
}
