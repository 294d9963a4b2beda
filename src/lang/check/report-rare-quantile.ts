// W508: a quantile with too few samples beyond it.

import type {MeasureExpr} from "../../plan/measure.ts";
import {type Plan, statisticsOf} from "../../plan/plan.ts";
import type {Place} from "../diagnostic.ts";
import type {DeclaredAs} from "../environment.ts";
import {expectedSamples} from "../estimate.ts";
import {tell} from "../report.ts";
import type {Scope} from "../scope.ts";

/** Samples wanted beyond a quantile before it says anything. */
const enoughBeyond = 10;

export function reportRareQuantile(
  plan: Plan,
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): void {
  for (const stat of statisticsOf(plan)) {
    if (stat.q === undefined || stat.q < 0.9) continue;
    const each = expectedSamples(plan.base, stat.entity, stat.metric);
    if (each === undefined || each === 0) continue;
    const samples = each * plan.replications.max;
    const beyond = samples * (1 - stat.q);
    if (beyond >= enoughBeyond) continue;
    const found = quantileSpan(stat, chain, scope);
    const percent = Number((stat.q * 100).toPrecision(10));
    tell(
      scope.context.report,
      "W508",
      `too few samples for p${percent}`,
      found,
      `about ${grouped(samples)} ${sampleWord(stat)} expected, ${Math.floor(beyond)} beyond that quantile`,
      {help: `longer \`duration\`, more \`replications\`${stat.q > 0.999 ? ", or p99.9" : ""}`},
    );
  }
}

function sampleWord(stat: MeasureExpr & {op: "stat"}): string {
  return stat.metric === "sync" ? "syncs" : stat.metric === "latency" ? "calls" : "samples";
}

function grouped(value: number): string {
  return String(Math.round(Number(value.toPrecision(2)))).replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

// A statistic has no span by now; it is found again in the texts that may have it, as the level of a `quantile` or the name `p99`.
function quantileSpan(
  stat: MeasureExpr & {op: "stat"},
  chain: readonly DeclaredAs<"experiment">[],
  scope: Scope,
): Place {
  const path = `${stat.entity}\\s*\\.\\s*${stat.metric}`;
  const digits = String(stat.q).slice(2);
  const short = new RegExp(`p${digits}\\d*\\s*\\(\\s*${path}\\s*\\)`);
  const long = new RegExp(`quantile\\s*\\(\\s*${path}\\s*,\\s*([^)]*)\\)`);
  for (const one of chain.toReversed()) {
    const text = one.source.text.slice(one.syntax.start, one.syntax.end);
    const level = long.exec(text);
    if (level?.[1] !== undefined) {
      const start = one.syntax.start + level.index + level[0].lastIndexOf(level[1]);
      return {source: one.source, span: {start, end: start + level[1].trimEnd().length}};
    }
    const name = short.exec(text);
    if (name !== null) {
      const start = one.syntax.start + name.index;
      return {source: one.source, span: {start, end: start + name[0].indexOf("(")}};
    }
  }
  return {source: scope.source, span: chain.at(-1)?.at ?? {start: 0, end: 0}};
}
