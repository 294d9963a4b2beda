// E101 space between number and unit, E102 unknown unit, E119 number out of range.

import type {IToken} from "chevrotain";
import {BadQuantity, FloatLit, IntLit, rateWords, Slash, unitWords} from "../../grammar/tokens.ts";
import type {Diagnostic} from "./diagnostic.ts";
import {
  diagnose,
  endOf,
  type Fault,
  isWord,
  machineFix,
  near,
  sameLine,
  spanFrom,
} from "./fault.ts";
import {numberOf} from "./lower-expr.ts";
import {nearest} from "./suggest.ts";
import type {Source} from "./syntax.ts";

const units: ReadonlySet<string> = new Set([...unitWords, "%"]);
const rates: ReadonlySet<string> = new Set(rateWords);

export function explainSpacedUnit(fault: Fault): Diagnostic | undefined {
  // The word after the number may still have been read as the name of the next field; then the fault is one further.
  for (const offset of [0, -1]) {
    const number = near(fault, offset - 1);
    const word = near(fault, offset);
    if (number === undefined || word === undefined) continue;
    if (number.tokenType !== IntLit && number.tokenType !== FloatLit) continue;
    if (!sameLine(fault.source, number, word)) continue;
    const last = unitEnd(fault, offset);
    if (last === undefined) continue;
    const unit = fault.source.text.slice(word.startOffset, endOf(last)).replaceAll(" ", "");
    const name = near(fault, offset - 3);
    const colon = near(fault, offset - 2);
    const written = `${number.image}${unit}`;
    const whole = colon?.image === ":" && isWord(name) ? `${name.image}: ${written}` : written;
    return diagnose(fault.source, {
      code: "E101",
      message: "space between number and unit",
      span: spanFrom(number, last),
      label: "write the unit right after the number",
      help: `\`${whole}\``,
      fixes: [machineFix(`\`${whole}\``, number.startOffset, endOf(last), written)],
    });
  }
  return undefined;
}

// The last token of a unit that starts at `offset`: `us`, `%`, `/s`, `k/s`.
function unitEnd(fault: Fault, offset: number): IToken | undefined {
  const [first, second, third] = [0, 1, 2].map((i) => near(fault, offset + i));
  if (first === undefined) return undefined;
  if (first.image === "%" || units.has(first.image)) return first;
  if (["k", "M", "G"].includes(first.image) && second?.tokenType === Slash)
    return rates.has(third?.image ?? "") ? third : undefined;
  return undefined;
}

const spelled: Readonly<Record<string, string>> = {
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  usec: "us",
  usecs: "us",
  nsec: "ns",
  nsecs: "ns",
  msec: "ms",
  msecs: "ms",
  m: "min",
  mins: "min",
  minutes: "min",
  hour: "h",
  hours: "h",
  cycles: "cyc",
  cycle: "cyc",
  hz: "Hz",
  khz: "kHz",
  mhz: "MHz",
  ghz: "GHz",
  KB: "KiB",
  kB: "KiB",
  K: "KiB",
  MB: "MiB",
  GB: "GiB",
  kib: "KiB",
  mib: "MiB",
  gib: "GiB",
  percent: "%",
};

/** The unknown units among the tokens, each its own mistake. */
export function explainUnit(source: Source, token: IToken): Diagnostic | undefined {
  if (token.tokenType !== BadQuantity) {
    return Number.isFinite(numberOf(token).value)
      ? undefined
      : diagnose(source, {
          code: "E119",
          message: "number out of range",
          span: spanFrom(token),
          label: "larger than any number that can be computed with",
          help: "the largest is about 1.8e308",
        });
  }
  const {unit = ""} = numberOf(token);
  const start =
    endOf(token) - token.image.replace(/^\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?/, "").length;
  const meant = spelled[unit] ?? spelled[unit.toLowerCase()] ?? nearest(unit, unitWords);
  const known = "durations: ns us ms s min h; also cyc, Hz kHz MHz GHz, B KiB MiB GiB, %, n/s";
  return diagnose(source, {
    code: "E102",
    message: `unknown unit \`${unit}\``,
    span: {start, end: endOf(token)},
    label: "not a unit",
    help: meant === undefined ? known : `did you mean \`${meant}\`? ${known}`,
    fixes:
      meant === undefined
        ? []
        : [
            {
              ...machineFix(`\`${meant}\``, start, endOf(token), meant),
              applicability: spelled[unit] ? "machine" : "maybe",
            },
          ],
  });
}
