// The shared variables of a check under the Linux-kernel model: what the operational explorer keeps as state, as plain variables, plus the
// two mailboxes by which interrupts are told in a model that has none. An interrupt from a sender to a CPU is a store of its number to
// `request`; its handler, at some point of the target's program, reads that number and stores it to `acknowledged`.

import type {InvariantId} from "../../plan/invariants.ts";
import {lockText} from "../../program/cells.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import {noTaint} from "./event.ts";
import {addressBase, type Tainted} from "./recorder.ts";

/** Contents of a table's entry. The first three are those of the operational explorer. */
export const contents: Readonly<Record<"old" | "changed" | "unwritten" | "freed", number>> = {
  old: 0,
  changed: 1,
  unwritten: 2,
  freed: 3,
};

const contentsNames = ["old", "changed", "unwritten", "freed"];

/** What a walk makes of the contents it read. */
export function misuse(first: number, second: number): InvariantId | undefined {
  if (first === contents.unwritten || second === contents.unwritten || first !== second)
    return "I3";
  return first === contents.changed ? "I2" : undefined;
}

export interface Place {
  readonly name: string;
  readonly initial: number;
  readonly show: (value: number) => string;
}

/** What a request asks of its target; `invalidate` asks the MMU beside a CPU. */
export type RequestKind = "wait" | "nowait" | "flush" | "invalidate";

/** All variables a check may use, by number. Asking for one that is not there yet adds it, so ask for all before the first run. */
export class PolicyPlaces {
  readonly places: Place[] = [];
  private readonly world: SmallSystem;
  private readonly byKey = new Map<string, number>();

  constructor(world: SmallSystem) {
    this.world = world;
  }

  get initial(): number[] {
    return this.places.map(({initial}) => initial);
  }

  address(location: number): Tainted {
    return {value: addressBase + location, taint: noTaint};
  }

  tableName(pointer: number): string {
    return pointer === 0 ? "none" : (this.world.tables[pointer - 1]?.name ?? "?");
  }

  entry(slot: number): number {
    const {name, initial} = this.world.slots[slot];
    return this.place(`entry ${slot}`, `entry[${name}]`, initial + 1, (value) =>
      this.tableName(value),
    );
  }

  contents(table: number, entry: number): number {
    const {replacement} = this.world.tables[table];
    const which = this.world.pages > 1 && !replacement ? `[${entry}]` : "";
    return this.place(
      `contents ${table} ${replacement ? 0 : entry}`,
      `${this.tableName(table + 1)}${which}`,
      replacement ? contents.unwritten : contents.old,
      (value) => contentsNames[value] ?? String(value),
    );
  }

  share(table: number): number {
    const {sharers} = this.world.tables[table];
    return this.place(`share ${table}`, `share(${this.tableName(table + 1)})`, sharers);
  }

  lock(name: string): number {
    return this.place(`lock ${name}`, name, 0, lockText);
  }

  mode(place: number): number {
    const {cpus, writers, walkers} = this.world;
    const busy = writers.some((writer) => writer.place === place);
    const walks = walkers.some((walker) => walker.place === place);
    return this.place(
      `mode ${place}`,
      `mode[${cpus[place]}]`,
      busy ? 2 : walks ? 1 : 0,
      (value) => ["idle", "user", "kernel", "preempted"][value] ?? String(value),
    );
  }

  /** A state word of a policy; -1 where the index names no CPU or mm of the scope. */
  word(code: number, state: number, at: number): number {
    const declared = this.world.codes[code]?.states[state];
    if (declared === undefined) return -1;
    const {mms} = this.world.system;
    const show = (value: number): string => {
      if (declared.type === "mm")
        return value === 0 ? "none" : (mms[value - 1]?.name ?? String(value));
      return declared.type === "bool" ? String(value !== 0) : String(value);
    };
    const key = `word ${code} ${state} ${at}`;
    if (declared.scope === "global") return this.place(key, declared.name, declared.initial, show);
    if (declared.scope === "permm") {
      if (at < 1 || at > mms.length) return -1;
      return this.place(key, `${declared.name}[${mms[at - 1].name}]`, declared.initial, show);
    }
    if (!this.world.cpus.includes(at)) return -1;
    return this.place(key, `${declared.name}[${at}]`, declared.initial, show);
  }

  initialOfWord(code: number, state: number): number {
    return this.world.codes[code]?.states[state]?.initial ?? 0;
  }

  request(sender: number, place: number, kind: RequestKind): number {
    const key = `request ${sender} ${place} ${kind}`;
    return this.place(key, `${kindNames[kind]} to CPU ${this.world.cpus[place]}`, 0);
  }

  acknowledged(sender: number, place: number, kind: RequestKind): number {
    const key = `acknowledged ${sender} ${place} ${kind}`;
    return this.place(key, `${kindNames[kind]} of CPU ${this.world.cpus[place]} done`, 0);
  }

  /** Whether the walker that began at a CPU has gone on elsewhere. */
  left(place: number): number {
    return this.place(`left ${place}`, `CPU ${this.world.cpus[place]} left`, 0);
  }

  /** Where call_rcu() leaves the callback numbered by its task. */
  callback(task: number): number {
    return this.place(`callback ${task}`, "callback queue", 0);
  }

  private place(
    key: string,
    name: string,
    initial: number,
    show: (value: number) => string = String,
  ): number {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    this.byKey.set(key, this.places.length);
    return this.places.push({name, initial, show}) - 1;
  }
}

const kindNames: Readonly<Record<RequestKind, string>> = {
  wait: "interrupt",
  nowait: "interrupt (not waited for)",
  flush: "flush interrupt",
  invalidate: "invalidation",
};
