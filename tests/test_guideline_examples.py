"""Every example of the guidelines says what the annotation says of the same words."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, TypeVar

import pytest

from documents import GUIDELINES, ROOT, code, example_rows
from retold.layout import Layout
from retold.reader import read_article
from retold.records import Article, Claim, Mention, Quote, Span

LAYOUT = Layout(ROOT)
Row = dict[str, str]
T = TypeVar("T")


def rows(name: str, kind: str) -> list[Row]:
    return list(example_rows((GUIDELINES / f"{name}.md").read_text(encoding="utf-8"), kind))


def show(row: Row) -> str:
    return " | ".join(row.values())[:90]


def cases(name: str, kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(name, kind), ids=show)


@cache
def article(identifier: str) -> Article:
    return read_article(LAYOUT, identifier)


def of(row: Row) -> Article:
    return article(code(row["article"])[0])


def label(cell: str) -> str | None:
    """A cell with one label, or ``—`` for ``null``."""
    assert cell == "—" or len(code(cell)) == 1, cell
    return None if cell == "—" else code(cell)[0]


def words(spans: tuple[Span, ...]) -> tuple[str, ...]:
    return tuple(span.text for span in spans)


def only(found: list[T], what: str) -> T:
    assert len(found) == 1, f"{len(found)} items of the annotation are {what}"
    return found[0]


@cases("segments", "blocks")
def test_block_examples(row: Row) -> None:
    begin = code(row["block begins"])[0]
    text = of(row).text
    block = only(
        [b for b in of(row).blocks if text.startswith(begin, b.start)], f"blocks that begin {begin!r}"
    )
    assert block.kind == label(row["kind"])


@cases("segments", "sentences")
def test_sentence_examples(row: Row) -> None:
    sentences = [s.span.text for block in of(row).blocks for s in block.sentences]
    wanted = list(code(row["sentences"]))
    starts = [n for n in range(len(sentences)) if sentences[n : n + len(wanted)] == wanted]
    assert starts, "these sentences do not stand one after another in the annotation"


@cases("quotes", "quotes")
def test_quote_examples(row: Row) -> None:
    def fits(quote: Quote) -> bool:
        return words(quote.content) == code(row["content"]) and words(quote.cue) == code(row["cue"])

    quote = only([q for q in of(row).quotes if fits(q)], "quotes with this content and cue")
    assert words(quote.source) == code(row["source"])
    assert quote.speaker == label(row["speaker"])
    labels = (quote.type, quote.marking, quote.attitude, quote.polarity, quote.scope)
    assert labels == code(row["labels"])
    for field, span in re.findall(r"`(cue_group|verbatim)` is `([^`]+)`", row["why"]):
        assert words(getattr(quote, field)) == (span,)


@cases("quotes", "other_marks")
def test_other_mark_examples(row: Row) -> None:
    marks = {mark.span.text: mark.function for mark in of(row).other_marks}
    assert marks.get(code(row["marked"])[0]) == label(row["function"])


def mentions(row: Row, column: str) -> list[Mention]:
    """The mentions with the row's words, inside the row's context."""
    context, text = code(row["words"])[0], of(row).text
    start = text.index(context)
    assert text.find(context, start + 1) < 0, f"{context!r} stands more than once"
    wanted = code(row[column])[0]
    assert wanted in context
    inside = range(start, start + len(context) + 1)
    return [
        m for m in of(row).mentions if m.span.text == wanted and {m.span.start, m.span.end} <= set(inside)
    ]


@cases("entities", "mentions")
def test_mention_examples(row: Row) -> None:
    found = only(mentions(row, "mention"), "mentions with these words there")
    assert (found.form, found.type, found.entity) == tuple(
        label(row[key]) for key in ("form", "type", "entity")
    )
    for field, value in re.findall(r"`(also|metonym_of)`: `?([\w-]+)", row["why"]):
        assert value in ((found.metonym_of,) if field == "metonym_of" else found.also)


@cases("entities", "values")
def test_value_examples(row: Row) -> None:
    found = only(mentions(row, "mention"), "mentions with these words there")
    assert found.form == "value"
    assert (found.type, found.value, found.modifier) == tuple(
        label(row[k]) for k in ("type", "value", "modifier")
    )


@cases("entities", "no_mentions")
def test_non_mention_examples(row: Row) -> None:
    assert not mentions(row, "not marked")


@cases("claims", "checkability")
def test_checkability_examples(row: Row) -> None:
    wanted = code(row["sentence"])[0]
    ids = {s.id for block in of(row).blocks for s in block.sentences if s.span.text == wanted}
    labels = {(x.checkability, x.reason) for x in of(row).sentence_labels if x.sentence in ids}
    assert labels == {(label(row["checkability"]), label(row["reason"]))}


@cases("claims", "claims")
def test_claim_examples(row: Row) -> None:
    claim = only(
        [c for c in of(row).claims if words(c.spans) == code(row["spans"])], "claims with these spans"
    )
    keys = ("category", "claimant", "polarity", "certainty")
    found = (claim.category, claim.claimant, claim.polarity, claim.certainty)
    assert found == tuple(label(row[key]) for key in keys)
    assert claim.proposition == row["proposition"]


@cases("topics", "topics")
def test_topic_examples(row: Row) -> None:
    begin, text = code(row["block begins"])[0], of(row).text
    block = only(
        [b for b in of(row).blocks if text.startswith(begin, b.start)], f"blocks that begin {begin!r}"
    )
    topics = only([t.topics for t in of(row).block_topics if t.block == block.id], "the topics of this block")
    assert list(topics) == topic_codes(row["topics"])


@cases("topics", "article_topics")
def test_article_topic_examples(row: Row) -> None:
    found = of(row)
    for column, topics in (("main", found.main_topics), ("secondary", found.secondary_topics)):
        assert [topic.topic for topic in topics] == topic_codes(row[column])


def topic_codes(cell: str) -> list[str]:
    return [f"medtop:{number}" for number in re.findall(r"\b\d{8}\b", cell)]


@cases("alignment", "renderings")
def test_rendering_examples(row: Row) -> None:
    quotes = [q for q in of(row).quotes if words(q.content) == code(row["content"])]
    links = {(link.utterance, link.rendering) for quote in quotes for link in quote.utterances}
    assert (label(row["utterance"]), label(row["rendering"])) in links


@cases("alignment", "relations")
def test_relation_examples(row: Row) -> None:
    a, b = (claim_of(row, side) for side in ("a", "b"))
    kind, *details = code(row["relation"])
    if kind == "equivalent":
        assert a.canonical
        assert a.canonical == b.canonical
    elif kind == "neutral":
        pairs = [{near["a"], near["b"]} for near in claim_registry()["near_misses"]]
        assert any({first, second} in pairs for first in names(a) for second in names(b))
    else:
        relations = {(c["id"], r["to"]): r for c in claim_registry()["claims"] for r in c["relations"]}
        stated = relations[a.canonical, b.canonical]
        assert [stated[key] for key in ("relation", "type", "level") if stated[key]] == [kind, *details]


def damage(text: str) -> str:
    """The words of a stretch, or the white space if it is nothing else."""
    return text.strip() or text


@cases("repairs", "repairs")
def test_repair_examples(row: Row) -> None:
    before, text, replacement = ("".join(code(row[column])) for column in ("before", "text", "replacement"))
    found = only(
        [
            repair
            for repair in of(row).repairs
            if of(row).text[: repair.span.start].rstrip().endswith(before)
            and (damage(repair.span.text), repair.replacement) == (text, replacement)
        ],
        "repairs of this place",
    )
    assert found.kind == label(row["kind"])


@cases("repairs", "no_repairs")
def test_no_repair_examples(row: Row) -> None:
    words = code(row["words"])[0]
    start = of(row).text.index(words)
    end = start + len(words)
    assert not any(repair.span.start < end and start < repair.span.end for repair in of(row).repairs)


def claim_of(row: Row, side: str) -> Claim:
    wanted = code(row[f"spans of {side}"])
    return only(
        [c for c in article(code(row[side])[0]).claims if words(c.spans) == wanted], "claims with these spans"
    )


def names(claim: Claim) -> set[str | None]:
    return {claim.id, claim.canonical}


def claim_registry() -> dict[str, Any]:
    return dict(json.loads(LAYOUT.registry("claims").read_text("utf-8")))
