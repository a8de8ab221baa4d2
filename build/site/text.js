"use strict";
// An article's text with layers of annotation over it.
Retold.text = (() => {
  const { h, hidden, store, spans, said } = Retold;
  const LANE = 5; // pixels from one underline to the next

  /** Everything that lies over a text, as spans with a role; only of the layers that are on. */
  function overlays(article, { layers, mistakes, text }) {
    const clean = text === "clean";
    const found = [];
    const put = (id, kind, role, list, item) => {
      for (const at of list ?? []) found.push({ id, kind, role, at, item });
    };
    if (layers.has("quotes")) {
      for (const quote of article.quotes ?? []) {
        put(quote.id, "quote", "content", quote.content, quote);
        put(quote.id, "quote", "cue", quote.cue, quote);
        put(quote.id, "quote", "source", quote.source, quote);
      }
      for (const mark of article.marks ?? []) put(null, "mark", "mark", [mark.at], mark);
    }
    if (layers.has("mentions")) for (const one of article.mentions ?? []) put(one.id, "mention", "mention", [one.at], one);
    if (layers.has("claims")) for (const one of article.claims ?? []) put(one.id, "claim", "words", one.spans, one);
    if (layers.has("repairs") || clean) for (const one of article.repairs ?? []) put(one.id, "repair", "repair", [one.at], one);
    for (const [n, one] of (mistakes ?? []).entries()) {
      if (one.at[0] >= 0) put(`mistake-${n}`, "mistake", one.kind, [one.at], one);
    }
    return found;
  }

  /** Return {element, parts}: the rendered article, and for each item id its elements with their roles. */
  function render(article, options) {
    const state = {
      article, options, parts: new Map(), started: new Set(), begun: new Set(), replaced: new Set(), inserted: new Set(),
      over: overlays(article, options),
    };
    const all = article.blocks ?? [];
    const last = article.points.length;
    const blocks = all.map((block, n) => {
      const gaps = [[all[n - 1]?.at[1] ?? 0, block.at[0]], n === all.length - 1 ? [block.at[1], last] : [last, last]];
      return renderBlock(state, block, gaps.map(([start, end]) => between(state, start, end)));
    }).filter(Boolean);
    return { element: h("div", { class: "text", lang: article.language }, blocks), parts: state.parts };
  }

  function renderBlock(state, block, [before, after]) {
    const { layers } = state.options;
    const inside = (list) => (list ?? []).some(([a, b]) => a < block.at[1] && b > block.at[0]);
    const quotes = layers.has("quotes") ? (state.article.quotes ?? []).filter((one) => inside(one.content)).map((one) => ({ id: one.id, spans: one.content })) : [];
    const claims = layers.has("claims") ? (state.article.claims ?? []).filter((one) => inside(one.spans)).map((one) => ({ id: one.id, spans: one.spans })) : [];
    const upper = spans.lanes(quotes), lower = spans.lanes(claims);
    for (const [id, lane] of lower.lane) lower.lane.set(id, lane + upper.number);
    state.lane = new Map([...upper.lane, ...lower.lane]);
    const content = [before];
    let at = block.at[0];
    for (const sentence of block.sentences ?? []) {
      content.push(renderPieces(state, at, sentence.at[0]), renderSentence(state, sentence));
      at = sentence.at[1];
    }
    content.push(renderPieces(state, at, block.at[1]), insertions(state, block.at[1]), after);
    if (state.options.text === "clean" && !content.flat(Infinity).some((node) => node instanceof Node && node.textContent.trim())) return null;
    const lanes = upper.number + lower.number;
    const element = h(tagOf(block.kind), { class: `block kind-${block.kind}`, id: `at-${block.id}`, tabindex: -1 }, kindLabel(block.kind), content);
    element.style.setProperty("--lanes", `${lanes * LANE}px`);
    remember(state, block.id, "block", element);
    return element;
  }

  const tagOf = (kind) => (kind === "title" || kind === "heading" ? "h2" : "p");
  const QUIET = new Set(["paragraph", "title", "heading"]);
  const kindLabel = (kind) => (QUIET.has(kind) ? null : h("span", { class: "block-kind" }, `${said(kind)} `));

  function renderSentence(state, sentence) {
    const judged = state.options.layers.has("checkability") && sentence.check;
    const label = judged && h("a", { class: `chip check-chip check-${sentence.check}`, "data-target": sentence.id, href: `#${sentence.id}`, "aria-label": `Sentence ${store.short(sentence.id)}: ${sentence.check}${sentence.reason ? `, ${said(sentence.reason)}` : ""}` },
      sentence.check, sentence.reason ? ` (${said(sentence.reason)})` : "");
    const body = renderPieces(state, sentence.at[0], sentence.at[1]);
    const element = h("span", { class: `sentence${judged ? ` check-${sentence.check}` : ""}`, id: `at-${sentence.id}`, tabindex: -1 }, label, body);
    remember(state, sentence.id, "sentence", element);
    if (label) remember(state, sentence.id, "handle", label);
    return element;
  }

  const renderPieces = (state, start, end) => (start < end ? spans.pieces(state.over, start, end).map((piece) => renderPiece(state, piece)) : []);

  function renderPiece(state, piece) {
    const repair = piece.over.find((one) => one.kind === "repair");
    let text = state.article.points.slice(piece.start, piece.end).join("");
    const before = insertions(state, piece.start);
    if (repair && state.options.text === "clean") {
      if (state.replaced.has(repair.id)) return before; // the whole replacement stands in the first piece
      state.replaced.add(repair.id);
      text = repair.item.replacement ?? "";
      if (!text) return [before, state.options.layers.has("repairs") ? repairChip(state, repair.item, "✂") : null];
    }
    // The first piece need not be where the repair begins: that may be between blocks.
    if (repair && !state.begun.has(repair.id) && !text.trim()) {
      state.begun.add(repair.id);
      return [before, state.options.layers.has("repairs") ? repairChip(state, repair.item, visible(text)) : null, text];
    }
    const over = piece.over.filter((one) => one.kind !== "repair" || state.options.layers.has("repairs"));
    const chips = over.slice().reverse().map((one) => chip(state, one, piece.start));
    return [before, chips, over.length ? covered(state, over, text, piece) : text];
  }

  /** A piece that something covers; the innermost mention or repair makes it a link. */
  function covered(state, over, text, { start, end }) {
    const target = text.trim() ? over.find((one) => one.kind === "repair") ?? over.find((one) => one.kind === "mention") : undefined;
    const first = target && !state.begun.has(target.id);
    if (first) state.begun.add(target.id);
    const element = target
      ? h("a", { href: `#${target.id}`, "data-target": target.id, tabindex: first ? null : -1, "aria-label": first ? linkName(state, target, text) : null }, text)
      : h("span", {}, text);
    const classes = new Set(["piece"]);
    for (const one of over) for (const name of classesOf(one)) classes.add(name);
    for (const one of over) {
      if (!one.id) continue;
      remember(state, one.id, one.role, element);
      if (first && one === target) remember(state, one.id, "handle", element);
    }
    element.className = [...classes].join(" ");
    element.dataset.ids = over.map((one) => one.id).filter(Boolean).join(" ");
    const lined = underlined(state, element, over);
    const tag = over.find((one) => one.kind === "mention" && one.at[1] === end && one.item.form !== "pronoun" && one.item.form !== "nominal");
    return tag ? [lined, h("span", { class: "type-tag", "aria-hidden": "true" }, tag.item.type)] : lined;
  }

  function linkName(state, one, text) {
    const whole = store.words(state.article, one.at);
    const words = whole.includes(text) ? whole : text;
    if (one.kind === "repair") return `${words} (repaired: ${said(one.item.kind)})`;
    return `${words} (${one.item.entity ? store.entityName(one.item.entity) : one.item.value ?? one.item.type})`;
  }

  function classesOf(one) {
    if (one.kind === "quote" && one.role === "content") return ["quoted"];
    if (one.kind === "quote") return [one.role, store.colourOf(one.item.speaker)];
    if (one.kind === "mention") return ["mention", `form-${one.item.form}`];
    if (one.kind === "mark") return ["other-mark"];
    if (one.kind === "mistake") return ["mistake", one.role];
    return [one.kind];
  }

  /** Draw the lanes under a piece: solid, dashed or long for quotes by type, dotted for claims. */
  function underlined(state, element, over) {
    const lines = over.filter((one) => state.lane.has(one.id) && (one.role === "content" || one.kind === "claim"));
    if (!lines.length) return element;
    const image = [], position = [], size = [];
    for (const one of lines) {
      const colour = one.kind === "claim" ? "var(--claim)" : `var(--${store.colourOf(one.item.speaker)})`;
      const [on, off] = one.kind === "claim" ? [2, 3] : one.item.type === "indirect" ? [7, 3] : one.item.type === "mixed" ? [14, 2] : [1, 0];
      image.push(off ? `repeating-linear-gradient(90deg, ${colour} 0 ${on}px, transparent ${on}px ${on + off}px)` : `linear-gradient(${colour}, ${colour})`);
      position.push(`0 calc(100% - var(--lanes) + ${state.lane.get(one.id) * LANE}px)`);
      size.push(`100% ${one.kind === "claim" ? 2 : 3}px`);
    }
    const outer = h("span", { class: "lined" }, element);
    outer.style.backgroundImage = image.join(", ");
    outer.style.backgroundPosition = position.join(", ");
    outer.style.backgroundSize = size.join(", ");
    return outer;
  }

  /** The label in front of a quote, claim, mark or mistake: says without colour what begins here. */
  function chip(state, one, start) {
    if (one.at[0] !== start || one.role === "cue" || one.role === "source") return null;
    if (one.kind === "mark") return h("span", { class: "chip mark-chip" }, one.item.function);
    if (!["quote", "claim", "mistake"].includes(one.kind) || state.started.has(one.id)) return null;
    state.started.add(one.id);
    const element = CHIPS[one.kind](state, one);
    remember(state, one.id, "handle", element);
    return element;
  }

  const CHIPS = {
    quote: (state, { id, item }) => {
      const name = store.speakerName(item.speaker);
      return h("a", { class: `chip quote-chip ${store.colourOf(item.speaker)}`, "data-target": id, href: `#${id}`, "aria-label": `${store.initials(item.speaker)}: quote ${store.short(id)}, ${item.type}, by ${name}: ${store.phrase(state.article, item.content)}` },
        h("span", { class: "swatch", "data-type": item.type, "aria-hidden": "true" }), store.initials(item.speaker));
    },
    claim: (state, { id, item }) => h("a", { class: "chip claim-chip", "data-target": id, href: `#${id}`, "aria-label": `Claim ${store.short(id)}, ${said(item.category)}: ${item.proposition}` }, store.short(id)),
    mistake: (state, { id, item }) => h("a", { class: `chip mistake-chip ${item.kind}`, "data-target": id, href: `#${state.options.mistakeHash(id)}`, "aria-label": `${item.kind}: ${item.label}` }, `${SIGNS[item.kind]} ${item.label}`),
  };
  const SIGNS = { missed: "−", spurious: "+", wrong: "≠" };

  /** What repairs insert at an offset; each stands once. */
  function insertions(state, at) {
    if (!state.options.layers.has("repairs") && state.options.text === "raw") return [];
    const here = (state.article.repairs ?? []).filter((one) => one.at[0] === at && one.at[1] === at && !state.inserted.has(one.id));
    return here.map((repair) => {
      state.inserted.add(repair.id);
      if (!state.options.layers.has("repairs")) return repair.replacement;
      const shown = visible(repair.replacement ?? "");
      return [repairChip(state, repair, state.options.text === "clean" ? shown : `‸${shown}`), state.options.text === "clean" && /\s/.test(repair.replacement ?? "") ? " " : null];
    });
  }

  const visible = (text) => text.replaceAll(" ", "␣").replaceAll("\n", "⏎");

  /** Repairs of what lies between the blocks: white space that stands in none. */
  function between(state, start, end) {
    if (!state.options.layers.has("repairs")) return [];
    const here = (state.article.repairs ?? []).filter(({ at: [a, b] }) => a >= start && b <= end && a < b);
    return here.map((repair) => repairChip(state, repair, state.options.text === "clean" ? "✂" : visible(store.words(state.article, repair.at))));
  }

  function repairChip(state, repair, shown) {
    const element = h("a", { class: "chip repair-chip", "data-target": repair.id, href: `#${repair.id}`, "aria-label": `Repair ${store.short(repair.id)}: ${said(repair.kind)}` }, shown);
    remember(state, repair.id, "handle", element);
    return element;
  }

  function remember(state, id, role, element) {
    if (!state.parts.has(id)) state.parts.set(id, []);
    state.parts.get(id).push({ role, element });
  }

  return { render, SIGNS };
})();
