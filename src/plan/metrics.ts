// What a run measures, per kind of entity. The language checks names against this table, the engine records every row of it, tables and
// figures take units and wording from it. A `stream` has one sample per event; a `level` is integrated over time; a `count` is a number
// per replication.

export type MetricUnit = "ns" | "1" | "bytes" | "1/s";
export type MetricShape = "stream" | "level" | "count";
export type MetricOwner =
  | "walker"
  | "writer"
  | "bystander"
  | "load"
  | "mm"
  | "sync"
  | "machine"
  | "safety";

export interface MetricRow {
  readonly owner: MetricOwner;
  readonly metric: string;
  readonly unit: MetricUnit;
  readonly shape: MetricShape;
  readonly doc: string;
}

export const metricTable: readonly MetricRow[] = [
  {
    owner: "walker",
    metric: "latency",
    unit: "ns",
    shape: "stream",
    doc: "Arrival of a call to its return, waiting and interrupts included.",
  },
  {
    owner: "walker",
    metric: "overhead",
    unit: "ns",
    shape: "stream",
    doc: "What the policy's enter and exit hooks added to a call.",
  },
  {
    owner: "walker",
    metric: "blocked",
    unit: "ns",
    shape: "stream",
    doc: "Arrival of a call to its start.",
  },
  {owner: "walker", metric: "count", unit: "1", shape: "count", doc: "Calls finished."},
  {
    owner: "walker",
    metric: "aborts",
    unit: "1",
    shape: "count",
    doc: "Calls sent to the slow path by the policy or by re-validation.",
  },
  {
    owner: "writer",
    metric: "latency",
    unit: "ns",
    shape: "stream",
    doc: "Arrival of an operation to its end.",
  },
  {
    owner: "writer",
    metric: "sync",
    unit: "ns",
    shape: "stream",
    doc: "Time in the policy's sync: from its call to its return.",
  },
  {owner: "writer", metric: "flush", unit: "ns", shape: "stream", doc: "Time in the TLB flush."},
  {
    owner: "writer",
    metric: "queue",
    unit: "ns",
    shape: "stream",
    doc: "Waiting for the lock that the operation holds.",
  },
  {
    owner: "writer",
    metric: "hold",
    unit: "ns",
    shape: "stream",
    doc: "How long the lock was held.",
  },
  {
    owner: "writer",
    metric: "backlog",
    unit: "1",
    shape: "level",
    doc: "Operations that have arrived and not ended.",
  },
  {
    owner: "writer",
    metric: "faults",
    unit: "ns",
    shape: "stream",
    doc: "Extra latency of page faults that queued behind the lock.",
  },
  {
    owner: "writer",
    metric: "retained",
    unit: "bytes",
    shape: "level",
    doc: "Memory unhooked and not yet released.",
  },
  {owner: "writer", metric: "arrivals", unit: "1", shape: "count", doc: "Operations that arrived."},
  {owner: "writer", metric: "count", unit: "1", shape: "count", doc: "Operations finished."},
  {
    owner: "bystander",
    metric: "disturbance",
    unit: "ns",
    shape: "stream",
    doc: "Time stolen from one activation by interrupts of others' syncs, flushes and grace periods.",
  },
  {
    owner: "bystander",
    metric: "interrupts",
    unit: "1",
    shape: "count",
    doc: "Such interrupts taken on its CPUs.",
  },
  {
    owner: "bystander",
    metric: "lateness",
    unit: "ns",
    shape: "stream",
    doc: "Completion beyond what the activation would have taken alone.",
  },
  {
    owner: "bystander",
    metric: "misses",
    unit: "1",
    shape: "count",
    doc: "Activations that ended after their deadline.",
  },
  {
    owner: "sync",
    metric: "ipis",
    unit: "1",
    shape: "count",
    doc: "Call-function requests queued by syncs (not by TLB flushes).",
  },
  {
    owner: "sync",
    metric: "interrupts",
    unit: "1",
    shape: "count",
    doc: "Interrupts actually taken for them; less than `ipis` when queues coalesce.",
  },
  {
    owner: "sync",
    metric: "flushes",
    unit: "1",
    shape: "count",
    doc: "Call-function requests queued by TLB flushes.",
  },
  {
    owner: "sync",
    metric: "sends",
    unit: "1",
    shape: "count",
    doc: "Sends of interrupts for syncs, flushes and expedited grace periods; a multicast is one, however many CPUs it reaches.",
  },
  {owner: "sync", metric: "targets", unit: "1", shape: "stream", doc: "Targets of one sync."},
  {
    owner: "sync",
    metric: "gps",
    unit: "1",
    shape: "count",
    doc: "Grace periods ended, normal and expedited.",
  },
  {owner: "sync", metric: "callbacks", unit: "1", shape: "count", doc: "Deferred callbacks run."},
  {
    owner: "sync",
    metric: "wakeups",
    unit: "1",
    shape: "count",
    doc: "Idle CPUs woken by interrupts of syncs and flushes.",
  },
  {
    owner: "machine",
    metric: "util",
    unit: "1",
    shape: "level",
    doc: "Fraction of CPU time not idle.",
  },
  {
    owner: "machine",
    metric: "irq_time",
    unit: "1",
    shape: "level",
    doc: "Fraction of CPU time in interrupt entry, handlers and exit.",
  },
  {
    owner: "machine",
    metric: "stolen",
    unit: "ns",
    shape: "count",
    doc: "CPU time taken from CPUs by syncs, flushes and grace periods of others.",
  },
  {
    owner: "machine",
    metric: "stolen_isolated",
    unit: "ns",
    shape: "count",
    doc: "The same on isolated CPUs only.",
  },
  {
    owner: "machine",
    metric: "interrupts_isolated",
    unit: "1",
    shape: "count",
    doc: "Interrupts taken on isolated CPUs for others' syncs, flushes and grace periods.",
  },
  {
    owner: "machine",
    metric: "requests_isolated",
    unit: "1",
    shape: "count",
    doc: "Call-function requests queued for isolated CPUs.",
  },
  {
    owner: "safety",
    metric: "violations",
    unit: "1",
    shape: "count",
    doc: "Walks that used a table after it was released or changed under them.",
  },
];

/** The metrics an entity of this kind has, in the order of the table. */
export function metricsOf(owner: MetricOwner): MetricRow[] {
  return metricTable.filter((row) => row.owner === owner);
}
