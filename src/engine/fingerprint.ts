// The fingerprint of a run: 64 bits that change when any interaction changes its time, its entity or its kind. It is a sum of mixed
// words modulo 2^64, not a chain: two executors may come upon independent interactions in a different order and still agree, while
// every single difference shows with certainty up to 2^-64. The state lies in four int32: two sums of two lanes.

/** Two 32-bit sums, independent in mixing. */
export class Fingerprint {
  private a: number = 0;
  private b: number = 0;

  /** Adds an interaction: time in ticks, an entity and a kind below 32. */
  add(time: number, entity: number, kind: number): void {
    const high = Math.floor(time / 4294967296);
    const low = (time - high * 4294967296) | 0;
    const place = Math.imul(entity, 32) + kind + Math.imul(high, 0x632be5ab);
    let a = Math.imul(low ^ Math.imul(place, 0x9e3779b9), 0x85ebca6b);
    a = Math.imul(a ^ (a >>> 15), 0xc2b2ae35);
    this.a = (this.a + (a ^ (a >>> 16))) | 0;
    let b = Math.imul(place ^ Math.imul(low, 0x27d4eb2f), 0x165667b1);
    b = Math.imul(b ^ (b >>> 13), 0x2c1b3c6d);
    this.b = (this.b + (b ^ (b >>> 17))) | 0;
  }

  /** Adds the first `count` of many interactions of one kind. */
  addAll(times: Float64Array, entities: Int32Array, count: number, kind: number): void {
    let sumA = this.a;
    let sumB = this.b;
    for (let k = 0; k < count; k++) {
      const time = times[k] as number;
      const high = Math.floor(time / 4294967296);
      const low = (time - high * 4294967296) | 0;
      const place = Math.imul(entities[k] as number, 32) + kind + Math.imul(high, 0x632be5ab);
      let a = Math.imul(low ^ Math.imul(place, 0x9e3779b9), 0x85ebca6b);
      a = Math.imul(a ^ (a >>> 15), 0xc2b2ae35);
      sumA = (sumA + (a ^ (a >>> 16))) | 0;
      let b = Math.imul(place ^ Math.imul(low, 0x27d4eb2f), 0x165667b1);
      b = Math.imul(b ^ (b >>> 13), 0x2c1b3c6d);
      sumB = (sumB + (b ^ (b >>> 17))) | 0;
    }
    this.a = sumA;
    this.b = sumB;
  }

  /** 16 hexadecimal digits. */
  text(): string {
    return hex(this.a) + hex(this.b);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
