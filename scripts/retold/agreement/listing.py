"""Differences between two passes as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from retold.agreement.differences import Difference
from retold.records import Article

WIDTH = 110
# What names an item beside its id: the first of these that it has.
_WORDS = ("content", "spans", "span", "text")
_LEFT_OUT = {"id", "article", "note", "start", "end", *_WORDS}


def lines(
    found: Iterable[Difference], articles: Mapping[str, Article], names: tuple[str, str]
) -> Iterator[str]:
    """Yield the differences under their article and sentence.

    Args:
        found: sorted by article and position.
        articles: of the first pass.
        names: of the two passes.
    """
    sentences = {
        sentence.id: sentence.span.text
        for article in articles.values()
        for block in article.blocks
        for sentence in block.sentences
    }
    for article, of_article in groupby(found, key=lambda difference: difference.article):
        yield f"== {article}"
        for sentence, group in groupby(of_article, key=lambda difference: difference.sentence):
            head = f"{_short(article, sentence)} {sentences[sentence]}" if sentence else "the article"
            yield from ("", *_wrapped(head, 0))
            for difference in group:
                yield from _item(difference, names)
        yield ""


def _item(difference: Difference, names: tuple[str, str]) -> Iterator[str]:
    article = difference.article
    sides = list(zip(names, (difference.a, difference.b), strict=True))
    there = [(side, item) for side, item in sides if item is not None]
    ids = " / ".join(_short(article, _name(item)) for _, item in there)
    head = f"{difference.layer}: {ids} {_words(there[0][1])}".rstrip()
    if len(there) == len(sides):
        yield from _wrapped(head, 2)
        for name in difference.fields:
            for side, item in there:
                yield from _wrapped(f"{name}, {side}: {_shown(item[name])}", 6)
    else:
        side, item = there[0]
        yield from _wrapped(f"{head} only in {side}", 2)
        rest = [f"{key} {_shown(value)}" for key, value in item.items() if key not in _LEFT_OUT]
        yield from _wrapped(" | ".join(rest), 6)


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("id") or item.get("sentence") or item.get("block") or "")


def _words(item: Mapping[str, Any]) -> str:
    """Return the words that an item stands on, in quotation marks."""
    return next((_shown(item[key]) for key in _WORDS if item.get(key)), "")


def _shown(value: Any) -> str:  # noqa: ANN401 (any JSON value)
    """Return a value on one line; spans with their words and offsets."""
    if isinstance(value, Mapping):
        if {"start", "end", "text"} <= value.keys():
            return f"“{value['text']}” {value['start']}–{value['end']}"
        return " ".join(str(part) for part in value.values())
    if isinstance(value, list | tuple):
        return " + ".join(_shown(part) for part in value) or "none"
    return "none" if value is None else str(value)


def _short(article: str, item: str) -> str:
    return item.removeprefix(f"{article}-")


def _wrapped(text: str, indent: int) -> list[str]:
    clean = "".join(character if character.isprintable() else " " for character in text)
    return textwrap.wrap(
        clean,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4),
        break_on_hyphens=False,
    )
