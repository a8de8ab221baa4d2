"use strict";
// The lines that tie a quote's words to its cue and its source.
Retold.ties = (() => {
  const { h, svg } = Retold;

  /** Return {element, mark, clear}: an overlay for a rendered text; `parts` are its elements by id and role. */
  function overlay(parts) {
    const lines = svg("svg", { class: "ties", "aria-hidden": "true" });
    let marked = [];

    function clear() {
      for (const [element, names] of marked) element.classList.remove(...names);
      marked = [];
      lines.replaceChildren();
    }

    /** Mark all parts of an item; `strong` for the selected one, else it is only looked at. */
    function mark(id, strong) {
      const found = parts.get(id) ?? [];
      for (const { role, element } of found) {
        const names = [strong ? "selected" : "touched", `as-${role}`];
        element.classList.add(...names);
        marked.push([element, names]);
      }
      draw(found, "source", "cue");
      draw(found, found.some(({ role }) => role === "cue") ? "cue" : "source", "content");
    }

    function draw(found, from, to) {
      const a = box(found, from), b = box(found, to);
      if (!a || !b) return;
      const home = lines.getBoundingClientRect();
      const x1 = a.left + a.width / 2 - home.left, x2 = b.left + Math.min(b.width / 2, 40) - home.left;
      const up = b.top < a.top - 4;
      const y1 = (up ? a.top : a.bottom) - home.top, y2 = (Math.abs(a.top - b.top) < 5 ? b.bottom : up ? b.bottom : b.top) - home.top;
      const bow = Math.abs(a.top - b.top) < 5 ? 14 : 0;
      lines.append(svg("path", { d: `M${x1},${y1} C${x1},${y1 + (up ? -bow || -10 : bow || 10)} ${x2},${y2 + (up ? 10 : bow || -10)} ${x2},${y2}` }),
        svg("circle", { cx: x2, cy: y2, r: 3 }));
    }

    function box(found, role) {
      const element = found.find((one) => one.role === role)?.element;
      return element?.getClientRects()[0];
    }

    return { element: lines, mark, clear };
  }

  /** Mark what the pointer or the focus is on, beside what is selected. */
  function watch(container, ties, selected) {
    const show = (target) => {
      const near = target?.closest?.("[data-target], [data-ids]");
      const id = near?.dataset.target ?? near?.dataset.ids.split(" ")[0];
      ties.clear();
      if (selected()) ties.mark(selected(), true);
      if (id && id !== selected()) ties.mark(id, false);
    };
    container.addEventListener("pointerover", (event) => show(event.target));
    container.addEventListener("pointerleave", () => show(null));
    container.addEventListener("focusin", (event) => show(event.target));
    container.addEventListener("focusout", () => show(null));
    container.addEventListener("click", (event) => {
      if (event.target.closest("a") || !window.getSelection().isCollapsed) return;
      const id = event.target.closest("[data-ids]")?.dataset.ids.split(" ")[0];
      if (id) window.location.hash = `#${id}`;
    });
    return () => show(null);
  }

  return { overlay, watch };
})();
