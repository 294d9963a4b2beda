// Grace periods of a scheduled run: each waits for the CPUs that were in a read-side section, or had stores on their way, when it began.
// That is all that the schedule decides about them; how long the machine's timer makes them take besides is `noSooner`.

import {firstEnd} from "../grace-period.ts";
import {draw} from "../streams.ts";
import type {Action, Awaited} from "./action.ts";
import {undrained} from "./memory-steps.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

interface Waiting {
  readonly cpus: Set<number>;
  readonly quiet: Map<number, number>;
  readonly noSooner: number;
}

export class Grace {
  private readonly run: ScheduledRun;
  private readonly periods = new Map<ScheduledTask, Waiting>();

  constructor(run: ScheduledRun) {
    this.run = run;
  }

  /** CPUs that a task's grace period still waits for. */
  holdingUp(owner: ScheduledTask): readonly number[] {
    return [...(this.periods.get(owner)?.cpus ?? [])];
  }

  begin(owner: ScheduledTask, at: number, expedited: boolean): void {
    const {run} = this;
    const cpus = new Set(
      run.small.cpus.filter((cpu) => run.inSection(cpu) || !run.buffers[run.place(cpu)].empty),
    );
    const {world} = run;
    const sampled = world.system.machine.rcuModel === "sampled";
    const law = world.costs[expedited ? "rcu.expedited" : "rcu.gp"];
    const noSooner =
      sampled || expedited
        ? at + draw(law, world.streams.state, world.graceStream)
        : firstEnd(world, at);
    this.periods.set(owner, {cpus, quiet: new Map(), noSooner});
  }

  /** Lets every CPU go that is quiescent now. */
  settle(at: number): void {
    const {run} = this;
    for (const period of this.periods.values()) {
      for (const cpu of period.cpus) {
        if (run.inSection(cpu) || !run.buffers[run.place(cpu)].empty) continue;
        period.cpus.delete(cpu);
        period.quiet.set(cpu, at);
      }
    }
  }

  /** `synchronize_rcu()` begins. */
  startStep(task: ScheduledTask, expedited: boolean): Action {
    return {
      text: expedited ? "expedited grace period starts" : "grace period starts",
      blocked: () => undrained(this.run, task),
      take: (at) => {
        this.begin(task, at, expedited);
        return 0;
      },
    };
  }

  /** It has seen a quiescent state of a CPU. */
  waitStep(task: ScheduledTask, cpu: number): Action {
    return {
      text: `grace period: CPU ${cpu} has passed a quiescent state`,
      blocked: () =>
        this.periods.get(task)?.cpus.has(cpu) === true
          ? `CPU ${cpu} holds the grace period up`
          : undefined,
      awaited: () => this.seen(task, [cpu]),
    };
  }

  /** A deferred block is called. */
  overStep(task: ScheduledTask): Action {
    return {
      text: "grace period ends",
      blocked: () => {
        const [cpu] = this.holdingUp(task);
        return cpu === undefined ? undefined : `CPU ${cpu} holds its grace period up`;
      },
      awaited: () => this.seen(task, this.run.small.cpus),
    };
  }

  private seen(task: ScheduledTask, cpus: readonly number[]): Awaited | undefined {
    const period = this.periods.get(task);
    if (period === undefined) return undefined;
    let awaited: Awaited = {at: period.noSooner, what: "the grace period"};
    for (const cpu of cpus) {
      const at = period.quiet.get(cpu) ?? 0;
      if (at > awaited.at) awaited = {at, what: `a quiescent state of CPU ${cpu}`};
    }
    return awaited;
  }
}
