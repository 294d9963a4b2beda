// Plain data from a file, checked against the types of the plan. A decoder takes a value and its path and returns it as the type, or
// throws a `DecodeError` that says where, what was expected, and what stands there. Members that a type does not know are refused: a
// stored plan of another version must not lose half its meaning in silence.

/** Data that is not what it should be; the message has path, expectation and what was found. */
export class DecodeError extends Error {
  readonly path: string;

  constructor(path: string, expected: string, found: unknown) {
    super(`Expected \`${path}\` to be ${expected}, got ${describe(found)}`);
    this.name = "DecodeError";
    this.path = path;
  }
}

export type Decoder<T> = (value: unknown, path: string) => T;

/** A finite number; with bounds, both inclusive. */
export function number(min?: number, max?: number): Decoder<number> {
  return (value, path) => {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new DecodeError(path, "a number", value);
    if ((min !== undefined && value < min) || (max !== undefined && value > max))
      throw new DecodeError(path, `a number in ${min ?? ""}..${max ?? ""}`, value);
    return value;
  };
}

export function integer(min?: number, max?: number): Decoder<number> {
  const inner = number(min, max);
  return (value, path) => {
    const found = inner(value, path);
    if (!Number.isInteger(found)) throw new DecodeError(path, "a whole number", value);
    return found;
  };
}

export const text: Decoder<string> = (value, path) => {
  if (typeof value !== "string") throw new DecodeError(path, "a text", value);
  return value;
};

export const bool: Decoder<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw new DecodeError(path, "true or false", value);
  return value;
};

/** One of a few words. */
export function word<T extends string>(...words: readonly T[]): Decoder<T> {
  return (value, path) => {
    const found = words.find((one) => one === value);
    if (found === undefined) throw new DecodeError(path, `one of ${words.join(", ")}`, value);
    return found;
  };
}

/** Exactly this value. */
export function exactly<T extends string | number>(wanted: T): Decoder<T> {
  return (value, path) => {
    if (value !== wanted) throw new DecodeError(path, JSON.stringify(wanted), value);
    return wanted;
  };
}

export function list<T>(item: Decoder<T>, least = 0): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new DecodeError(path, "a list", value);
    if (value.length < least)
      throw new DecodeError(path, `a list of at least ${least}`, `${value.length}`);
    return value.map((one, i) => item(one, `${path}[${i}]`));
  };
}

export function pair<A, B>(first: Decoder<A>, second: Decoder<B>): Decoder<readonly [A, B]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) throw new DecodeError(path, "a pair", value);
    return [first(value[0], `${path}[0]`), second(value[1], `${path}[1]`)];
  };
}

/** A mapping from any names to values of one type. */
export function mapping<T>(item: Decoder<T>): Decoder<Readonly<Record<string, T>>> {
  return (value, path) => {
    const record = recordOf(value, path);
    return Object.fromEntries(
      Object.entries(record).map(([key, one]) => [key, item(one, `${path}.${key}`)]),
    );
  };
}

type Members<T> = {readonly [K in keyof Required<T>]: Decoder<Exclude<T[K], undefined>>};
type Optional<T> = {[K in keyof T]-?: undefined extends T[K] ? K : never}[keyof T];

/** An object with these members; those named in `optional` may be absent. */
export function record<T extends object>(
  members: Members<T>,
  optional: readonly (Optional<T> & string)[] = [],
): Decoder<T> {
  const known = Object.keys(members);
  return (value, path) => {
    const source = recordOf(value, path);
    const strange = Object.keys(source).find((key) => !known.includes(key));
    if (strange !== undefined)
      throw new DecodeError(
        `${path}.${strange}`,
        "absent: there is no such member",
        source[strange],
      );
    const result: Record<string, unknown> = {};
    for (const key of known) {
      const member = source[key];
      if (member === undefined && (optional as readonly string[]).includes(key)) continue;
      result[key] = (members as Record<string, Decoder<unknown>>)[key]?.(member, `${path}.${key}`);
    }
    return result as T;
  };
}

/** One of several objects, told apart by the word in one member. */
export function tagged<T>(tag: string, cases: Readonly<Record<string, Decoder<T>>>): Decoder<T> {
  return (value, path) => {
    const source = recordOf(value, path);
    const chosen = source[tag];
    const decode =
      typeof chosen === "string" && Object.hasOwn(cases, chosen) ? cases[chosen] : undefined;
    if (decode === undefined)
      throw new DecodeError(`${path}.${tag}`, `one of ${Object.keys(cases).join(", ")}`, chosen);
    return decode(value, path);
  };
}

/** A decoder that refers to itself. */
export function lazily<T>(make: () => Decoder<T>): Decoder<T> {
  let made: Decoder<T> | undefined;
  return (value, path) => {
    made ??= make();
    return made(value, path);
  };
}

function recordOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new DecodeError(path, "an object", value);
  return value as Readonly<Record<string, unknown>>;
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const json = JSON.stringify(value) ?? String(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}
