// W407: a waited IPI after which nothing waits, or a wait that no IPI comes before.

import type {PolicyInstance} from "../policy.ts";
import {tell} from "../report.ts";
import {placeIn} from "../scope.ts";
import type {Step} from "../syntax.ts";

export function reportUnpairedIpi(policy: PolicyInstance): void {
  for (const {syntax, source, home} of policy.hooks.values()) {
    // Inherited hooks are reported where they stand.
    if (source !== policy.declared.source) continue;
    const scope = policy.scope(source, home);
    const steps = flat(syntax.steps);
    const waits = steps.filter((step) => step.step === "wait_acks");
    const sends = steps.filter((step) => step.step === "ipi" && !step.nowait);
    for (const step of sends) {
      if (waits.some((wait) => wait.start > step.start)) continue;
      tell(
        scope.context.report,
        "W407",
        "acknowledgements never awaited",
        placeIn(scope, step),
        "sent, but no `wait acks` follows",
        {help: "add `wait acks`, or say so: `ipi cpu nowait`"},
      );
    }
    for (const step of waits) {
      if (sends.some((send) => send.start < step.start)) continue;
      tell(
        scope.context.report,
        "W407",
        "nothing to wait for",
        placeIn(scope, step),
        "no `ipi` with an acknowledgement comes before it",
        {help: "remove it, or send first: `for cpu in online - self { ipi cpu }`"},
      );
    }
  }
}

function flat(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => {
    if (step.step === "if") return [step, ...flat(step.then), ...flat(step.else)];
    if (step.step === "for" || step.step === "defer") return [step, ...flat(step.steps)];
    return [step];
  });
}
