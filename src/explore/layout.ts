// Where everything stands in a state. A state is a few 32-bit words; a field is a run of bits within one word, as wide as the number of
// its values needs and no wider (a location that is never written takes none). The initial state is all zeros: every field counts from
// its initial value.

/** Handle of a field: index into the arrays of the layout. */
export type Field = number;

export interface Layout {
  readonly words: number;
  readonly word: Int32Array;
  readonly shift: Int32Array;
  /** Unshifted mask; 0 for a field of no bits. */
  readonly mask: Int32Array;
  readonly bits: number;
}

interface Request {
  readonly bits: number;
  readonly block: number;
}

export class LayoutBuilder {
  private readonly requests: Request[] = [];

  /** Asks for a field that holds 0..values-1. `block` keeps fields of one CPU together; -1: anywhere. */
  field(values: number, block = -1): Field {
    return this.bits(bitsFor(values), block);
  }

  bits(bits: number, block = -1): Field {
    if (bits > 31) throw new RangeError("a field of a state must fit 31 bits");
    return this.requests.push({bits, block}) - 1;
  }

  /** Packs the fields: blocks one after the other, each field into the first word with room. */
  pack(): Layout {
    const count = this.requests.length;
    const word = new Int32Array(count);
    const shift = new Int32Array(count);
    const mask = new Int32Array(count);
    const used: number[] = [];
    let total = 0;
    const order = this.requests
      .map((request, index) => ({...request, index}))
      .sort((a, b) => b.bits - a.bits || a.index - b.index);
    for (const {bits, index} of order) {
      total += bits;
      if (bits === 0) continue;
      let at = used.findIndex((size) => size + bits <= 32);
      if (at < 0) at = used.push(0) - 1;
      word[index] = at;
      shift[index] = used[at] as number;
      mask[index] = bits === 31 ? 0x7fffffff : (1 << bits) - 1;
      used[at] = (used[at] as number) + bits;
    }
    return {words: Math.max(1, used.length), word, shift, mask, bits: total};
  }

  /** Packs each block into one word of its own, word 0.. in the order of the block numbers, the rest into the words after them. */
  packBlocks(blocks: number): Layout | undefined {
    const count = this.requests.length;
    const word = new Int32Array(count);
    const shift = new Int32Array(count);
    const mask = new Int32Array(count);
    const used = new Array<number>(blocks).fill(0);
    let total = 0;
    for (const [index, {bits, block}] of this.requests.entries()) {
      total += bits;
      if (bits === 0) continue;
      let at = block;
      if (block < 0) {
        at = used.findIndex((size, i) => i >= blocks && size + bits <= 32);
        if (at < 0) at = used.push(0) - 1;
      } else if ((used[block] as number) + bits > 32) return undefined;
      word[index] = at;
      shift[index] = used[at] as number;
      mask[index] = bits === 31 ? 0x7fffffff : (1 << bits) - 1;
      used[at] = (used[at] as number) + bits;
    }
    return {words: Math.max(1, used.length), word, shift, mask, bits: total};
  }
}

/** Bits that hold 0..values-1. */
export function bitsFor(values: number): number {
  return values <= 1 ? 0 : 32 - Math.clz32(values - 1);
}
