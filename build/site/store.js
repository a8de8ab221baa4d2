"use strict";
// The data by id, and who refers to whom.
Retold.store = (() => {
  const data = window.RETOLD;
  const byId = (list, key = "id") => new Map((list ?? []).map((one) => [one[key], one]));
  const group = (pairs) => {
    const found = new Map();
    for (const [key, value] of pairs) {
      if (key === undefined) continue;
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(value);
    }
    return found;
  };

  const articles = byId(data.articles);
  const items = new Map(); // id -> {kind, article, item}
  const KINDS = [["block", "blocks"], ["quote", "quotes"], ["mention", "mentions"], ["claim", "claims"], ["repair", "repairs"]];
  for (const article of data.articles) {
    article.points = Array.from(article.text); // offsets count code points
    for (const [kind, list] of KINDS) for (const item of article[list] ?? []) items.set(item.id, { kind, article, item });
    for (const block of article.blocks ?? []) {
      for (const item of block.sentences ?? []) items.set(item.id, { kind: "sentence", article, item, block });
    }
  }
  const all = (kind) => [...items.values()].filter((one) => one.kind === kind);
  const quotes = all("quote"), mentions = all("mention"), claims = all("claim");

  const entities = byId(data.entities);
  const canonical = byId(data.canonical);
  const topics = byId(data.topics, "code");
  const mentionsOf = group(mentions.map((one) => [one.item.entity, one]));
  const quotesOf = group(quotes.map((one) => [one.item.speaker, one]));
  const claimsOf = group(claims.map((one) => [one.item.claimant, one]));
  const claimsIn = group(claims.map((one) => [one.item.quote, one]));
  const within = group(quotes.map((one) => [one.item.parent, one]));
  const makers = group(claims.map((one) => [one.item.canonical, one]));

  // The speakers who are quoted most have a colour each; all others share one.
  const COLOURS = 8;
  const ranked = [...quotesOf.entries()].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  const colourOf = (speaker) => {
    const rank = speaker === undefined ? -1 : ranked.indexOf(speaker);
    return rank >= 0 && rank < COLOURS ? `sp${rank}` : "sp-other";
  };

  const words = (article, [start, end]) => article.points.slice(start, end).join("");
  const phrase = (article, spans) => (spans ?? []).map((span) => words(article, span)).join(" … ");
  const entityName = (id) => entities.get(id)?.name ?? id;
  const speakerName = (id) => (id === undefined ? "speaker open" : entityName(id));
  const claimantName = (id) => (id === undefined ? "claimant open" : id === "article" ? "the article itself" : entityName(id));
  /** An article's title, or its first words where it has none. */
  const title = (article) => {
    if (article.title) return article.title;
    const body = (article.blocks ?? []).find((block) => block.kind === "paragraph") ?? { at: [0, 80] };
    const first = words(article, body.at).split(/\s+/).filter(Boolean);
    return `“${first.slice(0, 7).join(" ")}${first.length > 7 ? " …" : ""}”`;
  };
  /** A short label for a speaker: initials, or the begin of a single word. */
  const SMALL = new Set(["of", "the", "and", "a", "an", "for", "in"]);
  const labels = new Map();
  for (const id of ranked) {
    const names = entityName(id).split(/[\s-]+/).filter((name) => name && !SMALL.has(name));
    const label = names.length > 1 ? names.map((name) => name[0]).join("").slice(0, 4) : entityName(id).slice(0, 4);
    const same = [...labels.values()].filter((one) => one.replace(/\d+$/, "") === label).length;
    labels.set(id, same ? `${label}${same + 1}` : label);
  }
  const initials = (id) => (id === undefined ? "?" : labels.get(id) ?? entityName(id));
  const short = (id) => {
    const found = items.get(id);
    return found ? id.slice(found.article.id.length + 1) : id;
  };
  const topicLabel = (code) => topics.get(code)?.label ?? code;
  const meaning = (set, label) => data.labels[set]?.[label];
  const sentenceOf = (article, at) => {
    for (const block of article.blocks ?? []) {
      for (const sentence of block.sentences ?? []) if (at < sentence.at[1]) return sentence;
    }
    return undefined;
  };

  return {
    data, articles, items, quotes, mentions, claims, entities, canonical, topics, ranked, colourOf,
    utterances: byId(data.utterances), utteranceIds: (data.utterances ?? []).filter((one) => !one.replaced_by).map((one) => one.id),
    mentionsOf: (id) => mentionsOf.get(id) ?? [], quotesOf: (id) => quotesOf.get(id) ?? [],
    claimsOf: (id) => claimsOf.get(id) ?? [], claimsIn: (id) => claimsIn.get(id) ?? [],
    within: (id) => within.get(id) ?? [], makers: (id) => makers.get(id) ?? [],
    words, phrase, entityName, speakerName, claimantName, initials, title, short, topicLabel, meaning, sentenceOf,
  };
})();
