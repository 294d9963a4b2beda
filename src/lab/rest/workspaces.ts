// `/lab/api/workspaces`: which documents are open and where. Each folder that is served has its own, so that opening another folder does not
// look for the files of the first.

import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {join} from "node:path";
import {withFiles} from "../files/file-fault.ts";
import {writeFileWhole} from "../files/write-file.ts";
import {done, type Handler, HttpFault, json, noSuchMethod} from "../http/answer.ts";

export function workspacesHandler(folder: string, root: string): Handler {
  const mark = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const place = join(folder, "workspaces", mark);
  const fileOf = (id: string): string => join(place, `${encodeURIComponent(id)}.json`);
  const read = (id: string): object => {
    const empty = {data: {}, metadata: {id}};
    if (!existsSync(fileOf(id))) return empty;
    try {
      return JSON.parse(readFileSync(fileOf(id), "utf8")) as object;
    } catch {
      return empty; // a layout is not worth an error
    }
  };
  return async (call) => {
    const id = call.path;
    if (id === "") {
      if (call.method !== "GET") return noSuchMethod(call);
      const ids = existsSync(place)
        ? readdirSync(place)
            .filter((name) => /^[^.].*\.json$/.test(name))
            .sort()
            .map((name) => decodeURIComponent(name.slice(0, -".json".length)))
        : [];
      return json({workspaces: {ids, values: ids.map(read)}});
    }
    if (encodeURIComponent(id).length > 200 || id.startsWith(".")) {
      throw new HttpFault(400, "a workspace needs a shorter name");
    }
    if (call.method === "GET") return json(read(id));
    if (call.method === "PUT") {
      const workspace = await call.json();
      withFiles("keep the layout", () => {
        mkdirSync(place, {recursive: true});
        writeFileWhole(fileOf(id), JSON.stringify(workspace));
      });
      return done;
    }
    if (call.method !== "DELETE") return noSuchMethod(call);
    withFiles("forget the layout", () => rmSync(fileOf(id), {force: true}));
    return done;
  };
}
