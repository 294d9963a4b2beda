// `/files/PATH`: a file as it is, for pictures in Markdown and for downloads. A page of the folder runs in a sandbox without this server's
// cookie, so that a page somebody sent cannot act for the reader.

import {statSync} from "node:fs";
import {basename} from "node:path";
import type {Confinement} from "../files/confine.ts";
import {withFiles} from "../files/file-fault.ts";
import {contentType} from "../files/media-type.ts";
import {type Handler, HttpFault, noSuchMethod} from "../http/answer.ts";

export function rawFiles(files: Confinement): Handler {
  return (call) => {
    if (call.method !== "GET" && call.method !== "HEAD") return noSuchMethod(call);
    const file = files.content(call.path);
    const stats = withFiles(`read ${call.path}`, () => statSync(file));
    if (!stats.isFile()) throw new HttpFault(404, `${call.path} is not a file`);
    const download = call.query.get("download") !== null;
    const name = encodeURIComponent(basename(file));
    return {
      status: 200,
      headers: {
        "Content-Type": contentType(file) ?? "application/octet-stream",
        "Content-Length": String(stats.size),
        "Content-Security-Policy": "sandbox allow-scripts",
        "Cache-Control": "no-cache",
        ...(download ? {"Content-Disposition": `attachment; filename*=UTF-8''${name}`} : {}),
      },
      body: {file},
    };
  };
}
