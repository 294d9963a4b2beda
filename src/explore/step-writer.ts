// A state of an exploration: its fields, what can be read from them, and the successor under construction. The rules that use this stand
// in `transitions.ts`.
//
// A successor is a copy of the state in `out`; `begin` makes it, `set` changes fields of it, `finish` keeps it unless it equals the state
// it came from. `now` reads a field of the successor, `get` one of a state.

import type {MemoryModel} from "../plan/check-plan.ts";
import {sendsWithLoads, sparesPreempted} from "../program/step-rules.ts";
import type {Field, Layout} from "./layout.ts";
import {type Automata, act, attribute, type LocalState, placeOf} from "./local-state.ts";
import {type Fields, stateFields} from "./state-fields.ts";
import type {Label} from "./step-label.ts";
import {stepTables} from "./step-tables.ts";
import {type BufferCode, storeBuffers} from "./store-buffers.ts";

const mostSuccessors = 512;

export class StepWriter {
  readonly automata: Automata;
  readonly model: Exclude<MemoryModel, "lkmm">;
  readonly layout: Layout;
  readonly fields: Fields;
  /** Places including those of callbacks. */
  readonly places: number;
  /** Entries of each place's store buffer; exact unless `bufferBounded`. */
  readonly depth: readonly number[];
  readonly bufferBounded: boolean;
  /** Codes of each place's buffer, from code 1. */
  readonly codes: readonly (readonly BufferCode[])[];

  /** Successors of the last state expanded: words, labels, and the invariant each violates (0: none). */
  readonly out: Int32Array;
  readonly labels: Int32Array;
  readonly bad: Uint8Array;
  /** Per local state (by `base[task] + id`), whether it was reached; interrupts delivered so far. */
  readonly seen: Uint8Array;
  delivered = 0;

  readonly base: readonly number[];
  protected readonly words: number;
  protected readonly fw: Int32Array;
  protected readonly fs: Int32Array;
  protected readonly fm: Int32Array;
  protected readonly kind: Uint8Array;
  protected readonly loc: Int32Array;
  protected readonly loc2: Int32Array;
  protected readonly size2: Int32Array;
  protected readonly value: Int32Array;
  protected readonly arg: Int32Array;
  protected readonly arg2: Int32Array;
  protected readonly attributes: Uint8Array;
  protected readonly place: Int32Array;
  protected readonly next: Int32Array;
  protected readonly table: Int32Array;
  protected readonly tableAt: Int32Array;
  protected readonly written: Int32Array;
  protected readonly tableSize: Int32Array;
  /** Code of the pair that a storing local state appends. */
  protected readonly storeCode: Int32Array;
  protected readonly entryBits: Int32Array;
  protected readonly entryMask: Int32Array;
  protected readonly codeLocation: readonly Int32Array[];
  protected readonly codeValue: readonly Int32Array[];
  /** forwards[place * locations + location]: whether a load may find the location in its own buffer. */
  protected readonly forwards: Uint8Array;
  protected readonly once: Uint8Array;
  protected readonly tasksAt: readonly (readonly number[])[];
  /** Tasks that another one on their CPU may hold up. */
  protected readonly crowded: Uint8Array;
  protected readonly mmusAt: readonly (readonly number[])[];
  protected readonly handlerOf: Int32Array;
  protected readonly handledMask: number;
  /** By bit of an interrupt: the bits of those that take the same slot at a target. */
  protected readonly slotMask: readonly number[];
  protected readonly flushMask: number;
  protected readonly tasks: number;
  protected readonly buffered: boolean;
  protected readonly fuse: boolean;
  protected readonly gps: boolean;
  protected readonly ownerBitOf: Int32Array;
  protected readonly maxNmis: number;
  protected readonly maxPreemptions: number;
  protected readonly maxMigrations: number;
  /** Masks of the CPUs online, by the value of their location; empty: all are, always. */
  protected readonly onlineMasks: readonly number[];

  protected count = 0;
  protected at = 0;
  protected violated = 0;
  protected cur: Int32Array = new Int32Array(0);

  /** Leading words of a state that are interchangeable, one per walker; 0: states are kept as they are. */
  readonly symmetricWords: number;
  protected readonly bodies: Int32Array;

  /**
   * `symmetric` lists the places whose blocks of the state may be exchanged; each must fit one word, or a `RangeError` is thrown (see
   * `symmetry.ts`, which decides whether they may be).
   */
  constructor(
    automata: Automata,
    model: Exclude<MemoryModel, "lkmm">,
    symmetric: readonly number[] = [],
  ) {
    this.automata = automata;
    this.model = model;
    const {world, tasks, locations} = automata;
    this.buffered = model !== "sc";
    this.tasks = tasks.length;
    this.places = Math.max(world.cpus.length, ...tasks.map((task) => task.program.place + 1));
    const tables = stepTables(automata, this.places);
    this.base = tables.base;
    this.kind = tables.kind;
    this.loc = tables.loc;
    this.loc2 = tables.loc2;
    this.size2 = tables.size2;
    this.value = tables.value;
    this.arg = tables.arg;
    this.arg2 = tables.arg2;
    this.attributes = tables.attributes;
    this.place = tables.place;
    this.next = tables.next;
    this.table = tables.table;
    this.tableAt = tables.tableAt;
    this.tableSize = tables.tableSize;
    this.written = tables.written;
    this.bodies = tables.bodies;
    this.seen = new Uint8Array(tables.kind.length);

    const buffers = storeBuffers(automata, model, this.places);
    this.codes = buffers.codes;
    this.storeCode = buffers.ofState;
    this.depth = buffers.depth;
    this.bufferBounded = buffers.bounded;
    this.entryBits = buffers.entryBits;
    this.entryMask = this.entryBits.map((bits) => (1 << bits) - 1);
    this.codeLocation = this.codes.map((pairs) =>
      Int32Array.from([-1, ...pairs.map((pair) => pair.location)]),
    );
    this.codeValue = this.codes.map((pairs) =>
      Int32Array.from([-1, ...pairs.map((pair) => pair.value)]),
    );
    this.forwards = new Uint8Array(this.places * locations.length);
    for (const [place, pairs] of this.codes.entries())
      for (const pair of pairs) this.forwards[place * locations.length + pair.location] = 1;
    this.once = Uint8Array.from(locations.map((location) => (location.once ? 1 : 0)));

    this.tasksAt = Array.from({length: this.places}, (_, place) =>
      tasks.flatMap((task, t) =>
        task.program.role !== "mmu" &&
        task.states.some((state) => placeOf(automata, t, state) === place)
          ? [t]
          : [],
      ),
    );
    this.crowded = Uint8Array.from(
      tasks.map((task, t) =>
        task.program.role !== "mmu" &&
        this.tasksAt.some((list) => list.includes(t) && list.length > 1)
          ? 1
          : 0,
      ),
    );
    this.mmusAt = Array.from({length: this.places}, (_, place) =>
      tasks.flatMap((task, t) =>
        task.program.role === "mmu" && task.program.place === place ? [t] : [],
      ),
    );
    this.handlerOf = new Int32Array(this.places * automata.interrupts.length).fill(-1);
    let handled = 0;
    let flushes = 0;
    for (const [bit, interrupt] of automata.interrupts.entries()) {
      if (interrupt.kind === "flush") flushes |= 1 << bit;
      if (interrupt.hook < 0) continue;
      handled |= 1 << bit;
      for (const [t, task] of tasks.entries())
        if (task.program.role === "handler" && task.program.sender === interrupt.sender)
          this.handlerOf[task.program.place * automata.interrupts.length + bit] = t;
    }
    this.handledMask = handled;
    this.slotMask = automata.interrupts.map(({sender, kind}) =>
      automata.interrupts.reduce(
        (mask, one, bit) => (one.sender === sender && one.kind === kind ? mask | (1 << bit) : mask),
        0,
      ),
    );
    this.flushMask = flushes;
    // A send may be fused with the load that decides on it where nobody else can have the same CPU interrupted: the send then commutes
    // with whatever happens in between.
    this.fuse = sendsWithLoads(world);
    this.gps = automata.owners.length > 0;
    this.ownerBitOf = new Int32Array(tasks.length).fill(-1);
    for (const [bit, task] of automata.owners.entries()) this.ownerBitOf[task] = bit;
    const {scope} = world;
    this.maxNmis = tasks.some((task) => task.program.role === "nmi") ? scope.nmis : 0;
    this.maxPreemptions = sparesPreempted(world) ? scope.preemptions : 0;
    const moves = tasks.some((task) => task.states.some((s) => s.moves.some((to) => to >= 0)));
    this.maxMigrations = moves ? scope.migrations : 0;
    this.onlineMasks = automata.online < 0 ? [] : (locations[automata.online]?.values ?? []);

    const laidOut = stateFields(automata, {
      places: this.places,
      bufferBits: buffers.depth.map((depth, place) => depth * (buffers.entryBits[place] as number)),
      nmis: this.maxNmis,
      preemptions: this.maxPreemptions,
      migrations: this.maxMigrations,
      symmetric,
    });
    this.fields = laidOut.fields;
    this.layout = laidOut.layout;
    this.symmetricWords = symmetric.length;
    this.words = this.layout.words;
    this.fw = this.layout.word;
    this.fs = this.layout.shift;
    this.fm = this.layout.mask;
    this.out = new Int32Array(mostSuccessors * this.words);
    this.labels = new Int32Array(mostSuccessors);
    this.bad = new Uint8Array(mostSuccessors);
  }

  /** A state in which nothing has happened yet. */
  initial(): Int32Array {
    return new Int32Array(this.words);
  }

  /** Value of a field in a state. */
  get(state: Int32Array, field: Field): number {
    return (
      ((state[this.fw[field] as number] as number) >>> (this.fs[field] as number)) &
      (this.fm[field] as number)
    );
  }

  /** The local state of a task. */
  local(state: Int32Array, task: number): LocalState {
    return this.automata.tasks[task]?.states[
      this.get(state, this.fields.task[task] as Field)
    ] as LocalState;
  }

  /** Contents of a store buffer, oldest first, as codes (the code after the last pair is a barrier). */
  bufferOf(state: Int32Array, place: number): number[] {
    const entries: number[] = [];
    let rest = this.get(state, this.fields.buffer[place] as Field);
    const bits = this.entryBits[place] as number;
    while (rest !== 0) {
      entries.push(rest & (this.entryMask[place] as number));
      rest >>>= bits;
    }
    return entries;
  }

  /** Invariant that holds no longer in a state; 0 if all do. */
  violationIn(state: Int32Array): number {
    if (this.get(state, this.fields.twice) !== 0) return 10;
    for (let t = 0; t < this.tasks; t++) {
      const local = this.local(state, t);
      if (local.kind === act.violation) return local.arg;
    }
    return 0;
  }

  protected begin(): void {
    const {words, out, cur} = this;
    const at = this.count * words;
    for (let w = 0; w < words; w++) out[at + w] = cur[w] as number;
    this.at = at;
    this.violated = 0;
  }

  protected finish(tag: Label): void {
    const {words, out, cur, at} = this;
    // The canonical state of a class has the walkers' words in order; one or two of them have moved.
    for (let i = 1; i < this.symmetricWords; i++) {
      const word = out[at + i] as number;
      let j = i - 1;
      while (j >= 0 && (out[at + j] as number) > word) {
        out[at + j + 1] = out[at + j] as number;
        j--;
      }
      out[at + j + 1] = word;
    }
    let same = true;
    for (let w = 0; w < words; w++)
      if (out[at + w] !== cur[w]) {
        same = false;
        break;
      }
    if (same) return;
    this.labels[this.count] = tag;
    this.bad[this.count] = this.violated;
    if (++this.count >= mostSuccessors) throw new Error("more successors than a state can have");
  }

  protected set(field: Field, value: number): void {
    const w = this.at + (this.fw[field] as number);
    const shift = this.fs[field] as number;
    this.out[w] =
      ((this.out[w] as number) & ~((this.fm[field] as number) << shift)) | (value << shift);
  }

  protected now(field: Field): number {
    return (
      ((this.out[this.at + (this.fw[field] as number)] as number) >>> (this.fs[field] as number)) &
      (this.fm[field] as number)
    );
  }

  /** Moves a task to a local state; a CPU that becomes quiescent by it leaves the grace periods. */
  protected go(t: number, to: number): void {
    this.set(this.fields.task[t] as Field, to);
    const g = (this.base[t] as number) + to;
    if (this.kind[g] === act.violation) this.violated = this.arg[g] as number;
    if (this.gps) this.quiesce(this.place[g] as number);
  }

  protected quiesce(place: number): void {
    const field = this.fields.waiting[place] as Field;
    if (this.now(field) === 0) return;
    if (this.buffered && this.now(this.fields.buffer[place] as Field) !== 0) return;
    if (!this.inSection(place)) this.set(field, 0);
  }

  /** Whether a CPU is in a read-side section, in the successor under construction. */
  protected inSection(place: number): boolean {
    for (const t of this.tasksAt[place] as readonly number[]) {
      const g = (this.base[t] as number) + this.now(this.fields.task[t] as Field);
      if (this.place[g] === place && ((this.attributes[g] as number) & attribute.section) !== 0)
        return true;
    }
    return false;
  }

  protected loadIndex(cur: Int32Array, g: number, place: number, buffer: number): number {
    const first = this.valueSeen(cur, this.loc[g] as number, place, buffer);
    const other = this.loc2[g] as number;
    if (other < 0) return first;
    return first * (this.size2[g] as number) + this.valueSeen(cur, other, place, buffer);
  }

  /** The newest entry of the own buffer, else memory. */
  protected valueSeen(cur: Int32Array, location: number, place: number, buffer: number): number {
    let value = this.get(cur, this.fields.location[location] as Field);
    if (buffer === 0 || this.forwards[place * this.once.length + location] === 0) return value;
    const bits = this.entryBits[place] as number;
    const mask = this.entryMask[place] as number;
    const locations = this.codeLocation[place] as Int32Array;
    const values = this.codeValue[place] as Int32Array;
    for (let rest = buffer; rest !== 0; rest >>>= bits) {
      const code = rest & mask;
      if (locations[code] === location) value = values[code] as number;
    }
    return value;
  }

  protected length(place: number, buffer: number): number {
    const bits = this.entryBits[place] as number;
    let length = 0;
    for (let rest = buffer; rest !== 0; rest >>>= bits) length++;
    return length;
  }

  /** Memory takes a value; freeing what is free is I10. */
  protected write(location: number, value: number): void {
    const field = this.fields.location[location] as Field;
    if (this.once[location] === 1 && this.now(field) === value && value !== 0) {
      this.set(this.fields.twice, 1);
      this.violated = 10;
    }
    this.set(field, value);
  }

  /** The CPUs online in a state, as a mask of places. */
  protected onlineIn(state: Int32Array): number {
    const field = this.fields.location[this.automata.online] as Field;
    return this.onlineMasks[this.get(state, field)] as number;
  }

  /** Whether the CPU at a place is offline in a state. */
  goneAt(state: Int32Array, place: number): boolean {
    return this.isOffline(state, place);
  }

  /** Whether a CPU is offline; whatever runs on none never is. */
  protected isOffline(state: Int32Array, place: number): boolean {
    if (this.onlineMasks.length === 0 || place >= this.automata.world.cpus.length) return false;
    return ((this.onlineIn(state) >> place) & 1) === 0;
  }

  protected flushTlb(place: number): void {
    for (const t of this.mmusAt[place] as readonly number[])
      this.set(this.fields.task[t] as Field, 0);
  }

  /** The snapshot of a grace period: every CPU in a section or with stores that are not out yet. */
  protected startGrace(bit: number): void {
    for (let place = 0; place < this.automata.world.cpus.length; place++) {
      const busy =
        (this.buffered && this.now(this.fields.buffer[place] as Field) !== 0) ||
        this.inSection(place);
      if (!busy) continue;
      const field = this.fields.waiting[place] as Field;
      this.set(field, this.now(field) | (1 << bit));
    }
  }
}
