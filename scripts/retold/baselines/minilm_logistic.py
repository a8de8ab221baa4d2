"""Baseline ``minilm-logistic``: logistic regression over sentence embeddings, leaving one article out.

A sentence is embedded by itself, without what stands around it. The regression has scikit-learn's defaults,
with classes weighted against their frequency, as the rare ones matter no less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from retold.baselines.embedding import Matrix, encoder
from retold.baselines.pieces import head
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs

POSITIVE = "checkable"


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's sentences with one of three labels and the probability of ``checkable``.

    Raises:
        ValueError: There is no other article to learn from.
    """
    encode = encoder()
    records = list(inputs(task, gold))
    embedded = {
        record["article"]: encode([given["text"] for given in record["sentences"]]) for record in records
    }
    for record in records:
        learned = {article.id for article in gold.others(record["article"])}
        others = [other for other in records if other["article"] in learned]
        model = _trained([embedded[other["article"]] for other in others], _labels(others, gold))
        yield head(record) | {"sentences": _judged(model, record["sentences"], embedded[record["article"]])}


def _labels(records: Sequence[Json], gold: Gold) -> list[str]:
    """Return the gold labels of the records' sentences, in their order."""
    label = {
        judged.sentence: judged.checkability
        for record in records
        for judged in gold.articles[record["article"]].sentence_labels
    }
    return [label[given["sentence"]] for record in records for given in record["sentences"]]


def _trained(parts: Sequence[Matrix], labels: Sequence[str]) -> Any:  # noqa: ANN401 (an estimator of scikit-learn)
    import numpy as np  # noqa: PLC0415 (slow)
    from sklearn.dummy import DummyClassifier  # noqa: PLC0415 (an extra, and slow)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (an extra, and slow)

    if not labels:
        raise ValueError("minilm-logistic learns from the other articles, and there are none with sentences")
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    if len(set(labels)) == 1:  # nothing to tell apart
        model = DummyClassifier(strategy="most_frequent")
    return model.fit(np.concatenate([part for part in parts if len(part)]), labels)


def _judged(model: Any, sentences: Sequence[Json], rows: Matrix) -> list[Json]:  # noqa: ANN401
    if not sentences:
        return []
    classes = list(model.classes_)
    at = classes.index(POSITIVE) if POSITIVE in classes else None
    return [
        {
            "sentence": given["sentence"],
            "label": str(label),
            "score": 0.0 if at is None else round(float(chances[at]), 4),
        }
        for given, label, chances in zip(
            sentences, model.predict(rows), model.predict_proba(rows), strict=True
        )
    ]
