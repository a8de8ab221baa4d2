"""The gold that predictions are scored against, read from the compiled corpus in either view."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from retold.features import Row
from retold.loading import Location, find_compiled, table
from retold.manifest import read_manifest
from retold.records import (
    Article,
    ArticleTopic,
    Block,
    BlockTopics,
    Claim,
    Entity,
    Mention,
    Metadata,
    Quote,
    Sentence,
    SentenceLabel,
    Span,
    Utterance,
    UtteranceLink,
)
from retold.schemas import MediaTopic, Schemas, find_schema_folder

TURN = "turn"
BODY_KINDS = frozenset(("paragraph", TURN))


@dataclass(frozen=True, slots=True)
class ClaimPair:
    """A stored pair of claims of two articles, by claim ids; ``relation`` is that of ``a`` to ``b``."""

    a: str
    b: str
    relation: str
    origin: str


@dataclass(frozen=True)
class Gold:
    """The annotated articles, in the order of the folds, and what they share.

    Attributes:
        version: Version of the data, ``None`` if the corpus has none.
        digest: Digest of all tables.
        view: ``raw`` or ``clean``: which text the offsets count in.
        articles: By id; ``sha256`` is that of the view's text.
        splits: Article ids by split.
        entities: The entity registry, by id.
        utterances: The utterance registry, by id.
        pairs: The stored pairs of claims; every other pair of two articles is neutral.
        topics: The whole topic vocabulary, by code.
        entity_types: The types of mentions.
        folds: The fold of each article, for tools that learn from the others; one without is its own.
    """

    version: str | None
    digest: str
    view: str
    articles: Mapping[str, Article]
    splits: Mapping[str, tuple[str, ...]]
    entities: Mapping[str, Entity]
    utterances: Mapping[str, Utterance]
    pairs: Sequence[ClaimPair]
    topics: Mapping[str, MediaTopic]
    entity_types: tuple[str, ...]
    folds: Mapping[str, int] = field(default_factory=dict)

    def only(self, articles: Sequence[str]) -> Gold:
        """Return the gold of some of the articles; a pair stays if both of its articles do."""
        kept = {name: article for name, article in self.articles.items() if name in articles}
        claims = {claim.id for article in kept.values() for claim in article.claims}
        pairs = [pair for pair in self.pairs if pair.a in claims and pair.b in claims]
        return replace(self, articles=kept, pairs=pairs)

    def others(self, article: str) -> list[Article]:
        """Return the articles of other folds: those that a tool may learn from to predict ``article``."""
        fold = self.folds.get(article)
        return [
            other
            for name, other in self.articles.items()
            if name != article and (fold is None or self.folds.get(name) != fold)
        ]

    @cached_property
    def claims(self) -> dict[str, tuple[Article, Claim]]:
        """Every claim by id, with its article."""
        return {claim.id: (article, claim) for article in self.articles.values() for claim in article.claims}

    @cached_property
    def quotes(self) -> dict[str, tuple[Article, Quote]]:
        """Every quote by id, with its article."""
        return {quote.id: (article, quote) for article in self.articles.values() for quote in article.quotes}


def read_gold(root: Location | None = None, view: str = "raw") -> Gold:
    """Read the gold of a compiled corpus, ``None`` for the one that came with this package.

    Raises:
        ValueError: There is no such view, or the corpus was built without texts.
        FileNotFoundError: There is no compiled corpus.
    """
    folder = find_compiled(root)
    manifest = read_manifest(folder) or {}
    schemas = Schemas(find_schema_folder(folder.parent))
    rows = sorted(_rows("articles", root, view), key=lambda row: (row["fold"], row["article_id"]))
    if any(row["text"] is None for row in rows):
        raise ValueError(f"{folder} was built without texts, and scores need them: run `retold build`")
    return Gold(
        version=manifest["data_version"],
        digest=manifest["data_digest"],
        view=view,
        articles={row["article_id"]: _article(row) for row in rows},
        splits={name: tuple(ids) for name, ids in manifest["splits"].items()},
        entities={row["entity_id"]: _entity(row) for row in _rows("entity_registry", root)},
        utterances={row["utterance_id"]: _utterance(row) for row in _rows("utterances", root)},
        pairs=[
            ClaimPair(row["claim_id_a"], row["claim_id_b"], row["relation"], row["origin"])
            for row in _rows("claim_pairs", root)
        ],
        topics=schemas.mediatopics(),
        entity_types=tuple(schemas.vocabulary("entity-type")),
        folds={row["article_id"]: row["fold"] for row in rows},
    )


def _rows(config: str, root: Location | None, view: str = "raw") -> list[Row]:
    try:
        rows: list[Row] = table(config, view=view, root=root).to_pylist()
    except ValueError:
        if view == "raw" and config not in (read_manifest(find_compiled(root)) or {})["configs"]:
            return []  # a corpus may have no pairs or no utterances, and then no table of them
        raise
    return rows


def _article(row: Row) -> Article:
    topics = [part for part in row["topics"] if part["unit"] == "article"]
    ranked = [topic for part in topics for topic in part["topics"]]
    return Article(
        id=row["article_id"],
        text=row["text"],
        sha256=hashlib.sha256(row["text"].encode()).hexdigest(),
        metadata=_metadata(row),
        blocks=tuple(_blocks(row)),
        quotes=tuple(map(_quote, row["quotes"])),
        other_marks=(),
        mentions=tuple(map(_mention, row["entities"])),
        sentence_labels=tuple(
            SentenceLabel(sentence["sentence_id"], sentence["checkability"], sentence["reason"])
            for sentence in row["sentences"]
            if sentence["checkability"] is not None
        ),
        claims=tuple(map(_claim, row["claims"])),
        main_topics=_ranked(ranked, "main"),
        secondary_topics=_ranked(ranked, "secondary"),
        block_topics=tuple(
            BlockTopics(part["block_id"], tuple(part["topic_codes"]))
            for part in row["topics"]
            if part["unit"] == "block"
        ),
    )


def _metadata(row: Row) -> Metadata:
    fields = ("title", "publisher", "author", "date", "url", "language", "source_file", "rights")
    return Metadata(id=row["article_id"], **{name: row[name] for name in fields}, flags=(), notes={})


def _blocks(row: Row) -> Iterator[Block]:
    sentences = {sentence["sentence_id"]: sentence for sentence in row["sentences"]}
    for block in row["blocks"]:
        found = (sentences[name] for name in block["sentence_ids"])
        yield Block(
            block["block_id"],
            block["kind"],
            block["start"],
            block["end"],
            tuple(Sentence(sentence["sentence_id"], _span(sentence)) for sentence in found),
        )


def _span(row: Row) -> Span:
    return Span(row["start"], row["end"], row["text"])


def _spans(rows: Sequence[Row]) -> tuple[Span, ...]:
    return tuple(map(_span, rows))


def _quote(row: Row) -> Quote:
    plain = ("type", "marking", "attitude", "polarity", "scope")
    ties = (UtteranceLink(tie["utterance_id"], tie["rendering"]) for tie in row["utterances"])
    return Quote(
        id=row["quote_id"],
        **{name: row[name] for name in plain},
        content=_spans(row["content"]),
        cue=_spans(row["cue"]),
        cue_group=_spans(row["cue_group"]),
        source=_spans(row["source"]),
        verbatim=_spans(row["verbatim"]),
        speaker=row["speaker_id"],
        parent=row["parent_id"],
        utterances=tuple(ties),
    )


def _mention(row: Row) -> Mention:
    plain = ("form", "type", "value", "modifier")
    return Mention(
        id=row["mention_id"],
        span=_span(row),
        **{name: row[name] for name in plain},
        also=tuple(row["also"]),
        entity=row["entity_id"],
        metonym_of=row["metonym_id"],
    )


def _claim(row: Row) -> Claim:
    plain = ("proposition", "category", "polarity", "certainty")
    return Claim(
        id=row["claim_id"],
        sentence=row["sentence_id"],
        spans=_spans(row["spans"]),
        **{name: row[name] for name in plain},
        claimant=row["claimant_id"],
        quote=row["quote_id"],
        canonical=row["canonical_id"],
    )


def _ranked(topics: Sequence[Row], rank: str) -> tuple[ArticleTopic, ...]:
    return tuple(
        ArticleTopic(topic["code"], tuple(topic["evidence"])) for topic in topics if topic["rank"] == rank
    )


def _entity(row: Row) -> Entity:
    plain = ("name", "type", "wikidata", "wikidata_note", "description", "replaced_by")
    return Entity(
        id=row["entity_id"], **{name: row[name] for name in plain}, members=tuple(row["member_ids"])
    )


def _utterance(row: Row) -> Utterance:
    plain = ("gist", "date", "place", "replaced_by")
    return Utterance(
        id=row["utterance_id"],
        **{name: row[name] for name in plain},
        speaker=row["speaker_id"],
        reference=row["reference_quote_id"],
    )
