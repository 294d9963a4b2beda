// The set of states found so far, which is also the queue of the breadth-first search: states get numbers in the order in which they are
// found, so that a layer is a range of numbers and nothing else needs to be kept for it.
//
// Representation. The words of state n stand in chunk n >> 14 at (n & 0x3fff) * words. The table is open-addressed with linear probing;
// a slot holds a state's number + 1, 0 is empty; it doubles at a load of 3/4. A state therefore costs its words plus 5.3 to 10.7 bytes.

const chunkBits = 14;
const chunkSize = 1 << chunkBits;
const chunkMask = chunkSize - 1;

export class StateSet {
  readonly words: number;
  size = 0;
  private readonly chunks: Int32Array[] = [];
  private table: Int32Array;
  private mask: number;
  private limit: number;
  private readonly most: number;

  /** `maxBytes` bounds all memory of the set; `add` answers -1 when it is used up. */
  constructor(words: number, maxBytes: number) {
    this.words = words;
    this.table = new Int32Array(1 << 10);
    this.mask = this.table.length - 1;
    this.limit = (this.table.length * 3) >> 2;
    this.most = maxBytes;
  }

  /** Bytes held. */
  get bytes(): number {
    return 4 * this.table.length + 4 * this.chunks.length * chunkSize * this.words;
  }

  /** Copies state `n` to `into`. */
  read(n: number, into: Int32Array): void {
    const {words} = this;
    const chunk = this.chunks[n >>> chunkBits] as Int32Array;
    const at = (n & chunkMask) * words;
    for (let w = 0; w < words; w++) into[w] = chunk[at + w] as number;
  }

  /** Adds the state at `from[at]`. Returns its number if it is new, -2 - number if it was known, -1 if there is no memory left. */
  add(from: Int32Array, at: number): number {
    const {words, table, mask} = this;
    let slot = hash(from, at, words) & mask;
    for (let found = table[slot] as number; found !== 0; found = table[slot] as number) {
      const n = found - 1;
      const chunk = this.chunks[n >>> chunkBits] as Int32Array;
      const base = (n & chunkMask) * words;
      let w = 0;
      while (w < words && chunk[base + w] === from[at + w]) w++;
      if (w === words) return -2 - n;
      slot = (slot + 1) & mask;
    }
    const n = this.size;
    if (n >>> chunkBits === this.chunks.length) {
      if (this.bytes + 4 * chunkSize * words > this.most && n > 0) return -1;
      this.chunks.push(new Int32Array(chunkSize * words));
    }
    const chunk = this.chunks[n >>> chunkBits] as Int32Array;
    const base = (n & chunkMask) * words;
    for (let w = 0; w < words; w++) chunk[base + w] = from[at + w] as number;
    table[slot] = n + 1;
    this.size++;
    if (this.size > this.limit && !this.grow()) {
      this.size--;
      table[slot] = 0;
      return -1;
    }
    return n;
  }

  /** Number of a state, -1 if it is not in the set. */
  find(from: Int32Array, at: number): number {
    const {words, table, mask} = this;
    let slot = hash(from, at, words) & mask;
    for (let found = table[slot] as number; found !== 0; found = table[slot] as number) {
      const n = found - 1;
      const chunk = this.chunks[n >>> chunkBits] as Int32Array;
      const base = (n & chunkMask) * words;
      let w = 0;
      while (w < words && chunk[base + w] === from[at + w]) w++;
      if (w === words) return n;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private grow(): boolean {
    const length = 2 * this.table.length;
    // Old and new table stand side by side while the states move.
    if (this.bytes + 4 * length > this.most) return false;
    const table = new Int32Array(length);
    const mask = length - 1;
    const {words} = this;
    for (let n = 0; n < this.size; n++) {
      const chunk = this.chunks[n >>> chunkBits] as Int32Array;
      let slot = hash(chunk, (n & chunkMask) * words, words) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = n + 1;
    }
    this.table = table;
    this.mask = mask;
    this.limit = (length * 3) >> 2;
    return true;
  }
}

// Multiply and fold, once a word, and the finish of MurmurHash3 (https://github.com/aappleby/smhasher), whose bits avalanche.
function hash(from: Int32Array, at: number, words: number): number {
  let h = 0x9e3779b9 | 0;
  for (let w = 0; w < words; w++) {
    h = Math.imul(h ^ (from[at + w] as number), 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
