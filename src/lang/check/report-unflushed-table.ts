// W409: an operation that gives its table up and never flushes. The MMU of any CPU may hold the table in its paging-structure cache and
// walk it by itself; only an invalidation stops it, whatever software walkers are waited for.

import type {PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import type {Place} from "../diagnostic.ts";
import {fieldValue} from "../field.ts";
import {tell} from "../report.ts";
import {entitySet} from "../resolve-entity.ts";
import type {Study} from "../study.ts";
import {settingsOf} from "../study-scope.ts";

export function reportUnflushedTable(study: Study, system: System, otherwise: Place): void {
  const told = new Set<string>();
  for (const writer of system.writers) {
    const policy = system.policies.find((one) => one.name === writer.policy);
    const steps = policy?.hooks.op;
    // Without `on op` the default procedure runs, which flushes.
    if (policy === undefined || steps === undefined || told.has(policy.name)) continue;
    const all = [...steps, ...(policy.hooks.sync ?? [])];
    if (!has(steps, "release") || has(all, "flush")) continue;
    told.add(policy.name);
    const entity = study.entities.get(writer.name);
    const own = entity && fieldValue(entitySet(study, entity), "policy");
    const at = own?.at ?? fieldValue(settingsOf(study), "policy")?.at ?? otherwise;
    const scenario = study.scenario?.name ?? "SCENARIO";
    const watched = system.walkers.some(({kind}) => kind === "hardware");
    const found = watched
      ? `\`check safety of ${scenario}\` finds the walk`
      : `with \`walker mmu { mm: ${writer.mm}, every: any, kind: hardware }\` in it, \`check safety of ${scenario}\` finds the walk`;
    tell(
      study.context.report,
      "W409",
      "a table given up without a TLB flush",
      at,
      `\`${policy.name}\` never flushes: an MMU may still walk the table`,
      {help: `put \`flush mm\` after \`unhook\`; ${found}`},
    );
  }
}

function has(steps: readonly PolicyStep[], wanted: PolicyStep["step"]): boolean {
  return steps.some((step) => {
    if (step.step === wanted) return true;
    if (step.step === "if") return has(step.then, wanted) || has(step.else, wanted);
    return (step.step === "for" || step.step === "defer") && has(step.steps, wanted);
  });
}
