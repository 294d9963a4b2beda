// E410: an operation that takes a lock which it has already, because its writer holds it or its policy has taken it before. It would wait for
// itself for ever, and a timed run, in which locks are handed over and not tried, would pass over that.

import type {PolicyStep} from "../../plan/policy.ts";
import type {System} from "../../plan/system.ts";
import type {Place} from "../diagnostic.ts";
import {fieldValue} from "../field.ts";
import {tell} from "../report.ts";
import {entitySet} from "../resolve-entity.ts";
import type {Study} from "../study.ts";
import {settingsOf} from "../study-scope.ts";

export function reportLockTakenTwice(study: Study, system: System, otherwise: Place): void {
  for (const writer of system.writers) {
    const policy = system.policies.find((one) => one.name === writer.policy);
    if (policy === undefined) continue;
    const held = new Set<string>(writer.holds === "none" ? [] : [writer.holds]);
    const lock = takenTwice(policy.hooks.op ?? [], policy.hooks.sync ?? [], held);
    if (lock === undefined) continue;
    const entity = study.entities.get(writer.name);
    const own = entity && fieldValue(entitySet(study, entity), "policy");
    const at = own?.at ?? fieldValue(settingsOf(study), "policy")?.at ?? otherwise;
    const outside = writer.holds === lock;
    tell(
      study.context.report,
      "E410",
      `\`${lock}\` is taken twice`,
      at,
      outside
        ? `writer \`${writer.name}\` holds it, and \`${policy.name}\` takes it: the operation waits for itself`
        : `\`${policy.name}\` takes it while it has it: the operation waits for itself`,
      {
        help: `${outside ? `\`holds: none\` for \`${writer.name}\`, or ` : ""}\`unlock ${lock}\` before it is taken again; \`check deadlock of ${study.scenario?.name ?? "SCENARIO"}\` shows the wait`,
      },
    );
  }
}

/** The first lock that is taken while it is held on every way there; `held` is what is held on every way on. */
function takenTwice(
  steps: readonly PolicyStep[],
  sync: readonly PolicyStep[],
  held: Set<string>,
): string | undefined {
  for (const step of steps) {
    if (step.step === "lock") {
      if (held.has(step.lock)) return step.lock;
      held.add(step.lock);
    } else if (step.step === "unlock") held.delete(step.lock);
    else if (step.step === "if") {
      const other = new Set(held);
      const lock = takenTwice(step.then, sync, held) ?? takenTwice(step.else, sync, other);
      if (lock !== undefined) return lock;
      for (const one of held) if (!other.has(one)) held.delete(one);
    } else if (step.step === "for" || step.step === "sync") {
      // It may not run at all.
      const inner = new Set(held);
      const lock = takenTwice(step.step === "for" ? step.steps : sync, [], inner);
      if (lock !== undefined) return lock;
      for (const one of held) if (!inner.has(one)) held.delete(one);
    }
  }
  return undefined;
}
