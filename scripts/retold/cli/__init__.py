"""The command line: ``retold VERB``.

Each verb is a module with ``register(parser)``, which adds its arguments and may set ``parser.epilog`` to an
example, and ``run(args) -> int``, which does the work and returns the exit code: 0 clean, 1 findings, 2 usage
or crash. Only the chosen verb's module is imported. ``UserError`` ends any verb with its message and code 2.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from retold.garbage import uncollected
from retold.layout import Layout, find_root

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
    try:
        with uncollected():  # mostly imports
            args = _parse(arguments)
        code: int = args.run(args)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else 2
    except UserError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted")
    except BrokenPipeError:  # the reader of our output has gone; keep the interpreter from complaining
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except Exception as error:
        if "--traceback" in arguments or os.environ.get("RETOLD_TRACEBACK"):
            import traceback  # noqa: PLC0415 (seldom wanted)

            traceback.print_exc()
        kind = type(error).__name__
        return _fail(
            f"internal error ({kind}: {error}). This is a fault of retold: please report it, "
            "with what --traceback prints."
        )
    return code


def corpus_layout(args: argparse.Namespace) -> Layout:
    """Return the layout of the corpus at ``--root``, or around the working folder.

    Raises:
        UserError: There is no corpus.
    """
    given: Path | None = args.root
    root = find_root((given or Path()).resolve()) if given is None else given.resolve()
    if root is None or not ((root / "raw").is_dir() and (root / "annotations").is_dir()):
        place = "here or in any folder above" if given is None else f"in {given}"
        raise UserError(f"no corpus {place}: a corpus has the folders raw/ and annotations/. Use --root DIR.")
    return Layout(root)


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
    parser.add_argument(
        "--root", type=Path, metavar="DIR", help="the corpus (default: the folder around the working folder)"
    )
    parser.add_argument("--traceback", action="store_true", help="print a traceback if retold itself fails")
    verb = importlib.import_module(f"retold.cli.{module}")
    verb.register(parser)
    parser.set_defaults(run=verb.run)


def _fail(message: str) -> int:
    print(f"retold: {message}", file=sys.stderr)
    return 2
