"""How Inspect judges answers: one scorer for choices, one for whole articles, one for the probe.

A scorer keeps what it read from an answer in the score's metadata; metrics over all samples are made of that.
With several epochs that is what the first one gave.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, metric, scorer
from inspect_ai.solver import TaskState

from retold.benchmark.prompting import chosen
from retold.harness import judging
from retold.harness.offstory import read_story
from retold.harness.probe import Copied, copied, figures, summary

Json = dict[str, Any]


@metric
def accuracy() -> Metric:
    """The share of right choices; none is wrong."""

    def value(scores: list[SampleScore]) -> float:
        return judging.share(one["found"] == one["expected"] for one in _kept(scores))

    return value


@metric
def macro_f1() -> Metric:
    """The mean F1 of the labels."""

    def value(scores: list[SampleScore]) -> float:
        return judging.macro_f1((one["found"], one["expected"]) for one in _kept(scores))

    return value


@metric
def label_f1(label: str) -> Metric:
    """The F1 of one label."""

    def value(scores: list[SampleScore]) -> float:
        return judging.label_f1(label, [(one["found"], one["expected"]) for one in _kept(scores)])

    return value


@metric
def f1(task: str) -> Metric:
    """The benchmark's headline of a task, over all articles that were asked about."""

    def value(scores: list[SampleScore]) -> float:
        return judging.Judge().headline(task, {one["article"]: one["found"] for one in _kept(scores)})

    return value


@metric
def unparsable() -> Metric:
    """The share of answers in which nothing was found to judge."""

    def value(scores: list[SampleScore]) -> float:
        return judging.share(one["found"] is None for one in _kept(scores))

    return value


@metric
def recitation() -> Metric:
    """What is copied: of the articles, of the control, and of each article by itself."""

    def value(scores: list[SampleScore]) -> dict[str, float]:
        copies = [(one["article"], Copied(one["prefix"], one["share"])) for one in _kept(scores)]
        by_article = {f"copied_{article}": one.share for article, one in summary(copies).items()}
        return figures(copies, read_story().articles) | by_article

    return value


@scorer(metrics=[accuracy(), unparsable()])
def choice() -> Scorer:
    """Find the choice that an answer names."""

    async def score(state: TaskState, target: Target) -> Score:
        found = chosen(state.output.completion, state.metadata["choices"])
        kept = {"found": found, "expected": target.text}
        return Score(value=float(found == target.text), answer=found, metadata=kept)

    return score


@scorer(metrics=[unparsable()])
def whole(task: str) -> Scorer:
    """Read the items of an article; the value of a sample is the headline score on that article alone."""
    judge = judging.Judge()

    async def score(state: TaskState, target: Target) -> Score:
        article, answer = state.metadata["article"], state.output.completion
        found = judge.read(task, answer, article)
        value = judge.headline(task, {article: found})
        return Score(value=value, answer=answer, metadata={"article": article, "found": found})

    return score


@scorer(metrics=[recitation()])
def recited() -> Scorer:
    """Compare an answer with the true continuation; the value of a sample is the share that is copied."""

    async def score(state: TaskState, target: Target) -> Score:
        one = copied(state.output.completion, target.text)
        kept = {"article": state.metadata["article"], "prefix": one.prefix, "share": one.share}
        return Score(value=one.share, answer=state.output.completion, metadata=kept)

    return score


def _kept(scores: Iterable[SampleScore]) -> list[Json]:
    return [one.score.metadata or {} for one in scores]
