"use strict";
// Reading an article: its text with layers to switch on and off, and a card beside it.
(() => {
  const { h, link, toggle, facts, joined, said, plural, store, text, ties, cards } = Retold;

  const LAYERS = [["quotes", "Quotes"], ["mentions", "Mentions"], ["claims", "Claims"], ["checkability", "Checkability"], ["repairs", "Repairs"]];
  const LAYER_OF = { quote: "quotes", mention: "mentions", claim: "claims", sentence: "checkability", repair: "repairs" };
  const settings = { layers: new Set(["quotes"]), text: "raw" };
  let page = null; // what is shown: {article, select}

  function adopt(query) {
    if (query.has("layers")) settings.layers = new Set(query.get("layers").split(",").filter((name) => LAYERS.some(([known]) => known === name)));
    if (query.has("text")) settings.text = query.get("text") === "clean" ? "clean" : "raw";
  }

  /** Open an article; `id` is the item to select, if any. */
  Retold.views.read = (articleId, query, id) => {
    const article = store.articles.get(articleId);
    if (!article) return null;
    adopt(query);
    const layer = id && LAYER_OF[store.items.get(id).kind];
    const missing = layer && !settings.layers.has(layer);
    if (missing) settings.layers.add(layer);
    if (page?.article === article && page.element.isConnected && !missing && !query.has("layers") && !query.has("text")) {
      page.select(id);
      return { title: titleOf(article, id), element: page.element, kept: true };
    }
    page = open(article);
    return { title: titleOf(article, id), element: page.element, shown: () => page.select(id) };
  };

  const titleOf = (article, id) => (id ? `${store.short(id)} · ${store.title(article)}` : store.title(article));

  function open(article) {
    const paper = h("div", { class: "paper" });
    const panel = h("aside", { class: "panel", "aria-label": "Selected item", "aria-live": "polite" });
    const legend = h("div", { class: "legend" });
    let selected = null, tie = null, parts = null, refresh = null;

    function draw() {
      const made = text.render(article, settings);
      parts = made.parts;
      tie = ties.overlay(parts);
      const sheet = h("div", { class: "sheet" }, made.element, tie.element);
      refresh = ties.watch(sheet, tie, () => selected);
      paper.replaceChildren(sheet);
      legend.replaceChildren(...keys(article));
    }

    function select(id) {
      selected = id ?? null;
      refresh();
      document.body.classList.toggle("has-selection", Boolean(id));
      panel.replaceChildren(...(id ? [closer(), cards.card(id)] : [overview(article)]));
      panel.scrollTop = 0;
      if (!id) return;
      const found = parts.get(id) ?? [];
      const handle = (found.find(({ role }) => role === "handle") ?? found[0])?.element;
      if (!handle) return;
      reveal(handle);
      if (!handle.contains(document.activeElement)) focus(handle);
    }

    function closer() {
      return h("a", { class: "close", href: `#/read/${article.id}`, "aria-label": "Close this card" }, "×");
    }

    const press = (change) => (event) => {
      change();
      const name = event.currentTarget.dataset.name;
      for (const button of bar.querySelectorAll("button")) button.setAttribute("aria-pressed", String(isOn(button.dataset.name)));
      draw();
      refresh();
      bar.querySelector(`[data-name="${name}"]`).focus();
      if (!selected) history.replaceState(null, "", `#/read/${article.id}?layers=${[...settings.layers].join(",")}&text=${settings.text}`);
    };
    const isOn = (name) => settings.layers.has(name) || settings.text === name;
    const bar = h("div", { class: "bar" },
      h("div", { role: "group", "aria-label": "Layers" }, h("span", { class: "bar-name" }, "Show"), LAYERS.map(([name, shown]) => toggle(name, isOn(name), press(() => (settings.layers.has(name) ? settings.layers.delete(name) : settings.layers.add(name))), shown))),
      h("div", { role: "group", "aria-label": "Text" }, h("span", { class: "bar-name" }, "Text"), [["raw", "As received"], ["clean", "Repaired"]].map(([name, shown]) => toggle(name, isOn(name), press(() => (settings.text = name)), shown))));

    draw();
    const element = h("div", { class: "read" },
      h("header", { class: "article-head" }, h("h1", {}, store.title(article)), byline(article)),
      bar, legend, h("div", { class: "columns" }, paper, panel));
    return { article, element, select };
  }

  function reveal(element) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const { top, bottom } = element.getBoundingClientRect();
    const low = window.innerHeight * (window.innerWidth < 860 ? 0.45 : 0.85);
    if (top > 140 && bottom < low) return;
    window.scrollTo({ top: window.scrollY + top - window.innerHeight * 0.3, behavior: calm ? "instant" : "smooth" });
  }

  function focus(element) {
    if (!element.matches("a, button")) element.setAttribute("tabindex", "-1");
    element.focus({ preventScroll: true });
  }

  function byline(article) {
    const known = [article.publisher, article.author, article.date].filter(Boolean).join(", ") || "publisher and date unknown";
    const neighbours = store.data.articles.filter((one) => one !== article);
    return h("p", { class: "muted" }, known, " · ", h("code", {}, article.id), neighbours.length ? [" · read another: ", h("span", {}, joined(neighbours.map((one) => link(`/read/${one.id}`, one.id))))] : null);
  }

  /** The legend of the layers that are on. */
  function keys(article) {
    const key = (name, ...content) => h("p", { class: `key key-${name}` }, content);
    const on = settings.layers;
    const speakers = store.ranked.filter((id) => (article.quotes ?? []).some((quote) => quote.speaker === id));
    return [
      on.has("quotes") && key("quotes", h("strong", {}, "Quotes "), "by speaker: ", speakers.map((id) => [link(`/entity/${id}`, h("span", { class: `swatch ${store.colourOf(id)}`, "aria-hidden": "true" }), h("b", {}, store.initials(id)), " ", store.speakerName(id)), " "]),
        " · line: ", h("span", { class: "line solid" }, "direct"), " ", h("span", { class: "line dashed" }, "indirect"), " ", h("span", { class: "line long" }, "mixed"), " · ", h("span", { class: "source sp-other" }, "source"), " and ", h("span", { class: "cue" }, "cue"), " are tied to the quote when you point at it."),
      on.has("mentions") && key("mentions", h("strong", {}, "Mentions "), h("span", { class: "piece mention form-name" }, "name"), h("span", { class: "type-tag" }, "TYPE"), " ", h("span", { class: "piece mention form-nominal" }, "description"), " ", h("span", { class: "piece mention form-pronoun" }, "pronoun"), " ", h("span", { class: "piece mention form-value" }, "value")),
      on.has("claims") && key("claims", h("strong", {}, "Claims "), "each dotted line is one, with its number in front."),
      on.has("checkability") && key("check", h("strong", {}, "Sentences "), ["checkable", "vague", "none"].map((name) => [h("span", { class: `sentence check-${name}` }, name), " "]), "(none: with the reason)"),
      on.has("repairs") && key("repairs", h("strong", {}, "Repairs "), settings.text === "raw" ? ["where the text is damaged: ", h("span", { class: "piece repair" }, "words"), " to replace, ‸ something lost, such as a “ or a space ␣."] : ["what stands repaired: ", h("span", { class: "piece repair" }, "replaced"), ", inserted marks in a box, ✂ words taken out."]),
    ].filter(Boolean);
  }

  /** What stands beside the text while nothing is selected. */
  function overview(article) {
    const topics = (rank) => (article.topics ?? []).filter((one) => one.rank === rank).map((one) => store.topicLabel(one.code)).join(", ");
    const unknown = Object.entries(article.unknown ?? {}).filter(([field]) => !article[field]);
    return h("article", { class: "card" }, h("h2", {}, "About this article"),
      h("p", {}, "Point at anything that is marked to see what belongs together; click it for its labels."),
      facts([
        ["main topics", topics("main")],
        ["further topics", topics("secondary")],
        ["split", article.split],
        ["address", article.url],
        ["rights", article.rights],
        ["repairs", plural((article.repairs ?? []).length, "repair")],
      ]),
      (article.flags ?? []).length > 0 && h("section", {}, h("h3", {}, "Warnings about the text"), h("ul", {}, article.flags.map((one) => h("li", {}, h("strong", {}, said(one.flag)), one.note ? `: ${one.note}` : "", one.words ? [" (", joined(one.words.map((words) => `“${words}”`)), ")"] : null)))),
      unknown.length > 0 && h("details", {}, h("summary", {}, "What is not known"), facts(unknown)));
  }
})();
