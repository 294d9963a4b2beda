// A path of labels turned into what a reader sees: numbered steps in lanes, what each did to memory and to the store buffers, the
// intervals in which interrupts were off or a store waited, the arrows from an interrupt to its acknowledgement and from a commit to the
// load that read it, and the schedule that runs it again.

import type {InvariantId} from "../plan/invariants.ts";
import {type Schedule, type ScheduleMove, scheduleText} from "../program/schedule.ts";
import {flag, type Ins, x} from "./instructions.ts";
import {act, type LocalState, type TaskAutomaton} from "./local-state.ts";
import {allInterrupts, event, type Label, label, labelParts} from "./step-label.ts";
import type {Transitions} from "./transitions.ts";
import type {Arrow, Interval, Lane, MemoryAccess, StepKind, Trace, TraceStep} from "./verdict.ts";

/** Follows a path from the initial state. Throws a `RangeError` if a label is not possible where it stands. */
export function traceOf(transitions: Transitions, path: readonly Label[]): Trace {
  return new TraceWriter(transitions).write(path);
}

/** The state at the end of a path. Throws a `RangeError` that names the first step that is not possible. */
export function follow(
  transitions: Transitions,
  path: readonly Label[],
  visit?: (before: Int32Array, packed: Label, after: Int32Array, bad: number) => void,
): Int32Array {
  const {words} = transitions.layout;
  let state = transitions.initial();
  for (const [index, packed] of path.entries()) {
    const count = transitions.expand(state);
    let at = 0;
    while (at < count && transitions.labels[at] !== packed) at++;
    if (at === count) {
      throw new RangeError(
        `step ${index + 1} of the schedule is not possible there: ${moveOf(transitions, packed).actor} ${moveOf(transitions, packed).name}`,
      );
    }
    const after = transitions.out.slice(at * words, (at + 1) * words);
    const bad = transitions.bad[at] as number;
    visit?.(state, packed, after, bad);
    state = after;
  }
  return state;
}

/** The move of a schedule that a label stands for. */
export function moveOf(transitions: Transitions, packed: Label): ScheduleMove {
  const {kind, a, b} = labelParts(packed);
  const {world, tasks} = transitions.automata;
  const cpuAt = (place: number): number => world.cpus[place] ?? place - world.cpus.length;
  const deferred = a >= world.cpus.length;
  const plain = {name: "", cpu: cpuAt(a), deferred: false, choice: -1};
  switch (kind) {
    case event.commit:
      return {...plain, actor: "commit", deferred, choice: b};
    case event.deliver:
      return {
        ...plain,
        actor: "ack",
        choice: b === allInterrupts ? -1 : handledNumber(transitions, b),
      };
    case event.preempt:
      return {...plain, actor: "preempt"};
    case event.run:
      return {...plain, actor: "run"};
    case event.offline:
      return {...plain, actor: "offline"};
    case event.online:
      return {...plain, actor: "online"};
    default: {
      const task = tasks[a] as TaskAutomaton;
      const {role, cpu, place} = task.program;
      const name = scheduleName(task);
      if (kind === event.migrate)
        return {actor: "move", name, cpu, deferred: false, choice: world.cpus[b] as number};
      const actor =
        role === "walker" || role === "writer"
          ? "task"
          : role === "callback"
            ? "rcu"
            : role === "handler"
              ? "irq"
              : role;
      const choice = task.states.some((s) => s.kind === act.step && s.next.length > 1) ? b : -1;
      const number = role === "callback" ? place - world.cpus.length : cpu;
      return {actor, name, cpu: number, deferred: false, choice};
    }
  }
}

/** Labels of a schedule's moves. Throws a `RangeError` for a task that the system does not have. */
export function labelsOf(transitions: Transitions, schedule: Schedule): Label[] {
  const {world, tasks} = transitions.automata;
  return schedule.moves.map((move) => {
    const place = move.deferred ? world.cpus.length + move.cpu : world.cpus.indexOf(move.cpu);
    switch (move.actor) {
      case "commit":
        return label(event.commit, place, Math.max(0, move.choice));
      case "ack":
        return label(event.deliver, place, deliveredBit(transitions, move.choice));
      case "preempt":
        return label(event.preempt, place, 0);
      case "run":
        return label(event.run, place, 0);
      case "offline":
        return label(event.offline, place, 0);
      case "online":
        return label(event.online, place, 0);
      default: {
        const t = tasks.findIndex((_, index) => {
          const own = moveOf(transitions, label(event.task, index, 0));
          const actor = move.actor === "move" ? "task" : move.actor;
          return own.actor === actor && own.name === move.name && own.cpu === move.cpu;
        });
        if (t < 0) throw new RangeError(`schedule: no ${move.actor} ${move.name} at ${move.cpu}`);
        if (move.actor === "move") return label(event.migrate, t, world.cpus.indexOf(move.choice));
        return label(event.task, t, Math.max(0, move.choice));
      }
    }
  });
}

/** The number of an interrupt that runs a handler, as a schedule counts them. */
function handledNumber({automata}: Transitions, bit: number): number {
  const interrupt = automata.interrupts[bit];
  return interrupt === undefined ? bit : 2 * interrupt.sender + (interrupt.kind === "wait" ? 0 : 1);
}

function deliveredBit(transitions: Transitions, number: number): number {
  if (number < 0) return allInterrupts;
  const {interrupts} = transitions.automata;
  const bit = interrupts.findIndex(
    ({hook}, at) => hook >= 0 && handledNumber(transitions, at) === number,
  );
  // One that is not sent anywhere is never pending.
  return bit < 0 ? allInterrupts - 1 : bit;
}

function scheduleName(task: TaskAutomaton): string {
  return task.program.name.split(" ").at(-1) as string;
}

interface BufferedStore {
  readonly text: string;
  readonly step: number;
}

class TraceWriter {
  private readonly transitions: Transitions;
  private readonly steps: TraceStep[] = [];
  private readonly intervals: Interval[] = [];
  private readonly arrows: Arrow[] = [];
  private readonly lanes: Lane[] = [];
  private readonly laneAt = new Map<string, number>();
  private readonly buffers: BufferedStore[][];
  private readonly written = new Map<number, number>();
  private readonly sent = new Map<string, number>();
  private readonly open = new Map<string, {lane: number; from: number; text: string}>();
  private readonly awaited = new Set<string>();
  private readonly freed = new Map<number, number>();

  constructor(transitions: Transitions) {
    this.transitions = transitions;
    this.buffers = Array.from({length: transitions.places}, () => []);
    this.makeLanes();
  }

  write(path: readonly Label[]): Trace {
    follow(this.transitions, path, (before, packed, after, bad) =>
      this.step(before, packed, after, bad),
    );
    const last = this.steps.length;
    for (const [key, {lane, from, text}] of this.open)
      this.intervals.push({
        kind: key.split(" ")[0] as Interval["kind"],
        lane,
        from,
        to: last,
        text,
      });
    for (const [place, list] of this.buffers.entries())
      for (const entry of list)
        this.intervals.push({
          kind: "store-buffer",
          lane: this.placeLane(place),
          from: entry.step,
          to: last,
          text: entry.text,
        });
    this.intervals.sort((a, b) => a.from - b.from || a.lane - b.lane);
    let switches = 0;
    for (let i = 1; i < this.steps.length; i++)
      if (this.steps[i]?.cpu !== this.steps[i - 1]?.cpu) switches++;
    const moves = path.map((packed) => moveOf(this.transitions, packed));
    return {
      lanes: this.lanes,
      steps: this.steps,
      intervals: this.intervals,
      arrows: this.arrows,
      switches,
      schedule: scheduleText({model: this.transitions.model, moves}),
    };
  }

  private makeLanes(): void {
    const {world, tasks} = this.transitions.automata;
    const titles = (place: number, roles: readonly string[]): string =>
      tasks
        .filter((task) => task.program.place === place && roles.includes(task.program.role))
        .map((task) => task.program.name)
        .join(", ");
    for (const [place, cpu] of world.cpus.entries()) {
      const who = titles(place, ["writer", "walker", "nmi"]);
      this.addLane(`cpu ${place}`, cpu, `CPU ${cpu}: ${who === "" ? "idle" : who}`);
      if (titles(place, ["mmu"]) !== "") this.addLane(`mmu ${place}`, cpu, `CPU ${cpu}: MMU`);
    }
    for (const task of tasks) {
      if (task.program.role !== "callback") continue;
      this.addLane(`cpu ${task.program.place}`, -1, task.program.name);
    }
  }

  private addLane(key: string, cpu: number, title: string): void {
    this.laneAt.set(key, this.lanes.push({cpu, title}) - 1);
  }

  private placeLane(place: number): number {
    return this.laneAt.get(`cpu ${place}`) ?? 0;
  }

  private cpuAt(place: number): number {
    return this.transitions.automata.world.cpus[place] ?? -1;
  }

  private step(before: Int32Array, packed: Label, after: Int32Array, bad: number): void {
    const {kind, a, b} = labelParts(packed);
    const number = this.steps.length + 1;
    switch (kind) {
      case event.commit:
        this.commit(before, a, b, number, after, bad);
        return;
      case event.deliver: {
        if (b !== allInterrupts) {
          this.push(
            a,
            "interrupt",
            "ipi-handle",
            "interrupt taken: its handler begins",
            after,
            bad,
          );
          return;
        }
        const sends = [...this.sent].filter(([key]) => key.endsWith(` ${a}`));
        for (const [key, from] of sends) {
          this.arrows.push({kind: "ipi", from, to: number, text: "acknowledged"});
          this.sent.delete(key);
        }
        this.push(a, "interrupt", "ipi-handle", "interrupts taken, acknowledged", after, bad);
        return;
      }
      case event.preempt:
        this.open.set(`preempted ${a}`, {
          lane: this.placeLane(a),
          from: number,
          text: "vCPU away",
        });
        this.push(a, "host", "vcpu", "vCPU preempted", after, bad);
        return;
      case event.run:
        this.close(`preempted ${a}`, number);
        this.push(a, "host", "vcpu", "vCPU runs again", after, bad);
        return;
      case event.offline:
        this.push(a, "hotplug", "other", `CPU ${this.cpuAt(a)} goes offline`, after, bad);
        return;
      case event.online:
        this.push(a, "hotplug", "other", `CPU ${this.cpuAt(a)} comes online`, after, bad);
        return;
      case event.migrate: {
        const task = this.transitions.automata.tasks[a] as TaskAutomaton;
        const place = this.placeOf(before, a);
        const text = `${task.program.name} migrates to CPU ${this.cpuAt(b)}`;
        this.push(place, task.program.name, "migrate", text, after, bad);
        return;
      }
      default:
        this.taskStep(before, a, b, number, after, bad);
    }
  }

  private placeOf(state: Int32Array, t: number): number {
    const task = this.transitions.automata.tasks[t] as TaskAutomaton;
    if (task.program.role === "callback") return task.program.place;
    const at = this.transitions.automata.world.cpus.indexOf(this.transitions.local(state, t).cpu);
    return at < 0 ? task.program.place : at;
  }

  private commit(
    before: Int32Array,
    place: number,
    entry: number,
    number: number,
    after: Int32Array,
    bad: number,
  ): void {
    const code = this.transitions.bufferOf(before, place)[entry] as number;
    const pair = this.transitions.codes[place]?.[code - 1];
    if (pair === undefined) return;
    const location = this.transitions.automata.locations[pair.location];
    const value = location?.show(location.values[pair.value] as number) ?? "?";
    // Barriers that stood before the entry went with earlier commits; the list holds stores only.
    const codes = this.transitions.bufferOf(before, place).slice(0, entry);
    const barrier = (this.transitions.codes[place]?.length ?? 0) + 1;
    const at = codes.filter((c) => c !== barrier).length;
    const [store] = this.buffers[place]?.splice(at, 1) ?? [];
    this.written.set(pair.location, number);
    if (location?.once === true || location?.name.includes(".contents") === true)
      this.freed.set(pair.location, number);
    const text = `commit ${store?.text ?? `${location?.name} = ${value}`}`;
    if (store !== undefined)
      this.intervals.push({
        kind: "store-buffer",
        lane: this.placeLane(place),
        from: store.step,
        to: number,
        text: store.text,
      });
    this.push(place, "store buffer", "commit", text, after, bad, {
      access: "commit",
      location: location?.name ?? "?",
      value,
    });
  }

  private taskStep(
    before: Int32Array,
    t: number,
    choice: number,
    number: number,
    after: Int32Array,
    bad: number,
  ): void {
    const {automata, model} = this.transitions;
    const task = automata.tasks[t] as TaskAutomaton;
    const local = this.transitions.local(before, t);
    const then = this.transitions.local(after, t);
    const ins = task.program.ins[local.ins] as Ins;
    const place = this.placeOf(before, t);
    let text = local.text;
    let memory: MemoryAccess | undefined;
    const location = automata.locations[local.loc];
    if (local.kind === act.load || local.kind === act.memoryLoad) {
      const read = this.readBy(before, local, place);
      const value = location?.show(read) ?? "?";
      const from = this.written.get(local.loc);
      if (ins.op !== x.deref && ins.op !== x.mmuFill && ins.op !== x.mmuUse) text += ` -> ${value}`;
      else if (local.loc2 >= 0 && (automata.locations[local.loc2]?.values.length ?? 1) > 1) {
        const contents = automata.locations[local.loc2];
        const v2 = this.transitions.get(
          before,
          this.transitions.fields.location[local.loc2] as number,
        );
        text += ` -> ${contents?.show(contents.values[v2] as number)}`;
        const changed = this.freed.get(local.loc2);
        if (changed !== undefined && v2 !== 0)
          this.arrows.push({kind: "rf", from: changed, to: number, text: contents?.name ?? ""});
      }
      memory = {
        access: "load",
        location: location?.name ?? "?",
        value,
        ...(from === undefined ? {} : {from}),
      };
      const own = this.ownStore(local, place);
      if (
        own === undefined &&
        from !== undefined &&
        this.steps[from - 1]?.cpu !== this.cpuAt(place)
      )
        this.arrows.push({kind: "rf", from, to: number, text: location?.name ?? ""});
    }
    if (local.kind === act.store || local.kind === act.release || local.kind === act.atomic) {
      const value = location?.show(location.values[local.value] as number) ?? "?";
      const buffered = model !== "sc" && local.kind !== act.atomic;
      memory = {
        access: local.kind === act.atomic ? "rmw" : "store",
        location: location?.name ?? "?",
        value,
      };
      if (buffered) this.buffers[place]?.push({text: `${location?.name} = ${value}`, step: number});
      else {
        this.written.set(local.loc, number);
        if (location?.once === true || location?.name.includes(".contents") === true)
          this.freed.set(local.loc, number);
      }
    }
    if (local.kind === act.ackWait && !this.awaited.has(`${t} ${local.arg}`))
      text = `CPU ${this.cpuAt(local.arg)} was sent nothing: no wait`;
    if (local.kind === act.iret && task.program.role === "handler") {
      text = "the handler returns: acknowledged";
      for (const [key, from] of [...this.sent]) {
        const [sender, target] = key.split(" ");
        const owner = automata.tasks[Number(sender)]?.program;
        if (owner?.sender !== task.program.sender || Number(target) !== place) continue;
        this.arrows.push({kind: "ipi", from, to: number, text: "acknowledged"});
        this.sent.delete(key);
      }
    }
    const sends = this.newInterrupts(before, after);
    const target = local.kind === act.send || local.kind === act.sendRunning ? local.arg : -1;
    if (target >= 0 && this.transitions.goneAt(before, target)) {
      text = `CPU ${this.cpuAt(target)} is offline: no interrupt`;
    } else if (local.kind === act.sendRunning && sends.length === 0)
      text = `CPU ${this.cpuAt(local.arg)} is preempted: no interrupt, it flushes when it runs again`;
    for (const target of sends) {
      this.sent.set(`${t} ${target}`, number);
      this.awaited.add(`${t} ${target}`);
      if (local.kind === act.load) text += `; ipi ${this.cpuAt(target)}`;
    }
    if (local.kind === act.step && local.next.length > 1)
      text = `choose: ${automata.tasks[t]?.states[local.next[choice] as number]?.text ?? ""}`;
    this.flagIntervals(task, place, local, then, number);
    this.graceIntervals(t, place, local, then, number);
    const kind = kindOf(local, ins);
    const lane = task.program.role === "mmu" ? this.laneAt.get(`mmu ${place}`) : undefined;
    if (bad !== 0) this.badArrow(local, number);
    this.push(place, task.program.name, kind, text, after, bad, memory, lane);
  }

  private readBy(state: Int32Array, local: LocalState, place: number): number {
    const location = this.transitions.automata.locations[local.loc];
    let value = this.transitions.get(state, this.transitions.fields.location[local.loc] as number);
    if (local.kind === act.load) {
      for (const code of this.transitions.bufferOf(state, place)) {
        const pair = this.transitions.codes[place]?.[code - 1];
        if (pair?.location === local.loc) value = pair.value;
      }
    }
    return location?.values[value] as number;
  }

  private ownStore(local: LocalState, place: number): BufferedStore | undefined {
    const name = this.transitions.automata.locations[local.loc]?.name ?? "";
    return this.buffers[place]?.find((entry) => entry.text.startsWith(`${name} = `));
  }

  private newInterrupts(before: Int32Array, after: Int32Array): number[] {
    const targets: number[] = [];
    for (const [place, field] of this.transitions.fields.pending.entries())
      if (this.transitions.get(after, field) & ~this.transitions.get(before, field))
        targets.push(place);
    return targets;
  }

  private flagIntervals(
    task: TaskAutomaton,
    place: number,
    local: LocalState,
    then: LocalState,
    number: number,
  ): void {
    const kinds: [number, Interval["kind"], string][] = [
      [flag.irqOff, "irq-off", "interrupts off"],
      [flag.rcu, "rcu", "rcu_read_lock"],
      [flag.preemptOff, "preempt-off", "preemption off"],
      [flag.nmi, "nmi", task.program.role === "handler" ? "interrupt handler" : "NMI"],
    ];
    for (const [bit, kind, text] of kinds) {
      const key = `${kind} ${task.program.name} ${place}`;
      if (then.kind === act.violation) continue;
      if (!(local.flags & bit) && then.flags & bit)
        this.open.set(key, {lane: this.placeLane(place), from: number, text});
      if (local.flags & bit && !(then.flags & bit)) this.close(key, number);
    }
    if (local.kind === act.atomic && local.text.startsWith("lock "))
      this.open.set(`lock ${local.text.slice(5)}`, {
        lane: this.placeLane(place),
        from: number,
        text: local.text.slice(5),
      });
    if (local.text.startsWith("unlock ")) this.close(`lock ${local.text.slice(7)}`, number);
  }

  private graceIntervals(
    t: number,
    place: number,
    local: LocalState,
    then: LocalState,
    number: number,
  ): void {
    const lane = this.placeLane(place);
    if (local.kind === act.gpStart)
      this.open.set(`grace-period ${t}`, {lane, from: number, text: "grace period"});
    if (local.kind === act.callback) {
      const target = this.transitions.automata.tasks[local.arg]?.program;
      this.open.set(`grace-period ${local.arg}`, {
        lane: this.placeLane(target?.place ?? place),
        from: number,
        text: "grace period of the callback",
      });
      this.sent.set(`callback ${local.arg} -`, number);
    }
    if (local.kind === act.gpWaitAll) {
      this.close(`grace-period ${t}`, number);
      const from = this.sent.get(`callback ${t} -`);
      if (from !== undefined) this.arrows.push({kind: "callback", from, to: number, text: "rcu"});
    }
    if (local.kind === act.gpWait && then.kind !== act.gpWait)
      this.close(`grace-period ${t}`, number);
  }

  private badArrow(local: LocalState, number: number): void {
    for (const loc of [local.loc2, local.loc]) {
      const from = this.freed.get(loc);
      if (from === undefined) continue;
      const text = loc === local.loc ? "freed" : "changed in place";
      this.arrows.push({kind: "bad", from, to: number, text});
      return;
    }
    // The value was read earlier and is only used now.
    const from = Math.max(0, ...this.freed.values());
    if (from > 0) this.arrows.push({kind: "bad", from, to: number, text: "changed in place"});
  }

  private close(key: string, to: number): void {
    const interval = this.open.get(key);
    if (interval === undefined) return;
    this.open.delete(key);
    this.intervals.push({
      kind: key.split(" ")[0] as Interval["kind"],
      lane: interval.lane,
      from: interval.from,
      to,
      text: interval.text,
    });
  }

  private push(
    place: number,
    actor: string,
    kind: StepKind,
    text: string,
    after: Int32Array,
    bad: number,
    memory?: MemoryAccess,
    lane?: number,
  ): void {
    const barrier = (this.transitions.codes[place]?.length ?? 0) + 1;
    const stores = this.buffers[place] ?? [];
    let nth = 0;
    const buffer = this.transitions
      .bufferOf(after, place)
      .map((code) => (code === barrier ? "wmb" : (stores[nth++]?.text ?? "?")));
    this.steps.push({
      number: this.steps.length + 1,
      lane: lane ?? this.placeLane(place),
      cpu: this.cpuAt(place),
      actor,
      kind,
      text,
      buffer,
      ...(memory === undefined ? {} : {memory}),
      ...(bad === 0 ? {} : {violation: `I${bad}` as InvariantId}),
    });
  }
}

function kindOf(local: LocalState, ins: Ins): StepKind {
  switch (ins.op) {
    case x.free:
      return "free";
    case x.reuse:
      return "reuse";
    case x.deref:
      return local.kind === act.load ? "deref" : "other";
    case x.flags:
      return ((ins.a | ins.b) & flag.rcu) !== 0 ? "rcu" : "irq";
    default:
  }
  switch (local.kind) {
    case act.fence:
    case act.storeFence:
      return "fence";
    case act.load:
      return "load";
    case act.memoryLoad:
    case act.invalidate:
      return "tlb";
    case act.store:
      return "store";
    case act.release:
      return local.text.startsWith("unlock ") ? "unlock" : "store";
    case act.atomic:
      if (local.text.startsWith("unlock ")) return "unlock";
      return local.text.startsWith("lock ") ? "lock" : "rmw";
    case act.send:
    case act.sendRunning:
      return local.text.startsWith("flush") ? "flush" : "ipi-send";
    case act.ackWait:
      return "ipi-wait";
    case act.gpStart:
      return "gp-start";
    case act.gpWait:
    case act.gpWaitAll:
      return "gp-wait";
    case act.callback:
      return "call-rcu";
    case act.nmi:
    case act.iret:
      return "nmi";
    default:
      return local.next.length > 1 ? "choice" : local.text === "rmb" ? "fence" : "other";
  }
}
