"""What checks are given: parsed documents with their paths, and records made from them on demand.

A record is made only when a check asks for it, and a check runs only when the documents that it reads
have passed the schema; so the reader's trust in their form is justified.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from retold import reader
from retold.findings import Finding, Pointer, finding
from retold.frozen import record
from retold.layout import REGISTRIES
from retold.records import (
    Article,
    ArticleTopic,
    Block,
    BlockTopics,
    Claim,
    Mention,
    OtherMark,
    Quote,
    Registry,
    Repair,
    Sentence,
    SentenceLabel,
)

if TYPE_CHECKING:
    from retold.checks.facts import Facts
    from retold.registry_store import RegistryStore
    from retold.schemas import MediaTopic

Json = dict[str, Any]

TEXT = "text"  # the kind of a raw text; every other kind is the name of a schema

LABELLED_KINDS = frozenset(("title", "heading", "paragraph", "turn"))
BODY_KINDS = frozenset(("paragraph", "turn"))


@record
class RegistryInput:
    """The registries and what they are judged against.

    ``documents`` and ``paths`` are keyed by registry name; ``topics`` is the vocabulary of Media Topics by
    code, ``passes`` are the names of the independent passes. Registries that failed the schema are empty.
    Lists may be read from the ``store``, item by item: they can be gone through again, but are never whole.
    """

    documents: Mapping[str, Json]
    paths: Mapping[str, str]
    topics: Mapping[str, MediaTopic]
    passes: Container[str]
    store: RegistryStore | None = None

    @cached_property
    def registry(self) -> Registry:
        """The records."""
        if self.store is not None:
            return self.store.registry
        empty: Json = {"entities": [], "utterances": [], "claims": [], "near_misses": [], "topics": []}
        return reader.parse_registry({name: self.documents.get(name, empty) for name in REGISTRIES})

    @cached_property
    def named_claims(self) -> Container[str]:
        """What near misses name: ids of claims and of canonical claims."""
        if self.store is not None:
            return self.store.named_claims
        return frozenset(name for miss in self.registry.near_misses for name in (miss.a, miss.b))

    @cached_property
    def entities(self) -> frozenset[str | None]:
        """Ids that may stand for an entity without a further look, and ``None``: all that are not retired.

        Of registries that are in a store it is ``None`` alone: their ids would fill the memory.
        """
        if self.store is not None:
            return frozenset((None,))
        living = [entity.id for entity in self.registry.entities.values() if entity.replaced_by is None]
        return frozenset((None, *living))

    def broader(self, code: str) -> frozenset[str]:
        """Return all topics above one."""
        if code not in self._broader:
            above: set[str] = set()
            topic = self.topics.get(code)
            while topic is not None and topic.broader is not None and topic.broader not in above:
                above.add(topic.broader)
                topic = self.topics.get(topic.broader)
            self._broader[code] = frozenset(above)
        return self._broader[code]

    @cached_property
    def _broader(self) -> dict[str, frozenset[str]]:
        """What ``broader`` has returned, by code: the same few codes are asked for again and again."""
        return {}

    def find(
        self, name: str, code: str, pointer: Pointer = (), item: str | None = None, /, **values: object
    ) -> Finding:
        """Make a finding in the registry file ``name``."""
        return finding(code, self.paths[name], pointer, item, **values)


@record
class ArticleInput:
    """One article: ``documents`` and ``paths`` by kind (layer, ``metadata``, ``text``)."""

    id: str
    text: str
    sha256: str
    documents: Mapping[str, Json]
    paths: Mapping[str, str]
    registries: RegistryInput

    @property
    def registry(self) -> Registry:
        """What the articles share."""
        return self.registries.registry

    @property
    def record(self) -> Article:
        """The article, all its files being there and valid."""
        documents = self.documents
        return Article(
            id=self.id,
            text=self.text,
            sha256=self.sha256,
            metadata=reader.parse_metadata(documents["metadata"]),
            blocks=self.blocks,
            quotes=self.quotes,
            other_marks=self.other_marks,
            mentions=self.mentions,
            sentence_labels=self.labels,
            claims=self.claims,
            main_topics=reader.parse_article_topics(documents["topics"], "main"),
            secondary_topics=reader.parse_article_topics(documents["topics"], "secondary"),
            block_topics=self.block_topics,
            repairs=self.repairs,
        )

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks."""
        return reader.parse_blocks(self.documents["segments"])

    @cached_property
    def sentences(self) -> tuple[tuple[Sentence, Block], ...]:
        """Every sentence with its block, in file order."""
        return tuple((sentence, block) for block in self.blocks for sentence in block.sentences)

    @cached_property
    def places(self) -> dict[str, tuple[int, Sentence, Block]]:
        """By the id of a sentence its number among all, from 0, the sentence and its block."""
        return {
            sentence.id: (number, sentence, block) for number, (sentence, block) in enumerate(self.sentences)
        }

    def block_around(self, start: int, end: int) -> Block | None:
        """Return the first block that holds all of ``[start, end)``."""
        starts, ordered = self._block_starts
        among = self.blocks
        if ordered:
            place = max(bisect_right(starts, start) - 1, 0)
            among = among[place : place + 1]
        return next((block for block in among if block.start <= start and end <= block.end), None)

    @cached_property
    def _block_starts(self) -> tuple[list[int], bool]:
        """Where the blocks begin, and whether they stand in order, none overlapping."""
        ordered = all(one.end <= other.start for one, other in pairwise(self.blocks))
        return [block.start for block in self.blocks], ordered

    @cached_property
    def quotes(self) -> tuple[Quote, ...]:
        """The quotes."""
        return reader.parse_quotes(self.documents["quotes"])

    @cached_property
    def other_marks(self) -> tuple[OtherMark, ...]:
        """The quotation marks that mark no quote."""
        return reader.parse_other_marks(self.documents["quotes"])

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The mentions."""
        return reader.parse_mentions(self.documents["entities"])

    @cached_property
    def labels(self) -> tuple[SentenceLabel, ...]:
        """The checkability of the sentences."""
        return reader.parse_sentence_labels(self.documents["claims"])

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims."""
        return reader.parse_claims(self.documents["claims"])

    @cached_property
    def article_topics(self) -> tuple[tuple[Pointer, ArticleTopic], ...]:
        """The topics of the article, each with its place in the file."""
        document = self.documents["topics"]
        return tuple(
            (("article_topics", rank, number), topic)
            for rank in ("main", "secondary")
            for number, topic in enumerate(reader.parse_article_topics(document, rank))
        )

    @cached_property
    def block_topics(self) -> tuple[BlockTopics, ...]:
        """The topics of the blocks."""
        return reader.parse_block_topics(self.documents["topics"])

    @cached_property
    def repairs(self) -> tuple[Repair, ...]:
        """The repairs of the text."""
        return reader.parse_repairs(self.documents["repairs"])

    def find(
        self, kind: str, code: str, pointer: Pointer = (), item: str | None = None, /, **values: object
    ) -> Finding:
        """Make a finding in the file of ``kind``."""
        return finding(code, self.paths[kind], pointer, item, **values)


@record
class CorpusInput:
    """The whole corpus: ``facts`` of all articles, the registries, the splits with their path.

    ``paths`` gives the path of a layer's file from the layer and the article.
    """

    facts: Facts
    registries: RegistryInput
    splits: Json
    splits_path: str
    paths: Callable[[str, str], str]

    @property
    def registry(self) -> Registry:
        """What the articles share."""
        return self.registries.registry

    def find_split(self, code: str, pointer: Pointer, item: str | None, /, **values: object) -> Finding:
        """Make a finding in the file of the splits."""
        return finding(code, self.splits_path, pointer, item, **values)


Input = TypeVar("Input")


@record
class Check(Generic[Input]):
    """A check; ``reads`` are the kinds of files that must have passed the levels below ``level``.

    The first of them is the one that the check is about.
    """

    level: str
    reads: tuple[str, ...]
    run: Callable[[Input], Iterator[Finding]]

    @property
    def name(self) -> str:
        """The name that reports show."""
        return self.run.__name__.replace("_", "-")


ArticleCheck = Check[ArticleInput]
RegistryCheck = Check[RegistryInput]
CorpusCheck = Check[CorpusInput]
