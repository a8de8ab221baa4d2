"use strict";
// Figures of the corpus, and the plots that lie beside the page.
(() => {
  const { h, link, said, store } = Retold;

  function plot({ file, title, description }) {
    return h("figure", {}, h("a", { href: file, "aria-label": `${title}: the plot alone` }, h("img", { src: file, alt: description ?? title, loading: "lazy" })), h("figcaption", {}, title));
  }

  function table(name, rows) {
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, h("table", { class: "counts" }, h("caption", {}, name),
      h("thead", {}, h("tr", {}, h("td", {}), store.data.articles.map(({ id }) => h("th", { scope: "col", class: "tilted" }, link(`/read/${id}`, id))), h("th", { scope: "col", class: "tilted" }, "total"))),
      h("tbody", {}, rows.map(([label, numbers, total]) => h("tr", {}, h("th", { scope: "row" }, label), numbers.map((n) => h("td", {}, n ?? 0)), h("td", { class: "total" }, total))))));
  }

  Retold.views.numbers = () => {
    const { counts, plots, articles } = store.data;
    const of = new Map(counts.articles.map((one) => [one.article, one]));
    const items = Object.entries(counts.total.items).map(([name, total]) => [name, articles.map(({ id }) => of.get(id).items[name]), total]);
    const labels = Object.entries(counts.total.labels).map(([field, total]) => [field, Object.entries(total).map(([label, n]) => [said(label), articles.map(({ id }) => of.get(id).labels[field]?.[label]), n])]);
    return {
      title: "Numbers",
      element: h("div", { class: "wide" }, h("h1", {}, "Numbers"),
        plots.length > 0 && h("section", { id: "plots", class: "plots" }, h("h2", {}, "Plots"), plots.map(plot)),
        h("section", {}, h("h2", {}, "How much there is"), table("Items by article", items)),
        h("section", {}, h("h2", {}, "What the articles share"), h("dl", { class: "facts" }, Object.entries(counts.registries).map(([name, n]) => h("div", {}, h("dt", {}, name), h("dd", {}, n))))),
        h("section", {}, h("h2", {}, "Labels"), labels.map(([field, rows]) => h("details", {}, h("summary", {}, field.replace(".", ": ").replaceAll("_", " ")), table(field.replace(".", ": ").replaceAll("_", " "), rows))))),
    };
  };
})();
