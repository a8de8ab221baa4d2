"""``retold anchor``: offsets from texts."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retold.anchoring import anchor
from retold.checks import files
from retold.checks.inventory import file_fault
from retold.cli import UserError, corpus_layout, relative_path
from retold.documents import write_whole
from retold.findings import Finding, finding, read_issues
from retold.layout import Layout
from retold.report import Report, is_within, located
from retold.reporting import REPORTERS

EXAMPLE = """\
exit codes: 0 every span stands, 1 some do not (with --check: or would move), 2 usage or crash
example: retold anchor annotations/shuts-the-door/quotes.json"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: all)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing, report what would move")
    parser.add_argument("--format", choices=sorted(REPORTERS), default="text", help="default: text")


def run(args: argparse.Namespace) -> int:
    """Anchor the files and print what could not be anchored."""
    layout = corpus_layout(args)
    wanted = [relative_path(path, layout) for path in args.paths]
    sources = [s for s in _sources(layout) if not wanted or is_within(s.path, wanted)]
    if wanted and not sources:
        raise UserError("none of the paths is a file with spans: layers of an article, or raw/<article>.json")
    found: list[Finding] = []
    changed: list[str] = []
    for source in sources:
        problems, moves = _anchor_file(layout, source, write=not args.check)
        found += problems + (moves if args.check else [])
        if moves:
            changed.append(f"{source.path}: {len(moves)} {'to move' if args.check else 'filled in or moved'}")
    if args.format == "text":
        print(*changed, sep="\n", end="\n" if changed else "")
    issues = read_issues()
    report = Report(located(layout.root, found), (), len({source.article for source in sources}))
    for line in REPORTERS[args.format](report, issues):
        print(line)
    return 1 if found else 0


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    article: str


def _sources(layout: Layout) -> Iterator[_Source]:
    """Yield every file that may hold spans."""
    for path in sorted(layout.raw.glob("*.json")):
        yield _Source(path.relative_to(layout.root).as_posix(), path.stem)
    for own in (layout, *layout.passes()):
        for folder in own.article_folders():
            for path in (own.layer(folder.name, layer) for layer in own.layers):
                if path.exists():
                    yield _Source(path.relative_to(layout.root).as_posix(), folder.name)


def _anchor_file(layout: Layout, source: _Source, *, write: bool) -> tuple[list[Finding], list[Finding]]:
    """Anchor one file; return what is wrong with it and what was off."""
    path = layout.root / source.path
    for needed in (path, layout.text(source.article)):
        closed = file_fault(layout.root, needed)
        if closed is not None:
            return [closed], []
    try:
        data, raw = path.read_bytes(), layout.text(source.article).read_bytes()
    except FileNotFoundError:
        return [finding("missing-text", f"raw/{source.article}.txt", article=source.article)], []
    except OSError as error:
        return [finding("unreadable-file", source.path, reason=error.strerror or str(error))], []
    document, problems = files.parse_json(source.path, data)
    text, undecoded = files.decode_text(f"raw/{source.article}.txt", raw)
    if document is None or text is None:
        return problems + undecoded, []
    anchored = anchor(source.path, data.decode("utf-8"), text, hashlib.sha256(raw).hexdigest())
    if write and anchored.moves:
        write_whole(path.resolve(), anchored.source)
    return list(anchored.problems), list(anchored.moves)
