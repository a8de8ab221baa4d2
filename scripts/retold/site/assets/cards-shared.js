"use strict";
// Entities: what is known of one, and everywhere it is mentioned or speaks.
(() => {
  const { h, link, facts, joined, plural, said, store, cards, wording } = Retold;

  const wikidata = (entity) =>
    entity.wikidata ? h("a", { href: `https://www.wikidata.org/wiki/${entity.wikidata}`, rel: "noreferrer" }, `Wikidata ${entity.wikidata}`) : entity.wikidata_note ? `no item: ${entity.wikidata_note}` : "no item";

  function about(entity) {
    return facts([
      ["who or what", entity.description],
      ["type", entity.type],
      ["linked to", wikidata(entity)],
      ["members", entity.members && joined(entity.members.map(cards.entityLink))],
      ["replaced by", entity.replaced_by && cards.entityLink(entity.replaced_by)],
      ["note", entity.note],
    ]);
  }

  /** Group found items by article, in the order of the articles. */
  function byArticle(found) {
    return store.data.articles.map((article) => [article, found.filter((one) => one.article === article)]).filter(([, list]) => list.length);
  }

  /** For the card of a mention: its entity, and its other mentions as links, by article. */
  Retold.entityFacts = (id, mentions, current) => {
    const entity = store.entities.get(id);
    if (!entity) return null;
    return h("section", { class: "entity" }, h("h3", {}, entity.name), about(entity),
      h("h3", {}, `${plural(mentions.length, "mention")} of it`),
      byArticle(mentions).map(([article, list]) => h("details", { open: list.some(({ item }) => item.id === current) }, h("summary", {}, `${store.title(article)} (${list.length})`),
        h("p", { class: "mentions" }, joined(list.map(({ item }) => h("a", { href: `#${item.id}`, "aria-current": item.id === current ? "true" : null }, store.words(article, item.at))), " · ")))));
  };

  function list(heading, found, row, open) {
    if (!found.length) return null;
    return h("section", {}, h("h2", {}, heading), byArticle(found).map(([article, own]) => h("details", { open }, h("summary", {}, `${store.title(article)} (${own.length})`), h("ul", { class: "rows" }, own.map((one) => h("li", {}, row(one)))))));
  }

  Retold.views.entity = (id) => {
    const entity = store.entities.get(id);
    if (!entity) return null;
    const mentions = store.mentionsOf(id), quotes = store.quotesOf(id), claims = store.claimsOf(id);
    return {
      title: entity.name,
      element: h("div", { class: "reading" }, h("h1", {}, entity.name), about(entity),
        h("p", {}, `${plural(mentions.length, "mention")}, ${plural(quotes.length, "quote")} and ${plural(claims.length, "claim")} in ${plural(byArticle([...mentions, ...quotes, ...claims]).length, "article")}.`),
        list(`Quotes of ${entity.name}`, quotes, ({ item, article }) => [link(item.id, `“${store.phrase(article, item.content)}”`), h("span", { class: "muted" }, ` ${item.type}${item.polarity === "negative" ? ", denied or refused" : ""}`)], true),
        list(`Claims of ${entity.name}`, claims, ({ item }) => [link(item.id, item.proposition), h("span", { class: "muted" }, ` ${said(item.certainty)}`)], false),
        list(`Mentions of ${entity.name}`, mentions, ({ item, article }) => link(item.id, wording.context(article, item.at)), quotes.length === 0)),
    };
  };
})();
