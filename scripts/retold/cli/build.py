"""``retold build``: compile the annotation files into tables."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retold.cli import UserError, location, positive
from retold.cli.opened import opened_corpus
from retold.cli.terminal import progress_bar
from retold.comparison import differences
from retold.compiler import SHARDS, Compiler, Options
from retold.croissant.project import DocumentError
from retold.engines import CLUSTERS, EngineError
from retold.findings import Issues, read_issues
from retold.journal import JournalError, exclusive, is_pending, staging_folder
from retold.layout import SHARD_ARTICLES, Layout, LineLayout
from retold.manifest import Json, read_manifest
from retold.publishing import CARD, publish, renewed_card, stale_files
from retold.remote import is_free, mirror_build, put_build
from retold.report import Report
from retold.reporting import REPORTERS, severities
from retold.schemas import Schemas, find_schema_folder
from retold.shard_compiler import SourceChangedError
from retold.shards import RESULT
from retold.validation import validate

EXAMPLE = """\
The corpus is checked first; nothing is built from one with errors. Nothing of build/ changes before all
tables are made, and a build that was cut short is finished or undone by the next one.
exit codes: 0 built (or as the sources give it), 1 errors or differences, 2 usage or crash
A corpus or an output at a URL (s3://…, https://…) needs the fsspec package of its protocol.
example: retold build --check
example: retold build --no-text --out dist/without-texts"""

TAKES_URL = True


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("--out", type=location, metavar="DIR|URL", help="compiled folder (default: build/)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; say where the folder is not what the sources give",
    )
    parser.add_argument(
        "--jobs", type=positive, metavar="N", help="worker processes (default: by corpus size)"
    )
    parser.add_argument(
        "--shard-articles",
        type=positive,
        metavar="N",
        help=f"most articles in one file (default: {SHARD_ARTICLES}; with --check, as it was built)",
    )
    parser.add_argument(
        "--engine", choices=("local", *CLUSTERS), default="local", help="where articles are compiled"
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of the cluster: tcp://host:8786 (Dask), host:6379 (Ray)"
    )
    parser.add_argument(
        "--no-text",
        action="store_true",
        help="leave out the articles' words; needs --out (retold.load puts them back)",
    )


def run(args: argparse.Namespace) -> int:
    """Check the corpus, then build or compare."""
    try:
        with opened_corpus(args) as layout, _target(args, layout) as target:
            schemas = Schemas(find_schema_folder(layout.root))
            options = _options(args, layout, target.folder)
            if args.check:
                return _check(layout, schemas, target, options)
            return _build(layout, schemas, target, options)
    except _FAULTS as error:
        raise UserError(_explained(error)) from error


_FAULTS = (BrokenExecutor, DocumentError, EngineError, JournalError, SourceChangedError, OSError)


def _explained(error: BaseException) -> str:
    died = "a worker process died, perhaps for want of memory: try fewer with --jobs"
    return died if isinstance(error, BrokenExecutor) else str(error)


def _kept(target: Path) -> str:
    """Return what to add to an error if the next build can go on with shards of this one."""
    finished = len(list((staging_folder(target) / SHARDS).glob(f"*/{RESULT}")))
    return f" ({finished} finished shards are kept: the next build goes on from them)" if finished else ""


def _options(args: argparse.Namespace, layout: Layout, target: Path) -> Options:
    if args.shard_articles and isinstance(layout, LineLayout):
        raise UserError("--shard-articles is for the folder form: in JSON Lines, a file is a shard")
    if (args.engine in CLUSTERS) != (args.scheduler is not None):
        raise UserError("--scheduler ADDRESS goes with --engine dask or ray, and they with it")
    engine = CLUSTERS[args.engine](args.scheduler) if args.engine in CLUSTERS else None
    built = (read_manifest(target) or {}) if args.check else {}
    articles = args.shard_articles or built.get("shard_articles") or SHARD_ARTICLES
    return Options(not args.no_text, articles, args.jobs, engine)


def _build(layout: Layout, schemas: Schemas, place: Target, options: Options) -> int:
    target = place.folder
    card = target == layout.build and layout.readme.is_file()
    issues = read_issues()
    try:
        with exclusive(target, kept=SHARDS) as staging:
            compiled = Compiler(layout, schemas, issues, staging, options, progress_bar("build")).compile()
            if compiled.manifest is not None:
                publish(target, staging, compiled.manifest, card=card)
    except _FAULTS as error:
        raise UserError(f"{_explained(error)}{_kept(target)}") from error
    if compiled.manifest is None:
        _say_refused(compiled.report, issues)
        return 1
    if place.url is not None:
        put_build(target, compiled.manifest, place.url, progress_bar("put"))
    _say_built(place, compiled.manifest)
    if target == layout.build and not card:
        print(f"retold: there is no {layout.readme}: load_dataset() needs its front matter", file=sys.stderr)
    return 0


def _check(layout: Layout, schemas: Schemas, target: Target, options: Options) -> int:
    found, manifest = compare(layout, schemas, target.folder, options)
    if manifest is None:
        return 1
    for line in found:
        print(line)
    if found:
        print(f"{target} is not what the sources give: run retold build")
        return 1
    print(f"{target} is what the sources give (data digest {manifest['data_digest'][:16]})")
    return 0


def compare(
    layout: Layout, schemas: Schemas, target: Path, options: Options | None = None
) -> tuple[list[str], Json | None]:
    """Return where a compiled folder is not what the sources give, a line each, and their manifest.

    The manifest is ``None`` if the corpus has errors, which are printed then.

    Args:
        layout: of the corpus.
        schemas: by which it is judged.
        target: the compiled folder.
        options: with which it was compiled.

    Raises:
        UserError: A build of the folder was cut short.
    """
    if is_pending(target):
        raise UserError(f"a build of {target} was cut short: run retold build to finish it")
    issues = read_issues()
    with tempfile.TemporaryDirectory(prefix="retold-") as temporary:
        fresh = Path(temporary)
        bar = progress_bar("build")
        compiled = Compiler(layout, schemas, issues, fresh, options or Options(), bar).compile()
        if compiled.manifest is None:
            _say_refused(compiled.report, issues)
            return [], None
        found = [f"{target.name}/{line}" for line in differences(target, fresh)]
        if target == layout.build and layout.readme.is_file():
            renewed = renewed_card(layout.readme, fresh, compiled.manifest, target.name)
            if renewed != layout.readme.read_bytes():
                found.append(f"{CARD}: its generated parts are out of date")
    return found, compiled.manifest


def is_valid(layout: Layout, schemas: Schemas) -> bool:
    """Return whether the corpus has no errors; print those that it has."""
    issues = read_issues()
    report = validate(layout, schemas, issues, progress=progress_bar("check"))
    if not severities(report, issues)["error"]:
        return True
    _say_refused(report, issues)
    return False


def _say_refused(report: Report | None, issues: Issues) -> None:
    if report is not None:
        for line in REPORTERS["text"](report, issues):
            print(line)
    print("nothing was built: correct the errors first")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a build goes: a folder, which is put to ``url`` afterwards, if there is one."""

    folder: Path
    url: str | None = None

    def __str__(self) -> str:
        return self.url or str(self.folder)


@contextmanager
def _target(args: argparse.Namespace, layout: Layout) -> Iterator[Target]:
    if args.out is None and isinstance(args.root, str):
        raise UserError("a corpus at a URL is not built where it is: name a folder or a URL with --out")
    if not isinstance(args.out, str):
        yield Target(_folder(args, layout))
        return
    with tempfile.TemporaryDirectory(prefix="retold-") as temporary:
        folder = Path(temporary).resolve() / "build"
        if args.check:
            mirror_build(args.out, folder, progress_bar("fetch"))
        elif not is_free(args.out):
            raise UserError(f"{args.out} holds other things than a build: name a new or an empty folder")
        yield Target(folder, args.out)


def _folder(args: argparse.Namespace, layout: Layout) -> Path:
    target: Path = (args.out or layout.build).resolve()
    if args.no_text and target == layout.build.resolve():
        raise UserError("--no-text never writes over build/: name another folder with --out DIR")
    if target.exists() and not target.is_dir():
        raise UserError(f"{target} is not a folder")
    if args.out and not _is_ours(target):
        raise UserError(f"{target} holds other things than a build: name a new or an empty folder")
    return target


def _is_ours(target: Path) -> bool:
    """Whether nothing of somebody else's can be lost: a build removes the tables that it does not make."""
    return not target.is_dir() or not any(target.iterdir()) or read_manifest(target) is not None


def _say_built(target: Target, manifest: Json) -> None:
    rows = sum(entry["rows"] for entry in manifest["configs"].values())
    digest = manifest["data_digest"]
    print(f"{target}: {len(manifest['configs'])} configs, {rows:,} rows, data digest {digest[:16]}")
    for name in stale_files(target.folder, digest):
        print(f"{target.folder.name}/{name} was made from other data: run the command that makes it")
