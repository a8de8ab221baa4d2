"use strict";
// From the part of the address behind # to a view. `#/…` is a view, any other `#…` an item or article by its id.
(() => {
  const { h, link, store, views } = Retold;
  const main = document.getElementById("main");
  const NAV = [["/", "Start", "start"], [`/read/${store.data.articles[0]?.id ?? ""}`, "Read", "read"], ["/compare/remarks", "Compare", "compare"], ["/find", "Find", "find"], ["/benchmark", "Benchmark", "benchmark"], ["/numbers", "Numbers", "numbers"]];
  let first = true;

  function parse(hash) {
    const [path, query = ""] = hash.replace(/^#/, "").split("?");
    const decode = (part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    };
    return { parts: path.split("/").map(decode), query: new URLSearchParams(query) };
  }

  /** Return [name of the view, what it shows]. */
  function resolve({ parts, query }) {
    if (parts[0] !== "") return byId(parts[0], query);
    const [, name = "", ...rest] = parts;
    if (name === "") return ["start", views.start()];
    if (name === "read") return ["read", views.read(rest[0], query)];
    if (name === "entity") return ["find", views.entity(rest[0])];
    return [name, Object.hasOwn(views, name) ? views[name](rest, query) : null];
  }

  function byId(id, query) {
    const found = store.items.get(id);
    if (found) return ["read", views.read(found.article.id, query, id)];
    if (store.articles.has(id)) return ["read", views.read(id, query)];
    return ["", null];
  }

  function show() {
    if (window.location.hash === "#main") return; // the skip link
    const [name, found] = resolve(parse(window.location.hash));
    const view = found ?? { title: "Not found", element: h("div", { class: "reading" }, h("h1", {}, "Nothing here"), h("p", {}, "There is no such view or item: ", h("code", {}, window.location.hash), ". ", link("/", "Go to the start"), " or ", link("/find", "search"), ".")) };
    document.title = view.title ? `${view.title} · ${store.data.about.name}` : store.data.about.name;
    if (name !== "read") document.body.classList.remove("has-selection");
    navigation(name);
    if (view.kept) return;
    main.replaceChildren(view.element);
    if (!first) {
      window.scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
    first = false;
    view.shown?.();
  }

  function navigation(current) {
    document.getElementById("nav").replaceChildren(...NAV.map(([hash, shown, name]) => h("li", {}, h("a", { href: `#${hash}`, "aria-current": name === current ? "page" : null }, shown))));
  }

  const { about } = store.data;
  document.getElementById("foot").append(h("p", {}, `${about.name}${about.version ? ` ${about.version}` : ""} · data `, h("code", {}, about.digest.slice(0, 12))), about.canary ? h("p", { class: "canary" }, about.canary) : "");
  // Text fragments of the browser and the history must not fight with the page's own scrolling.
  history.scrollRestoration = "manual";
  window.addEventListener("hashchange", show);
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
    main.scrollIntoView();
  });
  show();
})();
