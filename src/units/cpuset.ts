// A set of CPUs as plain data: disjoint, ascending, maximal closed ranges. The empty list is the empty set. The kernel's own notation
// ("0-15,32") is the text form.

/** Ascending, disjoint, non-adjacent closed ranges of CPU numbers. */
export type CpuSet = readonly (readonly [number, number])[];

/** The set that holds the given CPUs, in any order, with or without repetition. */
export function cpuSet(cpus: Iterable<number>): CpuSet {
  const ranges: [number, number][] = [];
  for (const cpu of [...new Set(cpus)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === cpu - 1) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges;
}

/** The CPUs of a set in ascending order. */
export function cpusOf(set: CpuSet): number[] {
  const cpus: number[] = [];
  for (const [lo, hi] of set) for (let cpu = lo; cpu <= hi; cpu++) cpus.push(cpu);
  return cpus;
}

/** How many CPUs the set holds. */
export function sizeOf(set: CpuSet): number {
  let size = 0;
  for (const [lo, hi] of set) size += hi - lo + 1;
  return size;
}

/** Whether `cpu` is in the set. */
export function hasCpu(set: CpuSet, cpu: number): boolean {
  return set.some(([lo, hi]) => cpu >= lo && cpu <= hi);
}

export function union(a: CpuSet, b: CpuSet): CpuSet {
  return cpuSet([...cpusOf(a), ...cpusOf(b)]);
}

export function intersection(a: CpuSet, b: CpuSet): CpuSet {
  return cpuSet(cpusOf(a).filter((cpu) => hasCpu(b, cpu)));
}

export function difference(a: CpuSet, b: CpuSet): CpuSet {
  return cpuSet(cpusOf(a).filter((cpu) => !hasCpu(b, cpu)));
}

/** The kernel's cpulist text: "0-15,32"; the empty set is "". */
export function cpuListText(set: CpuSet): string {
  return set.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}-${hi}`)).join(",");
}
