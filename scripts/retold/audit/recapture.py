"""Which items of the gold two independent passes have, and how many both missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from retold.audit.estimation import Missed, chapman
from retold.records import Article, Span

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recapture:
    """Of one layer: the items of the gold, those that each pass has and both have, and those both missed."""

    layer: str
    gold: int
    first: int
    second: int
    both: int
    missed: Missed


def recaptures(
    gold: Mapping[str, Article], first: Mapping[str, Article], second: Mapping[str, Article]
) -> Iterator[Recapture]:
    """Yield the counts of each layer over the articles that all three have.

    A pass has an item of the gold if it has one of just its spans; labels do not matter here.
    """
    shared = [name for name in gold if name in first and name in second]
    for layer, keys in LAYERS.items():
        true, a, b = ({key for name in shared for key in keys(own[name])} for own in (gold, first, second))
        a, b = a & true, b & true
        counts = (len(a), len(b), len(a & b))
        yield Recapture(layer, len(true), *counts, chapman(*counts))


def _mentions(article: Article) -> Iterator[Key]:
    yield from ((article.id, *_bounds(mention.span)) for mention in article.mentions)


def _quotes(article: Article) -> Iterator[Key]:
    for quote in article.quotes:
        yield (article.id, *(bound for span in quote.content for bound in _bounds(span)), *_cue(quote.cue))


def _claims(article: Article) -> Iterator[Key]:
    for claim in article.claims:
        yield (article.id, *(bound for span in claim.spans for bound in _bounds(span)))


LAYERS: dict[str, Callable[[Article], Iterator[Key]]] = {
    "mentions": _mentions,
    "quotes": _quotes,
    "claims": _claims,
}


def _bounds(span: Span) -> Key:
    return str(span.start), str(span.end)


def _cue(cue: tuple[Span, ...]) -> Key:
    """Return what tells two quotes of the same content apart."""
    return ("cue", *(bound for span in cue for bound in _bounds(span)))
