// Litmus tests from cycles of edges, in the manner of diy (Alglave, Maranget, Sarkar, Sewell, "Fences in weak memory models", 2010): a thread
// for every edge in program order, a communication edge from each thread to the next. The condition asks for exactly that cycle, so
// that it holds where the model does not keep every edge.

import type {LitmusCase} from "./litmus-cases.contract.ts";

/** How the second access of a thread follows the first. */
export type Link = "po" | "mb" | "wmb" | "rmb" | "gp" | "rscs" | "rel" | "acq" | "data" | "ctrl";
/** From a store to the load that reads it; from a load to the store that overwrites; from a store to the next store. */
export type Communication = "rf" | "fr" | "co";

export interface CycleThread {
  readonly link: Link;
  /** To the next thread. */
  readonly to: Communication;
}

const variables = "uvwxyz";

/** The test of a cycle, or nothing where an edge cannot be (a data dependency from a store). */
export function cycleTest(threads: readonly CycleThread[]): LitmusCase | undefined {
  const n = threads.length;
  const conditions: string[] = [];
  const bodies: string[] = [];
  for (const [i, {link, to}] of threads.entries()) {
    const from = threads[(i + n - 1) % n].to;
    // Thread i enters at variable i and leaves at variable i + 1.
    const first = from === "rf" ? "R" : "W";
    const second = to === "fr" ? "R" : "W";
    const body = threadBody(link, first, second, variables[i], variables[(i + 1) % n], from);
    if (body === undefined) return undefined;
    bodies.push(body);
    if (first === "R") conditions.push(`${i}:a=1`);
    // What is overwritten last: `fr` ends in a store of 1 that the load did not see, `co` in one of 2 after one of 1.
    if (second === "R") conditions.push(`${i}:b=0`);
    if (from === "co") conditions.push(`${variables[i]}=2`);
  }
  const name = threads.map(({link, to}) => `${link}-${to}`).join("+");
  return {name, threads: bodies.join("|"), condition: conditions.join(" /\\ "), verdicts: ""};
}

function threadBody(
  link: Link,
  first: string,
  second: string,
  here: string,
  next: string,
  from: Communication,
): string | undefined {
  const value = from === "co" ? 2 : 1;
  const open = first === "R" ? `${link === "acq" ? "A" : "R"}${here}=a` : `W${here}${value}`;
  const close = second === "R" ? `R${next}=b` : `${link === "rel" ? "S" : "W"}${next}1`;
  switch (link) {
    case "po":
      return `${open};${close}`;
    case "rscs":
      return `[;${open};${close};]`;
    case "acq":
      return first === "R" ? `${open};${close}` : undefined;
    case "rel":
      return second === "W" ? `${open};${close}` : undefined;
    case "data":
      if (first !== "R" || second !== "W") return undefined;
      return `${open};WRITE_ONCE(*${next}, a * 0 + 1)`;
    case "ctrl":
      return first === "R" && second === "W" ? `${open};if (a) {;${close};}` : undefined;
    default:
      return `${open};${link};${close}`;
  }
}

/** All cycles of two and three threads over the given links, one of each rotation class, at most `limit`. */
export function cycles(
  links: readonly Link[],
  sizes: readonly number[],
  limit: number,
): LitmusCase[] {
  const found: LitmusCase[] = [];
  const kinds: readonly Communication[] = ["rf", "fr", "co"];
  const edges = links.flatMap((link) => kinds.map((to): CycleThread => ({link, to})));
  const extend = (threads: readonly CycleThread[], size: number): void => {
    if (found.length >= limit) return;
    if (threads.length < size) {
      for (const edge of edges) extend([...threads, edge], size);
      return;
    }
    const key = (list: readonly CycleThread[]): string =>
      list.map(({link, to}) => `${link}${to}`).join();
    const rotations = threads.map((_, i) => key([...threads.slice(i), ...threads.slice(0, i)]));
    if (rotations.some((rotation) => rotation < rotations[0])) return;
    const test = cycleTest(threads);
    if (test !== undefined) found.push(test);
  };
  for (const size of sizes) extend([], size);
  return found;
}
