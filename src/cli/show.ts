import {existsSync} from "node:fs";
import {dirname} from "node:path";
import {checkText, type Environment, startingEnvironment} from "../lang/check.ts";
import type {Diagnostic} from "../lang/diagnostic.ts";
import {lookup, visible} from "../lang/environment.ts";
import {renderTexts} from "../lang/render-text.ts";
import {showName, shownText} from "../lang/show.ts";
import {nearest} from "../lang/suggest.ts";
import {folderReader} from "../session/folder-reader.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface ShowOptions {
  readonly json?: boolean;
  readonly color?: boolean;
}

const kinds = [
  "machine",
  "costs",
  "mm",
  "walker",
  "writer",
  "bystander",
  "load",
  "scenario",
  "policy",
  "experiment",
  "let",
  "param",
];

/** `quiesce show [KIND] NAME [FILE]`; a lone KIND lists what there is of it. */
export function show(words: readonly string[], options: ShowOptions): number {
  const {kind, name, file} = wordsOf(words);
  const environment = environmentOf(file, options);
  if (environment === undefined) return exitStatus.badInput;
  if (name === undefined) return list(kind as string, environment);
  const declared = lookup(environment.session, name);
  if (declared === undefined || (kind !== undefined && declared.kind !== kind)) {
    throw new UsageError(unknown(name, kind, declared?.kind, environment));
  }
  const found = showName(environment, name);
  if (found?.shown === undefined) return fail(found?.diagnostics ?? [], options);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(found.shown, undefined, 2)}\n`
      : `${shownText(found.shown)}\n`,
  );
  return exitStatus.ok;
}

function wordsOf(words: readonly string[]): {kind?: string; name?: string; file?: string} {
  const rest = [...words];
  const kind = kinds.includes(rest[0] ?? "") ? rest.shift() : undefined;
  const last = rest.at(-1);
  const file =
    last !== undefined && (last === "-" || last.endsWith(".quiesce") || existsSync(last))
      ? rest.pop()
      : undefined;
  if (rest.length > 1)
    throw new UsageError(`show takes [KIND] NAME [FILE]; \`${rest[1]}\` is one word too many`);
  if (rest.length === 0 && kind === undefined)
    throw new UsageError("show what? for example `show policy targeted_ipi`");
  return {
    ...(kind === undefined ? {} : {kind}),
    ...(rest[0] === undefined ? {} : {name: rest[0]}),
    ...(file === undefined ? {} : {file}),
  };
}

function environmentOf(file: string | undefined, options: ShowOptions): Environment | undefined {
  const start = startingEnvironment(
    folderReader(file === undefined || file === "-" ? "." : dirname(file)),
  );
  if (file === undefined) return start;
  const {environment, diagnostics} = checkText(readSource(file), start);
  if (!diagnostics.some((diagnostic) => diagnostic.severity === "error")) return environment;
  fail(diagnostics, options);
  return undefined;
}

function list(kind: string, environment: Environment): number {
  const found = visible(environment.session).filter((declared) => declared.kind === kind);
  if (found.length === 0) throw new UsageError(`there is no ${kind} here`);
  for (const {name, source} of found) process.stdout.write(`${name}  (${source.name})\n`);
  return exitStatus.ok;
}

function unknown(
  name: string,
  kind: string | undefined,
  actual: string | undefined,
  environment: Environment,
): string {
  if (actual !== undefined) return `\`${name}\` is a ${actual}, not a ${kind}`;
  const names = visible(environment.session).flatMap((declared) =>
    kind === undefined || declared.kind === kind ? [declared.name] : [],
  );
  const guess = nearest(name, names);
  const hint =
    guess === undefined
      ? `\`quiesce show ${kind ?? "policy"}\` lists those there are`
      : `did you mean \`${guess}\`?`;
  return `there is no ${kind ?? "declaration"} named \`${name}\`; ${hint}`;
}

function fail(diagnostics: readonly Diagnostic[], options: ShowOptions): number {
  process.stderr.write(`${renderTexts(diagnostics, {color: useColor(options.color)})}\n`);
  return exitStatus.badInput;
}
