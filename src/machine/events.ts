// The kinds of events in the calendar, smallest first among simultaneous ones. Entities are numbered CPUs first, then contexts of
// writers, then the one that keeps the grace periods.

export const event = {
  /** The warm-up ends. */
  warmup: 0,
  /** An interrupt reaches CPU e. */
  arrive: 1,
  /** CPU e has entered its interrupt handler and drains its queue. */
  drain: 2,
  /** A writer's operation arrives. */
  operation: 3,
  /** A context goes on. */
  resume: 4,
  /** The grace-period machinery: begin, scan, end. */
  graceStart: 5,
  graceScan: 6,
  graceTick: 7,
  graceEnd: 8,
  /** A quiescent state is reported by CPU e. */
  report: 9,
  expeditedStart: 10,
  expeditedReport: 11,
  callbacks: 12,
  /** A reschedule interrupt reaches CPU e. */
  reschedule: 13,
  /** A slice of a run that is asked for in slices ends. */
  slice: 14,
  /** Only counted, never scheduled: a release of tables, and a violation. */
  release: 20,
  violation: 21,
  /** The reference executor's event for the next private section of CPU e; last among simultaneous ones. */
  private: 31,
} as const;
