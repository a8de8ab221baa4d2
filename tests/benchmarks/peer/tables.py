"""All tables of a corpus, and their files."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from datasets import Dataset, Features

from benchmarks.peer import pairs
from benchmarks.peer.files import Corpus, Json
from benchmarks.peer.rows import Rows, Shared
from retold.features import to_json
from retold.tables import CONFIGS

Tables = dict[tuple[str, str], list[Json]]  # rows by config and split


def read_labels(schema: Path) -> dict[str, list[str]]:
    """Return the names of the class labels by label set."""
    labels = {
        name: list(json.loads((schema / "vocab" / f"{name}.json").read_bytes())["labels"])
        for name in ("checkability", "pair-relation", "entity-type")
    }
    tags = ["O", *(f"{prefix}-{name}" for name in labels["entity-type"] for prefix in "BI")]
    return {
        "checkability": labels["checkability"],
        "pair_relation": labels["pair-relation"],
        "ner_tag": tags,
    }


def make_tables(corpus: Corpus, labels: dict[str, list[str]]) -> Tables:
    """Return the rows of all tables."""
    shared = Shared(corpus, labels)
    split_of = {name: split for split, names in corpus.splits["splits"].items() for name in names}
    tables: Tables = defaultdict(list)
    every: defaultdict[str, list[Json]] = defaultdict(list)  # the rows of all splits
    for name, article in sorted(corpus.articles.items()):
        for config, rows in Rows(article, shared).tables().items():
            tables[config, split_of[name]] += rows
            every[config] += rows
    topics = {name: article.documents["topics"] for name, article in corpus.articles.items()}
    for pair in pairs.pair_rows(every["claims"], topics, corpus, shared):
        tables["claim_pairs", pairs.split_of(pair, split_of)].append(pair)
    tables["entity_registry", "corpus"] = pairs.entity_rows(every["entities"], corpus)
    tables["utterances", "corpus"] = pairs.utterance_rows(every["quotes"], corpus, shared)
    tables["canonical_claims", "corpus"] = pairs.canonical_rows(every["claims"], corpus)
    return tables


def write_tables(tables: Tables, out: Path, labels: Any) -> None:
    """Write a Parquet file for each split of each table that has rows."""
    features = {config.name: Features.from_dict(to_json(config.columns, labels)) for config in CONFIGS}
    for (config, split), rows in tables.items():
        if rows:
            path = out / config / f"{split}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            Dataset.from_list(rows, features=features[config]).to_parquet(path)
