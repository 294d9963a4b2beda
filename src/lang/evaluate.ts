// Expressions to values. Evaluation is also the type check: every expression is evaluated at least once when its declaration is
// checked, faults are reported where they are found, and an error value silences what is built on it. `want` is the type expected in
// that place; it decides what a bare name means (an enumerator, a CPU set, a reference) and nothing else. `fit.ts` does the converting.

import {type FieldType, schema} from "../../grammar/schema.ts";
import {dimensionName, none, unitOf} from "../../grammar/units.ts";
import {callCpus, cpuFunctions, namedCpus} from "./call-cpus.ts";
import {readExternal} from "./call-external.ts";
import {callLaw} from "./call-law.ts";
import {aggregators, callMeasure} from "./call-measure.ts";
import type {Place} from "./diagnostic.ts";
import {type Declared, lookup, visible} from "./environment.ts";
import {lawNamed, lawTable} from "./law.ts";
import {binary, negate, not, within} from "./operate.ts";
import {readEmpirical} from "./read-empirical.ts";
import {lineAt, replacement, tell} from "./report.ts";
import {type NameOffer, placeIn, type Scope} from "./scope.ts";
import {nearest} from "./suggest.ts";
import type {Argument, Expr} from "./syntax.ts";
import {errorValue, kindName, type NumberValue, type RangeSpacing, type Value} from "./value.ts";
import {type EvaluatedArgument, wrongType} from "./wrong-type.ts";

type ExprOf<K extends Expr["kind"]> = Extract<Expr, {readonly kind: K}>;

/** The value of an expression; never throws. */
export function evaluate(expr: Expr, scope: Scope, want?: FieldType): Value {
  switch (expr.kind) {
    case "number":
      return number(expr);
    case "string":
      return {t: "string", value: expr.value};
    case "bool":
      return {t: "bool", value: expr.value};
    case "name":
      return name(expr, scope, want);
    case "member":
      return member(expr, scope, want);
    case "call":
      return call(expr, scope);
    case "index":
      return index(expr, scope);
    case "list": {
      const item = want?.kind === "list" ? want.of : want;
      const items = expr.items.map((one) => evaluate(one, scope, item));
      if (items.some((value) => value.t === "error")) return errorValue;
      return {t: "list", items, places: expr.items.map((one) => placeIn(scope, one))};
    }
    case "range":
      return range(expr, scope);
    case "unary": {
      const of = evaluate(expr.of, scope);
      const at = placeIn(scope, expr.of);
      return expr.op === "-" ? negate(of, at, scope) : not(of, at, scope);
    }
    case "binary": {
      const arithmetic = ["+", "-", "|", "*", "/", "&"].includes(expr.op);
      const left = evaluate(expr.left, scope, arithmetic ? want : undefined);
      const right = evaluate(expr.right, scope, arithmetic ? want : typeLike(left, expr.op));
      return binary(
        expr.op,
        {value: left, at: placeIn(scope, expr.left)},
        {value: right, at: placeIn(scope, expr.right)},
        scope,
      );
    }
    case "within":
      return within(
        {value: evaluate(expr.left, scope), at: placeIn(scope, expr.left)},
        {value: evaluate(expr.tolerance, scope), at: placeIn(scope, expr.tolerance)},
        expr.of && {value: evaluate(expr.of, scope), at: placeIn(scope, expr.of)},
        scope,
      );
    case "if": {
      const test = evaluate(expr.test, scope);
      const then = evaluate(expr.then, scope, want);
      const otherwise = evaluate(expr.else, scope, want);
      if (test.t === "error") return errorValue;
      if (test.t !== "bool") return wrongType("Bool", test, placeIn(scope, expr.test), scope);
      return test.value ? then : otherwise;
    }
    case "once": {
      const of = evaluate(expr.of, scope);
      if (of.t === "error") return errorValue;
      if (of.t === "law") return {t: "law", law: {kind: "once", of: of.law}, dim: of.dim};
      if (of.t === "number") return of;
      return wrongType("distribution", of, placeIn(scope, expr.of), scope);
    }
  }
}

function number(expr: ExprOf<"number">): Value {
  if (expr.unit === undefined) return {t: "number", value: expr.value, dim: none};
  const row = unitOf(expr.unit);
  if (row !== undefined)
    return {
      t: "number",
      value: product(expr.value, row.scale),
      dim: row.dimension,
      ...(row.word === "%" ? {percent: true} : {}),
    };
  // The parser has said that this is no unit.
  return errorValue;
}

// 0.2 * 0.01 is 0.002 and a bit; a percentage is divided instead, which rounds as the decimal number would.
function product(value: number, scale: number): number {
  return scale === 0.01 ? value / 100 : value * scale;
}

function name(expr: ExprOf<"name">, scope: Scope, want: FieldType | undefined): Value {
  const at = placeIn(scope, expr);
  const item = want?.kind === "list" ? want.of : want;
  if (item?.kind === "enum" && item.values.includes(expr.name))
    return {t: "word", value: expr.name};
  if (item?.kind === "word") return {t: "word", value: expr.name};
  if (item?.kind === "cpus") {
    const set = namedCpus(expr.name, scope, at);
    if (set !== undefined) return set;
  }
  const found = scope.find?.(expr.name, at);
  if (found !== undefined) return found;
  if (expr.name === "machine" && scope.machine !== undefined) {
    const facts = scope.machine();
    return facts === undefined ? errorValue : {t: "declared", declared: facts.declared};
  }
  const measure = scope.measures?.measure(expr.name, at);
  if (measure !== undefined) return measure === "error" ? errorValue : measure;
  const declared = lookup(scope.home, expr.name);
  if (declared !== undefined) return global(declared, scope);
  const alias = scope.home.aliases.get(expr.name);
  if (alias !== undefined) return {t: "module", imported: alias};
  const set = namedCpus(expr.name, scope, at);
  if (set !== undefined) return set;
  unknownName(expr.name, at, scope, item);
  return errorValue;
}

/** The value of a global: that of a `let` or `param`, a reference to anything else. */
export function global(declared: Declared, scope: Scope): Value {
  const {context} = scope;
  context.used.add(declared);
  if (declared.kind !== "let" && declared.kind !== "param") return {t: "declared", declared};
  const known = context.globals.get(declared);
  if (known === "busy") {
    tell(
      context.report,
      "E207",
      `\`${declared.name}\` is built from itself`,
      {source: declared.source, span: declared.at},
      `its value needs \`${declared.name}\` again`,
      {help: "break the circle: give one of them a value of its own"},
    );
    return errorValue;
  }
  if (known !== undefined) return known;
  context.globals.set(declared, "busy");
  const expr = declared.syntax.value;
  const value =
    expr === undefined
      ? errorValue
      : evaluate(expr, {context, source: declared.source, home: declared.home ?? context.session});
  context.globals.set(declared, value);
  return value;
}

/** Reports a name that nothing in scope has: E208, E206 or E201. */
export function unknownName(name: string, at: Place, scope: Scope, want?: FieldType): void {
  const {report} = scope.context;
  const failure = scope.home.failed.get(name);
  if (failure !== undefined) {
    tell(
      report,
      "E208",
      `\`${name}\` comes from a cell that failed`,
      at,
      `${failure.source.name} stopped with ${failure.code}, nothing was defined`,
      {help: `fix ${failure.source.name} and run it again`},
    );
    return;
  }
  if (want?.kind === "enum") {
    const meant = nearest(name, want.values);
    tell(
      report,
      "E206",
      `\`${name}\` is not a ${want.title}`,
      at,
      `expected ${want.values.join(" | ")}`,
      meant === undefined
        ? {}
        : {
            help: `did you mean \`${meant}\`?`,
            fix: replacement(`write \`${meant}\``, at.span, meant),
          },
    );
    return;
  }
  const kind = want?.kind === "ref" ? want.to : undefined;
  const word = kind === undefined ? fieldWord(name) : undefined;
  const legal = offersIn(scope).filter((offer) => kind === undefined || offer.kind === kind);
  const meant = nearest(
    name,
    legal.map((offer) => offer.name),
  );
  const offer = word?.exact ? undefined : legal.find((one) => one.name === meant);
  const listed = legal.slice(0, 8).map((one) => one.name);
  const help =
    word?.text ??
    (kind !== undefined && listed.length > 0
      ? `in scope: ${listed.join(" ")}${legal.length > 8 ? " ..." : ""}`
      : undefined);
  tell(
    report,
    "E201",
    `unknown name \`${name}\``,
    at,
    kind === undefined ? "nothing of this name in scope" : `no ${kind} of this name in scope`,
    offer === undefined
      ? help === undefined
        ? {}
        : {help}
      : {
          help: `did you mean \`${offer.name}\` (${offer.kind}, ${offer.where})?`,
          fix: replacement(`write \`${offer.name}\``, at.span, offer.name, "maybe"),
        },
  );
}

/** What to say of a name that is, or nearly is, a word that some fields take instead of a value. */
function fieldWord(name: string): {readonly text: string; readonly exact: boolean} | undefined {
  const rows = schema.filter(({words}) => words !== undefined);
  const word = nearest(name, [...new Set(rows.flatMap(({words}) => words ?? []))]);
  if (word === undefined) return undefined;
  const names = new Set(rows.filter(({words}) => words?.includes(word)).map((row) => row.name));
  const fields = [...names].map((field) => `\`${field}: ${word}\``).join(", ");
  return word === name
    ? {
        text: `\`${word}\` stands alone behind its field (${fields}), not in a sweep, a \`let\` or another field`,
        exact: true,
      }
    : {text: `did you mean \`${word}\` (${fields})?`, exact: false};
}

/** Every name in scope, nearest first, hidden ones left out. */
export function offersIn(scope: Scope): NameOffer[] {
  const offers = new Map<string, NameOffer>();
  for (const offer of scope.offers?.() ?? [])
    if (!offers.has(offer.name)) offers.set(offer.name, offer);
  for (const name of scope.measures?.names() ?? [])
    if (!offers.has(name)) offers.set(name, {name, kind: "measure", where: "this experiment"});
  for (const declared of visible(scope.home)) {
    if (offers.has(declared.name)) continue;
    const where =
      declared.source === scope.source
        ? `line ${lineAt(declared.source, declared.at.start)}`
        : declared.source.name;
    offers.set(declared.name, {name: declared.name, kind: declared.kind, where});
  }
  for (const alias of scope.home.aliases.keys())
    if (!offers.has(alias))
      offers.set(alias, {name: alias, kind: "import", where: scope.home.name});
  return [...offers.values()];
}

function member(expr: ExprOf<"member">, scope: Scope, want: FieldType | undefined): Value {
  const at = placeIn(scope, expr);
  const nameAt = placeIn(scope, expr.name);
  if (expr.of.kind === "name" && scope.measures !== undefined) {
    const owner = scope.measures.owner(expr.of.name);
    const row = owner?.rows.find((one) => one.metric === expr.name.text);
    if (owner !== undefined && row !== undefined) return {t: "metric", entity: owner.entity, row};
    if (owner !== undefined && expr.of.name !== "machine") {
      const names = owner.rows.map((one) => one.metric);
      const meant = nearest(expr.name.text, names);
      const listed = `metrics of a ${owner.title}: ${names.join(" ")}`;
      tell(
        scope.context.report,
        "E203",
        `${owner.title} has no metric \`${expr.name.text}\``,
        nameAt,
        "unknown metric",
        meant === undefined
          ? {help: listed}
          : {
              help: `did you mean \`${meant}\`?  ${listed}`,
              fix: replacement(`write \`${meant}\``, expr.name, meant),
            },
      );
      return errorValue;
    }
  }
  if (expr.of.kind === "name" && expr.of.name === "machine" && scope.machine !== undefined) {
    const facts = scope.machine();
    return facts === undefined ? errorValue : facts.field(expr.name.text, nameAt);
  }
  const of = evaluate(expr.of, scope);
  switch (of.t) {
    case "error":
      return errorValue;
    case "module": {
      const declared = of.imported.module.names.get(expr.name.text);
      if (declared !== undefined) return global(declared, scope);
      const names = [...of.imported.module.names.values()].filter(
        (one) => want?.kind !== "ref" || one.kind === want.to,
      );
      const meant = nearest(
        expr.name.text,
        names.map((one) => one.name),
      );
      tell(
        scope.context.report,
        "E201",
        `unknown name \`${scope.source.text.slice(expr.start, expr.end)}\``,
        nameAt,
        `\`${of.imported.module.name}\` declares nothing of this name`,
        meant === undefined
          ? {help: `it declares: ${names.map((one) => one.name).join(" ")}`}
          : {
              help: `did you mean \`${meant}\`?`,
              fix: replacement(`write \`${meant}\``, expr.name, meant, "maybe"),
            },
      );
      return errorValue;
    }
    case "entity":
      if (scope.field !== undefined) return scope.field(of.entity, expr.name.text, nameAt);
      break;
    default:
      break;
  }
  tell(
    scope.context.report,
    "E201",
    `\`.${expr.name.text}\` leads nowhere`,
    at,
    `a ${kindName(of, dimensionName)} has no parts`,
    {help: "paths lead into entities, imports and `machine`"},
  );
  return errorValue;
}

function call(expr: ExprOf<"call">, scope: Scope): Value {
  const at = placeIn(scope, expr);
  if (expr.callee.kind !== "name") {
    evaluate(expr.callee, scope);
    tell(
      scope.context.report,
      "E201",
      "this cannot be called",
      placeIn(scope, expr.callee),
      "not a function",
    );
    return errorValue;
  }
  const callee = expr.callee.name;
  const calleeAt = placeIn(scope, expr.callee);
  const measuring = scope.measures !== undefined && aggregators.has(callee);
  if (callee === "empirical" && expr.args[0]?.value.kind === "string")
    return readEmpirical(expr.args, at, scope);
  if (callee === "ts") return readExternal(expr.args, at, scope, evaluate);
  if (lawNamed(callee) !== undefined && !measuring) {
    const args = expr.args.map((arg) => evaluated(arg, scope));
    return callLaw(callee, args, at, scope);
  }
  if (cpuFunctions.has(callee)) {
    const args = expr.args.map((arg) =>
      evaluated(arg, scope, callee === "size" ? {kind: "cpus"} : undefined),
    );
    return callCpus(callee, args, at, scope);
  }
  if (aggregators.has(callee) || ["min", "max", "abs", "sqrt", "log"].includes(callee)) {
    const args = expr.args.map((arg) => evaluated(arg, scope));
    return callMeasure(callee, args, at, calleeAt, scope);
  }
  for (const arg of expr.args) evaluate(arg.value, scope);
  const names = [
    ...lawTable.map((row) => row.name),
    ...cpuFunctions,
    ...(scope.measures === undefined ? [] : aggregators),
  ];
  const meant = nearest(callee, names);
  tell(
    scope.context.report,
    "E201",
    `unknown function \`${callee}\``,
    calleeAt,
    "no function of this name",
    meant === undefined
      ? {help: `distributions: ${lawTable.map((row) => row.name).join(" ")}`}
      : {
          help: `did you mean \`${meant}\`?`,
          fix: replacement(`write \`${meant}\``, expr.callee, meant, "maybe"),
        },
  );
  return errorValue;
}

function evaluated(arg: Argument, scope: Scope, want?: FieldType): EvaluatedArgument {
  return {
    ...(arg.name === undefined ? {} : {name: arg.name.text}),
    value: evaluate(arg.value, scope, want),
    at: placeIn(scope, arg.value),
  };
}

function index(expr: ExprOf<"index">, scope: Scope): Value {
  const of = evaluate(expr.of, scope);
  if (of.t === "error") return errorValue;
  if (of.t !== "stat" || scope.measures === undefined) {
    tell(
      scope.context.report,
      "E301",
      `expected a measure, found ${kindName(of, dimensionName)}`,
      placeIn(scope, expr.of),
      "nothing to select from",
      {help: "`[axis: value]` selects another point of a measure"},
    );
    return errorValue;
  }
  const selectors = [];
  for (const arg of expr.args) {
    const at = placeIn(scope, arg);
    if (arg.name === undefined) {
      tell(scope.context.report, "E507", "a selector names its axis", at, "which axis?", {
        help: "`walk[policy: broadcast_ipi]`",
      });
      return errorValue;
    }
    const value = evaluate(arg.value, scope, scope.axisType?.(arg.name.text));
    if (value.t === "error") return errorValue;
    selectors.push({
      axis: arg.name.text,
      axisAt: placeIn(scope, arg.name),
      value,
      valueAt: placeIn(scope, arg.value),
      at,
    });
  }
  return scope.measures.select(of, selectors, placeIn(scope, expr));
}

function range(expr: ExprOf<"range">, scope: Scope): Value {
  const ends = [expr.lo, expr.hi].map((end): NumberValue | undefined => {
    const value = evaluate(end, scope);
    if (value.t === "number") return value;
    if (value.t !== "error") wrongType("number", value, placeIn(scope, end), scope);
    return undefined;
  });
  const [lo, hi] = ends;
  if (lo === undefined || hi === undefined) return errorValue;
  if (dimensionName(lo.dim) !== dimensionName(hi.dim)) {
    tell(
      scope.context.report,
      "E303",
      `a range from ${dimensionName(lo.dim)} to ${dimensionName(hi.dim)}`,
      placeIn(scope, expr.hi),
      dimensionName(hi.dim),
      {help: "both ends need the same dimension"},
    );
    return errorValue;
  }
  const spacing = spacingOf(expr, scope);
  if (spacing === "error") return errorValue;
  return {
    t: "range",
    lo,
    hi,
    loAt: placeIn(scope, expr.lo),
    hiAt: placeIn(scope, expr.hi),
    ...(spacing === undefined ? {} : {spacing}),
  };
}

function spacingOf(expr: ExprOf<"range">, scope: Scope): RangeSpacing | undefined | "error" {
  const {spacing} = expr;
  if (spacing === undefined) return undefined;
  if (spacing.kind !== "step") {
    const at = placeIn(scope, spacing.count ?? expr);
    return {
      kind: spacing.kind,
      at,
      ...(spacing.count === undefined ? {} : {count: spacing.count.value}),
    };
  }
  const by = evaluate(spacing.by, scope);
  if (by.t === "number") return {kind: "step", by, at: placeIn(scope, spacing.by)};
  if (by.t !== "error") wrongType("number", by, placeIn(scope, spacing.by), scope);
  return "error";
}

/** The type that the other side of a comparison is expected to have. */
function typeLike(left: Value, op: string): FieldType | undefined {
  const one = ((): FieldType | undefined => {
    switch (left.t) {
      case "declared":
        return ["machine", "costs", "scenario", "policy"].includes(left.declared.kind)
          ? {kind: "ref", to: left.declared.kind as "policy"}
          : undefined;
      case "word":
        return left.of;
      case "cpus":
        return {kind: "cpus"};
      default:
        return undefined;
    }
  })();
  return one !== undefined && op.endsWith("in") ? {kind: "list", of: one} : one;
}
