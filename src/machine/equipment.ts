// What a run needs and the next run of the same system can take over: arrays, calendar, recorders. A run that ended in an exception hands
// nothing back.

import {Calendar} from "../engine/calendar.ts";
import type {System} from "../plan/system.ts";
import type {Blueprint} from "./blueprint.ts";
import type {Seeding} from "./laws.ts";
import {Memory} from "./memory.ts";
import {Recorders} from "./recorders.ts";

export interface Equipment {
  readonly blueprint: Blueprint;
  readonly memory: Memory;
  readonly calendar: Calendar;
  readonly recorders: Recorders;
}

/** So many are kept, of the systems that ran last, and for so many CPUs altogether: some 30 MB. */
const mostSpare = 32;
const mostCpus = 16_384;
const spare: Equipment[] = [];

export function takeEquipment(
  system: System,
  blueprint: Blueprint,
  seeding: Seeding,
  shuffleTies: number,
): Equipment {
  const found = spare.findLastIndex((one) => one.blueprint === blueprint);
  const [equipment = newEquipment(system, blueprint)] = found < 0 ? [] : spare.splice(found, 1);
  equipment.memory.rewind();
  equipment.calendar.begin(shuffleTies);
  equipment.recorders.begin(seeding);
  return equipment;
}

/** Takes back what a run has been using that is over. */
export function giveBackEquipment(equipment: Equipment): void {
  if (equipment.blueprint.once) return;
  spare.push(equipment);
  let cpus = 0;
  for (const {blueprint} of spare) cpus += blueprint.topology.cpus;
  while (spare.length > mostSpare || (cpus > mostCpus && spare.length > 1)) {
    cpus -= spare.shift()?.blueprint.topology.cpus ?? 0;
  }
}

function newEquipment(system: System, blueprint: Blueprint): Equipment {
  const {topology, writers} = blueprint;
  const contexts = writers.reduce((sum, {workers}) => sum + workers.length, 0);
  return {
    blueprint,
    memory: new Memory(),
    calendar: new Calendar(topology.cpus + contexts + 1),
    recorders: new Recorders(system, topology.cpus),
  };
}
