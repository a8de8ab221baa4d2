"""Agreement on what says the same in several articles: relations of claims, utterances of quotes.

Both are compared over items that were matched, since each pass has its own canonical claims and utterances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from retold.agreement.figure import Figure, f1, labels
from retold.agreement.matching import match_claims, match_quotes
from retold.agreement.passes import Pass, common_articles
from retold.measures.clustering import Grouping, extended_b_cubed
from retold.measures.counts import macro_f1, score_items
from retold.records import Claim, Quote
from retold.tables.relations import EQUIVALENT, NEUTRAL, Relations, close

LAYER = "alignment"
Pair = tuple[int, int]  # numbers of two matched claims


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures on the registries that both passes bring; none on those that one lacks."""
    if "claims" in a.own & b.own:
        yield from _relations(a, b)
    if "utterances" in a.own & b.own:
        yield from _utterances(a, b)


def _relations(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield the figures over pairs of matched claims of two articles that either pass relates."""
    matched = [
        (one.id, x, y)
        for one, other in common_articles(a, b)
        for x, y in match_claims(one.claims, other.claims)
    ]
    places = [article for article, _, _ in matched]
    mine = related(places, [x for _, x, _ in matched], a)
    theirs = related(places, [y for _, _, y in matched], b)
    either = sorted(mine.keys() | theirs.keys())
    pairs = [(mine.get(pair, NEUTRAL.relation), theirs.get(pair, NEUTRAL.relation)) for pair in either]
    yield f1(LAYER, "relations of claims", score_items(mine.items(), theirs.items()))
    macro = macro_f1(pairs, left_out=frozenset({NEUTRAL.relation}))
    yield Figure(LAYER, "relations of claims", "macro-F1", macro, len(pairs), {})
    yield from labels(LAYER, "relations of claims", pairs)
    both = [pair for pair in pairs if NEUTRAL.relation not in pair]
    yield from labels(LAYER, "relation where both have one", both)


def related(articles: list[str], claims: list[Claim], own: Pass) -> dict[Pair, str]:
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
    pairs = [pair for one, other in common_articles(a, b) for pair in match_quotes(one.quotes, other.quotes)]
    mine = told((x for x, _ in pairs), a)
    theirs = told((y for _, y in pairs), b)
    yield f1(LAYER, "utterances of quotes", extended_b_cubed(mine, theirs), "B³")
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
