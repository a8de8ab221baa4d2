"""A score as a table, as JSON (``schema/score.schema.json``) and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from retold.benchmark.outcome import Metric, Mistake
from retold.benchmark.placement import NOT_FOUND
from retold.benchmark.resampling import CONFIDENCE, POWER, Interval, Resampler
from retold.benchmark.scoring import Score

Json = dict[str, Any]
DIGITS = 4
SHOWN = 100
NOTHING = "–"


def as_json(score: Score, resampler: Resampler, *, mistakes: bool = False) -> Json:
    """Return a score as JSON values, rounded to ``DIGITS`` digits; with ``mistakes``, these too."""
    gold = score.gold
    outcome = score.outcome
    document: Json = {
        "task": score.task,
        "signature": score.signature,
        "headline": entry(outcome.headline, score.interval(outcome.headline)),
        "details": [entry(metric, score.interval(metric)) for metric in outcome.details],
        "full": [
            entry(metric, interval)
            for metric in outcome.full
            if (interval := score.interval(metric)) is not None
        ],
        "articles_missing": list(score.missing),
        "articles_passed_over": list(score.passed_over),
        "spans_without_offsets": {
            "placed": {way: score.placed[way] for way in sorted(score.placed)},
            "share_not_found": rounded(score.share_not_found),
        },
        "data": {
            "version": gold.version if gold else None,
            "digest": gold.digest if gold else None,
            "view": gold.view if gold else None,
        },
        "resampling": {
            "confidence": CONFIDENCE,
            "power": POWER,
            "resamples": resampler.resamples,
            "resamples_approximate": resampler.few,
            "seed": resampler.seed,
        },
    }
    if mistakes:
        document["mistakes"] = [asdict(mistake) for mistake in outcome.mistakes]
    return document


def entry(metric: Metric, interval: Interval | None) -> Json:
    """Return a metric with its interval."""
    interval = interval or Interval(None, None, None, None, None, approximate=False)
    return {
        "part": metric.part,
        "measure": metric.measure,
        "value": rounded(interval.value),
        "low": rounded(interval.low),
        "high": rounded(interval.high),
        "smallest_difference": rounded(interval.smallest_difference),
        "approximate": interval.approximate,
        "precision": rounded(metric.precision),
        "recall": rounded(metric.recall),
        "found": rounded(metric.found),
        "expected": rounded(metric.expected),
    }


def as_text(document: Json) -> Iterator[str]:
    """Yield a score, as ``as_json`` gives it, as a table."""
    headline = document["headline"]
    yield f"{document['task']}: {headline['part']}, {headline['measure']}"
    yield f"  {_value(headline)}"
    yield ""
    for part in ("details", "full"):
        yield from _table(document[part])
    yield "Δ: smallest difference to a rival that these data can tell (paired, 80 % power; at most)"
    yield from _warnings(document)
    yield document["signature"]


def as_markdown(document: Json) -> Iterator[str]:
    """Yield a score as a Markdown table with its signature."""
    yield "| part | measure | score | 95 % interval | smallest difference | P | R | gold | predicted |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for item in (document["headline"], *document["details"], *document["full"]):
        yield (
            f"| {item['part']} | {item['measure']} | {_said(item['value'])} | {_between(item)} "
            f"| {_said(item['smallest_difference'])} | {_said(item['precision'])} | {_said(item['recall'])} "
            f"| {_count(item['expected'])} | {_count(item['found'])} |"
        )
    yield ""
    yield from (f"{line}  " for line in _warnings(document))
    yield f"`{document['signature']}`"


def mistake_lines(mistakes: Sequence[Mistake]) -> Iterator[str]:
    """Yield mistakes, a line each, after a line that counts them."""
    kinds = sorted({mistake.kind for mistake in mistakes})
    counted = ", ".join(f"{sum(m.kind == kind for m in mistakes)} {kind}" for kind in kinds)
    yield f"{len(mistakes)} mistakes in the headline's slice" + (f": {counted}" if counted else "")
    for mistake in mistakes:
        place = f"{mistake.start}–{mistake.end}" if mistake.start >= 0 else "not in the text"
        line = f"{mistake.article} {place} {mistake.kind} {mistake.label}: {_short(mistake.text)}"
        if mistake.expected is not None or mistake.found is not None:
            line += f" — gold {_short(str(mistake.expected))}, predicted {_short(str(mistake.found))}"
        yield f"{line} [{mistake.item}]" if mistake.item else line


def difference_line(difference: Interval) -> str:
    """Return a paired difference as a line."""
    value, low, high = difference.value, difference.low, difference.high
    if value is None or low is None or high is None:
        return "difference: not defined"
    smallest = difference.smallest_difference or 0.0
    verdict = "beyond" if abs(value) >= smallest > 0 else "within"
    about = "≈ " if difference.approximate else ""
    return (
        f"difference of the headlines, paired: {about}{value:+.3f} [{low:+.3f}, {high:+.3f}], {verdict} "
        f"{smallest:.3f}, the smallest that these data can tell with 80 % power"
    )


def rounded(value: float | None) -> float | None:
    """Return a figure as documents hold it."""
    return None if value is None else round(value, DIGITS)


def _table(items: Sequence[Json]) -> Iterator[str]:
    if not items:
        return
    width = max(len(f"{item['part']}, {item['measure']}") for item in items)
    for item in items:
        yield f"  {item['part'] + ', ' + item['measure']:<{width}}  {_value(item)}"
    yield ""


def _value(item: Json) -> str:
    """Return a score with its interval and counts."""
    parts = [f"{_said(item['value'])} {_between(item)}".strip()]
    if item["smallest_difference"] is not None:
        parts.append(f"Δ {item['smallest_difference']:.3f}")
    if item["precision"] is not None or item["recall"] is not None:
        parts.append(f"P {_said(item['precision'])} R {_said(item['recall'])}")
    counts = [("gold", item["expected"]), ("predicted", item["found"])]
    said = ", ".join(f"{name} {_count(count)}" for name, count in counts if count is not None)
    return "  ".join([*parts, f"({said})"] if said else parts)


def _between(item: Json) -> str:
    if item["low"] is None:
        return ""
    about = "≈ " if item["approximate"] else ""
    return f"{about}[{item['low']:.3f}, {item['high']:.3f}]"


def _warnings(document: Json) -> Iterator[str]:
    spans = document["spans_without_offsets"]
    if spans["share_not_found"] is not None:
        placed = ", ".join(f"{count} {way}" for way, count in spans["placed"].items() if way != NOT_FOUND)
        share = 100 * spans["share_not_found"]
        lost = spans["placed"].get(NOT_FOUND, 0)
        yield f"spans without offsets: {placed or 'none found'}; not in the text {lost} ({share:.1f} %)"
    if document["articles_missing"]:
        yield f"no predictions, so all missed: {', '.join(document['articles_missing'])}"
    if document["articles_passed_over"]:
        yield f"not in this split, passed over: {', '.join(document['articles_passed_over'])}"


def _said(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}"


def _count(value: float | None) -> str:
    return NOTHING if value is None else f"{value:g}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…")
