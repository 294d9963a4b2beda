// Sets of events and relations between events, as bits. A program has at most 64 events, so a set is one or two 32-bit words and a
// relation over n events is n rows of that width: bit j of row i says that event i is related to event j. Bit j lives in word j >> 5 at
// position j & 31. Every operation returns a fresh value; nothing is changed in place except by `relate`, which builders use.

/** The most events a program may have. */
export const maxEvents = 64;

export interface Relation {
  readonly n: number;
  /** 1 for up to 32 events, 2 for up to 64. */
  readonly words: number;
  /** `n * words`, row by row. */
  readonly rows: Int32Array;
}

/** A set of events: as many words as a row of the relations it is used with. */
export type EventSet = Int32Array;

export function emptyRelation(n: number): Relation {
  const words = n > 32 ? 2 : 1;
  return {n, words, rows: new Int32Array(n * words)};
}

export function relate(relation: Relation, from: number, to: number): void {
  relation.rows[from * relation.words + (to >> 5)] |= 1 << (to & 31);
}

export function related(relation: Relation, from: number, to: number): boolean {
  return ((relation.rows[from * relation.words + (to >> 5)] >>> (to & 31)) & 1) !== 0;
}

/** The set of the events for which `member` holds. */
export function eventSet(n: number, member: (event: number) => boolean): EventSet {
  const set = new Int32Array(n > 32 ? 2 : 1);
  for (let event = 0; event < n; event++) if (member(event)) set[event >> 5] |= 1 << (event & 31);
  return set;
}

export function has(set: EventSet, event: number): boolean {
  return ((set[event >> 5] >>> (event & 31)) & 1) !== 0;
}

export function union(first: Relation, ...others: readonly Relation[]): Relation {
  const rows = first.rows.slice();
  for (const {rows: more} of others) for (let i = 0; i < rows.length; i++) rows[i] |= more[i];
  return {n: first.n, words: first.words, rows};
}

export function intersection(a: Relation, b: Relation): Relation {
  const rows = a.rows.slice();
  for (let i = 0; i < rows.length; i++) rows[i] &= b.rows[i];
  return {n: a.n, words: a.words, rows};
}

/** The pairs of `a` that are not in `b`. */
export function difference(a: Relation, b: Relation): Relation {
  const rows = a.rows.slice();
  for (let i = 0; i < rows.length; i++) rows[i] &= ~b.rows[i];
  return {n: a.n, words: a.words, rows};
}

/** i related to k where a relates i to some j and b relates j to k. */
export function sequence(a: Relation, b: Relation): Relation {
  const {n, words} = a;
  const rows = new Int32Array(n * words);
  if (words === 1) {
    for (let i = 0; i < n; i++) {
      let left = a.rows[i];
      let row = 0;
      while (left !== 0) {
        row |= b.rows[31 - Math.clz32(left & -left)];
        left &= left - 1;
      }
      rows[i] = row;
    }
    return {n, words, rows};
  }
  for (let i = 0; i < n; i++) {
    let low = 0;
    let high = 0;
    for (let word = 0; word < 2; word++) {
      let left = a.rows[2 * i + word];
      while (left !== 0) {
        const j = 32 * word + 31 - Math.clz32(left & -left);
        low |= b.rows[2 * j];
        high |= b.rows[2 * j + 1];
        left &= left - 1;
      }
    }
    rows[2 * i] = low;
    rows[2 * i + 1] = high;
  }
  return {n, words, rows};
}

export function inverse(a: Relation): Relation {
  const result = emptyRelation(a.n);
  forEachPair(a, (from, to) => relate(result, to, from));
  return result;
}

/** `a`, and every event related to itself: cat's `a?`. */
export function optional(a: Relation): Relation {
  const rows = a.rows.slice();
  for (let i = 0; i < a.n; i++) rows[i * a.words + (i >> 5)] |= 1 << (i & 31);
  return {n: a.n, words: a.words, rows};
}

/** Transitive closure, by Warshall: cat's `a+`. */
export function closure(a: Relation): Relation {
  const {n, words} = a;
  const rows = a.rows.slice();
  if (words === 1) {
    for (let k = 0; k < n; k++) {
      const through = rows[k];
      if (through === 0) continue;
      const bit = 1 << k;
      for (let i = 0; i < n; i++) if ((rows[i] & bit) !== 0) rows[i] |= through;
    }
    return {n, words, rows};
  }
  for (let k = 0; k < n; k++) {
    const low = rows[2 * k];
    const high = rows[2 * k + 1];
    if ((low | high) === 0) continue;
    const word = k >> 5;
    const bit = 1 << (k & 31);
    for (let i = 0; i < n; i++) {
      if ((rows[2 * i + word] & bit) === 0) continue;
      rows[2 * i] |= low;
      rows[2 * i + 1] |= high;
    }
  }
  return {n, words, rows};
}

/** cat's `a*`. */
export function star(a: Relation): Relation {
  return optional(closure(a));
}

/** cat's `[set] ; a`. */
export function from(set: EventSet, a: Relation): Relation {
  const rows = a.rows.slice();
  for (let i = 0; i < a.n; i++) {
    if (has(set, i)) continue;
    for (let word = 0; word < a.words; word++) rows[i * a.words + word] = 0;
  }
  return {n: a.n, words: a.words, rows};
}

/** cat's `a ; [set]`. */
export function into(a: Relation, set: EventSet): Relation {
  const rows = a.rows.slice();
  for (let i = 0; i < rows.length; i++) rows[i] &= set[i % a.words];
  return {n: a.n, words: a.words, rows};
}

/** cat's `[set]`: the identity on a set. */
export function identity(n: number, set: EventSet): Relation {
  const result = emptyRelation(n);
  for (let i = 0; i < n; i++) if (has(set, i)) relate(result, i, i);
  return result;
}

/** cat's `a * b`. */
export function product(n: number, a: EventSet, b: EventSet): Relation {
  const result = emptyRelation(n);
  for (let i = 0; i < n; i++) if (has(a, i)) result.rows.set(b, i * result.words);
  return result;
}

export function isEmpty(a: Relation): boolean {
  for (let i = 0; i < a.rows.length; i++) if (a.rows[i] !== 0) return false;
  return true;
}

export function isIrreflexive(a: Relation): boolean {
  for (let i = 0; i < a.n; i++) if (related(a, i, i)) return false;
  return true;
}

export function isAcyclic(a: Relation): boolean {
  return isIrreflexive(closure(a));
}

export function sameRelation(a: Relation, b: Relation): boolean {
  for (let i = 0; i < a.rows.length; i++) if (a.rows[i] !== b.rows[i]) return false;
  return true;
}

export function forEachPair(a: Relation, visit: (from: number, to: number) => void): void {
  for (let i = 0; i < a.n; i++) {
    for (let word = 0; word < a.words; word++) {
      let left = a.rows[i * a.words + word];
      while (left !== 0) {
        visit(i, 32 * word + 31 - Math.clz32(left & -left));
        left &= left - 1;
      }
    }
  }
}
