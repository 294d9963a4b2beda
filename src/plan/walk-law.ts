// How long a walk lasts, before what a policy's hooks add.

import type {Distribution} from "../units/distribution.ts";
import type {Machine, Walker} from "./system.ts";

/** Length of the walk itself [ns]: as the walker says, or what its levels and pages cost on the machine. */
export function holdOf(walker: Walker, machine: Machine): Distribution {
  if (walker.hold !== undefined && walker.hold !== "any") return walker.hold;
  const {walk, page} = machine.costs;
  if (page.kind === "constant") {
    return {kind: "affine", of: walk, scale: 1, shift: walker.pages * page.value};
  }
  return {kind: "sum", parts: [walk, ...new Array<Distribution>(walker.pages).fill(page)]};
}

/** The same with masking interrupts and unmasking them, where the walk does. */
export function maskedHoldOf(walker: Walker, machine: Machine): Distribution {
  const hold = holdOf(walker, machine);
  if (walker.protect !== "irq") return hold;
  return {kind: "sum", parts: [hold, machine.costs["irq.save"], machine.costs["irq.restore"]]};
}
