// What packages written for Node ask of `process` in a browser.
export const process = {
  env: {NODE_ENV: "production"},
  argv: [],
  browser: true,
  platform: "browser",
  cwd: () => "/",
  nextTick: (work, ...values) => queueMicrotask(() => work(...values)),
};
