"""Baseline ``spacy-ner``: the named entities of spaCy's small English model, unrepaired.

Its spans follow OntoNotes (determiners and possessives are inside), and are found in the whole text at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from retold.baselines.parsing import pipeline
from retold.baselines.pieces import head, span
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's mentions, with OntoNotes 5.0 types."""
    nlp = pipeline()
    for record in inputs(task, gold):
        text = record["text"]
        found = nlp(text).ents
        mentions = [span(text, (e.start_char, e.end_char)) | {"type": e.label_} for e in found]
        yield head(record) | {"mentions": mentions}
