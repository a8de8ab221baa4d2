"""``retold.score``: a score for users of the package."""

from __future__ import annotations

from retold.benchmark.offsets import UNITS
from retold.benchmark.options import CORE, ONTONOTES18, RETOLD, Options
from retold.benchmark.report import Json, as_json
from retold.benchmark.scoring import ZERO_SHOT, Predictions, Scorer
from retold.loading import VIEWS, Location


def score(  # noqa: PLR0913 (the options of the command)
    task: str,
    predictions: Predictions,
    *,
    view: str = VIEWS[0],
    split: str | None = None,
    scope: str = CORE,
    convention: str = RETOLD,
    labels: str = ONTONOTES18,
    offsets: str = UNITS[0],
    protocol: str = ZERO_SHOT,
    root: Location | None = None,
) -> Json:
    """Score predictions against the corpus.

    Args:
        task: Name of the task, such as ``"quotes"``.
        predictions: A file of JSON Lines, or its records as dictionaries
            (``schema/predictions/<task>.schema.json``).
        view: ``"raw"`` or ``"clean"``: the text that the predictions were made on.
        split: Score the articles of one split alone, ``None`` for all.
        scope: ``"core"`` quotes, or with ``"wide"`` these too.
        convention: Span convention of the predictions.
        labels: Label set of entity types.
        offsets: Unit of the predictions' offsets: ``"codepoints"``, ``"utf16"``, ``"bytes"``.
        protocol: ``"zero-shot"`` or ``"leave-one-article-out"``; recorded in the signature.
        root: A corpus or a compiled folder; ``None`` for the data that came with this package.

    Returns:
        What ``retold score --full --errors --format json`` prints: ``headline``, ``details``, ``full``,
        ``mistakes``, ``signature`` and more (``schema/score.schema.json``).

    Raises:
        ValueError: The predictions cannot be scored rightly (``PredictionError``: the message says in which
            line, what, and what to do), or an argument is not one of its choices.
        OSError: A file cannot be read.
        MissingExtraError: SciPy or RapidFuzz is needed and not installed.
    """
    scorer = Scorer(root)
    found = scorer.score(
        task,
        predictions,
        view=view,
        split=split,
        options=Options(scope, convention, labels),
        offsets=offsets,
        protocol=protocol,
        full=True,
    )
    return as_json(found, scorer.resampler, mistakes=True)
