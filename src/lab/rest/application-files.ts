// The application's own files. Only what its manifest lists is served, so no path can lead anywhere else.

import {join} from "node:path";
import {plotlySource} from "../../figure/plotly-library.ts";
import {contentType} from "../files/media-type.ts";
import {type Handler, HttpFault} from "../http/answer.ts";
import {labPage} from "../page.ts";
import type {Application} from "../prepare/application.ts";

/** Serves what the application has under one of its folders: `static`, `themes`. */
export function applicationFiles(application: Application, under: string): Handler {
  return ({path}) => {
    const name = `${under}/${path}`;
    if (!application.files.has(name)) throw new HttpFault(404, `JupyterLab has no file ${path}`);
    // Chunks are named after their content; what the page names is asked for again each time.
    const lasting = /-[A-Z0-9]{8}\.\w+$/.test(name);
    return {
      status: 200,
      headers: {
        "Content-Type": contentType(name) ?? "application/octet-stream",
        "Cache-Control": lasting ? "private, max-age=31536000, immutable" : "no-cache",
      },
      body: {file: join(application.folder, name)},
    };
  };
}

/** plotly.js as the package has it, for the renderer of figures. */
export const plotlyFile: Handler = () => ({
  status: 200,
  headers: {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "private, max-age=3600",
  },
  body: plotlySource(),
});

/** The page itself, for whatever document its address names. */
export function page(application: Application, root: string): Handler {
  return ({path}) => ({
    status: 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      // Displays of a notebook run scripts of their own, so scripts cannot be forbidden; being framed by another page can.
      "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
      "Referrer-Policy": "same-origin",
    },
    body: labPage(root, application.version, path),
  });
}
