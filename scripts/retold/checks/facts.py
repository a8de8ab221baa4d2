"""What checks of the whole corpus need to know of each article: small facts, never the article."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from retold.checks.inputs import ArticleInput
from retold.checks.references import ARTICLE
from retold.findings import Pointer


@dataclass(frozen=True, slots=True)
class Telling:
    """A quote that tells an utterance."""

    quote: str
    rendering: str
    path: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class LabelUse:
    """The label of one sentence, for comparison with sentences of the same text."""

    sentence: str
    checkability: str
    reason: str | None
    noted: bool
    path: str
    pointer: Pointer


@dataclass(slots=True)
class Facts:
    """Facts of the articles seen so far, in the order of their ids.

    ``used`` holds, by registry, the ids that articles refer to; ``tellings`` is keyed by utterance,
    ``canonicals`` by claim id, ``labels`` by sentence text.
    """

    articles: list[str] = field(default_factory=list)
    used: dict[str, set[str]] = field(
        default_factory=lambda: {name: set() for name in ("entities", "utterances", "claims", "topics")}
    )
    tellings: dict[str, list[Telling]] = field(default_factory=lambda: defaultdict(list))
    canonicals: dict[str, str | None] = field(default_factory=dict)
    labels: dict[str, list[LabelUse]] = field(default_factory=lambda: defaultdict(list))

    def add(self, article: ArticleInput) -> None:
        """Take in an article; files that failed the schema add nothing."""
        self.articles.append(article.id)
        self.add_uses(article)
        if "quotes" in article.documents:
            self._add_tellings(article)
        if "claims" in article.documents:
            self.canonicals.update((claim.id, claim.canonical) for claim in article.claims)
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

    def _add_tellings(self, article: ArticleInput) -> None:
        path = article.paths["quotes"]
        for number, quote in enumerate(article.quotes):
            for place, link in enumerate(quote.utterances):
                pointer = ("quotes", number, "utterances", place, "rendering")
                self.tellings[link.utterance].append(Telling(quote.id, link.rendering, path, pointer))

    def _add_labels(self, article: ArticleInput) -> None:
        texts = {sentence.id: sentence.span.text for sentence, _ in article.sentences}
        path = article.paths["claims"]
        for number, label in enumerate(article.labels):
            if label.sentence in texts:
                pointer = ("sentences", number, "checkability")
                noted = label.note is not None
                use = LabelUse(label.sentence, label.checkability, label.reason, noted, path, pointer)
                self.labels[texts[label.sentence]].append(use)
