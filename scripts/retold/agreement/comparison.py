"""All figures of two passes, with the guidelines' examples and without them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from retold.agreement import alignment, claims, entities, quotes, segments, topics
from retold.agreement.examples import Examples, without_example_sentences, without_examples
from retold.agreement.figure import Figure
from retold.agreement.passes import OWN, Pass, common_articles

DIGITS = 4
Json = dict[str, Any]
Broader = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of two passes; ``left_out`` says what is missing from them and why.

    The two lists hold figures of the same parts, as far as there is anything left without the examples.
    """

    a: str
    b: str
    articles: tuple[str, ...]
    figures: tuple[Figure, ...]
    without_examples: tuple[Figure, ...]
    left_out: tuple[str, ...]


def compare(a: Pass, b: Pass, broader: Broader, examples: Mapping[str, Examples]) -> Comparison:
    """Compute every figure of two passes over the articles that both have."""
    cut = (without_example_sentences(a, examples), without_example_sentences(b, examples))
    rest = (without_examples(a, examples), without_examples(b, examples))
    return Comparison(
        a.name,
        b.name,
        tuple(one.id for one, _ in common_articles(a, b)),
        (*segments.figures(a, b), quotes.token_figure(a, b), *_figures(a, b, broader)),
        (*segments.figures(*cut), *_figures(*rest, broader)),
        tuple(_left_out(a, b)),
    )


def compare_all(
    passes: Sequence[Pass], broader: Broader, examples: Mapping[str, Examples]
) -> Iterator[Comparison]:
    """Yield the comparison of each two passes, in their order."""
    for a, b in combinations(passes, 2):
        yield compare(a, b, broader, examples)


def as_json(comparison: Comparison) -> Json:
    """Return a comparison as JSON values, figures rounded to ``DIGITS`` digits."""
    rest = {figure.key: figure for figure in comparison.without_examples}
    return {
        "a": comparison.a,
        "b": comparison.b,
        "articles": list(comparison.articles),
        "left_out": list(comparison.left_out),
        "figures": [_entry(figure, rest.get(figure.key)) for figure in comparison.figures],
    }


def _entry(figure: Figure, rest: Figure | None) -> Json:
    return {
        "layer": figure.layer,
        "part": figure.part,
        "measure": figure.measure,
        "value": _rounded(figure.value),
        "n": figure.n,
        "without_examples": {
            "value": _rounded(rest.value) if rest else None,
            "n": rest.n if rest else 0,
        },
        "details": {name: _rounded(value) for name, value in figure.details.items()},
    }


def as_text(comparison: Json) -> Iterator[str]:
    """Yield a comparison, as ``as_json`` gives it, as a table: a line for each figure."""
    yield f"{comparison['a']} and {comparison['b']}: {len(comparison['articles'])} articles"
    yield from comparison["left_out"]
    yield _row("layer", "part", "measure", "value", "n", "without examples", "n")
    for entry in comparison["figures"]:
        rest = entry["without_examples"]
        name = (entry["layer"], entry["part"], entry["measure"])
        yield _row(*name, _said(entry["value"]), entry["n"], _said(rest["value"]), rest["n"])


def _row(layer: str, part: str, measure: str, *cells: object) -> str:
    value, n, rest, rest_n = cells
    return f"{layer:<11}{part:<46}{measure:<22}{value:>6}{n:>7}{rest:>18}{rest_n:>7}"


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _figures(a: Pass, b: Pass, broader: Broader) -> Iterator[Figure]:
    yield from quotes.figures(a, b)
    yield from entities.figures(a, b)
    yield from claims.figures(a, b)
    yield from alignment.figures(a, b)
    yield from topics.figures(a, b, broader)


def _left_out(a: Pass, b: Pass) -> Iterator[str]:
    for own in (a, b):
        for registry in OWN:
            if registry not in own.own:
                yield f"pass {own.name} has no {registry} of its own: no figures on their alignment"
    missing = sorted(a.articles.keys() ^ b.articles.keys())
    if missing:
        yield f"not in both passes: {', '.join(missing)}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
