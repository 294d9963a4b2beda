// E401: more than one of `every`, `rate`, `think` in one block. In a later block the later one replaces the earlier.

import {fieldOf, fieldsOf, type OwnerKind} from "../../../grammar/schema.ts";
import {type Reporter, tell} from "../report.ts";
import {cadenceNotes} from "../resolve-entity.ts";
import type {Field, Source} from "../syntax.ts";

export function reportConflictingCadence(
  owner: OwnerKind,
  fields: readonly Field[],
  source: Source,
  report: Reporter,
): void {
  let first: string | undefined;
  for (const field of fields) {
    const name = field.path.names[0]?.text ?? "";
    if (field.path.names.length > 1 || fieldOf(owner, name)?.group !== "cadence") continue;
    if (first === undefined || first === name) {
      first = name;
      continue;
    }
    const names = fieldsOf(owner)
      .filter((row) => row.group === "cadence")
      .map((row) => `${row.name}${cadenceNotes[row.name] ?? ""}`);
    const [a, b] = [first, name].toSorted((x, y) => (x === "every" ? -1 : y === "every" ? 1 : 0));
    tell(
      report,
      "E401",
      `both \`${a}\` and \`${b}\` given`,
      {source, span: field},
      `conflicts with \`${first}\``,
      {help: `keep one of: ${names.join(" | ")}`},
    );
  }
}
