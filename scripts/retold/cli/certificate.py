"""``retold certificate``: how many errors may be left in the gold."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from random import Random

from retold.agreement.passes import pass_files, read_pass
from retold.audit.bench import Bench, Edit
from retold.audit.certificate import as_lines, as_rows, tallies
from retold.audit.finds import parse_finds
from retold.audit.hunt import original_errors, original_finds
from retold.audit.planting import Planting, plant, seal, sizes, unseal
from retold.audit.recapture import recaptures
from retold.audit.renaming import new_names, renamed
from retold.cli import UserError, corpus_layout
from retold.cli.certificate_file import NOT_COVERED, check, collect, make
from retold.cli.corpus import form_check, read_gold
from retold.cli.terminal import progress_bar
from retold.documents import write_json
from retold.findings import read_issues
from retold.layout import Layout
from retold.reader import read_json
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

EXAMPLE = """\
plant copies the corpus to OUT/corpus with errors that retold validate does not find, and their sealed list
to OUT/sealed.json; ids of mentions, quotes and claims are drawn anew there, so that they tell nothing.
A reader who knows neither corpus nor list writes what is wrong to FOUND.json:
  {"found": [{"layer": "mentions", "item": "shuts-the-door-m012", "sentence": null, "fault": "…",
              "confirmed": null}]}
with item null and the sentence (or block) named where an item is missing. Of finds that were not planted,
confirmed is then set to true (a fault, mended) or false. estimate tells the readers' recall and what is left.
collect keeps a hunt in annotations/_passes/audit/, with the corpus's own ids; after judging the finds there,
make writes build/certificate.json from the committed files alone, and --check says whether it is up to date.
example: retold certificate plant --seed 1 --out ../hunt --errors 100
example: retold certificate estimate ../hunt/sealed.json FOUND.json
example: retold certificate collect ../hunt FOUND.json --had "guidelines, texts, annotation"
example: retold certificate make --check
example: retold certificate passes a b"""


def register(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    planting = acts.add_parser("plant", help="copy the corpus with errors in it")
    planting.add_argument("--seed", type=int, required=True, help="the same seed gives the same errors")
    planting.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a folder that is not there yet"
    )
    planting.add_argument("--errors", type=_count, default=100, metavar="N", help="how many (default: 100)")
    planting.set_defaults(act=_plant)
    estimate = acts.add_parser("estimate", help="tell the recall of a reading and what is left")
    estimate.add_argument("sealed", type=Path, metavar="SEALED.json", help="the list of the planted errors")
    estimate.add_argument("found", type=Path, nargs="+", metavar="FOUND.json", help="what the reader found")
    estimate.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    estimate.set_defaults(act=_estimate)
    passes = acts.add_parser("passes", help="estimate what two independent passes both missed")
    passes.add_argument("first", metavar="PASS", help="a folder of annotations/_passes/")
    passes.add_argument("second", metavar="PASS", help="another one")
    passes.set_defaults(act=_passes)
    collecting = acts.add_parser("collect", help="keep a hunt among the corpus's files")
    collecting.add_argument("out", type=Path, metavar="OUT", help="the folder that plant made")
    collecting.add_argument(
        "found", type=Path, nargs="+", metavar="FOUND.json", help="one file a reader, named as he is"
    )
    collecting.add_argument("--had", required=True, metavar="WORDS", help="what the readers were given")
    collecting.set_defaults(act=lambda args, layout: collect(layout, args.out, args.found, args.had))
    making = acts.add_parser("make", help="write build/certificate.json from the hunt that is kept")
    making.add_argument("--check", action="store_true", help="write nothing; say whether it is up to date")
    making.set_defaults(act=lambda args, layout: (check if args.check else make)(layout))
    for own in (
        planting,
        estimate,
        passes,
        collecting,
        making,
    ):  # after the act, too, where one would write them
        own.add_argument(
            "--root", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        own.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Do one of the acts."""
    act: Callable[[argparse.Namespace, Layout], int] = args.act
    return act(args, corpus_layout(args))


def _plant(args: argparse.Namespace, layout: Layout) -> int:
    if args.out.exists():
        raise UserError(
            f"{args.out} is there already: give a folder that is not, so that nothing is overwritten"
        )
    schemas, issues = Schemas(find_schema_folder(layout.root)), read_issues()
    read_gold(layout)  # refuses what cannot be read
    if validate(layout, schemas, issues).findings:
        raise UserError("the corpus has findings of its own: run retold validate and mend them first")
    target = Layout(args.out / "corpus")
    shutil.copytree(layout.raw, target.raw)
    shutil.copytree(layout.annotations, target.annotations, ignore=shutil.ignore_patterns("_passes"))
    rng = Random(args.seed)
    documents = Bench(target).documents
    names = new_names(documents.values(), rng)
    for path, document in documents.items():
        write_json(target.root / path, renamed(document, names))
    bench = Bench(target)

    def told() -> set[tuple[str, str, str | None]]:
        return {(found.code, found.path, found.item) for found in validate(target, schemas, issues).findings}

    known = told()  # what only the passes use is unused in the copy, which has none

    def finds(error: Edit) -> bool:
        path = target.root / error.path
        before = path.read_bytes()
        write_json(path, bench.documents[error.path])
        found = bool(told() - known)
        if found:
            path.write_bytes(before)
        return found

    errors, given_away = plant(bench, rng, args.errors, finds, progress_bar("plant"))
    planting = Planting(args.seed, errors, given_away, names)
    write_json(args.out / "sealed.json", seal(planting))
    print(f"{len(errors)} errors planted in {target.root}; sealed list: {args.out / 'sealed.json'}")
    print(f"{given_away.total()} proposals of {len(given_away)} kinds dropped, since validate finds them")
    if len(errors) < args.errors:
        print(f"{args.errors - len(errors)} fewer than asked for: no room for more in some layer")
    return 0


def _estimate(args: argparse.Namespace, layout: Layout) -> int:
    read_gold(layout)
    try:
        planting = unseal(read_json(args.sealed))
        finds = tuple(find for path in args.found for find in parse_finds(read_json(path), reader=str(path)))
    except (OSError, ValueError) as error:
        raise UserError(f"cannot be read: {error}") from error
    errors, finds = original_errors(planting), original_finds(planting, finds)
    rows = list(as_rows(tallies(errors, finds, sizes(Bench(layout)))))
    if args.format == "json":
        print(json.dumps({"seed": planting.seed, "layers": rows, "not_covered": NOT_COVERED}, indent=2))
        return 0
    for line in (*as_lines(rows), f"Not covered: {'; '.join(NOT_COVERED)}."):
        print(line)
    return 0


def _passes(args: argparse.Namespace, layout: Layout) -> int:
    gold = {article.id: article for article in read_gold(layout)[0]}
    try:
        files = [path for name in (args.first, args.second) for path in pass_files(layout, name)]
        form_check(layout)(files)
        first, second = (read_pass(layout, name).articles for name in (args.first, args.second))
    except KeyError as error:
        known = ", ".join(own.annotations.name for own in layout.passes()) or "none"
        raise UserError(f"no pass {error}; the passes are: {known}") from error
    for count in recaptures(gold, first, second):
        print(json.dumps(asdict(count)))
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
