"""The guidelines are whole: pages, rulings, every label explained and shown, whole items as in the files."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from documents import GUIDELINES, ROOT, example_text, fences
from retold.layout import Layout
from retold.reader import read_text

LAYOUT = Layout(ROOT)
PAGES = ("segments", "quotes", "entities", "claims", "topics", "alignment", "repairs")
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
    "repair-kind": "repairs",
    "metadata-flag": "README",
}
ELSEWHERE = {
    "mediatopics": "IPTC's own",
    "modifier": "TIMEX3's own",
    "pair-relation": "derived, never annotated",
}


def page(name: str) -> str:
    return (GUIDELINES / f"{name}.md").read_text(encoding="utf-8")


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


# --- whole items ------------------------------------------------------------------------------------


def items() -> list[tuple[str, str, dict[str, Any]]]:
    """Every fenced item: file (``quotes``), article, the item."""
    found = [(fence.info, fence.body) for name in PAGES for fence in fences(page(name)) if fence.info]
    assert all(info[:2] == ("json", "item") for info, _ in found), (
        "a fence is a whole item or has no language"
    )
    return [(info[2], info[3], json.loads(body)) for info, body in found]


def of_kind(file: str) -> str:
    return {"quotes": "quotes", "entities": "mentions", "claims": "claims", "repairs": "repairs"}[file]


@pytest.mark.parametrize(("file", "identifier", "item"), items())
def test_whole_items(file: str, identifier: str, item: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "schema" / f"{file}.schema.json").read_text("utf-8"))
    inner = {"$defs": schema["$defs"], **schema["properties"][of_kind(file)]["items"]}
    jsonschema.Draft202012Validator(inner).validate(item)
    text = read_text(LAYOUT.text(identifier))
    for span in spans_of(item):
        assert text[span["start"] : span["end"]] == span["text"]
    gold = json.loads(LAYOUT.layer(identifier, file).read_text("utf-8"))[of_kind(file)]
    assert item in [{k: v for k, v in entry.items() if k != "votes"} for entry in gold]


def spans_of(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        inside = [span for part in value.values() for span in spans_of(part)]
        return [value, *inside] if "start" in value else inside
    return [span for part in value for span in spans_of(part)] if isinstance(value, list) else []
