// Several decisions from one run: with 20 expectations at 95 % each, one false decision would be the rule. A family-wise confidence is
// the probability that none of them is false.
// Source: Holm, "A simple sequentially rejective multiple test procedure", 1979, https://www.jstor.org/stable/4615733

export type Family = "holm" | "bonferroni" | "none";

/** A decision to be taken: its p-value and the error probability it was granted alone (1 - confidence). */
export interface Hypothesis {
  readonly p: number;
  readonly alpha: number;
}

export interface Decision {
  readonly rejected: boolean;
  /** The error probability the p-value was compared with. */
  readonly alpha: number;
}

/**
 * Which hypotheses are rejected when the whole family is to have the stated confidence. Holm goes through them from the smallest p / alpha
 * on and divides alpha by the number not yet rejected; it stops at the first that stands.
 */
export function decideFamily(hypotheses: readonly Hypothesis[], family: Family): Decision[] {
  const m = hypotheses.length;
  if (family !== "holm") {
    const share = family === "none" ? 1 : m;
    return hypotheses.map(({p, alpha}) => ({rejected: p <= alpha / share, alpha: alpha / share}));
  }
  const order = hypotheses
    .map(({p, alpha}, index) => ({index, relative: p / alpha}))
    .sort((a, b) => a.relative - b.relative || a.index - b.index);
  const decisions: Decision[] = new Array(m);
  // How many the error probability is divided by; it no longer falls once a hypothesis stands.
  let share = m;
  let standing = false;
  order.forEach(({index, relative}, rank) => {
    if (!standing) share = m - rank;
    standing ||= relative * share > 1;
    decisions[index] = {
      rejected: !standing,
      alpha: (hypotheses[index] as Hypothesis).alpha / share,
    };
  });
  return decisions;
}
