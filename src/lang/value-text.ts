// Values and where they come from, as text: what `show` lists and hovering explains.

import type {FieldType} from "../../grammar/schema.ts";
import {
  cycles,
  type Dimension,
  dimensionName,
  dimensionNamed,
  none,
  quantityText,
  sameDimension,
  time,
} from "../../grammar/units.ts";
import {meanOf, quantile} from "../random/law.ts";
import {cpuListText} from "../units/cpuset.ts";
import type {Distribution} from "../units/distribution.ts";
import type {Fitted} from "./fit.ts";
import {lawText} from "./law.ts";
import {lineAt} from "./report.ts";
import type {Assignment} from "./study.ts";
import type {Value} from "./value.ts";

/** A value as evaluated, in the language where it has a form there. */
export function valueText(value: Value): string {
  switch (value.t) {
    case "number":
      return value.percent
        ? `${Number((value.value * 100).toPrecision(12))}%`
        : quantityText(value.value, value.dim);
    case "bool":
      return String(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "word":
      return value.value;
    case "cpus":
      return cpuListText(value.set) || "none";
    case "list":
      return `[${value.items.map(valueText).join(", ")}]`;
    case "range":
      return `${valueText(value.lo)}..${valueText(value.hi)}`;
    case "law":
      return lawText(value.law, value.dim);
    case "declared":
      return value.declared.name;
    case "entity":
      return value.entity.name;
    case "module":
      return value.imported.module.name;
    case "metric":
      return `${value.entity}.${value.row.metric}`;
    default:
      return "";
  }
}

/** What a field holds, as text; durations that came from cycles show both. */
export function fittedText(fitted: Fitted, type: FieldType, written?: Value): string {
  switch (fitted.t) {
    case "number": {
      if (type.kind !== "quantity") return String(fitted.value);
      if (type.of === "Ratio") return `${Number((fitted.value * 100).toPrecision(12))}%`;
      if (type.of === "Frequency" && fitted.value >= 1e6) return hertzText(fitted.value);
      const text = quantityText(fitted.value, dimensionNamed(type.of) ?? none);
      return inCycles(written, text);
    }
    case "law": {
      const plain = fitted.distribution.kind === "constant";
      if (written?.t === "law" && sameDimension(written.dim, cycles))
        return `${lawText(written.law, cycles)} = ${summaryText(fitted.distribution)}`;
      const text = plain
        ? quantityText(meanOf(fitted.distribution), time)
        : lawText(fitted.law, time);
      return inCycles(written, plain ? quantityText(meanOf(fitted.distribution), time, 4) : text);
    }
    case "bool":
      return String(fitted.value);
    case "text":
      return fitted.value;
    case "cpus":
      return cpuListText(fitted.set) || "none";
    case "declared":
      return fitted.declared.name;
    case "entity":
      return fitted.entity.name;
    case "list":
      return `[${fitted.items.map((item) => fittedText(item, type.kind === "list" ? type.of : type)).join(", ")}]`;
    case "bounds":
      return fitted.min === fitted.max ? String(fitted.min) : `${fitted.min}..${fitted.max}`;
  }
}

/** Clocks are told in Hz, arrivals in 1/s; nothing arrives a million times a second. */
function hertzText(value: number): string {
  return value >= 1e9
    ? `${Number((value / 1e9).toPrecision(12))}GHz`
    : `${Number((value / 1e6).toPrecision(12))}MHz`;
}

function inCycles(written: Value | undefined, text: string): string {
  return written?.t === "number" && sameDimension(written.dim, cycles)
    ? `${quantityText(written.value, cycles)} = ${text}`
    : text;
}

/** Mean and quantiles of a distribution of durations: `mean 1.2us, p50 1us, p99 6us, p99.9 11.5us`. */
export function summaryText(of: Distribution, dim: Dimension = time): string {
  const show = (value: number): string =>
    Number.isFinite(value) ? quantityText(value, dim, 3) : "none";
  if (of.kind === "constant") return show(of.value);
  const levels: readonly [string, number][] = [
    ["p50", 0.5],
    ["p99", 0.99],
    ["p99.9", 0.999],
  ];
  return [
    `mean ${show(meanOf(of))}`,
    ...levels.map(([name, q]) => `${name} ${show(quantile(of, q))}`),
  ].join(", ");
}

/** Where the value of a field was given: `default`, `prelude/machines.quiesce:14`, `cell [3]:2, with`. */
export function originText(assignment: Assignment | undefined): string {
  if (assignment === undefined) return "default";
  const {source} = assignment.scope;
  const where = `${source.name}:${lineAt(source, assignment.path[0]?.start ?? assignment.expr.start)}`;
  switch (assignment.origin) {
    case "declared":
      return where;
    case "with":
      return `${where}, with`;
    case "set":
      return source.name;
    case "axis":
      return `${where}, swept`;
    case "policy":
      return `${where}, set by the policy`;
  }
}

/** The name of a value's type, for a line of hover text. */
export function typeName(value: Value): string {
  switch (value.t) {
    case "number":
      return value.percent ? "Ratio" : dimensionName(value.dim);
    case "law":
      return `Dist<${dimensionName(value.dim)}>`;
    case "cpus":
      return "CpuSet";
    default:
      return value.t;
  }
}
