"""From predictions to a score: read, refuse or place, evaluate, resample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retold.benchmark.conventions import of_task
from retold.benchmark.gold import Gold, read_gold
from retold.benchmark.offsets import UNITS
from retold.benchmark.options import CORE, ONTONOTES18, SCOPES, Options
from retold.benchmark.outcome import Metric, Outcome
from retold.benchmark.placement import NOT_FOUND
from retold.benchmark.predictions import (
    Json,
    Line,
    PredictionError,
    SpanReader,
    by_article,
    judge,
    lines_of,
    read_lines,
)
from retold.benchmark.resampling import Interval, Resampler
from retold.benchmark.tasks import TASKS
from retold.benchmark.tasks.entities import LABEL_SETS
from retold.loading import VIEWS, Location, find_compiled
from retold.schemas import Schemas, find_schema_folder

CLAIM_RELATIONS = "claim-relations"
ZERO_SHOT, LEAVE_ONE_OUT = "zero-shot", "leave-one-article-out"
PROTOCOLS = (ZERO_SHOT, LEAVE_ONE_OUT)

Predictions = str | Path | Iterable[Json]


@dataclass(frozen=True)
class Score:
    """The score of one prediction file.

    Attributes:
        task: The task.
        outcome: All metrics and mistakes.
        signature: What the score depends on, in one line.
        intervals: Of each metric that was resampled, by its key.
        placed: How many spans without offsets were found, by the way.
        missing: Articles without predictions.
        passed_over: Articles with predictions that are not scored.
        gold: What was scored against.
    """

    task: str
    outcome: Outcome
    signature: str
    intervals: Mapping[tuple[str, str], Interval]
    placed: Counter[str] = field(default_factory=Counter)
    missing: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    gold: Gold | None = None

    @property
    def value(self) -> float | None:
        """The headline score."""
        return self.intervals[self.outcome.headline.key].value

    @property
    def share_not_found(self) -> float | None:
        """The share of spans without offsets that the text does not have; ``None`` if all had offsets."""
        return self.placed[NOT_FOUND] / self.placed.total() if self.placed else None

    def interval(self, metric: Metric) -> Interval | None:
        """Return the interval of a metric, ``None`` if it was not resampled."""
        return self.intervals.get(metric.key)


class Scorer:
    """Scores predictions against one corpus; the gold of each view is read once."""

    def __init__(self, root: Location | None = None, resampler: Resampler | None = None) -> None:
        """Take the corpus or compiled folder, ``None`` for the data that came with this package.

        Raises:
            FileNotFoundError: There is no compiled corpus.
        """
        self._root = root
        self.schemas = Schemas(find_schema_folder(find_compiled(root).parent))
        self.resampler = resampler or Resampler()
        self._golds: dict[str, Gold] = {}

    def gold(self, view: str = VIEWS[0]) -> Gold:
        """Return the gold in a view.

        Raises:
            ValueError: There is no such view, or the corpus was built without texts.
        """
        if view not in self._golds:
            self._golds[view] = read_gold(self._root, view)
        return self._golds[view]

    def score(  # noqa: PLR0913 (each is an option of the command)
        self,
        task: str,
        predictions: Predictions,
        *,
        view: str = VIEWS[0],
        split: str | None = None,
        options: Options | None = None,
        offsets: str = UNITS[0],
        protocol: str = ZERO_SHOT,
        full: bool = False,
    ) -> Score:
        """Score predictions.

        Args:
            task: One of ``TASKS``.
            predictions: A file of JSON Lines, or its records.
            view: The text that the predictions were made on.
            split: Score the articles of one split alone.
            options: Scope, convention, label set.
            offsets: The unit of the predictions' offsets.
            protocol: How the tool came to its predictions; part of the signature.
            full: Resample all metrics, not only the headline and its details.

        Raises:
            PredictionError: The predictions cannot be scored rightly.
            ValueError: An argument is not one of its choices.
            OSError: The file cannot be read.
        """
        options = options or Options()
        _choose("task", task, TASKS)
        _choose("protocol", protocol, PROTOCOLS)
        _choose("unit of offsets", offsets, UNITS)
        _check_options(task, options)
        whole = self.gold(view)
        _choose("split", split, (None, *whole.splits))
        gold = whole if split is None else whole.only(whole.splits[split])
        lines = self.read(task, predictions)
        parsed, placed, named = _parse(task, lines, gold, whole, offsets)
        outcome: Outcome = TASKS[task].evaluate(gold, parsed, options)
        return Score(
            task=task,
            outcome=outcome,
            signature=_signature(task, outcome, gold, options, protocol, split),
            intervals=self._intervals(outcome, full=full),
            placed=placed,
            missing=() if task == CLAIM_RELATIONS else tuple(a for a in gold.articles if a not in named),
            passed_over=tuple(name for name in whole.articles if name in named and name not in gold.articles),
            gold=gold,
        )

    def read(self, task: str, predictions: Predictions) -> list[Line]:
        """Return the lines of predictions, each judged by the task's schema.

        Raises:
            PredictionError: At the first line that is broken.
            OSError: The file cannot be read.
        """
        from_file = isinstance(predictions, str | Path)
        lines = read_lines(Path(predictions)) if from_file else lines_of(predictions)  # type: ignore[arg-type]
        judge(task, lines, self.schemas)
        return lines

    def _intervals(self, outcome: Outcome, *, full: bool) -> dict[tuple[str, str], Interval]:
        metrics = outcome.metrics if full else (outcome.headline, *outcome.details)
        return {metric.key: self.resampler.interval(metric.statistic) for metric in metrics}


def compare(resampler: Resampler, one: Score, other: Score) -> Interval:
    """Return how much higher the headline of ``one`` is, in pairs over the same units.

    Raises:
        ValueError: The scores are not of the same task, gold and settings.
    """
    if _comparable(one.signature) != _comparable(other.signature):
        raise ValueError(f"these scores cannot be compared: {one.signature} and {other.signature}")
    return resampler.difference(one.outcome.headline.statistic, other.outcome.headline.statistic)


def _comparable(signature: str) -> list[str]:
    return [part for part in signature.split("|") if not part.startswith(("protocol:", "convention:"))]


def _parse(
    task: str, lines: Sequence[Line], gold: Gold, whole: Gold, offsets: str
) -> tuple[Any, Counter[str], frozenset[str]]:
    """Return what the task's ``evaluate`` takes, how spans were found, and the articles that are named."""
    module, placed = TASKS[task], Counter[str]()
    if task == CLAIM_RELATIONS:
        articles = {claim: article.id for claim, (article, _) in whole.claims.items()}
        return module.parse_all(lines, gold, articles), placed, frozenset()
    found = {}
    for name, line in by_article(lines, gold.articles, whole.articles, gold.view).items():
        reader = SpanReader(gold.articles[name], line, offsets)
        found[name] = module.parse(line.record, reader)
        placed += reader.placer.how
    return found, placed, frozenset(line.record["article"] for line in lines)


def _signature(  # noqa: PLR0913, PLR0917 (each is a part of it)
    task: str, outcome: Outcome, gold: Gold, options: Options, protocol: str, split: str | None
) -> str:
    parts = {
        **outcome.settings,
        "articles": str(len(gold.articles)) if split is None else split,
        "protocol": protocol,
        "convention": options.convention,
        "view": gold.view,
        "data": gold.version or gold.digest[:12],
        "scorer": str(TASKS[task].VERSION),
    }
    return "|".join([task, *(f"{name}:{value}" for name, value in parts.items())])


def _check_options(task: str, options: Options) -> None:
    """Refuse options that would do nothing, or that do not exist.

    Raises:
        ValueError: The task has no such option.
    """
    _choose(f"convention of {task}", options.convention, of_task(task))
    _choose(f"scope of {task}", options.scope, SCOPES if task == "quotes" else (CORE,))
    _choose(f"label set of {task}", options.labels, LABEL_SETS if task == "entities" else (ONTONOTES18,))


def _choose(what: str, name: str | None, known: Iterable[str | None]) -> None:
    names = list(known)
    if name not in names:
        listed = ", ".join(str(choice) for choice in names if choice is not None)
        raise ValueError(f"no {what} {name!r}; there are: {listed}")


__all__ = ["PROTOCOLS", "PredictionError", "Score", "Scorer", "compare"]
