// What the farm knows of the engine: a module that exports `simulate`. It is loaded by its address, so that a worker thread can be told
// which, and a test can put a faulty one in its place.

import type {Executor} from "../plan/plan.ts";
import type {System} from "../plan/system.ts";
import type {Samples} from "../record/samples.ts";

export interface SimulateOptions {
  readonly seed: number;
  readonly replication: number;
  readonly point?: number;
  readonly streams?: "common" | "independent";
  readonly executor?: Executor;
  readonly timeline?: {readonly from: number; readonly to: number};
  readonly slices?: number;
}

export type Simulate = (system: System, options: SimulateOptions) => Samples;

/** The address of the engine of this package. */
export const engineModule: string = new URL("../machine/simulate.js", import.meta.url).href;

/** The `simulate` of a module; throws a TypeError when it has none. */
export async function loadEngine(module: string): Promise<Simulate> {
  const {simulate} = (await import(module)) as {simulate?: Simulate};
  if (typeof simulate !== "function") {
    throw new TypeError(`Expected ${module} to export the function \`simulate\``);
  }
  return simulate;
}
