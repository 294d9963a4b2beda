// The typed arrays of a run, and of the runs of the same system after it. A short replication would spend most of its time on making some
// hundred arrays, and the collector as much on taking them away.
//
// (1) Between two calls of `rewind` arrays are asked for in the same order and of the same lengths as before; who asks gets the array that
//     was in that place, all zero again. What a run is made of can thus be written as if every array were new.
// (2) Arrays begin at cache lines and are a line apart: on machines of 512 CPUs all arrays would otherwise begin at the same place of a
//     page and drive each other out of the cache.

const line = 64; // bytes
const smallestChunk = 1 << 14;
const largestChunk = 1 << 20;

export class Memory {
  private readonly floatArrays: Float64Array[] = [];
  private readonly intArrays: Int32Array[] = [];
  private readonly byteArrays: Uint8Array[] = [];
  private floatsGiven: number = 0;
  private intsGiven: number = 0;
  private bytesGiven: number = 0;
  private readonly chunks: Uint8Array[] = [];
  /** Bytes of the last chunk that are in use. */
  private used: number = 0;

  floats(length: number): Float64Array {
    const at = this.floatsGiven++;
    if (at < this.floatArrays.length) return same(this.floatArrays[at], length);
    const made = new Float64Array(this.room(8 * length), this.used, length);
    this.used += spaced(8 * length);
    this.floatArrays.push(made);
    return made;
  }

  ints(length: number): Int32Array {
    const at = this.intsGiven++;
    if (at < this.intArrays.length) return same(this.intArrays[at], length);
    const made = new Int32Array(this.room(4 * length), this.used, length);
    this.used += spaced(4 * length);
    this.intArrays.push(made);
    return made;
  }

  bytes(length: number): Uint8Array {
    const at = this.bytesGiven++;
    if (at < this.byteArrays.length) return same(this.byteArrays[at], length);
    const made = new Uint8Array(this.room(length), this.used, length);
    this.used += spaced(length);
    this.byteArrays.push(made);
    return made;
  }

  /** All arrays are zero and can be asked for once more; whoever has them must have forgotten them. */
  rewind(): void {
    for (const chunk of this.chunks) chunk.fill(0);
    this.floatsGiven = 0;
    this.intsGiven = 0;
    this.bytesGiven = 0;
  }

  // A chunk with room for so many bytes from `used` on.
  private room(bytes: number): ArrayBuffer {
    const last = this.chunks.at(-1);
    if (last !== undefined && this.used + bytes <= last.length) return last.buffer as ArrayBuffer;
    const next = Math.min(largestChunk, last === undefined ? smallestChunk : 2 * last.length);
    const chunk = new Uint8Array(Math.max(next, bytes));
    this.chunks.push(chunk);
    this.used = 0;
    return chunk.buffer;
  }
}

function spaced(bytes: number): number {
  return (Math.ceil(bytes / line) + 1) * line;
}

function same<T extends {readonly length: number}>(known: T | undefined, length: number): T {
  if (known?.length === length) return known;
  throw new Error(`an array of ${length} is asked for in the place of one of ${known?.length}`);
}
