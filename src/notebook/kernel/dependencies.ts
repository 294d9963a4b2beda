// Which cells depend on which. A cell defines names and uses names; one that uses what another defines is out of date when that other has
// run after it. Names of the two languages are apart: `typescript:gap` is not `quiesce:gap`.
//   (1) A cell is out of date if a cell that it depends on has run after it, or is out of date itself.
//   (2) A name belongs to the cell that defined it last; a cell whose every name has been taken over is forgotten, and so is the earlier run
//       of a cell that the front end knows by an id.
//   (3) Order is the order of runs: the cells that are out of date are listed so that each comes after those it depends on.

export interface Names {
  readonly defines: readonly string[];
  readonly uses: readonly string[];
}

export interface RanCell extends Names {
  /** The same for the same cell of the document. */
  readonly key: string;
  /** The number in `In [n]`. */
  readonly number: number;
  readonly source: string;
}

export interface OutOfDate {
  readonly cell: RanCell;
  /** A name that it uses and that has changed, as the user wrote it. */
  readonly name: string;
}

export interface Dependencies {
  /** Notes a run; the cells that are out of date because of it. */
  ran(cell: RanCell): readonly OutOfDate[];
  /** The name through which a cell that has just run is itself out of date, with the cell that defines it. */
  why(key: string): {readonly name: string; readonly from: RanCell} | undefined;
  forget(): void;
}

export function createDependencies(): Dependencies {
  // In the order of their runs.
  const cells = new Map<string, RanCell>();
  const outdated = new Set<string>();
  const definerOf = (name: string): RanCell | undefined =>
    [...cells.values()].findLast((cell) => cell.defines.includes(name));
  const plain = (name: string): string => name.slice(name.indexOf(":") + 1);
  return {
    ran(cell) {
      cells.delete(cell.key);
      for (const [key, other] of cells) {
        const taken = other.defines.every((name) => cell.defines.includes(name));
        if (other.defines.length > 0 && taken) {
          cells.delete(key);
          outdated.delete(key);
        }
      }
      cells.set(cell.key, cell);
      outdated.delete(cell.key);
      const changed = new Set(cell.defines);
      const found: OutOfDate[] = [];
      const earlier = [...cells.values()].slice(0, -1);
      // A cell that was run before what it depends on is found in a later round.
      for (let more = true; more; ) {
        more = false;
        for (const other of earlier) {
          if (found.some((each) => each.cell === other)) continue;
          const name = other.uses.find((each) => changed.has(each));
          if (name === undefined) continue;
          found.push({cell: other, name: plain(name)});
          outdated.add(other.key);
          for (const each of other.defines) changed.add(each);
          more = true;
        }
      }
      const upstream = cell.uses.some((name) => {
        const from = definerOf(name);
        return from !== undefined && from !== cell && outdated.has(from.key);
      });
      if (upstream) outdated.add(cell.key);
      return found;
    },
    why(key) {
      const cell = cells.get(key);
      if (cell === undefined || !outdated.has(key)) return undefined;
      for (const name of cell.uses) {
        const from = definerOf(name);
        if (from !== undefined && from !== cell && outdated.has(from.key)) {
          return {name: plain(name), from};
        }
      }
      return undefined;
    },
    forget() {
      cells.clear();
      outdated.clear();
    },
  };
}
