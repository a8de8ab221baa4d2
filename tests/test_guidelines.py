"""The guidelines hold to the texts, the schemas, the label sets and the annotation itself."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, TypeVar

import jsonschema
import pytest

from documents import GUIDELINES, ROOT, code, example_rows, example_text, fences
from retold.layout import Layout
from retold.reader import read_article
from retold.records import Article, Claim, Mention, Quote, Span

LAYOUT = Layout(ROOT)
PAGES = ("segments", "quotes", "entities", "claims", "topics", "alignment")
VOCABULARIES = {
    "block-kind": "segments",
    "quote-type": "quotes",
    "quote-marking": "quotes",
    "quote-attitude": "quotes",
    "quote-polarity": "quotes",
    "quote-scope": "quotes",
    "mark-function": "quotes",
    "mention-form": "entities",
    "entity-type": "entities",
    "checkability": "claims",
    "none-reason": "claims",
    "claim-category": "claims",
    "claim-polarity": "claims",
    "certainty": "claims",
    "rendering": "alignment",
    "relation": "alignment",
    "contradiction-type": "alignment",
    "contradiction-level": "alignment",
    "metadata-flag": "README",
}
ELSEWHERE = {
    "mediatopics": "IPTC's own",
    "modifier": "TIMEX3's own",
    "pair-relation": "derived, never annotated",
}

Row = dict[str, str]
T = TypeVar("T")


def page(name: str) -> str:
    return (GUIDELINES / f"{name}.md").read_text(encoding="utf-8")


def rows(name: str, kind: str) -> list[Row]:
    return list(example_rows(page(name), kind))


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


# --- pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_page_is_complete(name: str) -> None:
    text = page(name)
    assert f"]({name}.md)" in page("README"), "the overview names every page"
    for section in ("Examples", "Rulings", "Questions to ask"):
        assert f"\n## {section}\n" in text, section
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", rulings(text), re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1)), "rulings are numbered without gaps"


def rulings(text: str) -> str:
    _, _, rest = text.partition("\n## Rulings\n")
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("name", PAGES)
def test_cited_rulings_exist(name: str) -> None:
    text = page(name)
    numbers = set(re.findall(r"^(\d+)\. ", rulings(text), re.MULTILINE))
    assert set(re.findall(r"\(ruling (\d+)\)", text)) <= numbers


def test_every_vocabulary_has_a_page() -> None:
    files = {path.stem for path in (ROOT / "schema" / "vocab").glob("*.json")}
    assert files == {*VOCABULARIES, *ELSEWHERE}


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_label_is_explained(vocabulary: str) -> None:
    text = page(VOCABULARIES[vocabulary])
    missing = [name for name in labels_of(vocabulary) if not re.search(rf"\b{re.escape(name)}\b", text)]
    assert not missing


def labels_of(vocabulary: str) -> list[str]:
    return list(json.loads((ROOT / "schema" / "vocab" / f"{vocabulary}.json").read_text("utf-8"))["labels"])


@pytest.mark.parametrize("vocabulary", [name for name in VOCABULARIES if name != "metadata-flag"])
def test_every_label_has_an_example(vocabulary: str) -> None:
    shown = example_text(page(VOCABULARIES[vocabulary]))
    missing = [name for name in labels_of(vocabulary) if not re.search(rf"\b{re.escape(name)}\b", shown)]
    assert not missing


# --- examples against the annotation ----------------------------------------------------------------


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


def claim_of(row: Row, side: str) -> Claim:
    wanted = code(row[f"spans of {side}"])
    return only(
        [c for c in article(code(row[side])[0]).claims if words(c.spans) == wanted], "claims with these spans"
    )


def names(claim: Claim) -> set[str | None]:
    return {claim.id, claim.canonical}


def claim_registry() -> dict[str, Any]:
    return dict(json.loads(LAYOUT.registry("claims").read_text("utf-8")))


# --- whole items ------------------------------------------------------------------------------------


def items() -> list[tuple[str, str, dict[str, Any]]]:
    """Every fenced item: file (``quotes``), article, the item."""
    found = [(fence.info, fence.body) for name in PAGES for fence in fences(page(name)) if fence.info]
    assert all(info[:2] == ("json", "item") for info, _ in found), (
        "a fence is a whole item or has no language"
    )
    return [(info[2], info[3], json.loads(body)) for info, body in found]


def of_kind(file: str) -> str:
    return {"quotes": "quotes", "entities": "mentions", "claims": "claims"}[file]


@pytest.mark.parametrize(("file", "identifier", "item"), items())
def test_whole_items(file: str, identifier: str, item: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "schema" / f"{file}.schema.json").read_text("utf-8"))
    inner = {"$defs": schema["$defs"], **schema["properties"][of_kind(file)]["items"]}
    jsonschema.Draft202012Validator(inner).validate(item)
    text = article(identifier).text
    for span in spans_of(item):
        assert text[span["start"] : span["end"]] == span["text"]
    gold = json.loads(LAYOUT.layer(identifier, file).read_text("utf-8"))[of_kind(file)]
    assert item in [{k: v for k, v in entry.items() if k != "votes"} for entry in gold]


def spans_of(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        inside = [span for part in value.values() for span in spans_of(part)]
        return [value, *inside] if "start" in value else inside
    return [span for part in value for span in spans_of(part)] if isinstance(value, list) else []
