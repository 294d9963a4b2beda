// What the automata of one exploration have in common, found while they are built: locations and the values stored to them, kinds of
// interrupt, owners of grace periods. `grown` says that something new was found since it was last cleared.

import {
  contentsCell,
  entryCell,
  lockCell,
  lockText,
  modeCell,
  onlineCell,
  pageCell,
  shareCell,
  wordCell,
} from "../program/cells.ts";
import type {SmallSystem} from "../program/small-system.ts";
import {handlerCodes, pluggable, waitsForAcks} from "../program/step-rules.ts";
import {type TaskProgram, x} from "./instructions.ts";
import type {Interrupt, Location} from "./local-state.ts";

/** Values of a location that are kept apart. Which values can be stored is over-approximated, so reaching this is no error by itself. */
export const mostValues = 16;

export class Vocabulary {
  readonly world: SmallSystem;
  readonly programs: readonly TaskProgram[];
  readonly locations: Location[] = [];
  readonly interrupts: Interrupt[] = [];
  readonly owners: number[] = [];
  private readonly byKey = new Map<string, number>();
  grown: boolean = false;

  readonly symmetric: boolean;

  constructor(world: SmallSystem, programs: readonly TaskProgram[], symmetric: boolean) {
    this.world = world;
    this.programs = programs;
    this.symmetric = symmetric;
  }

  private location(
    key: string,
    name: string,
    home: number,
    initial: number,
    show: (value: number) => string,
    once = false,
  ): number {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const index = this.locations.length;
    this.locations.push({key, name, index, home, values: [initial], show, once});
    this.byKey.set(key, index);
    return index;
  }

  tableName(pointer: number): string {
    return pointer === 0 ? "none" : (this.world.tables[pointer - 1]?.name ?? "?");
  }

  entry(slot: number): number {
    const {name, initial} = this.world.slots[slot] as SmallSystem["slots"][number];
    return this.location(entryCell(slot), `entry[${name}]`, -1, initial + 1, (value) =>
      this.tableName(value),
    );
  }

  page(table: number): number {
    const show = (value: number): string => (value === 0 ? "live" : "freed");
    return this.location(pageCell(table), this.tableName(table + 1), -1, 0, show, true);
  }

  contents(table: number, entry: number): number {
    const replacement = this.world.tables[table]?.replacement === true;
    const show = (value: number): string =>
      [replacement ? "written" : "old", "changed", "unwritten"][value] ?? "?";
    const name = this.world.pages > 1 ? `[${entry}]` : "";
    return this.location(
      contentsCell(table, replacement ? 0 : entry),
      `${this.tableName(table + 1)}${replacement ? "" : name}.contents`,
      -1,
      replacement ? 2 : 0,
      show,
    );
  }

  share(table: number): number {
    const sharers = this.world.tables[table]?.sharers ?? 0;
    return this.location(
      shareCell(table),
      `share(${this.tableName(table + 1)})`,
      -1,
      sharers,
      String,
    );
  }

  lock(name: string): number {
    return this.location(lockCell(name), name, -1, 0, lockText);
  }

  /** How many tasks may have a lock for reading at the same time. */
  readers(name: string): number {
    const readers = this.programs.filter(({ins, locks}) =>
      ins.some((one) => one.op === x.readLock && locks[one.a] === name),
    ).length;
    // Free, taken, and a value for each number of readers.
    if (readers + 2 > mostValues)
      throw new RangeError(`${name} has ${readers} readers; a check keeps ${mostValues - 2} apart`);
    return readers;
  }

  /** Which CPUs are online, as a mask of places: as many may be gone at a time as come and go in all. */
  online(): number {
    const {world} = this;
    const may = pluggable(world);
    const all = (1 << world.cpus.length) - 1;
    const show = (mask: number): string => {
      const cpus = world.cpus.filter((_, place) => (mask >> place) & 1);
      return cpus.join(", ");
    };
    const index = this.location(onlineCell, "online", -1, all, show);
    const {values} = this.locations[index] as Location;
    if (values.length > 1) return index;
    let masks = [all];
    for (let gone = 0; gone < Math.min(may.length, world.scope.hotplugs ?? 0); gone++) {
      masks = masks.flatMap((mask) => may.map((cpu) => mask & ~(1 << world.cpus.indexOf(cpu))));
      for (const mask of masks) if (!values.includes(mask)) values.push(mask);
    }
    if (values.length > mostValues) {
      throw new RangeError(
        `${may.length} CPUs may come and go, which is more than a check keeps apart; ask for fewer CPUs or for 1 hotplug`,
      );
    }
    return index;
  }

  mode(place: number): number {
    const cpu = this.world.cpus[place];
    const busy = this.world.writers.some((w) => w.place === place);
    const walks = this.world.walkers.some((w) => w.place === place);
    const show = (value: number): string => ["idle", "user", "kernel", "preempted"][value] ?? "?";
    return this.location(modeCell(place), `mode[${cpu}]`, place, busy ? 2 : walks ? 1 : 0, show);
  }

  /** The location of a state word; -1 where the index names no CPU or mm of the scope. */
  word(code: number, state: number, at: number): number {
    const policy = this.world.codes[code];
    const declared = policy?.states[state];
    if (declared === undefined) return -1;
    const {mms} = this.world.system;
    const show = (value: number): string =>
      declared.type === "mm"
        ? value === 0
          ? "none"
          : (mms[value - 1]?.name ?? String(value))
        : declared.type === "bool"
          ? String(value !== 0)
          : String(value);
    const key = wordCell(code, state, at);
    if (declared.scope === "global")
      return this.location(key, declared.name, -1, declared.initial, show);
    if (declared.scope === "permm") {
      if (at < 1 || at > mms.length) return -1;
      const name = `${declared.name}[${mms[at - 1]?.name}]`;
      return this.location(key, name, -1, declared.initial, show);
    }
    const place = this.world.cpus.indexOf(at);
    if (place < 0) return -1;
    return this.location(key, `${declared.name}[${at}]`, place, declared.initial, show);
  }

  initialOfWord(code: number, state: number): number {
    return this.world.codes[code]?.states[state]?.initial ?? 0;
  }

  /** Index of a value at a location, adding it; -1 when the location has as many values as a check can keep apart. */
  valueAt(location: number, value: number): number {
    const {values} = this.locations[location] as Location;
    const at = values.indexOf(value);
    if (at >= 0) return at;
    if (values.length >= mostValues) return -1;
    this.grown = true;
    return values.push(value) - 1;
  }

  /** The interrupts of a kind that a sender sends from a Code; -1: from none, as those of a flush. */
  interrupt(sender: number, kind: Interrupt["kind"], code = -1): number {
    const writer = this.world.writers[sender];
    const hook =
      kind === "flush" || writer === undefined
        ? -1
        : handlerCodes(this.world, writer).indexOf(code);
    const at = this.interrupts.findIndex(
      (i) => i.sender === sender && i.kind === kind && i.hook === hook,
    );
    if (at >= 0) return at;
    this.grown = true;
    return this.interrupts.push({sender, kind, hook}) - 1;
  }

  /** Whether a sender's waits are steps: whether its text sends anything that could be waited for. */
  waits(sender: number): boolean {
    const writer = this.world.writers[sender];
    return writer !== undefined && waitsForAcks(this.world, writer);
  }

  owner(task: number): number {
    const at = this.owners.indexOf(task);
    if (at >= 0) return at;
    this.grown = true;
    return this.owners.push(task) - 1;
  }
}
