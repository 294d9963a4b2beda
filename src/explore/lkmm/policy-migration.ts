// Migration in a model that has no CPUs: a walker may go on at another CPU at some points of its run, behind the scheduler's full barrier.
//
// Which CPU runs nothing is then no longer known from the start, and a CPU that runs nothing takes interrupts at once. So an interrupt can be
// acknowledged in one way more than by the task that runs there:
// (1) at the CPU that the walker came from, once it has left: the walker stores that it has, behind the barrier, and who waits acquires that;
// (2) at the CPU that it goes to, before it arrives: who waits is answered without an event; on arrival the walker acquires the requests
//     that were sent there, and a run in which it has not seen one that was answered so is none (`consistent`).
// Where a scope has more than one migration, a CPU may be left and gone to again, by the same walker or by another:
// (3) what a walker stores on leaving is how often that CPU has been left; on arrival it acquires that number. A CPU is gone to once after it
//     has been left, and an answer after it was left n times must have been seen by every arrival after that.

import type {SmallSystem} from "../../program/small-system.ts";
import type {TaskProgram} from "../instructions.ts";
import type {PolicyPlaces, RequestKind} from "./policy-places.ts";
import type {Recorder, Tainted} from "./recorder.ts";
import {isBusy, sendsOf} from "./task-rules.ts";

/** A request, by the location it is made in and by number, and how often its CPU had been left by then. */
type Told = readonly [location: number, number: number, left: number];

export interface Moves {
  readonly migrations: number;
  /** Requests that a CPU answered which ran nothing, and those that an arriving walker saw. */
  readonly answered: readonly Told[];
  readonly arrived: readonly Told[];
  /** CPUs gone to, by place, with how often they had been left. */
  readonly entered: readonly (readonly [place: number, left: number])[];
}

/** Whether what was answered before an arrival had been seen to be sent by then, and no CPU was gone to twice at a time. */
export function consistent(moves: readonly Moves[]): boolean {
  const arrived = moves.flatMap((one) => one.arrived);
  const entered = moves.flatMap((one) => one.entered).map((entry) => entry.join(" "));
  if (new Set(entered).size < entered.length) return false;
  return moves
    .flatMap((one) => one.answered)
    .every(([location, number, left]) =>
      arrived.every(([at, seen, then]) => at !== location || then < left || seen >= number),
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
  readonly answered: Told[] = [];
  readonly arrived: Told[] = [];
  readonly entered: (readonly [number, number])[] = [];
  /** Where it began; how often its CPU had been left when it came. */
  private readonly origin: number;
  private since = 0;
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
    this.origin = program.place;
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
    const {migrations} = this.world.scope;
    if (!this.on || this.role !== "walker" || flags !== 0) return false;
    if (this.migrations >= migrations) return false;
    const free = this.world.cpus.flatMap((_, to) => (this.mayEnter(to) ? [to] : []));
    const choice = recorder.choose(free.length + 1);
    if (choice === 0) return false;
    const to = free[choice - 1];
    const cpu = this.world.cpus[to];
    recorder.text = `mb (migrating to CPU ${cpu})`;
    recorder.fence("mb");
    this.leave(recorder, this.places.left(this.place));
    this.since = migrations > 1 ? this.leftSoOften(recorder, to) : 0;
    if (to === this.origin && this.since === 0) recorder.abandon();
    this.entered.push([to, this.since]);
    for (const writer of this.programs) {
      if (writer.role !== "writer" && writer.role !== "callback") continue;
      for (const kind of ["wait", "flush"] as const) {
        if (sendsOf(writer, kind, to) === 0) continue;
        const location = this.places.request(writer.sender, to, kind);
        recorder.text = `interrupts taken before: ${this.places.places[location].name}`;
        const {value} = recorder.load(this.places.address(location), "acquire");
        this.arrived.push([location, value, this.since]);
        seen(location, value);
      }
    }
    this.migrations++;
    this.place = to;
    registers[0] = {value: cpu, taint: []};
    return true;
  }

  /** A CPU that has a task of its own is gone to by nobody else. */
  private mayEnter(to: number): boolean {
    return to !== this.place && (to === this.origin || !isBusy(this.programs, to));
  }

  /** Whether a request is acknowledged by a CPU that runs nothing; every way in which it can be is tried. */
  idleAnswers(
    recorder: Recorder,
    place: number,
    kind: RequestKind,
    request: [number, number],
  ): boolean {
    if (!this.on || kind === "invalidate" || recorder.choose(2) === 0) return false;
    const busy = isBusy(this.programs, place);
    const again = this.world.scope.migrations > 1;
    if (!busy && (!again || recorder.choose(2) === 0)) {
      this.answered.push([...request, 0]);
      return true;
    }
    const left = this.leftSoOften(recorder, place);
    if (left === 0) recorder.abandon();
    this.answered.push([...request, left]);
    return true;
  }

  private leftSoOften(recorder: Recorder, place: number): number {
    const location = this.places.left(place);
    recorder.text = `wait: ${this.places.places[location].name}`;
    return recorder.load(this.places.address(location), "acquire").value;
  }

  private leave(recorder: Recorder, location: number): void {
    recorder.text = `leave: ${this.places.places[location].name}`;
    const value = {value: this.since + 1, taint: []};
    recorder.store(this.places.address(location), value, "once");
  }
}
