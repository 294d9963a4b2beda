// The program of a writer: its operations one after the other, each within the writer's context and lock, and its deferred blocks.

import {op} from "../program/code.ts";
import {lockName} from "../program/lock-name.ts";
import {reaches} from "../program/reachable.ts";
import type {SmallSystem, WriterTask} from "../program/small-system.ts";
import {type Block, copyHook, newBlock, reuseSteps, type WriterContext} from "./copy-hook.ts";
import {flag, type Ins, ProgramBuilder, type TaskProgram, x} from "./instructions.ts";

const contextFlags = {
  task: 0,
  preempt_off: flag.preemptOff,
  rcu: flag.rcu,
  irq_off: flag.irqOff,
} as const;

/** Adds the program of a writer and those of its callbacks to `tasks`. */
export function writerProgram(
  world: SmallSystem,
  task: WriterTask,
  index: number,
  tasks: TaskProgram[],
): void {
  const b = new ProgramBuilder();
  const {writer} = task;
  const callbacks: TaskProgram[] = [];
  const around = contextFlags[writer.context ?? "task"];
  const block = newBlock(b, world, task.policy);
  const last = b.register();
  for (let nth = 0; nth < task.tables.length; nth++) {
    if (nth > 0) b.emit(x.storeEntry, task.slot, task.tables[nth] as number, 1);
    if (around !== 0) b.emit(x.flags, around, 0);
    if (writer.holds !== "none") {
      b.emit(op.lock, b.lock(lockName(world.system.mms, writer.holds, task.mm + 1)));
      if (writer.holds === "ptl") b.emit(x.flags, flag.preemptOff, 0);
    }
    const shared = (world.tables[task.tables[nth] as number]?.sharers ?? 0) > 0;
    const unshare = writer.kind === "unshare";
    if (unshare && !shared && writer.lastSharer <= 0) b.emit(op.number, last, 0, 0);
    else if (unshare && !shared && writer.lastSharer < 1) {
      const fork = b.emit(x.choose, 0, 0);
      (b.ins[fork] as Ins).a = b.here;
      b.emit(op.number, last, 1, 0);
      const past = b.emit(op.jump, 0);
      (b.ins[fork] as Ins).b = b.here;
      b.emit(op.number, last, 0, 0);
      (b.ins[past] as Ins).a = b.here;
    } else if (unshare && shared) {
      const one = b.register();
      b.emit(x.shareLoad, last, task.tables[nth] as number);
      b.emit(op.number, one, 1, 0);
      b.emit(op.le, last, last, one);
    }
    const counted = unshare && (shared || writer.lastSharer < 1);
    const run = (policy: number, at: Block): void => {
      const code = world.codes[policy];
      if (code === undefined) return;
      const context: WriterContext = {
        world,
        task,
        writer: index,
        nth,
        tasks: callbacks,
        published: {done: false},
        last: counted ? last : -1,
        deferred: false,
        place: task.place,
      };
      copyHook(b, world, at, code.entry.op, context, []);
      // Deferring the release of a table that is changed in place defers nothing: its other user goes on with it as soon as the
      // operation is over.
      const direct = reaches(code, op.release, false);
      const late = reaches(code, op.release, true);
      if (writer.kind !== "free" && !direct && late && !context.published.done) {
        reuseSteps(b, context);
      }
    };
    if (writer.allocFail > 0 && task.fallback >= 0) {
      const fork = b.emit(x.choose, 0, 0);
      (b.ins[fork] as Ins).a = b.here;
      run(task.policy, block);
      const past = b.emit(op.jump, 0);
      (b.ins[fork] as Ins).b = b.here;
      run(task.fallback, newBlock(b, world, task.fallback));
      (b.ins[past] as Ins).a = b.here;
    } else run(task.policy, block);
    if (writer.holds !== "none") {
      b.emit(op.unlock, b.lock(lockName(world.system.mms, writer.holds, task.mm + 1)));
      if (writer.holds === "ptl") b.emit(x.flags, 0, flag.preemptOff);
    }
    if (around !== 0) b.emit(x.flags, 0, around);
  }
  b.emit(x.done);
  tasks.push({
    role: "writer",
    name: `writer ${writer.name}`,
    place: task.place,
    cpu: world.cpus[task.place] as number,
    mm: task.mm + 1,
    ins: b.ins,
    locks: b.locks,
    registers: b.registers,
    setRegisters: b.setRegisters,
    flags: 0,
    sender: index,
    owner: index,
  });
  const before = tasks.filter((other) => other.role === "callback").length;
  for (const [id, callback] of callbacks.entries())
    tasks.push({...callback, place: world.cpus.length + before + id});
}
