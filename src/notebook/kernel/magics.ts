// The few commands that are in neither language: a line that begins with `%`. `%%quiesce` and `%%ts` are not among them; they say which
// language a cell is in (`cell-language.ts`).

import {nearest} from "../../lang/suggest.ts";
import {type Bundle, textBundle} from "../display/bundle.ts";
import {listBundle} from "../display/list-bundle.ts";
import type {Content} from "../wire/message.ts";
import type {Outcome} from "./evaluator.ts";

/** A name that can be listed. */
export interface Listed {
  readonly name: string;
  readonly language: "TypeScript" | "Quiesce";
  readonly kind: string;
  readonly type: string;
  readonly size: string;
}

export type ReactiveMode = "off" | "on" | "run";

export interface MagicSurroundings {
  /** Everything that cells have declared. */
  readonly who: () => Promise<readonly Listed[]>;
  /** Forgets everything that cells have declared; how many names that were. */
  readonly reset: () => Promise<number>;
  /** The text of the last faulty Quiesce cell with its fixes made. */
  readonly fixed: () => string | undefined;
  /** Runs a text as the cell it is part of. */
  readonly run: (text: string) => Promise<Outcome>;
  readonly print: (text: string) => void;
  reactive: ReactiveMode;
}

export type MagicOutcome = Outcome & {readonly payload?: readonly Content[]};

const magic = /^\s*%{1,2}([A-Za-z]\w*)[ \t]*([\s\S]*)$/;

interface Magic {
  readonly usage: string;
  readonly doc: string;
  run(rest: string, around: MagicSurroundings): Promise<MagicOutcome>;
}

const magics: Readonly<Record<string, Magic>> = {
  help: {
    usage: "%help",
    doc: "this list",
    async run() {
      return {ok: true, result: help()};
    },
  },
  who: {
    usage: "%who [NAME…]",
    doc: "what cells have declared, with types and sizes",
    async run(rest, around) {
      const wanted = rest.split(/[\s,]+/).filter((word) => word !== "");
      const all = await around.who();
      const missing = wanted.find((name) => all.every((each) => each.name !== name));
      if (missing !== undefined) return failed("NotDeclared", `no cell has declared ${missing}`);
      const listed = wanted.length === 0 ? all : all.filter(({name}) => wanted.includes(name));
      if (listed.length === 0) return {ok: true, result: textBundle("nothing is declared yet")};
      const rows = listed.map(({name, language, kind, type, size}) => [
        name,
        language,
        kind,
        type,
        size,
      ]);
      return {ok: true, result: listBundle(["name", "language", "kind", "type", "size"], rows)};
    },
  },
  time: {
    usage: "%time CELL",
    doc: "runs the rest of the cell, in either language, and says how long it took",
    async run(rest, around) {
      if (rest.trim() === "")
        return failed("NothingToTime", "%time is followed by what it is to time");
      const from = performance.now();
      const outcome = await around.run(rest);
      around.print(`time: ${duration(performance.now() - from)}\n`);
      return outcome;
    },
  },
  reactive: {
    usage: "%reactive [off|on|run]",
    doc: "after a cell, name the cells that are out of date because of it, or run them again; alone, says which is in force",
    async run(rest, around) {
      const word = rest.trim();
      if (word === "") return {ok: true, result: textBundle(`reactive: ${around.reactive}`)};
      if (word !== "off" && word !== "on" && word !== "run") {
        const near = nearest(word, ["off", "on", "run"]);
        const hint = near === undefined ? "" : `; did you mean ${near}?`;
        return failed("UnknownMode", `%reactive takes off, on or run, not ${word}${hint}`);
      }
      around.reactive = word;
      return {ok: true};
    },
  },
  reset: {
    usage: "%reset",
    doc: "forgets all that cells have declared, in both languages",
    async run(rest, around) {
      if (rest.trim() !== "")
        return failed("UnexpectedText", "%reset takes nothing: it forgets everything");
      const count = await around.reset();
      return {
        ok: true,
        result: textBundle(`forgotten: ${count} ${count === 1 ? "name" : "names"}`),
      };
    },
  },
  fix: {
    usage: "%fix",
    doc: "turns into the last faulty Quiesce cell with its fixes made",
    async run(_rest, around) {
      const text = around.fixed();
      if (text === undefined) return failed("NoFix", "there is no fix to apply");
      return {ok: true, payload: [{source: "set_next_input", text, replace: true}]};
    },
  },
};

/** The names of all magics, with the `%`. */
export const magicNames: readonly string[] = Object.keys(magics).map((name) => `%${name}`);

/** The text after a magic that runs the rest of its cell; `undefined` for a text that is no magic. */
export function magicRest(
  text: string,
): {readonly name: string; readonly rest: string} | undefined {
  const [, name, rest] = magic.exec(text) ?? [];
  return name === undefined || /^\s*%%(?:quiesce|ts|typescript)\b/.test(text)
    ? undefined
    : {name, rest: rest ?? ""};
}

/** Runs a cell that is a magic; `undefined` for one that is not. */
export function runMagic(
  text: string,
  around: MagicSurroundings,
): Promise<MagicOutcome> | undefined {
  const found = magicRest(text);
  if (found === undefined) return undefined;
  const known = Object.hasOwn(magics, found.name) ? magics[found.name] : undefined;
  if (known !== undefined) return known.run(found.rest, around);
  const near = nearest(found.name, Object.keys(magics));
  const hint = near === undefined ? "%help lists what there is" : `did you mean %${near}?`;
  return Promise.resolve(failed("UnknownMagic", `there is no %${found.name}; ${hint}`));
}

function help(): Bundle {
  const rows = [
    ...Object.values(magics).map(({usage, doc}) => [usage, doc]),
    ["%%quiesce, %%ts", "first line of a cell whose language would not be recognized"],
    ["NAME?", "what is known about a name"],
  ];
  return listBundle(["write", "for"], rows);
}

function failed(ename: string, evalue: string): MagicOutcome {
  return {
    ok: false,
    failure: {ename, evalue, traceback: [`\u001b[31m${ename}\u001b[0m: ${evalue}`]},
  };
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}
