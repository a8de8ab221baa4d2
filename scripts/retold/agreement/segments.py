"""Agreement on blocks and sentences."""

from __future__ import annotations

from collections.abc import Iterator

from retold.agreement.figure import Figure, f1, labels
from retold.agreement.passes import Pass, common_articles
from retold.measures.counts import score_items
from retold.records import Article

LAYER = "segments"
Extent = tuple[str, int, int]


def _sentences(article: Article) -> Iterator[Extent]:
    for block in article.blocks:
        yield from ((article.id, s.span.start, s.span.end) for s in block.sentences)


def figures(a: Pass, b: Pass) -> Iterator[Figure]:
    """Yield F1 of the extents of sentences and blocks, and the labels of the kinds of the same blocks."""
    articles = common_articles(a, b)
    one, other = ({s for pair in articles for s in _sentences(pair[side])} for side in (0, 1))
    yield f1(LAYER, "sentences", score_items(one, other))
    mine, theirs = (
        {
            (x.id, block.start, block.end): block.kind
            for x in (pair[side] for pair in articles)
            for block in x.blocks
        }
        for side in (0, 1)
    )
    yield f1(LAYER, "blocks", score_items(mine, theirs))
    yield from labels(
        LAYER, "block kind", [(kind, theirs[key]) for key, kind in mine.items() if key in theirs]
    )
