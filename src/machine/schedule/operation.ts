import type {WriterTask} from "../../program/small-system.ts";
import type {Context} from "../context.ts";

/** An operation under way: what its policy works on. */
export interface Operation {
  readonly given: WriterTask;
  readonly context: Context;
  readonly nth: number;
  /** Whether this is the last other sharer; undefined where sharers are not counted. */
  last: boolean | undefined;
  published: boolean;
  /** Where `sync` was called from; -1 outside it. */
  site: number;
  /** Within a deferred block. */
  readonly deferred: boolean;
}
