// Migration in a model that has no CPUs: a walker may go on at another CPU at one point of its run, behind the scheduler's full barrier.
//
// Which CPU runs nothing is then no longer known from the start, and a CPU that runs nothing takes interrupts at once. So an interrupt can be
// acknowledged in one way more than by the task that runs there:
// (1) at the CPU that the walker came from, once it has left: the walker stores that it has, behind the barrier, and who waits acquires that;
// (2) at the CPU that it goes to, before it arrives: who waits is answered without an event; on arrival the walker acquires the requests
//     that were sent there, and a run in which it has not seen one that was answered so is none (`consistent`).

import type {SmallSystem} from "../../program/small-system.ts";
import type {TaskProgram} from "../instructions.ts";
import type {PolicyPlaces, RequestKind} from "./policy-places.ts";
import type {Recorder, Tainted} from "./recorder.ts";
import {isBusy, sendsOf} from "./task-rules.ts";

/** Requests by the location they are made in and by number: answered before anybody arrived, and seen on arrival. */
export interface Moves {
  readonly migrations: number;
  readonly answered: readonly (readonly [location: number, number: number])[];
  readonly arrived: readonly (readonly [location: number, number: number])[];
}

/** Whether what was answered before an arrival had been seen to be sent by then. */
export function consistent(moves: readonly Moves[]): boolean {
  const arrived = moves.flatMap((one) => one.arrived);
  return moves
    .flatMap((one) => one.answered)
    .every(([location, number]) =>
      arrived.every(([at, seen]) => at !== location || seen >= number),
    );
}

/** Whether handlers leave migration to be told: what runs on an idle CPU has a thread of its own there. */
export function canMigrate(world: SmallSystem, programs: readonly TaskProgram[]): boolean {
  return world.scope.migrations > 0 && programs.every(({role}) => role !== "handler");
}

export class Migration implements Moves {
  /** Where the task runs now. */
  place: number;
  migrations = 0;
  readonly answered: (readonly [number, number])[] = [];
  readonly arrived: (readonly [number, number])[] = [];
  private readonly programs: readonly TaskProgram[];
  private readonly world: SmallSystem;
  private readonly places: PolicyPlaces;
  private readonly role: TaskProgram["role"];
  private readonly on: boolean;

  constructor(
    world: SmallSystem,
    programs: readonly TaskProgram[],
    places: PolicyPlaces,
    program: TaskProgram,
  ) {
    this.world = world;
    this.programs = programs;
    this.places = places;
    this.role = program.role;
    this.place = program.place;
    this.on = canMigrate(world, programs);
  }

  /** Whether anything may run at a place at some time. */
  occupied(place: number): boolean {
    return isBusy(this.programs, place) || this.on;
  }

  /** Lets the walker go on elsewhere; true when it does. `registers[0]` is its CPU; `seen` is told of requests that are answered by then. */
  move(
    recorder: Recorder,
    flags: number,
    registers: Tainted[],
    seen: (location: number, number: number) => void,
  ): boolean {
    if (!this.on || this.role !== "walker" || this.migrations > 0 || flags !== 0) return false;
    const free = this.world.cpus.flatMap((_, to) => (isBusy(this.programs, to) ? [] : [to]));
    const choice = recorder.choose(free.length + 1);
    if (choice === 0) return false;
    const to = free[choice - 1];
    const cpu = this.world.cpus[to];
    recorder.text = `mb (migrating to CPU ${cpu})`;
    recorder.fence("mb");
    this.store(recorder, this.places.left(this.place));
    for (const writer of this.programs) {
      if (writer.role !== "writer" && writer.role !== "callback") continue;
      for (const kind of ["wait", "flush"] as const) {
        if (sendsOf(writer, kind, to) === 0) continue;
        const location = this.places.request(writer.sender, to, kind);
        recorder.text = `interrupts taken before: ${this.places.places[location].name}`;
        const {value} = recorder.load(this.places.address(location), "acquire");
        this.arrived.push([location, value]);
        seen(location, value);
      }
    }
    this.migrations++;
    this.place = to;
    registers[0] = {value: cpu, taint: []};
    return true;
  }

  /** Whether a request is acknowledged by a CPU that runs nothing; every way in which it can be is tried. */
  idleAnswers(
    recorder: Recorder,
    place: number,
    kind: RequestKind,
    request: [number, number],
  ): boolean {
    if (!this.on || kind === "invalidate" || recorder.choose(2) === 0) return false;
    if (!isBusy(this.programs, place)) {
      this.answered.push(request);
      return true;
    }
    const location = this.places.left(place);
    recorder.text = `wait: ${this.places.places[location].name}`;
    const {value} = recorder.load(this.places.address(location), "acquire");
    return value !== 0 || recorder.abandon();
  }

  private store(recorder: Recorder, location: number): void {
    recorder.text = `leave: ${this.places.places[location].name}`;
    recorder.store(this.places.address(location), {value: 1, taint: []}, "once");
  }
}
