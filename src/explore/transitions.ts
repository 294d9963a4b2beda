// What may happen next in a state, under SC, TSO or PSO. The tables are generated from the automata, so that a step is a few lookups in
// typed arrays and a few fields changed in a copy of the state.
//
// State: the local state of every task; the value of every location; per CPU (place) a store buffer, the pending interrupts, the grace
// periods that wait for it, whether its vCPU is preempted; counts of NMIs, preemptions and migrations used.
//
// Rules beyond those of the tasks' own actions, all of them silent (nobody asks for them):
// (1) commit: the oldest entry of a store buffer reaches memory (TSO); under PSO the oldest of any location not behind a store barrier.
// (2) delivery: a CPU takes its pending interrupts where interrupts are on, no NMI runs, its vCPU runs, and its buffer is empty; that
//     flushes its TLB if one of them is a flush, and acknowledges.
// (3) quiescence: a CPU that is in no read-side section and has an empty buffer leaves every grace period's waiting set at once; this is
//     part of the step that makes it so.
// (4) NMIs, vCPU preemption and migration, as often as the scope allows.
//
// Store buffers hold codes of (location, value) pairs, oldest in the lowest bits, 0 for an empty place; the highest code is PSO's barrier.
// A step that changes nothing (a round of a spin loop) is no step.

import type {MemoryModel} from "../plan/check-plan.ts";
import type {Field, Layout} from "./layout.ts";
import {type Automata, act, attribute, type LocalState, placeOf} from "./local-state.ts";
import {type Fields, stateFields} from "./state-fields.ts";
import {allInterrupts, event, type Label, label} from "./step-label.ts";
import {stepTables} from "./step-tables.ts";
import {type BufferCode, storeBuffers} from "./store-buffers.ts";
import {mostValues} from "./vocabulary.ts";

const mostSuccessors = 512;

export class Transitions {
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
  private readonly words: number;
  private readonly fw: Int32Array;
  private readonly fs: Int32Array;
  private readonly fm: Int32Array;
  private readonly kind: Uint8Array;
  private readonly loc: Int32Array;
  private readonly loc2: Int32Array;
  private readonly size2: Int32Array;
  private readonly value: Int32Array;
  private readonly arg: Int32Array;
  private readonly arg2: Int32Array;
  private readonly attributes: Uint8Array;
  private readonly place: Int32Array;
  private readonly next: Int32Array;
  private readonly table: Int32Array;
  private readonly tableAt: Int32Array;
  private readonly written: Int32Array;
  private readonly tableSize: Int32Array;
  /** Code of the pair that a storing local state appends. */
  private readonly storeCode: Int32Array;
  private readonly entryBits: Int32Array;
  private readonly entryMask: Int32Array;
  private readonly codeLocation: readonly Int32Array[];
  private readonly codeValue: readonly Int32Array[];
  /** forwards[place * locations + location]: whether a load may find the location in its own buffer. */
  private readonly forwards: Uint8Array;
  private readonly once: Uint8Array;
  private readonly tasksAt: readonly (readonly number[])[];
  /** Tasks that another one on their CPU may hold up. */
  private readonly crowded: Uint8Array;
  private readonly mmusAt: readonly (readonly number[])[];
  private readonly handlerOf: Int32Array;
  private readonly handledMask: number;
  private readonly flushMask: number;
  private readonly tasks: number;
  private readonly buffered: boolean;
  private readonly fuse: boolean;
  private readonly gps: boolean;
  private readonly ownerBitOf: Int32Array;
  private readonly maxNmis: number;
  private readonly maxPreemptions: number;
  private readonly maxMigrations: number;

  private count = 0;
  private at = 0;
  private violated = 0;
  private cur: Int32Array = new Int32Array(0);

  /** Leading words of a state that are interchangeable, one per walker; 0: states are kept as they are. */
  readonly symmetricWords: number;
  private readonly bodies: Int32Array;

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
      if (!interrupt.handled) continue;
      handled |= 1 << bit;
      for (const [t, task] of tasks.entries())
        if (task.program.role === "handler" && task.program.sender === interrupt.sender)
          this.handlerOf[task.program.place * automata.interrupts.length + bit] = t;
    }
    this.handledMask = handled;
    this.flushMask = flushes;
    // A send may be fused with the load that decides on it where nobody else can have the same CPU interrupted: the send then commutes
    // with whatever happens in between.
    this.fuse = new Set(automata.interrupts.map((i) => i.sender)).size <= 1;
    this.gps = automata.owners.length > 0;
    this.ownerBitOf = new Int32Array(tasks.length).fill(-1);
    for (const [bit, task] of automata.owners.entries()) this.ownerBitOf[task] = bit;
    const {scope} = world;
    this.maxNmis = tasks.some((task) => task.program.role === "nmi") ? scope.nmis : 0;
    const pv = tables.kind.includes(act.sendRunning);
    this.maxPreemptions = pv ? scope.preemptions : 0;
    const moves = tasks.some((task) => task.states.some((s) => s.moves.some((to) => to >= 0)));
    this.maxMigrations = moves ? scope.migrations : 0;

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

  /** Fills `out`, `labels` and `bad` with the successors of a state and returns how many there are. */
  expand(cur: Int32Array): number {
    this.count = 0;
    this.cur = cur;
    for (let t = 0; t < this.tasks; t++) this.taskSteps(cur, t);
    for (let place = 0; place < this.places; place++) {
      if (this.buffered && this.get(cur, this.fields.buffer[place] as Field) !== 0)
        this.commits(cur, place);
      if (this.get(cur, this.fields.pending[place] as Field) !== 0) this.deliveries(cur, place);
      if (this.maxPreemptions > 0 && place < this.automata.world.cpus.length) this.vcpu(cur, place);
    }
    return this.count;
  }

  private begin(): void {
    const {words, out, cur} = this;
    const at = this.count * words;
    for (let w = 0; w < words; w++) out[at + w] = cur[w] as number;
    this.at = at;
    this.violated = 0;
  }

  private finish(tag: Label): void {
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

  private set(field: Field, value: number): void {
    const w = this.at + (this.fw[field] as number);
    const shift = this.fs[field] as number;
    this.out[w] =
      ((this.out[w] as number) & ~((this.fm[field] as number) << shift)) | (value << shift);
  }

  private now(field: Field): number {
    return (
      ((this.out[this.at + (this.fw[field] as number)] as number) >>> (this.fs[field] as number)) &
      (this.fm[field] as number)
    );
  }

  /** Moves a task to a local state; a CPU that becomes quiescent by it leaves the grace periods. */
  private go(t: number, to: number): void {
    this.set(this.fields.task[t] as Field, to);
    const g = (this.base[t] as number) + to;
    if (this.kind[g] === act.violation) this.violated = this.arg[g] as number;
    if (this.gps) this.quiesce(this.place[g] as number);
  }

  private quiesce(place: number): void {
    const field = this.fields.waiting[place] as Field;
    if (this.now(field) === 0) return;
    if (this.buffered && this.now(this.fields.buffer[place] as Field) !== 0) return;
    if (!this.inSection(place)) this.set(field, 0);
  }

  /** Whether a CPU is in a read-side section, in the successor under construction. */
  private inSection(place: number): boolean {
    for (const t of this.tasksAt[place] as readonly number[]) {
      const g = (this.base[t] as number) + this.now(this.fields.task[t] as Field);
      if (this.place[g] === place && ((this.attributes[g] as number) & attribute.section) !== 0)
        return true;
    }
    return false;
  }

  private blocked(cur: Int32Array, t: number, g: number): boolean {
    const place = this.place[g] as number;
    if (this.maxPreemptions > 0 && this.get(cur, this.fields.preempted[place] as Field) !== 0)
      return true;
    if (this.crowded[t] === 0) return false;
    const mine = (this.attributes[g] as number) & attribute.active;
    const nmi = this.automata.tasks[t]?.program.role === "nmi";
    for (const other of this.tasksAt[place] as readonly number[]) {
      if (other === t) continue;
      const h = (this.base[other] as number) + this.get(cur, this.fields.task[other] as Field);
      if (this.place[h] !== place) continue;
      const flags = this.attributes[h] as number;
      const otherNmi = this.automata.tasks[other]?.program.role === "nmi";
      // An NMI holds up everything else, a handler all but an NMI, a task in an atomic section only other tasks.
      if (flags & attribute.active) {
        if (otherNmi || !nmi) return true;
      } else if (flags & attribute.atomic && mine === 0 && !nmi) {
        if (this.kind[g] !== act.irq) return true;
      }
    }
    return false;
  }

  private taskSteps(cur: Int32Array, t: number): void {
    const local = this.get(cur, this.fields.task[t] as Field);
    const g = (this.base[t] as number) + local;
    this.seen[g] = 1;
    const kind = this.kind[g] as number;
    if (kind === act.done || kind === act.irq || kind === act.dormant) return;
    if (kind === act.violation || kind === act.stuck) return;
    if ((this.crowded[t] !== 0 || this.maxPreemptions > 0) && this.blocked(cur, t, g)) return;
    const place = this.place[g] as number;
    const buffer = this.buffered ? this.get(cur, this.fields.buffer[place] as Field) : 0;
    const tag = label(event.task, t, 0);
    switch (kind) {
      case act.step: {
        const start = this.tableAt[g] as number;
        for (let i = 0; i < (this.tableSize[g] as number); i++) {
          this.begin();
          this.go(t, this.table[start + i] as number);
          this.finish(tag + i);
        }
        break;
      }
      case act.fence:
        if (buffer !== 0) break;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      case act.storeFence:
        this.storeFence(t, g, place, buffer, tag);
        break;
      case act.load:
        this.load(cur, t, g, place, buffer, tag);
        break;
      case act.memoryLoad: {
        this.begin();
        const at = this.loadIndex(cur, g, -1, 0);
        this.go(t, this.table[(this.tableAt[g] as number) + at] as number);
        this.finish(tag);
        break;
      }
      case act.store:
      case act.release:
        this.store(t, g, place, buffer, tag);
        break;
      case act.atomic: {
        if (buffer !== 0) break;
        const location = this.loc[g] as number;
        const old = this.get(cur, this.fields.location[location] as Field);
        const entry = (this.tableAt[g] as number) + old;
        const value = this.written[entry] as number;
        if (value < 0) break;
        this.begin();
        this.set(this.fields.location[location] as Field, value);
        this.go(t, this.table[entry] as number);
        this.finish(tag);
        break;
      }
      case act.send:
      case act.sendRunning:
        this.send(cur, t, g, buffer, tag);
        break;
      case act.ackWait:
        // A load-acquire, not a barrier: where nothing was sent, nothing has drained the buffer.
        if (
          this.get(cur, this.fields.pending[this.arg[g] as number] as Field) &
          (this.arg2[g] as number)
        )
          break;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      case act.overflow: {
        const name = this.automata.locations[this.loc[g] as number]?.name;
        throw new RangeError(
          `${name} takes more than ${mostValues} values; a check needs state words with few values (no counters that grow)`,
        );
      }
      case act.each:
        this.each(cur, t, g, place, buffer);
        break;
      case act.ackWaitAll: {
        let open = 0;
        for (const field of this.fields.pending) open |= this.get(cur, field);
        if (open & (this.arg2[g] as number)) break;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      case act.gpStart:
        if (buffer !== 0) break;
        this.begin();
        this.startGrace(this.arg2[g] as number);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      case act.gpWait:
        if (
          (this.get(cur, this.fields.waiting[this.arg[g] as number] as Field) >>
            (this.arg2[g] as number)) &
          1
        )
          break;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      case act.gpWaitAll: {
        let open = 0;
        for (const field of this.fields.waiting) open |= this.get(cur, field);
        if ((open >> (this.arg2[g] as number)) & 1) break;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      case act.callback: {
        if (buffer !== 0) break;
        const target = this.arg[g] as number;
        const idle =
          (this.base[target] as number) + this.get(cur, this.fields.task[target] as Field);
        if (this.kind[idle] !== act.dormant) break;
        this.begin();
        this.startGrace(this.ownerBitOf[target] as number);
        this.go(target, this.arg2[g] as number);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      case act.invalidate:
        if (buffer !== 0) break;
        this.begin();
        for (let p = 0; p < this.automata.world.cpus.length; p++)
          if (((this.arg[g] as number) >> p) & 1) this.flushTlb(p);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      case act.nmi: {
        const used = this.get(cur, this.fields.nmis);
        if (used >= this.maxNmis) break;
        this.begin();
        this.set(this.fields.nmis, used + 1);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      case act.iret: {
        const {role, sender} = this.automata.tasks[t]?.program ?? {role: "nmi", sender: -1};
        if (role === "handler" && buffer !== 0) break;
        this.begin();
        if (role === "handler") this.acknowledge(place, sender);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      default:
    }
    if (this.maxMigrations > 0) this.migrations(cur, t, local, place, buffer);
  }

  private loadIndex(cur: Int32Array, g: number, place: number, buffer: number): number {
    const first = this.valueSeen(cur, this.loc[g] as number, place, buffer);
    const other = this.loc2[g] as number;
    if (other < 0) return first;
    return first * (this.size2[g] as number) + this.valueSeen(cur, other, place, buffer);
  }

  /** The newest entry of the own buffer, else memory. */
  private valueSeen(cur: Int32Array, location: number, place: number, buffer: number): number {
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

  private load(
    cur: Int32Array,
    t: number,
    g: number,
    place: number,
    buffer: number,
    tag: Label,
  ): void {
    this.begin();
    let to = this.table[
      (this.tableAt[g] as number) + this.loadIndex(cur, g, place, buffer)
    ] as number;
    const h = (this.base[t] as number) + to;
    if (this.fuse && this.kind[h] === act.send && buffer === 0) {
      const field = this.fields.pending[this.arg[h] as number] as Field;
      const pending = this.get(cur, field);
      if (((pending >> (this.arg2[h] as number)) & 1) === 0) {
        this.seen[h] = 1;
        this.set(field, pending | (1 << (this.arg2[h] as number)));
        to = this.next[h] as number;
      }
    }
    this.go(t, to);
    this.finish(tag);
  }

  /** One round of a loop over CPUs, for any CPU it has not been at: a load and what it decides, or a send. */
  private each(cur: Int32Array, t: number, g: number, place: number, buffer: number): void {
    let open = false;
    for (let p = 0; p < this.places; p++) {
      const body = this.bodies[g * this.places + p] as number;
      const progress = this.fields.progress[p] as Field;
      if (body < 0 || this.get(cur, progress) !== 0) continue;
      open = true;
      let h = (this.base[t] as number) + body;
      if (this.kind[h] === act.load) {
        const index = this.loadIndex(cur, h, place, buffer);
        const to = this.table[(this.tableAt[h] as number) + index] as number;
        // A round of a poll that has to look again.
        if (to === body) continue;
        h = (this.base[t] as number) + to;
      }
      this.begin();
      if (this.kind[h] === act.send) {
        const field = this.fields.pending[this.arg[h] as number] as Field;
        const bit = 1 << (this.arg2[h] as number);
        if (buffer !== 0 || (this.get(cur, field) & bit) !== 0) continue;
        this.set(field, this.get(cur, field) | bit);
      }
      this.set(progress, 1);
      this.finish(label(event.task, t, p));
    }
    if (open) return;
    this.begin();
    for (const field of this.fields.progress) this.set(field, 0);
    this.go(t, this.next[g] as number);
    this.finish(label(event.task, t, this.places));
  }

  private length(place: number, buffer: number): number {
    const bits = this.entryBits[place] as number;
    let length = 0;
    for (let rest = buffer; rest !== 0; rest >>>= bits) length++;
    return length;
  }

  private store(t: number, g: number, place: number, buffer: number, tag: Label): void {
    const location = this.loc[g] as number;
    if (!this.buffered) {
      this.begin();
      this.write(location, this.value[g] as number);
      this.go(t, this.next[g] as number);
      this.finish(tag);
      return;
    }
    let length = this.length(place, buffer);
    const bits = this.entryBits[place] as number;
    let entries = buffer;
    if (this.kind[g] === act.release && this.model === "pso" && buffer !== 0) {
      const barrier = (this.codeLocation[place] as Int32Array).length;
      const last = (buffer >>> ((length - 1) * bits)) & (this.entryMask[place] as number);
      if (last !== barrier) {
        if (length >= (this.depth[place] as number)) return;
        entries |= barrier << (length * bits);
        length++;
      }
    }
    if (length >= (this.depth[place] as number)) return;
    this.begin();
    this.set(
      this.fields.buffer[place] as Field,
      entries | ((this.storeCode[g] as number) << (length * bits)),
    );
    this.go(t, this.next[g] as number);
    this.finish(tag);
  }

  private storeFence(t: number, g: number, place: number, buffer: number, tag: Label): void {
    let entries = buffer;
    if (this.model === "pso" && buffer !== 0) {
      const length = this.length(place, buffer);
      const bits = this.entryBits[place] as number;
      const barrier = (this.codeLocation[place] as Int32Array).length;
      const last = (buffer >>> ((length - 1) * bits)) & (this.entryMask[place] as number);
      if (last !== barrier) {
        if (length >= (this.depth[place] as number)) return;
        entries |= barrier << (length * bits);
      }
    }
    this.begin();
    if (entries !== buffer) this.set(this.fields.buffer[place] as Field, entries);
    this.go(t, this.next[g] as number);
    this.finish(tag);
  }

  /** Memory takes a value; freeing what is free is I10. */
  private write(location: number, value: number): void {
    const field = this.fields.location[location] as Field;
    if (this.once[location] === 1 && this.now(field) === value && value !== 0) {
      this.set(this.fields.twice, 1);
      this.violated = 10;
    }
    this.set(field, value);
  }

  private commits(cur: Int32Array, place: number): void {
    const field = this.fields.buffer[place] as Field;
    const buffer = this.get(cur, field);
    const bits = this.entryBits[place] as number;
    const mask = this.entryMask[place] as number;
    const locations = this.codeLocation[place] as Int32Array;
    const values = this.codeValue[place] as Int32Array;
    const barrier = locations.length;
    let seen = 0n;
    for (let i = 0, rest = buffer; rest !== 0; i++, rest >>>= bits) {
      const code = rest & mask;
      if (code === barrier) break;
      const location = locations[code] as number;
      if (i > 0) {
        if (this.model !== "pso") break;
        if ((seen >> BigInt(location)) & 1n) continue;
      }
      if (this.model === "pso") seen |= 1n << BigInt(location);
      const below = buffer & ((1 << (i * bits)) - 1);
      let left = below | ((i + 1) * bits > 31 ? 0 : (buffer >>> ((i + 1) * bits)) << (i * bits));
      while (left !== 0 && (left & mask) === barrier) left >>>= bits;
      this.begin();
      this.write(location, values[code] as number);
      this.set(field, left);
      if (this.gps) this.quiesce(place);
      this.finish(label(event.commit, place, i));
    }
  }

  private send(cur: Int32Array, t: number, g: number, buffer: number, tag: Label): void {
    if (buffer !== 0) return;
    const target = this.arg[g] as number;
    if (
      this.kind[g] === act.sendRunning &&
      this.maxPreemptions > 0 &&
      this.get(cur, this.fields.preempted[target] as Field) !== 0
    ) {
      this.begin();
      this.set(
        this.fields.flushOnEntry[target] as Field,
        1 & (this.fm[this.fields.flushOnEntry[target] as Field] as number),
      );
      this.go(t, this.next[g] as number);
      this.finish(tag);
      return;
    }
    const field = this.fields.pending[target] as Field;
    const pending = this.get(cur, field);
    // The sender's slot at the target is taken until its previous interrupt was handled.
    if ((pending >> (this.arg2[g] as number)) & 1) return;
    this.begin();
    this.set(field, pending | (1 << (this.arg2[g] as number)));
    this.go(t, this.next[g] as number);
    this.finish(tag);
  }

  private deliveries(cur: Int32Array, place: number): void {
    if (this.buffered && this.get(cur, this.fields.buffer[place] as Field) !== 0) return;
    if (this.maxPreemptions > 0 && this.get(cur, this.fields.preempted[place] as Field) !== 0)
      return;
    for (const t of this.tasksAt[place] as readonly number[]) {
      const g = (this.base[t] as number) + this.get(cur, this.fields.task[t] as Field);
      if (this.place[g] === place && ((this.attributes[g] as number) & attribute.irqOff) !== 0)
        return;
    }
    const field = this.fields.pending[place] as Field;
    const pending = this.get(cur, field);
    const plain = pending & ~this.handledMask;
    if (plain !== 0) {
      this.delivered++;
      this.begin();
      this.set(field, pending & this.handledMask);
      if (plain & this.flushMask) this.flushTlb(place);
      this.finish(label(event.deliver, place, allInterrupts));
    }
    const interrupts = this.automata.interrupts.length;
    for (let bit = 0; bit < interrupts; bit++) {
      if (((pending & this.handledMask) >> bit) & 1) {
        const t = this.handlerOf[place * interrupts + bit] as number;
        const local = this.get(cur, this.fields.task[t] as Field);
        const g = (this.base[t] as number) + local;
        if (this.kind[g] !== act.irq) continue;
        this.delivered++;
        this.begin();
        this.go(t, this.next[g] as number);
        this.finish(label(event.deliver, place, bit));
      }
    }
  }

  /** A handler is done: its sender's interrupts at this CPU are acknowledged. */
  private acknowledge(place: number, sender: number): void {
    const field = this.fields.pending[place] as Field;
    let pending = this.now(field);
    for (const [bit, interrupt] of this.automata.interrupts.entries())
      if (interrupt.sender === sender && interrupt.handled) pending &= ~(1 << bit);
    this.set(field, pending);
  }

  private flushTlb(place: number): void {
    for (const t of this.mmusAt[place] as readonly number[])
      this.set(this.fields.task[t] as Field, 0);
  }

  /** The snapshot of a grace period: every CPU in a section or with stores that are not out yet. */
  private startGrace(bit: number): void {
    for (let place = 0; place < this.automata.world.cpus.length; place++) {
      const busy =
        (this.buffered && this.now(this.fields.buffer[place] as Field) !== 0) ||
        this.inSection(place);
      if (!busy) continue;
      const field = this.fields.waiting[place] as Field;
      this.set(field, this.now(field) | (1 << bit));
    }
  }

  private vcpu(cur: Int32Array, place: number): void {
    const field = this.fields.preempted[place] as Field;
    if (this.get(cur, field) !== 0) {
      this.begin();
      this.set(field, 0);
      const entry = this.fields.flushOnEntry[place] as Field;
      if (this.now(entry) !== 0) {
        this.set(entry, 0);
        this.flushTlb(place);
      }
      this.finish(label(event.run, place, 0));
      return;
    }
    const used = this.get(cur, this.fields.preemptions);
    if (used >= this.maxPreemptions) return;
    this.begin();
    this.set(field, 1);
    this.set(this.fields.preemptions, used + 1);
    this.finish(label(event.preempt, place, 0));
  }

  private migrations(
    cur: Int32Array,
    t: number,
    local: number,
    place: number,
    buffer: number,
  ): void {
    const moves = this.automata.tasks[t]?.states[local]?.moves ?? [];
    if (moves.length === 0 || buffer !== 0) return;
    const used = this.get(cur, this.fields.migrations);
    if (used >= this.maxMigrations) return;
    for (const [to, id] of moves.entries()) {
      if (id < 0 || to === place || this.occupied(cur, t, to)) continue;
      this.begin();
      this.set(this.fields.migrations, used + 1);
      this.go(t, id);
      if (this.gps) this.quiesce(place);
      this.finish(label(event.migrate, t, to));
    }
  }

  private occupied(cur: Int32Array, t: number, place: number): boolean {
    for (const other of this.tasksAt[place] as readonly number[]) {
      if (other === t) continue;
      const {role} = (this.automata.tasks[other] as Automata["tasks"][number]).program;
      if (role !== "walker" && role !== "writer") continue;
      const h = (this.base[other] as number) + this.get(cur, this.fields.task[other] as Field);
      if (this.place[h] === place) return true;
    }
    return false;
  }
}
