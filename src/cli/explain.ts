import {catalogue, explanation} from "../lang/catalogue.ts";
import {exitStatus, UsageError} from "./exit-status.ts";

/** `quiesce explain [CODE]`: the long text of a diagnostic code, or the list of all. */
export function explain(code: string | undefined): number {
  if (code === undefined) {
    for (const entry of catalogue) process.stdout.write(`${entry.code}  ${entry.title}\n`);
    return exitStatus.ok;
  }
  const entry = explanation(code.toUpperCase());
  if (entry === undefined) {
    throw new UsageError(
      `there is no diagnostic ${code}; \`quiesce explain\` lists those there are`,
    );
  }
  process.stdout.write(`${entry.code}: ${entry.title}\n\n${entry.text}\n`);
  return exitStatus.ok;
}
