// An operation of a writer, step by step: its context and lock, the policy's `op` with its `sync`, the releases. Instructions cost what
// they cost in `run-context.ts` and take effect as there; what a free run keeps no memory of (upper entries, tables) is stored here.

import {op} from "../../program/code.ts";
import {lockName, masksInterrupts} from "../../program/lock-name.ts";
import {reaches} from "../../program/reachable.ts";
import type {WriterTask} from "../../program/small-system.ts";
import {deferredBlocks, readsOnline, waitsForAcks} from "../../program/step-rules.ts";
import {Context, phase} from "../context.ts";
import {apply, costOf} from "../run-context.ts";
import {type Action, choiceStep, type Steps} from "./action.ts";
import {flushSteps} from "./flush-steps.ts";
import {type Passed, runLocal} from "./local-steps.ts";
import {
  fenceStep,
  flagsStep,
  loadStep,
  lockStep,
  onlineStep,
  storeStep,
  undrained,
  unlockStep,
} from "./memory-steps.ts";
import type {Operation} from "./operation.ts";
import {releaseSteps, reuseSteps} from "./release-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import {flag, type ScheduledTask} from "./task.ts";
import {memoryStep, sendStep} from "./writer-memory.ts";

const contextFlags = {
  task: 0,
  preempt_off: flag.preemptOff,
  rcu: flag.rcu,
  irq_off: flag.irqOff,
} as const;

/** All operations of a writer, one after the other. */
export function* writerSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  given: WriterTask,
  context: Context,
): Steps {
  const {writer} = given;
  const {small, tables} = run;
  const around = contextFlags[writer.context ?? "task"];
  const lock = lockName(small.system.mms, writer.holds, given.mm + 1);
  for (const [nth, table] of given.tables.entries()) {
    if (nth > 0) {
      const entry = tables.entry(given.slot);
      const text = `map ${entry.name} = ${entry.show(table + 1)}`;
      const cost = (): number => run.cost("store", task.cpu);
      yield storeStep(run, task, entry, table + 1, text, {release: true, cost});
    }
    if (around !== 0) yield flagsStep(task, around, 0);
    if (writer.holds !== "none") {
      yield lockStep(run, task, lock);
      if (writer.holds === "ptl") yield flagsStep(task, flag.preemptOff, 0);
    }
    const operation: Operation = {
      given,
      context,
      nth,
      last: yield* lastSharer(run, task, given, table),
      published: false,
      site: -1,
      deferred: false,
    };
    let code = given.policy;
    if (writer.allocFail > 0 && given.fallback >= 0) {
      if ((yield choiceStep("choose")) === 1) code = given.fallback;
    }
    yield* operate(run, task, operation, code);
    if (writer.holds !== "none") {
      yield unlockStep(run, task, lock);
      if (writer.holds === "ptl") yield flagsStep(task, 0, flag.preemptOff);
    }
    if (around !== 0) yield flagsStep(task, 0, around);
  }
}

function* lastSharer(
  run: ScheduledRun,
  task: ScheduledTask,
  {writer}: WriterTask,
  table: number,
): Steps<boolean | undefined> {
  if (writer.kind !== "unshare") return undefined;
  if ((run.small.tables[table]?.sharers ?? 0) > 0) {
    const share = run.tables.share(table);
    const cost = (): number => run.cost("load", task.cpu);
    return (yield loadStep(run, task, share, `load ${share.name}`, cost)) <= 1;
  }
  if (writer.lastSharer >= 1) return undefined;
  if (writer.lastSharer <= 0) return false;
  return (yield choiceStep("choose")) === 0;
}

function* operate(
  run: ScheduledRun,
  task: ScheduledTask,
  operation: Operation,
  code: number,
): Steps {
  const {context, given} = operation;
  const program = run.world.codes[code];
  context.code = code;
  context.lastSharer = operation.last ?? true;
  context.returnPc = -1;
  context.unhooked = 0;
  context.unhookedAt = Number.POSITIVE_INFINITY;
  context.registers[1] = given.mm + 1;
  context.sets[0].copy(run.world.online);
  yield* policySteps(run, task, operation, program.entry.op);
  // Deferring the release of a table that is changed in place defers nothing: its other user goes on with it as soon as the operation
  // is over.
  const direct = reaches(program, op.release, false);
  const late = reaches(program, op.release, true);
  if (given.writer.kind !== "free" && !direct && late && !operation.published) {
    yield* reuseSteps(run, task, operation, 0);
  }
}

/** The code of an operation from `entry` to its end, `sync` included; likewise of a deferred block. */
export function* policySteps(
  run: ScheduledRun,
  task: ScheduledTask,
  operation: Operation,
  entry: number,
): Steps {
  const {world} = run;
  const {context} = operation;
  const {registers: r, sets} = context;
  const program = world.codes[context.code];
  context.pc = entry;
  context.phase = phase.code;
  let looked = -1;
  for (;;) {
    r[0] = task.cpu;
    const passed: Passed = (opcode, pc) => {
      context.pc = pc;
      context.now = run.clockOf(task);
      run.later(task, costOf(world, context, opcode));
      if (opcode === op.count) apply(world, context, opcode);
    };
    context.pc = runLocal(run, context.code, context.pc, r, sets, passed, looked);
    looked = -1;
    if (context.pc < 0) yield* run.stuck();
    if (run.plugs && readsOnline(program, context.pc)) {
      yield onlineStep(run, task, sets);
      looked = context.pc;
      continue;
    }
    const opcode = program.ops[4 * context.pc];
    if (opcode === op.ret) {
      if (operation.site < 0) {
        context.phase = phase.idle;
        return;
      }
      context.pc = operation.site + 1;
      operation.site = -1;
      context.returnPc = -1;
      continue;
    }
    if (opcode === op.sync) {
      if (operation.last === false) context.pc++;
      else {
        operation.site = context.pc;
        context.pc = program.entry.sync;
      }
      continue;
    }
    const {pc} = context;
    yield* instruction(run, task, operation, opcode);
    // What is no instruction of its own in the Code moves on by itself.
    if (context.pc === pc) context.pc = pc + 1;
  }
}

function* instruction(
  run: ScheduledRun,
  task: ScheduledTask,
  operation: Operation,
  opcode: number,
): Steps {
  const {world, small} = run;
  const {context, given} = operation;
  const program = world.codes[context.code];
  const {pc, registers: r} = context;
  const a = program.ops[4 * pc + 1];
  switch (opcode) {
    case op.unhook:
    case op.publish: {
      const collapses = run.small.path === "whole" && given.writer.kind === "collapse";
      const flushes = opcode === op.unhook && collapses;
      if (flushes) yield fenceStep(run, task, "mb");
      const to = opcode === op.unhook ? -1 : (given.replacements[operation.nth] as number);
      if (opcode === op.publish) operation.published = true;
      const cell = run.tables.entry(given.slot);
      const word = opcode === op.unhook ? "unhook" : "publish";
      yield storeStep(run, task, cell, to + 1, `${word} ${cell.name} = ${cell.show(to + 1)}`, {
        cost: (from) => run.price(context, opcode, from),
        also: (at) => {
          context.now = at;
          apply(world, context, opcode);
          context.pc = pc;
        },
      });
      if (flushes) yield fenceStep(run, task, "mb");
      return;
    }
    case op.copy: {
      const cell = run.tables.contents(given.replacements[operation.nth] as number, 0);
      const cost = (from: number): number => run.price(context, opcode, from);
      yield storeStep(run, task, cell, 0, `write ${cell.name}`, {cost});
      return;
    }
    case op.release:
      yield* releaseSteps(run, task, operation);
      return;
    case op.flush:
      yield* flushSteps(run, task, operation, r[a]);
      return;
    case op.ipi:
      yield sendStep(run, task, context, r[a], program.ops[4 * pc + 2] === 1);
      return;
    case op.waitAcks:
      if (!waitsForAcks(small, given)) return;
      for (const cpu of small.cpus) {
        if (cpu !== task.cpu) yield run.interrupts.ackStep(task, context, cpu, "wait");
      }
      return;
    case op.waitGp:
      yield run.grace.startStep(task, a === 1);
      for (const cpu of small.cpus) {
        if (cpu !== task.cpu || task.flags !== 0) yield run.grace.waitStep(task, cpu);
      }
      return;
    case op.defer: {
      const to = program.ops[4 * pc + 3];
      yield deferStep(run, task, operation, pc);
      context.pc = to;
      return;
    }
    case op.lock:
    case op.unlock: {
      const name = program.locks[a];
      const lock = lockName(small.system.mms, name, given.mm + 1);
      const masks = masksInterrupts(name);
      const cost = (): number =>
        run.cost(opcode === op.lock ? "irq.save" : "irq.restore", task.cpu);
      if (opcode === op.lock && masks) yield flagsStep(task, flag.irqOff, 0, cost);
      yield opcode === op.lock ? lockStep(run, task, lock) : unlockStep(run, task, lock);
      if (opcode === op.unlock && masks) yield flagsStep(task, 0, flag.irqOff, cost);
      return;
    }
    default:
      yield memoryStep(run, task, context);
  }
}

/** `call_rcu()`: the block's grace period begins, with the registers that its caller has now. */
function deferStep(
  run: ScheduledRun,
  task: ScheduledTask,
  operation: Operation,
  pc: number,
): Action {
  const {given, context, nth, site, last, published} = operation;
  const {small} = run;
  const {ops} = run.world.codes[context.code];
  const number = deferredBlocks(small).findIndex(
    (block) =>
      small.writers[block.writer] === given &&
      block.nth === nth &&
      block.code === context.code &&
      block.site === site &&
      block.pc === pc,
  );
  const target = run.tasks.find(
    ({init}) => init.actor === "rcu" && init.number === number,
  ) as ScheduledTask;
  return {
    text: "call_rcu",
    cost: (from) => run.price(context, op.defer, from),
    blocked: () =>
      undrained(run, task) ?? (target.running ? "its deferred block is still waiting" : undefined),
    take: (at) => {
      const own = new Context(context.init, context.queue, run.world.memory);
      own.registers.set(context.registers);
      for (const [s, set] of context.sets.entries()) own.sets[s].copy(set);
      own.code = context.code;
      own.lastSharer = context.lastSharer;
      run.grace.begin(target, at, ops[4 * pc + 2] === 1);
      run.clocks[target.place] = at;
      const block: Operation = {
        given,
        context: own,
        nth,
        last,
        published,
        site: -1,
        deferred: true,
      };
      target.start(blockSteps(run, target, block, ops[4 * pc + 1]));
      return 0;
    },
  };
}

function* blockSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  operation: Operation,
  entry: number,
): Steps {
  yield run.grace.overStep(task);
  yield* policySteps(run, task, operation, entry);
}
