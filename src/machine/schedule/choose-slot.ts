import {choiceStep, type Steps} from "./action.ts";

/** Any slot of the mm: at each but the last, this one or a later one. */
export function* chooseSlot(slots: readonly number[]): Steps<number> {
  for (const slot of slots.slice(0, -1)) if ((yield choiceStep("choose")) === 0) return slot;
  return slots.at(-1) as number;
}
