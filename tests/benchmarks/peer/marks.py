"""L5: quotation marks, and who accounts for them."""

from __future__ import annotations

import re

from benchmarks.peer.files import Article, Errors, Json
from benchmarks.peer.layers import BODY
from benchmarks.peer.spans import file_of

Pair = tuple[int, int]  # where the opening and the closing mark stand
FREE_AT_END = " \t\n,.;:!?…"


def check(article: Article) -> Errors:
    file, text = file_of(article, "quotes"), article.text
    blocks = article.documents["segments"]["blocks"]
    pairs = [pair for block in blocks for pair in find_pairs(text, block["start"], block["end"])]
    owners: dict[Pair, list[Json | None]] = {pair: [] for pair in pairs}
    for quote in article.documents["quotes"]["quotes"]:
        yield from check_quote(text, quote, owners, file)
    for mark in article.documents["quotes"]["other_marks"]:
        pair = innermost(mark, pairs)
        if pair is None or not takes_all(text, pair, [mark]):
            yield "other-mark-without-marks", file, f"{mark} is not what stands between marks"
        if pair is not None:
            owners[pair].append(None)
    body = [block for block in blocks if block["kind"] in BODY]
    for pair, own in owners.items():
        words = text[pair[0] : pair[1] + 1]
        if not own and any(block["start"] <= pair[0] < block["end"] for block in body):
            yield "unclaimed-marks", file, f"{words!r} belongs to no quote"
        if is_contested(own):
            yield "marks-claimed-twice", file, f"{words!r} counts twice"


def check_quote(text: str, quote: Json, owners: dict[Pair, list[Json | None]], file: str) -> Errors:
    """Check the marked words of a quote, and enter it as owner of their marks."""
    key, spans = marked(quote)
    for span in spans:
        pair = pair_of(span, list(owners))
        if pair is None:
            yield "words-without-marks", file, f"{quote['id']}: {span} stands in no marks"
            continue
        if key == "verbatim" and not takes_all(text, pair, quote["verbatim"]):
            yield "verbatim-incomplete", file, f"{quote['id']}: {span} is not all between the marks"
        if quote not in owners[pair]:
            owners[pair].append(quote)


def find_pairs(text: str, start: int, end: int) -> list[Pair]:
    """Return the pairs of marks in a block; marks whose partner is lost belong to none."""
    pairs: list[Pair] = []
    opened: list[int] = []
    for match in re.finditer('[“”"]', text[start:end]):
        place, mark = start + match.start(), match.group()
        if mark == "“":
            opened.append(place)
            continue
        partner = "“" if mark == "”" else '"'
        if partner in [text[one] for one in opened]:
            while text[opened[-1]] != partner:
                opened.pop()
            pairs.append((opened.pop(), place))
        elif mark == '"':
            opened.append(place)
    return pairs


def marked(quote: Json) -> tuple[str, list[Json]]:
    """Return the spans of a quote that must stand in marks, with the name of their list."""
    key = "content" if quote["type"] == "direct" else "verbatim"
    return key, quote[key] if quote["marking"] == "quotation_marks" else []


def innermost(span: Json, pairs: list[Pair]) -> Pair | None:
    around = [pair for pair in pairs if pair[0] < span["start"] and span["end"] <= pair[1]]
    return min(around, key=lambda pair: pair[1] - pair[0]) if around else None


def pair_of(span: Json, pairs: list[Pair]) -> Pair | None:
    """Return the pair around a span, else the one that is its first and last character."""
    edges = (span["start"], span["end"] - 1)
    return innermost(span, pairs) or (edges if edges in pairs else None)


def takes_all(text: str, pair: Pair, spans: list[Json]) -> bool:
    """Whether spans take in all words between the marks, but for punctuation at the end."""
    inside = text[pair[0] + 1 : pair[1]].rstrip(FREE_AT_END)
    for place, character in enumerate(inside, pair[0] + 1):
        if not character.isspace() and not any(s["start"] <= place < s["end"] for s in spans):
            return False
    return True


def is_contested(own: list[Json | None]) -> bool:
    """Whether a quote shares the pair with other marks, or with a quote nested in it."""
    quotes = [quote for quote in own if quote is not None]
    ids = [quote["id"] for quote in quotes]
    return bool(quotes) and (len(quotes) < len(own) or any(quote["parent"] in ids for quote in quotes))
