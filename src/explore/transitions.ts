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
// (4) NMIs, vCPU preemption, migration and hotplug, as often as the scope allows. A CPU goes offline as the kernel takes one down: while every
//     CPU could be stopped (none masks interrupts or forbids preemption), its walker between two walks, its interrupts taken, its stores
//     out; its TLB is empty from then on. It then runs nothing, and an interrupt to it is not sent. Both ways are full barriers.
//
// Store buffers hold codes of (location, value) pairs, oldest in the lowest bits, 0 for an empty place; the highest code is PSO's barrier.
// A step that changes nothing (a round of a spin loop) is no step.

import type {Field} from "./layout.ts";
import {type Automata, act, attribute, type Interrupt} from "./local-state.ts";
import {allInterrupts, event, type Label, label} from "./step-label.ts";
import {StepWriter} from "./step-writer.ts";
import {mostValues} from "./vocabulary.ts";

export class Transitions extends StepWriter {
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
      if (this.onlineMasks.length > 0 && place < this.automata.world.cpus.length)
        this.hotplug(cur, place);
    }
    return this.count;
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
    if (this.isOffline(cur, place)) return;
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
        if (role === "handler") this.acknowledge(place, sender, this.arg[g] as number);
        this.go(t, this.next[g] as number);
        this.finish(tag);
        break;
      }
      default:
    }
    if (this.maxMigrations > 0) this.migrations(cur, t, local, place, buffer);
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
      if ((pending & (this.slotMask[this.arg2[h] as number] as number)) === 0) {
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
        const slot = this.slotMask[this.arg2[h] as number] as number;
        if (buffer !== 0 || (this.get(cur, field) & slot) !== 0) continue;
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

  private commits(cur: Int32Array, place: number): void {
    const field = this.fields.buffer[place] as Field;
    const buffer = this.get(cur, field);
    const bits = this.entryBits[place] as number;
    const mask = this.entryMask[place] as number;
    const locations = this.codeLocation[place] as Int32Array;
    const values = this.codeValue[place] as Int32Array;
    const barrier = locations.length;
    for (let i = 0, rest = buffer; rest !== 0; i++, rest >>>= bits) {
      const code = rest & mask;
      if (code === barrier) break;
      const location = locations[code] as number;
      if (i > 0) {
        if (this.model !== "pso") break;
        let earlier = false;
        for (let j = 0; j < i; j++)
          if (locations[(buffer >>> (j * bits)) & mask] === location) earlier = true;
        if (earlier) continue;
      }
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
    const target = this.arg[g] as number;
    // Whoever finds a CPU offline sends nothing, and so has no barrier from it.
    if (this.isOffline(cur, target)) {
      this.begin();
      this.go(t, this.next[g] as number);
      this.finish(tag);
      return;
    }
    if (buffer !== 0) return;
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
    if (pending & (this.slotMask[this.arg2[g] as number] as number)) return;
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
        const {hook} = this.automata.interrupts[bit] as Interrupt;
        this.go(t, this.table[(this.tableAt[g] as number) + hook] as number);
        this.finish(label(event.deliver, place, this.slotOf(bit)));
      }
    }
  }

  /** The number of a slot: that of the first interrupt of its kind that runs a handler. */
  private slotOf(bit: number): number {
    return 31 - Math.clz32(lowest((this.slotMask[bit] as number) & this.handledMask));
  }

  /** A handler is done: its sender's interrupts at this CPU that run this hook are acknowledged. */
  private acknowledge(place: number, sender: number, hook: number): void {
    const field = this.fields.pending[place] as Field;
    let pending = this.now(field);
    for (const [bit, interrupt] of this.automata.interrupts.entries())
      if (interrupt.sender === sender && interrupt.hook === hook) pending &= ~(1 << bit);
    this.set(field, pending);
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

  private hotplug(cur: Int32Array, place: number): void {
    const used = this.get(cur, this.fields.hotplugs);
    if (used >= (this.automata.world.scope.hotplugs ?? 0)) return;
    const offline = this.isOffline(cur, place);
    if (!offline && !this.mayGo(cur, place)) return;
    const to = this.onlineMasks.indexOf(this.onlineIn(cur) ^ (1 << place));
    if (to < 0) return;
    this.begin();
    this.set(this.fields.location[this.automata.online] as Field, to);
    this.set(this.fields.hotplugs, used + 1);
    if (!offline) this.flushTlb(place);
    this.finish(label(offline ? event.online : event.offline, place, 0));
  }

  /** Whether a CPU can be taken offline as things stand. */
  private mayGo(cur: Int32Array, place: number): boolean {
    const {world, tasks} = this.automata;
    if (world.writers.some((writer) => writer.place === place)) return false;
    if (this.get(cur, this.fields.pending[place] as Field) !== 0) return false;
    if (this.buffered && this.get(cur, this.fields.buffer[place] as Field) !== 0) return false;
    for (const field of this.fields.preempted) if (this.get(cur, field) !== 0) return false;
    for (const [t, {program}] of tasks.entries()) {
      if (program.role === "mmu" || program.role === "callback") continue;
      const g = (this.base[t] as number) + this.get(cur, this.fields.task[t] as Field);
      const flags = this.attributes[g] as number;
      if (flags & attribute.atomic) return false;
      if (this.place[g] === place && (flags & attribute.rest) === 0) return false;
    }
    return true;
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

function lowest(mask: number): number {
  return mask & -mask;
}
