import {shareText} from "./measure-text.ts";
import type {RunResult} from "./result.ts";

/**
 * Why a complete run with stopping rules has the replications it has: `10 to 53 replications a point, of 10 to 200, chosen by
 * \`p99(thp.sync) within 5%\` (4.1% at worst)`. Undefined without rules. A rule that was not met is a note of its own.
 */
export function replicationsText({plan, points, ended}: RunResult): string | undefined {
  if (plan.until.length === 0 || ended !== "complete") return undefined;
  const counts = points.map(({replications}) => replications.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const count = least === most ? `${most}` : `${least} to ${most}`;
  const {min, max} = plan.replications;
  const rules = plan.until.map(({text}, i) => {
    const worst = Math.max(...points.map(({until}) => until[i]?.reached ?? Number.NaN));
    const reached = Number.isFinite(worst) ? ` (${shareText(worst)} at worst)` : "";
    return `\`${text}\`${reached}`;
  });
  const each = points.length > 1 ? " a point" : "";
  return `${count} replications${each}, of ${min} to ${max}, chosen by ${rules.join(" and ")}`;
}
