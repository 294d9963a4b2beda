// Why a litmus test's condition can hold: the witness as steps, and the order that nothing keeps.

import {tag} from "../lkmm/event.ts";
import {explainOrder} from "../lkmm/explain-order.ts";
import {linearize} from "../lkmm/linearize.ts";
import {type LitmusVerdict, valueName} from "./evaluate-litmus.ts";
import type {LitmusTest} from "./litmus-test.ts";

/** The steps of the witness, one a line, then sentences; empty where the condition never holds. */
export function explainWitness(test: LitmusTest, {witness}: LitmusVerdict): string[] {
  if (witness === undefined) return [];
  const {skeleton, communication} = witness;
  const {order, sequential} = linearize(witness);
  const numberOf = new Map(order.map((event, at) => [event, at + 1]));
  const lines = order.map((event, at) => {
    const {text, tags, location, value} = skeleton.events[event];
    const source = communication.source[event];
    const read = (tags & tag.read) !== 0;
    const from = source < 0 ? "the start" : `step ${numberOf.get(source)}`;
    const got = read
      ? `  ${test.variables[location]} is ${valueName(test, value)}, from ${from}`
      : "";
    return `${String(at + 1).padStart(2)}  P${skeleton.threadOf[event]}  ${text}${got}`;
  });
  const step = (event: number): string =>
    `\`${skeleton.events[event].text}\` (P${skeleton.threadOf[event]}, step ${numberOf.get(event)})`;
  return [...lines, ...explainOrder(witness, sequential, step)];
}
