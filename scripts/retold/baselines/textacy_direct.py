"""Baseline ``textacy-direct``: the direct quotations of textacy, line by line.

``textacy.extract.direct_quotations`` follows Krestel, Bergler and Witte, *Minding the Source*, 2008: a
stretch between two quotation marks, the nearest reporting verb outside it, and that verb's subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retold.baselines.parsing import Line, parsed_lines, pipeline
from retold.baselines.pieces import MARKS, head, spans, trimmed
from retold.benchmark.gold import Gold
from retold.benchmark.inputs import Json, inputs


def predict(task: str, gold: Gold) -> Iterator[Json]:
    """Yield each article's quotes; the speaker is the source as it stands, since textacy resolves nothing."""
    nlp = pipeline()
    for record in inputs(task, gold):
        text = record["text"]
        quotes = [
            _quote(text, line, *triple) for line in parsed_lines(text, nlp) for triple in _triples(line.doc)
        ]
        yield head(record) | {"quotes": quotes}


def _triples(doc: Any) -> list[tuple[Any, Any, Any]]:  # noqa: ANN401 (spaCy has no types here)
    from textacy.extract import direct_quotations  # noqa: PLC0415 (an extra, and slow)

    try:
        return list(direct_quotations(doc))
    except (
        ValueError
    ):  # an odd number of marks, such as a possessive apostrophe: textacy gives up on the line
        return []


def _quote(text: str, line: Line, speaker: Any, cue: Any, content: Any) -> Json:  # noqa: ANN401
    inside = trimmed(text, line.extent(content[0], content[-1]), MARKS)
    if text[inside[1] - 1] == ",":
        inside = inside[0], inside[1] - 1
    source = line.extent(speaker[0], speaker[-1])
    return {
        "content": spans(text, [inside]),
        "source": spans(text, [source]),
        "cue": spans(text, [line.extent(cue[0], cue[-1])]),
        "type": "direct",
        "speaker": text[slice(*source)],
    }
