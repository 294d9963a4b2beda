// Designs that are not a full grid. All are functions of a seed and nothing else; the generator is SplitMix32, which is enough to place
// points and has no part in any simulation.

/** A deterministic stream of numbers in [0, 1). */
export function designRandom(seed: number): () => number {
  let state = (seed ^ Math.floor(seed / 2 ** 32) ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Latin hypercube: `count` rows in [0, 1)^axes, every stratum of every axis hit once (McKay, Beckman and Conover 1979). */
export function latinHypercube(axes: number, count: number, seed: number): number[][] {
  const random = designRandom(seed);
  const columns = Array.from({length: axes}, () => {
    const strata = Array.from({length: count}, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [strata[i], strata[j]] = [strata[j] as number, strata[i] as number];
    }
    return strata.map((stratum) => (stratum + random()) / count);
  });
  return Array.from({length: count}, (_, i) => columns.map((column) => column[i] as number));
}

/** Independent uniform rows. */
export function uniformRows(axes: number, count: number, seed: number): number[][] {
  const random = designRandom(seed);
  return Array.from({length: count}, () => Array.from({length: axes}, () => random()));
}

/**
 * Rows of value indices in which every pair of values of every two axes occurs together, greedily few: each new row takes the pairs not
 * covered yet, starting from the first, and fills what is open with the values that cover most.
 */
export function pairwiseRows(sizes: readonly number[]): number[][] {
  if (sizes.length < 2) return Array.from({length: sizes[0] ?? 0}, (_, i) => [i]);
  const open = new Set<string>();
  const key = (a: number, i: number, b: number, j: number): string =>
    a < b ? `${a}:${i} ${b}:${j}` : `${b}:${j} ${a}:${i}`;
  for (const [a, m] of sizes.entries())
    for (let b = a + 1; b < sizes.length; b++)
      for (let i = 0; i < m; i++)
        for (let j = 0; j < (sizes[b] as number); j++) open.add(key(a, i, b, j));
  const rows: number[][] = [];
  while (open.size > 0) {
    const [first] = open;
    const row: (number | undefined)[] = sizes.map(() => undefined);
    for (const part of (first as string).split(" ")) {
      const [axis, value] = part.split(":").map(Number);
      row[axis as number] = value as number;
    }
    for (const [axis, size] of sizes.entries()) {
      if (row[axis] !== undefined) continue;
      let best = 0;
      let gain = -1;
      for (let value = 0; value < size; value++) {
        const covered = row.filter(
          (other, b) => other !== undefined && open.has(key(axis, value, b, other)),
        ).length;
        if (covered > gain) [best, gain] = [value, covered];
      }
      row[axis] = best;
    }
    for (const [a, i] of row.entries())
      for (let b = a + 1; b < row.length; b++)
        open.delete(key(a, i as number, b, row[b] as number));
    rows.push(row as number[]);
  }
  return rows;
}
