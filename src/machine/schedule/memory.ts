// The shared memory of a scheduled run: cells, and the store buffers through which CPUs write them.
//
// (1) A load sees the newest store to its cell in its own buffer, else memory.
// (2) Under TSO the oldest store is the next to reach memory; under PSO the oldest to any cell that stands behind no barrier.
// (3) Under SC there is no buffer: a store is in memory at once.

import type {MemoryModel} from "../../plan/check-plan.ts";

export type ScheduleModel = Exclude<MemoryModel, "lkmm">;

/** One word of shared memory. Times are in ticks. */
export interface Cell {
  readonly key: string;
  /** What a reader is shown. */
  readonly name: string;
  show(value: number): string;
  read(at: number): number;
  /** `by` is the CPU whose store it is. */
  write(value: number, at: number, by: number): void;
}

/** A store on its way to memory; no cell: a store barrier. */
export interface BufferedStore {
  readonly cell: Cell | undefined;
  readonly value: number;
  readonly issued: number;
}

export class StoreBuffer {
  readonly entries: BufferedStore[] = [];
  private readonly model: ScheduleModel;
  private readonly depth: number;

  constructor(model: ScheduleModel, depth: number) {
    this.model = model;
    this.depth = depth;
  }

  get empty(): boolean {
    return this.entries.length === 0;
  }

  /** The newest value stored to a cell; undefined if none waits. */
  newest(key: string): number | undefined {
    return this.entries.findLast(({cell}) => cell?.key === key)?.value;
  }

  /** Whether a store, or a store barrier, finds room. */
  roomFor(kind: "store" | "release" | "barrier"): boolean {
    const barriers = kind !== "store" && this.needsBarrier() ? 1 : 0;
    const stores = kind === "barrier" ? 0 : 1;
    return this.entries.length + barriers + stores <= this.depth;
  }

  append(cell: Cell, value: number, issued: number, release: boolean): void {
    if (release) this.fence(issued);
    this.entries.push({cell, value, issued});
  }

  /** Keeps later stores behind earlier ones. */
  fence(issued: number): void {
    if (this.needsBarrier()) this.entries.push({cell: undefined, value: 0, issued});
  }

  /** Why entry `index` cannot reach memory next; undefined if it can. */
  held(index: number): string | undefined {
    const entry = this.entries[index];
    if (entry === undefined) return `the store buffer holds ${this.entries.length} entries`;
    if (entry.cell === undefined) return "that entry is a barrier";
    for (const earlier of this.entries.slice(0, index)) {
      if (earlier.cell === undefined) return "a store barrier stands before it";
      if (this.model !== "pso") return "stores leave the buffer in their order";
      if (earlier.cell.key === entry.cell.key) return "an earlier store to the same place waits";
    }
    return undefined;
  }

  /** Takes an entry out, and the barriers that nothing stands before any longer. */
  take(index: number): BufferedStore {
    const [entry] = this.entries.splice(index, 1);
    while (this.entries[0] !== undefined && this.entries[0].cell === undefined)
      this.entries.shift();
    return entry as BufferedStore;
  }

  private needsBarrier(): boolean {
    const last = this.entries.at(-1);
    return this.model === "pso" && last !== undefined && last.cell !== undefined;
  }
}
