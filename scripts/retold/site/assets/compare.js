"use strict";
// What the articles share, side by side: remarks in all their wordings, and topics.
Retold.compare = (() => {
  const { h, link, facts, said, plural, store, wording, cards } = Retold;

  const TABS = [["remarks", "Remarks"], ["claims", "Claims"], ["topics", "Topics"]];

  function tabs(current) {
    return h("nav", { class: "tabs", "aria-label": "What to compare" }, h("ul", {}, TABS.map(([name, shown]) => h("li", {}, h("a", { href: `#/compare/${name}`, "aria-current": name === current ? "page" : null }, shown)))));
  }

  const articlesOf = (one) => new Set((one.wordings ?? []).map(({ quote }) => store.items.get(quote).article.id));

  function remarks() {
    const listed = store.utteranceIds.map((id) => store.utterances.get(id)).sort((a, b) => articlesOf(b).size - articlesOf(a).size || (b.wordings?.length ?? 0) - (a.wordings?.length ?? 0));
    return {
      title: "Remarks compared",
      element: h("div", { class: "reading" }, tabs("remarks"), h("h1", {}, "One remark, many wordings"),
        h("p", {}, `${plural(listed.length, "remark")} that the corpus tells more than once. Open one to set its wordings side by side.`),
        h("ul", { class: "remark-list" }, listed.map((one) => h("li", {}, link(`/compare/remarks/${one.id}`, one.gist), h("span", { class: "muted" }, ` ${store.speakerName(one.speaker)} · ${plural(one.wordings?.length ?? 0, "wording")} in ${plural(articlesOf(one).size, "article")}`))))),
    };
  }

  function remark(id) {
    const one = store.utterances.get(id);
    if (!one) return null;
    const [reference, ...others] = one.wordings ?? [];
    const grid = h("ol", { class: "wordings" }, (one.wordings ?? []).map((told) => wordingCard(told, told === reference && told.quote === one.reference)));
    const button = Retold.toggle("left-out", false, (event) => {
      const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
      event.currentTarget.setAttribute("aria-pressed", String(on));
      grid.classList.toggle("with-left-out", on);
    }, "Words left out by paraphrases too");
    return {
      title: one.gist,
      element: h("div", { class: "wide" }, tabs("remarks"), h("h1", {}, one.gist),
        facts([["speaker", one.speaker ? cards.entityLink(one.speaker) : "open"], ["date", one.date], ["place", one.place], ["note", one.note], ["replaced by", one.replaced_by && link(`/compare/remarks/${one.replaced_by}`, one.replaced_by)]]),
        others.length > 0 && h("p", { class: "key" }, "Against the reference wording: ", h("ins", {}, "words of its own"), ", ", h("del", {}, "words left out"), ". ", button),
        grid, h("p", {}, link("/compare/remarks", "All remarks"))),
    };
  }

  function wordingCard({ quote, rendering, parts }, isReference) {
    const { article, item } = store.items.get(quote);
    return h("li", { class: isReference ? "reference" : rendering },
      h("h2", {}, isReference ? "Reference wording" : said(rendering), " ", h("small", {}, link(`/read/${article.id}`, article.id))),
      h("blockquote", {}, wording.compared(parts)),
      h("p", { class: "muted" }, `${item.type}${item.polarity === "negative" ? ", denied or refused" : ""} · ${item.source ? `“${store.phrase(article, item.source)}”` : "no source named"}${item.cue ? ` “${store.phrase(article, item.cue)}”` : ""} · `, link(quote, "in the text")));
  }

  function topics() {
    const counted = store.data.articles.map((article) => {
      const own = new Map();
      for (const block of article.blocks ?? []) for (const code of block.topics ?? []) own.set(code, (own.get(code) ?? 0) + 1);
      const ranks = new Map((article.topics ?? []).map((one) => [one.code, one.rank]));
      return { article, own, ranks, blocks: (article.blocks ?? []).filter((block) => block.topics).length };
    });
    const used = [...store.topics.values()].map((topic) => ({ topic, all: counted.reduce((sum, { own }) => sum + (own.get(topic.code) ?? 0), 0) })).sort((a, b) => b.all - a.all || (a.topic.label < b.topic.label ? -1 : 1));
    const cell = ({ article, own, ranks, blocks }, { code }) => {
      const n = own.get(code) ?? 0, share = blocks ? n / blocks : 0, rank = ranks.get(code);
      const bar = h("span", { class: "bar-fill", "aria-hidden": "true" });
      bar.style.inlineSize = `${Math.round(share * 100)}%`;
      return h("td", { class: rank ? `rank-${rank}` : null, "data-article": article.id }, h("span", { class: "bar-track", "aria-hidden": "true" }, bar), h("span", { class: "bar-number" }, n || rank ? n : "–"), rank && h("span", { class: "rank" }, rank === "main" ? "★" : "☆", Retold.hidden(` ${rank} topic`)));
    };
    return {
      title: "Topics compared",
      element: h("div", { class: "wide" }, tabs("topics"), h("h1", {}, "Topics of the articles"),
        h("p", {}, "IPTC Media Topics. A bar is the share of an article’s blocks that have the topic; the number says how many. ★ main topic of the article, ☆ further topic."),
        h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Topics by article" }, h("table", { class: "topics" }, h("caption", { class: "hidden" }, "Number of blocks with each topic, by article"),
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Topic"), counted.map(({ article }) => h("th", { scope: "col", class: "tilted" }, link(`/read/${article.id}`, article.id))))),
          h("tbody", {}, used.map(({ topic }) => h("tr", {}, h("th", { scope: "row" }, topic.label, topic.broader && h("span", { class: "broader" }, topic.broader[0])), counted.map((one) => cell(one, topic)))))))),
    };
  }

  Retold.views.compare = ([what, id], query) => {
    if (what === undefined || what === "remarks") return id ? remark(id) : remarks();
    if (what === "claims") return id ? Retold.claimView(id) : Retold.matrixView(query);
    return what === "topics" ? topics() : null;
  };

  return { tabs };
})();
