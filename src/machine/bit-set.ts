// A set of CPUs as bits, for sets that change while a run goes on.

import type {Memory} from "./memory.ts";

export class BitSet {
  readonly words: Int32Array;

  /** In an array of its own, if it outlives the run. */
  constructor(capacity: number, memory?: Memory) {
    const words = (capacity + 31) >> 5;
    this.words = memory === undefined ? new Int32Array(words) : memory.ints(words);
  }

  static from(capacity: number, members: Iterable<number>): BitSet {
    const set = new BitSet(capacity);
    for (const member of members) set.add(member);
    return set;
  }

  add(member: number): void {
    this.words[member >> 5] |= 1 << (member & 31);
  }

  delete(member: number): void {
    this.words[member >> 5] &= ~(1 << (member & 31));
  }

  has(member: number): boolean {
    return ((this.words[member >> 5] >>> (member & 31)) & 1) === 1;
  }

  clear(): void {
    this.words.fill(0);
  }

  copy(from: BitSet): this {
    this.words.set(from.words);
    return this;
  }

  size(): number {
    let size = 0;
    for (let i = 0; i < this.words.length; i++) size += ones(this.words[i]);
    return size;
  }

  /** The smallest member above `after`, or -1. */
  next(after: number): number {
    let at = (after + 1) >> 5;
    if (at >= this.words.length) return -1;
    let word = this.words[at] & (-1 << ((after + 1) & 31));
    while (word === 0) {
      if (++at === this.words.length) return -1;
      word = this.words[at];
    }
    return (at << 5) + 31 - Math.clz32(word & -word);
  }
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
