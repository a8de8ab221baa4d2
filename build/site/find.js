"use strict";
// Search over the texts and all that the annotation says of them.
(() => {
  const { h, link, plural, store } = Retold;
  const FEW = 12;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  let index = null;

  /** Everything that can be found, by group: {hash, text, about}. */
  function entries() {
    if (index) return index;
    const entry = (hash, text, about, where) => ({ hash, text, about, where, key: plain(`${text} ${about ?? ""}`) });
    const live = (map) => [...map.values()].filter((one) => !one.replaced_by);
    index = [
      ["Speakers and entities", live(store.entities).map((one) => entry(`/entity/${one.id}`, one.name, one.description))],
      ["Quotes", store.quotes.map(({ item, article }) => entry(item.id, store.phrase(article, item.content), store.speakerName(item.speaker), article.id))],
      ["Remarks told more than once", live(store.utterances).map((one) => entry(`/compare/remarks/${one.id}`, one.gist, store.speakerName(one.speaker)))],
      ["Claims", store.claims.map(({ item, article }) => entry(item.id, item.proposition, store.claimantName(item.claimant), article.id))],
      ["Claims across articles", live(store.canonical).map((one) => entry(`/compare/claims/${one.id}`, one.statement))],
      ["Mentions", store.mentions.map(({ item, article }) => entry(item.id, store.words(article, item.at), item.entity ? store.entityName(item.entity) : item.type, article.id))],
      ["Sentences", [...store.items.values()].filter(({ kind }) => kind === "sentence").map(({ item, article }) => entry(item.id, store.words(article, item.at), undefined, article.id))],
    ];
    return index;
  }

  /** Mark the terms in a text; offsets hold where folding does not change the length. */
  function marked(text, terms) {
    const folded = Array.from(text, (c) => plain(c) || c).join("");
    if (folded.length !== text.length) return text;
    const spots = terms.flatMap((term) => {
      const found = [];
      for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) found.push([at, at + term.length]);
      return found;
    }).sort((a, b) => a[0] - b[0]);
    const parts = [];
    let done = 0;
    for (const [from, to] of spots) {
      if (from < done) continue;
      parts.push(text.slice(done, from), h("mark", {}, text.slice(from, to)));
      done = to;
    }
    return [...parts, text.slice(done)];
  }

  function group([name, list], terms) {
    const found = list.filter(({ key }) => terms.every((term) => key.includes(term)));
    if (!found.length) return null;
    const row = ({ hash, text, about, where }) => h("li", {}, link(hash, marked(text.replace(/\s+/g, " "), terms)), h("span", { class: "muted" }, " ", about && marked(about, terms), about && where && " · ", where));
    const rows = h("ul", { class: "rows" }, found.slice(0, FEW).map(row));
    const more = found.length > FEW && h("button", { type: "button", class: "more", onclick: (event) => {
      rows.append(...found.slice(FEW).map(row));
      rows.children[FEW].querySelector("a").focus();
      event.currentTarget.remove();
    } }, `Show all ${found.length}`);
    return { number: found.length, element: h("section", {}, h("h2", {}, `${name} `, h("small", {}, found.length)), rows, more) };
  }

  function directory() {
    const people = [...store.entities.values()].filter((one) => !one.replaced_by).map((one) => ({ one, n: store.mentionsOf(one.id).length, q: store.quotesOf(one.id).length })).sort((a, b) => b.n - a.n || (a.one.name < b.one.name ? -1 : 1));
    return h("section", {}, h("h2", {}, "Who and what is spoken of"), h("ul", { class: "rows two" }, people.map(({ one, n, q }) => h("li", {}, link(`/entity/${one.id}`, one.name), h("span", { class: "muted" }, ` ${plural(n, "mention")}${q ? `, ${plural(q, "quote")}` : ""}`)))));
  }

  Retold.views.find = ([given]) => {
    const results = h("div", { class: "results" }), count = h("p", { class: "muted", role: "status" });
    const input = h("input", { type: "search", id: "query", value: given ?? "", autocomplete: "off", placeholder: "words, names, claims", oninput: () => search(true) });
    function search(typed) {
      const terms = plain(input.value).split(/\s+/).filter(Boolean);
      if (typed) history.replaceState(null, "", `#/find${input.value ? `/${encodeURIComponent(input.value)}` : ""}`);
      const groups = terms.length ? entries().map((one) => group(one, terms)).filter(Boolean) : [];
      const sum = groups.reduce((n, { number }) => n + number, 0);
      count.textContent = terms.length ? (sum ? plural(sum, "result") : "Nothing found. All words must occur; try fewer.") : "";
      results.replaceChildren(...(terms.length ? groups.map(({ element }) => element) : [directory()]));
    }
    search(false);
    return {
      title: "Find",
      element: h("div", { class: "reading" }, h("h1", {}, "Find"),
        h("form", { role: "search", onsubmit: (event) => event.preventDefault() }, h("label", { for: "query" }, "Texts, speakers, entities, claims"), input), count, results),
    };
  };
})();
