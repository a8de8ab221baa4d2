"use strict";
// The mistakes of one system at one task, laid over the articles.
(() => {
  const { h, link, toggle, joined, plural, store, text, ties, cards } = Retold;

  const KINDS = [["missed", "in the annotation, not found by the system"], ["spurious", "found by the system, not in the annotation"], ["wrong", "found, with a wrong label or extent"]];

  const ids = (one) => (one.item ?? "").split(/,\s*/).filter((id) => store.items.has(id));

  const shownLabel = (label) => (label ? store.entityName(label) : "nothing");

  function sentence(one) {
    if (one.kind === "wrong") return [`${one.label}: `, one.expected !== undefined ? [h("b", {}, shownLabel(one.expected)), " expected, "] : null, h("b", {}, shownLabel(one.found)), " found"];
    return `${one.label}${one.found ? `: ${one.found}` : one.expected ? `: ${one.expected}` : ""}`;
  }

  Retold.mistakesView = (made, articleId, number) => {
    const all = made.mistakes ?? [];
    const withAny = store.data.articles.filter((article) => all.some((one) => one.article === article.id));
    const article = store.articles.get(articleId) ?? withAny[0] ?? store.data.articles[0];
    const base = `/benchmark/${made.task}/${made.system}`;
    const listed = all.filter((one) => one.article === article.id);
    const shown = new Set(KINDS.map(([kind]) => kind));
    const paper = h("div", { class: "paper" }), list = h("ol", { class: "mistake-list" });
    let refresh = () => {}, selected = null, parts = new Map();

    function draw() {
      const kept = listed.map((one) => (shown.has(one.kind) ? one : { ...one, at: [-1, -1] }));
      const rendered = text.render(article, { layers: new Set(), text: "raw", mistakes: kept, mistakeHash: (id) => `${base}/${article.id}/${id.slice("mistake-".length)}` });
      parts = rendered.parts;
      const tie = ties.overlay(parts);
      const sheet = h("div", { class: "sheet" }, rendered.element, tie.element);
      refresh = ties.watch(sheet, tie, () => selected);
      paper.replaceChildren(sheet);
      list.replaceChildren(...listed.flatMap((one, n) => (shown.has(one.kind) ? [entry(one, n)] : [])));
      refresh();
    }

    function entry(one, n) {
      const words = one.text ?? store.words(article, one.at);
      return h("li", { value: n + 1, class: one.kind, "data-number": n, "aria-current": selected === `mistake-${n}` ? "true" : null },
        h("p", {}, h("span", { class: `sign ${one.kind}` }, `${text.SIGNS[one.kind]} ${one.kind}`), " ", sentence(one)),
        h("p", { class: "muted" }, "“", words.replace(/\s+/g, " "), "” ", one.at[0] >= 0 ? link(`${base}/${article.id}/${n}`, "show in the text") : "(not in the text)", ids(one).length ? [" · annotated: ", joined(ids(one).map((id) => cards.itemLink(id)))] : null));
    }

    const counts = Object.fromEntries(KINDS.map(([kind]) => [kind, listed.filter((one) => one.kind === kind).length]));
    const flip = (kind) => (event) => {
      shown.has(kind) ? shown.delete(kind) : shown.add(kind);
      event.currentTarget.setAttribute("aria-pressed", String(shown.has(kind)));
      draw();
    };
    if (number !== undefined && listed[number]) selected = `mistake-${number}`;
    draw();
    const element = h("div", { class: "read" },
      h("header", { class: "article-head" }, h("h1", {}, `What ${made.system} got wrong`), h("p", {}, `Task ${made.task}: ${plural(all.length, "mistake")} in all articles. `, link("/benchmark", "Back to the scores"))),
      h("nav", { "aria-label": "Articles" }, h("ul", { class: "chips" }, store.data.articles.map((one) => h("li", {}, h("a", { href: `#${base}/${one.id}`, "aria-current": one === article ? "page" : null }, `${one.id} (${all.filter((mistake) => mistake.article === one.id).length})`))))),
      h("div", { class: "bar", role: "group", "aria-label": "Kinds of mistakes" }, h("span", { class: "bar-name" }, "Show"), KINDS.map(([kind]) => toggle(kind, true, flip(kind), `${text.SIGNS[kind]} ${kind} (${counts[kind]})`))),
      h("div", { class: "legend" }, KINDS.map(([kind, meaning]) => h("p", { class: "key" }, h("span", { class: `piece mistake ${kind}` }, kind), ` ${meaning}`))),
      h("div", { class: "columns" }, paper, h("aside", { class: "panel", "aria-label": "Mistakes" }, h("h2", {}, store.title(article)), listed.length ? list : h("p", {}, "No mistakes in this article."))));
    const reveal = () => {
      if (!selected) return;
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
      const handle = (parts.get(selected) ?? []).find(({ role }) => role === "handle")?.element;
      handle?.scrollIntoView({ block: "center" });
      handle?.focus({ preventScroll: true });
      refresh();
    };
    return { title: `${made.system}: ${made.task}`, element, shown: reveal };
  };
})();
