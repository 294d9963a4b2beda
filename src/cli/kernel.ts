import {examineKernel} from "../notebook/install/doctor.ts";
import {
  InstallError,
  installKernel,
  type Place,
  uninstallKernel,
} from "../notebook/install/kernel-spec.ts";
import {exitStatus, UsageError} from "./exit-status.ts";

export interface PlaceOptions {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly sysPrefix?: boolean;
}

/** `quiesce kernel install`: prints where the kernel was registered and what to do next. */
export function install(options: PlaceOptions): number {
  return report(() => {
    const {folder, notes} = installKernel(placeOf(options) ?? {kind: "user"});
    return [
      `Registered the Quiesce kernel in ${folder}`,
      ...notes,
      "Open Jupyter or VS Code and choose Quiesce; `quiesce kernel doctor` says what is wrong if it is not there.",
    ];
  });
}

/** `quiesce kernel uninstall`: from one place, or from everywhere Jupyter looks. */
export function uninstall(options: PlaceOptions): number {
  return report(() => {
    const removed = uninstallKernel(placeOf(options));
    if (removed.length === 0)
      return ["The Quiesce kernel is not registered there; nothing was removed."];
    return removed.map((folder) => `Removed the Quiesce kernel from ${folder}`);
  });
}

/** `quiesce kernel doctor`: one line a finding; status 2 if one of them keeps the kernel from working. */
export async function doctor(): Promise<number> {
  const signs = {good: "ok  ", note: "note", bad: "BAD "} as const;
  const findings = await examineKernel();
  for (const finding of findings) {
    process.stdout.write(`${signs[finding.verdict]}  ${finding.text}\n`);
    if (finding.advice !== undefined) process.stdout.write(`      ${finding.advice}\n`);
  }
  return findings.some((finding) => finding.verdict === "bad")
    ? exitStatus.badInput
    : exitStatus.ok;
}

function placeOf(options: PlaceOptions): Place | undefined {
  const given = [options.user, options.prefix, options.sysPrefix].filter(
    (option) => option !== undefined,
  );
  if (given.length > 1) throw new UsageError("give one of --user, --prefix and --sys-prefix");
  if (options.prefix !== undefined) return {kind: "prefix", prefix: options.prefix};
  if (options.sysPrefix === true) return {kind: "sys-prefix"};
  return options.user === true ? {kind: "user"} : undefined;
}

function report(work: () => readonly string[]): number {
  try {
    process.stdout.write(`${work().join("\n")}\n`);
    return exitStatus.ok;
  } catch (error) {
    if (error instanceof InstallError) throw new UsageError(error.message);
    throw error;
  }
}
