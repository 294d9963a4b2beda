// Where CPUs are. Linux numbers first one thread of every core, socket by socket, then the sibling threads:
// cpu = thread * sockets * cores + socket * cores + core. The interrupt controller numbers them the other way round, siblings side by
// side, and groups 16 neighbours to an x2APIC cluster.

import type {Machine} from "../plan/system.ts";

/** 0: the CPU itself, 1: its core, 2: its socket, 3: another socket. */
export type Distance = 0 | 1 | 2 | 3;

export interface Topology {
  readonly cpus: number;
  readonly core: Int32Array;
  readonly socket: Int32Array;
  /** Number at the interrupt controller. */
  readonly apic: Int32Array;
}

export function topologyOf(machine: Machine): Topology {
  const cores = machine.sockets * machine.coresPerSocket;
  const cpus = cores * machine.smt;
  const core = new Int32Array(cpus);
  const socket = new Int32Array(cpus);
  const apic = new Int32Array(cpus);
  for (let cpu = 0; cpu < cpus; cpu++) {
    core[cpu] = cpu % cores;
    socket[cpu] = Math.floor(core[cpu] / machine.coresPerSocket);
    apic[cpu] = core[cpu] * machine.smt + Math.floor(cpu / cores);
  }
  return {cpus, core, socket, apic};
}

export function distanceOf(topology: Topology, a: number, b: number): Distance {
  if (a === b) return 0;
  if (topology.core[a] === topology.core[b]) return 1;
  return topology.socket[a] === topology.socket[b] ? 2 : 3;
}
