"use strict";
// What stands beside the text: a card for each kind of item.
Retold.cards = (() => {
  const { h, link, facts, joined, said, plural, store } = Retold;

  const label = (set, name) => {
    if (!name) return undefined;
    const meaning = store.meaning(set, name);
    return [said(name), meaning ? h("span", { class: "meaning" }, ` – ${meaning}`) : null];
  };
  const entityLink = (id) => (store.entities.has(id) ? link(`/entity/${id}`, store.entityName(id)) : id);
  const itemLink = (id, text) => (store.items.has(id) ? link(id, text ?? store.short(id)) : id);

  /** Return the card of an item: heading, facts, links, permanent link. */
  function card(id) {
    const { kind, article, item, block } = store.items.get(id);
    const made = CARDS[kind](item, article, block);
    return h("article", { class: `card card-${kind}` }, h("h2", {}, made.title), made.body, item.note && h("p", { class: "note" }, "Note: ", item.note), neighbours(id, kind, article), permalink(id));
  }

  function neighbours(id, kind, article) {
    const list = [...store.items.values()].filter((one) => one.kind === kind && one.article === article).map((one) => one.item.id);
    const at = list.indexOf(id);
    const step = (other, text) => (other ? link(other, text) : h("span", { class: "muted" }, text));
    return h("p", { class: "steps" }, step(list[at - 1], `← previous ${kind}`), " ", h("span", { class: "muted" }, `${at + 1} of ${list.length}`), " ", step(list[at + 1], `next ${kind} →`));
  }

  function permalink(id) {
    return h("p", { class: "permalink" }, "Permanent link: ", h("a", { href: `#${id}` }, h("code", {}, `#${id}`)));
  }

  const CARDS = {
    quote(quote, article) {
      const held = store.claimsIn(quote.id), nested = store.within(quote.id);
      return {
        title: ["Quote ", h("small", {}, store.short(quote.id))],
        body: [
          h("blockquote", {}, store.phrase(article, quote.content)),
          facts([
            ["speaker", quote.speaker ? h("strong", {}, entityLink(quote.speaker)) : "open"],
            ["source", quote.source ? `“${store.phrase(article, quote.source)}”` : "not expressed"],
            ["cue", quote.cue && `“${store.phrase(article, quote.cue)}”`],
            ["type", label("quote-type", quote.type)],
            ["marking", label("quote-marking", quote.marking)],
            ["attitude", label("quote-attitude", quote.attitude)],
            ["polarity", quote.polarity === "negative" ? label("quote-polarity", quote.polarity) : undefined],
            ["scope", quote.scope === "wide" ? label("quote-scope", quote.scope) : undefined],
            ["verbatim", quote.verbatim && quote.type === "mixed" && `“${store.phrase(article, quote.verbatim)}”`],
            ["inside", quote.parent && itemLink(quote.parent)],
            ["holds quotes", nested.length ? joined(nested.map(({ item }) => itemLink(item.id))) : undefined],
            ["retells", quote.utterances?.map(([id, rendering]) => h("div", {}, link(`/compare/remarks/${id}`, store.utterances.get(id)?.gist ?? id), ` (${rendering})`))],
            ["claims in it", held.length ? h("ul", {}, held.map(({ item }) => h("li", {}, itemLink(item.id, item.proposition)))) : undefined],
          ]),
        ],
      };
    },

    mention(mention, article) {
      const others = store.mentionsOf(mention.entity);
      return {
        title: ["Mention ", h("small", {}, store.short(mention.id))],
        body: [
          h("p", { class: "lead" }, `“${store.words(article, mention.at)}”`),
          facts([
            ["refers to", mention.entity && h("strong", {}, entityLink(mention.entity))],
            ["form", label("mention-form", mention.form)],
            ["type", label("entity-type", mention.type)],
            ["also right", mention.also?.join(", ")],
            ["stands for", mention.metonym_of && entityLink(mention.metonym_of)],
            ["value", mention.value && h("code", {}, mention.value)],
            ["modifier", label("modifier", mention.modifier)],
          ]),
          mention.entity && Retold.entityFacts(mention.entity, others, mention.id),
        ],
      };
    },

    claim(claim, article) {
      const canonical = claim.canonical && store.canonical.get(claim.canonical);
      return {
        title: ["Claim ", h("small", {}, store.short(claim.id))],
        body: [
          h("p", { class: "lead" }, claim.proposition),
          facts([
            ["words", `“${store.phrase(article, claim.spans)}”`],
            ["claimant", claim.claimant && claim.claimant !== "article" ? entityLink(claim.claimant) : store.claimantName(claim.claimant)],
            ["certainty", label("certainty", claim.certainty)],
            ["category", label("claim-category", claim.category)],
            ["polarity", claim.polarity === "negative" ? label("claim-polarity", claim.polarity) : undefined],
            ["in quote", claim.quote && itemLink(claim.quote)],
            ["in sentence", itemLink(claim.sentence)],
            ["across articles", canonical && link(`/compare/claims/${canonical.id}`, canonical.statement)],
          ]),
        ],
      };
    },

    sentence(sentence, article, block) {
      const claims = store.claims.filter(({ item }) => item.sentence === sentence.id);
      return {
        title: ["Sentence ", h("small", {}, store.short(sentence.id))],
        body: [
          h("p", { class: "lead" }, store.words(article, sentence.at)),
          facts([
            ["checkability", sentence.check ? label("checkability", sentence.check) : "not judged"],
            ["reason", label("none-reason", sentence.reason)],
            ["block", [itemLink(block.id), ` (${said(block.kind)})`]],
            ["claims", claims.length ? h("ul", {}, claims.map(({ item }) => h("li", {}, itemLink(item.id, item.proposition)))) : undefined],
          ]),
        ],
      };
    },

    block(block) {
      return {
        title: ["Block ", h("small", {}, store.short(block.id))],
        body: facts([
          ["kind", label("block-kind", block.kind)],
          ["topics", block.topics ? block.topics.map(store.topicLabel).join(", ") : "none"],
          ["sentences", joined((block.sentences ?? []).map((one) => itemLink(one.id)))],
        ]),
      };
    },

    repair(repair, article) {
      const shown = (text) => (text ? h("code", {}, `“${text.replaceAll("\n", "⏎")}”`) : "nothing");
      return {
        title: ["Repair ", h("small", {}, store.short(repair.id))],
        body: facts([
          ["kind", label("repair-kind", repair.kind)],
          ["as received", shown(store.words(article, repair.at))],
          ["repaired", shown(repair.replacement)],
        ]),
      };
    },
  };

  return { card, label, entityLink, itemLink, plural };
})();
