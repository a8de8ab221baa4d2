"""The tables: one module a config, pure functions from the records of some articles to columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from retold.features import Column, LabelSets, Row
from retold.tables import articles, claim_pairs, claims, entities, quotes, registries, sentences, topics
from retold.tables.batch import Batch
from retold.tables.columnar import to_arrow
from retold.tables.context import Context
from retold.tables.dropping import may_be_dropped
from retold.tables.stretches import Columns
from retold.views import CleanView

CORPUS_SPLIT = "corpus"


@dataclass(frozen=True, slots=True)
class Config:
    """A config of the dataset.

    ``row_is`` says what a row is; ``key`` names the columns that identify it; ``counted`` names the
    columns (or fields, ``column.field``) whose labels the manifest counts; ``totals`` names the numbers
    that it adds up, and the lists whose lengths it adds up, each with the column that holds them.
    """

    name: str
    row_is: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    counted: tuple[str, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()


CONFIGS = (
    Config(
        "sentences",
        "a sentence, with its checkability and its tagged tokens",
        sentences.COLUMNS,
        ("sentence_id",),
        ("block_kind", "checkability", "reason"),
        totals=(("tokens", "token_starts"),),
    ),
    Config(
        "quotes",
        "a quote, with its speaker and the remarks it tells",
        quotes.COLUMNS,
        ("quote_id",),
        ("type", "marking", "attitude", "polarity", "scope", "utterances.rendering"),
    ),
    Config(
        "entities",
        "a mention, with the entity it refers to",
        entities.COLUMNS,
        ("mention_id",),
        ("form", "type", "modifier"),
    ),
    Config(
        "claims",
        "a claim, with its claimant and its canonical statement",
        claims.COLUMNS,
        ("claim_id",),
        ("category", "polarity", "certainty"),
    ),
    Config(
        "articles",
        "an article: text, metadata and all its layers nested",
        articles.COLUMNS,
        ("article_id",),
        ("language", "flags.flag", "other_marks.function", "repairs.kind"),
        totals=(("characters", "characters"),),
    ),
    Config(
        "topics",
        "an article or a block, with its IPTC Media Topics",
        topics.COLUMNS,
        ("unit", "article_id", "block_id"),
        ("unit", "topics.rank"),
    ),
    Config(
        "claim_pairs",
        "two claims of two articles, with their relation (in test or validation if either article is)",
        claim_pairs.COLUMNS,
        ("claim_id_a", "claim_id_b"),
        ("relation", "origin", "contradiction_type", "contradiction_level"),
    ),
    Config(
        "entity_registry",
        "an entity of the registry",
        registries.ENTITY_COLUMNS,
        ("entity_id",),
        ("type",),
    ),
    Config(
        "utterances",
        "a remark that the corpus tells more than once",
        registries.UTTERANCE_COLUMNS,
        ("utterance_id",),
    ),
    Config(
        "canonical_claims",
        "a proposition that claims share or that is related to another",
        registries.CANONICAL_COLUMNS,
        ("canonical_id",),
        ("relations.relation",),
    ),
)
CONFIG_OF = {config.name: config for config in CONFIGS}
DEFAULT_CONFIG = CONFIGS[0].name


def article_columns(batch: Batch, context: Context) -> dict[str, Columns]:
    """Return the columns of the articles' tables, by config, rows in text order."""
    modules = (sentences, quotes, entities, claims, topics)
    layers = {
        name: module.columns(batch, context) for name, module in zip(articles.LAYERS, modules, strict=True)
    }
    return {**layers, "articles": articles.columns(batch, layers)}


def dropped_rows(batch: Batch, made: Mapping[str, Columns], labels: LabelSets) -> dict[str, list[Row]]:
    """Return those of the articles' rows, by config, of which the clean texts have nothing left."""
    clean = dict(zip((article.id for article in batch.articles), batch.clean, strict=True))
    dropped: dict[str, list[Row]] = {}
    for config, arrays in made.items():
        columns = CONFIG_OF[config].columns
        candidates = to_arrow(may_be_dropped(batch, columns, arrays))
        rows = pa.table(arrays).take(candidates).to_pylist() if len(candidates) else []
        dropped[config] = CleanView(columns, labels).dropped(rows, clean.__getitem__)
    return dropped
