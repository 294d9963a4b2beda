/** One published value beside ours. */
export interface ValidationRow {
  /** Which published table, e.g. `V4`. */
  readonly table: string;
  readonly quantity: string;
  readonly unit: string;
  /** NaN where nothing is published. */
  readonly published: number;
  readonly ours: number;
  /** Whether a constant of the run was derived from this very value; then agreement proves nothing. */
  readonly role: "predicted" | "calibrated";
  /** Where the published value comes from. */
  readonly source: string;
  /** Where the constants of the run come from. */
  readonly constants: string;
  /** What explains the difference, as far as we know. */
  readonly residual: string;
}

/** Ours relative to the published value, less one; NaN where there is none. */
export function relativeResidual(row: ValidationRow): number {
  return row.published > 0 ? row.ours / row.published - 1 : Number.NaN;
}

/** The rows as text: values beside each other, then what each rests on. */
export function validationText(rows: readonly ValidationRow[]): string {
  const cells = rows.map((row) => [
    row.table,
    row.quantity,
    figure(row.published, row.unit),
    figure(row.ours, row.unit),
    Number.isNaN(relativeResidual(row)) ? "-" : `${(100 * relativeResidual(row)).toFixed(1)} %`,
    row.role,
  ]);
  const head = ["table", "quantity", "published", "ours", "residual", ""];
  const widths = head.map((title, i) =>
    Math.max(title.length, ...cells.map((line) => line[i].length)),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (i >= 2 && i <= 4 ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const notes = rows.map((row) =>
    [
      `${row.table} ${row.quantity}`,
      `  source:    ${row.source}`,
      `  constants: ${row.constants}`,
      `  residual:  ${row.residual}`,
    ].join("\n"),
  );
  return [line(head), ...cells.map(line), "", ...notes].join("\n");
}

function figure(value: number, unit: string): string {
  if (Number.isNaN(value)) return "-";
  const digits = Number.isInteger(value) ? 0 : 1;
  const text =
    digits === 0 || Math.abs(value) >= 100
      ? value.toLocaleString("en-US", {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        })
      : value.toPrecision(4);
  return `${text} ${unit}`;
}
