// What becomes of a table that an operation unhooked: it is freed, or changed in place for whoever has it now.

import {op} from "../../program/code.ts";
import type {Steps} from "./action.ts";
import {atomicStep, loadStep, storeStep} from "./memory-steps.ts";
import type {Operation} from "./operation.ts";
import type {ScheduledRun} from "./scheduled-run.ts";
import type {ScheduledTask} from "./task.ts";

export function* releaseSteps(run: ScheduledRun, task: ScheduledTask, operation: Operation): Steps {
  const {given, context, nth} = operation;
  const {kind} = given.writer;
  const table = given.tables[nth] as number;
  const cost = (from: number): number => run.price(context, op.release, from);
  if (operation.published || kind === "free" || (operation.deferred && kind === "collapse")) {
    if ((run.small.tables[table]?.sharers ?? 0) > 0 && kind !== "unshare") {
      const share = run.tables.share(table);
      const load = (): number => run.cost("load", task.cpu);
      if ((yield loadStep(run, task, share, `load ${share.name}`, load)) !== 0) {
        run.violate("I6");
        yield* run.stuck();
      }
    }
    const page = run.tables.page(table);
    yield storeStep(run, task, page, 1, `free ${page.name}`, {cost});
    return;
  }
  if (!operation.deferred)
    yield* reuseSteps(run, task, operation, run.price(context, op.release, 0));
}

/** Changes the table in place for its other user; whoever is not the last sharer only gives up its share. */
export function* reuseSteps(
  run: ScheduledRun,
  task: ScheduledTask,
  {given, nth, last}: Operation,
  cost: number,
): Steps {
  const table = given.tables[nth] as number;
  const name = run.tables.tableName(table + 1);
  if (given.writer.kind === "unshare" && (run.small.tables[table]?.sharers ?? 0) > 0) {
    const share = run.tables.share(table);
    const drop = (old: number): number => Math.max(0, old - 1);
    yield atomicStep(run, task, share, `drop ${share.name}`, drop, () =>
      run.cost("xchg", task.cpu),
    );
  }
  if (last === false) return;
  for (let page = 0; page < run.small.pages; page++) {
    const which = run.small.pages > 1 ? ` entry ${page}` : "";
    const price = page === 0 ? cost : 0;
    yield storeStep(run, task, run.tables.contents(table, page), 1, `reuse ${name}${which}`, {
      cost: () => price,
    });
  }
}
