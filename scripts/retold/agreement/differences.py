"""Every difference between two passes, item by item, for those who adjudicate."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from retold.agreement.matching import (
    ANY,
    Matched,
    match_claims,
    match_marks,
    match_mentions,
    match_quotes,
    match_sentences,
)
from retold.agreement.passes import Pass, common_articles
from retold.agreement.realigned import changes
from retold.records import Article, Block, Claim, Mention, OtherMark, Quote, Sentence

Json = dict[str, Any]
Item = TypeVar("Item", Block, Sentence, Quote, OtherMark, Mention, Claim)

QUOTE_FIELDS = ("type", "marking", "attitude", "polarity", "scope", "content", "cue", "cue_group", "source")
QUOTE_LINKS = ("speaker", "verbatim", "parent")
MENTION_FIELDS = ("span", "form", "type", "also", "entity", "metonym_of", "value", "modifier")
CLAIM_FIELDS = ("sentence", "spans", "proposition", "category", "claimant", "polarity", "certainty", "quote")
BLOCK_FIELDS = ("kind", "start", "end")
_NAMING = ("id", "text")  # what names an item in a difference of alignment
ORDER = ("segments", "quotes", "other_marks", "entities", "checkability", "claims", "topics", "alignment")


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that two passes do not have alike.

    ``a`` and ``b`` are the item as each pass has it, ``None`` where it has none; ``fields`` names what
    differs where both have it. ``start`` is an offset into the article's text and ``sentence`` the sentence
    of the first pass that holds it; both are ``None`` for what belongs to the whole article.
    """

    layer: str
    article: str
    start: int | None
    sentence: str | None
    fields: tuple[str, ...]
    a: Json | None
    b: Json | None

    def is_wording(self) -> bool:
        """Whether only the wording of a claim's proposition differs."""
        return self.fields == ("proposition",)


@dataclass(slots=True)
class Ids:
    """Which id of the first pass is which of the second, as far as items were matched."""

    known: dict[str, str] = field(default_factory=dict)

    def add(self, items: Iterable[Any], matched: Iterable[tuple[Any, Any]]) -> None:
        """Take in the items of the first pass; the ids of unmatched ones are no id of the second."""
        self.known |= {item.id: f"{item.id} (unmatched)" for item in items}
        self.known |= {x.id: y.id for x, y in matched}

    def translate(self, value: Any) -> Any:  # noqa: ANN401 (any value of a record)
        """Return a value of the first pass with its ids as the second pass has them."""
        if isinstance(value, str):
            return self.known.get(value, value)
        if isinstance(value, tuple):
            return tuple(self.translate(part) for part in value)
        return value


def differences(a: Pass, b: Pass) -> Iterator[Difference]:
    """Yield all differences of the layers in the articles that both passes have.

    They are sorted by article, sentence, layer and position; what belongs to a whole article comes first.
    """
    aligned: defaultdict[str, list[tuple[int, Json, Json]]] = defaultdict(list)
    for article, start, here, there in changes(a, b):
        aligned[article].append((start, here, there))
    for one, other in common_articles(a, b):
        yield from _Comparison(one, other, aligned[one.id]).sorted()


class _Comparison:
    """The comparison of one article in two passes."""

    def __init__(self, a: Article, b: Article, aligned: Iterable[tuple[int, Json, Json]]) -> None:
        self._a, self._b = a, b
        self._aligned = aligned
        self._ids = Ids()
        self._sentences = [sentence for block in a.blocks for sentence in block.sentences]
        self._starts = [sentence.span.start for sentence in self._sentences]

    def sorted(self) -> list[Difference]:
        """Return the differences in the order of the sentences, then of the layers."""
        number = {sentence.id: position for position, sentence in enumerate(self._sentences)}
        return sorted(
            self._found(),
            key=lambda d: (number.get(d.sentence or "", -1), ORDER.index(d.layer), d.start or 0),
        )

    def _found(self) -> Iterator[Difference]:
        """Yield the differences, layer by layer; each layer's ids are known to those after it."""
        a, b = self._a, self._b
        yield from self._items("segments", a.blocks, b.blocks, self._blocks(), BLOCK_FIELDS)
        one, other = (
            [sentence for block in article.blocks for sentence in block.sentences] for article in (a, b)
        )
        yield from self._items("segments", one, other, match_sentences(a, b, ANY), ("span",))
        quotes = match_quotes(a.quotes, b.quotes, ANY)
        yield from self._items("quotes", a.quotes, b.quotes, quotes, (*QUOTE_FIELDS, *QUOTE_LINKS))
        marks = match_marks(a.other_marks, b.other_marks, ANY)
        yield from self._items("other_marks", a.other_marks, b.other_marks, marks, ("span", "function"))
        mentions = match_mentions(a.mentions, b.mentions, ANY)
        yield from self._items("entities", a.mentions, b.mentions, mentions, MENTION_FIELDS)
        yield from self._labels()
        claims = match_claims(a.claims, b.claims, ANY)
        yield from self._items("claims", a.claims, b.claims, claims, CLAIM_FIELDS)
        yield from self._topics()
        for start, x, y in self._aligned:
            fields = tuple(name for name in x if name not in _NAMING)
            yield self._difference("alignment", start, fields, x, y)

    def _blocks(self) -> Matched[Block]:
        """Match blocks by where they begin: a block is whole lines."""
        others = {block.start: block for block in self._b.blocks}
        return [(block, others[block.start]) for block in self._a.blocks if block.start in others]

    def _items(
        self,
        layer: str,
        a: Iterable[Item],
        b: Iterable[Item],
        matched: Matched[Item],
        fields: tuple[str, ...],
    ) -> Iterator[Difference]:
        """Yield the items that only one pass has, and those whose fields differ."""
        if layer != "other_marks":  # they have no ids
            self._ids.add(a, matched)
        for x, y in matched:
            differing = tuple(
                name for name in fields if self._ids.translate(getattr(x, name)) != getattr(y, name)
            )
            if differing:
                yield self._difference(layer, _start(x), differing, x, y)
        left, right = ({id(pair[side]) for pair in matched} for side in (0, 1))
        yield from (self._difference(layer, _start(x), (), x, None) for x in a if id(x) not in left)
        yield from (self._difference(layer, _start(y), (), None, y) for y in b if id(y) not in right)

    def _labels(self) -> Iterator[Difference]:
        """Compare the labels of the sentences that were matched."""
        labels = {label.sentence: label for label in self._b.sentence_labels}
        mine = {label.sentence: label for label in self._a.sentence_labels}
        starts = {sentence.id: sentence.span.start for sentence in self._sentences}
        for sentence, start in starts.items():
            x, y = mine.get(sentence), labels.get(self._ids.known.get(sentence, ""))
            if x is None and y is None:
                continue
            fields = [
                name
                for name in ("checkability", "reason")
                if x is not None and y is not None and getattr(x, name) != getattr(y, name)
            ]
            if fields or x is None or y is None:
                yield self._difference("checkability", start, tuple(fields), x, y)

    def _topics(self) -> Iterator[Difference]:
        """Compare the topics of the article and of the blocks that were matched."""
        x, y = _article_topics(self._a), _article_topics(self._b)
        fields = tuple(name for name in x if name in y and self._ids.translate(x[name]) != y[name])
        if fields:
            yield self._difference("topics", None, fields, x, y)
        mine = {entry.block: entry for entry in self._a.block_topics}
        others = {entry.block: entry for entry in self._b.block_topics}
        for block in self._a.blocks:
            one, other = mine.get(block.id), others.get(self._ids.known.get(block.id, ""))
            if (one and one.topics) != (other and other.topics):
                fields = ("topics",) if one and other else ()
                yield self._difference("topics", block.start, fields, one, other)

    def _difference(
        self, layer: str, start: int | None, fields: tuple[str, ...], a: object, b: object
    ) -> Difference:
        sentence = None
        if start is not None and self._sentences:
            sentence = self._sentences[max(bisect_right(self._starts, start) - 1, 0)].id
        return Difference(layer, self._a.id, start, sentence, fields, _json(a), _json(b))


def _article_topics(article: Article) -> Json:
    """Return the topics by rank, and the evidence by topic: what is compared."""
    found: Json = {}
    for rank, topics in (("main", article.main_topics), ("secondary", article.secondary_topics)):
        found[rank] = tuple(topic.topic for topic in topics)
        found |= {f"evidence of {topic.topic}": topic.evidence for topic in topics}
    return found


def _start(item: Block | Sentence | Quote | OtherMark | Mention | Claim) -> int:
    if isinstance(item, Block):
        return item.start
    if isinstance(item, Quote):
        return item.content[0].start
    return item.spans[0].start if isinstance(item, Claim) else item.span.start


def _json(item: object) -> Json | None:
    """Return a record as JSON values, without the sentences of a block."""
    if item is None or isinstance(item, dict):
        return item
    found: Mapping[str, Any] = asdict(item)  # type: ignore[call-overload]  # all records are dataclasses
    return {key: value for key, value in found.items() if key != "sentences"}
