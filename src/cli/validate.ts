import {validate} from "../machine/validation/validation.ts";
import {validationText} from "../machine/validation/validation-row.ts";
import {exitStatus} from "./exit-status.ts";

/** `quiesce validate`: published measurements beside ours, with the source of every constant. */
export function printValidation(options: {readonly json?: boolean}): number {
  const rows = validate();
  process.stdout.write(
    options.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : `${validationText(rows)}\n`,
  );
  return exitStatus.ok;
}
