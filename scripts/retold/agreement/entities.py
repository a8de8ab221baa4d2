"""Agreement on mentions: which there are, their types, what they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from retold.agreement.figure import Figure, accuracy, f1, labels
from retold.agreement.matching import match_mentions
from retold.agreement.passes import Pass, common_articles
from retold.measures.coreference import (
    Cluster,
    Partition,
    b_cubed,
    ceaf_e,
    conll_f1,
    lea,
    muc,
    without_singletons,
)
from retold.measures.counts import score_items
from retold.records import Mention

LAYER = "entities"
VALUE = "value"
Placed = tuple[str, Mention]  # with its article


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures on mentions, on the labels and links of the matched ones, and on coreference."""
    articles = common_articles(a, b)
    one, other = ([(pair[side].id, m) for pair in articles for m in pair[side].mentions] for side in (0, 1))
    yield from _mentions(one, other)
    pairs = list(chain.from_iterable(match_mentions(x.mentions, y.mentions) for x, y in articles))
    for field in ("form", "type"):
        yield from labels(LAYER, field, [(getattr(x, field), getattr(y, field)) for x, y in pairs])
    linked = [(a.entity(x.entity), b.entity(y.entity)) for x, y in pairs if x.entity or y.entity]
    yield accuracy(LAYER, "link", linked)
    metonyms = [(a.entity(x.metonym_of), b.entity(y.metonym_of)) for x, y in pairs]
    yield accuracy(LAYER, "metonym", [pair for pair in metonyms if any(pair)])
    values = [(x, y) for x, y in pairs if VALUE in (x.form, y.form)]
    yield accuracy(LAYER, "value", [((x.value, x.modifier), (y.value, y.modifier)) for x, y in values])
    yield from _coreference(
        _clusters(one, a, across=False), _clusters(other, b, across=False), "within articles"
    )
    yield from _coreference(
        _clusters(one, a, across=True), _clusters(other, b, across=True), "across articles"
    )


def _mentions(one: Sequence[Placed], other: Sequence[Placed]) -> Iterator[Figure]:
    """Yield F1 of the extents alone, and of extent, form and type together: overall, by form, by type."""
    yield f1(LAYER, "mentions", score_items(map(_extent, one), map(_extent, other)), "F1, extent")
    yield f1(LAYER, "mentions", score_items(map(_strict, one), map(_strict, other)), "F1, strict")
    for field in ("form", "type"):
        for label in sorted({getattr(mention, field) for _, mention in (*one, *other)}):
            left, right = (
                [_strict(p) for p in side if getattr(p[1], field) == label] for side in (one, other)
            )
            yield f1(LAYER, f"{field} {label}", score_items(left, right), "F1, strict")


def _coreference(one: Partition, other: Partition, where: str) -> Iterator[Figure]:
    """Yield the measures of coreference, with mentions that stand alone and without."""
    for part, left, right in (
        (f"coreference {where}", one, other),
        (f"coreference {where}, no singletons", without_singletons(one), without_singletons(other)),
    ):
        for name, measure in (("MUC", muc), ("B³", b_cubed), ("CEAF-e", ceaf_e)):
            yield f1(LAYER, part, measure(left, right), name)
        mentions = sum(map(len, left)) + sum(map(len, right))
        yield Figure(LAYER, part, "CoNLL F1", conll_f1(left, right), mentions, {})
        yield f1(LAYER, part, lea(left, right), "LEA")


def _clusters(mentions: Iterable[Placed], own: Pass, *, across: bool) -> list[Cluster]:
    """Return the sets of extents that refer to one entity, of one article or of all."""
    clusters: defaultdict[tuple[str, str], set[tuple[str, int, int]]] = defaultdict(set)
    for article, mention in mentions:
        entity = own.entity(mention.entity)
        if entity is not None:
            clusters["" if across else article, entity].add(_extent((article, mention)))
    return list(clusters.values())


def _extent(placed: Placed) -> tuple[str, int, int]:
    article, mention = placed
    return article, mention.span.start, mention.span.end


def _strict(placed: Placed) -> tuple[object, ...]:
    return *_extent(placed), placed[1].form, placed[1].type
