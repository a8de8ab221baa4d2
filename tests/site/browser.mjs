// What the tests of the site share: the site, a browser, and a page that counts its errors.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The folder of the site; `SITE` names another one than that of the corpus. */
export const SITE = path.resolve(process.env.SITE ?? path.join(import.meta.dirname, "../../build/site"));
assert.ok(existsSync(path.join(SITE, "index.html")), `no site in ${SITE}: run retold site, or make site-test`);

export const address = (hash = "", folder = SITE) => `${pathToFileURL(path.join(folder, "index.html")).href}${hash}`;

/** Open a browser with a profile of its own for a test; both go when the test ends, and errors are told. */
export async function open(t, options = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), "retold-site-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS, headless: true, viewport: { width: 1280, height: 900 }, ...options });
  const faults = [];
  const asked = [];
  context.on("weberror", (one) => faults.push(String(one.error())));
  context.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  context.on("request", (request) => !/^(file|data|about):/.test(request.url()) && asked.push(request.url()));
  const page = context.pages()[0] ?? (await context.newPage());

  /** Go to a view of the site, freshly loaded. */
  async function go(hash = "", folder = SITE) {
    await page.goto("about:blank");
    await page.goto(address(hash, folder));
    await page.waitForSelector("#main h1");
  }

  t.after(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
    assert.deepEqual(faults, [], "errors on the console");
    assert.deepEqual(asked, [], "requests to the network");
  });
  return { page, go };
}

/** Every view, with an address that shows it; what they need is looked up in the data. */
export async function views(page) {
  return page.evaluate(() => {
    const { articles, utterances, matrix, mistakes, entities } = window.RETOLD;
    const quote = articles.flatMap((one) => one.quotes ?? []).find((one) => one.source && one.cue);
    const mention = articles.flatMap((one) => one.mentions ?? []).find((one) => one.entity);
    const failed = (mistakes ?? []).find((one) => one.mistakes?.length);
    const all = {
      start: "", read: `#/read/${articles[0].id}?layers=quotes`,
      "read, all layers": `#/read/${articles[0].id}?layers=quotes,mentions,claims,checkability,repairs&text=raw`,
      "read, repaired": `#/read/${articles[0].id}?layers=repairs&text=clean`,
      quote: `#${quote.id}`, mention: `#${mention.id}`, claim: `#${articles[0].claims[0].id}`,
      remarks: "#/compare/remarks", claims: "#/compare/claims", topics: "#/compare/topics",
      find: "#/find", "find, with words": `#/find/${encodeURIComponent(entities[0].name)}`,
      entity: `#/entity/${entities[0].id}`, benchmark: "#/benchmark", numbers: "#/numbers", unknown: "#nothing-here",
    };
    if (utterances?.length) all.remark = `#/compare/remarks/${utterances[0].id}`;
    if (matrix?.length) all["one claim"] = `#/compare/claims/${matrix[0].claim}`;
    if (failed) all.mistakes = `#/benchmark/${failed.task}/${failed.system}`;
    return all;
  });
}
