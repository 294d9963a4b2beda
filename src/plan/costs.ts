// The names of all costs. A machine has a distribution for each of them (ns; `rcu.batch` is a count), whose figure and source stand in
// the cost presets of the prelude. Adding a name here makes the language accept it and every machine owe it.

export const costNames = [
  "load", // of a state word in this CPU's cache
  "store",
  "xchg",
  "mb",
  "wmb",
  "rmb",
  "line.same_core", // a state word last written by the sibling thread
  "line.same_socket", // ... by another core of the socket
  "line.cross_socket", // ... by another socket
  "irq.save",
  "irq.restore",
  "walk", // four levels of a walk, once per call
  "page", // per page of a call: pte load, grab, re-check
  "ipi.send", // per target at the initiator: take the slot, fill it, queue it; on top of the line transfer
  "ipi.icr", // per interrupt-command write
  "ipi.deliver.same_core", // from the write to the target's interrupt entry
  "ipi.deliver.same_socket",
  "ipi.deliver.cross_socket",
  "ipi.entry", // interrupt entry on the victim
  "ipi.handle", // drain the queue and run the handler
  "ipi.exit", // interrupt exit on the victim
  "ipi.ack", // per target at the initiator: see the acknowledgement; on top of the line transfer
  "ipi.vmexit", // per interrupt-command write in a guest
  "tlb.page", // invalidate one entry, on every CPU that flushes; up to 33 a flush
  "tlb.full", // invalidate everything, on every CPU that flushes: beyond 33 entries
  "tlb.broadcast", // one INVLPGB + TLBSYNC or TLBI + DSB, alone on the interconnect
  "tlb.contend", // an entry of it keeps the interconnect from others
  "tlb.hypercall",
  "rcu.gp", // a normal grace period, for rcu.model: sampled
  "rcu.expedited", // an expedited one, for rcu.model: sampled
  "rcu.callback", // the call_rcu() call itself
  "rcu.handle", // the expedited handler on the victim
  "wakeup", // of a sleeping task
  "switch", // a context switch
  "tick", // the timer interrupt
  "idle.exit.c1",
  "idle.exit.c2",
  "idle.exit.c6",
  "alloc",
  "copy",
] as const;

export type CostName = (typeof costNames)[number];
