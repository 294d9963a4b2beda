// A value where the name of a declaration is wanted.

import {dimensionName} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import type {Declared, DeclaredKind} from "./environment.ts";
import {lineAt, replacement, tell} from "./report.ts";
import type {Scope} from "./scope.ts";
import {kindName, type Value} from "./value.ts";

/** Whether a value refers to a declaration of the kind; reports E204 if not. */
export function reference(value: Value, to: DeclaredKind, at: Place, scope: Scope): boolean {
  if (value.t === "error") return false;
  if (value.t === "declared" && value.declared.kind === to) return true;
  if (value.t === "entity" && value.entity.kind === to) return true;
  const article = /^[aeiou]|^mm$/.test(to) ? "an" : "a";
  if (value.t === "declared" || value.t === "entity") {
    const found =
      value.t === "declared"
        ? {
            kind: value.declared.kind,
            name: value.declared.name,
            source: value.declared.source,
            at: value.declared.at,
          }
        : {
            kind: value.entity.kind,
            name: value.entity.name,
            source: value.entity.source,
            at: value.entity.at,
          };
    const line = lineAt(found.source, found.at.start);
    const where =
      found.source === at.source ? `line ${line}` : `${found.source.name}, line ${line}`;
    const walked = value.t === "entity" ? value.entity.mmName : mmNameOf(value.declared);
    const verb = found.kind === "walker" ? "walks" : "changes";
    const instead = to === "mm" && walked !== undefined ? walked : undefined;
    tell(
      scope.context.report,
      "E204",
      `expected ${article} ${to}, found a ${found.kind}`,
      at,
      `\`${found.name}\` is a ${found.kind} (${where})`,
      {
        secondary: [
          {
            source: found.source,
            span: {start: found.at.start, end: found.at.end},
            text: `declared here${instead === undefined ? "" : `, it ${verb} \`${instead}\``}`,
          },
        ],
        ...(instead === undefined
          ? {}
          : {
              help: `\`${found.name}\` ${verb} \`${instead}\`: \`mm: ${instead}\`?`,
              fix: replacement(`write \`${instead}\``, at.span, instead, "maybe"),
            }),
      },
    );
    return false;
  }
  const kind = kindName(value, dimensionName);
  tell(
    scope.context.report,
    "E204",
    `expected ${article} ${to}, found ${kind}`,
    at,
    `not ${article} ${to}`,
  );
  return false;
}

function mmNameOf(declared: Declared): string | undefined {
  if (declared.kind !== "walker" && declared.kind !== "writer") return undefined;
  const field = declared.syntax.fields.find(
    (one) => one.path.names.length === 1 && one.path.names[0]?.text === "mm",
  );
  return field?.value.kind === "name" ? field.value.name : undefined;
}
