// Why an execution is allowed, in sentences: the pair of accesses that nothing keeps in order, what would, the cycle that results, and which
// stronger models allow it too.

import {type CycleEdge, cycleOf} from "./cycle.ts";
import {type Execution, modelOf} from "./enumerate.ts";
import {type Event, tag} from "./event.ts";

/**
 * `step` names an event for the reader, `note` says what is worth knowing about a pair that nothing orders. `sequential`: whether it is an
 * interleaving (`linearize`).
 */
export function explainOrder(
  execution: Pick<Execution<unknown>, "skeleton" | "communication" | "allowed">,
  sequential: boolean,
  step: (event: number) => string,
  note: (from: number, to: number) => string | undefined = () => undefined,
): string[] {
  if (sequential) {
    return [
      "It takes no reordering: the steps are a plain interleaving, which every memory model allows.",
    ];
  }
  const {skeleton, communication} = execution;
  const cycle = cycleOf(execution);
  const sentences = cycle
    .filter(({kind, kept}) => kind === "po" && !kept)
    .flatMap(({from, to}) => {
      const dropped = `Nothing orders ${step(from)} before ${step(to)}, which follows it in the program`;
      const more = note(from, to);
      const first = `${dropped}: ${hint(skeleton.events[from], skeleton.events[to])}.`;
      return more === undefined ? [first] : [first, more];
    });
  sentences.push(`The cycle that an interleaving cannot have: ${cycleText(cycle, step)}.`);
  const models = (["sc", "tso", "pso"] as const).filter(
    (model) => typeof modelOf(model, skeleton).judge(communication) !== "string",
  );
  const names = models.map((model) => model.toUpperCase());
  sentences.push(
    names.length === 0
      ? "SC, TSO and PSO all forbid this execution; it takes a machine that delays loads or lets stores reach CPUs at different times."
      : `${names.join(" and ")} allow${names.length === 1 ? "s" : ""} this execution too, SC does not.`,
  );
  return sentences;
}

function hint(first: Event, second: Event): string {
  const name = ({tags}: Event): string => ((tags & tag.write) !== 0 ? "store" : "load");
  const pair = `${name(first)} to ${name(second)}`;
  const remedy =
    pair === "store to load"
      ? "only a full barrier does"
      : pair === "store to store"
        ? "smp_wmb() or a store-release would"
        : pair === "load to load"
          ? "smp_rmb() or a load-acquire would"
          : "a load-acquire, a store-release or a dependency would";
  return `${pair}, ${remedy}`;
}

function cycleText(cycle: readonly CycleEdge[], step: (event: number) => string): string {
  const words = {
    po: "then, in the program,",
    rf: "is read by",
    co: "is overwritten by",
    fr: "reads what is then overwritten by",
  };
  const parts = cycle.map(({from, kind}) => `${step(from)} ${words[kind]}`);
  return cycle.length === 0 ? "" : `${parts.join(" ")} ${step(cycle[0].from)}`;
}
