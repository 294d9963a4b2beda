// A policy's protocol as a C litmus test that herd7 accepts, for a second opinion: the same tasks that the checker unrolls, written out.
// The Linux-kernel model has no interrupts, so they are spelled out as a request, a handler at some point of the target, and an
// acknowledgement; which point is read from a variable that an extra thread writes.

import type {CheckScope} from "../../plan/check-plan.ts";
import type {System} from "../../plan/system.ts";
import {smallSystem} from "../../program/small-system.ts";
import {isThread} from "../lkmm/task-rules.ts";
import {taskPrograms} from "../task-program.ts";
import {ExportNames} from "./export-names.ts";
import {exportThread} from "./export-thread.ts";
import type {ExportedThread, ExportShared} from "./exported-thread.ts";

/**
 * The litmus test of a system within a scope: one walk a walker, the writes of the scope. Throws a `RangeError` that says what has no
 * litmus form (hardware walkers, walks of two pages, vCPU preemption).
 */
export function exportLitmus(name: string, system: System, scope: CheckScope): string {
  if ((scope.hotplugs ?? 0) > 0) throw new RangeError("CPUs that come and go have no litmus form");
  if (scope.migrations > 0) throw new RangeError("migrations have no litmus form");
  const {walks: _, ...rest} = scope;
  const world = smallSystem(system, rest);
  const programs = taskPrograms(world);
  const names = new ExportNames(world);
  const shared: ExportShared = {world, programs, names, choices: new Map()};
  const tasks = programs.flatMap((program, task) => (isThread(program, programs) ? [task] : []));
  const threads = tasks.map((task, thread) => exportThread(shared, task, thread));
  const chooser = chooserOf(shared.choices);
  const all: ExportedThread[] =
    chooser.length > 0 ? [...threads, {body: chooser, filters: [], bad: [], freed: []}] : threads;

  const declared: readonly (readonly [name: string, declaration: string])[] = [
    ...[...names.variables].map(([variable, initial]) =>
      /^[0-9]/.test(initial)
        ? ([variable, `int *${variable}`] as const)
        : ([variable, `int **${variable}`] as const),
    ),
    ...[...names.locks].map((lock) => [lock, `spinlock_t *${lock}`] as const),
  ];
  const parameters = (body: string): string =>
    declared
      .filter(([variable]) => new RegExp(`\\b${variable}\\b`).test(body))
      .map(([, declaration]) => declaration)
      .join(", ");
  const titles = tasks.map((task) => `${programs[task].name}, CPU ${programs[task].cpu}`);
  const bodies = all.map(({body}, thread) => {
    const title = titles[thread] ?? "chooses where interrupts strike";
    const text = body.join("\n");
    return `P${thread}(${parameters(text)}) // ${title}\n{\n${text}\n}\n`;
  });
  const filters = all.flatMap(({filters: own}) => own);
  const bad = [...all.flatMap(({bad: own}) => own), ...doubleFrees(all)];
  if (bad.length === 0)
    throw new RangeError("no walker reads a table in this scope: nothing to ask");
  const initial = [...names.variables]
    .filter(([, value]) => value !== "0")
    .map(([variable, value]) => `  ${variable}=${value};`);
  return [
    `C ${name.replace(/[^A-Za-z0-9_+-]+/g, "-")}`,
    "",
    "(*",
    ` * ${remark(world.path)}`,
    " * Interrupts off is an RCU read-side critical section. The Linux-kernel memory model has no interrupts: one that is sent is a store,",
    " * its handler runs at a point of the target that an extra thread chooses, its acknowledgement is a store-release. Executions in which",
    " * a wait does not come to its end are filtered out. A table holds 0, 1 after it was changed in place, 2 before it is filled, and 3",
    " * once it is freed.",
    ...(scope.nmis > 0
      ? [" * Each CPU may take one NMI, at a point that is chosen likewise."]
      : []),
    " *)",
    "",
    "{",
    ...initial,
    "}",
    "",
    bodies.join("\n"),
    ...(filters.length > 0 ? [`filter (${filters.join(" /\\ ")})`] : []),
    `exists (${bad.join(" \\/ ")})`,
    "",
  ].join("\n");
}

function remark(path: "sync" | "whole"): string {
  return path === "whole"
    ? "The whole operation, with the barrier and the interrupts of the TLB flush."
    : "The handshake alone: the barrier and the interrupts of a TLB flush are not counted.";
}

/** A table is freed by two of the places that free it. */
function doubleFrees(threads: readonly ExportedThread[]): string[] {
  const frees = threads.flatMap(({freed}) => freed);
  return frees.flatMap(([table, first], at) =>
    frees
      .slice(at + 1)
      .filter(([other]) => other === table)
      .map(([, second]) => `(${first} /\\ ${second})`),
  );
}

/** The thread that offers each choice its values, one after the other; 0 is there from the start. */
function chooserOf(choices: ReadonlyMap<string, number>): string[] {
  const lines: string[] = [];
  for (const [variable, width] of choices) {
    for (let value = 1; value < width; value++) lines.push(`  WRITE_ONCE(*${variable}, ${value});`);
  }
  return lines;
}
