// Writes `grammar/generated/`: `npm run grammar`.

import {writeFileSync} from "node:fs";
import {join, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {generatedFiles} from "./generated-files.ts";

const folder = resolve(fileURLToPath(import.meta.url), "../../../../grammar/generated");
for (const [name, text] of Object.entries(generatedFiles())) {
  writeFileSync(join(folder, name), text);
  console.log(`grammar/generated/${name}: ${text.length} characters`);
}
