"""What checks of the whole corpus need to know of each article: small facts, never the article.

They grow with the registries and by 25 bytes a sentence, so that a corpus of any size can be checked. Facts
of parts of a corpus can be gathered apart (in processes of their own) and put together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from retold.checks.inputs import ArticleInput, Json
from retold.checks.labels import LabelUses
from retold.checks.references import ARTICLE

REGISTERED = ("entities", "utterances", "claims", "topics")


class Telling(NamedTuple):
    """A quote that tells an utterance."""

    quote: str
    rendering: str


class Facts:
    """Facts of the articles seen so far, in the order of their ids.

    ``used`` holds, by registry, the ids that articles refer to; ``tellings`` is keyed by utterance;
    ``canonicals`` counts the claims that make each canonical claim; ``named`` are, of the claims that near
    misses name, those seen, with their canonical claim; ``labels`` are the labels of sentences.
    """

    def __init__(self) -> None:
        self.articles: list[str] = []
        self.used: dict[str, set[str]] = {name: set() for name in REGISTERED}
        self.tellings: defaultdict[str, list[Telling]] = defaultdict(list)
        self.canonicals: Counter[str] = Counter()
        self.named: dict[str, str | None] = {}
        self.labels = LabelUses()

    def add(self, article: ArticleInput) -> None:
        """Take in an article; files that failed the schema add nothing."""
        self.articles.append(article.id)
        self.add_uses(article)
        if "quotes" in article.documents:
            for utterance, telling in _tellings(article):
                self.tellings[utterance].append(telling)
        if "claims" in article.documents:
            named = article.registries.named_claims
            self.canonicals.update(claim.canonical for claim in article.claims if claim.canonical)
            self.named.update((claim.id, claim.canonical) for claim in article.claims if claim.id in named)
            if "segments" in article.documents:
                self._add_labels(article)

    def add_uses(self, article: ArticleInput) -> None:
        """Take in only which registry entries the article refers to."""
        entities = self.used["entities"]
        if "quotes" in article.documents:
            entities.update(quote.speaker for quote in article.quotes if quote.speaker)
            self.used["utterances"].update(u.utterance for quote in article.quotes for u in quote.utterances)
        if "entities" in article.documents:
            entities.update(m.entity for m in article.mentions if m.entity)
            entities.update(m.metonym_of for m in article.mentions if m.metonym_of)
        if "claims" in article.documents:
            entities.update(c.claimant for c in article.claims if c.claimant and c.claimant != ARTICLE)
            self.used["claims"].update(c.canonical for c in article.claims if c.canonical)
        if "topics" in article.documents:
            topics = self.used["topics"]
            topics.update(topic.topic for _, topic in article.article_topics)
            topics.update(code for entry in article.block_topics for code in entry.topics)

    def join(self, other: Facts) -> None:
        """Take in the facts of articles whose ids sort after those seen so far."""
        self.labels.join(other.labels, len(self.articles))
        self.articles += other.articles
        for name, ids in other.used.items():
            self.used[name] |= ids
        for utterance, tellings in other.tellings.items():
            self.tellings[utterance] += tellings
        self.canonicals.update(other.canonicals)
        self.named.update(other.named)

    def to_json(self) -> Json:
        """Return the facts as a JSON document."""
        return {
            "articles": self.articles,
            "used": {name: sorted(ids) for name, ids in self.used.items()},
            "tellings": {name: [list(told) for told in items] for name, items in self.tellings.items()},
            "canonicals": self.canonicals,
            "named": self.named,
            "labels": self.labels.to_json(),
        }

    @classmethod
    def from_json(cls, document: Json) -> Facts:
        """Return the facts that ``to_json`` wrote down."""
        facts = cls()
        facts.articles = document["articles"]
        facts.used = {name: set(ids) for name, ids in document["used"].items()}
        for name, items in document["tellings"].items():
            facts.tellings[name] = [Telling(*told) for told in items]
        facts.canonicals = Counter(document["canonicals"])
        facts.named = document["named"]
        facts.labels = LabelUses.from_json(document["labels"])
        return facts

    def _add_labels(self, article: ArticleInput) -> None:
        texts = {sentence.id: sentence.span.text for sentence, _ in article.sentences}
        for number, label in enumerate(article.labels):
            if label.sentence in texts:
                self.labels.add(len(self.articles) - 1, number, label, texts[label.sentence])


def _tellings(article: ArticleInput) -> Iterator[tuple[str, Telling]]:
    for quote in article.quotes:
        for link in quote.utterances:
            yield link.utterance, Telling(quote.id, link.rendering)
