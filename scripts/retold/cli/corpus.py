"""Files that verbs other than ``validate`` read: refused with one line where they are broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from retold.checks.files import decode_text, judge, parse_json
from retold.checks.inventory import file_fault
from retold.cli import UserError
from retold.findings import Finding, finding, read_issues
from retold.layout import REGISTRIES, Layout
from retold.reader import read_article, read_registry
from retold.records import Article, Registry
from retold.report import Report, located
from retold.reporting import text
from retold.schemas import Schemas, find_schema_folder


def article_files(layout: Layout, article: str) -> list[Path]:
    """Return the files that make up an article."""
    layers = [layout.layer(article, layer) for layer in layout.layers]
    return [layout.text(article), layout.metadata(article), *layers]


def registry_files(layout: Layout) -> list[Path]:
    """Return the files that articles share."""
    return [layout.registry(name) for name in REGISTRIES]


def read_gold(layout: Layout) -> tuple[tuple[Article, ...], Registry]:
    """Return all articles and the registry.

    Raises:
        UserError: A file cannot be read; the message names the first.
    """
    articles = [folder.name for folder in layout.article_folders()]
    splits = [layout.splits] if layout.splits.is_file() else []
    files = [path for name in articles for path in article_files(layout, name)]
    form_check(layout)([*registry_files(layout), *splits, *files])
    return tuple(read_article(layout, name) for name in articles), read_registry(layout)


def form_check(layout: Layout) -> Callable[[Iterable[Path]], None]:
    """Return a function that checks that files can be read (levels L1 and L2), one after another.

    It raises ``UserError`` at the first fault and names it.

    Raises:
        UserError: There are no schemas to check by.
    """
    try:
        schemas, issues = Schemas(find_schema_folder(layout.root)), read_issues()
    except OSError as error:
        raise UserError(f"cannot read the schemas: {error}") from error

    def check(files: Iterable[Path]) -> None:
        for path in files:
            faults = located(layout.root, _faults(layout.root, path, schemas))
            if faults:
                first = next(text(Report(faults, (), 1), issues))
                raise UserError(f"the corpus cannot be read; run retold validate. The first fault: {first}")

    return check


def _faults(root: Path, path: Path, schemas: Schemas) -> Iterator[Finding]:
    name = path.relative_to(root).as_posix()
    closed = file_fault(root, path)
    if closed is not None:
        yield closed
        return
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        yield finding("missing-file", name)
        return
    except OSError as error:
        yield finding("unreadable-file", name, reason=error.strerror or str(error))
        return
    kind = schemas.kind_of(path)
    if kind is None:
        yield from decode_text(name, data)[1]
        return
    document, faults = parse_json(name, data)
    yield from faults or judge(name, kind, document, schemas)
