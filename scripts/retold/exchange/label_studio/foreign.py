"""The annotation of a foreign Label Studio project as nodes.

A region's type is its label; what is chosen or typed for it are its features, by the names of the controls;
relations are its arguments, their label (of an unlabelled one, ``related``) the role.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from retold.exchange.formats import ExchangeError
from retold.exchange.label_studio.regions import offset_of, string_of, value_of, words_of
from retold.exchange.nodes import Node
from retold.exchange.numbering import slug
from retold.records import Span

Json = dict[str, Any]

LABELS = ("labels", "hypertextlabels")
UNLABELLED = "related"


def article_of(task: Json, place: str) -> tuple[str, str]:
    """Return the id and the text of a foreign task: ``article-`` and its number; its only long field.

    Raises:
        ExchangeError: It has no number; it is not clear which of its fields is the text.
    """
    number, data = task.get("id"), task["data"]
    if not isinstance(number, int):
        raise ExchangeError(f"{place}: the task has no id. Export the project as JSON")
    texts = [value for value in data.values() if isinstance(value, str)]
    text = data.get("text", texts[0] if len(texts) == 1 else None)
    if not isinstance(text, str):
        raise ExchangeError(f"{place}: its data has no field 'text', nor only one that is text. Rename it")
    name = data.get("article")
    return slug(name, f"article-{number}") if isinstance(name, str) else f"article-{number}", text


def nodes_of(result: object, text: str, place: str) -> Iterator[Node]:
    """Yield a node a labelled region, in file order.

    Raises:
        ExchangeError: It has not the form of a result.
    """
    if not isinstance(result, list) or not all(isinstance(entry, dict) for entry in result):
        raise ExchangeError(f"{place}: no list of results. Export the project as JSON")
    features: defaultdict[str, dict[str, str]] = defaultdict(dict)
    arguments: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, entry in enumerate(result):
        where = f"{place}, result {number}"
        if entry.get("type") == "relation":
            source, target = (string_of(entry, key, where) for key in ("from_id", "to_id"))
            labels = entry.get("labels") or [UNLABELLED]
            arguments[source].append((str(labels[0]) if isinstance(labels, list) else UNLABELLED, target))
        elif entry.get("type") not in LABELS and (said := _said(entry)) is not None:
            features[str(entry.get("id"))][str(entry.get("from_name"))] = said
    for number, entry in enumerate(result):
        if entry.get("type") in LABELS:
            yield _node(entry, text, f"{place}, result {number}", features, arguments)


def _node(
    entry: Json,
    text: str,
    where: str,
    features: dict[str, dict[str, str]],
    arguments: dict[str, list[tuple[str, str]]],
) -> Node:
    value, key = value_of(entry, where), string_of(entry, "id", where)
    start, end = (offset_of(value, name, where) for name in ("start", "end"))
    labels = value.get(str(entry["type"]))
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise ExchangeError(f"{where}: a region has one label, not {labels!r:.80}")
    words = words_of(value.get("text"), text[start:end])
    said, points = features.get(key, {}), tuple(arguments.get(key, ()))
    return Node(key, labels[0], where, (Span(start, end, words),), said, points)


def _said(entry: Json) -> str | None:
    """Return the first thing that is chosen or typed in a result; ``None`` if it is no text."""
    value = entry.get("value")
    values = value.get("choices", value.get("text")) if isinstance(value, dict) else None
    first = values[0] if isinstance(values, list) and values else values
    return first if isinstance(first, str) else None
