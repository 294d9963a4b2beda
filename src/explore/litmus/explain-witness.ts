// Why a litmus test's condition can hold: the witness as steps, and the order that nothing keeps. Or why there is nothing to be said of it.

import type {Execution} from "../lkmm/enumerate.ts";
import {tag} from "../lkmm/event.ts";
import {explainOrder} from "../lkmm/explain-order.ts";
import {linearize} from "../lkmm/linearize.ts";
import {isAcyclic, union} from "../lkmm/relation.ts";
import {type LitmusVerdict, valueName} from "./evaluate-litmus.ts";
import type {LitmusTest} from "./litmus-test.ts";
import type {Registers} from "./litmus-thread.ts";
import {guessesNothing, mostGuessed} from "./thin-air-values.ts";

/**
 * The steps of the witness, one a line, then sentences. Where the condition never holds there is nothing to say, unless nothing happens at
 * all or the test reads registers that it has not.
 */
export function explainWitness(test: LitmusTest, verdict: LitmusVerdict): string[] {
  return [...told(test, verdict), ...unassigned(test), ...untried(test, verdict)];
}

function untried(test: LitmusTest, {model}: LitmusVerdict): string[] {
  if (model !== "lkmm" || !guessesNothing(test)) return [];
  return [
    `The test mentions more than ${mostGuessed} numbers, so none was tried as a value out of thin air: with its plain accesses there may be further executions.`,
  ];
}

/** herd lets them hold 0; so often it is a slip of the pen that it has to be said. */
function unassigned({threads}: LitmusTest): string[] {
  return threads.flatMap(({unassigned: names}, thread) =>
    names.map((name) => `P${thread} reads \`${name}\`, to which nothing was assigned: it holds 0.`),
  );
}

function told(test: LitmusTest, {witness, states}: LitmusVerdict): string[] {
  if (witness === undefined) return states.length > 0 ? [] : [nothingHappens(test)];
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
  return [...lines, ...explainOrder(witness, sequential, step), ...thinAir(witness)];
}

function nothingHappens({filter}: LitmusTest): string {
  return filter === undefined
    ? "No execution comes to its end: whoever takes a lock waits for it for ever, so this verdict is about nothing."
    : "No execution comes to its end and passes the filter, so this verdict is about nothing.";
}

/** Values that were handed round in a cycle come from nowhere. */
function thinAir({skeleton, communication}: Execution<Registers>): string[] {
  if (isAcyclic(union(skeleton.data, skeleton.control, communication.rf))) return [];
  return [
    "Loads and stores depend on each other in a circle here: their values come out of thin air. The model forbids that between marked accesses only.",
  ];
}
