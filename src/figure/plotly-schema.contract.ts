// Validates a figure against Plotly's own schema (`Plotly.PlotSchema.get()`): every attribute must exist and hold a value of its type.
// Plotly itself drops what it does not understand without a word, which is why this is a test and not left to it.

import type {PlotlyFigure} from "./theme.ts";

interface Attribute {
  readonly valType?: string;
  readonly values?: readonly unknown[];
  readonly min?: number;
  readonly max?: number;
  readonly arrayOk?: boolean;
  readonly flags?: readonly string[];
  readonly extras?: readonly unknown[];
  readonly items?: Attribute;
  readonly [name: string]: unknown;
}

interface Schema {
  readonly traces: Readonly<Record<string, {readonly attributes: Attribute}>>;
  readonly layout: {readonly layoutAttributes: Attribute};
}

/** What is wrong, one line an attribute; empty when all is well. */
export function invalidPaths(figure: PlotlyFigure, schema: unknown): string[] {
  const {traces, layout} = schema as Schema;
  const wrong: string[] = [];
  figure.data.forEach((trace, i) => {
    const known = traces[String(trace.type)];
    if (known === undefined) wrong.push(`data[${i}].type: no trace ${String(trace.type)}`);
    else checkObject(trace, known.attributes, `data[${i}]`, wrong);
  });
  const {layoutAttributes} = layout;
  const axes = Object.fromEntries(
    Object.keys(figure.layout)
      .filter((name) => /^[xy]axis\d+$/.test(name))
      .map((name) => [name, layoutAttributes[name.slice(0, 5)]]),
  );
  const traceLayout = {barmode: barAttributes.barmode, bargap: barAttributes.bargap};
  checkObject(figure.layout, {...traceLayout, ...layoutAttributes, ...axes}, "layout", wrong);
  return wrong;
}

// Layout attributes that the bar trace brings; the schema lists them with the trace.
const barAttributes: Readonly<Record<string, Attribute>> = {
  barmode: {valType: "enumerated", values: ["stack", "group", "overlay", "relative"]},
  bargap: {valType: "number", min: 0, max: 1},
};

function checkObject(value: object, known: Attribute, path: string, wrong: string[]): void {
  for (const [name, item] of Object.entries(value)) {
    const attribute = known[name] as Attribute | undefined;
    const at = `${path}.${name}`;
    if (name === "type" && path.startsWith("data")) continue;
    if (attribute === undefined) wrong.push(`${at}: no such attribute`);
    else checkValue(item, attribute, at, wrong);
  }
}

function checkValue(value: unknown, attribute: Attribute, path: string, wrong: string[]): void {
  if (attribute.valType === undefined) {
    const {items} = attribute;
    if (items !== undefined) {
      const one = Object.values(items)[0] as Attribute;
      (value as object[]).forEach((item, i) => {
        checkObject(item, one, `${path}[${i}]`, wrong);
      });
    } else if (typeof value !== "object" || value === null) wrong.push(`${path}: not an object`);
    else checkObject(value, attribute, path, wrong);
    return;
  }
  if (attribute.arrayOk && Array.isArray(value)) {
    for (const item of value) checkSingle(item, attribute, path, wrong);
    return;
  }
  checkSingle(value, attribute, path, wrong);
}

function checkSingle(value: unknown, attribute: Attribute, path: string, wrong: string[]): void {
  const {valType, values = [], min, max, flags = [], extras = []} = attribute;
  const shown = JSON.stringify(value);
  const fail = (what: string): void => {
    wrong.push(`${path}: ${shown} ${what}`);
  };
  switch (valType) {
    case "data_array":
      if (!Array.isArray(value) && !ArrayBuffer.isView(value)) fail("is not an array");
      break;
    case "number":
    case "integer":
      if (typeof value !== "number" || !Number.isFinite(value)) fail("is not a number");
      else if (min !== undefined && value < min) fail(`is less than ${min}`);
      else if (max !== undefined && value > max) fail(`is more than ${max}`);
      break;
    case "boolean":
      if (typeof value !== "boolean") fail("is not a boolean");
      break;
    case "string":
      if (typeof value !== "string") fail("is not a string");
      break;
    case "enumerated":
      if (!values.some((known) => matches(known, value))) fail(`is none of ${values.join(", ")}`);
      break;
    case "flaglist": {
      const parts = String(value).split("+");
      if (!extras.includes(value) && !parts.every((part) => flags.includes(part))) {
        fail(`is not made of ${flags.join("+")}`);
      }
      break;
    }
    case "color":
      if (!/^(#[0-9a-f]{6}|rgba\(\d+,\d+,\d+,[\d.]+\))$/.test(String(value)))
        fail("is not a colour");
      break;
    case "dash":
      if (typeof value !== "string") fail("is not a string");
      break;
    case "subplotid":
      if (!/^[xy]\d*$/.test(String(value))) fail("is not an axis");
      break;
    case "info_array":
      if (!Array.isArray(value)) fail("is not an array");
      break;
    default:
      break;
  }
}

// Enumerations may hold regular expressions as text, `/^x([2-9]|[1-9][0-9]+)?( domain)?$/`.
function matches(known: unknown, value: unknown): boolean {
  const text = String(known);
  if (text.startsWith("/") && text.endsWith("/"))
    return new RegExp(text.slice(1, -1)).test(String(value));
  return known === value || text === String(value);
}
