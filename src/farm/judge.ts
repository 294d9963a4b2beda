// Expectations, three-valued. Each comparison at each point is a pair of p-values: the evidence for it and the evidence against it; `and`,
// `or` and `not` combine them. The smaller of the two is then tested within the family of all expectations of the run, so that the plan's
// confidence is that of all verdicts together. What neither is proved nor refuted is inconclusive.

import type {Expectation, ExpectExpr, MeasureExpr} from "../plan/measure.ts";
import type {Plan} from "../plan/plan.ts";
import {labelsAt, pointText, pointWith} from "../plan/point.ts";
import {estimateText, quantityText} from "../plan/quantity-text.ts";
import {adjusted} from "../stats/adjusted.ts";
import {gainOf} from "../stats/control-variate.ts";
import {decideFamily} from "../stats/family.ts";
import {differences, pairedDifference} from "../stats/mean-interval.ts";
import {equivalenceTest, signTest} from "../stats/t-test.ts";
import {estimateOf} from "./estimate-of.ts";
import type {Ledger} from "./ledger.ts";
import {comparisonUnit, isConstant, measureText, shareText} from "./measure-text.ts";
import type {ExpectationResult, Outcome} from "./result.ts";
import {pairedSampleOf, sampleOf} from "./sample.ts";

interface Evidence {
  /** P-values: small means that the expectation holds, or fails. */
  readonly holds: number;
  readonly fails: number;
}

type Comparison = Exclude<ExpectExpr, {op: "and" | "or" | "not"}>;

/**
 * The verdicts of all expectations at all their points, in the order of the plan. An expectation that reads the same at several points,
 * because it names them itself (`sync[policy: a] < sync[policy: b]`), is one claim and gets one verdict, at the first.
 */
export function judge(ledger: Ledger): ExpectationResult[] {
  const {plan} = ledger;
  const cases = plan.expectations.flatMap((expectation) => {
    const alpha = 1 - (expectation.confidence ?? plan.confidence);
    return distinctPoints(expectation, plan).map((point) => {
      const evidence = evidenceFor(expectation.expr, point, ledger, alpha);
      return {expectation, point, alpha, evidence};
    });
  });
  const decisions = decideFamily(
    // Two-sided: the direction is read from the data.
    cases.map(({evidence, alpha}) => {
      return {p: Math.min(1, 2 * Math.min(evidence.holds, evidence.fails)), alpha};
    }),
    plan.family,
  );
  return cases.map(({expectation, point, evidence}, i) => {
    const decision = decisions[i];
    const decided = decision?.rejected === true;
    const outcome = decided ? (evidence.holds <= evidence.fails ? "pass" : "fail") : "inconclusive";
    const confidence = 1 - (decision?.alpha ?? 1);
    const because = reason(expectation, point, ledger, confidence, outcome);
    const where = placeText(expectation.expr, point, plan);
    return {text: expectation.text, point, where, outcome, confidence, because};
  });
}

// The axes along which the claim would be another one: those it does not name itself.
function placeText(expr: ExpectExpr, point: number, plan: Plan): string {
  const here = readingsOf(expr, point, plan).join();
  const labels = labelsAt(plan, point);
  return plan.axes
    .filter(({path, values}) =>
      values.some(({label}) => {
        const other = pointWith(plan, point, {[path]: label});
        return other !== undefined && readingsOf(expr, other, plan).join() !== here;
      }),
    )
    .map(({path}) => `${path}: ${labels[path]}`)
    .join(", ");
}

function distinctPoints({expr, points}: Expectation, plan: Plan): number[] {
  const known = new Set<string>();
  return points.filter((point) => {
    const read = readingsOf(expr, point, plan).join();
    if (known.has(read)) return false;
    known.add(read);
    return true;
  });
}

/** What an expression depends on at a point: the points whose samples it reads and the values of axes, in order of their occurrence. */
function readingsOf(expr: ExpectExpr | MeasureExpr, point: number, plan: Plan): string[] {
  switch (expr.op) {
    case "number":
      return [];
    case "stat":
      return [`${point}`];
    case "axis":
      return [`${expr.path}: ${labelsAt(plan, point)[expr.path]}`];
    case "at": {
      const other = pointWith(plan, point, expr.select);
      return other === undefined ? ["none"] : readingsOf(expr.of, other, plan);
    }
    case "within": {
      const {left, reference} = expr;
      return [left, ...(reference ? [reference] : [])].flatMap((side) =>
        readingsOf(side, point, plan),
      );
    }
    default:
      return "of" in expr
        ? readingsOf(expr.of, point, plan)
        : [...readingsOf(expr.left, point, plan), ...readingsOf(expr.right, point, plan)];
  }
}

function evidenceFor(expr: ExpectExpr, point: number, ledger: Ledger, alpha: number): Evidence {
  switch (expr.op) {
    case "not": {
      const {holds, fails} = evidenceFor(expr.of, point, ledger, alpha);
      return {holds: fails, fails: holds};
    }
    case "and": {
      const left = evidenceFor(expr.left, point, ledger, alpha);
      const right = evidenceFor(expr.right, point, ledger, alpha);
      return {holds: both(left.holds, right.holds), fails: either(left.fails, right.fails)};
    }
    case "or": {
      const left = evidenceFor(expr.left, point, ledger, alpha);
      const right = evidenceFor(expr.right, point, ledger, alpha);
      return {holds: either(left.holds, right.holds), fails: both(left.fails, right.fails)};
    }
    default:
      return compare(expr, point, ledger, alpha);
  }
}

// Both of two claims are shown when each is (Berger's intersection-union test); one of two when either is, at half the level.
function both(a: number, b: number): number {
  return Math.max(a, b);
}

function either(a: number, b: number): number {
  return Math.min(1, 2 * Math.min(a, b));
}

function compare(expr: Comparison, point: number, ledger: Ledger, alpha: number): Evidence {
  if (expr.op === "within" && expr.reference === undefined) {
    const {mean, lo, hi} = estimateOf(ledger, expr.left, point, 1 - alpha);
    const within = (hi - lo) / 2 <= expr.tolerance * Math.abs(mean);
    // The precision of an estimate is a fact about the run, not a hypothesis: more replications would reach it.
    return {holds: within ? 0 : 1, fails: 1};
  }
  const right = expr.op === "within" ? (expr.reference as MeasureExpr) : expr.right;
  const {controls, ...pairs} = pairedSampleOf(ledger, expr.left, point, right, point);
  if (expr.op === "within") {
    const {within, outside} = equivalenceTest(pairs.left, pairs.right, expr.tolerance, controls);
    return pairs.left.length < 2 ? unknown : {holds: within, fails: outside};
  }
  const gaps = differences(pairs.left, pairs.right);
  if (gaps.length < 2) return unknown;
  const {below, above} = signTest(gaps, controls);
  const equal = Array.from(adjusted(gaps, controls).values).every((gap) => gap === 0);
  // "Not equal" is shown by either side; a difference of exactly 0 in every replication decides at once.
  const unequal = equal ? 1 : either(below, above) / 2;
  switch (expr.op) {
    case "<":
      return {holds: below, fails: equal ? 0 : above};
    case "<=":
      return {holds: equal ? 0 : below, fails: above};
    case ">":
      return {holds: above, fails: equal ? 0 : below};
    case ">=":
      return {holds: equal ? 0 : above, fails: below};
    case "==":
      return {holds: equal ? 0 : 1, fails: unequal};
    case "!=":
      return {holds: unequal, fails: equal ? 0 : 1};
  }
}

const unknown: Evidence = {holds: 1, fails: 1};

// The tree of the expectation with what was measured at each leaf, ending in the verdict.
function reason(
  expectation: Expectation,
  point: number,
  ledger: Ledger,
  confidence: number,
  outcome: Outcome,
): string {
  const lines: string[] = [];
  const visit = (expr: ExpectExpr, indent: string): void => {
    if (expr.op === "and" || expr.op === "or") {
      lines.push(`${indent}${expr.op}`);
      visit(expr.left, `${indent}  `);
      visit(expr.right, `${indent}  `);
    } else if (expr.op === "not") {
      lines.push(`${indent}not`);
      visit(expr.of, `${indent}  `);
    } else lines.push(`${indent}${comparisonText(expr, point, ledger, confidence)}`);
  };
  visit(expectation.expr, "");
  return `${lines.join("\n")}  -> ${outcome}`;
}

function comparisonText(
  expr: Comparison,
  point: number,
  ledger: Ledger,
  confidence: number,
): string {
  const right = expr.op === "within" ? expr.reference : expr.right;
  const unit = comparisonUnit(expr.left, right);
  const side = (of: MeasureExpr): string => {
    // A measure at another point is told as what it is, with that point.
    const other = of.op === "at" ? pointWith(ledger.plan, point, of.select) : undefined;
    const name = measureText(of.op === "at" && other !== undefined ? of.of : of, unit);
    const where = pointText(ledger.plan, other ?? point);
    if (of.op === "number") return name;
    const {mean, lo, hi, n} = estimateOf(ledger, of, point, confidence);
    if (n === 0) return `${name} = no data`;
    if (isConstant(of)) return `${name} = ${quantityText(mean, unit)}`;
    const {values, controls} = sampleOf(ledger, of, point);
    const how = Number.isNaN(gainOf(values, controls)) ? "" : ", controlled";
    const count = `n=${n}${how}${where === "" ? "" : `, ${where}`}`;
    return `${name} = ${estimateText(mean, lo, hi, unit)} (${count})`;
  };
  const left = side(expr.left);
  if (expr.op !== "within") {
    return `${left}  ${expr.op}  ${side(expr.right)}${differenceText(expr, point, ledger, confidence)}`;
  }
  const tolerance = shareText(expr.tolerance);
  return right === undefined
    ? `${left}  within  ±${tolerance} of itself`
    : `${left}  within ${tolerance} of  ${side(right)}`;
}

// Of two measured sides, what decides is their paired difference.
function differenceText(
  expr: Extract<Comparison, {right: MeasureExpr}>,
  point: number,
  ledger: Ledger,
  confidence: number,
): string {
  if (isConstant(expr.left) || isConstant(expr.right)) return "";
  const {left, right, controls} = pairedSampleOf(ledger, expr.left, point, expr.right, point);
  if (left.length === 0) return "";
  const {mean, lo, hi} = pairedDifference(left, right, confidence, controls);
  const unit = comparisonUnit(expr.left, expr.right);
  return `, difference ${estimateText(mean, lo, hi, unit)}`;
}
