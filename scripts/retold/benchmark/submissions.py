"""Committed predictions: a folder a system, ``build/predictions/<system>/``.

In it lie ``system.json``, which says what the system is, and ``<task>.<view>.jsonl`` for what it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from retold.benchmark.conventions import RETOLD
from retold.benchmark.options import Options
from retold.benchmark.scoring import ZERO_SHOT, Score, Scorer
from retold.documents import write_json
from retold.reader import read_json
from retold.schemas import Schemas

Json = dict[str, Any]
FOLDER = "predictions"
RECORD = "system.json"
KIND = "predictions/system"
CEILING, LANGUAGE_MODEL, BASELINE = "ceiling", "language model", "baseline"


class SubmissionError(ValueError):
    """A folder of predictions that cannot be used; the message says why."""


@dataclass(frozen=True)
class System:
    """What made predictions.

    Attributes:
        name: Name of the folder.
        kind: ``baseline``, ``language model``, ``ceiling`` or ``submission``.
        summary: What it is, in a line.
        protocol: How it came to its predictions, as in ``scoring.PROTOCOLS``.
        conventions: The span convention of its predictions by task, where it is not the corpus' own.
        made_with: Versions of what it runs on, by package.
        data_digest: Digest of the data that it learned from, ``None`` if it learned from none of it.
        note: What a reader of its scores should know.
    """

    name: str
    kind: str
    summary: str
    protocol: str = ZERO_SHOT
    conventions: dict[str, str] = field(default_factory=dict)
    made_with: dict[str, str] = field(default_factory=dict)
    data_digest: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One prediction file of a system."""

    system: System
    task: str
    view: str
    path: Path


def read_systems(build: Path, schemas: Schemas) -> Iterator[System]:
    """Yield the systems whose predictions are committed, by name.

    Raises:
        SubmissionError: A folder has no valid ``system.json``.
    """
    folder = build / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            yield _read_system(path / RECORD, schemas)


def _read_system(path: Path, schemas: Schemas) -> System:
    try:
        document = read_json(path)
    except (OSError, orjson.JSONDecodeError) as error:
        raise SubmissionError(f"{path}: {error}") from error
    errors = schemas.errors(KIND, document)
    if errors:
        raise SubmissionError(
            f"{path}: {'.'.join(map(str, errors[0].path))} {errors[0].message}".replace(":  ", ": ")
        )
    document.pop("$schema", None)
    if document["name"] != path.parent.name:
        raise SubmissionError(f"{path}: the name is {document['name']!r}, the folder's {path.parent.name!r}")
    return System(**document)


def submissions(
    build: Path, system: System, tasks: Iterable[str], views: Iterable[str]
) -> Iterator[Submission]:
    """Yield the prediction files of a system, in the order of the tasks."""
    listed = list(views)
    for task in tasks:
        for view in listed:
            path = prediction_file(build, system.name, task, view)
            if path.is_file():
                yield Submission(system, task, view, path)


def score_submission(scorer: Scorer, found: Submission) -> Score:
    """Score a prediction file as its system says that it was made.

    Raises:
        ValueError: It cannot be scored; the message names the file.
        OSError: It cannot be read.
    """
    convention = found.system.conventions.get(found.task, RETOLD)
    try:
        return scorer.score(
            found.task,
            found.path,
            view=found.view,
            options=Options(convention=convention),
            protocol=found.system.protocol,
        )
    except ValueError as error:
        raise ValueError(f"{found.path}: {error}") from error


def prediction_file(build: Path, system: str, task: str, view: str) -> Path:
    """Return where the predictions of a system lie."""
    return build / FOLDER / system / f"{task}.{view}.jsonl"


def write_system(build: Path, system: System) -> None:
    """Write what a system is into its folder."""
    folder = build / FOLDER / system.name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(
        folder / RECORD, {"$schema": "../../../schema/predictions/system.schema.json", **asdict(system)}
    )


def lines_text(records: Iterable[Json]) -> str:
    """Return records as a prediction file holds them: JSON Lines, keys as they come."""
    return "".join(f"{orjson.dumps(record).decode()}\n" for record in records)
