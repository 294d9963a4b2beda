// What was executed in this session, for the front end's arrow keys. Sessions before this one are not kept.

import type {Content} from "../wire/message.ts";

interface Entry {
  readonly line: number;
  readonly input: string;
  output: string | undefined;
}

export interface History {
  add(line: number, input: string): void;
  /** The plain text of the result of the last cell added. */
  result(text: string): void;
  /** Answers a `history_request`. */
  answer(request: Content): Content;
}

const session = 1;

export function createHistory(): History {
  const entries: Entry[] = [];
  const select = (request: Content): Entry[] => {
    const count = typeof request.n === "number" ? request.n : entries.length;
    if (request.hist_access_type === "tail") return lastOf(entries, count);
    if (request.hist_access_type === "range") {
      // Session 0 is this one and negative ones are before it; of those nothing is kept.
      if (request.session !== 0 && request.session !== session) return [];
      const start = typeof request.start === "number" ? request.start : 1;
      const stop = typeof request.stop === "number" ? request.stop : Number.POSITIVE_INFINITY;
      return entries.filter(({line}) => line >= start && line < stop);
    }
    const matches = glob(String(request.pattern ?? "*"));
    const found = entries.filter(({input}) => matches.test(input));
    if (request.unique !== true) return lastOf(found, count);
    const latest = new Map<string, Entry>();
    for (const entry of found) {
      latest.delete(entry.input);
      latest.set(entry.input, entry);
    }
    return lastOf([...latest.values()], count);
  };
  return {
    add(line, input) {
      entries.push({line, input, output: undefined});
    },
    result(text) {
      const last = entries.at(-1);
      if (last !== undefined) last.output = text;
    },
    answer(request) {
      const history = select(request).map(({line, input, output}) =>
        request.output === true ? [session, line, [input, output ?? null]] : [session, line, input],
      );
      return {status: "ok", history};
    },
  };
}

function lastOf<T>(list: T[], count: number): T[] {
  return count <= 0 ? [] : list.slice(-count);
}

/** A pattern of the protocol: `*` any text, `?` any character, over the whole input. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}
