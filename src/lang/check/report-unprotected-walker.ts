// W404: a walker that nothing the policies wait for can reach. W405: a walker that a tracking policy cannot see.

import type {Policy, PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import type {Place} from "../diagnostic.ts";
import {fieldValue} from "../field.ts";
import {tell} from "../report.ts";
import {entitySet} from "../resolve-entity.ts";
import type {EntityInstance, Study} from "../study.ts";

export function reportUnwaitedWalker(study: Study, system: System): void {
  const impatient = system.policies.find((policy) => !waitsForRcu(policy));
  for (const walker of system.walkers) {
    const entity = study.entities.get(walker.name);
    if (walker.kind === "hardware" || entity === undefined) continue;
    const unwaited =
      walker.protect === "none"
        ? "IPI acks wait for IRQ-off walks, grace periods for IRQ-off or RCU walks"
        : walker.protect === "rcu" && impatient !== undefined
          ? `\`${impatient.name}\` waits for no grace period, and an RCU walk holds up no acknowledgement`
          : undefined;
    if (unwaited === undefined) continue;
    const help =
      walker.protect === "none" ? "`protect: irq`, `protect: rcu`" : "`protect: irq`, `rcu_sync`";
    tell(
      study.context.report,
      "W404",
      "nothing waits for this walker",
      fieldPlace(study, entity, "protect"),
      unwaited,
      {help: `${help}, or silence with \`allow: W404\``},
    );
  }
}

/** Whether the writer of a policy waits for a grace period somewhere, or leaves its release to one. */
function waitsForRcu(policy: Policy): boolean {
  const found = (steps: readonly PolicyStep[]): boolean =>
    steps.some((step) => {
      if (step.step === "wait_gp" || step.step === "defer") return true;
      if (step.step === "if") return found(step.then) || found(step.else);
      return step.step === "for" && found(step.steps);
    });
  return found(policy.hooks.op ?? []) || found(policy.hooks.sync ?? []);
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
