// The one page. Everything the application has to know before its first request stands in it.

import {basename} from "node:path";
import {scriptText} from "../figure/plotly-library.ts";
import {version} from "../plan/version.ts";

/** What an address under `/lab` names. */
interface Place {
  /** A single document, without the surroundings, under `/lab/doc`. */
  readonly mode: "multiple-document" | "single-document";
  readonly workspace: string;
  /** The document after `/tree/`; empty for none. */
  readonly treePath: string;
}

/** The HTML of JupyterLab for a folder; `path` is what follows `/lab/` in the address, decoded. */
export function labPage(root: string, labVersion: string, path: string): string {
  const config = {
    appName: "Quiesce Lab",
    appNamespace: "lab",
    appVersion: labVersion,
    quiesceVersion: version,
    baseUrl: "/",
    appUrl: "/lab",
    treeUrl: "/lab/tree",
    workspacesApiUrl: "/lab/api/workspaces",
    settingsUrl: "/lab/api/settings",
    themesUrl: "/lab/api/themes",
    translationsApiUrl: "/lab/api/translations",
    fullStaticUrl: "/lab/static",
    serverRoot: root,
    terminalsAvailable: "false",
    nbConvertAvailable: "false",
    exposeAppInBrowser: "true",
    devMode: "false",
    quitButton: "false",
    buildAvailable: "false",
    buildCheck: "false",
    notebookStartsKernel: "true",
    cacheFiles: "false",
    ...placeOf(path),
  };
  const title = escapeText(`${basename(root) || "/"} - Quiesce Lab`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/kernelspecs/quiesce/logo-svg.svg" type="image/svg+xml">
<link rel="stylesheet" href="/lab/static/start.css">
<script id="jupyter-config-data" type="application/json">${scriptText(JSON.stringify(config)).replaceAll("\\x3c", "\\u003c")}</script>
<script type="module" src="/lab/static/start.js"></script>
</head>
<body>
<noscript>Quiesce Lab needs JavaScript.</noscript>
</body>
</html>
`;
}

function placeOf(path: string): Place {
  const parts =
    /^(?<doc>doc\/?)?(?:workspaces\/(?<workspace>[^/]+)\/?)?(?:tree\/(?<tree>.*))?$/.exec(path)
      ?.groups ?? {};
  return {
    mode: parts.doc === undefined ? "multiple-document" : "single-document",
    workspace: parts.workspace ?? "default",
    treePath: parts.tree ?? "",
  };
}

/** What somebody without the token sees. */
export function refusalPage(why: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quiesce Lab</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em">
<h1>Quiesce Lab</h1><p>Not let in: ${escapeText(why)}.</p></body></html>
`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
