// The moves of a scheduled run: which are possible, what one does, why one is not possible.

import {nanosecondsOf} from "../../engine/time.ts";
import {moveText, type ScheduleMove} from "../../program/schedule.ts";
import {pluggable, sparesPreempted} from "../../program/step-rules.ts";
import type {TimedStep} from "../../record/timed-replay.ts";
import type {Action, Awaited} from "./action.ts";
import {emptyTlb} from "./hardware-steps.ts";
import type {Pending} from "./interrupts.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import {flag, type ScheduledTask} from "./task.ts";
import {handlerSteps} from "./tasks-of.ts";

const silent = {name: "", deferred: false, choice: -1} as const;

/** A move that is possible or not, as things stand. */
interface Move {
  readonly move: ScheduleMove;
  readonly why: string | undefined;
}

/** All moves that are possible, in a fixed order; alternatives are numbered from 0 and -1 stands for the only one. */
export function possibleMoves(run: ScheduledRun): ScheduleMove[] {
  return allMoves(run)
    .filter(({why}) => why === undefined)
    .map(({move}) => move);
}

function allMoves(run: ScheduledRun): Move[] {
  const moves: Move[] = [];
  const {cpus} = run.small;
  for (const task of run.tasks) {
    const {actor, name, number} = task.init;
    const alternatives = task.next?.alternatives ?? 1;
    for (let choice = 0; choice < alternatives; choice++) {
      const move = {...silent, actor, name, cpu: number, choice: alternatives > 1 ? choice : -1};
      moves.push({move, why: taskHeld(run, task)});
    }
    for (const to of cpus) {
      const move = {...silent, actor: "move", name, cpu: number, choice: to} as const;
      if (actor === "task") moves.push({move, why: stays(run, task, to)});
    }
  }
  run.buffers.forEach((buffer, place) => {
    const deferred = place >= cpus.length;
    const cpu = deferred ? place - cpus.length : (cpus[place] as number);
    buffer.entries.forEach((_, choice) => {
      const move = {...silent, actor: "commit", cpu, deferred, choice} as const;
      moves.push({move, why: buffer.held(choice)});
    });
  });
  for (const cpu of cpus) {
    const ack = {...silent, actor: "ack", cpu} as const;
    moves.push({move: ack, why: ackHeld(run, cpu, -1)});
    for (const choice of handled(run, cpu)) {
      moves.push({move: {...ack, choice}, why: ackHeld(run, cpu, choice)});
    }
    moves.push({move: {...silent, actor: "preempt", cpu}, why: preemptHeld(run, cpu)});
    const why = run.preempted.has(cpu) ? undefined : `CPU ${cpu} is not preempted`;
    moves.push({move: {...silent, actor: "run", cpu}, why});
    if (!run.plugs) continue;
    for (const actor of ["offline", "online"] as const)
      moves.push({move: {...silent, actor, cpu}, why: plugHeld(run, cpu, actor)});
  }
  return moves;
}

/** Takes the next move of a schedule. Throws a `RangeError` that names the move, its number and why it is not possible. */
export function takeMove(run: ScheduledRun, move: ScheduleMove, number: number): TimedStep {
  const why = whyNot(run, move);
  if (why !== undefined) {
    throw new RangeError(
      `step ${number} of the schedule is not possible: \`${moveText(move)}\`: ${why}`,
    );
  }
  const done = perform(run, move);
  run.now = done.at;
  run.grace.settle(done.at);
  if (run.tables.freedTwice) run.violate("I10");
  const {from, at, cost, awaited, ready} = done;
  const waited = Math.max(0, (awaited?.at ?? 0) - from);
  return {
    number,
    move: moveText(move),
    cpu: done.cpu,
    actor: done.actor,
    text: done.text,
    from: nanosecondsOf(from),
    at: nanosecondsOf(at),
    cost: nanosecondsOf(cost),
    waited: nanosecondsOf(waited),
    ...(waited > 0 && awaited !== undefined ? {waitedFor: awaited.what} : {}),
    held: nanosecondsOf(at - ready),
    ...(run.violation === undefined ? {} : {violation: run.violation}),
  };
}

interface Done {
  readonly cpu: number;
  readonly actor: string;
  readonly text: string;
  /** Ticks. */
  readonly from: number;
  readonly ready: number;
  readonly at: number;
  readonly cost: number;
  readonly awaited: Awaited | undefined;
}

function perform(run: ScheduledRun, move: ScheduleMove): Done {
  const {cpu} = move;
  const instant = {cpu, from: run.now, ready: run.now, at: run.now, cost: 0, awaited: undefined};
  switch (move.actor) {
    case "commit":
      return commit(run, move);
    case "ack":
      return acknowledge(run, move);
    case "preempt":
      run.preempted.add(cpu);
      run.preemptions++;
      return {...instant, actor: "host", text: `the host takes vCPU ${cpu} away`};
    case "run":
      run.preempted.delete(cpu);
      if (run.flushOnEntry.delete(cpu)) emptyTlb(run, cpu);
      return {...instant, actor: "host", text: `vCPU ${cpu} runs again`};
    case "offline":
      run.offline.add(cpu);
      run.hotplugs++;
      emptyTlb(run, cpu);
      return {...instant, actor: "hotplug", text: `CPU ${cpu} goes offline`};
    case "online":
      run.offline.delete(cpu);
      run.hotplugs++;
      run.clocks[run.place(cpu)] = Math.max(run.clocks[run.place(cpu)], run.now);
      return {...instant, actor: "hotplug", text: `CPU ${cpu} comes online`};
    case "move": {
      const task = taskOf(run, move) as ScheduledTask;
      task.cpu = move.choice;
      task.place = run.place(move.choice);
      run.migrations++;
      run.clocks[task.place] = Math.max(run.clocks[task.place], run.now);
      if (task.next?.local === true) task.advance(0);
      const text = `${task.init.title} migrates to CPU ${move.choice}`;
      return {...instant, actor: task.init.title, text};
    }
    default:
      return takeStep(run, taskOf(run, move) as ScheduledTask, Math.max(0, move.choice));
  }
}

/** A task's own step, with the send that belongs to it. */
function takeStep(run: ScheduledRun, task: ScheduledTask, choice: number): Done {
  const first = effect(run, task, choice);
  const sends = first.kind === "load" && run.fuses && task.next?.kind === "send";
  if (!sends || taskHeld(run, task) !== undefined) return first.done;
  const {done} = effect(run, task, 0);
  const {from, awaited, cost} = first.done;
  return {...done, from, awaited, cost: cost + done.cost, text: `${first.done.text}; ${done.text}`};
}

function effect(
  run: ScheduledRun,
  task: ScheduledTask,
  choice: number,
): {done: Done; kind: Action["kind"]} {
  const action = task.next as Action;
  const from = run.clocks[task.place];
  const awaited = action.awaited?.();
  const begin = Math.max(from, awaited?.at ?? 0);
  let cost = run.settle(task);
  if (task.context !== undefined && action.kind === undefined) {
    cost += run.sendOff(task.context, begin);
  }
  cost += action.cost?.(begin) ?? 0;
  const ready = begin + cost;
  const at = Math.max(ready, run.now);
  run.now = at;
  const given = action.take?.(at, choice) ?? 0;
  const [value, more] = typeof given === "number" ? [given, ""] : given;
  run.clocks[task.place] = at;
  task.advance(value);
  const {actor, title} = task.init;
  const cpu = actor === "rcu" ? -1 : task.cpu;
  return {
    done: {cpu, actor: title, text: action.text + more, from, ready, at, cost, awaited},
    kind: action.kind,
  };
}

function commit(run: ScheduledRun, move: ScheduleMove): Done {
  const place = move.deferred ? run.small.cpus.length + move.cpu : run.place(move.cpu);
  const {cell, value, issued} = run.buffers[place].take(Math.max(0, move.choice));
  cell?.write(value, run.now, move.cpu);
  const text = `commit ${cell?.name} = ${cell?.show(value)}`;
  const cpu = move.deferred ? -1 : move.cpu;
  const at = run.now;
  return {
    cpu,
    actor: "store buffer",
    text,
    from: issued,
    ready: issued,
    at,
    cost: 0,
    awaited: undefined,
  };
}

function acknowledge(run: ScheduledRun, move: ScheduleMove): Done {
  const {cpu, choice} = move;
  const place = run.place(cpu);
  // What is still being collected for this CPU is sent now: the schedule has it arrive.
  for (const context of run.world.contexts) {
    if (!context.toSend.subarray(0, context.sending).includes(cpu)) continue;
    const from = run.clocks[run.place(context.cpu)];
    run.clocks[run.place(context.cpu)] += run.sendOff(context, from);
  }
  const arrival = run.interrupts.arrivals.get(cpu) ?? 0;
  const from = run.clocks[place];
  const begin = Math.max(from, arrival);
  const entered = begin + run.cost("ipi.entry", cpu);
  const awaited = {at: arrival, what: "the interrupt to arrive"};
  const base = {cpu, actor: "interrupt", from, awaited};
  if (choice >= 0) {
    const at = Math.max(entered, run.now);
    const task = run.tasks.find(
      ({init, sender}) => init.actor === "irq" && init.number === cpu && sender === choice >> 1,
    ) as ScheduledTask;
    task.flags |= flag.nmi;
    run.now = at;
    run.clocks[place] = at;
    const taken = run.interrupts
      .pending(cpu)
      .find((one) => one.handled && numberOf(one) === choice) as Pending;
    task.start(handlerSteps(run, task, taken.code));
    return {
      ...base,
      text: `CPU ${cpu} enters the handler`,
      ready: entered,
      at,
      cost: entered - begin,
    };
  }
  const flushes = run.interrupts.pending(cpu).some(({kind}) => kind === "flush");
  const start = Math.max(entered, run.now);
  // What the handler does is seen when it is done with all of it.
  const at = run.interrupts.handle(cpu, start, ({handled: later}) => !later);
  if (flushes) emptyTlb(run, cpu);
  run.clocks[place] = at + run.cost("ipi.exit", cpu);
  const cost = entered - begin + at - start;
  const text = `CPU ${cpu} takes its interrupts${flushes ? " and flushes its TLB" : ""}: acknowledged`;
  return {...base, text, ready: at - (start - entered), at, cost};
}

/** How a schedule counts interrupts that run a handler: twice the sender's rank, one more where nobody waits for it. */
function numberOf({sender, kind}: Pending): number {
  return 2 * sender + (kind === "wait" ? 0 : 1);
}

/** Numbers of the interrupts that wait for a handler. */
function handled(run: ScheduledRun, cpu: number): number[] {
  return run.interrupts
    .pending(cpu)
    .filter((one) => one.handled)
    .map(numberOf)
    .sort((a, b) => a - b);
}

function taskOf(run: ScheduledRun, move: ScheduleMove): ScheduledTask | undefined {
  const actor = move.actor === "move" ? "task" : move.actor;
  return run.tasks.find(
    ({init}) => init.actor === actor && init.name === move.name && init.number === move.cpu,
  );
}

/** Why a move is not possible as things stand; undefined if it is. */
export function whyNot(run: ScheduledRun, move: ScheduleMove): string | undefined {
  const {cpus} = run.small;
  if (run.violation !== undefined) return `${run.violation} is violated already`;
  switch (move.actor) {
    case "commit": {
      const place = move.deferred ? cpus.length + move.cpu : run.place(move.cpu);
      const buffer = run.buffers[place];
      return buffer === undefined ? noCpu(run, move.cpu) : buffer.held(Math.max(0, move.choice));
    }
    case "ack":
      return run.place(move.cpu) < 0 ? noCpu(run, move.cpu) : ackHeld(run, move.cpu, move.choice);
    case "preempt":
      return run.place(move.cpu) < 0 ? noCpu(run, move.cpu) : preemptHeld(run, move.cpu);
    case "run":
      return run.preempted.has(move.cpu) ? undefined : `CPU ${move.cpu} is not preempted`;
    case "offline":
    case "online":
      return run.place(move.cpu) < 0 ? noCpu(run, move.cpu) : plugHeld(run, move.cpu, move.actor);
    default: {
      const task = taskOf(run, move);
      if (task === undefined) {
        const all = run.tasks.map(({init}) => moveText({...silent, ...init, cpu: init.number}));
        return `there is no such task; there are ${[...new Set(all)].join(", ")}`;
      }
      if (move.actor === "move") return stays(run, task, move.choice);
      const alternatives = task.next?.alternatives ?? 1;
      const beyond = move.choice >= alternatives && move.choice > 0;
      return (
        taskHeld(run, task) ??
        (beyond
          ? `it has no alternative ${move.choice} (its next step is "${task.next?.text}")`
          : undefined)
      );
    }
  }
}

function noCpu(run: ScheduledRun, cpu: number): string {
  return `CPU ${cpu} takes no part; those that do are ${run.small.cpus.join(", ")}`;
}

/** Why a task cannot take its next step. */
function taskHeld(run: ScheduledRun, task: ScheduledTask): string | undefined {
  const {init, next} = task;
  if (next === undefined) {
    return init.dormant ? `${init.title} has not been started` : `${init.title} is over`;
  }
  const held = heldUp(run, task) ?? next.blocked?.();
  return held === undefined ? undefined : `its next step, "${next.text}", has to wait: ${held}`;
}

/** Who keeps a task from running on its CPU. */
function heldUp(run: ScheduledRun, task: ScheduledTask): string | undefined {
  const {actor} = task.init;
  if (actor === "rcu") return undefined;
  if (run.offline.has(task.cpu)) return `CPU ${task.cpu} is offline`;
  if (run.preempted.has(task.cpu)) return `the host has taken vCPU ${task.cpu} away`;
  if (actor === "mmu") return undefined;
  const nmi = actor === "nmi";
  const mine = (task.flags & flag.nmi) !== 0;
  for (const other of run.on(task.cpu)) {
    if (other === task) continue;
    const active = (other.flags & flag.nmi) !== 0;
    if (active && (other.init.actor === "nmi" || !nmi)) return `${other.init.title} runs there`;
    const atomic = (other.flags & (flag.irqOff | flag.preemptOff | flag.nmi)) !== 0;
    if (!active && atomic && !mine && !nmi) return `${other.init.title} cannot be preempted there`;
  }
  return undefined;
}

function ackHeld(run: ScheduledRun, cpu: number, choice: number): string | undefined {
  if (!run.buffers[run.place(cpu)].empty) return `CPU ${cpu}'s store buffer is not empty`;
  if (run.preempted.has(cpu)) return `the host has taken vCPU ${cpu} away`;
  if (run.masked(cpu)) return `CPU ${cpu} has interrupts off`;
  if (choice < 0) {
    const some = run.interrupts.pending(cpu).some((one) => !one.handled);
    return some ? undefined : `no interrupt is pending at CPU ${cpu}`;
  }
  if (!handled(run, cpu).includes(choice)) return `no interrupt ${choice} is pending at CPU ${cpu}`;
  return undefined;
}

function preemptHeld(run: ScheduledRun, cpu: number): string | undefined {
  if (!sparesPreempted(run.small)) return "nothing in this system depends on preempted vCPUs";
  if (run.preempted.has(cpu)) return `vCPU ${cpu} is preempted already`;
  const most = run.small.scope.preemptions;
  return run.preemptions >= most ? `the scope allows ${most} preemptions` : undefined;
}

/** Why a CPU cannot go offline, or come online. */
function plugHeld(run: ScheduledRun, cpu: number, to: "offline" | "online"): string | undefined {
  const {scope} = run.small;
  const most = scope.hotplugs ?? 0;
  if (run.hotplugs >= most) return `the scope allows ${most} hotplugs`;
  if (run.offline.has(cpu) !== (to === "online")) return `CPU ${cpu} is ${to} already`;
  if (to === "online") return undefined;
  if (!pluggable(run.small).includes(cpu)) return `a writer runs on CPU ${cpu}`;
  if (run.interrupts.pending(cpu).length > 0) return `an interrupt is pending at CPU ${cpu}`;
  if (!run.buffers[run.place(cpu)].empty) return `CPU ${cpu}'s store buffer is not empty`;
  for (const other of run.preempted) return `the host has taken vCPU ${other} away`;
  for (const task of run.tasks) {
    if (task.init.actor === "mmu" || task.init.actor === "rcu") continue;
    const atomic = (task.flags & (flag.irqOff | flag.preemptOff | flag.nmi)) !== 0;
    if (atomic) return `${task.init.title} on CPU ${task.cpu} cannot be stopped`;
    if (task.cpu === cpu && task.next !== undefined && !task.resting)
      return `${task.init.title} has not come to its end there`;
  }
  return undefined;
}

function stays(run: ScheduledRun, task: ScheduledTask, to: number): string | undefined {
  const {small} = run;
  const place = run.place(to);
  if (!task.init.title.startsWith("walker ")) return "only walkers migrate";
  if (place < 0) return noCpu(run, to);
  if (run.migrations >= small.scope.migrations) {
    return `the scope allows ${small.scope.migrations} migrations`;
  }
  if (task.next === undefined) return "it is over";
  if ((task.flags & ~flag.unwatched) !== 0) return "it may not leave its CPU now";
  if (task.cpu === to) return "it is there";
  const homes = [...small.walkers, ...small.writers];
  if (place !== task.init.place && homes.some((other) => other.place === place)) {
    return `CPU ${to} has a task of its own`;
  }
  const there = run.on(to).some((other) => other !== task && other.init.actor === "task");
  if (there) return `CPU ${to} is taken`;
  if (!run.buffers[task.place].empty) return "its store buffer is not empty";
  return heldUp(run, task);
}
