/**
 * Indices of the points that no other point dominates, in ascending order: no other is at least as small in every coordinate and smaller
 * in one. Negate a coordinate to prefer large values. Points with a NaN are left out; equal points are all kept. O(n^2 d).
 */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  const known = points.flatMap((point, i) => (point.some(Number.isNaN) ? [] : [i]));
  return known.filter((i) =>
    known.every((j) => !dominates(points[j] as readonly number[], points[i] as readonly number[])),
  );
}

function dominates(a: readonly number[], b: readonly number[]): boolean {
  let smaller = false;
  for (let k = 0; k < a.length; k++) {
    if ((a[k] as number) > (b[k] as number)) return false;
    if ((a[k] as number) < (b[k] as number)) smaller = true;
  }
  return smaller;
}
