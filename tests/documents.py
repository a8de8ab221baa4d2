"""The parts of a Markdown document that the tests of the documents look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDELINES = ROOT / "annotations" / "_guidelines"
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: the words after the backticks, and what stands inside."""

    info: tuple[str, ...]
    body: str


def own_documents() -> list[Path]:
    """Return every Markdown document of the repository, sorted."""
    folders = (ROOT, *(ROOT / name for name in ("raw", "annotations", "schema", "build", "scripts", "tests")))
    return sorted([*(path for folder in folders for path in folder.glob("*.md")), *GUIDELINES.glob("*.md")])


def fences(text: str) -> list[Fence]:
    """Return the fenced blocks of a document."""
    return [Fence(tuple(match["info"].split()), match["body"]) for match in FENCE.finditer(text)]


def prose(text: str) -> str:
    """Return a document without its fenced blocks."""
    return FENCE.sub("", text)


def links(text: str) -> list[str]:
    """Return the targets of a document's links."""
    return LINK.findall(prose(text))


def anchors(text: str) -> set[str]:
    """Return the anchors that a renderer gives the headings (GitHub's rule)."""
    slugs: dict[str, int] = {}
    found = set()
    for heading in HEADING.findall(prose(text)):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{slug}-{slugs[slug]}" if slug in slugs else slug)
        slugs[slug] = slugs.get(slug, 0) + 1
    return found


def region(text: str, name: str) -> str:
    """Return what stands between ``<!-- name -->`` and ``<!-- /name -->``, without its edges' newlines."""
    return text.split(f"<!-- {name} -->\n", 1)[1].split(f"<!-- /{name} -->", 1)[0].rstrip("\n")


def code(cell: str) -> tuple[str, ...]:
    """Return the words in code style, in order."""
    return tuple(re.findall(r"`([^`]+)`", cell))


def example_rows(text: str, kind: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the tables under ``<!-- examples: kind -->``, keyed by the header's cells."""
    for part in text.split(f"<!-- examples: {kind} -->\n")[1:]:
        table = re.match(r"(?:\|.*\n)+", part)
        assert table, f"no table under the marker of the {kind} examples"
        header, _, *rows = (
            [cell.strip() for cell in line[1:-1].split(" | ")] for line in table[0].splitlines()
        )
        for row in rows:
            assert len(row) == len(header), f"{kind}: {len(row)} cells instead of {len(header)}: {row}"
            yield dict(zip(header, row, strict=True))


def example_text(text: str) -> str:
    """Return the example tables of a page and its lines of invented examples, as one text."""
    tables = re.findall(r"<!-- examples: \w+ -->\n((?:\|.*\n)+)", text)
    return "\n".join([*tables, *(line for line in text.splitlines() if "*invented*" in line)])
