// The page in narrow windows, in the dark, with the keyboard alone, and with hostile words.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { SITE, open, views } from "./browser.mjs";

test("a narrow window never scrolls sideways", async (t) => {
  const { page, go } = await open(t, { viewport: { width: 360, height: 740 } });
  await go();
  for (const [view, hash] of Object.entries(await views(page))) {
    await go(hash);
    const [needed, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(needed <= has, `${view} needs ${needed} of ${has}`);
  }
});

test("in a narrow window, the card leaves the selected words in sight", async (t) => {
  const { page, go } = await open(t, { viewport: { width: 360, height: 740 }, reducedMotion: "reduce" });
  await go();
  const id = await page.evaluate(() => window.RETOLD.articles.flatMap((one) => one.quotes ?? []).at(-1).id);
  await go(`#${id}`);
  await page.waitForSelector(".card");
  await page.waitForFunction((wanted) => {
    const words = document.querySelector(`.text [data-target="${wanted}"]`).getBoundingClientRect();
    return words.top >= 0 && words.bottom <= document.querySelector(".panel").getBoundingClientRect().top;
  }, id);
  await page.click(".close");
  await page.waitForFunction(() => !document.body.classList.contains("has-selection"));
});

test("dark where the system is", async (t) => {
  const shade = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g).map(Number)[0]);
  const dark = await open(t, { colorScheme: "dark" });
  await dark.go();
  assert.ok((await shade(dark.page)) < 60);
  await dark.page.emulateMedia({ colorScheme: "light" });
  assert.ok((await shade(dark.page)) > 200);
});

test("motion is reduced where that is wished", async (t) => {
  const { page, go } = await open(t, { reducedMotion: "reduce" });
  await go();
  const smooth = () => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
  assert.equal(await smooth(), "auto");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.equal(await smooth(), "smooth");
});

test("all that the mouse does, the keyboard does", async (t) => {
  const { page, go } = await open(t);
  await go();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0));
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const article = await page.evaluate(() => window.RETOLD.articles.find((one) => one.quotes?.length && one.claims?.length).id);
  await go(`#/read/${article}?layers=quotes,mentions,claims,checkability,repairs`);
  const reached = new Set();
  const number = await page.locator("a[href], button").count();
  for (let n = 0; n < number + 20; n += 1) {
    await page.keyboard.press("Tab");
    const [target, name, outlined] = await page.evaluate(() => {
      const { activeElement: one } = document;
      return [one.dataset?.target, one.dataset?.name, getComputedStyle(one).outlineStyle];
    });
    if (!target && !name) continue;
    reached.add(target ?? name);
    assert.notEqual(outlined, "none", target ?? name);
  }
  const wanted = await page.evaluate((id) => {
    const one = window.RETOLD.articles.find((other) => other.id === id);
    return [one.quotes, one.claims, one.repairs].flatMap((list) => (list ?? []).map((item) => item.id));
  }, article);
  assert.deepEqual(wanted.filter((id) => !reached.has(id)), []);
  for (const name of ["quotes", "mentions", "claims", "checkability", "repairs", "raw", "clean"]) assert.ok(reached.has(name), name);
  await page.locator('button[data-name="claims"]').focus();
  await page.keyboard.press("Space");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.name), "claims");
  assert.equal(await page.locator('button[data-name="claims"]').getAttribute("aria-pressed"), "false");
});

test("nothing is told by colour alone", async (t) => {
  const { page, go } = await open(t);
  await go();
  const article = await page.evaluate(() => window.RETOLD.articles[0].id);
  await go(`#/read/${article}?layers=quotes,claims,checkability`);
  const bare = await page.locator(".text .chip").evaluateAll((chips) => chips.filter((chip) => !chip.textContent.trim()).length);
  assert.equal(bare, 0);
  const lines = await page.evaluate(() => {
    const of = (type) => window.RETOLD.articles[0].quotes.find((one) => one.type === type);
    return ["direct", "indirect"].map(of).filter(Boolean).map(({ id }) => getComputedStyle(document.querySelector(`[data-target="${id}"] .swatch`)).backgroundImage.includes("repeating"));
  });
  assert.ok(new Set(lines).size === lines.length, "direct and indirect quotes have lines of different kinds");
});

test("words with HTML in them are shown as words", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "retold-hostile-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await cp(SITE, folder, { recursive: true });
  const hostile = "<script>window.HURT = 1</script><b>bold</b><img src=x onerror=window.HURT=1>";
  const data = await readFile(path.join(folder, "data.js"), "utf8");
  const spoil = `
    const hostile = ${JSON.stringify(hostile).replaceAll("<", "\\u003c")};
    // Every string is spoiled, but for those by which things are found: ids, codes and labels hold no space.
    const words = new Set(["name", "statement", "gist", "proposition", "description", "title", "note", "summary", "label", "publisher", "author", "rights", "date", "text", "place", "why", "wikidata_note", "value", "replacement", "parts", "expected", "found", "words", "broader", "measure", "part", "version", "canary"]);
    const each = (value, key) => {
      if (Array.isArray(value)) return value.map((one) => each(one, key));
      if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([own, one]) => [own, each(one, own)]));
      if (key === "url") return "javascript:window.HURT=1";
      return typeof value === "string" && key !== "item" && (words.has(key) || value.includes(" ")) ? hostile + value : value;
    };
    const old = window.RETOLD;
    window.RETOLD = each(old);
    for (const [number, article] of window.RETOLD.articles.entries()) {
      const kept = Array.from(old.articles[number].text), put = Array.from(hostile);
      article.text = [...put, ...kept.slice(put.length)].join("");
      article.url = "javascript:window.HURT=1";
    }
  `;
  await writeFile(path.join(folder, "data.js"), `${data}\n${spoil}`);
  const { page, go } = await open(t);
  await go("", folder);
  for (const [view, hash] of Object.entries(await views(page))) {
    await go(hash, folder);
    assert.equal(await page.evaluate(() => window.HURT), undefined, view);
    assert.equal(await page.locator("main script, main b:text-is('bold'), main img[src='x']").count(), 0, view);
    assert.equal(await page.locator("[href^='javascript:'], [src^='javascript:']").count(), 0, view);
  }
  await go("#/read/" + (await page.evaluate(() => window.RETOLD.articles[0].id)) + "?layers=", folder);
  assert.ok((await page.locator(".text").textContent()).includes("<script>"));
});
