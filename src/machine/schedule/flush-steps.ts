// A TLB flush, step by step: `tlb.ts` says whom it interrupts.

import {flushBroadcasts} from "../../program/step-rules.ts";
import {phase} from "../context.ts";
import {enqueue, enqueueCost} from "../interrupt.ts";
import {request} from "../requests.ts";
import {beginFlush, localFlush} from "../tlb.ts";
import type {Steps} from "./action.ts";
import {invalidateStep} from "./hardware-steps.ts";
import {fenceStep, undrained} from "./memory-steps.ts";
import type {Operation} from "./operation.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** Flushes an mm (1-based). Where only the policy is looked at, a flush invalidates and proves nothing else. */
export function* flushSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  {context}: Operation,
  mm: number,
): Steps {
  const {small, world} = run;
  const hardware = small.mmus.length > 0;
  if (small.path === "sync") {
    if (hardware) yield invalidateStep(run, task, small.cpus, "TLBs");
    return;
  }
  let length = 0;
  const begin = (from: number): number => {
    context.now = from;
    length = beginFlush(world, context, mm);
    // In a free run the context goes on with the flush by itself.
    context.phase = phase.code;
    return Math.max(0, length);
  };
  yield fenceStep(run, task, "mb", begin);
  if (flushBroadcasts(small, mm)) {
    if (hardware) yield invalidateStep(run, task, small.cpus, "TLBs");
    return;
  }
  const reached = new Set(length < 0 ? small.cpus.filter((cpu) => context.flushSet.has(cpu)) : []);
  for (const cpu of small.cpus) {
    if (!reached.has(cpu)) continue;
    const spared = (): boolean => small.system.machine.virt === "kvm" && run.preempted.has(cpu);
    yield {
      text: `flush interrupt to CPU ${cpu}`,
      kind: "flush",
      cost: (from) => {
        context.now = from;
        return enqueueCost(world, context, cpu);
      },
      blocked: () => {
        if (run.offline.has(cpu)) return undefined;
        const pending = !spared() && run.interrupts.isPending(cpu, context.id, "flush");
        return (
          undrained(run, task) ??
          (pending ? `its previous flush of CPU ${cpu} has not been handled` : undefined)
        );
      },
      take: (at) => {
        context.now = at;
        if (run.offline.has(cpu)) return [0, ": it is offline"];
        if (!spared()) enqueue(world, context, cpu, request.flush, true);
        else {
          run.flushOnEntry.add(cpu);
          return [0, ": it is preempted and flushes when it runs again"];
        }
        return 0;
      },
    };
  }
  if (hardware)
    yield invalidateStep(run, task, [task.cpu], "own TLB", () => localFlush(world, context));
  else run.later(task, localFlush(world, context));
  for (const cpu of reached) yield run.interrupts.ackStep(task, context, cpu, "flush");
}
