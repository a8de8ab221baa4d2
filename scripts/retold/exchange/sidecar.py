"""What a two-way format cannot hold, kept beside its files in one JSON file, so that nothing is lost.

The file holds the registries, the metadata and the splits, the layers that the format does not carry, and
of the others the *rest*: what an annotation file says and the records do not (votes, ``before``, remarks on
single spans). A rest is addressed by the identity of the items on its way, so that it finds its place again
after other items were changed, added or removed; where its own item has gone or moved, it is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from retold.exchange.items import start_of

SIDECAR = "retold.json"
VERSION = 1

Json = dict[str, Any]
_IDENTITIES = ("id", "sentence", "block", "topic", "code", "utterance", "to")


def rest_of(full: Json, held: Json) -> list[Json]:
    """Return what ``full`` has and ``held`` has not: ``at`` (steps), ``key``, ``value``, ``after``.

    ``after`` is the key that it follows in ``full``.
    """
    return list(_rest(full, held, ()))


def put_back(document: Json, rest: Iterable[Json]) -> None:
    """Put a rest back into a document, in place, where the item that it belongs to is still there."""
    for entry in rest:
        target = _find(document, entry["at"])
        if isinstance(target, dict) and entry["key"] not in target:
            _insert(target, entry["key"], entry["value"], entry["after"])


def order_of(documents: Mapping[str, Json]) -> dict[str, list[str]]:
    """Return the items of each list of an article's layers by their identity, in file order."""
    return {
        key: list(_by_identity(items)) for document in documents.values() for key, items in _lists(document)
    }


def in_order(document: Json, order: Mapping[str, list[str]]) -> None:
    """Put items that begin at one place, and those without a place, into the order they had."""
    for key, items in _lists(document):
        rank = {name: number for number, name in enumerate(order.get(key, ()))}
        named = sorted(
            _by_identity(items).items(), key=lambda pair: (start_of(pair[1]), rank.get(pair[0], len(rank)))
        )
        items[:] = [item for _, item in named]


def count_rest(layer: str, rest: Iterable[Json]) -> Counter[str]:
    """Count the entries of a rest by ``layer/key``."""
    return Counter(f"{layer}/{entry['key']}" for entry in rest)


def _lists(document: Json) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of items of a document, but for the labels of sentences, whose order sentences give."""
    for key, value in (*document.items(), *document.get("article_topics", {}).items()):
        if isinstance(value, list) and key != "sentences":
            yield key, value


def _rest(full: Any, held: Any, at: tuple[str, ...]) -> Iterator[Json]:  # noqa: ANN401 (any JSON)
    if isinstance(full, dict) and isinstance(held, dict):
        before = None
        for key, value in full.items():
            if key in held:
                yield from _rest(value, held[key], (*at, key))
            else:
                yield {"at": list(at), "key": key, "value": value, "after": before}
            before = key
    elif isinstance(full, list) and isinstance(held, list):
        others = _by_identity(held)
        for name, item in _by_identity(full).items():
            if name in others:
                yield from _rest(item, others[name], (*at, name))


def _by_identity(items: list[Any]) -> dict[str, Any]:
    """Key the items of a list by what they are; a second one of the same identity gets a number."""
    named: dict[str, Any] = {}
    for item in items:
        name = _identity(item)
        number, unique = 1, name
        while unique in named:
            number, unique = number + 1, f"{name}#{number + 1}"
        named[unique] = item
    return named


def _identity(item: object) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    for key in _IDENTITIES:
        if key in item:
            return str(item[key])
    return f"{item.get('start')}-{item.get('end')}"


def _find(value: Any, steps: list[str]) -> Any:  # noqa: ANN401 (any JSON)
    for step in steps:
        if isinstance(value, list):
            value = _by_identity(value).get(step)
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


def _insert(target: Json, key: str, value: object, after: str | None) -> None:
    """Insert a member behind another one; at the end if that is not there."""
    members = list(target.items())
    place = next((n + 1 for n, (name, _) in enumerate(members) if name == after), len(members))
    members.insert(0 if after is None else place, (key, value))
    target.clear()
    target.update(members)
