// Which kinds of writes a policy covers, inferred from its hooks: a kind that changes a table in place needs every path to `release` to
// have waited for the walkers first; freeing may also be deferred. What counts as waiting: acknowledgements, a grace period, a condition
// waited for, and a TLB flush that interrupts (machine.tlb: ipi), since its handler cannot run inside a walk.

import type {PolicyStep, WriterKind} from "../plan/policy.ts";
import type {TlbKind} from "../plan/system.ts";

interface Path {
  /** Whether something was waited for on every path so far. */
  readonly waited: boolean;
  /** Whether the hook may have been left by a `skip`, and if that path had waited. */
  readonly left: "no" | "waited" | "unwaited";
}

interface Verdict {
  /** Set by a release in line without a wait before it. */
  unwaited: boolean;
  /** Set by a release handed to a grace period. */
  deferred: boolean;
  released: boolean;
}

/** The kinds that hooks cover on a machine with this kind of flush; `op` absent: the default procedure. */
export function inferCovers(
  op: readonly PolicyStep[] | undefined,
  sync: readonly PolicyStep[],
  tlb: TlbKind,
): WriterKind[] {
  const verdict: Verdict = {unwaited: false, deferred: false, released: false};
  const steps = op ?? defaultOp;
  walk(steps, {waited: false, left: "no"}, sync, tlb, verdict, false);
  if (!verdict.released || verdict.unwaited) return [];
  return verdict.deferred ? ["free"] : ["free", "unshare", "collapse"];
}

const defaultOp: readonly PolicyStep[] = [
  {step: "unhook"},
  {step: "flush", mm: {kind: "builtin", name: "mm"}},
  {step: "sync"},
  {step: "release"},
];

function walk(
  steps: readonly PolicyStep[],
  start: Path,
  sync: readonly PolicyStep[],
  tlb: TlbKind,
  verdict: Verdict,
  deferred: boolean,
): Path {
  let path = start;
  for (const step of steps) {
    switch (step.step) {
      case "wait_acks":
      case "wait_gp":
      case "wait_until":
        path = {...path, waited: true};
        break;
      case "flush":
        if (tlb === "ipi") path = {...path, waited: true};
        break;
      case "sync": {
        const inner = walk(sync, {waited: path.waited, left: "no"}, [], tlb, verdict, deferred);
        path = {...path, waited: inner.waited && inner.left !== "unwaited"};
        break;
      }
      case "release":
        verdict.released = true;
        if (deferred) verdict.deferred ||= !path.waited;
        else verdict.unwaited ||= !path.waited;
        break;
      case "defer":
        walk(step.steps, path, sync, tlb, verdict, true);
        break;
      case "skip":
        path = {...path, left: path.waited && path.left !== "unwaited" ? "waited" : "unwaited"};
        if (step.when === undefined) return path;
        break;
      case "if": {
        const then = walk(step.then, path, sync, tlb, verdict, deferred);
        const otherwise = walk(step.else, path, sync, tlb, verdict, deferred);
        path = {
          waited: then.waited && otherwise.waited,
          left: [then.left, otherwise.left].includes("unwaited") ? "unwaited" : path.left,
        };
        break;
      }
      case "for":
        // A loop over nobody has nobody to wait for.
        path = walk(step.steps, path, sync, tlb, verdict, deferred);
        break;
      default:
        break;
    }
  }
  return path;
}
