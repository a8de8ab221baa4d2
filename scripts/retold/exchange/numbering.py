"""Ids for items that have none: the next numbers of their type."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_SLUG = re.compile(r"[^a-z0-9]+")


def give_ids(items: list[Json], prefix: str, digits: int) -> None:
    """Give each item without an id the next number above all that stand in the list."""
    pattern = re.compile(rf"{re.escape(prefix)}([0-9]{{1,18}})")
    taken = [pattern.fullmatch(str(item.get("id") or "")) for item in items]
    number = max((int(match[1]) for match in taken if match), default=0)
    for item in items:
        if not item.get("id"):
            number += 1
            item["id"] = f"{prefix}{number:0{digits}}"


def slug(words: str, fallback: str) -> str:
    """Return words as an id of lower-case words joined by hyphens; ``fallback`` where nothing is left."""
    made = _SLUG.sub("-", words.lower()).strip("-")
    return made or fallback
