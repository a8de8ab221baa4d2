"""The command line: ``retold VERB``.

Each verb is a module with ``register(parser)``, which adds its arguments and may set ``parser.epilog`` to an
example, and ``run(args) -> int``, which does the work and returns the exit code: 0 clean, 1 findings, 2 usage
or crash. A verb whose corpus may be at a URL says so with ``TAKES_URL``. Only the chosen verb's module is
imported. ``UserError`` ends any verb with its message and code 2.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from retold.escaping import escaped
from retold.garbage import uncollected
from retold.layout import Layout, LineLayout, find_root, layout_of
from retold.locations import is_url

# verb -> (its module, what `retold --help` says of it)
VERBS = {
    "validate": ("validate", "check the corpus"),
    "anchor": ("anchor", "fill in and move offsets from the texts of spans"),
    "build": ("build", "compile the annotation files into tables"),
    "new-article": ("new_article", "add an article: its raw text, metadata and empty layers"),
    "show": ("show", "print an article with its annotation in line"),
    "stats": ("stats", "print figures of the corpus"),
    "audit": ("audit", "list places where the annotation may be wrong"),
    "certificate": ("certificate", "plant errors, and estimate from what a reader finds how many are left"),
    "inputs": ("inputs", "print what a tool is given for a task of the benchmark"),
    "score": ("score", "score the predictions of a tool"),
    "predict": ("predict", "run a baseline of the benchmark"),
    "leaderboard": ("leaderboard", "score the committed predictions of all systems"),
    "hub": ("hub", "print how to publish the corpus on the Hugging Face Hub; upload nothing"),
    "export": ("export", "write the corpus in the format of another tool"),
    "import": ("import_", "make a corpus of what another tool wrote"),
    "agreement": ("agreement", "say how far passes agree, and where they differ"),
    "site": ("site", "write the page that shows the corpus in a browser"),
}


class UserError(Exception):
    """What a user did or has that makes the command impossible; the message says what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _write_utf8()
    try:
        with uncollected():  # mostly imports
            args = _parse(arguments)
        code: int = args.run(args)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 2
    except BrokenPipeError:  # the reader of our output has gone; keep the interpreter from complaining
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except (Exception, KeyboardInterrupt) as error:
        own = isinstance(error, (UserError, KeyboardInterrupt, MemoryError, OSError))  # no fault of retold
        if not own and ("--traceback" in arguments or os.environ.get("RETOLD_TRACEBACK")):
            import traceback  # noqa: PLC0415 (seldom wanted)

            traceback.print_exc()
        return _fail(_explained(error))
    return code


def corpus_layout(args: argparse.Namespace, *, lines: bool = False) -> Layout:
    """Return the layout of the corpus at ``--root``, or around the working folder.

    Args:
        args: the parsed command line.
        lines: whether the verb takes a corpus in JSON Lines too.

    Raises:
        UserError: There is no corpus, or none in a form that the verb takes.
    """
    given: Path | None = args.root
    root = find_root(Path().resolve()) if given is None else given.resolve()
    layout = None if root is None else layout_of(root)
    if layout is None:
        place = "here or in any folder above" if given is None else f"in {given}"
        raise UserError(
            f"no corpus {place}: a corpus has the folders raw/ and annotations/, or shards/. Use --root DIR."
        )
    if isinstance(layout, LineLayout) and not lines:
        raise UserError(
            f"{args.verb} works on files of articles, but {layout.root} is in JSON Lines: "
            f"make them with retold import jsonl {layout.root} --root DIR"
        )
    own = (layout.raw, layout.annotations, layout.build)
    for folder in (layout.shards, layout.build) if isinstance(layout, LineLayout) else own:
        if folder.is_symlink():
            raise UserError(f"{folder} is a link: the folders of a corpus lie in it themselves")
    return layout


def relative_path(path: Path, layout: Layout) -> str:
    """Return a path that a user gave as findings name it: relative to the root, with ``/``.

    Raises:
        UserError: It does not exist or lies outside the corpus.
    """
    if not path.exists():
        raise UserError(f"no such file or folder: {path}")
    if not path.resolve().is_relative_to(layout.root):
        raise UserError(f"{path} lies outside the corpus {layout.root}")
    return path.resolve().relative_to(layout.root).as_posix()


def location(text: str) -> Path | str:
    """Return what a user gave: a path, or a URL as it is."""
    return text if is_url(text) else Path(text)


def _folder(text: str) -> Path:
    if is_url(text):
        raise UserError(f"only validate and build take a URL: copy {text} to a folder, and name that")
    return Path(text)


def positive(text: str) -> int:
    """Return a number that a user gave, at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="retold",
        description="Check, compile and read an annotated corpus of news articles.",
        epilog="example: retold validate --level L3 annotations/shuts-the-door",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    # a verb that stands first is the only one that the parser need know
    known = {chosen: VERBS[chosen]} if chosen in VERBS and arguments[0] == chosen else VERBS
    for verb, (module, summary) in known.items():
        # only the chosen verb's arguments are made, so that no other verb's imports are paid for
        sub = verbs.add_parser(verb, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter)
        if verb == chosen:
            _complete(sub, module, summary)
    args = parser.parse_args(arguments)
    if args.version:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (slow)

        with contextlib.suppress(PackageNotFoundError):
            print(f"retold {version('retold')}")
            raise SystemExit(0)
        print("retold (not installed: run from its sources)")
        raise SystemExit(0)
    if args.verb is None:
        parser.print_help(sys.stderr)
        raise SystemExit(2)
    return args


def _complete(parser: argparse.ArgumentParser, module: str, summary: str) -> None:
    parser.description = f"{summary[0].upper()}{summary[1:]}."
    verb = importlib.import_module(f"retold.cli.{module}")
    takes_url = getattr(verb, "TAKES_URL", False)
    parser.add_argument(
        "--root",
        type=location if takes_url else _folder,
        metavar="DIR|URL" if takes_url else "DIR",
        help="the corpus (default: the folder around the working folder)",
    )
    parser.add_argument("--traceback", action="store_true", help="print a traceback if retold itself fails")
    verb.register(parser)
    parser.set_defaults(run=verb.run)


def _write_utf8() -> None:
    """Make output the same bytes under every locale, and printable: names of files may hold anything."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _explained(error: BaseException) -> str:
    match error:
        case UserError():
            return str(error)
        case KeyboardInterrupt():
            return "interrupted"
        case MemoryError():
            return "there is not enough memory for this"
        case OSError():  # a full disk, a folder that may not be written: no fault of retold
            return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
    return (
        f"internal error ({type(error).__name__}: {error}). This is a fault of retold: please report it, "
        "with what --traceback prints."
    )


def _fail(message: str) -> int:
    """Print one line, whatever a message quotes of a file or of a library."""
    line = " ".join(part.strip() for part in message.strip().splitlines())
    print(f"retold: {escaped(line)}", file=sys.stderr)
    return 2
