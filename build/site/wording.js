"use strict";
// Words in their surroundings, and wordings set against each other.
Retold.wording = (() => {
  const { h, hidden } = Retold;
  const AROUND = 45;

  /** Return the words of a span with some of the text around them. */
  function context(article, [start, end]) {
    const from = Math.max(0, start - AROUND), to = Math.min(article.points.length, end + AROUND);
    const piece = (a, b) => article.points.slice(a, b).join("").replace(/\s+/g, " ");
    const before = from > 0 ? `…${piece(from, start).replace(/^\S*\s/, "")}` : piece(from, start);
    const after = to < article.points.length ? `${piece(end, to).replace(/\s\S*$/, "")}…` : piece(end, to);
    return h("span", { class: "context" }, before, h("mark", {}, piece(start, end)), after);
  }

  /** Return a wording: its own words underlined, words of the reference that it lacks struck through. */
  function compared(parts) {
    return parts.map(([kind, text]) => {
      if (kind === "own") return [h("ins", {}, text.trimEnd()), text.slice(text.trimEnd().length)];
      if (kind === "left_out") return [h("del", {}, hidden("[left out: "), text, hidden("] ")), " "];
      return text;
    });
  }

  return { context, compared };
})();
