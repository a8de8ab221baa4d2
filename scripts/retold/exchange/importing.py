"""An import: what a format gave becomes the files of a corpus, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.exchange.assembling import Files, corpus_files
from retold.exchange.formats import ExchangeError, Imported, reader
from retold.exchange.sidecar_file import read_sidecar
from retold.journal import Step, commit, exclusive
from retold.layout import Layout
from retold.schemas import Schemas, find_schema_folder

Json = dict[str, Any]
_NAMED = 3  # files that are named where more stand in the way


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did: files written (relative to the root), articles read, what was left out."""

    files: tuple[str, ...]
    articles: tuple[str, ...]
    notices: tuple[str, ...]


def import_corpus(
    layout: Layout, name: str, path: Path, mapping: Mapping[str, Any] | None, *, force: bool
) -> Result:
    """Read ``path`` in a two-way format and write what it holds into the corpus of ``layout``.

    Raises:
        ExchangeError: ``path`` is not of this format, or files would be replaced and ``force`` is not given.
        MissingExtraError: A library of the format is not installed.
        JournalError: Another process writes into the corpus.
        OSError: A file cannot be read or written; nothing has changed then.
    """
    if not path.exists():
        raise ExchangeError(f"no such file or folder: {path}")
    schemas = Schemas(find_schema_folder(layout.root))
    with _only_whole_characters(path):
        imported = list(reader(name).read(path, mapping))
        _check_names(schemas, imported)
        sidecar = read_sidecar(path, schemas) if mapping is None else {}
        language = str((mapping or {}).get("language", "en"))
        files = corpus_files(layout, schemas, imported, sidecar, language)
    changed = {target: data for target, data in files.items() if not _is(target, data)}
    if not force:
        _refuse_to_replace(layout, changed)
    _write(layout, changed)
    notices = tuple(notice for item in imported for notice in item.notices)
    written = tuple(sorted(target.relative_to(layout.root).as_posix() for target in changed))
    return Result(written, tuple(item.article for item in imported), notices)


@contextmanager
def _only_whole_characters(path: Path) -> Iterator[None]:
    """Refuse half of a surrogate pair: some JSON parsers let it through, and no file can hold it."""
    try:
        yield
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])
        raise ExchangeError(
            f"{path}: a string holds {half}, half of a character. Correct it there."
        ) from None


def _check_names(schemas: Schemas, imported: list[Imported]) -> None:
    """Refuse names that no article can have, before they become paths."""
    for item in imported:
        probe = {"article": item.article, "article_sha256": "0" * 64, "blocks": []}
        probe["$schema"] = "../../schema/segments.schema.json"
        if not schemas.accepts("segments", probe):
            raise ExchangeError(
                f"{item.article!r} cannot be the id of an article. "
                "Rename its files: lower-case words, joined by hyphens."
            )
    names = [item.article for item in imported]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ExchangeError(f"{twice[0]} stands twice. Give each article a name of its own.")


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _refuse_to_replace(layout: Layout, changed: Files) -> None:
    """Refuse to change files of articles; registries and checksums only grow here."""
    growing = {layout.checksums, *(path for path in changed if path.parent.name == "_registry")}
    there = sorted(
        path.relative_to(layout.root).as_posix() for path in changed if path.exists() and path not in growing
    )
    if there:
        more = f" and {len(there) - _NAMED} more" if len(there) > _NAMED else ""
        raise ExchangeError(
            f"{', '.join(there[:_NAMED])}{more} would be replaced. Nothing was written; "
            "use --force to replace them."
        )


def _write(layout: Layout, files: Files) -> None:
    """Put all files in place, the checksums last."""
    if not files:
        return
    ordered = sorted(files, key=lambda path: (path == layout.checksums, path))
    with exclusive(layout.annotations) as staging:
        steps = []
        for number, path in enumerate(ordered):
            (staging / str(number)).write_bytes(files[path])
            steps.append(Step(path.relative_to(layout.root).as_posix(), str(number)))
        layout.raw.mkdir(exist_ok=True)
        commit(layout.annotations, steps)
