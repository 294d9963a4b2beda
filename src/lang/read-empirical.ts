// `empirical("file.csv", column: "ns", unit: ns)`: measured values from a file. The file is read through the injected reader, its hash
// goes into the plan, and what is wrong with it is said at the argument that named it.

import {dimensionName, unitOf} from "../../grammar/units.ts";
import type {Place} from "./diagnostic.ts";
import type {Law} from "./law.ts";
import {replacement, tell} from "./report.ts";
import {placeIn, type Scope} from "./scope.ts";
import {nearest} from "./suggest.ts";
import type {Argument} from "./syntax.ts";
import {errorValue, type Value} from "./value.ts";

/** The law of the values in a column of a CSV file. */
export function readEmpirical(args: readonly Argument[], at: Place, scope: Scope): Value {
  const {report, files, inputs} = scope.context;
  const wrong = (place: Place, message: string, label: string, help: string): Value => {
    tell(report, "E308", message, place, label, {help});
    return errorValue;
  };
  const file = args[0]?.value;
  const fileAt = file === undefined ? at : placeIn(scope, file);
  if (file?.kind !== "string") return errorValue;
  const usage = '`empirical("data.csv", column: "ns", unit: ns)`';
  const strange = args.slice(1).find((arg) => !["column", "unit"].includes(arg.name?.text ?? ""));
  if (strange !== undefined) {
    tell(
      report,
      "E306",
      "`empirical` takes `column:` and `unit:`",
      placeIn(scope, strange),
      "unknown parameter",
      {help: usage},
    );
    return errorValue;
  }
  const option = (name: string): Argument | undefined =>
    args.find((arg) => arg.name?.text === name);
  const unit = unitText(option("unit"));
  if (unit === undefined) {
    const given = option("unit");
    tell(
      report,
      "E302",
      "measured values without a unit",
      given === undefined ? fileAt : placeIn(scope, given.value),
      given === undefined ? "in what unit?" : "not a unit",
      {help: `add \`unit: ns\`; there is no default unit`},
    );
    return errorValue;
  }
  const row = unitOf(unit.text);
  if (row === undefined) {
    const meant = nearest(unit.text, ["ns", "us", "ms", "s", "cyc", "kcyc"]);
    tell(
      report,
      "E102",
      `unknown unit \`${unit.text}\``,
      placeIn(scope, unit.arg.value),
      "not a unit",
      {
        help: meant === undefined ? "ns us ms s cyc" : `did you mean \`${meant}\`?`,
        ...(meant === undefined
          ? {}
          : {fix: replacement(`write \`${meant}\``, unit.arg.value, meant)}),
      },
    );
    return errorValue;
  }
  if (files === undefined)
    return wrong(
      fileAt,
      `cannot read \`${file.value}\``,
      "no files can be read here",
      "run the text from a file or a notebook",
    );
  const read = files.read(file.value, scope.home.file);
  if ("failure" in read)
    return wrong(
      fileAt,
      `cannot read \`${file.value}\``,
      read.failure,
      "paths are relative to the file that names them",
    );
  inputs.set(read.path, read.sha256);
  const columnArg = option("column");
  const column =
    columnArg?.value.kind === "string"
      ? columnArg.value.value
      : columnArg?.value.kind === "name"
        ? columnArg.value.name
        : undefined;
  const table = read.text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [head = ""] = table;
  const names = cells(head);
  const headed = names.some((name) => !Number.isFinite(Number(name)));
  let index = 0;
  if (column !== undefined) {
    index = headed ? names.indexOf(column) : -1;
    if (index < 0) {
      const meant = nearest(column, names);
      return wrong(
        placeIn(scope, columnArg?.value ?? file),
        `\`${file.value}\` has no column \`${column}\``,
        headed
          ? `its columns: ${names.slice(0, 12).join(" ")}`
          : "its first line holds numbers, not names",
        meant === undefined ? "name one of the columns" : `did you mean \`${meant}\`?`,
      );
    }
  } else if (names.length > 1) {
    return wrong(
      fileAt,
      `\`${file.value}\` has ${names.length} columns`,
      "which one?",
      `add \`column: "${names[0]}"\``,
    );
  }
  const values: number[] = [];
  for (const [i, line] of table.entries()) {
    if (headed && i === 0) continue;
    const cell = cells(line)[index] ?? "";
    const value = Number(cell);
    if (cell === "" || !Number.isFinite(value))
      return wrong(
        fileAt,
        `\`${file.value}\` holds something other than numbers`,
        `row ${i + 1}: \`${cell.slice(0, 40)}\``,
        "every cell of the column must be a number",
      );
    if (value < 0)
      return wrong(
        fileAt,
        `\`${file.value}\` holds a negative value`,
        `row ${i + 1}: ${cell}`,
        "a measured duration is 0 or more",
      );
    values.push(value * row.scale);
  }
  if (values.length < 2)
    return wrong(
      fileAt,
      `\`${file.value}\` holds ${values.length === 0 ? "no values" : "one value"}`,
      "at least two are needed",
      "or write a constant",
    );
  const law: Law = {
    kind: "call",
    name: "empirical",
    args: new Map([["values", {value: values, at: fileAt}]]),
    at,
    file: read.path,
  };
  if (dimensionName(row.dimension) === "Frequency")
    return wrong(
      placeIn(scope, unit.arg.value),
      "a rate is not a duration",
      unit.text,
      "`unit: ns`",
    );
  return {t: "law", law, dim: row.dimension};
}

function unitText(arg: Argument | undefined): {text: string; arg: Argument} | undefined {
  if (arg?.value.kind === "name") return {text: arg.value.name, arg};
  if (arg?.value.kind === "string") return {text: arg.value.value, arg};
  return undefined;
}

function cells(line: string): string[] {
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
