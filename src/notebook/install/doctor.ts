// `quiesce kernel doctor`: everything that keeps a notebook from running, looked at one by one and said in words.

import {existsSync} from "node:fs";
import {join} from "node:path";
import {version} from "../../plan/version.ts";
import {startKernel} from "../client/kernel-client.ts";
import {dataFolders, onPath, type Surroundings} from "./jupyter-folders.ts";
import {type KernelSpec, kernelMain, kernelName, readSpec, surroundings} from "./kernel-spec.ts";

export interface Finding {
  /** `bad` keeps the kernel from working, `note` is worth knowing. */
  readonly verdict: "good" | "note" | "bad";
  /** What was found, one sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Looks at the Node, the registration and the front end, and starts a kernel to see it answer. */
export async function examineKernel(
  around: Surroundings = surroundings(),
): Promise<readonly Finding[]> {
  return [node(), ...registrations(around), frontEnd(around), ...(await trial())];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? {verdict: "good", text: `Node ${process.versions.node} at ${process.execPath}`}
    : {
        verdict: "bad",
        text: `Node ${process.versions.node} is too old`,
        advice: "install Node 20.19 or newer, and run `quiesce kernel install` with it",
      };
}

function registrations(around: Surroundings): readonly Finding[] {
  const out: Finding[] = [];
  let first = true;
  for (const {path, origin} of dataFolders(around)) {
    if (origin === "JUPYTER_PATH" && !existsSync(path)) {
      out.push({verdict: "note", text: `JUPYTER_PATH names ${path}, which does not exist`});
    }
    const folder = join(path, "kernels", kernelName);
    const spec = readSpec(folder);
    if (spec === undefined) continue;
    if (typeof spec === "string") {
      out.push({verdict: "bad", text: spec, advice: "run `quiesce kernel install` again"});
    } else if (first) out.push(registration(folder, origin, spec));
    else
      out.push({verdict: "note", text: `${folder} (${origin}) is never used: one before it wins`});
    first = false;
  }
  if (first) {
    out.push({
      verdict: "bad",
      text: "Jupyter does not know the kernel",
      advice: "run `quiesce kernel install`; `quiesce notebook run` works without it",
    });
  }
  return out;
}

function registration(folder: string, origin: string, spec: KernelSpec): Finding {
  const [program = "", script = ""] = spec.argv;
  const again = "run `quiesce kernel install` again";
  if (!existsSync(program)) {
    return {verdict: "bad", text: `${folder} starts ${program}, which is gone`, advice: again};
  }
  if (!existsSync(script)) {
    return {verdict: "bad", text: `${folder} runs ${script}, which is gone`, advice: again};
  }
  if (spec.interrupt_mode !== "message") {
    return {
      verdict: "bad",
      text: `${folder} has interrupt_mode ${spec.interrupt_mode ?? "signal"}: the stop button will not reach every loop`,
      advice: again,
    };
  }
  if (script !== kernelMain) {
    const other = spec.metadata?.quiesce?.version;
    const differs =
      other === version ? "" : ` (version ${other ?? "unknown"}, this one is ${version})`;
    return {
      verdict: "note",
      text: `${folder} runs another copy, ${script}${differs}`,
      advice: again,
    };
  }
  return {verdict: "good", text: `Jupyter knows the kernel: ${folder} (${origin})`};
}

function frontEnd({env, platform}: Surroundings): Finding {
  const jupyter = onPath("jupyter", env, platform);
  return jupyter === undefined
    ? {
        verdict: "note",
        text: "no `jupyter` is on the PATH",
        advice: "VS Code and `quiesce notebook run` do not need it",
      }
    : {verdict: "good", text: `a front end is there: ${jupyter}`};
}

async function trial(): Promise<readonly Finding[]> {
  const from = performance.now();
  try {
    const kernel = await startKernel({timeout: 20_000});
    try {
      const ready = performance.now() - from;
      const {reply} = await kernel.execute("1 + 1");
      if (reply.content.status !== "ok") throw new Error(String(reply.content.evalue));
      const cell = performance.now() - from;
      return [
        {
          verdict: "good",
          text: `a kernel answered after ${(ready / 1000).toFixed(1)} s and ran its first TypeScript cell after ${(cell / 1000).toFixed(1)} s`,
        },
      ];
    } finally {
      await kernel.close();
    }
  } catch (error) {
    return [
      {
        verdict: "bad",
        text: `a kernel could not be started: ${(error as Error).message}`,
        advice:
          "reinstall the package (`npm ci`); the sockets need the addon of the package zeromq",
      },
    ];
  }
}
