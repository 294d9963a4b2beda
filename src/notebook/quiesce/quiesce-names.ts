// Which names a Quiesce cell defines and which it uses, in the terms of `kernel/dependencies.ts`: `quiesce:` what is declared, `run:` what has
// run, `check:` what has been checked, `typescript:` what it shares with cells of that language. Uses are read off the words of the text: a
// word that nobody defines means nothing, so fields and keywords may be among them.

import type {Names} from "../kernel/dependencies.ts";

/** The names that a cell has declared, and those of the experiments that it has run and the scenarios that it has checked. */
export interface Defined {
  readonly declared: readonly string[];
  readonly ran: readonly string[];
  readonly checked: readonly string[];
}

/** `latest`: the experiment that `table` and `plot` speak of when they name none. */
export function namesOf(
  source: string,
  {declared, ran, checked}: Defined,
  latest: string | undefined,
): Names {
  const defines = [
    ...declared.map((name) => `quiesce:${name}`),
    ...ran.flatMap((name) => [`run:${name}`, `typescript:${name}`]),
    ...checked.flatMap((name) => [`check:${name}`, `typescript:${name}`]),
  ];
  const uses = new Set<string>();
  for (const [, name] of source.matchAll(/(?:\bts\s*\(\s*"|"ts:)(\w+)/g)) {
    uses.add(`typescript:${name}`);
  }
  const words = source.replace(/"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, "");
  const replays = /^\s*replay\b/m.test(words);
  for (const [word] of words.matchAll(/[A-Za-z_]\w*/g)) {
    uses.add(`quiesce:${word}`);
    uses.add(`run:${word}`);
    if (replays) uses.add(`check:${word}`);
  }
  if (latest !== undefined && /^\s*(?:table|plot|export)\b/m.test(words)) uses.add(`run:${latest}`);
  return {defines, uses: [...uses].filter((name) => !defines.includes(name))};
}
