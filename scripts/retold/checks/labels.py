"""The labels of all sentences of a corpus, kept small, to find sentences of one text that differ in them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from typing import Any

from retold.frozen import record
from retold.records import SentenceLabel

_NOTED = 1
_WIDTH_BITS = 8
_DIGITS = 15
_COLUMNS = ("texts", "articles", "places", "names", "codes")


@record
class LabelUse:
    """The label of one sentence.

    ``article`` counts the articles of the corpus, ``place`` the labels of the article's file, from 0.
    """

    article: int
    place: int
    sentence: str
    checkability: str
    reason: str | None


class LabelUses:
    """One entry a labelled sentence, in columns; 25 bytes each.

    A text is known by 64 bits of its digest: that two texts of a corpus share them is less likely than one
    in a million up to five million sentences. A sentence is known by the number at the end of its id, those
    with more than ``_DIGITS`` digits in words (``long``).
    """

    def __init__(self) -> None:
        self.texts = array("Q")
        self.articles = array("I")
        self.places = array("I")
        self.names = array("Q")
        self.codes = array("B")
        self.long: dict[int, str] = {}
        self.kinds: dict[tuple[str, str | None], int] = {}

    def add(self, article: int, place: int, label: SentenceLabel, text: str) -> None:
        """Take in the label of a sentence with this text."""
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = label.sentence.rpartition("-s")[2]
        self.texts.append(int.from_bytes(digest, "big"))
        self.articles.append(article)
        self.places.append(place)
        if len(number) > _DIGITS:
            self.long[len(self.names)] = number
            number = "0"
        self.names.append(int(number) << _WIDTH_BITS | len(number) << _NOTED | (label.note is not None))
        kind = (label.checkability, label.reason)
        self.codes.append(self.kinds.setdefault(kind, len(self.kinds)))

    def join(self, other: LabelUses, articles: int) -> None:
        """Take in the labels of further articles, whose numbers begin at ``articles``."""
        self.long.update((place + len(self.names), number) for place, number in other.long.items())
        codes = [self.kinds.setdefault(kind, len(self.kinds)) for kind in other.kinds]
        self.texts += other.texts
        self.articles.extend(article + articles for article in other.articles)
        self.places += other.places
        self.names += other.names
        self.codes.extend(codes[code] for code in other.codes)

    def to_json(self) -> dict[str, Any]:
        """Return the labels as a JSON document."""
        columns = {name: getattr(self, name).tobytes().hex() for name in _COLUMNS}
        long = [[place, number] for place, number in self.long.items()]
        return {**columns, "long": long, "kinds": list(self.kinds)}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> LabelUses:
        """Return the labels that ``to_json`` wrote down on the same machine."""
        uses = cls()
        for name in _COLUMNS:
            getattr(uses, name).frombytes(bytes.fromhex(document[name]))
        uses.long.update(dict(document["long"]))
        uses.kinds.update({(label, reason): code for code, (label, reason) in enumerate(document["kinds"])})
        return uses

    def differing(self, ids: list[str]) -> Iterator[tuple[LabelUse, LabelUse]]:
        """Yield the first label of a text and each later one that differs, if neither has a note.

        Args:
            ids: of the articles, in the order in which they were taken in.
        """
        kinds = list(self.kinds)
        first: int | None = None
        for number in sorted(range(len(self.texts)), key=self.texts.__getitem__):  # a stable sort
            if first is None or self.texts[number] != self.texts[first]:
                first = number
            elif self.codes[number] != self.codes[first] and not (self.names[number] | self.names[first]) & 1:
                yield self._use(first, ids, kinds), self._use(number, ids, kinds)

    def _use(self, number: int, ids: list[str], kinds: list[tuple[str, str | None]]) -> LabelUse:
        article, name = self.articles[number], self.names[number]
        width = name >> _NOTED & (1 << _WIDTH_BITS - _NOTED) - 1
        digits = self.long.get(number, f"{name >> _WIDTH_BITS:0{width}d}")
        return LabelUse(article, self.places[number], f"{ids[article]}-s{digits}", *kinds[self.codes[number]])
