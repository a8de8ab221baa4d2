"""A hunt kept among the corpus's files, and ``build/certificate.json``, which is made from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from retold.agreement.passes import files_digest, layouts, pass_files, read_pass
from retold.audit.bench import Bench
from retold.audit.certificate import DIGITS, as_lines, as_rows, tallies, unplanted
from retold.audit.finds import FURTHER, PLANTED_IN, Find, parse_finds
from retold.audit.hunt import changed_since, hunted_digests, original_entry, original_errors
from retold.audit.planting import Planting, sizes, unseal
from retold.audit.recapture import Recapture, recaptures
from retold.cli import UserError
from retold.cli.corpus import form_check, read_gold
from retold.documents import json_text, write_json
from retold.layout import Layout
from retold.manifest import read_manifest
from retold.reader import Json, read_json

CERTIFICATE = "certificate.json"
HUNT, SEALED = "hunt.json", "sealed.json"

NOT_COVERED = (
    "real errors that are harder to find than planted ones, above all errors of judgement",
    "faults of the guidelines themselves",
    "faults that readers do not see because they are of the annotators' kind",
    "items changed since the hunt (changed)",
    f"layers that nothing was planted in ({', '.join(name.replace('_', ' ') for name in FURTHER)})",
)


def collect(layout: Layout, out: Path, found: Sequence[Path], had: str) -> int:
    """Keep a hunt: the readers' finds with the corpus's own ids, and the sealed list."""
    hunt, sealed = layout.audit / HUNT, layout.audit / SEALED
    if hunt.exists() or sealed.exists():
        raise UserError(f"{layout.audit} holds a hunt already: take {HUNT} and {SEALED} away first")
    if len({path.stem for path in found}) < len(found):
        raise UserError("two files have one name, which stands for the reader: name each file otherwise")
    try:
        planting = unseal(read_json(out / SEALED))
        documents = {path.stem: read_json(path) for path in found}
        for reader, document in documents.items():
            parse_finds(document, reader)
        hunted = hunted_digests(planting, Bench(Layout(out / "corpus")))
    except (OSError, ValueError, LookupError) as error:
        raise UserError(f"{out} or a reader's file cannot be read: {error}") from error
    entries = [
        original_entry(planting, entry, reader)
        for reader, document in documents.items()
        for entry in document["found"]
    ]
    layout.audit.mkdir(parents=True, exist_ok=True)
    write_json(hunt, {"had": had, "hunted": hunted, "found": entries})
    sealed.write_bytes((out / SEALED).read_bytes())
    print(f"{len(entries)} finds of {len(documents)} readers kept; judge those that nobody planted in {hunt}")
    return 0


def make(layout: Layout) -> int:
    """Write ``build/certificate.json`` and print the figures of the layers."""
    document = _document(layout)
    write_json(layout.build / CERTIFICATE, document)
    for line in as_lines(document["layers"]):
        print(line)
    return 0


def check(layout: Layout) -> int:
    """Say whether ``build/certificate.json`` is what the committed files give."""
    path = layout.build / CERTIFICATE
    old = path.read_text(encoding="utf-8") if path.is_file() else None
    if old == json_text(_document(layout)):
        return 0
    state = "missing" if old is None else "out of date"
    print(f"build/{CERTIFICATE} is {state}. Run retold certificate make.")
    return 1


def _document(layout: Layout) -> Json:
    """Return what ``certificate.json`` holds.

    Raises:
        UserError: There is no hunt or no compiled corpus, or a find has not been judged.
    """
    manifest = read_manifest(layout.build)
    if manifest is None:
        raise UserError("build/ holds no compiled corpus, whose digest is recorded: run retold build first.")
    read_gold(layout)  # refuses what cannot be read
    planting, hunt, finds = _hunt(layout)
    errors, bench = original_errors(planting), Bench(layout)
    others = unplanted(errors, finds)
    _refuse_unjudged(layout, others)
    changed = changed_since(hunt["hunted"], bench)
    rows = [
        {**row, "changed": sum(changed.values()) if row["layer"] == "all" else changed.get(row["layer"])}
        for row in as_rows(tallies(errors, finds, sizes(bench)))
    ]
    names = sorted(own.annotations.name for own in layout.passes())
    files = [
        layout.audit / HUNT,
        layout.audit / SEALED,
        *(f for name in names for f in pass_files(layout, name)),
    ]
    return {
        "data_digest": manifest["data_digest"],
        "sources_digest": files_digest(layout, files),
        "hunt": {
            "seed": planting.seed,
            "planted": dict(sorted(Counter(f"{error.layer}: {error.kind}" for error in errors).items())),
            "proposals_that_validation_found": planting.given_away.total(),
            "readers": len({find.reader for find in finds}),
            "readers_had": hunt["had"],
            "finds": len(finds),
            "unplanted_confirmed": sum(find.confirmed is True for find in others),
            "unplanted_refused": sum(find.confirmed is False for find in others),
        },
        "layers": rows,
        "passes": _passes(layout, names),
        "not_covered": NOT_COVERED,
    }


def _refuse_unjudged(layout: Layout, others: Sequence[Find]) -> None:
    unjudged = [find for find in others if find.confirmed is None]
    if unjudged:
        first = unjudged[0]
        raise UserError(
            f"{layout.audit / HUNT}: {len(unjudged)} finds that nobody planted are not judged; the first: "
            f"{first.reader}, {first.layer}, {first.item or first.sentence}. Set confirmed to true or false."
        )


def _hunt(layout: Layout) -> tuple[Planting, Json, tuple[Find, ...]]:
    try:
        planting = unseal(read_json(layout.audit / SEALED))
        hunt = read_json(layout.audit / HUNT)
        finds = parse_finds(hunt)
    except FileNotFoundError as error:
        raise UserError(f"no hunt is kept in {layout.audit}: see retold certificate --help") from error
    except (OSError, ValueError) as error:
        raise UserError(f"the hunt in {layout.audit} cannot be read: {error}") from error
    hunted = hunt.get("hunted")
    known = isinstance(hunted, dict) and {*PLANTED_IN} == {k for k, v in hunted.items() if isinstance(v, str)}
    if not (known and isinstance(hunt.get("had"), str)):
        raise UserError(
            f"{layout.audit / HUNT} lacks had or hunted: make it anew with retold certificate collect"
        )
    return planting, hunt, finds


def _passes(layout: Layout, names: Sequence[str]) -> list[Json]:
    """Return what each earlier pass and the last one, which the gold was not made from, both missed."""
    form = form_check(layout)
    for name in names:
        form(pass_files(layout, name))
    gold, *passes = (read_pass(layout, name).articles for name in layouts(layout))
    return [
        {
            "first": name,
            "second": names[-1],
            "layers": [_missed(count) for count in recaptures(gold, own, passes[-1])],
        }
        for name, own in zip(names[:-1], passes[:-1], strict=True)
    ]


def _missed(count: Recapture) -> dict[str, Any]:
    row = asdict(count)
    row["missed"] = {key: round(value, DIGITS) for key, value in row["missed"].items()}
    return {**row, "gold_alone": count.gold - (count.first + count.second - count.both)}
