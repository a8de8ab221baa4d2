"""Agreement on quotes: which there are, their spans, their labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from retold.agreement.figure import Figure, accuracy, f1, labels
from retold.agreement.matching import Matched, match_quotes
from retold.agreement.passes import Pass, common_articles
from retold.measures.alpha import krippendorff_alpha
from retold.measures.counts import Score
from retold.measures.spans import length, shared
from retold.records import Article, Quote, Span
from retold.tokens import tokenize

LAYER = "quotes"
ROLES = ("content", "source", "cue", "cue_group")
LABELS = ("type", "marking", "attitude", "polarity")
WIDE = "wide"


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures on core quotes, then on all of them.

    For those on core quotes a quote that either pass calls wide is neither hit nor miss: matched pairs with
    one are left out, and so are unmatched wide quotes.
    """
    articles = common_articles(a, b)
    matched = [match_quotes(one.quotes, other.quotes) for one, other in articles]
    for scope, keep in (("core", _is_core), ("all", _is_any)):
        pairs = [pair for of_article in matched for pair in of_article if keep(*pair)]
        sides = tuple(
            [
                quote
                for number, pair in enumerate(articles)
                for quote in _kept(pair[side].quotes, matched[number], side, keep)
            ]
            for side in (0, 1)
        )
        yield from _spans(scope, pairs, sides)
        yield from _labels(scope, pairs, a, b)
    pairs = [pair for of_article in matched for pair in of_article]
    yield from labels(LAYER, "scope, all", [(x.scope, y.scope) for x, y in pairs])
    yield accuracy(LAYER, "parent, all", list(_parents(pairs, articles)))


def token_figure(a: Pass, b: Pass) -> Figure:
    """Return alpha over tokens in four classes, as Newell et al. (2018) give it for PolNeAR."""
    units = [
        unit
        for one, other in common_articles(a, b)
        for unit in zip(token_classes(one), token_classes(other), strict=True)
    ]
    return Figure(LAYER, "tokens", "alpha", krippendorff_alpha(units), len(units), {})


def _spans(scope: str, pairs: Matched[Quote], sides: Sequence[Sequence[Quote]]) -> Iterator[Figure]:
    """Yield how far the quotes themselves, each role and the three roles together are the same."""
    sizes = [len(side) for side in sides]
    yield f1(LAYER, f"quotes, {scope}", Score.of_hits(len(pairs), *sizes), "F1, half of content")
    for role in ROLES:
        get = _role(role)
        exact = sum(bool(get(x)) and _extents(get(x)) == _extents(get(y)) for x, y in pairs)
        there = [sum(bool(get(quote)) for quote in side) for side in sides]
        yield f1(LAYER, f"{role}, {scope}", Score.of_hits(exact, *there), "F1, exact")
        common = sum(shared(get(x), get(y)) for x, y in pairs)
        lengths = [sum(length(get(quote)) for quote in side) for side in sides]
        yield f1(LAYER, f"{role}, {scope}", Score.of_hits(common, *lengths), "F1, characters")
    whole = sum(all(_extents(_role(r)(x)) == _extents(_role(r)(y)) for r in ROLES[:3]) for x, y in pairs)
    yield f1(LAYER, f"content, source and cue, {scope}", Score.of_hits(whole, *sizes), "F1, exact")


def _labels(scope: str, pairs: Matched[Quote], a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the labels of matched quotes, and whether their speakers are the same."""
    for field in LABELS:
        values = [(getattr(x, field), getattr(y, field)) for x, y in pairs]
        yield from labels(LAYER, f"{field}, {scope}", values)
    speakers = [(a.entity(x.speaker), b.entity(y.speaker)) for x, y in pairs]
    yield accuracy(LAYER, f"speaker, {scope}", speakers)


def _parents(
    pairs: Matched[Quote], articles: Iterable[tuple[Article, Article]]
) -> Iterator[tuple[str | None, str | None]]:
    """Yield the parents of matched quotes as ids of the second pass.

    A parent without a match fits none; one that is an example, and so left out of both passes, fits another.
    """
    here, there = ({quote.id for pair in articles for quote in pair[side].quotes} for side in (0, 1))
    same = {x.id: y.id for x, y in pairs}
    for x, y in pairs:
        mine = same.get(x.parent, "unmatched") if x.parent in here else x.parent and "left out"
        theirs = y.parent if y.parent in there else y.parent and "left out"
        yield mine, theirs


def token_classes(article: Article) -> list[str]:
    """Return ``content``, ``cue``, ``source`` or ``none`` for each token, of the outermost quotes.

    Cues are verb groups. A token in several roles has the first of these.
    """
    outermost = [quote for quote in article.quotes if quote.parent is None]
    classes = {}
    for role in ("source", "cue_group", "content"):
        for span in (span for quote in outermost for span in _role(role)(quote)):
            classes.update(dict.fromkeys(range(span.start, span.end), role.removesuffix("_group")))
    return [classes.get(start, "none") for start, _ in tokenize(article.text)]


def _kept(
    quotes: Iterable[Quote], matched: Matched[Quote], side: int, keep: Callable[[Quote, Quote], bool]
) -> Iterator[Quote]:
    """Yield the quotes of one pass that count: as its matched pair does, else as it does by itself."""
    partner = {pair[side].id: pair for pair in matched}
    for quote in quotes:
        if keep(*partner.get(quote.id, (quote, quote))):
            yield quote


def _is_core(a: Quote, b: Quote) -> bool:
    return WIDE not in (a.scope, b.scope)


def _is_any(_a: Quote, _b: Quote) -> bool:
    return True


def _role(role: str) -> Callable[[Quote], tuple[Span, ...]]:
    def get(quote: Quote) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = getattr(quote, role)
        return spans

    return get


def _extents(spans: Iterable[Span]) -> set[tuple[int, int]]:
    return {(span.start, span.end) for span in spans}
