// `/lab/api/settings`: what can be set comes with the packages; what a user has set is one file for each extension, kept as it was written.

import {mkdirSync, readFileSync, statSync} from "node:fs";
import {dirname, join} from "node:path";
import {withFiles} from "../files/file-fault.ts";
import {writeFileWhole} from "../files/write-file.ts";
import {done, type Handler, HttpFault, json, noSuchMethod} from "../http/answer.ts";
import type {SettingSchema} from "../prepare/application.ts";

/** Serves the schemas, and keeps settings under a folder, which need not exist yet. */
export function settingsHandler(schemas: readonly SettingSchema[], folder: string): Handler {
  const byId = new Map(schemas.map((schema) => [schema.id, schema]));
  // An id is of the list, so a path made from it leads nowhere else.
  const fileOf = (id: string): string => join(folder, "settings", `${id.replace(":", "/")}.json`);
  const stored = (id: string): object => {
    const file = fileOf(id);
    const stats = statSync(file, {throwIfNoEntry: false});
    if (stats === undefined) return {raw: "{}", settings: {}};
    const [created, lastModified] = [stats.birthtime, stats.mtime].map((at) => at.toISOString());
    const raw = readFileSync(file, "utf8");
    return {raw, settings: {}, created, last_modified: lastModified};
  };
  return async (call) => {
    if (call.path === "") {
      if (call.method !== "GET") return noSuchMethod(call);
      const brief = call.query.get("ids_only") === "true";
      const settings = schemas.map((schema) =>
        brief ? {id: schema.id} : {...schema, ...stored(schema.id)},
      );
      return json({settings});
    }
    const schema = byId.get(call.path);
    if (schema === undefined) throw new HttpFault(404, `nothing of ${call.path} can be set`);
    if (call.method === "GET") return json({...schema, ...stored(schema.id)});
    if (call.method !== "PUT") return noSuchMethod(call);
    const {raw} = await call.json();
    if (typeof raw !== "string") throw new HttpFault(400, "`raw` is the text of the settings");
    withFiles("keep the settings", () => {
      mkdirSync(dirname(fileOf(schema.id)), {recursive: true});
      writeFileWhole(fileOf(schema.id), raw);
    });
    return done;
  };
}
