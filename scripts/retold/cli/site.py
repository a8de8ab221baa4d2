"""``retold site``: the browsable page."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from retold.cli import UserError, corpus_layout
from retold.cli.benchmark_options import REFUSED
from retold.cli.corpus import form_check, read_gold
from retold.cli.site_server import serve
from retold.cli.terminal import progress_bar
from retold.layout import Layout
from retold.manifest import read_manifest
from retold.reader import read_json, read_splits
from retold.schemas import Schemas, find_schema_folder
from retold.site.data import Sources, site_data
from retold.site.numbers import PLOTS, plot_files
from retold.site.page import RECORD, site_files

FOLDER = "site"
EXAMPLE = """\
The page lies in build/site/ and opens from disk: build/site/index.html. It shows the annotation, the
committed predictions and their mistakes, and the plots of build/plots/.
exit codes: 0 done (with --check: all up to date), 1 out of date, 2 usage or crash
example: retold site --serve"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--check", action="store_true", help="write nothing; say whether the page is up to date"
    )
    what.add_argument(
        "--serve", action="store_true", help="write the page, serve it to this machine alone, and open it"
    )
    parser.add_argument("--port", type=int, default=0, help="with --serve: the port (default: a free one)")
    parser.add_argument("--no-open", action="store_true", help="with --serve: open no browser")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: build/site of the corpus")


def run(args: argparse.Namespace) -> int:
    """Make the files of the page, then write or compare, and serve."""
    if not args.serve and (args.port or args.no_open):
        raise UserError("--port and --no-open go with --serve.")
    layout = corpus_layout(args)
    own = layout.build / FOLDER
    out: Path = own if args.out is None else args.out.resolve()
    files = _files(layout, plot_files(layout.build))
    if args.check:
        return _check(out, files)
    _write(out, files)
    size = sum(map(len, files.values())) / 1e6
    print(f"{len(files)} files, {size:.1f} MB. Open {out / 'index.html'}")
    if args.serve:
        serve(out, args.port, browser=not args.no_open)
    return 0


def _files(layout: Layout, plots: list[Path]) -> dict[str, bytes]:
    manifest = read_manifest(layout.build)
    if manifest is None:
        raise UserError("build/ holds no compiled corpus, whose digest is recorded: run retold build first.")
    articles, registry = read_gold(layout)
    form_check(layout)([layout.splits])
    try:
        schemas = Schemas(find_schema_folder(layout.root))
        sources = Sources(layout, articles, registry, read_splits(layout), schemas, manifest, plots)
        data = site_data(sources, progress_bar("score"))
    except REFUSED as error:
        raise UserError(str(error)) from error
    return site_files(
        data, manifest["data_digest"], {f"{PLOTS}/{path.name}": path.read_bytes() for path in plots}
    )


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in _strangers(out, files):
            path.unlink()
        for name in _outdated(out, files):
            (out / name).parent.mkdir(exist_ok=True)
            (out / name).write_bytes(files[name])
    except OSError as error:
        raise UserError(f"cannot write the page: {error}") from error


def _check(out: Path, files: Mapping[str, bytes]) -> int:
    """Say what is not what the sources give."""
    stale = {name: "out of date" if (out / name).exists() else "missing" for name in _outdated(out, files)}
    stale |= {path.name: "no part of the page" for path in _strangers(out, files)}
    for name, state in stale.items():
        print(f"{out / name} is {state}. Run retold site.")
    return 1 if stale else 0


def _outdated(out: Path, files: Mapping[str, bytes]) -> list[str]:
    return [
        name
        for name, content in files.items()
        if not (out / name).is_file() or (out / name).read_bytes() != content
    ]


def _is_inside(name: str) -> bool:
    """Whether a name in a record is one that the page may have, so that nothing else is ever removed."""
    return Path(name).name in (name, name.removeprefix(f"{PLOTS}/")) and name not in ("", ".", "..")


def _strangers(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Return the files that an older page wrote and this one does not have: what its record lists, alone."""
    try:
        listed = read_json(out / RECORD)["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    names = [name for name in listed if name not in files and _is_inside(name)]
    return [out / name for name in sorted(names) if (out / name).is_file()]
