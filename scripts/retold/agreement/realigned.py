"""What two passes align differently: the relations of matched claims, the remarks of matched quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from retold.agreement.alignment import matched_claims, matched_quotes, related, told
from retold.agreement.passes import Pass
from retold.records import Claim, Quote
from retold.tables.relations import NEUTRAL

Json = dict[str, Any]
Side = Json  # an item as one pass aligns it: what names it, then the other items by their ids in pass a
Change = tuple[str, int, Side, Side]  # article, offset, as pass a has it, as pass b has it
Values = Mapping[int, Mapping[int, str]]  # for each item, by number, what it is to each other one

SAME_REMARK, OTHER_REMARK = "the same remark", "not the same remark"


def changes(a: Pass, b: Pass) -> Iterator[Change]:
    """Yield, for each claim and quote that is aligned differently, what it is to others in each pass.

    An entry for another item is keyed by that item's id in ``a`` and holds the relation and the words. What
    stands between two items is told once, under the one that comes first. A registry that one of the passes
    lacks is not compared.
    """
    if "claims" in a.own & b.own:
        places, mine, theirs = matched_claims(a, b)
        ours, others = (_both(related(places, side, own)) for side, own in ((mine, a), (theirs, b)))
        yield from _changed(places, (mine, theirs), (ours, others), NEUTRAL.relation)
    if "utterances" in a.own & b.own:
        places, told_a, told_b = matched_quotes(a, b)
        ours, others = (_together(told(side, own)) for side, own in ((told_a, a), (told_b, b)))
        yield from _changed(places, (told_a, told_b), (ours, others), OTHER_REMARK)
        yield from _renderings(places, told_a, told_b)


def _changed(
    places: Sequence[str],
    items: tuple[Sequence[Claim], Sequence[Claim]] | tuple[Sequence[Quote], Sequence[Quote]],
    values: tuple[Values, Values],
    otherwise: str,
) -> Iterator[Change]:
    mine, theirs = items
    for number, place in enumerate(places):
        here, there = (side.get(number, {}) for side in values)
        differing = sorted(n for n in here.keys() | there.keys() if here.get(n) != there.get(n))
        if differing:
            a, b = _named(mine[number]), _named(theirs[number])
            for other in differing:
                key = mine[other].id
                a[key] = {"is": here.get(other, otherwise), "words": _words(mine[other])}
                b[key] = {"is": there.get(other, otherwise), "words": _words(theirs[other])}
            yield place, _start(mine[number]), a, b


def _renderings(places: Sequence[str], mine: Sequence[Quote], theirs: Sequence[Quote]) -> Iterator[Change]:
    for place, x, y in zip(places, mine, theirs, strict=True):
        here, there = (sorted(link.rendering for link in quote.utterances) for quote in (x, y))
        if here != there:
            yield place, _start(x), {**_named(x), "rendering": here}, {**_named(y), "rendering": there}


def _both(pairs: Mapping[tuple[int, int], str]) -> Values:
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for (first, second), relation in pairs.items():
        found[first][second] = relation
    return found


def _together(remarks: Mapping[Any, Any]) -> Values:
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    telling = [number for number, told_here in remarks.items() if told_here]
    for first, second in combinations(telling, 2):
        if remarks[first] & remarks[second]:
            found[first][second] = SAME_REMARK
    return found


def _named(item: Claim | Quote) -> Json:
    return {"id": item.id, "text": _words(item)}


def _words(item: Claim | Quote) -> str:
    if isinstance(item, Claim):
        return item.proposition
    return " … ".join(span.text for span in item.content)


def _start(item: Claim | Quote) -> int:
    return (item.spans if isinstance(item, Claim) else item.content)[0].start
