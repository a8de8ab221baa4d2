"use strict";
// Every canonical claim against every article.
(() => {
  const { h, hidden, link, toggle, plural, store, compare } = Retold;

  const STATUS = {
    stated: ["●", "stated", "the article says so itself"],
    attributed: ["◐", "attributed", "the article reports that someone says so"],
    implied: ["○", "implied", "a claim in it, its own or reported, entails it"],
    contradicted: ["✕", "contradicted", "a claim in it, its own or reported, speaks against it"],
    left_out: ["·", "left out", "the article says nothing of it"],
  };
  const holds = (cell) => cell.some((status) => status === "stated" || status === "attributed");
  const ORDERS = {
    spread: ["most articles first", (row) => [-row.cells.filter(holds).length, row.statement]],
    disputed: ["most disputed first", (row) => [-row.cells.filter((cell) => cell.includes("contradicted")).length, -row.cells.filter(holds).length, row.statement]],
    name: ["alphabetical", (row) => [row.statement]],
  };

  function compareKeys(a, b) {
    for (const [n, key] of a.entries()) if (key !== b[n]) return key < b[n] ? -1 : 1;
    return 0;
  }

  Retold.matrixView = (query) => {
    const rows = store.data.matrix.map((row) => ({ ...row, statement: store.canonical.get(row.claim).statement }));
    const state = { order: query.get("order") ?? "spread", status: query.get("status") ?? "", words: query.get("words") ?? "", article: query.get("article") ?? "" };
    const body = h("tbody"), count = h("p", { "aria-live": "polite", class: "muted" });
    const articles = store.data.articles;

    function order(row) {
      const column = articles.findIndex((article) => article.id === state.order);
      if (column >= 0) return [Object.keys(STATUS).indexOf(row.cells[column][0]), row.statement];
      return (ORDERS[state.order] ?? ORDERS.spread)[1](row);
    }

    function draw() {
      const words = state.words.toLowerCase();
      const column = articles.findIndex((article) => article.id === state.article);
      const kept = rows.filter((row) => row.statement.toLowerCase().includes(words) && (!state.status || (column >= 0 ? row.cells[column].includes(state.status) : row.cells.some((cell) => cell.includes(state.status)))));
      kept.sort((a, b) => compareKeys(order(a), order(b)));
      body.replaceChildren(...kept.map(line));
      count.textContent = `${plural(kept.length, "claim")} of ${rows.length}`;
      for (const button of head.querySelectorAll("button")) button.closest("th").setAttribute("aria-sort", button.dataset.name === state.order ? "ascending" : "none");
    }

    function line(row) {
      return h("tr", {}, h("th", { scope: "row" }, link(`/compare/claims/${row.claim}`, row.statement)), row.cells.map((cell, n) => h("td", { class: cell.includes("contradicted") ? "disputed" : null, "data-status": cell.join(" "), title: `${articles[n].id}: ${cell.map((status) => STATUS[status][1]).join(", ")}` }, cell.map((status) => [h("span", { class: `is-${status}`, "aria-hidden": "true" }, STATUS[status][0]), hidden(`${STATUS[status][1]} `)]))));
    }

    function change(name, value) {
      state[name] = value;
      const used = Object.entries(state).filter(([key, set]) => set && !(key === "order" && set === "spread"));
      history.replaceState(null, "", `#/compare/claims${used.length ? `?${new URLSearchParams(used)}` : ""}`);
      draw();
    }

    const sortBy = (name, shown) => h("button", { type: "button", class: "sort", "data-name": name, onclick: () => change("order", state.order === name ? "spread" : name) }, shown);
    const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, sortBy("name", "Claim")), articles.map((article) => h("th", { scope: "col", class: "tilted" }, sortBy(article.id, article.id)))));
    const options = (chosen, pairs) => pairs.map(([value, shown]) => h("option", { value, selected: value === chosen }, shown));
    const field = (name, shown, element) => h("label", {}, h("span", {}, shown), element);
    const controls = h("div", { class: "controls" },
      field("words", "Words", h("input", { type: "search", value: state.words, oninput: (event) => change("words", event.target.value) })),
      field("status", "Status", h("select", { onchange: (event) => change("status", event.target.value) }, options(state.status, [["", "any"], ...Object.entries(STATUS).map(([name, [, shown]]) => [name, shown])]))),
      field("article", "in", h("select", { onchange: (event) => change("article", event.target.value) }, options(state.article, [["", "any article"], ...articles.map(({ id }) => [id, id])]))),
      field("order", "Order", h("select", { onchange: (event) => change("order", event.target.value) }, options(state.order, [...Object.entries(ORDERS).map(([name, [shown]]) => [name, shown]), ...articles.map(({ id }) => [id, `by ${id}`])]))));
    draw();
    return {
      title: "Claims compared",
      element: h("div", { class: "wide" }, compare.tabs("claims"), h("h1", {}, "Which article says what"),
        h("p", {}, "Each row is a statement that several claims share, or that is related to another. Open one to see who makes it, how certain, and what speaks against it."),
        h("ul", { class: "status-key" }, Object.entries(STATUS).map(([name, [sign, shown, meaning]]) => h("li", {}, h("span", { class: `sign is-${name}`, "aria-hidden": "true" }, sign), h("strong", {}, shown), ` ${meaning}`))),
        controls, count,
        h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Claims by article" }, h("table", { class: "matrix" }, h("caption", { class: "hidden" }, "What each article does with each claim"), head, body))),
    };
  };

  Retold.statusSigns = STATUS;
})();
