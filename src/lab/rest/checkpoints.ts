// One checkpoint a file, kept where Jupyter keeps it: `.ipynb_checkpoints/NAME-checkpoint.ipynb` beside it.

import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync} from "node:fs";
import {basename, dirname, extname, join} from "node:path";
import type {Confinement} from "../files/confine.ts";
import {withFiles} from "../files/file-fault.ts";
import {writeFileWhole} from "../files/write-file.ts";
import {type Answer, done, HttpFault, json} from "../http/answer.ts";

const onlyId = "checkpoint";

/** Answers `PATH/checkpoints` (list, make) and `PATH/checkpoints/ID` (restore, remove). */
export function checkpoints(
  files: Confinement,
  method: string,
  path: string,
  id: string | undefined,
): Answer {
  const file = files.content(path);
  const folder = join(dirname(file), ".ipynb_checkpoints");
  const ending = extname(file);
  const saved = join(folder, `${basename(file, ending)}-checkpoint${ending}`);
  if (existsSync(folder) && !files.holds(folder)) {
    throw new HttpFault(403, "the folder of checkpoints is outside the folder that is served");
  }
  const model = (): object => ({
    id: onlyId,
    last_modified: statSync(saved).mtime.toISOString(),
  });
  if (id === undefined) {
    if (method === "GET") return json(existsSync(saved) ? [model()] : []);
    if (method !== "POST") throw new HttpFault(405, `${method} is not possible here`);
    return withFiles(`keep a checkpoint of ${path}`, () => {
      mkdirSync(folder, {recursive: true});
      rmSync(saved, {force: true});
      copyFileSync(file, saved);
      return json(model(), 201);
    });
  }
  if (id !== onlyId || !existsSync(saved)) {
    throw new HttpFault(404, `${path} has no checkpoint ${id}`);
  }
  if (method === "POST") {
    withFiles(`restore ${path}`, () => writeFileWhole(file, readFileSync(saved)));
  } else if (method === "DELETE") withFiles(`remove a checkpoint of ${path}`, () => rmSync(saved));
  else throw new HttpFault(405, `${method} is not possible here`);
  return done;
}
