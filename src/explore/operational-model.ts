// The models that are explored state by state, as against the axiomatic one.

import type {MemoryModel} from "../plan/check-plan.ts";

export type OperationalModel = Exclude<MemoryModel, "lkmm">;

/** Strongest first: what is safe under a later one is safe under those before it. */
export const operationalModels: readonly OperationalModel[] = ["sc", "tso", "pso"];

export function isOperational(model: string): model is OperationalModel {
  return model === "sc" || model === "tso" || model === "pso";
}
