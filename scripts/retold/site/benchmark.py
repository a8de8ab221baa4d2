"""The benchmark on the page: the leaderboard, and what each system got wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from retold.benchmark.outcome import Mistake
from retold.benchmark.resampling import Resampler
from retold.benchmark.scoring import Scorer
from retold.benchmark.submissions import FOLDER, Submission, read_systems, score_submission, submissions
from retold.benchmark.tasks import TASKS
from retold.reader import read_json
from retold.site.jsontools import Json, lean

LEADERBOARD = "leaderboard.json"
VIEW = "raw"  # the page lays mistakes over the text as received
# The page shows no intervals of its own: those of leaderboard.json stand.
_QUICK = {"resamples": 2, "few": 2}

Progress = Callable[[int, int], None]


def leaderboard(build: Path) -> Json:
    """Return what ``leaderboard.json`` holds of each task and system; empty if there is none.

    Raises:
        ValueError: The file is broken.
    """
    path = build / LEADERBOARD
    try:
        return _kept(read_json(path)) if path.is_file() else {}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is broken: run retold leaderboard") from error


def _kept(document: Json) -> Json:
    tasks = {
        task: {
            view: {
                "part": table["part"],
                "measure": table["measure"],
                "scores": [_score(row) for row in table["scores"]],
            }
            for view, table in views.items()
        }
        for task, views in document["tasks"].items()
    }
    kept = ("kind", "summary", "protocol", "note")
    systems = {name: lean({key: system[key] for key in kept}) for name, system in document["systems"].items()}
    return {"systems": systems, "tasks": tasks, "data_digest": document["data_digest"]}


def _score(row: Json) -> Json:
    kept = ("system", "place", "value", "low", "high", "smallest_difference", "precision", "recall")
    record = lean({key: row[key] for key in (*kept, "found", "expected", "approximate")})
    record["details"] = [[part["part"], part["measure"], part["value"]] for part in row["details"]]
    return record


def mistakes(root: Path, texts: Mapping[str, str], progress: Progress) -> list[Json]:
    """Return the mistakes of each committed prediction file.

    Args:
        root: The corpus, compiled.
        texts: The raw text of each article.
        progress: Is told how many files are done, and of how many.

    Raises:
        ValueError: Predictions cannot be scored.
        OSError: A file cannot be read.
    """
    scorer = Scorer(root, Resampler(**_QUICK))
    found = [
        submission
        for system in read_systems(root / "build", scorer.schemas)
        for submission in submissions(root / "build", system, TASKS, [VIEW])
    ]
    made = []
    for number, submission in enumerate(found):
        progress(number, len(found))
        made.append(_mistakes(scorer, submission, texts))
    progress(len(found), len(found))
    return made


def _mistakes(scorer: Scorer, found: Submission, texts: Mapping[str, str]) -> Json:
    score = score_submission(scorer, found)
    rows = [_row(mistake, texts) for mistake in score.outcome.mistakes]
    return {"system": found.system.name, "task": found.task, "mistakes": rows}


def _row(mistake: Mistake, texts: Mapping[str, str]) -> Json:
    """Return a mistake; its words stand there only if they are not simply those of the text."""
    text = texts.get(mistake.article, "")[max(mistake.start, 0) : mistake.end]
    in_place = mistake.start >= 0 and text == mistake.text
    return lean(
        {
            "article": mistake.article,
            "at": [mistake.start, mistake.end],
            "kind": mistake.kind,
            "label": mistake.label,
            "text": None if in_place else mistake.text,
            "expected": mistake.expected,
            "found": mistake.found,
            "item": mistake.item,
        }
    )


def has_predictions(build: Path) -> bool:
    """Whether any predictions on the raw texts are committed."""
    return any((build / FOLDER).glob(f"*/*.{VIEW}.jsonl"))
