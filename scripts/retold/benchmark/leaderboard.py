"""The leaderboard: the headline of each committed system, by task; places only where the data can tell.

Two systems are told apart if their paired difference is at least the smallest that the data can tell with
80 % power. A place ends where every system above is told apart from every one below; all between share it.
Pairs are compared on the same resamples. Ceilings have no place.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retold.benchmark.report import entry
from retold.benchmark.scoring import LEAVE_ONE_OUT, Score, Scorer, compare
from retold.benchmark.submissions import (
    CEILING,
    Submission,
    System,
    read_systems,
    score_submission,
    submissions,
)
from retold.benchmark.tasks import TASKS
from retold.escaping import escaped
from retold.loading import VIEWS

Json = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Entry:
    """A scored submission."""

    submission: Submission
    score: Score

    @property
    def value(self) -> float:
        """The headline, 0 where it is not defined."""
        return self.score.value or 0.0

    @property
    def name(self) -> str:
        """The system's name."""
        return self.submission.system.name


def make_leaderboard(build: Path, scorer: Scorer, progress: Progress) -> Json:
    """Score all committed predictions.

    Returns:
        What ``leaderboard.json`` holds.

    Raises:
        ValueError: A folder of predictions is broken, or predictions cannot be scored; the message says
        where.
        OSError: A file cannot be read.
    """
    systems = list(read_systems(build, scorer.schemas))
    listed = [found for system in systems for found in submissions(build, system, TASKS, VIEWS)]
    entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for number, found in enumerate(listed):
        progress(number, len(listed))
        entries[found.task, found.view].append(Entry(found, score_submission(scorer, found)))
    progress(len(listed), len(listed))
    gold = scorer.gold()
    return {
        "data_version": gold.version,
        "data_digest": gold.digest,
        "systems": {system.name: _system(system, gold.digest) for system in systems},
        "tasks": {
            task: {view: _table(entries[task, view], scorer) for view in VIEWS if entries[task, view]}
            for task in TASKS
            if any(entries[task, view] for view in VIEWS)
        },
    }


def stale_systems(document: Json) -> list[str]:
    """Return the systems whose predictions were made from other labels than these."""
    return [name for name, system in document["systems"].items() if system["stale"]]


def as_markdown(document: Json) -> Iterator[str]:
    """Yield a leaderboard as Markdown."""
    yield "# Leaderboard"
    yield ""
    yield (
        f"Made by `retold leaderboard` from `build/predictions/`, data {document['data_version']}. Scores "
        "are the headlines of their tasks over all articles, interview turns out, with 95 % intervals "
        "(bootstrap over blocks; ≈: approximate). A place ends where the data tell every system above from "
        "every one below (paired, 80 % power); those between share it. Δ: the smallest difference to a rival "
        "with independent errors that the data can tell. Scores on the clean text, whose scraping damage is "
        "repaired, stand beside."
    )
    for task, views in document["tasks"].items():
        yield ""
        yield f"## {task}"
        yield ""
        first = next(iter(views.values()))
        yield f"{first['part']}, {first['measure']}"
        yield ""
        yield "| place | system | score | 95 % interval | Δ | clean text | what it is |"
        yield "|---|---|---|---|---|---|---|"
        yield from _rows(views, document["systems"])
        yield from _told_apart(views)
    yield from _notes(document["systems"])


def _system(system: System, digest: str) -> Json:
    return {
        "kind": system.kind,
        "summary": system.summary,
        "protocol": system.protocol,
        "made_with": system.made_with,
        "note": system.note,
        "stale": system.data_digest not in (None, digest),
    }


def _table(entries: Sequence[Entry], scorer: Scorer) -> Json:
    ranked = sorted(entries, key=lambda e: (e.submission.system.kind != CEILING, -e.value, e.name))
    contest = [e for e in ranked if e.submission.system.kind != CEILING]
    different = _different(contest, scorer)
    places = _places(contest, different)
    headline = ranked[0].score.outcome.headline
    return {
        "part": headline.part,
        "measure": headline.measure,
        "scores": [_entry(e, places.get(e.name)) for e in ranked],
        "told_apart": [sorted(pair) for pair in sorted(map(sorted, different))],
    }


def _entry(found: Entry, place: int | None) -> Json:
    headline = found.score.outcome.headline
    return {
        "system": found.name,
        "place": place,
        "signature": found.score.signature,
        **entry(headline, found.score.interval(headline)),
        "details": [entry(metric, found.score.interval(metric)) for metric in found.score.outcome.details],
        "predictions_sha256": hashlib.sha256(found.submission.path.read_bytes()).hexdigest(),
    }


def _different(entries: Sequence[Entry], scorer: Scorer) -> set[frozenset[str]]:
    """Return the pairs of systems that the data tell apart."""
    found = set()
    for number, better in enumerate(entries):
        for worse in entries[number + 1 :]:
            difference = compare(scorer.resampler, better.score, worse.score)
            smallest = difference.smallest_difference
            if difference.value and (smallest is None or abs(difference.value) >= smallest):
                found.add(frozenset((better.name, worse.name)))
    return found


def _places(entries: Sequence[Entry], different: set[frozenset[str]]) -> dict[str, int]:
    """Return the place of each system, best first in ``entries``."""
    places: dict[str, int] = {}
    first = 0
    for cut in range(1, len(entries) + 1):
        above, below = entries[:cut], entries[cut:]
        if all(frozenset((a.name, b.name)) in different for a in above for b in below):
            places |= {entry.name: first + 1 for entry in entries[first:cut]}
            first = cut
    return places


def _rows(views: Json, systems: Json) -> Iterator[str]:
    clean = {row["system"]: row for row in views.get("clean", {"scores": []})["scores"]}
    for row in views.get("raw", next(iter(views.values())))["scores"]:
        name = row["system"]
        system = systems[name]
        other = clean.get(name)
        about = "≈ " if row["approximate"] else ""
        between = "–" if row["low"] is None else f"{about}[{row['low']:.3f}, {row['high']:.3f}]"
        learned = [LEAVE_ONE_OUT] if system["protocol"] == LEAVE_ONE_OUT else []
        what = _cell("; ".join([system["kind"], *learned, system["summary"]]))
        yield (
            f"| {row['place'] or '–'} | `{name}` | {_said(row['value'])} | {between} "
            f"| {_said(row['smallest_difference'])} | {_said(other['value']) if other else '–'} | {what} |"
        )


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _told_apart(views: Json) -> Iterator[str]:
    table = views.get("raw", next(iter(views.values())))
    ranked = [row["system"] for row in table["scores"] if row["place"] is not None]
    told = {tuple(pair) for pair in table["told_apart"]}
    alike = [
        f"`{a}` and `{b}`"
        for number, a in enumerate(ranked)
        for b in ranked[number + 1 :]
        if tuple(sorted((a, b))) not in told
    ]
    if alike:
        yield ""
        yield f"Not told apart: {'; '.join(alike)}."


def _notes(systems: Json) -> Iterator[str]:
    noted = {name: system["note"] for name, system in systems.items() if system["note"]}
    if noted:
        yield ""
        yield "## Notes"
        yield ""
        yield from (f"- `{name}`: {_cell(note)}" for name, note in noted.items())


def _cell(text: str) -> str:
    """Return what a system says of itself as words of a table: one line, no column, no markup of a page."""
    return escaped(text).replace("|", "\\|").replace("<", "&lt;")
