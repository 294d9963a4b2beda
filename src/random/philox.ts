// Philox4x32-10: a bijection of 128-bit counters for every 64-bit key, in ten rounds of two 32x32->64 bit multiplications. It has no
// state, so the n-th block of any stream costs the same as the first; this is what makes replication 7,000,001 re-runnable alone.
// Source: Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11, https://doi.org/10.1145/2063384.2063405

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
// The golden ratio and sqrt(3) - 1, as 32-bit fractions.
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/**
 * Replaces the counter in `block[at .. at + 3]` by its image under the key (`key0`, `key1`). All words are taken modulo 2^32.
 */
export function philox(block: Int32Array, at: number, key0: number, key1: number): void {
  let c0 = block[at] as number;
  let c1 = block[at + 1] as number;
  let c2 = block[at + 2] as number;
  let c3 = block[at + 3] as number;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  block[at] = c0;
  block[at + 1] = c1;
  block[at + 2] = c2;
  block[at + 3] = c3;
}

/** The upper 32 bits of the unsigned product of two 32-bit words, by halves of 16 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}
