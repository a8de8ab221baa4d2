"""Baseline ``minilm-clusters``: the quotes of one speaker clustered by the cosine of their contents.

Agglomerative clustering with average linkage (UPGMA; Sokal and Michener, 1958), cut where two clusters are
on average less alike than ``embedding.SAME``. Quotes without a known speaker stay apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from retold.baselines.embedding import SAME, Encoder, encoder
from retold.baselines.pieces import head
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's quotes with a cluster, which is named after its first quote in all articles."""
    records = list(inputs(task, gold))
    named = _clusters([given for record in records for given in record["quotes"]], encoder())
    for record in records:
        clustered = [
            {"quote": given["quote"], "clusters": [named[given["quote"]]], "rendering": None}
            for given in record["quotes"]
        ]
        yield head(record) | {"quotes": clustered}


def _clusters(quotes: Sequence[Json], encode: Encoder) -> dict[str, str]:
    """Return the cluster of each quote, by quote ids."""
    named = {given["quote"]: given["quote"] for given in quotes}
    by_speaker: defaultdict[str, list[Json]] = defaultdict(list)
    for given in quotes:
        if given["speaker"] is not None:
            by_speaker[given["speaker"]].append(given)
    for said in by_speaker.values():
        first: dict[int, str] = {}
        for given, number in zip(said, _numbers(said, encode), strict=True):
            named[given["quote"]] = first.setdefault(number, given["quote"])
    return named


def _numbers(quotes: Sequence[Json], encode: Encoder) -> list[int]:
    """Return the number of each quote's cluster."""
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 (an extra, and slow)

    if len(quotes) == 1:  # the library refuses a single row
        return [0]
    rows = encode([" … ".join(part["text"] for part in given["content"]) for given in quotes])
    model = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - SAME
    )
    return [int(number) for number in model.fit_predict(rows)]
