// What a policy costs, as one line for a reader: the fixed part of `enter` and `exit` from the costs of its steps, and for the writer what
// it sends and waits for. Derived from the step table and the machine's costs; loops are named, not counted.

import {quantityText, time} from "../../grammar/units.ts";
import {costNames} from "../plan/costs.ts";
import type {HookName} from "../plan/policy.ts";
import type {Machine} from "../plan/system.ts";
import {meanOf} from "../random/law.ts";
import {rowOf} from "./lower-hook.ts";
import type {PolicyInstance} from "./policy.ts";
import {textOf} from "./report.ts";
import type {Source, Step} from "./syntax.ts";

/** `enter 8ns; exit 1ns; sync mb 7ns, sends an IPI to each of online - self where ..., waits for the acknowledgements`. */
export function costLine(policy: PolicyInstance, machine: Machine): string {
  const parts: string[] = [];
  for (const name of ["enter", "exit", "ipi", "op", "sync"] as const) {
    const hook = policy.hooks.get(name);
    if (hook === undefined) continue;
    const text = hookCost(name, hook.syntax.steps, hook.source, machine);
    if (text !== "") parts.push(`${name} ${text}`);
  }
  return parts.length === 0 ? "costs nothing of its own" : parts.join("; ");
}

function hookCost(
  name: HookName,
  steps: readonly Step[],
  source: Source,
  machine: Machine,
): string {
  let fixed = 0;
  const notes: string[] = [];
  const visit = (list: readonly Step[], within: string | undefined): void => {
    for (const step of list) {
      const cost = costOf(step, machine);
      if (cost !== undefined && within === undefined) fixed += cost;
      switch (step.step) {
        case "ipi":
          notes.push(
            within === undefined ? "sends one IPI" : `sends an IPI to each of \`${within}\``,
          );
          break;
        case "wait_acks":
          notes.push("waits for the acknowledgements");
          break;
        case "wait_gp":
          notes.push(
            step.expedited ? "waits for an expedited grace period" : "waits for a grace period",
          );
          break;
        case "wait_until":
          notes.push(
            `waits until \`${textOf(source, step.test)}\`${within === undefined ? "" : ` for each of \`${within}\``}`,
          );
          break;
        case "defer":
          notes.push(
            `hands ${step.steps.map((one) => `\`${rowOf(one).word}\``).join(", ")} to a grace period`,
          );
          break;
        case "flush":
          notes.push("flushes");
          break;
        case "sync":
          notes.push("syncs");
          break;
        case "skip":
          notes.push(
            step.when === undefined ? "leaves" : `unless \`${textOf(source, step.when)}\``,
          );
          break;
        case "if":
          notes.push(`if \`${textOf(source, step.test)}\``);
          visit(step.then, within);
          if (step.else.length > 0) {
            notes.push("else");
            visit(step.else, within);
          }
          break;
        case "for": {
          const where = step.where === undefined ? "" : ` where ${textOf(source, step.where)}`;
          visit(step.steps, `${textOf(source, step.of)}${where}`);
          break;
        }
        default:
          break;
      }
    }
  };
  visit(steps, undefined);
  const spent = fixed > 0 || name === "enter" || name === "exit" ? [timeText(fixed, machine)] : [];
  return [...spent, ...notes].join(", ");
}

/** Mean cost of a step whose cost is one of the machine's, ns; undefined where it takes as long as something else does. */
function costOf(step: Step, machine: Machine): number | undefined {
  const {cost} = rowOf(step);
  const name = costNames.find((one) => cost === one || cost.startsWith(`${one} (`));
  return name === undefined ? undefined : meanOf(machine.costs[name]);
}

function timeText(ns: number, machine: Machine): string {
  const text = quantityText(ns, time, 3);
  return machine.clock === undefined || ns === 0
    ? text
    : `${Math.round((ns * machine.clock) / 1e9)}cyc = ${text}`;
}
