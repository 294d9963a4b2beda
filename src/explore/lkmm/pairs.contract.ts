// Relations as plain sets of pairs, for an oracle that is to be read beside the published model rather than to be fast.

/** A pair (i, j) is the number 1000 i + j. */
export type Pairs = ReadonlySet<number>;
export type Members = ReadonlySet<number>;

const width = 1000;

export function pairs(n: number, related: (from: number, to: number) => boolean): Pairs {
  const found = new Set<number>();
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (related(i, j)) found.add(width * i + j);
  return found;
}

export function members(n: number, member: (event: number) => boolean): Members {
  return new Set(Array.from({length: n}, (_, i) => i).filter(member));
}

export function contains(relation: Pairs, from: number, to: number): boolean {
  return relation.has(width * from + to);
}

export function or(...relations: readonly Pairs[]): Pairs {
  return new Set(relations.flatMap((relation) => [...relation]));
}

export function and(a: Pairs, b: Pairs): Pairs {
  return new Set([...a].filter((pair) => b.has(pair)));
}

export function but(a: Pairs, b: Pairs): Pairs {
  return new Set([...a].filter((pair) => !b.has(pair)));
}

/** Composition, left to right. */
export function seq(...relations: readonly Pairs[]): Pairs {
  return relations.reduce((a, b) => {
    const next = new Map<number, number[]>();
    for (const pair of b) {
      const from = Math.floor(pair / width);
      next.set(from, [...(next.get(from) ?? []), pair % width]);
    }
    const found = new Set<number>();
    for (const pair of a) {
      for (const to of next.get(pair % width) ?? []) found.add(pair - (pair % width) + to);
    }
    return found;
  });
}

/** `[set]`: each member to itself. */
export function on(set: Members): Pairs {
  return new Set([...set].map((event) => width * event + event));
}

export function inverted(a: Pairs): Pairs {
  return new Set([...a].map((pair) => width * (pair % width) + Math.floor(pair / width)));
}

/** `a?` over n events. */
export function maybe(a: Pairs, n: number): Pairs {
  return or(a, on(members(n, () => true)));
}

/** `a+`: composed with itself until nothing is added. */
export function plus(a: Pairs): Pairs {
  let all = a;
  for (;;) {
    const more = or(all, seq(all, a));
    if (more.size === all.size) return all;
    all = more;
  }
}

/** `a*` over n events. */
export function many(a: Pairs, n: number): Pairs {
  return maybe(plus(a), n);
}

export function loops(a: Pairs): boolean {
  return [...a].some((pair) => pair % width === Math.floor(pair / width));
}
