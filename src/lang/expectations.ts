// `expect`: a verdict, the points it is about, its confidence. `for` is evaluated at every point; `otherwise` takes the points that no
// earlier `for` of the same experiment took. What an ancestor expects accumulates, unless it names a point that this experiment lacks.

import type {Expectation, ExpectExpr} from "../plan/measure.ts";
import {confidenceOf} from "./confidence.ts";
import type {DeclaredAs} from "./environment.ts";
import {evaluate} from "./evaluate.ts";
import {tell, textOf} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import type {Study} from "./study.ts";
import {studyScope} from "./study-scope.ts";
import type {Expect} from "./syntax.ts";
import {tentatively} from "./tentatively.ts";

export function expectationsOf(
  chain: readonly DeclaredAs<"experiment">[],
  scopeAt: (one: DeclaredAs<"experiment">) => Scope,
  study: Study,
  rows: readonly (readonly number[])[],
  experiment: DeclaredAs<"experiment">,
): Expectation[] {
  const found: Expectation[] = [];
  for (const one of chain) {
    const scope = scopeAt(one);
    const taken = new Set<number>();
    for (const member of one.syntax.members) {
      if (member.kind !== "expect") continue;
      const attempt = (): Expectation | undefined => expectation(member, scope, study, rows, taken);
      const lowered = one === experiment ? attempt() : tentatively(scope.context.report, attempt);
      if (lowered !== undefined && lowered.points.length > 0) found.push(lowered);
    }
  }
  return found;
}

function expectation(
  member: Expect,
  scope: Scope,
  study: Study,
  rows: readonly (readonly number[])[],
  taken: Set<number>,
): Expectation | undefined {
  const {report} = scope.context;
  const points = pointsOf(member, scope, study, rows, taken);
  const value = evaluate(member.test, scope);
  const confidence = confidenceOf(member.at, scope);
  if (value.t === "error" || points === undefined) return undefined;
  const at = placeIn(scope, member.test);
  if (value.t !== "verdict") {
    tell(report, "E301", "`expect` wants a comparison of a statistic", at, "not a verdict", {
      help: "`expect p99(thp.sync) < 50us`",
    });
    return undefined;
  }
  const text = textOf(scope.source, {
    start: member.test.start,
    end: member.for?.end ?? member.test.end,
  });
  return {
    text,
    expr: value.expr satisfies ExpectExpr,
    points,
    ...(confidence === undefined ? {} : {confidence}),
  };
}

function pointsOf(
  member: Expect,
  scope: Scope,
  study: Study,
  rows: readonly (readonly number[])[],
  taken: Set<number>,
): number[] | undefined {
  const all = rows.map((_, index) => index);
  if (member.otherwise) return all.filter((index) => !taken.has(index));
  const condition = member.for;
  if (condition === undefined) return all;
  const plain = studyScope(study, scope.source, scope.home);
  const before = study.point;
  const kept: number[] = [];
  for (const [index, row] of rows.entries()) {
    study.point = row;
    const value = evaluate(condition, plain);
    if (value.t === "bool") {
      if (value.value) {
        kept.push(index);
        taken.add(index);
      }
      continue;
    }
    study.point = before;
    if (value.t !== "error")
      tell(
        scope.context.report,
        "E301",
        "`for` wants a condition",
        placeIn(scope, condition),
        "not a condition",
        {
          help: "`for policy != broadcast_ipi`",
        },
      );
    return undefined;
  }
  study.point = before;
  return kept;
}
