// What a reader does with the page, in a browser, from disk.
import assert from "node:assert/strict";
import test from "node:test";
import { open, views } from "./browser.mjs";

/** An item of the corpus that fits, with its article. */
const find = (page, layer, fits) =>
  page.evaluate(([name, code]) => {
    const good = new Function("item", "article", `return ${code}`);
    for (const article of window.RETOLD.articles) {
      const item = (article[name] ?? []).find((one) => good(one, article));
      if (item) return { article: article.id, item };
    }
    return null;
  }, [layer, fits]);
const pressed = (page, name) => page.locator(`button[data-name="${name}"]`).getAttribute("aria-pressed");

test("every view opens from disk, with a heading and a title of its own", async (t) => {
  const { page, go } = await open(t);
  await go();
  const titles = new Set();
  for (const [view, hash] of Object.entries(await views(page))) {
    await go(hash);
    assert.equal(await page.locator("h1").count(), 1, view);
    titles.add(await page.title());
    if (view !== "unknown") assert.notEqual(await page.locator("h1").textContent(), "Nothing here", view);
  }
  assert.ok(titles.size > 8);
});

test("the start page says what this is and leads to every article", async (t) => {
  const { page, go } = await open(t);
  await go();
  const articles = await page.evaluate(() => window.RETOLD.articles.map(({ id }) => id));
  for (const id of articles) assert.equal(await page.locator(`.article-cards a[href="#/read/${id}"]`).count(), 1);
  await page.locator(".article-cards a").first().click();
  await page.waitForSelector(".text");
  assert.equal(new URL(page.url()).hash, `#/read/${articles[0]}`);
});

test("each layer can be switched on and off, and the address says so", async (t) => {
  const { page, go } = await open(t);
  await go();
  const article = await page.evaluate(() => window.RETOLD.articles.find((one) => (one.repairs ?? []).length)?.id);
  const shown = { quotes: ".quote-chip", mentions: ".piece.mention", claims: ".claim-chip", checkability: ".sentence.check-checkable", repairs: ".repair-chip, .piece.repair" };
  for (const [layer, selector] of Object.entries(shown)) {
    await go(`#/read/${article}?layers=&text=raw`);
    const marks = page.locator(".text").locator(selector);
    assert.equal(await marks.count(), 0, layer);
    await page.click(`button[data-name="${layer}"]`);
    assert.ok(await marks.count() > 0, layer);
    assert.equal(await pressed(page, layer), "true");
    assert.match(page.url(), new RegExp(`layers=${layer}`));
    assert.ok(await page.locator(".legend .key").count() === 1);
    await page.reload();
    await page.waitForSelector(".text");
    assert.ok(await marks.count() > 0, `${layer} after a reload`);
    await page.click(`button[data-name="${layer}"]`);
    assert.equal(await marks.count(), 0, layer);
  }
});

test("the text as received is shown whole, whatever lies over it", async (t) => {
  const { page, go } = await open(t);
  await go();
  const articles = await page.evaluate(() => window.RETOLD.articles.map(({ id, text }) => ({ id, text })));
  for (const { id, text } of articles) {
    await go(`#/read/${id}?layers=quotes,mentions,claims,checkability,repairs&text=raw`);
    const read = await page.evaluate(() => {
      const copy = document.querySelector(".text").cloneNode(true);
      for (const one of copy.querySelectorAll(".chip, .type-tag, .block-kind")) one.remove();
      return copy.textContent;
    });
    assert.equal(read.replace(/\s/g, ""), text.replace(/\s/g, ""), id);
  }
});

test("the repaired text has the repairs made", async (t) => {
  const { page, go } = await open(t);
  await go();
  const known = await page.evaluate(() => window.RETOLD.articles.map(({ id, text, repairs }) => {
    const points = Array.from(text);
    let clean = "", done = 0;
    for (const { at: [a, b], replacement } of repairs ?? []) {
      clean += points.slice(done, a).join("") + (replacement ?? "");
      done = b;
    }
    return { id, clean: clean + points.slice(done).join("") };
  }));
  for (const { id, clean } of known) {
    for (const layers of ["", "quotes,mentions,claims,checkability"]) {
      await go(`#/read/${id}?layers=${layers}&text=clean`);
      const read = await page.evaluate(() => {
        const copy = document.querySelector(".text").cloneNode(true);
        for (const one of copy.querySelectorAll(".chip, .type-tag, .block-kind")) one.remove();
        return copy.textContent;
      });
      assert.equal(read.replace(/\s/g, ""), clean.replace(/\s/g, ""), id);
    }
  }
  const replaced = await find(page, "repairs", "item.replacement && item.at[1] > item.at[0]");
  if (!replaced) return t.skip("the corpus has no repair that replaces words");
  const { item } = replaced;
  await go(`#${item.id}`);
  assert.ok(await page.locator(".selected.as-repair").isVisible());
  const before = await page.locator(".selected.as-repair").first().textContent();
  await page.click('button[data-name="clean"]');
  assert.equal(await page.locator(".selected.as-repair").first().textContent(), item.replacement);
  assert.notEqual(before, item.replacement);
  assert.equal(await page.locator(`.text a.selected.as-handle[href="#${item.id}"]`).getAttribute("tabindex"), null);
});

test("a link to an item opens its article, scrolls to it and selects it", async (t) => {
  const { page, go } = await open(t);
  await go();
  for (const layer of ["quotes", "mentions", "claims", "repairs"]) {
    const id = await page.evaluate((name) => window.RETOLD.articles.flatMap((one) => one[name] ?? []).at(-1)?.id, layer);
    await go(`#${id}`);
    await page.waitForSelector(".card h2");
    await page.waitForFunction(() => {
      const { top, bottom } = document.activeElement.getBoundingClientRect();
      return document.activeElement.closest(".text") && top >= 0 && bottom <= window.innerHeight;
    });
    assert.ok(await page.locator(".text .selected").count() > 0, id);
    assert.ok((await page.locator(".panel .permalink").textContent()).includes(`#${id}`));
    assert.equal(await pressed(page, layer), "true");
  }
  for (const layer of ["sentence", "block"]) {
    const id = await page.evaluate((kind) => {
      const block = window.RETOLD.articles[0].blocks.at(-1);
      return kind === "block" ? block.id : block.sentences[0].id;
    }, layer);
    await go(`#${id}`);
    await page.waitForFunction((kind) => document.querySelector(`.selected.as-${kind}`)?.getBoundingClientRect().top >= 0, layer);
  }
});

test("every item of every article can be selected", async (t) => {
  const { page, go } = await open(t);
  await go();
  const ids = await page.evaluate(() => window.RETOLD.articles.flatMap((one) => [one.blocks, one.blocks.flatMap(({ sentences }) => sentences), one.quotes, one.mentions, one.claims, one.repairs].flatMap((list) => (list ?? []).map(({ id }) => id))));
  const without = await page.evaluate(async (all) => {
    const lost = [];
    for (const id of all) {
      window.location.hash = `#${id}`;
      await new Promise((done) => window.addEventListener("hashchange", () => setTimeout(done), { once: true }));
      if (!document.querySelector(".text .selected") || !document.querySelector(".panel .permalink").textContent.includes(id)) lost.push(id);
    }
    return lost;
  }, ids.filter((_, n) => n % Math.ceil(ids.length / 400) === 0));
  assert.deepEqual(without, []);
});

test("a quote is tied to its source and cue when it is pointed at, and when it is selected", async (t) => {
  const { page, go } = await open(t);
  await go();
  const { article, item } = await find(page, "quotes", "item.source && item.cue && item.content.length === 1");
  await go(`#/read/${article}?layers=quotes`);
  const chip = page.locator(`.quote-chip[data-target="${item.id}"]`);
  await chip.hover();
  for (const role of ["source", "cue", "content"]) assert.ok(await page.locator(`.touched.as-${role}`).count() > 0, role);
  assert.equal(await page.locator(".ties path").count(), 2);
  await page.mouse.move(2, 2);
  assert.equal(await page.locator(".ties path").count(), 0);
  await chip.focus();
  assert.equal(await page.locator(".ties path").count(), 2);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".card-quote");
  await page.mouse.move(2, 2);
  assert.ok(await page.locator(".selected.as-source").count() > 0);
  assert.equal(await page.locator(".ties path").count(), 2);
  await page.click(".close");
  await page.waitForFunction(() => !document.querySelector(".selected"));
});

test("a mention shows its entity, the item's page and all other mentions", async (t) => {
  const { page, go } = await open(t);
  await go();
  const linked = await find(page, "mentions", "item.entity && window.RETOLD.entities.some((one) => one.id === item.entity && one.wikidata)");
  if (!linked) return t.skip("the corpus links no entity to Wikidata");
  const { item } = linked;
  await go(`#${item.id}`);
  const card = page.locator(".card-mention");
  const entity = await page.evaluate((id) => window.RETOLD.entities.find((one) => one.id === id), item.entity);
  assert.ok((await card.textContent()).includes(entity.description));
  assert.equal(await card.locator(`a[href="https://www.wikidata.org/wiki/${entity.wikidata}"]`).count(), 1);
  const number = await page.evaluate((id) => window.RETOLD.articles.flatMap((one) => one.mentions ?? []).filter((one) => one.entity === id).length, item.entity);
  assert.equal(await card.locator(".mentions a").count(), number);
  await card.locator(`a[href="#/entity/${item.entity}"]`).first().click();
  await page.waitForFunction((name) => document.querySelector("h1").textContent === name, entity.name);
});

test("a claim shows its proposition, category, certainty and claimant", async (t) => {
  const { page, go } = await open(t);
  await go();
  const { item } = await find(page, "claims", "item.canonical && item.claimant === 'article'");
  await go(`#${item.id}`);
  const said = await page.locator(".card-claim").textContent();
  for (const words of [item.proposition, item.category.replaceAll("_", " "), item.certainty, "the article itself"]) assert.ok(said.includes(words), words);
  await page.locator(`.card-claim a[href="#/compare/claims/${item.canonical}"]`).click();
  await page.waitForSelector(".makers");
  assert.ok((await page.locator(".makers").textContent()).includes(item.proposition));
});

test("one remark in all its wordings, differences marked", async (t) => {
  const { page, go } = await open(t);
  await go("#/compare/remarks");
  const one = await page.evaluate(() => window.RETOLD.utterances.find((other) => other.wordings.some(({ rendering }) => rendering === "paraphrase" || rendering === "altered")));
  await page.click(`a[href="#/compare/remarks/${one.id}"]`);
  await page.waitForSelector(".wordings");
  assert.equal(await page.locator(".wordings > li").count(), one.wordings.length);
  assert.ok(await page.locator(".wordings ins").count() > 0);
  const before = await page.locator(".wordings del:visible").count();
  await page.click('button[data-name="left-out"]');
  assert.ok(await page.locator(".wordings del:visible").count() >= before);
  await page.locator(".wordings li a", { hasText: "in the text" }).last().click();
  await page.waitForSelector(".card-quote");
});

test("the matrix sorts and filters, and a link keeps both", async (t) => {
  const { page, go } = await open(t);
  await go("#/compare/claims");
  const rows = page.locator(".matrix tbody tr");
  const all = await rows.count();
  assert.equal(all, await page.evaluate(() => window.RETOLD.matrix.length));
  await page.click('.matrix button[data-name="name"]');
  const names = await rows.locator("th").allTextContents();
  assert.deepEqual(names, [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  assert.equal(await page.locator('.matrix th[aria-sort="ascending"]').count(), 1);
  const [first] = await page.evaluate(() => window.RETOLD.articles.map(({ id }) => id));
  await page.click(`.matrix button[data-name="${first}"]`);
  const column = (await rows.locator("td:nth-child(2)").evaluateAll((cells) => cells.map((cell) => cell.dataset.status.split(" ")[0])));
  const order = ["stated", "attributed", "implied", "contradicted", "left_out"];
  assert.deepEqual(column, [...column].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  await page.getByLabel("Status").selectOption("contradicted");
  const disputed = await rows.count();
  assert.ok(disputed > 0 && disputed < all);
  assert.equal(await rows.locator('td[data-status~="contradicted"]').evaluateAll((cells) => new Set(cells.map((cell) => cell.parentElement)).size), disputed);
  await page.reload();
  await page.waitForSelector(".matrix");
  assert.equal(await rows.count(), disputed);
  await page.getByLabel("Words").fill("no such words");
  assert.equal(await rows.count(), 0);
  await page.getByLabel("Words").fill("");
  await page.getByLabel("Status").selectOption("");
  assert.equal(await rows.count(), all);
  await rows.locator("a").first().click();
  await page.waitForSelector(".makers, .muted");
});

test("topics are a chart that is a table too", async (t) => {
  const { page, go } = await open(t);
  await go("#/compare/topics");
  const topics = await page.evaluate(() => window.RETOLD.topics.length);
  assert.equal(await page.locator(".topics tbody tr").count(), topics);
  const widths = await page.locator(".topics .bar-fill").evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  assert.ok(widths.some((width) => width > 5));
  assert.equal(await page.locator(".topics caption").count(), 1);
});

test("search finds texts, speakers, claims; results lead to the items; a link keeps the words", async (t) => {
  const { page, go } = await open(t);
  await go("#/find");
  assert.ok(await page.locator(".results a").count() > 0);
  const { item } = await find(page, "claims", "true");
  const words = item.proposition.split(" ").slice(-3).join(" ").toUpperCase();
  await page.getByRole("searchbox").fill(words);
  const hit = page.locator(`.results a[href="#${item.id}"]`);
  await hit.waitFor();
  assert.ok(await page.locator(".results mark").count() > 0);
  await page.reload();
  await page.waitForSelector(".results mark");
  assert.equal(await page.getByRole("searchbox").inputValue(), words);
  await hit.click();
  await page.waitForSelector(".card-claim");
  await go("#/find/%3Cb%3Ezzz");
  assert.match(await page.locator('[role="status"]').textContent(), /Nothing found/);
});

test("more results are shown on demand, and the focus follows", async (t) => {
  const { page, go } = await open(t);
  await go("#/find/e");
  const more = page.locator("button.more").first();
  const section = page.locator(".results section", { has: page.locator("button.more") }).first();
  const before = await section.locator("li").count();
  await more.click();
  const after = await page.locator(".results section").nth(0).locator("..").locator("li").count();
  assert.ok(after > before);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "A");
});

test("a system's mistakes lie over the article", async (t) => {
  const { page, go } = await open(t);
  await go("#/benchmark");
  const made = await page.evaluate(() => window.RETOLD.mistakes.find((one) => one.mistakes?.some(({ at }) => at[0] >= 0)));
  if (!made) return t.skip("no system has been scored on the corpus");
  await page.click(`a[href="#/benchmark/${made.task}/${made.system}"]`);
  await page.waitForSelector(".mistake-list");
  const article = await page.evaluate((all) => window.RETOLD.articles.find((one) => all.some(({ article }) => article === one.id)).id, made.mistakes);
  const own = made.mistakes.filter((one) => one.article === article);
  assert.equal(await page.locator(".mistake-list > li").count(), own.length);
  assert.ok(await page.locator(".text .mistake").count() > 0);
  const kind = own[0].kind;
  await page.click(`button[data-name="${kind}"]`);
  assert.equal(await page.locator(`.text .mistake.${kind}`).count(), 0);
  await page.click(`button[data-name="${kind}"]`);
  await page.locator(".mistake-list a", { hasText: "show in the text" }).last().click();
  await page.waitForSelector(".mistake-list [aria-current]");
  await page.waitForFunction(() => {
    const { top, bottom } = document.querySelector(".text .selected").getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  });
});

test("plots and counts", async (t) => {
  const { page, go } = await open(t);
  await go("#/numbers");
  assert.ok((await page.locator(".counts").first().textContent()).includes("quotes"));
  const plots = await page.evaluate(() => window.RETOLD.plots.length);
  assert.equal(await page.locator(".plots img").count(), plots);
  for (const image of await page.locator(".plots img").all()) {
    await image.scrollIntoViewIfNeeded();
    assert.ok(await image.evaluate(async (element) => (await element.decode().catch(() => {}), element.naturalWidth > 0)));
  }
});

test("every link of every view leads somewhere", async (t) => {
  const { page, go } = await open(t);
  await go();
  const targets = new Set();
  for (const hash of Object.values(await views(page))) {
    await go(hash);
    for (const one of await page.locator('a[href^="#"]').evaluateAll((links) => links.map((link) => link.getAttribute("href")))) targets.add(one);
  }
  targets.delete("#main");
  targets.delete("#nothing-here");
  const all = [...targets];
  const broken = await page.evaluate(async (some) => {
    const lost = [];
    for (const hash of some) {
      if (window.location.hash === hash) continue;
      window.location.hash = hash;
      await new Promise((done) => window.addEventListener("hashchange", () => setTimeout(done), { once: true }));
      if (document.querySelector("h1").textContent === "Nothing here") lost.push(hash);
    }
    return lost;
  }, all.filter((one, n) => one.startsWith("#/") || n % 5 === 0));
  assert.deepEqual(broken, []);
});
