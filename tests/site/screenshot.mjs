// Takes the picture of the site that README shows: npm run screenshot
import path from "node:path";
import { SITE, open } from "./browser.mjs";

const ends = [];
const { page, go } = await open({ after: (end) => ends.push(end) }, { viewport: { width: 1200, height: 760 }, reducedMotion: "reduce" });
await go();
const id = await page.evaluate(() => window.RETOLD.articles.flatMap((one) => (one.quotes ?? []).map((quote) => ({ quote, one }))).filter(({ quote, one }) => one.title && quote.source && quote.cue && quote.type === "mixed").sort((a, b) => a.quote.content[0][0] - b.quote.content[0][0])[0].quote.id);
await go(`#${id}`);
await page.waitForSelector(".card");
await page.evaluate(() => window.scrollTo(0, 0));
await page.screenshot({ path: path.join(SITE, "screenshot.png") });
for (const end of ends) await end();
