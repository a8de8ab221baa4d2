// axe-core finds nothing to complain of, on any view, in light and dark and in a narrow window.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { open, views } from "./browser.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WINDOWS = { light: {}, dark: { colorScheme: "dark" }, narrow: { viewport: { width: 360, height: 740 } } };

for (const [name, options] of Object.entries(WINDOWS)) {
  test(`no violations, ${name}`, async (t) => {
    const { page, go } = await open(t, { ...options, reducedMotion: "reduce" });
    await go();
    const found = [];
    for (const [view, hash] of Object.entries(await views(page))) {
      await go(hash);
      await page.addScriptTag({ content: AXE });
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
      for (const { id, nodes } of violations) found.push(`${view}: ${id}: ${nodes.length} such as ${nodes[0].html.slice(0, 150)} ${nodes[0].failureSummary?.slice(0, 300)}`);
    }
    assert.deepEqual(found, []);
  });
}
