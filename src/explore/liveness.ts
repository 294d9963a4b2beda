// Which registers of a task program are read again. A register that is not is cleared when a local state is formed: two states that
// differ only in what nobody will look at are one state, which is worth an order of magnitude.

import {op} from "../program/code.ts";
import {flagsRegister, type Ins, type TaskProgram, x} from "./instructions.ts";

export interface Liveness {
  /** For each instruction, the value and set registers live before it. */
  readonly values: readonly (readonly number[])[];
  readonly sets: readonly (readonly number[])[];
}

/** Backward data flow to the least fixed point. */
export function livenessOf(program: TaskProgram): Liveness {
  const count = program.ins.length;
  const values = new Array<bigint>(count + 1).fill(0n);
  const sets = new Array<bigint>(count + 1).fill(0n);
  const effects = program.ins.map(effectOf);
  for (let changed = true; changed; ) {
    changed = false;
    for (let pc = count - 1; pc >= 0; pc--) {
      const ins = program.ins[pc] as Ins;
      const effect = effects[pc] as Effect;
      let v = 0n;
      let s = 0n;
      for (const next of successors(ins, pc)) {
        v |= values[next] ?? 0n;
        s |= sets[next] ?? 0n;
      }
      v = (v & ~effect.def) | effect.use;
      s = (s & ~effect.setDef) | effect.setUse;
      if (ins.op === x.callback) {
        v |= ~0n << BigInt(ins.b);
        s |= ~0n << BigInt(ins.c);
      }
      if (v !== values[pc] || s !== sets[pc]) {
        values[pc] = v;
        sets[pc] = s;
        changed = true;
      }
    }
  }
  const always = 3n | (1n << BigInt(flagsRegister));
  const listed = (mask: bigint, count: number): number[] =>
    Array.from({length: count}, (_, i) => i).filter((i) => ((mask >> BigInt(i)) & 1n) !== 0n);
  return {
    values: values.map((mask) => listed(mask | always, program.registers)),
    sets: sets.map((mask) => listed(mask | 1n, program.setRegisters)),
  };
}

function successors(ins: Ins, pc: number): number[] {
  switch (ins.op) {
    case op.jump:
      return [ins.a];
    case op.jumpUnless:
      return [pc + 1, ins.b];
    case op.waitUntil:
      return [pc + 1, ins.b];
    case op.next:
      return [pc + 1, ins.c];
    case x.choose:
      return [ins.a, ins.b];
    case x.iret:
      return [ins.a];
    case x.done:
    case x.violate:
      return [];
    default:
      return [pc + 1];
  }
}

interface Effect {
  readonly def: bigint;
  readonly use: bigint;
  readonly setDef: bigint;
  readonly setUse: bigint;
}

function effectOf(ins: Ins): Effect {
  const bit = (register: number): bigint => (register < 0 ? 0n : 1n << BigInt(register));
  const effect = (def: bigint, use: bigint, setDef = 0n, setUse = 0n): Effect => ({
    def,
    use,
    setDef,
    setUse,
  });
  const {a, b, c} = ins;
  switch (ins.op) {
    case op.number:
    case op.iterate:
    case x.loadEntry:
    case x.shareLoad:
    case x.shareDrop:
    case x.mmuLoad:
      return effect(bit(a), 0n);
    case op.move:
    case op.not:
    case op.neg:
    case op.loadMode:
      return effect(bit(a), bit(b));
    case op.jumpUnless:
    case op.waitUntil:
    case op.ipi:
    case x.mmuFill:
    case x.mmuUse:
      return effect(0n, bit(a));
    case op.add:
    case op.sub:
    case op.mul:
    case op.div:
    case op.eq:
    case op.ne:
    case op.lt:
    case op.le:
      return effect(bit(a), bit(b) | bit(c));
    case op.set:
    case op.setClear:
      return effect(0n, 0n, bit(a));
    case op.setMove:
      return effect(0n, 0n, bit(a), bit(b));
    case op.setUnion:
    case op.setIntersection:
    case op.setDifference:
      return effect(0n, 0n, bit(a), bit(b) | bit(c));
    case op.setAdd:
      return effect(0n, bit(b), 0n, bit(a));
    case op.setOf:
    case op.loadMask:
      return effect(0n, bit(b), bit(a));
    case op.setSize:
      return effect(bit(a), 0n, 0n, bit(b));
    case x.loadOnline:
      return effect(0n, 0n, bit(0));
    case op.setHas:
      return effect(bit(a), bit(b), 0n, bit(c));
    case op.next:
      return effect(0n, bit(a), 0n, bit(b));
    case op.load:
    case op.loadAcquire:
      return effect(bit(a), bit(c));
    case op.store:
    case op.storeRelease:
    case op.exchange:
      return effect(0n, bit(b) | bit(c));
    case x.deref:
      return effect(bit(a), bit(c));
    case x.use:
      return effect(0n, bit(a) | bit(b));
    default:
      return effect(0n, 0n);
  }
}
