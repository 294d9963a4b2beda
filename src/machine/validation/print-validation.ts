// Prints the table: `npm run validate`.

import {validate} from "./validation.ts";
import {validationText} from "./validation-row.ts";

process.stdout.write(`${validationText(validate())}\n`);
