#!/usr/bin/env node
// The `quiesce` command. Each subcommand lives in a file of its own that is loaded when it is called, so that `quiesce --help` does not
// pay for a parser, a table library or a kernel.

import {Command, CommanderError, InvalidArgumentError, Option} from "commander";
import {version} from "../plan/version.ts";
import {exitStatus, UsageError} from "./exit-status.ts";

export interface CommonOptions {
  readonly json?: boolean;
  readonly color?: boolean;
}

const program = new Command("quiesce")
  .description(
    "A laboratory for lockless page-table walks: time a sync policy, and prove or refute it.",
  )
  .version(version)
  .option("--no-color", "no colour, also without NO_COLOR")
  .showHelpAfterError("(quiesce --help lists the commands)")
  .showSuggestionAfterError()
  .exitOverride();

program
  .command("run")
  .description(
    "check a text, run its experiments and checks, print its tables, figures and verdicts",
  )
  .argument("<file...>", "texts, `-` for standard input")
  .option("--seed <n>", "master seed, replaces that of every experiment", integer(0))
  .option(
    "--set <path=value>",
    "replace a value, as `with { path: value }` would; repeatable",
    collect,
    [],
  )
  .addOption(executor())
  .option("--replications <n>", "replications of every point", integer(1))
  .option("--workers <n>", "worker threads; 0: none", integer(0))
  .option("--out <dir>", "also write tables, figures, plans and a manifest there")
  .option("--json", "print one JSON document instead of text")
  .option("--quiet", "no estimate, no progress")
  .action(async (files: string[], options) =>
    finish(await (await import("./run.ts")).run(files, {...program.opts(), ...options})),
  );

program
  .command("replicate")
  .description("run one replication of one point again, alone, and look into it")
  .argument("<file>", "a text that runs an experiment, `-` for standard input")
  .option("--experiment <name>", "which of those it runs (default: the first)")
  .option("--point <p>", "number of the point (default: 0)", integer(0))
  .option("--replication <k>", "number of the replication (default: 0)", integer(0))
  .option("--seed <n>", "master seed, replaces that of the experiment", integer(0))
  .option("--set <path=value>", "as for `run`; repeatable", collect, [])
  .addOption(executor())
  .option(
    "--shuffle-ties <n>",
    "also with n other orders of simultaneous events; exits with 1 if a metric changes",
    integer(1),
  )
  .option("--trace <file>", "write a window of it as Chrome trace events, which Perfetto opens")
  .option("--from <time>", "where the window begins (default: the end of the warm-up)")
  .option("--to <time>", "where it ends (default: a millisecond after the warm-up)")
  .option("--json", "print the samples as JSON")
  .action(async (file: string, options) =>
    finish(await (await import("./replicate.ts")).replicate(file, {...program.opts(), ...options})),
  );

program
  .command("lint")
  .description("check texts without running them")
  .argument("<file...>", "texts, `-` for standard input")
  .option("--fix", "apply the fixes that are certainly right")
  .option("--json", "print diagnostics as JSON")
  .action(async (files: string[], options) =>
    finish(await (await import("./lint.ts")).lint(files, {...program.opts(), ...options})),
  );

program
  .command("fmt")
  .description("format texts in place")
  .argument("<file...>", "texts, `-` from standard input to standard output")
  .option("--check", "change nothing; exit with 1 if a text is not formatted")
  .action(async (files: string[], options) =>
    finish(await (await import("./fmt.ts")).fmt(files, options)),
  );

program
  .command("show")
  .description(
    "print something as it is resolved, every value with its origin: a machine, costs, a policy, an experiment",
  )
  .argument(
    "<what...>",
    "[KIND] NAME [FILE]: `policy targeted_ipi`, `machine epyc_2x64`, `which study.quiesce`",
  )
  .option("--json", "print rows as JSON")
  .action(async (what: string[], options) =>
    finish((await import("./show.ts")).show(what, {...program.opts(), ...options})),
  );

program
  .command("check")
  .description(
    "prove or refute: the `check` commands of a text, or a litmus test of the Linux-kernel dialect",
  )
  .argument("<file...>", ".quiesce or .litmus files")
  .option("--under <model>", "memory model of a litmus test: sc, tso, pso or lkmm (default: lkmm)")
  .option("--ways <n>", "different counterexamples to show (default: 1)", integer(1))
  .option(
    "--brief",
    "verdicts and counterexamples only: no comparison of models, needed steps or repairs",
  )
  .option("--json", "print verdicts as JSON")
  .action(async (files: string[], options) =>
    finish(await (await import("./check.ts")).check(files, {...program.opts(), ...options})),
  );

program
  .command("replay")
  .description(
    "run the schedule of a counterexample again: in the checker, and with times in the engine",
  )
  .argument("<file>", "a text with `check` or `run` commands, `-` for standard input")
  .argument("<schedule>", "the line after `replay:`, in quotes")
  .option("--policy <name>", "only the cases of this policy")
  .option("--json", "print the steps as JSON")
  .action(async (file: string, schedule: string, options) =>
    finish((await import("./replay.ts")).replayIn(file, schedule, {...program.opts(), ...options})),
  );

program
  .command("explain")
  .description("explain a diagnostic code, such as E302; without one, list them")
  .argument("[code]")
  .action(async (code?: string) => finish((await import("./explain.ts")).explain(code)));

program
  .command("report")
  .description("make one self-contained page from the results that `run --out DIR` stored")
  .argument("<dir>")
  .option("-o, --output <file>", "where to write it (default: DIR/report.html)")
  .option("--title <text>", "heading of the page")
  .option("--static", "pictures instead of figures that can be zoomed")
  .action(async (folder: string, options) =>
    finish(await (await import("./report.ts")).report(folder, options)),
  );

const exports = program
  .command("export")
  .description("write what a result or a text holds for somebody else");
const output = ["-o, --output <file>", "file; its ending decides the format"] as const;
exports
  .command("table")
  .description("a table of a stored result: csv, tsv, parquet, arrow, json, md, tex, html")
  .argument("<result>", "a stored result, *.result.json.gz")
  .requiredOption(...output)
  .option("--which <name>", "summary (default), runs, accounts, comparisons, expectations")
  .action(async (file: string, options) =>
    finish((await import("./export-result.ts")).exportTableOf(file, options)),
  );
exports
  .command("figure")
  .description("a figure of a stored result: svg, png, pdf, html, json")
  .argument("<result>", "a stored result, *.result.json.gz")
  .requiredOption(...output)
  .option("--which <n>", "the how manieth figure (default: 1)")
  .option("--theme <name>", "light (default) or dark")
  .option("--width <px>", "width in pixels", integer(50))
  .option("--height <px>", "height in pixels", integer(50))
  .action(async (file: string, options) =>
    finish(await (await import("./export-result.ts")).exportFigureOf(file, options)),
  );
exports
  .command("trace")
  .description("a recorded window as Chrome trace events, which Perfetto opens")
  .argument("<result>", "a stored result, *.result.json.gz")
  .requiredOption(...output)
  .option("--which <n>", "the how manieth recorded window (default: 1)")
  .action(async (file: string, options) =>
    finish((await import("./export-result.ts")).exportTrace(file, options)),
  );
exports
  .command("litmus")
  .description(
    "the protocols that a text checks, as C litmus tests of the Linux-kernel memory model",
  )
  .argument("<file>", "a text with `check safety` commands, `-` for standard input")
  .option("--policy <name>", "only the cases of this policy")
  .option("--out <dir>", "write all of them there, one file each")
  .action(async (file: string, options) =>
    finish(
      (await import("./export-litmus.ts")).exportLitmusOf(file, {...program.opts(), ...options}),
    ),
  );

program
  .command("validate")
  .description("published measurements beside ours, with the source of every constant")
  .option("--json", "print the rows as JSON")
  .action(async (options) => finish((await import("./validate.ts")).printValidation(options)));

const notebook = program.command("notebook").description("work with notebooks, without Python");
notebook
  .command("run")
  .description("run every cell of a notebook through the kernel")
  .argument("<file>", "an .ipynb file")
  .option("-o, --output <file>", "write the executed notebook there; may be the input")
  .option("--html <file>", "write a self-contained page there")
  .option(
    "-p, --parameter <name=value>",
    "replace a value of the cell tagged `parameters`; repeatable",
    collect,
    [],
  )
  .option("--charts <mode>", "how charts are kept: embed (default), connected, static")
  .option("--keep-going", "go on after a cell that failed")
  .action(async (file: string, options) =>
    finish(await (await import("./notebook.ts")).runNotebookFile(file, options)),
  );

program
  .command("lab")
  .description("serve JupyterLab with the Quiesce kernel, without Python, to this machine only")
  .argument("[dir]", "folder with notebooks", ".")
  .option("--port <n>", "port to listen on; 0: any (default: the first free one from 8888)", port)
  .option("--no-browser", "print the address, open nothing")
  .option("--prepare", "fetch and build JupyterLab, if that has not been done, and end")
  .addHelpText(
    "after",
    `
At first use JupyterLab is fetched from the npm registry and bundled, once, into the cache folder (XDG_CACHE_HOME moves it); it is no
part of the package. The server listens on 127.0.0.1, lets in who has the address that it prints, and shows the folder and nothing else.`,
  )
  .action(async (folder: string, options) =>
    finish(await (await import("./lab.ts")).lab(folder, options)),
  );

const kernel = program.command("kernel").description("register the notebook kernel with Jupyter");
for (const verb of ["install", "uninstall"] as const) {
  kernel
    .command(verb)
    .description(
      verb === "install" ? "make Jupyter find the kernel" : "make Jupyter forget the kernel",
    )
    .option("--user", "in the user's own folder (the default)")
    .option("--prefix <dir>", "below a folder of your own")
    .option("--sys-prefix", "in the Python environment that `jupyter` belongs to")
    .action(async (options) => finish((await import("./kernel.ts"))[verb](options)));
}
kernel
  .command("doctor")
  .description("say what keeps the kernel from working")
  .action(async () => finish(await (await import("./kernel.ts")).doctor()));

void main();

async function main(): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is no fault.
    if (error.code === "EPIPE") process.exit(process.exitCode ?? exitStatus.ok);
    throw error;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError)
      finish(error.exitCode === 0 ? exitStatus.ok : exitStatus.badInput);
    else if (error instanceof UsageError) {
      process.stderr.write(`quiesce: ${error.message}\n`);
      finish(exitStatus.badInput);
    } else {
      process.stderr.write(`${internalFault(error)}\n`);
      finish(exitStatus.internal);
    }
  }
}

/** A fault of ours: one line for the user, the trace for whoever mends it. */
function internalFault(error: unknown): string {
  const fault = error instanceof Error ? error : new Error(String(error));
  if ((process.env.QUIESCE_TRACE ?? "") !== "") return fault.stack ?? fault.message;
  return `quiesce: internal error: ${fault.message.split("\n")[0]}\nThis is a bug in Quiesce ${version}; QUIESCE_TRACE=1 shows where. What was printed before it stands.`;
}

function finish(status: number): void {
  process.exitCode = status;
}

function collect(value: string, before: readonly string[]): string[] {
  if (!/^[^=]+=.+$/s.test(value))
    throw new InvalidArgumentError("write it as path=value, for example gup.pages=8");
  return [...before, value];
}

function port(value: string): number {
  const number = integer(0)(value);
  if (number > 65535) throw new InvalidArgumentError("a port is at most 65535");
  return number;
}

function executor(): Option {
  return new Option(
    "--executor <name>",
    "how the engine advances CPUs, replaces that of the experiment",
  ).choices(["lazy", "reference", "closed", "equilibrium"]);
}

function integer(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
      throw new InvalidArgumentError(`expected a whole number from ${least} up`);
    }
    return number;
  };
}
