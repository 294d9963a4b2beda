// Rows are pushed, columns are kept: the one way in which this room's tables come into being.

import {type ColumnTable, table} from "arquero";

export interface Columns<Name extends string = string> {
  /** Adds a row; a name that is left out is undefined in it. */
  readonly push: (row: Readonly<Partial<Record<Name, unknown>>>) => void;
  readonly table: () => ColumnTable;
}

/** An empty table with the given columns, in that order. */
export function columns<Name extends string>(names: readonly Name[]): Columns<Name> {
  const data = names.map(() => [] as unknown[]);
  return {
    push: (row) => {
      for (let i = 0; i < names.length; i++) data[i].push(row[names[i]]);
    },
    table: () =>
      table(
        names.map((name, i) => [name, data[i]] as [string, unknown[]]),
        [...names],
      ),
  };
}
