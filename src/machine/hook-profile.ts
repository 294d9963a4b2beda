// What a policy's `enter` and `exit` hooks do to every walk, found once by running them on symbols: so many ticks before and after the
// walk, and these words stored at these offsets. A walk then needs no interpretation at all.
//
// (1) Values are constants, or "what the word held when the walk began" (`let old = walking`). Everything else, such as a load of a word
//     that other CPUs write, makes the hooks depend on the moment; then there is no profile and walks are stepped (`stepped-walk.ts`).
// (2) Costs must be constants, or offsets would differ from walk to walk.
// (3) The hooks must restore every word they store, so that between walks all words have their initial value.

import {type Code, op} from "../program/code.ts";
import type {Costs} from "./costs.ts";
import {lawOf} from "./streams.ts";
import type {WordLayout} from "./words.ts";

export interface ProfiledStore {
  readonly word: number;
  /** Ticks after the start of the walk's hooks, or before their end. */
  readonly offset: number;
  readonly fromEnd: boolean;
  /** Whether the stored value is that which the word had when the walk began. */
  readonly restores: boolean;
  readonly value: number;
}

export interface HookProfile {
  /** Ticks. */
  readonly enter: number;
  readonly exit: number;
  readonly stores: readonly ProfiledStore[];
}

export const emptyProfile: HookProfile = {enter: 0, exit: 0, stores: []};

type Symbol = {readonly constant: number} | {readonly oldOf: number} | {readonly self: true};

/** `undefined` when walks of `mm` (1-based) must be stepped. */
export function profileOf(
  codes: readonly Code[],
  words: WordLayout,
  costs: Costs,
  mm: number,
): HookProfile | undefined {
  const registers = codes.map((code) => {
    const values: Symbol[] = new Array(Math.max(2, code.registers)).fill({constant: 0});
    values[0] = {self: true};
    values[1] = {constant: mm};
    return values;
  });
  const held = new Map<number, Symbol>();
  const enterStores: {word: number; at: number; value: Symbol}[] = [];
  let enter = 0;
  for (let i = 0; i < codes.length; i++) {
    const run = runSymbolic(
      codes[i],
      codes[i].entry.enter,
      registers[i],
      words.base[i],
      costs,
      held,
    );
    if (run === undefined) return undefined;
    for (const store of run.stores) enterStores.push({...store, at: enter + store.at});
    enter += run.time;
  }
  const exitStores: {word: number; at: number; value: Symbol}[] = [];
  let exit = 0;
  for (let i = codes.length - 1; i >= 0; i--) {
    const run = runSymbolic(
      codes[i],
      codes[i].entry.exit,
      registers[i],
      words.base[i],
      costs,
      held,
    );
    if (run === undefined) return undefined;
    for (const store of run.stores) exitStores.push({...store, at: exit + store.at});
    exit += run.time;
  }
  for (const [word, value] of held) {
    const restored =
      "oldOf" in value
        ? value.oldOf === word
        : "constant" in value && value.constant === words.initial[word];
    if (!restored) return undefined;
  }
  const stores: ProfiledStore[] = [];
  for (const {word, at, value} of enterStores) {
    const stored = plain(word, value);
    if (stored === undefined) return undefined;
    stores.push({word, offset: at, fromEnd: false, ...stored});
  }
  for (const {word, at, value} of exitStores) {
    const stored = plain(word, value);
    if (stored === undefined) return undefined;
    stores.push({word, offset: exit - at, fromEnd: true, ...stored});
  }
  return {enter, exit, stores};
}

function plain(word: number, value: Symbol): {restores: boolean; value: number} | undefined {
  if ("constant" in value) return {restores: false, value: value.constant};
  if ("oldOf" in value && value.oldOf === word) return {restores: true, value: 0};
  return undefined;
}

function runSymbolic(
  code: Code,
  entry: number,
  registers: Symbol[],
  base: number,
  costs: Costs,
  held: Map<number, Symbol>,
): {time: number; stores: {word: number; at: number; value: Symbol}[]} | undefined {
  const stores: {word: number; at: number; value: Symbol}[] = [];
  let time = 0;
  const spend = (ticks: number): boolean => {
    time += ticks;
    return ticks >= 0;
  };
  if (entry < 0) return {time, stores};
  for (let pc = entry, steps = 0; steps < 10_000; steps++) {
    const [code4, a, b, c] = code.ops.subarray(4 * pc, 4 * pc + 4);
    pc++;
    switch (code4) {
      case op.ret:
        return {time, stores};
      case op.number:
        registers[a] = {constant: code.numbers[b]};
        break;
      case op.move:
        registers[a] = registers[b];
        break;
      case op.jump:
        pc = a;
        break;
      case op.jumpUnless: {
        const test = registers[a];
        if (!("constant" in test)) return undefined;
        if (test.constant === 0) pc = b;
        break;
      }
      case op.eq:
      case op.ne: {
        const [left, right] = [registers[b], registers[c]];
        if (!("constant" in left && "constant" in right)) return undefined;
        const same = left.constant === right.constant;
        registers[a] = {constant: same === (code4 === op.eq) ? 1 : 0};
        break;
      }
      case op.not: {
        const of = registers[b];
        if (!("constant" in of)) return undefined;
        registers[a] = {constant: of.constant === 0 ? 1 : 0};
        break;
      }
      case op.load:
      case op.loadAcquire: {
        if (code.states[b].scope !== "percpu" || !("self" in registers[c])) return undefined;
        registers[a] = held.get(base + b) ?? {oldOf: base + b};
        if (!spend(costs.load.constant)) return undefined;
        break;
      }
      case op.store:
      case op.storeRelease:
      case op.exchange: {
        if (code.states[a].scope !== "percpu" || !("self" in registers[b])) return undefined;
        const law = code4 === op.exchange ? costs.xchg : costs.store;
        if (!spend(law.constant)) return undefined;
        held.set(base + a, registers[c]);
        stores.push({word: base + a, at: time, value: registers[c]});
        break;
      }
      case op.mb:
        if (!spend(costs.mb.constant)) return undefined;
        break;
      case op.wmb:
        if (!spend(costs.wmb.constant)) return undefined;
        break;
      case op.rmb:
        if (!spend(costs.rmb.constant)) return undefined;
        break;
      case op.delay: {
        const law = lawOf(code.distributions[a]);
        if (!spend(law.constant)) return undefined;
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}
