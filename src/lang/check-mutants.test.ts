import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {it} from "node:test";
import {fileURLToPath} from "node:url";
import {mutants} from "../../grammar/conformance/mutants.contract.ts";
import {folderReader} from "../session/folder-reader.ts";
import {checkText, startingEnvironment} from "./check.ts";
import {locate} from "./excerpt.ts";

const folder = fileURLToPath(new URL("../../../grammar/conformance/valid/", import.meta.url));

/** Programs that check, in an order in which each finds the names it needs. */
const programs = [
  "hello.quiesce",
  "lab-machine.quiesce",
  "policy-variants.quiesce",
  "paired-comparison.quiesce",
  "sweeps.quiesce",
  "safety-checks.quiesce",
  "isolated-guest.quiesce",
  "protocol-family.quiesce",
];

it("one token wrong gives one message, near the token, and never a crash", () => {
  let environment = startingEnvironment(folderReader(folder));
  for (const name of programs) {
    const text = readFileSync(folder + name, "utf8");
    ({environment} = checkText({name, text}, environment));
  }
  let [seen, tried, mistaken, messages, near] = [0, 0, 0, 0, 0];
  for (const mutant of mutants()) {
    if (!programs.includes(mutant.name) || seen++ % 43 !== 0) continue;
    tried++;
    const source = {name: mutant.name, text: mutant.text};
    const {diagnostics} = checkText(source, environment);
    const errors = diagnostics.filter((one) => one.severity === "error");
    const [first] = errors;
    if (first === undefined) continue;
    mistaken++;
    messages += errors.length;
    const here = first.primary.source === source;
    const {line} = locate(source.text, first.primary.span.start);
    if (here && Math.abs(line - mutant.line) <= 1) near++;
  }
  assert.ok(tried > 100 && mistaken > tried / 2, `${tried} tried, ${mistaken} mistaken`);
  assert.ok(messages / mistaken <= 1.1, `${messages} messages for ${mistaken} mistakes`);
  assert.ok(near / mistaken >= 0.95, `${near} of ${mistaken} near`);
});
