// From the place where the grammar does not go on to one message. The explainers are tried in order, the specific ones first; each knows
// one mistake by the tokens around the fault. The general text comes last and says what was expected.

import type {IToken} from "chevrotain";
import type {Diagnostic} from "./diagnostic.ts";
import {expectedText} from "./expectation.ts";
import {explainBrackets} from "./explain-brackets.ts";
import {earlierFault, explainEqual, explainMissingColon} from "./explain-colon.ts";
import {explainHyphen, explainReserved} from "./explain-name.ts";
import {explainSpacedUnit} from "./explain-number.ts";
import {explainBadText} from "./explain-text.ts";
import {explainForeignOperator, explainMissingValue, explainStepTarget} from "./explain-values.ts";
import {
  explainCompare,
  explainMisplaced,
  explainSecondModel,
  explainTwice,
  explainUnknownWord,
} from "./explain-words.ts";
import {diagnose, type Fault, faultSpan, isWord, maybeFix, near} from "./fault.ts";
import {nearest} from "./suggest.ts";

const explainers: readonly ((fault: Fault) => Diagnostic | undefined)[] = [
  explainSpacedUnit,
  explainForeignOperator,
  explainBadText,
  explainHyphen,
  explainTwice,
  explainSecondModel,
  explainStepTarget,
  explainCompare,
  explainEqual,
  explainMisplaced,
  explainBrackets,
  explainReserved,
  explainUnknownWord,
  explainMissingColon,
  explainMissingValue,
];

/** The one message for a fault; `known` explains it, or the general text does. */
export function explain(fault: Fault): Diagnostic {
  for (const explainer of explainers) {
    const found = explainer(fault);
    if (found !== undefined) return found;
  }
  return general(earlierFault(fault) ?? fault);
}

function general(fault: Fault): Diagnostic {
  const token = near(fault, 0);
  const expected = expectedText(fault);
  if (token === undefined)
    return diagnose(fault.source, {
      code: "E100",
      message: "the text ends too early",
      span: faultSpan(fault),
      label: `expected ${expected}`,
    });
  const meant = isWord(token) ? nearest(token.image, keywords(fault)) : undefined;
  const {start, end} = faultSpan(fault);
  return diagnose(fault.source, {
    code: "E100",
    message: `unexpected ${shown(token)}`,
    span: {start, end},
    label: `expected ${expected}`,
    ...(meant === undefined ? {} : {help: `did you mean \`${meant}\`?`}),
    fixes: meant === undefined ? [] : [maybeFix(`\`${meant}\``, start, end, meant)],
  });
}

function shown({image}: IToken): string {
  return image.length > 24 ? `\`${image.slice(0, 20)}...\`` : `\`${image}\``;
}

// The keywords among what was expected.
function keywords(fault: Fault): readonly string[] {
  return fault.expected.flatMap(({token}) =>
    typeof token.PATTERN === "string" && /^[a-z_]+$/.test(token.PATTERN) ? [token.PATTERN] : [],
  );
}
