"""Agreement on the topics of articles and blocks, as they stand and at the top of the hierarchy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retold.agreement.figure import Figure, f1
from retold.agreement.passes import Pass, common_articles
from retold.measures.alpha import krippendorff_alpha, masi
from retold.measures.counts import Score, score_items
from retold.records import Article

LAYER = "topics"
Sets = dict[tuple[str, int, int], frozenset[str]]


def figures(a: Pass, b: Pass, broader: Mapping[str, str | None]) -> Iterator[Figure]:
    """Yield set-valued alpha (MASI) and F1 over codes for articles and for blocks of the same extent.

    ``broader`` maps each code to that of its broader topic, ``None`` at the top.
    """
    articles = common_articles(a, b)
    for unit, sets_of in (("article", article_sets), ("block", block_sets)):
        sides: list[Sets] = [{}, {}]
        for pair in articles:
            for side, article in zip(sides, pair, strict=True):
                side.update(sets_of(article))
        common = [(sides[0][key], sides[1][key]) for key in sides[0] if key in sides[1]]
        tops = [(_tops(x, broader), _tops(y, broader)) for x, y in common]
        for level, units in (("", common), (", top level", tops)):
            part = f"{unit} topics{level}"
            yield Figure(LAYER, part, "alpha, MASI", krippendorff_alpha(units, masi), len(units), {})
            yield f1(LAYER, part, _pooled(units))


def article_sets(article: Article) -> Sets:
    """Return the main and secondary codes of an article as one set; none if it has no main topic."""
    codes = frozenset(topic.topic for topic in (*article.main_topics, *article.secondary_topics))
    return {(article.id, 0, len(article.text)): codes} if article.main_topics else {}


def block_sets(article: Article) -> Sets:
    """Return the set of codes of each block that has an entry, by extent."""
    entries = {entry.block: entry for entry in article.block_topics}
    return {
        (article.id, block.start, block.end): frozenset(entries[block.id].topics)
        for block in article.blocks
        if block.id in entries
    }


def _pooled(units: list[tuple[frozenset[str], frozenset[str]]]) -> Score:
    left, right = (
        [(number, code) for number, unit in enumerate(units) for code in unit[side]] for side in (0, 1)
    )
    return score_items(left, right)


def _tops(codes: frozenset[str], broader: Mapping[str, str | None]) -> frozenset[str]:
    found = set()
    for code in codes:
        top, seen = code, {code}
        while (above := broader.get(top)) is not None and above not in seen:
            top = above
            seen.add(above)
        found.add(top)
    return frozenset(found)
