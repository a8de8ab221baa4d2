"use strict";
// Making elements. Text is only ever set as text, so that words of articles are never markup.
window.Retold = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(element, props, children) {
    for (const [name, value] of Object.entries(props ?? {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    add(element, children);
    return element;
  }

  function add(element, children) {
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      element.append(child instanceof Node ? child : String(child));
    }
  }

  /** Return an element; children are elements, text, lists of them, or nothing. */
  const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
  const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

  const hidden = (text) => h("span", { class: "hidden" }, text);
  const link = (hash, ...children) => h("a", { href: `#${hash}` }, children);

  /** Return a button that stays pressed. */
  function toggle(name, pressed, onclick, ...children) {
    return h("button", { type: "button", class: "toggle", "aria-pressed": String(pressed), "data-name": name, onclick }, children);
  }

  const plural = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
  const said = (label) => String(label).replaceAll("_", " ");
  const figure = (value) => (value === undefined ? "–" : value.toFixed(3));

  /** Return pairs of a term and what it is as a list; pairs without a value are left out. */
  function facts(pairs) {
    const rows = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "" && value.length !== 0);
    return h("dl", { class: "facts" }, rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))));
  }

  /** Put something between the members of a list. */
  const joined = (list, between = ", ") => list.flatMap((one, n) => (n ? [between, one] : [one]));

  return { h, svg, hidden, link, toggle, plural, said, figure, facts, joined, views: {} };
})();
