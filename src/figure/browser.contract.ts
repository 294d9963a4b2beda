// Chromium for the tests that need a real browser. Where it must be there (`QUIESCE_REQUIRE_TOOLS=1` or `QUIESCE_REQUIRE_BROWSER=1`, as in
// continuous integration) its absence is a failure, elsewhere it is a reason to skip.

import {existsSync} from "node:fs";
import {type Browser, chromium, type Page} from "playwright-core";

const path = process.env.QUIESCE_CHROMIUM ?? "/usr/bin/chromium";

/** Why browser tests are skipped; undefined when they run. Throws when a browser is required and missing. */
export function whyNoBrowser(): string | undefined {
  if (existsSync(path)) return undefined;
  const reason = `needs Chromium at ${path} (Debian: chromium)`;
  const {QUIESCE_REQUIRE_TOOLS, QUIESCE_REQUIRE_BROWSER} = process.env;
  if (QUIESCE_REQUIRE_TOOLS === "1" || QUIESCE_REQUIRE_BROWSER === "1") throw new Error(reason);
  return reason;
}

export interface OpenPage {
  readonly page: Page;
  /** Messages of errors that the page had, and addresses it asked the network for. */
  readonly errors: string[];
  readonly requests: string[];
}

export function launchBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--enable-unsafe-swiftshader", "--force-device-scale-factor=1"];
  return chromium.launch({executablePath: path, args});
}

/** A page without network that shows the HTML; with `scripts: false` none of its scripts runs. */
export async function openHtml(
  browser: Browser,
  html: string,
  options: {readonly scripts?: boolean} = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    offline: true,
    javaScriptEnabled: options.scripts ?? true,
    viewport: {width: 1300, height: 900},
  });
  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && !request.url().startsWith("about:"))
      requests.push(request.url());
  });
  await page.setContent(html, {waitUntil: "load"});
  return {page, errors, requests};
}
