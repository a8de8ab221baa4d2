"""Baseline ``alias-recency``: coreference of names by alias rules, of pronouns by recency (see ``naming``).

Names are joined over all articles at once, pronouns within one. Nominals (``the president``) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from retold.baselines.naming import fullest, mentions, names
from retold.baselines.parsing import parsed_lines, pipeline
from retold.baselines.pieces import head, span
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's mentions; a cluster is named after its fullest name, in all articles alike."""
    nlp = pipeline()
    records = list(inputs(task, gold))
    parsed = [parsed_lines(record["text"], nlp) for record in records]
    found = [names(lines) for lines in parsed]
    full = fullest([name for part in found for name in part])
    for record, lines, part in zip(records, parsed, found, strict=True):
        clustered = [
            span(record["text"], (mention.start, mention.end)) | {"cluster": mention.who}
            for mention in mentions(lines, part, full)
        ]
        yield head(record) | {"mentions": clustered}
