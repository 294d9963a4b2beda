// A transitive order on events to which pairs are added one by one, and taken back level by level: a search along which a cycle shows as
// soon as it is closed. Adding a pair costs one pass over the rows.

import {closure, type Relation} from "./relation.ts";

export class GrowingOrder {
  private readonly n: number;
  private readonly words: number;
  private rows: Int32Array;
  private readonly saved: Int32Array[] = [];
  private depth = 0;

  /** Starts from an acyclic relation. */
  constructor(start: Relation) {
    const {n, words, rows} = closure(start);
    this.n = n;
    this.words = words;
    this.rows = rows;
  }

  /** Opens a level: what is added from here on goes with `close`. */
  open(): void {
    const {depth, rows, saved} = this;
    if (saved.length <= depth) saved.push(new Int32Array(rows.length));
    saved[depth].set(rows);
    this.depth++;
  }

  close(): void {
    this.depth--;
    const {rows} = this;
    this.rows = this.saved[this.depth];
    this.saved[this.depth] = rows;
  }

  /** Puts `before` before `after`; false, and nothing added, where that closes a cycle. */
  add(before: number, after: number): boolean {
    const {n, words, rows} = this;
    if (before === after || this.has(after, before)) return false;
    if (this.has(before, after)) return true;
    const word = before >> 5;
    const bit = 1 << (before & 31);
    for (let i = 0; i < n; i++) {
      if (i !== before && (rows[i * words + word] & bit) === 0) continue;
      for (let k = 0; k < words; k++) rows[i * words + k] |= rows[after * words + k];
      rows[i * words + (after >> 5)] |= 1 << (after & 31);
    }
    return true;
  }

  private has(before: number, after: number): boolean {
    return ((this.rows[before * this.words + (after >> 5)] >>> (after & 31)) & 1) !== 0;
  }
}
