import type {InvariantId} from "../plan/invariants.ts";
import type {Writer} from "../plan/system.ts";
import type {Context} from "./context.ts";
import type {World} from "./world.ts";

/** A violation where it is found. Times in ticks. */
export interface FoundViolation {
  readonly kind: InvariantId;
  /** Index of the walker. */
  readonly w: number;
  readonly writer: Writer;
  readonly cpu: number;
  /** When the table was released, when it was unhooked, and when the walk took its pointer. */
  readonly at: number;
  readonly unhookedAt: number;
  readonly walkFrom: number;
}

/** Whoever looks over a run's shoulder. */
export interface Watch {
  /** A writer's instruction takes effect at the context's `now`. */
  step(context: Context, opcode: number): void;
  /** The first violation of its kind. */
  violated(world: World, found: FoundViolation): void;
}
