// E202 in declarations that no study routes: a field that the owner does not have.

import {fieldOf, type OwnerKind} from "../../../grammar/schema.ts";
import {fieldLength, fieldNames, unknownField} from "../field.ts";
import type {Reporter} from "../report.ts";
import type {Field, Name, Source} from "../syntax.ts";

export function reportUnknownField(
  owner: OwnerKind,
  fields: readonly Field[],
  source: Source,
  report: Reporter,
): void {
  for (const field of fields) {
    const path = field.path.names;
    const found = unknownIn(owner, path);
    if (found === undefined) continue;
    const {at, names, title} = found;
    unknownField(title, at.text, {source, span: at}, names, report);
  }
}

interface Unknown {
  readonly title: string;
  readonly at: Name;
  readonly names: readonly string[];
}

function unknownIn(owner: OwnerKind, path: readonly Name[]): Unknown | undefined {
  const [head] = path as [Name, ...Name[]];
  if (owner === "policy" && (head.text === "walker" || head.text === "writer") && path.length > 1)
    return unknownIn(head.text, path.slice(1));
  const length = fieldLength(owner, path);
  if (length === 0) {
    const whole = {
      ...head,
      text: path.map((name) => name.text).join("."),
      end: (path.at(-1) ?? head).end,
    };
    return {title: owner, at: whole, names: fieldNames(owner)};
  }
  if (length === path.length) return undefined;
  const name = path
    .slice(0, length)
    .map((part) => part.text)
    .join(".");
  const {type} = fieldOf(owner, name) ?? {type: undefined};
  if (type?.kind === "ref" && (type.to === "costs" || type.to === "machine"))
    return unknownIn(type.to, path.slice(length));
  if (type?.kind === "law" || type?.kind === "ref") return undefined;
  const at = path[length] as Name;
  return {title: name, at, names: []};
}
