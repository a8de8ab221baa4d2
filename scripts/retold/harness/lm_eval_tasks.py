"""What the YAML files of ``lm_eval/`` name: documents, results of one document, aggregations over all.

A document is an ``Item`` as a row. lm-evaluation-harness itself is not imported here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from retold.benchmark.gold import read_gold
from retold.benchmark.tasks.checkability import CHECKABLE
from retold.harness import judging
from retold.harness.items import Item, examples, items
from retold.harness.offstory import read_story
from retold.harness.probe import FIGURES, Copied, copied, figures, probe_items

if TYPE_CHECKING:
    from datasets import DatasetDict

Json = dict[str, Any]
Choices = Sequence[tuple[float, bool]]  # of each choice its log-likelihood, and whether it is the greedy one
Copy = tuple[str, float, float]  # article, tokens from the first on, share


def documents(questions: str, **_: object) -> DatasetDict:
    """Return the splits ``test`` and ``fewshot`` of a task.

    Args:
        questions: The task.
        _: What lm-evaluation-harness tells of the run.
    """
    from datasets import Dataset, DatasetDict  # noqa: PLC0415 (takes a second)

    if questions in judging.KEYS:
        judging.check_libraries()
    gold, story = read_gold(), read_story()
    if questions == "probe":
        return DatasetDict(test=Dataset.from_list([_row(item) for item in probe_items(gold, story)]))
    parts = {"test": items(questions, gold), "fewshot": examples(questions, story)}
    return DatasetDict(
        {name: Dataset.from_list([_row(item) for item in part]) for name, part in parts.items()}
    )


def _row(item: Item) -> Json:
    row: Json = {"id": item.id, "article": item.article, "prompt": item.prompt, "answer": item.answer}
    if item.choices:
        row |= {"choices": list(item.choices), "gold": item.choices.index(item.answer)}
    return row


def choice_results(doc: Json, results: Choices) -> Json:
    """Judge the most likely choice, and the most likely by character."""
    likelihoods = [likelihood for likelihood, _ in results]
    by_character = [
        likelihood / len(choice) for likelihood, choice in zip(likelihoods, doc["choices"], strict=True)
    ]
    return {
        "acc": float(_most(likelihoods) == doc["gold"]),
        "acc_norm": float(_most(by_character) == doc["gold"]),
    }


def label_results(doc: Json, results: Choices) -> Json:
    """Judge as ``choice_results``; and keep the label found and the one expected."""
    found = doc["choices"][_most([likelihood for likelihood, _ in results])]
    return {**choice_results(doc, results), "macro_f1": (found, doc["answer"])}


def checkability_results(doc: Json, results: Choices) -> Json:
    """Judge as ``label_results``; the pair of labels for the F1 of ``checkable`` too."""
    judged = label_results(doc, results)
    return {**judged, "f1": judged["macro_f1"]}


def macro_f1(pairs: Sequence[judging.Pair]) -> float:
    """Return the mean F1 of the labels."""
    return judging.macro_f1(pairs)


def checkable_f1(pairs: Sequence[judging.Pair]) -> float:
    """Return the F1 of ``checkable``, the benchmark's headline."""
    return judging.label_f1(CHECKABLE, pairs)


def quotes_results(doc: Json, results: Sequence[str]) -> Json:
    """Read the quotes of an answer."""
    return _read("quotes", doc, results[0])


def entities_results(doc: Json, results: Sequence[str]) -> Json:
    """Read the names and values of an answer."""
    return _read("entities", doc, results[0])


def quotes_f1(answers: Sequence[Json]) -> float:
    """Return the benchmark's headline of ``quotes``."""
    return judging.Judge().headline("quotes", _by_article(answers))


def entities_f1(answers: Sequence[Json]) -> float:
    """Return the benchmark's headline of ``entities``."""
    return judging.Judge().headline("entities", _by_article(answers))


def probe_results(doc: Json, results: Sequence[str]) -> Json:
    """Compare an answer with the true continuation; each figure is made of the same comparisons."""
    one = copied(results[0], doc["answer"])
    return dict.fromkeys(FIGURES, (doc["article"], one.prefix, one.share))


def _figure(name: str, copies: Iterable[Copy]) -> float:
    found = ((article, Copied(prefix, share)) for article, prefix, share in copies)
    return figures(found, read_story().articles)[name]


probe_copied = partial(_figure, "copied")
probe_copied_most = partial(_figure, "copied_most")
probe_copied_control = partial(_figure, "copied_control")
probe_prefix = partial(_figure, "prefix")
probe_prefix_most = partial(_figure, "prefix_most")
probe_prefix_control = partial(_figure, "prefix_control")


def _read(task: str, doc: Json, answer: str) -> Json:
    line = judging.Judge().read(task, answer, doc["article"])
    return {"f1": {"article": doc["article"], "line": line}, "unparsable": float(line is None)}


def _by_article(answers: Sequence[Json]) -> judging.Answers:
    return {answer["article"]: answer["line"] for answer in answers}


def _most(values: Sequence[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)
