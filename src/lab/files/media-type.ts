// Media types by the ending of a name: what a notebook folder holds, and what the bundled application is made of.

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  eot: "application/vnd.ms-fontobject",
  gif: "image/gif",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  pdf: "application/pdf",
  png: "image/png",
  quiesce: "text/x-quiesce; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
  ts: "text/typescript; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
  webp: "image/webp",
  woff: "font/woff",
  woff2: "font/woff2",
};

/** With its charset, as a header wants it; null where the name says nothing. */
export function contentType(name: string): string | null {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return types[ending] ?? null;
}

/** Without parameters, as the contents interface wants it. */
export function mediaType(name: string): string | null {
  return contentType(name)?.split(";")[0] ?? null;
}
