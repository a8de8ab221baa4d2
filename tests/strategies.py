"""Valid corpora for property tests: the tiny corpus, changed in ways that leave it valid.

Every example keeps what the tiny corpus has (nested quotes, layers that are empty, repairs, an interview)
and varies what readers and writers stumble over: characters, line ends, white space, items at one place,
articles, notes, votes, repairs.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from corpora import TINY
from passes import make_pass
from retold.documents import write_json
from retold.layout import CORPUS_LAYERS, Layout

Json = dict[str, Any]

# What may be put behind a letter: astral, combining, joiners, marks of the direction, letters that fold.
MARKS = (
    "😀",
    "\U0001d4b3",
    "\u0301",
    "\u0301\u0323",
    "\u200d",
    "\u202e",
    "\u2066",
    "\u00ad",
    "ß",
    "İ",
    "x",
    "字",
)
# What may be put behind a space, and behind the end of a line.
SPACES = (" ", "\u00a0", "\u2009", "\u3000", "  ")
ENDS = ("\n", "\r\n", "\n \n")
NOTES = (
    "a note",
    "“quoted” \\ and 'such'",
    "line\nline",
    "<b>&amp;</b>",
    "\t😀\u202e",
    "a|b;c\td",
    '{"a": 1}',
    "é",
)
ARTICLES = tuple(sorted(path.stem for path in TINY.glob("raw/*.txt")))


@dataclass(frozen=True)
class Recipe:
    """How a corpus differs from the tiny one; places count characters or items, round and round.

    ``inserted`` are (article, place, which string); ``ends`` is the line end of each article; ``copies`` are
    articles told again under another id; ``notes`` are (item, note); ``dropped`` and ``raised`` are mentions
    that are left out and that a repair spells in capitals; ``voted`` are items with a vote.
    """

    inserted: tuple[tuple[int, int, int], ...] = ()
    ends: tuple[str, str, str] = ("\n", "\n", "\n")
    copies: tuple[int, ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    dropped: tuple[int, ...] = ()
    raised: tuple[int, ...] = ()
    voted: tuple[int, ...] = ()


def recipes() -> st.SearchStrategy[Recipe]:
    """Return a strategy for small valid corpora; the simplest is the tiny one."""
    number = st.integers(0, 400)
    return st.builds(
        Recipe,
        inserted=st.lists(st.tuples(st.integers(0, 2), number, number), max_size=12).map(tuple),
        ends=st.tuples(*[st.sampled_from(("\n", "\r\n"))] * 3),
        copies=st.lists(st.integers(0, 2), max_size=2, unique=True).map(tuple),
        notes=st.lists(st.tuples(number, st.sampled_from(NOTES)), max_size=5).map(tuple),
        dropped=st.lists(number, max_size=3).map(tuple),
        raised=st.lists(number, max_size=2).map(tuple),
        voted=st.lists(number, max_size=3).map(tuple),
    )


def write(recipe: Recipe, root: Path) -> Path:
    """Write the corpus into a folder that is not there yet, and return it."""
    shutil.copytree(TINY, root)
    layout = Layout(root)
    for number, article in enumerate(ARTICLES):
        _respell(layout, article, _pieces(recipe, number, layout.text(article).read_bytes().decode()))
    _drop_mentions(layout, recipe.dropped)
    _raise_mentions(layout, recipe.raised)
    _note(layout, recipe.notes)
    if recipe.voted:
        make_pass(root, "a")
        _vote(layout, recipe.voted)
    for article in recipe.copies:
        _copy(layout, ARTICLES[article])
    write_checksums(layout)
    return root


def write_checksums(layout: Layout) -> None:
    """Write the list of checksums."""
    texts = sorted(layout.raw.glob("*.txt"))
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in texts)
    layout.checksums.write_text("".join(lines), encoding="utf-8")


def spans_in(value: Any) -> Iterator[Json]:
    """Yield every object with offsets, votes left out."""
    if isinstance(value, dict):
        if "start" in value:
            yield value
        for key, inner in value.items():
            if key != "votes":
                yield from spans_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_in(inner)


def _pieces(recipe: Recipe, article: int, text: str) -> list[str]:
    """Return what each character of a text becomes."""
    pieces = [recipe.ends[article] if char == "\n" else char for char in text]
    for own, place, which in recipe.inserted:
        at = place * 7 % len(text)  # 7: neighbours in a list are no neighbours in the text
        if own == article and (text[at].isalpha() or text[at] in " \n"):
            strings = MARKS if text[at].isalpha() else ENDS if text[at] == "\n" else SPACES
            pieces[at] += strings[which % len(strings)]
    return pieces


def _respell(layout: Layout, article: str, pieces: list[str]) -> None:
    """Write a text anew and move all spans with it."""
    text = "".join(pieces)
    moved = [0]
    for piece in pieces:
        moved.append(moved[-1] + len(piece))
    layout.text(article).write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    for path in (layout.metadata(article), *(layout.layer(article, layer) for layer in CORPUS_LAYERS)):
        document = _read(path)
        for span in spans_in(document):
            if "before" in span:
                span["before"] = text[moved[span["start"] - len(span["before"])] : moved[span["start"]]]
            span["start"], span["end"] = moved[span["start"]], moved[span["end"]]
            if "text" in span:
                span["text"] = text[span["start"] : span["end"]]
        if "article_sha256" in document:
            document["article_sha256"] = digest
        write_json(path, document)


def _drop_mentions(layout: Layout, dropped: tuple[int, ...]) -> None:
    """Leave out mentions whose entity is mentioned elsewhere too: no entry of the registry is left unused."""
    for number in dropped:
        listed = [
            (article, mention)
            for article in ARTICLES
            for mention in _read(layout.layer(article, "entities"))["mentions"]
        ]
        article, mention = listed[number % len(listed)]
        if mention["entity"] and sum(one["entity"] == mention["entity"] for _, one in listed) > 1:
            path = layout.layer(article, "entities")
            document = _read(path)
            document["mentions"] = [one for one in document["mentions"] if one["id"] != mention["id"]]
            write_json(path, document)


def _raise_mentions(layout: Layout, raised: tuple[int, ...]) -> None:
    """Add repairs that spell a mention in capitals, where no other span begins or ends within it."""
    for number in raised:
        article = ARTICLES[number % len(ARTICLES)]
        documents = [_read(layout.layer(article, layer)) for layer in CORPUS_LAYERS]
        edges = {edge for span in spans_in(documents) for edge in (span["start"], span["end"])}
        mentions, repairs = documents[2]["mentions"], documents[5]["repairs"]
        mention = mentions[number % len(mentions)]
        start, end, text = mention["start"], mention["end"], mention["text"]
        taken = any(start <= repair["end"] and repair["start"] <= end for repair in repairs)
        if taken or edges & set(range(start + 1, end)) or text == text.upper():
            continue
        if text.upper().casefold() == text.casefold():
            fixed = {"text": text, "start": start, "end": end, "replacement": text.upper()}
            repairs.append({"id": f"{article}-r{len(repairs) + 10}", **fixed, "kind": "lost_capital"})
            repairs.sort(key=lambda repair: repair["start"])
            write_json(layout.layer(article, "repairs"), documents[5])


def _note(layout: Layout, notes: tuple[tuple[int, str], ...]) -> None:
    paths = [
        layout.layer(article, layer) for article in ARTICLES for layer in ("quotes", "entities", "claims")
    ]
    for number, note in notes:
        path = paths[number % len(paths)]
        document = _read(path)
        items = [item for key in ("quotes", "mentions", "claims") for item in document.get(key, ())]
        if items:
            items[number % len(items)]["note"] = note
            write_json(path, document)


def _vote(layout: Layout, voted: tuple[int, ...]) -> None:
    for number in voted:
        path = layout.layer(ARTICLES[number % len(ARTICLES)], "claims")
        document = _read(path)
        items = document["claims"] or document["sentences"]
        value = {"certainty": "possible"} if document["claims"] else {"reason": None}
        items[number % len(items)]["votes"] = [{"pass": "a", "value": value}]
        write_json(path, document)


def _copy(layout: Layout, article: str) -> None:
    """Tell an article again, word for word, under another id."""
    new = f"{article}-again"
    layout.text(new).write_bytes(layout.text(article).read_bytes())
    (layout.annotations / new).mkdir()
    targets = [(layout.metadata(article), layout.metadata(new))]
    targets += [(layout.layer(article, layer), layout.layer(new, layer)) for layer in CORPUS_LAYERS]
    for source, target in targets:
        document = _renamed(_read(source), article, new)
        write_json(target, document)
    splits = _read(layout.splits)
    splits["splits"]["train"].append(new)
    splits["folds"][0].append(new)
    write_json(layout.splits, splits)


def _renamed(value: Any, article: str, new: str) -> Any:
    """Return a document of an article as one of another: its own ids, no remark that only one can be of."""
    if isinstance(value, dict):
        return {
            key: _as_retold(inner) if key == "utterances" else _renamed(inner, article, new)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_renamed(inner, article, new) for inner in value]
    if isinstance(value, str) and (value == article or value.startswith(f"{article}-")):
        return new + value.removeprefix(article)
    return value.replace(f"{article}.txt", f"{new}.txt") if isinstance(value, str) else value


def _as_retold(links: list[Json]) -> list[Json]:
    """Return what a quote tells, no longer as the reference: an utterance has one."""
    return [
        {**link, "rendering": "verbatim" if link["rendering"] == "reference" else link["rendering"]}
        for link in links
    ]


def _read(path: Path) -> Json:
    return json.loads(path.read_bytes())
