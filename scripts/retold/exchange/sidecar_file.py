"""The side file of an export, read and judged: what comes from outside is not trusted."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from retold.exchange.formats import ExchangeError
from retold.exchange.sidecar import SIDECAR, VERSION, put_back
from retold.schemas import Schemas

Json = dict[str, Any]


def read_sidecar(path: Path, schemas: Schemas) -> Json:
    """Return the side file of an export (a folder, or a file in it), empty if there is none.

    Raises:
        ExchangeError: It is broken, or of another version.
        OSError: It cannot be read.
    """
    file = (path if path.is_dir() else path.parent) / SIDECAR
    if not file.is_file():
        return {}
    try:
        document = orjson.loads(file.read_bytes())
    except ValueError:
        document = None
    version = document.get("retold", VERSION) if isinstance(document, dict) else VERSION
    if version != VERSION:
        raise ExchangeError(f"{file}: version {version!r} is not known here. Update retold, or export again.")
    if not (isinstance(document, dict) and _is_whole(document, schemas)):
        raise ExchangeError(f"{file} is broken. Export again, or remove it and lose what it keeps.")
    return document


def _is_whole(document: Json, schemas: Schemas) -> bool:
    registries, articles = document.get("registries"), document.get("articles")
    splits = document.get("splits")
    return (
        _are(registries, schemas, "registry-")
        and (splits is None or schemas.accepts("splits", splits))
        and isinstance(articles, dict)
        and all(_is_article(entry, schemas) for entry in articles.values())
    )


def _is_article(entry: object, schemas: Schemas) -> bool:
    if not isinstance(entry, dict):
        return False
    layers, rest, order = entry.get("layers"), entry.get("rest"), entry.get("order")
    return (
        schemas.accepts("metadata", entry.get("metadata"))
        and isinstance(rest, dict)
        and all(isinstance(found, list) and all(map(_is_rest, found)) for found in rest.values())
        and isinstance(order, dict)
        and all(_are_strings(names) for names in order.values())
        and isinstance(layers, dict)
        and _are({name: _completed(layer, rest.get(name, ())) for name, layer in layers.items()}, schemas)
    )


def _completed(layer: object, rest: Iterable[Json]) -> object:
    """Return a layer with its rest, without which it may not be what its schema asks for."""
    whole = copy.deepcopy(layer)
    if isinstance(whole, dict):
        put_back(whole, rest)
    return whole


def _are(documents: object, schemas: Schemas, prefix: str = "") -> bool:
    """Whether these are documents by kind, each accepted by the schema of its kind."""
    if not isinstance(documents, Mapping):
        return False
    try:
        return all(schemas.accepts(f"{prefix}{kind}", document) for kind, document in documents.items())
    except OSError:  # no kind of ours
        return False


def _is_rest(entry: object) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"at", "key", "value", "after"}:
        return False
    named = isinstance(entry["key"], str) and isinstance(entry["after"], str | None)
    votes = entry["value"] if entry["key"] == "votes" else []
    return (
        named
        and _are_strings(entry["at"])
        and isinstance(votes, list)
        and all(isinstance(vote, dict) and isinstance(vote.get("pass"), str) for vote in votes)
    )


def _are_strings(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
