"""Ids that tell nothing: no gap in their numbers shows an item gone, and no high number a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random
from typing import Any

from retold.audit.bench import Json
from retold.audit.drafts import unused_number

DIGITS = 4
RENAMED = re.compile(r"(?P<stem>[a-z0-9-]+-(?P<letter>[mqc]))[0-9]+")  # of mentions, quotes, claims


def new_names(documents: Iterable[Json], rng: Random) -> dict[str, str]:
    """Return a new id for each mention, quote and claim, its number drawn at random."""
    names: dict[str, str] = {}
    used: dict[str, set[int]] = {}
    for document in documents:
        for item in (*document.get("mentions", ()), *document.get("quotes", ()), *document.get("claims", ())):
            match = RENAMED.fullmatch(item["id"])
            if match and item["id"].startswith(f"{document.get('article')}-"):
                taken = used.setdefault(match["stem"], set())
                number = unused_number(rng, taken, DIGITS)
                taken.add(number)
                names[item["id"]] = f"{match['stem']}{number}"
    return names


def renamed(value: Any, names: dict[str, str]) -> Any:  # noqa: ANN401 (parsed JSON)
    """Return a document with the new ids, without ``votes``, which would tell what was meant."""
    if isinstance(value, dict):
        return {key: renamed(member, names) for key, member in value.items() if key != "votes"}
    if isinstance(value, list):
        return [renamed(member, names) for member in value]
    return names.get(value, value) if isinstance(value, str) else value
