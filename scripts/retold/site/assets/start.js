"use strict";
// The first page: what this is, and where to begin.
(() => {
  const { h, link, plural, store, wording } = Retold;

  const ENTRANCES = [
    ["/compare/remarks", "Compare the wordings", "One remark as each article words it, with the differences marked."],
    ["/compare/claims", "Compare the claims", "Which article states, reports, contradicts or leaves out what."],
    ["/find", "Find", "Words, speakers, people and places, claims."],
    ["/benchmark", "See systems fail", "The scores of tools and models, and their mistakes laid over the text."],
    ["/numbers", "Numbers", "How much of everything there is, and plots."],
  ];

  function articleCard(article) {
    const words = article.text.split(/\s+/).filter(Boolean).length;
    const speakers = new Set((article.quotes ?? []).map((one) => one.speaker).filter(Boolean));
    const known = [article.publisher, article.author, article.date].filter(Boolean).join(", ");
    return h("li", { class: "article-card" },
      h("h3", {}, link(`/read/${article.id}`, store.title(article))),
      h("p", { class: "muted" }, known || "publisher and date unknown"),
      h("p", {}, `${words} words. ${plural((article.quotes ?? []).length, "quote")} of ${plural(speakers.size, "speaker")}, ${plural((article.mentions ?? []).length, "mention")}, ${plural((article.claims ?? []).length, "claim")}.`),
      (article.flags ?? []).length > 0 && h("p", { class: "flags" }, article.flags.map(({ flag }) => h("span", { class: "flag" }, flag.replaceAll("_", " ")))));
  }

  /** The remark that most articles tell, in all its wordings: shows at a glance what the corpus is about. */
  function taste() {
    const spread = (one) => new Set((one.wordings ?? []).map(({ quote }) => store.items.get(quote).article.id)).size;
    const best = (store.data.utterances ?? []).filter((one) => !one.replaced_by).sort((a, b) => spread(b) - spread(a))[0];
    if (!best || spread(best) < 2) return null;
    const seen = new Set();
    const shown = best.wordings.filter(({ quote }) => {
      const article = store.items.get(quote).article.id;
      return !seen.has(article) && seen.add(article);
    });
    return h("section", { class: "taste", "aria-labelledby": "taste" },
      h("h2", { id: "taste" }, `One remark of ${store.speakerName(best.speaker)}, in ${plural(shown.length, "wording")}`),
      h("ol", { class: "wordings-short" }, shown.map(({ quote, rendering, parts }) => {
        const { article } = store.items.get(quote);
        return h("li", {}, h("p", { class: "said" }, wording.compared(parts.filter(([kind]) => kind !== "left_out"))), h("p", { class: "muted" }, `${rendering} · `, link(quote, store.title(article))));
      })),
      h("p", { class: "key" }, h("ins", {}, "Underlined"), " words are not in the first wording. ", link(`/compare/remarks/${best.id}`, "Compare all wordings of this remark")));
  }

  Retold.views.start = () => {
    const { about, articles } = store.data;
    const total = store.data.counts.total.items;
    return {
      title: null,
      element: h("div", { class: "start" },
        h("h1", {}, about.name),
        h("div", { class: "intro" }, (about.words ?? []).map((words) => h("p", {}, words)),
          h("p", {}, `${plural(articles.length, "article")}, ${total.sentences} sentences: ${total.quotes} quotes, ${total.mentions} mentions of people, places and things, ${total.claims} claims. Click anything that is marked: each item opens with its labels, and has a link of its own.`)),
        taste(),
        h("section", { "aria-labelledby": "articles" }, h("h2", { id: "articles" }, "Read an article"), h("ul", { class: "article-cards" }, articles.map(articleCard))),
        h("section", { "aria-labelledby": "more" }, h("h2", { id: "more" }, "Look across articles"),
          h("ul", { class: "entrances" }, ENTRANCES.map(([hash, name, what]) => h("li", {}, link(hash, name), " ", h("span", {}, what)))))),
    };
  };
})();
