"use strict";
// One canonical claim: who makes it, how certain, and what it stands in relation to.
(() => {
  const { h, link, said, plural, facts, store, cards, compare } = Retold;

  const RELATIONS = [
    ["contradicts", "Contradicted by"],
    ["entailed_by", "Follows from these"],
    ["entails", "From it follow"],
  ];

  function maker({ item, article }) {
    return h("tr", {}, h("td", {}, link(`/read/${article.id}`, article.id)), h("td", {}, store.claimantName(item.claimant)), h("td", {}, said(item.certainty)), h("td", {}, link(item.id, item.proposition)));
  }

  function makers(found) {
    if (!found.length) return h("p", { class: "muted" }, "No claim in the corpus makes it in these terms.");
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Who makes the claim" }, h("table", { class: "makers" }, h("thead", {}, h("tr", {}, ["Article", "Claimant", "Certainty", "Claim"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, found.map(maker))));
  }

  function related(relations, relation, heading) {
    const found = relations.filter((one) => one.relation === relation);
    if (!found.length) return null;
    return h("section", {}, h("h2", {}, heading), h("ul", { class: "rows" }, found.map((one) => h("li", {}, link(`/compare/claims/${one.to}`, store.canonical.get(one.to)?.statement ?? one.to),
      h("span", { class: "muted" }, ` ${[one.type && said(one.type), one.level && `level: ${one.level}`, one.inferred && "inferred from other relations", plural(store.makers(one.to).length, "claim")].filter(Boolean).join(" · ")}`),
      h("ul", {}, store.makers(one.to).map(({ item, article }) => h("li", {}, `${article.id}, ${store.claimantName(item.claimant)}: `, link(item.id, item.proposition))))))));
  }

  function near(id) {
    const own = new Set([id, ...store.makers(id).map(({ item }) => item.id)]);
    const found = (store.data.near_misses ?? []).filter(({ a, b }) => own.has(a) || own.has(b)).map(({ a, b, why }) => [own.has(a) ? b : a, why]);
    if (!found.length) return null;
    const shown = (other) => (store.items.has(other) ? link(other, store.items.get(other).item.proposition) : link(`/compare/claims/${other}`, store.canonical.get(other)?.statement ?? other));
    return h("section", {}, h("h2", {}, "Close, and yet something else"), h("ul", { class: "rows" }, found.map(([other, why]) => h("li", {}, shown(other), h("span", { class: "muted" }, ` ${why}`)))));
  }

  function spread(id) {
    const row = store.data.matrix.find((one) => one.claim === id);
    if (!row) return null;
    return h("ul", { class: "status-key" }, row.cells.map((cell, n) => h("li", {}, cell.map((status) => h("span", { class: `sign is-${status}`, "aria-hidden": "true" }, Retold.statusSigns[status][0])), h("strong", {}, store.data.articles[n].id), ` ${cell.map((status) => Retold.statusSigns[status][1]).join(", ")}`)));
  }

  Retold.claimView = (id) => {
    const one = store.canonical.get(id);
    if (!one) return null;
    return {
      title: one.statement,
      element: h("div", { class: "wide" }, compare.tabs("claims"), h("h1", {}, one.statement),
        facts([["note", one.note], ["replaced by", one.replaced_by && link(`/compare/claims/${one.replaced_by}`, one.replaced_by)]]),
        spread(id), h("h2", {}, "Who makes it"), makers(store.makers(id)),
        RELATIONS.map(([relation, heading]) => related(one.relations ?? [], relation, heading)), near(id),
        h("p", {}, link("/compare/claims", "All claims"))),
    };
  };
})();
