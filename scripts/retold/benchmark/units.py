"""The units that are resampled: blocks, the two versions of an interview turn as one.

An item belongs to the block of its first span. Turns are a slice of their own, since one interview stands
twice in the corpus: a score is over the blocks of one slice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from retold.benchmark.gold import TURN, Gold
from retold.measures.joining import Groups
from retold.records import Article, Block

TURN_LABEL = "turn_label"


class Units:
    """The blocks of one slice, numbered by unit.

    ``turns`` says which blocks are in: ``out`` all but interview turns, ``only`` these alone, ``in`` all.
    """

    def __init__(self, gold: Gold, turns: str = "out") -> None:
        """Number the units of the articles in ``gold``, in text order."""
        self._articles = gold.articles
        kept = [
            block.id
            for article in gold.articles.values()
            for block in article.blocks
            if turns == "in" or (block.kind == TURN) == (turns == "only")
        ]
        leader = self._joined(gold, kept)
        numbers: dict[str, int] = {}
        self._number = {block: numbers.setdefault(leader[block], len(numbers)) for block in kept}
        self.size = len(numbers)

    def of_block(self, block: str) -> int | None:
        """Return the unit of a block, ``None`` if the block is not in this slice."""
        return self._number.get(block)

    def at(self, article: str, offset: int) -> int | None:
        """Return the unit that holds a place of an article, ``None`` if it is not in this slice.

        A place before the text, where words stand that the text does not have, is in the article's first
        unit of this slice.
        """
        if offset < 0:
            return self.of_article(article)
        return self.of_block(self._places[article].block_at(offset))

    def of_article(self, article: str) -> int | None:
        """Return the first unit of an article in this slice, ``None`` if it has none there."""
        found = (self.of_block(block.id) for block in self._articles[article].blocks)
        return next((unit for unit in found if unit is not None), None)

    def _joined(self, gold: Gold, blocks: Iterable[str]) -> dict[str, str]:
        """Map each block to the one that stands for its unit: turns that tell one utterance are one."""
        kept = set(blocks)
        joined: Groups[str] = Groups()
        first: dict[str, str] = {}
        for name, article in gold.articles.items():
            for quote in article.quotes:
                if quote.marking == TURN_LABEL:
                    places = (self._places[name].block_at(span.start) for span in quote.content)
                    own = [block for block in places if block in kept]
                    for shared in (*own[:1], *(link.utterance for link in quote.utterances)):
                        for block in own:
                            joined.join(block, first.setdefault(shared, block))
        return {block: joined.leader(block) for block in kept}

    @cached_property
    def _places(self) -> dict[str, Places]:
        return {name: Places(article) for name, article in self._articles.items()}


class Places:
    """Finds the block that holds a place of one article."""

    def __init__(self, article: Article) -> None:
        """Take the article."""
        self._blocks: Sequence[Block] = article.blocks
        self._starts = [block.start for block in article.blocks]

    def block_at(self, offset: int) -> str:
        """Return the id of the block that holds a place; white space behind a block counts to it."""
        return self._blocks[max(0, bisect_right(self._starts, offset) - 1)].id
