// E403: a writer of a kind that its policy does not cover. A claim (`covers:`) is taken at its word here; `check safety` is what tests it.

import type {System} from "../../plan/system.ts";
import type {Place} from "../diagnostic.ts";
import {fieldValue} from "../field.ts";
import {tell} from "../report.ts";
import {entitySet} from "../resolve-entity.ts";
import type {Study} from "../study.ts";
import {settingsOf} from "../study-scope.ts";

export function reportUncoveredKind(study: Study, system: System, otherwise: Place): void {
  for (const writer of system.writers) {
    const policy = system.policies.find((one) => one.name === writer.policy);
    if (policy === undefined || policy.covers.includes(writer.kind)) continue;
    const entity = study.entities.get(writer.name);
    const own = entity && fieldValue(entitySet(study, entity), "policy");
    const at = own?.at ?? fieldValue(settingsOf(study), "policy")?.at ?? otherwise;
    const deferring = policy.covers.includes("free");
    const shown = `\`check safety of ${study.scenario?.name ?? "SCENARIO"}\` shows the race`;
    tell(
      study.context.report,
      "E403",
      `policy does not cover \`${writer.kind}\``,
      at,
      `covers: [${policy.covers.join(", ")}]; writer \`${writer.name}\` needs ${writer.kind}`,
      {
        help: deferring
          ? `deferring a free does not stop walkers that already hold the table; use rcu_sync or an IPI policy; ${shown}`
          : `its release can be reached without waiting for the walkers; use rcu_sync or an IPI policy; ${shown}`,
      },
    );
  }
}
