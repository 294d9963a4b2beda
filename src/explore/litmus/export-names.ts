// The names of an exported litmus test: C identifiers for what a check calls `walking[1]` or `entry[m]`. None is a word of herd7's C, the
// name of a register that the export makes up, or the name of something else.

import type {SmallSystem} from "../../program/small-system.ts";
import {contents} from "../lkmm/policy-places.ts";
import {primitives} from "./primitives.ts";

/** Shared variables of an export, with their initial values; each is declared when its name is first asked for. */
export class ExportNames {
  /** Name to initial value, as written in the initial block. */
  readonly variables: Map<string, string> = new Map();
  readonly locks: Set<string> = new Set();
  private readonly world: SmallSystem;
  /** What each identifier stands for, and the other way round. */
  private readonly meanings = new Map<string, string>();
  private readonly identifiers = new Map<string, string>();

  constructor(world: SmallSystem) {
    this.world = world;
  }

  /** What an upper entry points to when it points nowhere: a variable of its own, since herd does not test pointers against 0. */
  nothing(): string {
    return this.declare("nothing", "nothing", "0");
  }

  entry(slot: number): string {
    const {name, initial} = this.world.slots[slot];
    const value = initial < 0 ? this.nothing() : this.table(initial);
    return this.declare(`entry ${slot}`, `entry_${name}`, value);
  }

  table(table: number): string {
    const {name, replacement} = this.world.tables[table];
    const value = replacement ? contents.unwritten : contents.old;
    return this.declare(`table ${table}`, name, String(value));
  }

  share(table: number): string {
    const {name, sharers} = this.world.tables[table];
    return this.declare(`share ${table}`, `shares_of_${name}`, String(sharers));
  }

  lock(name: string): string {
    const lock = this.identifier(`lock ${name}`, name);
    this.locks.add(lock);
    return lock;
  }

  mode(place: number): string {
    const {cpus, writers, walkers} = this.world;
    const busy = writers.some((writer) => writer.place === place);
    const walks = walkers.some((walker) => walker.place === place);
    const initial = busy ? "2" : walks ? "1" : "0";
    return this.declare(`mode ${place}`, `mode_${cpus[place]}`, initial);
  }

  /** A state word; undefined where the index names no CPU or mm of the scope. */
  word(code: number, state: number, at: number): string | undefined {
    const declared = this.world.codes[code]?.states[state];
    if (declared === undefined) return undefined;
    const {mms} = this.world.system;
    const initial = String(declared.initial);
    const key = `word ${code} ${state} ${at}`;
    if (declared.scope === "global") {
      return this.declare(`word ${code} ${state}`, declared.name, initial);
    }
    if (declared.scope === "permm") {
      if (at < 1 || at > mms.length) return undefined;
      return this.declare(key, `${declared.name}_${mms[at - 1].name}`, initial);
    }
    if (!this.world.cpus.includes(at)) return undefined;
    return this.declare(key, `${declared.name}_${at}`, initial);
  }

  protocol(
    word: "ipi" | "flush" | "ack" | "flushed" | "callback" | "where",
    number: string,
  ): string {
    return this.declare(`${word} ${number}`, `${word}_${number}`, "0");
  }

  private declare(key: string, name: string, initial: string): string {
    const variable = this.identifier(key, name);
    if (!this.variables.has(variable)) this.variables.set(variable, initial);
    return variable;
  }

  /** The identifier of what `key` stands for, as near to `name` as may be. */
  private identifier(key: string, name: string): string {
    const known = this.identifiers.get(key);
    if (known !== undefined) return known;
    let wanted = name.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
    if (!/^[A-Za-z]/.test(wanted) || isTaken(wanted)) wanted = `the_${wanted}`;
    let free = wanted;
    for (let n = 2; this.meanings.has(free); n++) free = `${wanted}_${n}`;
    this.meanings.set(free, key);
    this.identifiers.set(key, free);
    return free;
  }
}

const words = new Set(
  [
    "int char long void struct volatile const if else while lock unlock mtx_lock mtx_unlock NULL atomic_t spinlock_t srcu_struct",
    "int8_t uint8_t int16_t uint16_t int32_t uint32_t int64_t uint64_t intptr_t uintptr_t mtx_t atomic_int true false not",
    "exists forall filter locations observed final with and WCAS SCAS fault ATOMIC_INIT",
  ].flatMap((line) => line.split(" ")),
);

/** Whether herd7 or the export itself means something else by a name: registers are a letter or a short word with a number. */
function isTaken(name: string): boolean {
  return (
    words.has(name) ||
    primitives.has(name) ||
    /^P[0-9]+$/.test(name) ||
    /^(c|w|m|p|v|x|r|q|i|bad|left|freed|pass)[0-9]+$/.test(name)
  );
}
