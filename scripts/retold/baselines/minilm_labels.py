"""Baseline ``minilm-labels``: the IPTC Media Topic whose label is nearest to a block by cosine, zero-shot.

A topic is embedded as its path from the top (``conflict, war and peace > peace process > peace talks``), a
block as its text (the model reads the first 256 word pieces). Retired topics are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from retold.baselines.embedding import encoder
from retold.baselines.pieces import head
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs
from retold.schemas import MediaTopic

MOST = 3  # topics of an article


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's blocks with one topic each; an article has the three most frequent of them."""
    encode = encoder()
    codes = sorted(code for code, topic in gold.topics.items() if topic.retired is None)
    topics = encode([_path(code, gold.topics) for code in codes])
    for record in inputs(task, gold):
        blocks = record["blocks"]
        rows = encode([block["text"] for block in blocks]) @ topics.T if blocks else []
        found = [(codes[int(row.argmax())], float(row.max())) for row in rows]
        yield (
            head(record)
            | {"topics": _foremost(found)}
            | {"blocks": [_block(block, code) for block, (code, _) in zip(blocks, found, strict=True)]}
        )


def _path(code: str, topics: Mapping[str, MediaTopic]) -> str:
    labels: list[str] = []
    at: str | None = code
    while at is not None:
        labels.insert(0, topics[at].label)
        at = topics[at].broader
    return " > ".join(labels)


def _foremost(found: Sequence[tuple[str, float]]) -> list[str]:
    """Return the topics of the most blocks; of equally many those that are nearer to a block."""
    counts = Counter(code for code, _ in found)
    nearest = {code: max(cosine for other, cosine in found if other == code) for code in counts}
    return sorted(counts, key=lambda code: (-counts[code], -round(nearest[code], 4), code))[:MOST]


def _block(block: Json, code: str) -> Json:
    return {"block": block["block"], "topics": [code]}
