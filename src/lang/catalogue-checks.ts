// The codes of the checker: names (E2), types and units (E3), the domain (E4), experiments (E5).

import type {CatalogueEntry} from "./catalogue.ts";

export const checkCodes: readonly CatalogueEntry[] = [
  {
    code: "E201",
    title: "a name that nothing in scope has",
    text: "A name is looked up in the block it stands in, then in the enclosing declaration, in this cell, in earlier cells that were executed (the newest first), in imports, and last in the prelude. Where the type is known (`mm:`, `policy:`) only names of that kind count, and the suggestion is one of them.",
  },
  {
    code: "E202",
    title: "a field, param or path that does not exist",
    text: "Declarations have the fields of the reference and no others, and `with` changes what is there already: a misspelt path is an error, not a new setting. A path begins with a param, an entity, `machine`, or a policy, and may end in a named parameter of a distribution, as in `gup.hold.p99`.",
  },
  {
    code: "E203",
    title: "a metric that the entity does not have",
    text: "Each kind of entity records a fixed list of metrics; `sync`, `machine` and `safety` have metrics of their own.",
  },
  {
    code: "E204",
    title: "a declaration of another kind",
    text: "The name exists, but a field such as `mm:` or `scenario:` wants a declaration of its own kind.",
  },
  {
    code: "E205",
    title: "one name given twice",
    text: "Within one cell, one block or one sweep a name stands for one thing. Running another cell may redefine it.",
  },
  {
    code: "E206",
    title: "a word that is none of the alternatives",
    text: "Fields such as `kind:` and `tlb:` take one of a few words, which are resolved by the field and cannot be hidden by a declaration of the same name.",
  },
  {
    code: "E207",
    title: "a declaration that needs itself",
    text: "`from`, `let`, params, measures and delegation between policies must not go round in a circle.",
  },
  {
    code: "E208",
    title: "a name from a cell that failed",
    text: "A cell with an error defines nothing, so that half of it is never in force. Correct it and run it again.",
  },
  {
    code: "W209",
    title: "a result older than what it depends on",
    text: "A declaration that an experiment uses was changed after the experiment ran. The table or figure still shows the old run.",
  },
  {
    code: "E210",
    title: "something required that is missing",
    text: "A required field has no default because no default would be right: which mm a walker walks, how often a writer comes, on what machine.",
  },
  {
    code: "E211",
    title: "nothing has been run",
    text: "`table`, `plot` and `export` without `of` are about the latest run of the session; there is none yet.",
  },
  {
    code: "E212",
    title: "an import that cannot be read",
    text: "Files are named relative to the text that imports them and must lie in its folder or below. Links and `..` that lead outside are refused, and so is a file that imports itself.",
  },
  {
    code: "E301",
    title: "a value of another type",
    text: "Numbers carry their dimension; a Duration is not a Frequency, a metric is not a statistic, a set of CPUs is not one CPU. There is no conversion that happens by itself, except from cycles to time by `machine.clock`.",
  },
  {
    code: "E302",
    title: "a number without a unit",
    text: "There is no default unit anywhere: `5us`, `200/s`, `64KiB`.",
  },
  {
    code: "E303",
    title: "quantities of different dimensions",
    text: "Only quantities of one dimension can be added, subtracted or compared. Multiplication and division combine dimensions, and only a Duration, a Frequency, Bytes or a plain number can be stored.",
  },
  {
    code: "E304",
    title: "cycles without a clock",
    text: "Cycles become time through `clock` of the machine in effect. A machine without one cannot use costs in cycles.",
  },
  {
    code: "E305",
    title: "a distribution where one value is wanted",
    text: "Most fields of time are drawn again at every use and take a distribution. Some are read once per run (`duration`, `pages`, `batch`) and take a value.",
  },
  {
    code: "E306",
    title: "parameters of a distribution or function",
    text: "Distributions take their parameters by name wherever an order could be mistaken: `lognormal(p50: 1us, p99: 6us)`.",
  },
  {
    code: "E307",
    title: "parameters that make no distribution",
    text: "Quantiles ascend, scales are above 0, and what is used as a duration cannot fall below 0; `truncate` redraws what does.",
  },
  {
    code: "E308",
    title: "weights or measured values that make no distribution",
    text: "Weights of `mix` and `choice` are 0 or more and add up to 1. A file of measured values holds one number in each row of the named column.",
  },
  {
    code: "E309",
    title: "a quantity compared with a plain number",
    text: "A statistic of a Duration is compared with a Duration: `p99(thp.sync) < 50us`.",
  },
  {
    code: "E401",
    title: "more than one cadence",
    text: "Work arrives at gaps (`every`), at a rate (`rate`), or after a pause once the last is done (`think`); one block gives one of them. In a later block the later one replaces the earlier.",
  },
  {
    code: "E402",
    title: "a CPU that the machine does not have",
    text: "CPUs are numbered from 0 over the first threads of all cores, socket by socket, then over their sibling threads.",
  },
  {
    code: "E403",
    title: "a policy that does not cover a writer",
    text: "A writer that frees needs its release deferred or preceded by a wait; one that changes a table in place (`unshare`, `collapse`) needs every path to `release` to have waited for the walkers: for acknowledgements, a grace period, a condition, or a TLB flush that interrupts. RCU can defer freeing, which does not stop walkers that already hold the table. An explicit `covers:` is taken at its word, and `check safety` judges it.",
  },
  {
    code: "W404",
    title: "a walker that nothing waits for",
    text: "Acknowledged interrupts wait for walks with interrupts off, grace periods also for RCU sections. A walk with neither is waited for by no policy.",
  },
  {
    code: "W405",
    title: "a walker that the policy cannot see",
    text: "A policy that tracks walkers in state words interrupts those that it sees. A walker with `tracked: false` runs without its hooks.",
  },
  {
    code: "E406",
    title: "a step that cannot stand in this hook",
    text: "`enter`, `exit` and `ipi` run with interrupts off and cannot wait or sleep; `unhook` and `release` belong to `op`, which is the writer's whole procedure. The step table says which steps may stand where.",
  },
  {
    code: "W407",
    title: "interrupts without a wait, or a wait without interrupts",
    text: "An `ipi` is acknowledged, and `wait acks` is what waits for that. `ipi cpu nowait` says that no acknowledgement is wanted.",
  },
  {
    code: "E408",
    title: "a policy whose requirement does not hold",
    text: "`requires:` names what must hold on this machine and for these walkers. Where it does not, the policy's `fallback:` runs; without one it cannot.",
  },
  {
    code: "W409",
    title: "a table given up without a TLB flush",
    text: "The MMU walks tables by itself and caches what it read. Interrupts and grace periods do not stop it, an invalidation does: `flush mm` after `unhook`, before the table is freed, reused or left to a callback. `check safety` of a scenario with a hardware walker shows the walk.",
  },
  {
    code: "E410",
    title: "a lock that its holder takes again",
    text: "Locks are not recursive: an operation that takes a lock which its writer holds (`holds:`), or which its policy has taken and not given back, waits for itself for ever. `check deadlock` shows the wait.",
  },
  {
    code: "E500",
    title: "an experiment that cannot be planned",
    text: "A part of the experiment has no value and no rule has said why. This is a fault of quiesce, not of the text: please report it together with the text.",
  },
  {
    code: "E501",
    title: "an axis whose values make no sense",
    text: "An axis is a list, or a range with `step`, `log n` or `lin n`; a range of whole numbers is every one of them. A logarithmic range starts above 0. In `random` and `lhs` the count is left out: the design has one.",
  },
  {
    code: "E502",
    title: "zip axes of different length",
    text: "`zip` walks its axes together, one value of each at a time, so they have equally many values.",
  },
  {
    code: "E503",
    title: "a sweep without points",
    text: "`where` excludes every point, or an axis has no values.",
  },
  {
    code: "E504",
    title: "a value outside its range",
    text: "A param's range holds wherever its value comes from: the text, `with`, a sweep, or `--set`. Fields have ranges of their own.",
  },
  {
    code: "W505",
    title: "a run that takes long",
    text: "The estimate is a guess from the rates in the text. `budget:` limits the time, fewer points or replications need less of it.",
  },
  {
    code: "E506",
    title: "a warmup that leaves nothing",
    text: "Only what happens after the warmup is measured. `warmup: auto` lets pilot replications choose it.",
  },
  {
    code: "E507",
    title: "a point or axis that the sweep does not have",
    text: "`walk[policy: broadcast_ipi]` selects another point of the same sweep; `by`, `facet` and `compare` name its axes.",
  },
  {
    code: "W508",
    title: "too few samples beyond a quantile",
    text: "An estimate of a quantile rests on the samples beyond it; with fewer than ten it says little.",
  },
  {
    code: "E509",
    title: "a param without a value",
    text: "A param without a default needs a value before the experiment can run.",
  },
  {
    code: "E510",
    title: "a sweep that is too large",
    text: "More than 200,000 points are a mistake more often than a plan. `lhs` and `random` cover the same ranges with as many points as you say.",
  },
  {
    code: "E511",
    title: "a measure that mixes points",
    text: "A measure is evaluated at one point. It may use an axis by its own name; a value that is computed from an axis would differ from point to point without saying so.",
  },
  {
    code: "E512",
    title: "a closed form that would not be exact",
    text: "`executor: closed` passes over walks: it draws how many there were and what they took together. That is exact for a walker that thinks for exponential times and whose walks are constant, exponential, gamma, or sums of these; and of walks that were passed over no single length is known. `executor: equilibrium` does not even count them: a look that comes long after the last one finds the walker in equilibrium. That is exact for all that others see of a walker that arrives or thinks for exponential times, if its walks are constant, exponential, gamma or lognormal, perhaps with a constant added; its own measures do not exist.",
  },
  {
    code: "E513",
    title: "a control whose mean is not known",
    text: "`control: arrivals` corrects means over replications, their differences and ratios for how many operations happened to arrive, by regression over the replications. For that their expected number must be known, which it is for writers that arrive in a Poisson process: `every: exp(...)` without a bound on `operations`. At every point there must be one.",
  },
];
