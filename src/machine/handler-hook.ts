// A policy's `ipi` hook and its deferred blocks: code that runs at one go, where nothing may wait. It takes effect at the instant it
// begins, since nobody may be looked at in the future; what it costs is taken from the CPU afterwards.

import {type Code, op} from "../program/code.ts";
import {BitSet} from "./bit-set.ts";
import {draw} from "./streams.ts";
import {readWord, storeWord} from "./tracked-word.ts";
import {compute, firstTimedOp} from "./value-ops.ts";
import type {World} from "./world.ts";

/** Runs the `ipi` hook of a policy, if it has one, from `at` on; returns its end. */
export function handlerHook(
  world: World,
  cpu: number,
  code: number,
  mm: number,
  at: number,
): number {
  const {entry, registers} = world.codes[code];
  if (entry.ipi < 0) return at;
  const r = new Float64Array(Math.max(2, registers));
  r[0] = cpu;
  r[1] = mm;
  return runAtomic(world, cpu, code, entry.ipi, r, at, () => undefined);
}

/** Runs instructions up to their `ret`; `release` is called for each release. Returns the end. */
export function runAtomic(
  world: World,
  cpu: number,
  index: number,
  entry: number,
  r: Float64Array,
  at: number,
  release: (at: number) => void,
): number {
  const code = world.codes[index];
  const {costs} = world;
  const {state} = world.streams;
  const stream = world.cpuStream[cpu];
  const sets = setsOf(world, code);
  const base = world.words.base[index];
  let now = at;
  let pc = entry;
  while (pc >= 0) {
    const place = 4 * pc;
    const opcode = code.ops[place];
    if (opcode < firstTimedOp) {
      pc = compute(code, pc, r, sets);
      continue;
    }
    const a = code.ops[place + 1];
    const b = code.ops[place + 2];
    const c = code.ops[place + 3];
    switch (opcode) {
      case op.load:
      case op.loadAcquire:
        now += draw(costs.load, state, stream);
        r[a] = readWord(world, base + b, c < 0 ? 0 : r[c], at);
        break;
      case op.store:
      case op.storeRelease:
      case op.exchange:
        now += draw(opcode === op.exchange ? costs.xchg : costs.store, state, stream);
        storeWord(world, base + a, b < 0 ? 0 : r[b], r[c], at, cpu);
        break;
      case op.mb:
        now += draw(costs.mb, state, stream);
        break;
      case op.wmb:
        now += draw(costs.wmb, state, stream);
        break;
      case op.rmb:
        now += draw(costs.rmb, state, stream);
        break;
      case op.delay:
        now += draw(world.delays[index][a], state, stream);
        break;
      case op.count:
        world.counters[world.counterBase[index] + a]++;
        break;
      case op.release:
        now += draw(costs.store, state, stream);
        release(at);
        break;
      default:
        throw new RangeError(
          `policy ${code.policy}: instruction ${pc} may not stand in an \`ipi\` hook or a deferred block`,
        );
    }
    pc++;
  }
  return now;
}

function setsOf(world: World, code: Code): BitSet[] {
  const sets = Array.from({length: code.setRegisters}, () => new BitSet(world.cpus.count));
  if (sets.length > 0) sets[0].copy(world.online);
  return sets;
}
