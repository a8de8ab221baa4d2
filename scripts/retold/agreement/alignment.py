"""Agreement on what says the same in several articles: relations of claims, utterances of quotes.

Both are compared over items that were matched, since each pass has its own canonical claims and utterances;
what a pass says of a claim or quote that the other has not is no part of these figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from retold.agreement.figure import Figure, f1, labels
from retold.agreement.matching import Matched, match_claims, match_quotes
from retold.agreement.passes import Pass, common_articles
from retold.measures.clustering import Grouping, extended_b_cubed
from retold.measures.counts import macro_f1, score_items
from retold.records import Claim, Quote
from retold.tables.relations import EQUIVALENT, NEUTRAL, Relations, close

LAYER = "alignment"
Item = TypeVar("Item")
Pair = tuple[int, int]  # numbers of two matched claims
Aligned = tuple[list[str], list[Item], list[Item]]  # the article, and each pass's own, of matched items


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures on the registries that both passes bring; none on those that one lacks."""
    if "claims" in a.own & b.own:
        yield from _relations(a, b)
    if "utterances" in a.own & b.own:
        yield from _utterances(a, b)


def _relations(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures over pairs of matched claims of two articles that either pass relates."""
    places, ours, others = matched_claims(a, b)
    mine, theirs = related(places, ours, a), related(places, others, b)
    either = sorted(mine.keys() | theirs.keys())
    pairs = [(mine.get(pair, NEUTRAL.relation), theirs.get(pair, NEUTRAL.relation)) for pair in either]
    yield f1(LAYER, "relations of claims", score_items(mine.items(), theirs.items()))
    macro = macro_f1(pairs, left_out=frozenset({NEUTRAL.relation}))
    yield Figure(LAYER, "relations of claims", "macro-F1", macro, len(pairs), {})
    yield from labels(LAYER, "relations of claims", pairs)
    both = [pair for pair in pairs if NEUTRAL.relation not in pair]
    yield from labels(LAYER, "relation where both have one", both)


def matched_claims(a: Pass, b: Pass) -> Aligned[Claim]:
    """Return the matched claims of all articles, by article and position."""
    return _aligned((one.id, match_claims(one.claims, other.claims)) for one, other in common_articles(a, b))


def matched_quotes(a: Pass, b: Pass) -> Aligned[Quote]:
    """Return the matched quotes of all articles, by article and position."""
    return _aligned((one.id, match_quotes(one.quotes, other.quotes)) for one, other in common_articles(a, b))


def _aligned(matched: Iterable[tuple[str, Matched[Item]]]) -> Aligned[Item]:
    rows = [(article, x, y) for article, pairs in matched for x, y in pairs]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def related(articles: Sequence[str], claims: Sequence[Claim], own: Pass) -> dict[Pair, str]:
    """Return the relations, closed, of each two claims of two articles that are not neutral.

    ``articles`` gives the article of each claim. A pair is of positions, the lesser first.
    """
    relations = close(own.registry.claims)
    names = [own.canonical(claim.canonical) for claim in claims]
    said = [number for number, name in enumerate(names) if name is not None]
    found = {}
    for i, j in combinations(said, 2):
        relation = _relation(names[i] or "", names[j] or "", relations)
        if relation != NEUTRAL.relation and articles[i] != articles[j]:
            found[i, j] = relation
    return found


def _relation(one: str, other: str, relations: Relations) -> str:
    if one == other:
        return EQUIVALENT.relation
    return relations.get(one, {}).get(other, NEUTRAL).relation


def _utterances(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield B³ of the grouping of matched quotes by the remark they tell, and the labels of renderings."""
    _, ours, others = matched_quotes(a, b)
    yield f1(LAYER, "utterances of quotes", extended_b_cubed(told(ours, a), told(others, b)), "B³")
    pairs = zip(ours, others, strict=True)
    single = [
        (x.utterances[0], y.utterances[0]) for x, y in pairs if len(x.utterances) == len(y.utterances) == 1
    ]
    yield from labels(LAYER, "rendering", [(x.rendering, y.rendering) for x, y in single])


def told(quotes: Iterable[Quote], own: Pass) -> Grouping:
    """Return the utterances that each quote tells, by the quote's position; none for most.

    An utterance of one quote alone (its other quotes may not be matched) is a group of one.
    """
    return {
        number: {own.utterance(link.utterance) for link in quote.utterances}
        for number, quote in enumerate(quotes)
    }
