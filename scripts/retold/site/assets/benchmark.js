"use strict";
// The leaderboard by task, and the way to each system's mistakes.
(() => {
  const { h, link, figure, plural, store } = Retold;
  const board = store.data.leaderboard;

  const mistakesOf = (task, system) => (store.data.mistakes ?? []).find((one) => one.task === task && one.system === system);

  function row(task, score, clean) {
    const made = mistakesOf(task, score.system);
    const between = score.low === undefined ? "–" : `${score.approximate ? "≈ " : ""}${figure(score.low)} to ${figure(score.high)}`;
    const about = board.systems[score.system];
    const bar = h("span", { class: "bar-fill", "aria-hidden": "true" });
    bar.style.inlineSize = `${Math.max(0, Math.round((score.value ?? 0) * 100))}%`;
    return h("tr", {}, h("td", {}, score.place ?? "–"),
      h("th", { scope: "row" }, score.system, h("span", { class: "broader" }, `${about.kind}: ${about.summary}`)),
      h("td", { class: "score" }, h("span", { class: "bar-track", "aria-hidden": "true" }, bar), h("strong", {}, figure(score.value))),
      h("td", {}, between), h("td", {}, clean ? figure(clean.value) : "–"),
      h("td", {}, made ? (made.mistakes?.length ? link(`/benchmark/${task}/${score.system}`, plural(made.mistakes.length, "mistake")) : "no mistakes") : "–"));
  }

  function table(task, views) {
    const [view] = Object.keys(views), first = views.raw ?? views[view];
    const clean = new Map((views.clean?.scores ?? []).map((one) => [one.system, one]));
    return h("section", { "aria-labelledby": `task-${task}` }, h("h2", { id: `task-${task}` }, task, " ", h("small", {}, `${first.part}, ${first.measure}`)),
      h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Scores for ${task}` }, h("table", { class: "board" },
        h("thead", {}, h("tr", {}, ["Place", "System", "Score", "95 % interval", "Clean text", "What it got wrong"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, first.scores.map((score) => row(task, score, clean.get(score.system)))))));
  }

  function leaderboard() {
    const tasks = Object.entries(board.tasks ?? {});
    const noted = Object.entries(board.systems ?? {}).filter(([, one]) => one.note);
    return {
      title: "Benchmark",
      element: h("div", { class: "wide" }, h("h1", {}, "Benchmark"),
        tasks.length ? [h("p", {}, "Scores of tools and models, one headline a task. Systems that the data cannot tell apart share a place; ceilings (another pass of annotation) have none. The mistakes are those on the text as received."), h("nav", { "aria-label": "Tasks" }, h("ul", { class: "chips" }, tasks.map(([task]) => h("li", {}, h("button", { type: "button", class: "jump", onclick: () => jump(task) }, task))))), tasks.map(([task, views]) => table(task, views))] : h("p", {}, "No system has been scored on this corpus. ", h("code", {}, "retold leaderboard"), " makes the scores."),
        noted.length > 0 && h("section", {}, h("h2", {}, "Notes"), h("dl", { class: "facts" }, noted.map(([name, one]) => h("div", {}, h("dt", {}, name), h("dd", {}, one.note)))))),
    };
  }

  function jump(task) {
    const heading = document.getElementById(`task-${task}`);
    heading.setAttribute("tabindex", "-1");
    heading.scrollIntoView();
    heading.focus({ preventScroll: true });
  }

  Retold.views.benchmark = ([task, system, article, number]) => {
    if (task === undefined || system === undefined) return leaderboard();
    const made = mistakesOf(task, system);
    return made ? Retold.mistakesView(made, article, number) : null;
  };
})();
