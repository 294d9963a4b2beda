// The names of an exported litmus test: C identifiers for what a check calls `walking[1]` or `entry[m]`.

import type {SmallSystem} from "../../program/small-system.ts";
import {contents} from "../lkmm/policy-places.ts";

/** Shared variables of an export, with their initial values; each is declared when its name is first asked for. */
export class ExportNames {
  /** Name to initial value, as written in the initial block. */
  readonly variables: Map<string, string> = new Map();
  readonly locks: Set<string> = new Set();
  private readonly world: SmallSystem;

  constructor(world: SmallSystem) {
    this.world = world;
  }

  /** What an upper entry points to when it points nowhere: a variable of its own, since herd does not test pointers against 0. */
  nothing(): string {
    return this.declare("nothing", "0");
  }

  entry(slot: number): string {
    const {name, initial} = this.world.slots[slot];
    const value = initial < 0 ? this.nothing() : this.table(initial);
    return this.declare(`entry_${identifier(name)}`, value);
  }

  table(table: number): string {
    const {name, replacement} = this.world.tables[table];
    const value = replacement ? contents.unwritten : contents.old;
    return this.declare(identifier(name), String(value));
  }

  share(table: number): string {
    const {name, sharers} = this.world.tables[table];
    return this.declare(`shares_of_${identifier(name)}`, String(sharers));
  }

  lock(name: string): string {
    this.locks.add(identifier(name));
    return identifier(name);
  }

  mode(place: number): string {
    const {cpus, writers, walkers} = this.world;
    const busy = writers.some((writer) => writer.place === place);
    const walks = walkers.some((walker) => walker.place === place);
    return this.declare(`mode_${cpus[place]}`, busy ? "2" : walks ? "1" : "0");
  }

  /** A state word; undefined where the index names no CPU or mm of the scope. */
  word(code: number, state: number, at: number): string | undefined {
    const declared = this.world.codes[code]?.states[state];
    if (declared === undefined) return undefined;
    const {mms} = this.world.system;
    const initial = String(declared.initial);
    if (declared.scope === "global") return this.declare(identifier(declared.name), initial);
    if (declared.scope === "permm") {
      if (at < 1 || at > mms.length) return undefined;
      return this.declare(`${identifier(declared.name)}_${identifier(mms[at - 1].name)}`, initial);
    }
    if (!this.world.cpus.includes(at)) return undefined;
    return this.declare(`${identifier(declared.name)}_${at}`, initial);
  }

  protocol(
    word: "ipi" | "flush" | "ack" | "flushed" | "callback" | "where",
    number: string,
  ): string {
    return this.declare(`${word}_${number}`, "0");
  }

  private declare(name: string, initial: string): string {
    if (!this.variables.has(name)) this.variables.set(name, initial);
    return name;
  }
}

function identifier(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_");
}
