"use strict";
// From overlapping spans to pieces: a text is cut at every border, and each piece knows what covers it.
Retold.spans = (() => {
  /** Return the borders of spans within [start, end), sorted. */
  function borders(spans, start, end) {
    const found = new Set([start, end]);
    for (const { at: [a, b] } of spans) {
      if (a > start && a < end) found.add(a);
      if (b > start && b < end) found.add(b);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Return pieces {start, end, over}; `over` holds the spans that cover it, the shortest first. */
  function pieces(spans, start, end) {
    const near = spans.filter(({ at: [a, b] }) => a < end && b > start);
    const cuts = borders(near, start, end);
    const length = ({ at }) => at[1] - at[0];
    return cuts.slice(0, -1).map((from, n) => {
      const to = cuts[n + 1];
      const over = near.filter(({ at: [a, b] }) => a <= from && b >= to && a < b).sort((x, y) => length(x) - length(y));
      return { start: from, end: to, over };
    });
  }

  /** Give each item of a block a lane so that no two that overlap share one; return lane by id. */
  function lanes(items) {
    const ends = [], lane = new Map();
    const spread = items.map((one) => ({ id: one.id, from: Math.min(...one.spans.map((s) => s[0])), to: Math.max(...one.spans.map((s) => s[1])) }));
    spread.sort((a, b) => a.from - b.from || b.to - a.to);
    for (const { id, from, to } of spread) {
      let free = ends.findIndex((end) => end <= from);
      if (free < 0) free = ends.length;
      ends[free] = to;
      lane.set(id, free);
    }
    return { lane, number: ends.length };
  }

  return { pieces, lanes };
})();
