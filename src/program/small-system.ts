// The system cut down to the scope of a check: which CPUs take part, which task runs on which of them, which tables exist.
//
// CPUs keep the numbers they have in the machine everywhere a policy or a reader sees them; `place` is their rank among the chosen
// ones. Every writer has a CPU to itself; the other CPUs of the scope go to the walkers in turn, and what is left over is idle, which
// still receives interrupts. Hardware walkers and NMI walkers need no CPU of their own: they run beside whatever a chosen CPU runs.
//
// A table belongs to an operation: each of a writer's operations unhooks a table of its own (the previous one is replaced by a fresh table
// between two operations), so that a pointer that was read earlier is recognisable as stale. A slot is an upper-level entry of an mm;
// mms that share a table have a slot each that point to the same table.

import type {CheckScope} from "../plan/check-plan.ts";
import type {Policy} from "../plan/policy.ts";
import type {System, Walker, Writer} from "../plan/system.ts";
import {cpusOf, hasCpu} from "../units/cpuset.ts";
import {assemble} from "./assemble.ts";
import {type Code, op} from "./code.ts";
import {sharersOf} from "./sharers-of.ts";

export interface WalkerTask {
  readonly walker: Walker;
  readonly place: number;
  readonly mm: number;
  readonly slots: readonly number[];
}

export interface WriterTask {
  readonly writer: Writer;
  readonly place: number;
  readonly mm: number;
  readonly slot: number;
  /** Table of each operation, and the replacement that a `publish` of that operation would link (-1 where the policy has none). */
  readonly tables: readonly number[];
  readonly replacements: readonly number[];
  readonly policy: number;
  /** Index of the policy that takes over when its allocation fails; -1: none. */
  readonly fallback: number;
}

export interface Table {
  readonly name: string;
  /** Mms other than the unsharing one that use the table through slots of their own. */
  readonly sharers: number;
  readonly replacement: boolean;
}

export interface Slot {
  readonly mm: number;
  readonly name: string;
  /** Table at the start; -1 none. */
  readonly initial: number;
}

export interface SmallSystem {
  readonly system: System;
  readonly scope: CheckScope;
  readonly path: "sync" | "whole";
  /** Machine CPU number of each place, ascending. */
  readonly cpus: readonly number[];
  readonly walkers: readonly WalkerTask[];
  readonly nmis: readonly WalkerTask[];
  readonly mmus: readonly WalkerTask[];
  readonly writers: readonly WriterTask[];
  readonly codes: readonly Code[];
  readonly tables: readonly Table[];
  readonly slots: readonly Slot[];
  /** Entries of a table that are told apart: 1 or 2. */
  readonly pages: number;
  /** What the scope left out, one sentence each. */
  readonly notes: readonly string[];
}

/** Most CPUs an exploration is built for; masks of CPUs are 32-bit words. */
export const mostCpus = 16;

/** Cuts a system down to a scope. Throws a `RangeError` that says what to change when the scope cannot hold the scenario. */
export function smallSystem(system: System, scope: CheckScope): SmallSystem {
  const {machine} = system;
  const available = machine.sockets * machine.coresPerSocket * machine.smt;
  if (scope.cpus > mostCpus) {
    throw new RangeError(`check for ${scope.cpus} cpus: at most ${mostCpus} can be explored`);
  }
  if (scope.cpus > available) {
    throw new RangeError(
      `check for ${scope.cpus} cpus: machine ${machine.name} has ${available}; ask for fewer or give it more cores`,
    );
  }
  if (scope.cpus < system.writers.length) {
    throw new RangeError(
      `check for ${scope.cpus} cpus: the scenario has ${system.writers.length} writers, which run on a CPU each`,
    );
  }
  if ((scope.hotplugs ?? 0) > 0 && scope.migrations > 0) {
    throw new RangeError(
      "a check has hotplugs or migrations, not both: CPUs come and go between the walks of their walkers",
    );
  }
  const notes: string[] = [];
  const chosen: number[] = [];
  const writerCpus = system.writers.map((writer) => {
    let cpu = writer.on;
    for (let next = 0; chosen.includes(cpu); next++) cpu = next;
    chosen.push(cpu);
    return cpu;
  });
  const plain = system.walkers.filter((w) => w.kind !== "hardware" && !isNmi(w, scope));
  const beside = system.walkers.filter((w) => w.kind === "hardware" || isNmi(w, scope));
  const homes = new Map<number, Walker>();
  const candidates = plain.map((walker) =>
    cpusOf(walker.on).filter((cpu) => cpu < available && !chosen.includes(cpu)),
  );
  const placed = new Set<Walker>();
  for (let progress = true; progress && chosen.length < scope.cpus; ) {
    progress = false;
    for (const [index, walker] of plain.entries()) {
      const cpu = candidates[index]?.find((c) => !chosen.includes(c));
      if (cpu === undefined || chosen.length >= scope.cpus) continue;
      chosen.push(cpu);
      homes.set(cpu, walker);
      placed.add(walker);
      progress = true;
    }
  }
  for (const walker of beside) {
    for (const cpu of cpusOf(walker.on)) {
      if (chosen.length < scope.cpus && cpu < available && !chosen.includes(cpu)) chosen.push(cpu);
    }
  }
  for (let cpu = 0; chosen.length < scope.cpus; cpu++) if (!chosen.includes(cpu)) chosen.push(cpu);
  const cpus = [...chosen].sort((a, b) => a - b);
  const codes = system.policies.map((policy) => assemble(policy));
  const world = tablesOf(system, scope, codes);
  const task = (walker: Walker, cpu: number): WalkerTask => {
    const mm = mmIndex(system, walker.mm);
    const slots = world.slots.flatMap((slot, index) => (slot.mm === mm ? [index] : []));
    return {walker, place: cpus.indexOf(cpu), mm, slots};
  };
  const walkers = cpus.flatMap((cpu) => {
    const walker = homes.get(cpu);
    return walker === undefined ? [] : [task(walker, cpu)];
  });
  for (const walker of plain) {
    if (placed.has(walker)) continue;
    const own = cpusOf(walker.on);
    const shared = writerCpus.find((cpu) => own.includes(cpu));
    if (shared !== undefined && candidates[plain.indexOf(walker)]?.length === 0) {
      walkers.push(task(walker, shared));
    } else {
      notes.push(`walker ${walker.name} has no CPU within ${scope.cpus} CPUs`);
    }
  }
  const besideTasks = (kind: (walker: Walker) => boolean): WalkerTask[] =>
    beside
      .filter(kind)
      .flatMap((walker) =>
        cpus.filter((cpu) => hasCpu(walker.on, cpu)).map((cpu) => task(walker, cpu)),
      );
  const writers = system.writers.map((writer, index): WriterTask => {
    const mm = mmIndex(system, writer.mm);
    const policy = system.policies.findIndex((p) => p.name === writer.policy);
    const fallback = (system.policies[policy] as Policy | undefined)?.fallback;
    return {
      writer,
      place: cpus.indexOf(writerCpus[index] as number),
      mm,
      slot: world.writerSlot[index] as number,
      tables: world.writerTables[index] as number[],
      replacements: world.writerReplacements[index] as number[],
      policy,
      fallback: fallback === undefined ? -1 : system.policies.findIndex((p) => p.name === fallback),
    };
  });
  for (const writer of writers) {
    if (writer.policy < 0)
      throw new RangeError(
        `writer ${writer.writer.name}: policy ${writer.writer.policy} is not part of the system`,
      );
    if (writer.writer.batch > 1)
      notes.push(`writer ${writer.writer.name}: a batch of ${writer.writer.batch} is one table`);
  }
  const most = Math.max(1, ...system.walkers.map((walker) => walker.pages));
  if (most > 2) notes.push(`walks of ${most} pages are walks of 2`);
  const mmus = besideTasks((walker) => walker.kind === "hardware");
  return {
    system,
    scope,
    path: scope.path ?? (mmus.length > 0 ? "whole" : "sync"),
    cpus,
    walkers,
    nmis: besideTasks((walker) => walker.kind !== "hardware"),
    mmus,
    writers,
    codes,
    tables: world.tables,
    slots: world.slots,
    pages: Math.min(2, most),
    notes,
  };
}

function isNmi(walker: Walker, scope: CheckScope): boolean {
  return walker.kind === "perf" && scope.nmis > 0;
}

function mmIndex(system: System, name: string): number {
  return system.mms.findIndex((mm) => mm.name === name);
}

interface World {
  readonly tables: Table[];
  readonly slots: Slot[];
  readonly writerSlot: number[];
  readonly writerTables: number[][];
  readonly writerReplacements: number[][];
}

function tablesOf(system: System, scope: CheckScope, codes: readonly Code[]): World {
  const tables: Table[] = [];
  const slots: Slot[] = [];
  const writerSlot: number[] = [];
  const writerTables: number[][] = [];
  const writerReplacements: number[][] = [];
  const shared = new Map<string, number>();
  const slotOf = new Map<string, number>();
  const several = system.writers.length > 1 || scope.writes > 1;
  const newTable = (name: string, sharers: number, replacement: boolean): number =>
    tables.push({name, sharers, replacement}) - 1;
  const newSlot = (mm: number, initial: number): number => {
    const name = system.mms[mm]?.name ?? "mm";
    const nth = slots.filter((slot) => slot.mm === mm).length;
    return slots.push({mm, initial, name: nth === 0 ? name : `${name}.${nth + 1}`}) - 1;
  };
  /** The table that an mm shares with others, with a slot for each of them. */
  const sharedTable = (mm: number): number | undefined => {
    const names = [...sharersOf(system, system.mms[mm]?.name ?? "")].sort();
    if (names.length < 2) return undefined;
    const key = names.join(" ");
    let table = shared.get(key);
    if (table === undefined) {
      table = newTable("shared", names.length - 1, false);
      shared.set(key, table);
      for (const name of names) slotOf.set(name, newSlot(mmIndex(system, name), table));
    }
    return table;
  };
  for (const writer of system.writers) {
    const mm = mmIndex(system, writer.mm);
    const policy = system.policies.findIndex((p) => p.name === writer.policy);
    const common = sharedTable(mm);
    const own: number[] = [];
    const replacements: number[] = [];
    for (let nth = 0; nth < scope.writes; nth++) {
      const name = several ? `table${tables.length + 1}` : "table";
      own.push(nth === 0 && common !== undefined ? common : newTable(name, 0, false));
      replacements.push(publishes(codes[policy]) ? newTable(`new ${name}`, 0, true) : -1);
    }
    writerTables.push(own);
    writerReplacements.push(replacements);
    writerSlot.push(slotOf.get(writer.mm) ?? newSlot(mm, own[0] ?? -1));
  }
  for (const walker of system.walkers) {
    const mm = mmIndex(system, walker.mm);
    if (slots.some((slot) => slot.mm === mm) || sharedTable(mm) !== undefined) continue;
    newSlot(mm, newTable(`table of ${walker.mm}`, 0, false));
  }
  return {tables, slots, writerSlot, writerTables, writerReplacements};
}

function publishes(code: Code | undefined): boolean {
  if (code === undefined) return false;
  for (let pc = 0; pc < code.ops.length; pc += 4) if (code.ops[pc] === op.publish) return true;
  return false;
}
