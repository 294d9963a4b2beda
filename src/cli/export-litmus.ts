// `quiesce export litmus`: the protocols that a text checks, each as a C litmus test for herd7.

import {mkdirSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {exportLitmus} from "../explore/litmus/export-litmus.ts";
import {checkText, startingEnvironment} from "../lang/check.ts";
import {planCheckCommand} from "../lang/plan-command.ts";
import {renderTexts} from "../lang/render-text.ts";
import type {CheckScope} from "../plan/check-plan.ts";
import type {System} from "../plan/system.ts";
import {fileReason} from "../session/file-reason.ts";
import {folderReader} from "../session/folder-reader.ts";
import {exitStatus, UsageError} from "./exit-status.ts";
import {readSource} from "./read-source.ts";
import {useColor} from "./use-color.ts";

export interface ExportLitmusOptions {
  readonly policy?: string;
  readonly out?: string;
  readonly color?: boolean;
}

interface Protocol {
  readonly name: string;
  readonly system: System;
  readonly scope: CheckScope;
}

/** Prints one test, or writes all that are asked for into `--out`. Status 2 for a text with errors or a protocol without a litmus form. */
export function exportLitmusOf(file: string, options: ExportLitmusOptions): number {
  const source = readSource(file);
  const folder = file === "-" ? "." : dirname(file);
  const {environment, commands, diagnostics} = checkText(
    source,
    startingEnvironment(folderReader(folder)),
  );
  const errors = diagnostics.filter(({severity}) => severity === "error");
  if (errors.length > 0) {
    process.stderr.write(`${renderTexts(errors, {color: useColor(options.color)})}\n`);
    return exitStatus.badInput;
  }
  const found = new Map<string, Protocol>();
  for (const command of commands) {
    if (command.kind !== "check") continue;
    const {plan} = planCheckCommand(environment, command, source);
    if (plan?.property !== "safety") continue;
    for (const {label, system} of plan.cases) {
      const {scope} = plan;
      const bounds = [`${scope.cpus}cpus`, ...(scope.path === "whole" ? ["whole"] : [])];
      const name = [plan.scenario, label, ...bounds].join("-").replace(/[^A-Za-z0-9_]+/g, "-");
      if (options.policy === undefined || label === options.policy) {
        found.set(name, {name, system, scope});
      }
    }
  }
  const protocols = [...found.values()];
  if (protocols.length === 0) {
    throw new UsageError(
      options.policy === undefined
        ? `${file}: no \`check safety\` names a protocol to export`
        : `${file}: no \`check safety\` has a case ${options.policy}`,
    );
  }
  if (options.out !== undefined) return writeAll(protocols, options.out);
  if (protocols.length > 1) {
    const names = protocols.map(({name}) => name).join(", ");
    throw new UsageError(
      `${file} checks ${protocols.length} protocols (${names}): name one with --policy, or give --out a folder for all`,
    );
  }
  process.stdout.write(litmusOf(protocols[0]));
  return exitStatus.ok;
}

function writeAll(protocols: readonly Protocol[], folder: string): number {
  let status: number = exitStatus.ok;
  for (const protocol of protocols) {
    const path = join(folder, `${protocol.name}.litmus`);
    try {
      const text = litmusOf(protocol);
      mkdirSync(folder, {recursive: true});
      writeFileSync(path, text);
      process.stdout.write(`${path}\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) {
        throw new UsageError(`cannot write ${path}: ${fileReason(error)}`);
      }
      process.stderr.write(`quiesce: ${error.message}\n`);
      status = exitStatus.badInput;
    }
  }
  return status;
}

function litmusOf({name, system, scope}: Protocol): string {
  try {
    return exportLitmus(name, system, scope);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}
