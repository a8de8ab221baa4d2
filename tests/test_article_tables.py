"""The columns of articles, held against rows that the benchmark's peer makes of the same documents.

``RETOLD_EXAMPLES=3000`` tries more articles than a test run has time for.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.peer.files import Article as Documents
from benchmarks.peer.files import Corpus
from benchmarks.peer.rows import Rows, Shared
from corpora import REPOSITORY, TINY
from odd_articles import odd_article
from retold import reader
from retold.arrow_columns import row_columns
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.features import Column, ListOf, Struct, bears_text
from retold.layout import Layout
from retold.records import Article
from retold.schemas import Schemas
from retold.shard_compiler import label_sets
from retold.tables import CONFIG_OF, article_columns, dropped_rows
from retold.tables.batch import Batch
from retold.tables.context import Context
from retold.views import CleanView

Json = dict[str, Any]

EXAMPLES = int(os.environ.get("RETOLD_EXAMPLES", "200"))
DOCUMENTS, _ = reader.read_registries(Layout(TINY))
CONTEXT = Context(reader.parse_registry(DOCUMENTS), label_sets(Schemas(REPOSITORY / "schema")))
REGISTRIES = RegistryInput(DOCUMENTS, {}, {}, frozenset())
NAMES = {name: [entry.get("id") or entry["code"] for entry in DOCUMENTS[name][name]] for name in DOCUMENTS}


def record(article: Documents) -> Article:
    """Return the record of an article from its documents."""
    return ArticleInput(article.id, article.text, article.sha256, article.documents, {}, REGISTRIES).record


def peer_rows(articles: Sequence[Documents]) -> dict[str, list[Json]]:
    """Return the rows that the peer makes, by config."""
    folds = {"splits": {}, "folds": [[article.id] for article in articles]}
    corpus = Corpus({}, DOCUMENTS, folds, {}, set(), {})
    shared = Shared(corpus, {name: list(labels) for name, labels in CONTEXT.labels.items()})
    rows: dict[str, list[Json]] = {}
    for article in articles:
        for config, own in Rows(article, shared).tables().items():
            rows.setdefault(config, []).extend(own)
    return rows


def wordless(columns: Sequence[Column], row: Json) -> Json:
    """Return a row without words of its article, at any depth."""
    return {column.name: _wordless(column, row[column.name]) for column in columns}


def _wordless(column: Column, value: Any) -> Any:
    if column.text is not None:
        return None
    if not bears_text(column):
        return value
    assert isinstance(column.feature, ListOf)
    assert isinstance(column.feature.item, Struct)
    return [wordless(column.feature.item.columns, inner) for inner in value]


def difference(config: str, made: dict[str, pa.Array], rows: Sequence[Json]) -> str | None:
    """Say in which column, and how, a table differs from rows."""
    columns = CONFIG_OF[config].columns
    for name, expected in row_columns(columns, rows).items():
        made[name].validate(full=True)
        if not made[name].equals(expected):
            return f"{config}.{name}: {made[name].to_pylist()}, not {expected.to_pylist()}"
    return None if set(made) == {column.name for column in columns} else f"{config}: {set(made)}"


@pytest.mark.parametrize("seed", range(0, EXAMPLES, 50))
def test_columns_of_odd_articles_are_the_rows_of_the_peer(seed: int) -> None:
    for number in range(seed, seed + 50):
        check(Random(number))


def check(random: Random) -> None:
    documents = [odd_article(f"odd-{n}", random, NAMES) for n in range(random.randint(1, 3))]
    articles, folds = [record(article) for article in documents], range(len(documents))
    expected = peer_rows(documents)
    batch = Batch(articles, folds)
    made = article_columns(batch, CONTEXT)
    silent = article_columns(Batch(articles, folds, with_texts=False), CONTEXT)
    dropped = dropped_rows(batch, made, CONTEXT.labels)
    clean = dict(zip((article.id for article in articles), batch.clean, strict=True))
    for config, rows in expected.items():
        columns = CONFIG_OF[config].columns
        assert difference(config, made[config], rows) is None
        assert difference(config, silent[config], [wordless(columns, row) for row in rows]) is None
        left = CleanView(columns, CONTEXT.labels).rows(rows, clean.__getitem__)
        assert len(rows) - len(dropped[config]) == len(left)
