// Simulated time. A tick is one picosecond, held as an integer in a float64: additions are exact, so an executor that adds the same
// durations in another order gets the same instants to the last bit.
//
// Beyond 2^53 ticks (2 h 30 min 7 s of simulated time) integers are no longer exact; a longer run is refused rather than blurred.

/** Ticks in a nanosecond. */
export const ticksPerNanosecond = 1000;

/** The last instant that is exact: 2^53 ticks, about 9,007 s. */
export const lastTick = 9007199254740992;

/** The nearest whole tick; a negative or undefined duration counts as none. */
export function ticksOf(nanoseconds: number): number {
  return nanoseconds > 0 ? Math.round(nanoseconds * ticksPerNanosecond) : 0;
}

/** [ns] */
export function nanosecondsOf(ticks: number): number {
  return ticks / ticksPerNanosecond;
}
