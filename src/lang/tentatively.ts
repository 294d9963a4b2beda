import type {Reporter} from "./report.ts";

/** Runs something inherited: if it does not apply here, it is left out and its reports with it. */
export function tentatively<T>(report: Reporter, attempt: () => T | undefined): T | undefined {
  const before = report.found.length;
  const result = attempt();
  const added = report.found.slice(before);
  if (!added.some((diagnostic) => diagnostic.severity === "error")) return result;
  report.found.length = before;
  return undefined;
}
