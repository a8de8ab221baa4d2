"""The repairs: L5, and the clean text that they make."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from benchmarks.peer.files import Article, Errors, Json
from benchmarks.peer.spans import file_of, spans

MARKS = "“”\"‘’'"
SPAN_FILES = ("metadata", "segments", "quotes", "entities", "claims")


def check(article: Article) -> Errors:
    file = file_of(article, "repairs")
    repairs = article.documents["repairs"]["repairs"]
    for one, other in pairwise(repairs):
        same = (one["start"], one["end"]) == (other["start"], other["end"])
        if other["start"] < one["start"]:
            yield "out-of-order", file, f"{other['id']} does not stand in text order"
        elif other["start"] < one["end"] or same:
            yield "repairs-overlap", file, f"{other['id']} touches what {one['id']} repairs"
    for repair in repairs:
        if repair["text"] == repair["replacement"]:
            yield "repair-changes-nothing", file, repair["id"]
        elif not fits(repair):
            yield "repair-kind-differs", file, f"{repair['id']} is no {repair['kind']}"
    yield from check_furniture(article, repairs, file)
    yield from check_lines(article, repairs, file)
    yield from check_cuts(article, repairs, file)


def fits(repair: Json) -> bool:
    """Whether a repair does what its kind says."""
    kind, text, new = repair["kind"], repair["text"], repair["replacement"]
    if kind == "missing_space":
        return added(text, new).isspace()
    if kind == "lost_capital":
        return bool(text.casefold() == new.casefold())
    if kind == "lost_quotation_mark":
        marks = "".join(added(text, new).split())
        return bool(marks) and all(mark in MARKS for mark in marks)
    return kind != "furniture" or not new


def added(text: str, new: str) -> str:
    """Return the characters that stand in the new text only; nothing if some of the old are gone."""
    place, more = 0, ""
    for character in new:
        if place < len(text) and text[place] == character:
            place += 1
        else:
            more += character
    return more if place == len(text) else ""


def offsets(stretches: Iterable[Json]) -> set[int]:
    return {place for stretch in stretches for place in range(stretch["start"], stretch["end"])}


def left(text: str, stretch: Json, without: set[int]) -> str:
    """Return what stands in a stretch beside some offsets."""
    places = range(stretch["start"], stretch["end"])
    return "".join(text[place] for place in places if place not in without).strip()


def check_furniture(article: Article, repairs: list[Json], file: str) -> Errors:
    blocks = [b for b in article.documents["segments"]["blocks"] if b["kind"] == "boilerplate"]
    furniture = [repair for repair in repairs if repair["kind"] == "furniture"]
    boilerplate, deleted = offsets(blocks), offsets(furniture)
    for repair in furniture:
        if repair.get("note") is None and left(article.text, repair, boilerplate):
            yield "furniture-outside-boilerplate", file, f"{repair['id']} stands in no boilerplate"
    for block in blocks:
        if left(article.text, block, deleted):
            yield "boilerplate-left", file, f"{block['id']} is not deleted"


def check_lines(article: Article, repairs: list[Json], file: str) -> Errors:
    changed = offsets(repairs)
    blocks = article.documents["segments"]["blocks"]
    kept = [block for block in blocks if left(article.text, block, changed)]
    for one, other in pairwise(kept):
        breaks = [n for n in range(one["end"], other["start"]) if article.text[n] == "\n"]
        if breaks and all(place in changed for place in breaks):
            yield "repair-joins-blocks", file, f"{one['id']} and {other['id']} stand on one line"


def is_aligned(repair: Json) -> bool:
    """Whether each character of the replacement stands for the one that it replaces."""
    same = len(repair["replacement"]) == len(repair["text"])
    return same and repair["kind"] in ("lost_capital", "typo")


def check_cuts(article: Article, repairs: list[Json], file: str) -> Errors:
    cutting = [repair for repair in repairs if not is_aligned(repair)]
    deleted = offsets(repair for repair in cutting if not repair["replacement"])
    seen = set()
    for item, span in (found for kind in SPAN_FILES for found in spans(article.documents[kind], votes=False)):
        for repair in cutting:
            first, last = repair["start"], repair["end"]
            if not (first < span["start"] < last or first < span["end"] < last):
                continue
            if (repair["id"], item) not in seen and not offsets([span]) <= deleted:
                seen.add((repair["id"], item))
                yield "repair-cuts-span", file, f"{repair['id']} cuts {span} of {item}"


def clean(text: str, repairs: list[Json]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with the repairs made, and where each replacement stands in it."""
    cleaned, done, places = "", 0, []
    for repair in repairs:
        cleaned += text[done : repair["start"]]
        places.append((len(cleaned), len(cleaned) + len(repair["replacement"])))
        cleaned += repair["replacement"]
        done = repair["end"]
    return cleaned + text[done:], places
