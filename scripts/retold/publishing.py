"""From a staged build to the compiled folder: which files go where, which go away, which are out of date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from retold.card import choose_example, update_card
from retold.comparison import owned_tables
from retold.croissant import CROISSANT
from retold.journal import Step, commit
from retold.manifest import MANIFEST, Json, table_files
from retold.parquet import read_rows

CARD = "README.md"


def publish(target: Path, staging: Path, manifest: Json, *, card: bool) -> None:
    """Put a staged build in place: tables, what describes them, removal of tables that are gone, card last.

    Args:
        target: the compiled folder.
        staging: the folder that ``journal.exclusive`` gave, with what ``Compiler.compile`` wrote.
        manifest: of the staged build.
        card: whether ``README.md`` beside ``target`` gets its generated parts renewed.
    """
    paths = [file.path for file in table_files(manifest)]
    steps = [Step(f"{target.name}/{path}", path) for path in (*paths, MANIFEST, CROISSANT)]
    gone = sorted(owned_tables(target) - set(paths))
    steps += [Step(f"{target.name}/{path}", None) for path in gone]
    if card:
        readme = target.parent / CARD
        renewed = renewed_card(readme, staging, manifest, target.name)
        if renewed != readme.read_bytes():
            (staging / CARD).write_bytes(renewed)
            steps.append(Step(CARD, CARD))
    commit(target, steps)


def renewed_card(readme: Path, compiled: Path, manifest: Json, folder: str) -> bytes:
    """Return the bytes of a README with its generated parts renewed; its line ends are kept.

    Args:
        readme: the card as it is.
        compiled: where the tables of the manifest lie now.
        manifest: of these tables.
        folder: the compiled folder, as the card is to name it.
    """
    text = readme.read_bytes().decode("utf-8")
    line_end = "\r\n" if "\r\n" in text else "\n"
    quotes = next((file.path for file in table_files(manifest) if file.config == "quotes"), None)
    example = choose_example(read_rows(compiled / quotes)) if quotes else None
    renewed = update_card(text.replace("\r\n", "\n"), manifest, example, folder)
    return renewed.replace("\n", line_end).encode("utf-8")


def stale_files(target: Path, data_digest: str) -> Iterator[str]:
    """Yield the JSON files of other commands that record another ``data_digest``, relative to ``target``."""
    for path in sorted(target.rglob("*.json")):
        name = path.relative_to(target).as_posix()
        if name != MANIFEST and _recorded_digest(path) not in (None, data_digest):
            yield name


def _recorded_digest(path: Path) -> object:
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document.get("data_digest") if isinstance(document, dict) else None
