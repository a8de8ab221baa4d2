"""What the page says of the corpus: the name and first words of its card."""

from __future__ import annotations

import re

from retold.site.jsontools import Json

_NAME = re.compile(r"^pretty_name:[ \t]*(?P<name>\S.*)$", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(?P<yaml>.*?)\n---\n", re.DOTALL)
_HEADING = re.compile(r"^# .*$", re.MULTILINE)
_LINK = re.compile(r"\[(?P<words>[^\[\]]+)\]\([^()]*\)")
_END = ("#", "<!--", "```", "|")
_MOST_PARAGRAPHS = 3


def about(card: str, fallback: str) -> Json:
    """Return ``name`` and ``words``, the card's first paragraphs as plain text.

    Args:
        card: The text of ``README.md``, empty if there is none.
        fallback: The name of a corpus whose card gives none.
    """
    card = card.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(card)
    named = _NAME.search(front["yaml"]) if front else None
    return {"name": named["name"].strip().strip("\"'") if named else fallback, "words": _words(card, front)}


def _words(card: str, front: re.Match[str] | None) -> list[str]:
    body = card[front.end() :] if front else card
    heading = _HEADING.search(body)
    found: list[str] = []
    for line in body[heading.end() :].splitlines() if heading else ():
        if line.startswith(_END) or line.rstrip().endswith(":") or len(found) == _MOST_PARAGRAPHS:
            break
        if line.strip():
            found.append(_LINK.sub(r"\g<words>", line.strip()).replace("`", ""))
    return found
