// Interrupts of a scheduled run: the requests of `interrupt.ts` on their way, taken when the schedule says so.

import {handlerCodes} from "../../program/step-rules.ts";
import type {Context} from "../context.ts";
import {acknowledge} from "../interrupt.ts";
import {request} from "../requests.ts";
import type {Action, Awaited} from "./action.ts";
import {drawnLine} from "./line.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

/** A request in a CPU's queue. */
export interface Pending {
  readonly id: number;
  readonly kind: "wait" | "nowait" | "flush";
  readonly sender: number;
  /** The Code that sent it; and whether it has an `ipi` hook to be run. */
  readonly code: number;
  readonly handled: boolean;
}

export class Interrupts {
  /** When the latest interrupt reaches each CPU. */
  readonly arrivals: Map<number, number> = new Map();
  private readonly run: ScheduledRun;
  private readonly acks = new Map<string, number>();

  constructor(run: ScheduledRun) {
    this.run = run;
  }

  /** What is queued for a CPU, oldest first. */
  pending(cpu: number): Pending[] {
    const {requests} = this.run.world;
    const found: Pending[] = [];
    for (let id = requests.head[cpu]; id >= 0; id = requests.next[id]) {
      const flush = requests.kind[id] === request.flush;
      const sender = requests.context[id];
      const writer = this.run.small.writers[sender];
      found.push({
        id,
        kind: flush ? "flush" : requests.slot[id] >= 0 ? "wait" : "nowait",
        sender,
        code: requests.code[id],
        handled:
          !flush &&
          writer !== undefined &&
          handlerCodes(this.run.small, writer).includes(requests.code[id]),
      });
    }
    return found;
  }

  isPending(cpu: number, sender: number, kind: Pending["kind"]): boolean {
    return this.pending(cpu).some((one) => one.sender === sender && one.kind === kind);
  }

  /** Takes requests off a CPU's queue and acknowledges them, from `at` on; returns when that is done. */
  handle(cpu: number, at: number, which: (one: Pending) => boolean): number {
    const {world} = this.run;
    const {requests, contexts} = world;
    const all = this.pending(cpu);
    const copies = all.map(({id}) => ({
      kind: requests.kind[id],
      context: requests.context[id],
      slot: requests.slot[id],
      code: requests.code[id],
    }));
    while (requests.shift(cpu) >= 0);
    let now = at;
    all.forEach((one, i) => {
      const {kind, context, slot, code} = copies[i];
      if (!which(one)) {
        requests.push(cpu, kind, context, slot, code);
        return;
      }
      now += this.run.cost("ipi.handle", cpu);
      if (one.kind === "flush") {
        now += this.run.cost("tlb.full", cpu);
        world.flushedAt[cpu] = now;
      }
      if (slot >= 0) acknowledge(world, contexts[context], slot, now);
      this.acks.set(`${cpu} ${context} ${one.kind}`, now);
    });
    requests.pending[cpu] = 0;
    return now;
  }

  /** The wait for one CPU to have handled what a writer sent it. */
  ackStep(task: ScheduledTask, context: Context, cpu: number, kind: "wait" | "flush"): Action {
    const {run} = this;
    const key = `${cpu} ${context.id} ${kind}`;
    const what = kind === "flush" ? "flushed" : "acknowledged";
    return {
      text: `CPU ${cpu} has ${what}`,
      cost: () =>
        this.acks.has(key) ? run.cost("ipi.ack", task.cpu) + drawnLine(run, task, cpu) : 0,
      blocked: () =>
        this.isPending(cpu, context.id, kind) ? `CPU ${cpu} has not ${what}` : undefined,
      awaited: (): Awaited | undefined => {
        const at = this.acks.get(key);
        return at === undefined ? undefined : {at, what: `CPU ${cpu} to have ${what}`};
      },
      take: () => {
        const sent = this.acks.delete(key);
        if (context.outstanding === 0) context.waited = 0;
        return [0, sent ? "" : ": it was sent nothing"];
      },
    };
  }
}
