"""The tasks for Inspect: ``inspect eval retold/retold_quotes --model …``.

Inspect finds them by the entry point of this package. Every answer is written out by the model, choices too,
so that models without log-likelihoods can be asked; read them beside those of lm-evaluation-harness, not as
one series.
"""

from __future__ import annotations

from collections.abc import Sequence

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageUser, GenerateConfig
from inspect_ai.scorer import Metric, Scorer
from inspect_ai.solver import generate

from retold.benchmark.gold import read_gold
from retold.benchmark.prompting import PROMPT_VERSION
from retold.benchmark.tasks.checkability import CHECKABLE
from retold.harness import judging
from retold.harness.inspect_scorers import (
    accuracy,
    choice,
    f1,
    label_f1,
    macro_f1,
    recitation,
    recited,
    unparsable,
    whole,
)
from retold.harness.items import Item, examples, items
from retold.harness.offstory import read_story
from retold.harness.probe import probe_items

LONGEST_ANSWER = 8192  # tokens; the gold of the longest article needs most of them


@task
def retold_checkability(fewshot: int = 0) -> Task:
    """Say of a sentence whether evidence could decide if it is true."""
    return _choices("checkability", fewshot, [accuracy(), macro_f1(), label_f1(CHECKABLE), unparsable()])


@task
def retold_quote_type(fewshot: int = 0) -> Task:
    """Say whether a quote is direct, indirect or mixed."""
    return _choices("quote_type", fewshot, [accuracy(), macro_f1(), unparsable()])


@task
def retold_speaker(fewshot: int = 0) -> Task:
    """Say who is quoted, out of some names."""
    return _choices("speaker", fewshot, [accuracy(), unparsable()])


@task
def retold_claim_relation(fewshot: int = 0) -> Task:
    """Say how two claims of two articles relate."""
    return _choices("claim_relation", fewshot, [accuracy(), macro_f1(), unparsable()])


@task
def retold_quotes(fewshot: int = 0) -> Task:
    """List the quotes of an article, with source, cue, type and speaker."""
    return _wholes("quotes", fewshot)


@task
def retold_entities(fewshot: int = 0) -> Task:
    """List the names and values of an article."""
    return _wholes("entities", fewshot)


@task
def retold_probe() -> Task:
    """Continue the articles, and an invented story, word for word: evidence of contamination, not proof."""
    return _task(probe_items(read_gold(), read_story()), (), recited(), [recitation()], GenerateConfig())


def _choices(questions: str, fewshot: int, metrics: list[Metric]) -> Task:
    asked, shown = items(questions, read_gold()), examples(questions, read_story())
    return _task(asked, _first(fewshot, shown), choice(), metrics, GenerateConfig())


def _wholes(questions: str, fewshot: int) -> Task:
    judging.check_libraries()
    asked, shown = items(questions, read_gold()), examples(questions, read_story())
    config = GenerateConfig(max_tokens=LONGEST_ANSWER)
    metrics = [f1(questions), unparsable()]
    return _task(asked, _first(fewshot, shown), whole(questions), metrics, config)


def _task(
    asked: Sequence[Item],
    shown: Sequence[Item],
    judge: Scorer,
    metrics: list[Metric],
    config: GenerateConfig,
) -> Task:
    return Task(
        dataset=MemoryDataset([_sample(item, shown) for item in asked], name="retold"),
        solver=generate(),
        scorer=judge,
        metrics=list(metrics),
        config=config.merge(GenerateConfig(temperature=0.0)),
        version=PROMPT_VERSION,
    )


def _first(count: int, shown: Sequence[Item]) -> Sequence[Item]:
    if count > len(shown):
        raise ValueError(f"fewshot is {count}, and the invented story gives {len(shown)} examples")
    return shown[:count]


def _sample(item: Item, shown: Sequence[Item]) -> Sample:
    messages: list[ChatMessage] = []
    for example in shown:
        messages += [
            ChatMessageUser(content=example.prompt),
            ChatMessageAssistant(content=example.answer),
        ]
    return Sample(
        id=item.id,
        input=[*messages, ChatMessageUser(content=item.prompt)],
        target=item.answer,
        metadata={"article": item.article, "choices": list(item.choices)},
    )
