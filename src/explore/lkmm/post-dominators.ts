// Where the two ways of a branch meet again. The Linux-kernel model knows a control dependency from a test to what stands in the branches
// of its `if`, not to what follows it; in a flat program the branches end at the branch's immediate post-dominator.

/** For each instruction the one at which all its ways meet, or -1 where they only meet at the end. `next[i]` are the successors of i. */
export function postDominators(next: readonly (readonly number[])[]): Int32Array {
  const n = next.length;
  // dominators[i]: the set of instructions on every way from i to the end, i included; undefined until it is known that i reaches it.
  const dominators: (Set<number> | undefined)[] = new Array(n).fill(undefined);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = n - 1; i >= 0; i--) {
      let common: Set<number> | undefined = next[i].length === 0 ? new Set() : undefined;
      for (const to of next[i]) {
        const theirs = dominators[to];
        if (theirs === undefined) continue;
        common =
          common === undefined
            ? new Set(theirs)
            : new Set([...common].filter((d) => theirs.has(d)));
      }
      if (common === undefined) continue;
      common.add(i);
      const known = dominators[i];
      if (known === undefined || known.size !== common.size) {
        dominators[i] = common;
        changed = true;
      }
    }
  }
  const result = new Int32Array(n).fill(-1);
  for (let i = 0; i < n; i++) {
    // The nearest strict post-dominator is the one with the most post-dominators of its own.
    let most = -1;
    for (const d of dominators[i] ?? []) {
      const size = dominators[d]?.size ?? 0;
      if (d !== i && size > most) {
        most = size;
        result[i] = d;
      }
    }
  }
  return result;
}
