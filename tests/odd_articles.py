"""Articles as no corpus has them: any text, any items in it, for tests of what is made of articles.

Only what the records promise holds: spans lie in their text and have no white space at their edges, mentions
are nested or apart, repairs are apart, ids are of the registry. Layers may be empty, spans may touch many
sentences and begin or end inside a token.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from random import Random
from typing import Any

from benchmarks.peer.files import Article

Json = dict[str, Any]

WORDS = (
    "We",
    "NATO",
    "U.S.",
    "#UkraineNATO",
    "isn’t",
    "Berg’s",
    "é\u0301",
    "😀",
    "字字",
    "2025.Trump",
    "-",
    "“x”",
)
GAPS = (" ", " ", " ", "", "\u00a0", "  ", ", ", "\n", "\n\n", "\r\n")
KINDS = ("title", "dateline", "paragraph", "turn", "boilerplate")
REPAIRS = ("missing_space", "lost_capital", "lost_quotation_mark", "wrong_word", "furniture", "typo")
REPLACEMENTS = ("", "", " ", "“", "” ", "Word", "two words")
LABELS = ("checkable", "vague", "none")
NOTES = ("a note", "“q” \\ 😀")


def odd_article(name: str, random: Random, names: dict[str, list[str]]) -> Article:
    """Return an article with its documents; ``names`` are the ids and codes of each registry."""
    text = "".join(random.choice(WORDS) + random.choice(GAPS) for _ in range(random.randint(1, 24)))
    text = f"{random.choice(GAPS)}We {text}"
    article = Article(name, text, hashlib.sha256(text.encode()).hexdigest())
    maker = _Maker(name, text, random, names)
    blocks = maker.blocks()
    article.documents |= {
        "metadata": maker.metadata(),
        "segments": {"blocks": blocks},
        "quotes": {"quotes": maker.quotes(), "other_marks": maker.other_marks()},
        "entities": {"mentions": maker.mentions()},
        "claims": {"sentences": maker.labels(blocks), "claims": maker.claims(blocks)},
        "topics": maker.topics(blocks),
        "repairs": {"repairs": maker.repairs()},
    }
    return article


class _Maker:
    """Makes the items of one article, as its files have them."""

    def __init__(self, name: str, text: str, random: Random, names: dict[str, list[str]]) -> None:
        self.name = name
        self.text = text
        self.random = random
        self.names = names
        self.first = len(text) - len(text.lstrip())  # where the first sentence begins

    def span(self, start: int, end: int) -> Json:
        return {"text": self.text[start:end], "start": start, "end": end}

    def stretches(self, most: int) -> list[tuple[int, int]]:
        """Return stretches of the text in text order, apart, without white space at their edges."""
        count = min(2 * self.random.randint(0, most), len(self.text) + 1)
        edges = iter(sorted(self.random.sample(range(len(self.text) + 1), count)))
        stripped = []
        for start, end in zip(edges, edges, strict=False):
            words = self.text[start:end].strip()
            begin = self.text.find(words, start)
            stripped.append((begin, begin + len(words)))
        return [(start, end) for start, end in stripped if start < end]

    def spans(self, least: int = 0) -> list[Json]:
        found = self.stretches(3) or [(self.first, self.first + 1)] * least
        return [self.span(*stretch) for stretch in found]

    def name_of(self, registry: str) -> str | None:
        return self.random.choice([None, *self.names[registry]])

    def some(self, registry: str) -> list[str]:
        return self.random.sample(self.names[registry], self.random.randint(0, len(self.names[registry])))

    def noted(self, item: Json) -> Json:
        """Return the item, at times with a note."""
        return item | {"note": self.random.choice(NOTES)} if self.random.random() < 0.2 else item

    def count(self) -> range:
        return range(self.random.choice((0, 1, 2, 5)))

    def blocks(self) -> list[Json]:
        """Return blocks that hold all words, each cut into sentences."""
        words = [at for at, char in enumerate(self.text) if not char.isspace()]
        begins = sorted({self.first, *self.random.sample(words, self.random.randint(0, min(8, len(words))))})
        cuts = [(one, one + len(self.text[one:other].rstrip())) for one, other in pairwise([*begins, None])]
        sentences = [{"id": f"{self.name}-s{n:03}", **self.span(*cut)} for n, cut in enumerate(cuts, 1)]
        blocks: list[list[Json]] = []
        for sentence in sentences:
            if not blocks or self.random.random() < 0.4:
                blocks.append([])
            blocks[-1].append(sentence)
        return [
            {
                "id": f"{self.name}-b{number:02}",
                "kind": self.random.choice(KINDS),
                "start": own[0]["start"],
                "end": own[-1]["end"],
                "sentences": own,
            }
            for number, own in enumerate(blocks, 1)
        ]

    def metadata(self) -> Json:
        keys = ("title", "publisher", "author", "date", "url", "rights")
        known: Json = {key: self.random.choice((None, "words")) for key in keys}
        notes = {f"{key}_note": "why" for key, value in known.items() if value is None}
        flags = [self.noted({"flag": "typo", "words": self.spans()}) for _ in self.count()]
        return {
            "id": self.name, "language": "en", "source_file": "a.txt", "flags": flags, **known, **notes
        }  # fmt: skip

    def quotes(self) -> list[Json]:
        quotes = []
        for number in self.count():
            told = [{"utterance": name, "rendering": "verbatim"} for name in self.some("utterances")]
            quote = {
                "id": f"{self.name}-q{number:02}",
                "type": self.random.choice(("direct", "indirect", "mixed")),
                "marking": self.random.choice(("quotation_marks", "turn_label", "none")),
                "attitude": "belief",
                "polarity": "negative",
                "scope": "wide",
                "content": self.spans(least=1),
                **{key: self.spans() for key in ("cue", "cue_group", "source", "verbatim")},
                "speaker": self.name_of("entities"),
                "parent": self.random.choice((None, f"{self.name}-q00")),
                "utterances": told,
            }
            quotes.append(self.noted(quote))
        return quotes

    def other_marks(self) -> list[Json]:
        return [self.noted({**span, "function": "scare"}) for span in self.spans()]

    def mentions(self) -> list[Json]:
        """Return mentions of which any two are apart or one lies within the other."""
        kept: list[tuple[int, int]] = []
        for _ in range(self.random.choice((0, 2, 4, 12))):
            for start, end in self.stretches(1):
                crossed = any(a < start < b < end or start < a < end < b for a, b in kept)
                if not crossed and (start, end) not in kept:
                    kept.append((start, end))
        return [
            self.noted(
                {
                    "id": f"{self.name}-m{number:03}",
                    **self.span(*own),
                    "form": self.random.choice(("name", "adjective", "nominal", "pronoun", "value")),
                    "type": self.random.choice(("GPE", "ORG", "DATE")),
                    "also": self.random.choice(([], ["LOC"], ["LOC", "FAC"])),
                    "entity": self.name_of("entities"),
                    "metonym_of": self.name_of("entities"),
                    "value": self.random.choice((None, "2025")),
                    "modifier": self.random.choice((None, "APPROX")),
                }
            )
            for number, own in enumerate(sorted(kept))
        ]

    def labels(self, blocks: list[Json]) -> list[Json]:
        labels = []
        for sentence in (sentence for block in blocks for sentence in block["sentences"]):
            label = self.random.choice(LABELS)
            reason = "opinion" if label == "none" else None
            if self.random.random() < 0.8:
                labels.append(
                    self.noted({"sentence": sentence["id"], "checkability": label, "reason": reason})
                )
        return labels

    def claims(self, blocks: list[Json]) -> list[Json]:
        return [
            self.noted(
                {
                    "id": f"{self.name}-c{number:03}",
                    "sentence": blocks[0]["sentences"][0]["id"],
                    "spans": self.spans(least=1),
                    "proposition": "A thing is so.",
                    "category": "quantity",
                    "claimant": self.random.choice(("article", self.name_of("entities"))),
                    "polarity": "positive",
                    "certainty": "certain",
                    "quote": self.random.choice((None, f"{self.name}-q00")),
                    "canonical": self.name_of("claims"),
                }
            )
            for number in self.count()
        ]

    def topics(self, blocks: list[Json]) -> Json:
        """Return topics; the blocks that have some stand in any order."""
        shown = [sentence["id"] for block in blocks for sentence in block["sentences"]][::2]
        ranked = {
            rank: [{"topic": code, "evidence": shown} for code in self.some("topics")]
            for rank in ("main", "secondary")
        }
        told = self.random.sample(blocks, self.random.randint(0, len(blocks)))
        return {
            "article_topics": ranked,
            "block_topics": [{"block": block["id"], "topics": self.some("topics")} for block in told],
        }

    def repairs(self) -> list[Json]:
        """Return repairs that are apart, some of them insertions."""
        repairs = []
        for number, (start, end) in enumerate(self.stretches(3)):
            stop = self.random.choice((start, end))
            repairs.append(
                self.noted(
                    {
                        "id": f"{self.name}-r{number:02}",
                        **self.span(start, stop),
                        "replacement": self.random.choice(REPLACEMENTS),
                        "kind": self.random.choice(REPAIRS),
                    }
                )
            )
        return repairs
