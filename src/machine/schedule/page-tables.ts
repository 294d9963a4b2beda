// The page tables of a scheduled run, which a free run does not keep: upper entries, tables and their generations, what stands in them,
// who shares them; and the locks and context-tracking modes that only a schedule singles out.
//
// A table's page cell counts how often it was freed: its generation. A pointer carries the generation that it was loaded with, and a read
// through it is a use after free when that is over, or when the table is not live.

import {contentsCell, entryCell, pageCell, shareCell} from "../../program/cells.ts";
import type {SmallSystem} from "../../program/small-system.ts";
import type {Cell} from "./memory.ts";

export class PageTables {
  /** Whether a table that was free already has been freed. */
  freedTwice: boolean = false;
  private readonly small: SmallSystem;
  private readonly values = new Map<string, number>();
  private readonly cells = new Map<string, Cell>();

  constructor(small: SmallSystem) {
    this.small = small;
  }

  entry(slot: number): Cell {
    const {name, initial} = this.small.slots[slot] as SmallSystem["slots"][number];
    const show = (pointer: number): string => this.tableName(pointer);
    return this.cell(entryCell(slot), `entry[${name}]`, initial + 1, show);
  }

  page(table: number): Cell {
    const show = (generation: number): string => (generation === 0 ? "live" : "freed");
    return this.cell(pageCell(table), this.tableName(table + 1), 0, show);
  }

  contents(table: number, entry: number): Cell {
    const replacement = this.small.tables[table]?.replacement === true;
    const at = replacement ? 0 : entry;
    const show = (value: number): string =>
      [replacement ? "written" : "old", "changed", "unwritten"][value] ?? "?";
    const which = this.small.pages > 1 && !replacement ? `[${at}]` : "";
    const name = `${this.tableName(table + 1)}${which}.contents`;
    return this.cell(contentsCell(table, at), name, replacement ? 2 : 0, show);
  }

  share(table: number): Cell {
    const sharers = this.small.tables[table]?.sharers ?? 0;
    return this.cell(shareCell(table), `share(${this.tableName(table + 1)})`, sharers, String);
  }

  /** A cell of its own kind: a lock, a mode. */
  other(key: string, name: string, initial: number, show: (value: number) => string): Cell {
    return this.cell(key, name, initial, show);
  }

  /** By its pointer, from 1. */
  tableName(pointer: number): string {
    return pointer === 0 ? "none" : (this.small.tables[pointer - 1]?.name ?? "?");
  }

  /** The cells that were looked at or written so far, with their values. */
  all(): ReadonlyMap<string, number> {
    return this.values;
  }

  private cell(key: string, name: string, initial: number, show: (value: number) => string): Cell {
    const known = this.cells.get(key);
    if (known !== undefined) return known;
    this.values.set(key, initial);
    const isPage = key.startsWith("page ");
    const cell: Cell = {
      key,
      name,
      show,
      read: () => this.values.get(key) as number,
      write: (value) => {
        if (isPage && this.values.get(key) !== 0) this.freedTwice = true;
        this.values.set(key, value);
      },
    };
    this.cells.set(key, cell);
    return cell;
  }
}
