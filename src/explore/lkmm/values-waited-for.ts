// On which loaded values it depends whether a policy waits. The Linux-kernel model says what loads return and has no schedules, so who waits
// for whom is asked of a model that has them. That answer carries over where the waits are the same whatever the loads return: interrupts,
// grace periods and locks are waited for because they were asked for, and a word that only walkers write on enter and exit may hold either
// of its values at any time under every model. It does not carry over where a word that writers or handlers write decides about a wait.

import type {HookName, Policy, PolicyStep} from "../../plan/policy.ts";

/** Names of the words by which a wait of the policy may come to pass or to its end in one model and not in another. */
export function valuesWaitedFor(policies: readonly Policy[]): string[] {
  const found = new Set<string>();
  for (const {hooks} of policies) {
    const shared = new Set<string>();
    for (const hook of ["op", "sync", "ipi"] as const) {
      for (const word of storedIn(hooks[hook] ?? [])) shared.add(word);
    }
    for (const hook of Object.keys(hooks) as HookName[]) {
      for (const word of deciding(hooks[hook] ?? [])) if (shared.has(word)) found.add(word);
    }
  }
  return [...found];
}

function within(step: PolicyStep): readonly PolicyStep[] {
  if (step.step === "if") return [...step.then, ...step.else];
  return step.step === "for" || step.step === "defer" ? step.steps : [];
}

function storedIn(steps: readonly PolicyStep[]): string[] {
  return steps.flatMap((step) => [
    ...("state" in step && typeof step.state === "string" ? [step.state] : []),
    ...storedIn(within(step)),
  ]);
}

/** The words that a wait itself, or a test which a wait stands in or behind, reads. A `let` passes on what it read. */
function deciding(steps: readonly PolicyStep[]): string[] {
  const waits = steps.some(isWait);
  return steps.flatMap((step) => {
    const {then: _, else: __, steps: ___, ...own} = step as PolicyStep & Record<string, unknown>;
    const read = wordsIn(own);
    const tests = step.step === "let" || step.step === "skip" ? waits : isWait(step);
    return [...(tests ? read : []), ...deciding(within(step))];
  });
}

function isWait(step: PolicyStep): boolean {
  const kinds: readonly PolicyStep["step"][] = [
    "wait_acks",
    "wait_gp",
    "wait_until",
    "lock",
    "ipi",
  ];
  return kinds.includes(step.step) || within(step).some(isWait);
}

function wordsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== "object" || value === null) return [];
  const {kind, name} = value as {kind?: unknown; name?: unknown};
  const here = kind === "state" && typeof name === "string" ? [name] : [];
  return [...here, ...Object.values(value).flatMap(wordsIn)];
}
