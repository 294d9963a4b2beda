// All comparisons with published values, as runs of the engine.

import {broadcastContention} from "./broadcast-contention.ts";
import {collapseInterrupts} from "./collapse-interrupts.ts";
import {flushThroughput} from "./flush-throughput.ts";
import {graceLatency} from "./grace-latency.ts";
import {guestBroadcast} from "./guest-broadcast.ts";
import {isolatedInterrupts} from "./isolated-interrupts.ts";
import {lineTransfers} from "./line-transfers.ts";
import {shootdownScaling} from "./shootdown-scaling.ts";
import {trackingOverhead} from "./tracking-overhead.ts";
import type {ValidationRow} from "./validation-row.ts";

/** Runs them all, a few seconds in all. */
export function validate(): ValidationRow[] {
  return [
    ...collapseInterrupts(),
    ...trackingOverhead(),
    ...guestBroadcast(),
    ...shootdownScaling(),
    ...lineTransfers(),
    ...isolatedInterrupts(),
    ...flushThroughput(),
    ...broadcastContention(),
    ...graceLatency(),
  ];
}
