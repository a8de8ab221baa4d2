"""A hunt as it is kept: the readers' finds with the corpus's own ids, and what the corpus was then."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from retold.audit.bench import Bench, Edit, Json, layer_path, registry_path
from retold.audit.drafts import LAYER_OF, RELATIONS
from retold.audit.finds import Find
from retold.audit.planting import Planting, take_back
from retold.audit.renaming import renamed

SILENT = frozenset(("note", "votes"))  # what says nothing of the item itself
DIGEST = 8  # hexadecimal digits


def original_errors(planting: Planting) -> tuple[Edit, ...]:
    """Return the errors with the corpus's ids; an item that was put in keeps the copy's."""
    back = _back(planting)
    return tuple(replace(error, item=back.get(error.item, error.item)) for error in planting.errors)


def original_finds(planting: Planting, finds: tuple[Find, ...]) -> tuple[Find, ...]:
    """Return finds with the corpus's ids."""
    back = _back(planting)
    return tuple(replace(find, item=back.get(find.item, find.item)) for find in finds)


def original_entry(planting: Planting, entry: Json, reader: str) -> Json:
    """Return an entry of a reader's file as it is kept: with the reader's name and the corpus's ids.

    Ids are put back in the words, too, where they are short (``c12``) those of the article of the entry, or
    of the article named just before.
    """
    back = _back(planting)
    articles = "|".join(sorted({name.rpartition("-")[0] for name in back.values() if name}))
    here = re.match(articles, entry["sentence"] or entry["item"] or "")

    def own(match: re.Match[str]) -> str:
        article = match["article"] or (here[0] if here else "")
        name = back.get(f"{article}-{match['short']}")
        return match[0] if name is None else f"{match['before'] or ''}{name.rpartition('-')[2]}"

    pattern = rf"(?P<before>(?P<article>{articles})[ -])?\b(?P<short>[mqc][0-9]+)\b"
    fault = re.sub(pattern, own, entry["fault"]) if back else entry["fault"]
    return {"reader": reader, **entry, "item": back.get(entry["item"], entry["item"]), "fault": fault}


def hunted_digests(planting: Planting, copy: Bench) -> dict[str, str]:
    """Return the digests of the items that the corpus had; the copy is without its errors afterwards."""
    take_back(copy, planting.errors)
    back = {new: old for old, new in planting.names.items()}
    copy.documents = {path: renamed(document, back) for path, document in copy.documents.items()}
    return {layer: " ".join(sorted(own)) for layer, own in item_digests(copy).items()}


def changed_since(hunted: Mapping[str, str], now: Bench) -> dict[str, int]:
    """Return how many items of each layer are not as they were in the hunt (or, if more, have gone)."""
    before = {layer: set(digests.split()) for layer, digests in hunted.items()}
    return {
        layer: max(len(own - before[layer]), len(before[layer] - own))
        for layer, own in item_digests(now).items()
    }


def item_digests(bench: Bench) -> dict[str, set[str]]:
    """Return a digest of each item, by layer; of its votes and notes nothing is in it."""
    digests = {
        name: {
            _digest(item)
            for article in bench.articles
            for item in bench.items(layer_path(article, layer), (name,))
        }
        for name, layer in LAYER_OF.items()
    }
    return digests | {RELATIONS: {_digest(relation) for relation in _relations(bench)}}


def _relations(bench: Bench) -> Iterator[Json]:
    for entry in bench.items(registry_path("claims"), ("claims",)):
        yield from ({"from": entry["id"], **relation} for relation in entry["relations"])


def _digest(item: Json) -> str:
    told: dict[str, Any] = {key: value for key, value in item.items() if key not in SILENT}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def _back(planting: Planting) -> dict[str | None, str | None]:
    return {new: old for old, new in planting.names.items()}
