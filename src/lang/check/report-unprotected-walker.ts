// W404: a walker that nothing the policies wait for can reach. W405: a walker that a tracking policy cannot see.

import type {PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import type {Place} from "../diagnostic.ts";
import {fieldValue} from "../field.ts";
import {tell} from "../report.ts";
import {entitySet} from "../resolve-entity.ts";
import type {EntityInstance, Study} from "../study.ts";

export function reportUnwaitedWalker(study: Study, system: System): void {
  for (const walker of system.walkers) {
    if (walker.protect !== "none" || walker.kind === "hardware") continue;
    const entity = study.entities.get(walker.name);
    if (entity === undefined) continue;
    tell(
      study.context.report,
      "W404",
      "nothing waits for this walker",
      fieldPlace(study, entity, "protect"),
      "IPI acks wait for IRQ-off walks, grace periods for IRQ-off or RCU walks",
      {help: "`protect: irq`, `protect: rcu`, or silence with `allow: W404`"},
    );
  }
}

export function reportUntrackedWalker(study: Study, system: System): void {
  const tracking = system.policies.find((policy) => stores(policy.hooks.enter ?? []));
  if (tracking === undefined) return;
  for (const walker of system.walkers) {
    const entity = study.entities.get(walker.name);
    if (walker.tracked || walker.kind === "hardware" || entity === undefined) continue;
    tell(
      study.context.report,
      "W405",
      "untracked walker under a tracking policy",
      fieldPlace(study, entity, "tracked"),
      `\`${tracking.name}\` will not send it an IPI`,
      {
        help: `remove the field; \`check safety of ${study.scenario?.name ?? "SCENARIO"}\` finds the race`,
      },
    );
  }
}

function stores(steps: readonly PolicyStep[]): boolean {
  return steps.some(
    (step) => step.step === "store" || step.step === "xchg" || step.step === "store_release",
  );
}

/** The whole field, `protect: none`, as the user wrote it. */
function fieldPlace(study: Study, entity: EntityInstance, name: string): Place {
  const found = fieldValue(entitySet(study, entity), name);
  if (found === undefined) return {source: entity.source, span: entity.at};
  const start = found.assignment.path[0]?.start ?? found.at.span.start;
  return {
    source: found.at.source,
    span: {start: Math.min(start, found.at.span.start), end: found.at.span.end},
  };
}
