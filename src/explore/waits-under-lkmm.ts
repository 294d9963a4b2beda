// Deadlock and progress under the Linux-kernel memory model. It has no schedules, so the question goes to PSO, the weakest model that has
// them; every execution of PSO is one of LKMM, so what gets stuck there gets stuck here. That nothing does carries over where who waits
// for whom does not depend on what racing loads return (values-waited-for.ts); where it may depend on it, the answer is unknown.

import type {CheckCase} from "../plan/check-plan.ts";
import {valuesWaitedFor} from "./lkmm/values-waited-for.ts";
import {judge, type Verdict} from "./verdict.ts";

/** The answer for a case, given that under PSO. */
export function waitsUnderLkmm({system, expect}: CheckCase, explored: Verdict): Verdict {
  const words = valuesWaitedFor(system.policies);
  const open = explored.outcome === "never" && words.length > 0;
  const said = open
    ? `Nothing waits for ever in any schedule of PSO. Under LKMM that is not decided: whether the policy waits depends on ${words.join(", ")}, which loads may there read older or newer than under PSO.`
    : "Decided by the schedules of PSO, the weakest model that has any: the Linux-kernel memory model says what loads return, not who waits for whom, and who waits for whom is the same in every model.";
  const {expect: _, met: __, ...answer} = explored;
  const verdict: Verdict = {
    ...answer,
    model: "lkmm",
    outcome: open ? "unknown" : explored.outcome,
    complete: explored.complete && !open,
    bound: explored.bound.replace(/^PSO/, "LKMM by the schedules of PSO"),
    explanation: [...explored.explanation, said],
  };
  return expect === undefined ? verdict : {...verdict, expect, met: judge(verdict, expect)};
}
