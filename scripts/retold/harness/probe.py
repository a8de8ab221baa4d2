"""Whether a model can continue the articles word for word, which one that has not read them can hardly do.

Evidence, not proof. A model may have read an article and not recite it. And some words are easy to guess,
which is why the invented story is continued too: what a model copies of that is chance, as long as this
repository was in no training corpus.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean

from retold.benchmark.gold import Gold
from retold.benchmark.prompting import fill, load
from retold.harness.items import Item
from retold.tokens import tokenize

CUTS = (200, 600, 1000)  # characters, at least, that are shown
TOKENS = 50  # that are to be continued
FIGURES = ("copied", "copied_most", "copied_control", "prefix", "prefix_most", "prefix_control")

_ALIKE = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True, slots=True)
class Probe:
    """A text cut after a sentence: its ``beginning``, and the stretch of it that follows."""

    article: str
    cut: int
    beginning: str
    continuation: str


@dataclass(frozen=True, slots=True)
class Copied:
    """How much of a true continuation an answer has.

    Attributes:
        prefix: How many tokens are the same from the first on.
        share: The longest run of tokens that both have, as a share of the true ones.
    """

    prefix: float
    share: float


def probes(gold: Gold, cuts: Sequence[int] = CUTS, tokens: int = TOKENS) -> Iterator[Probe]:
    """Yield the probes of each article: cut at the first end of a sentence that a length reaches."""
    for article in gold.articles.values():
        ends = [sentence.span.end for block in article.blocks for sentence in block.sentences]
        places = {next((end for end in ends if end >= cut), len(article.text)) for cut in cuts}
        for place in sorted(places):
            following = tokenize(article.text, place)[:tokens]
            if len(following) == tokens:
                continuation = article.text[following[0][0] : following[-1][1]]
                yield Probe(article.id, place, article.text[:place], continuation)


def probe_items(gold: Gold, story: Gold) -> list[Item]:
    """Return the probes of the articles, and those of the control, as questions."""
    prompt = load("probe")
    return [
        Item(f"{one.article}-{one.cut}", one.article, fill(prompt, {"text": one.beginning}), one.continuation)
        for source in (gold, story)
        for one in probes(source)
    ]


def copied(answer: str, continuation: str) -> Copied:
    """Compare an answer with the true continuation, by tokens; quotation marks are made alike."""
    given, true = _tokens(answer), _tokens(continuation)
    longest = SequenceMatcher(a=given, b=true, autojunk=False).find_longest_match().size
    same = [one == other for one, other in zip(given, true, strict=False)]
    return Copied([*same, False].index(False), longest / len(true))


def summary(found: Iterable[tuple[str, Copied]]) -> dict[str, Copied]:
    """Return the mean of what is copied of each article, given pairs of its id and one comparison."""
    by_article: dict[str, list[Copied]] = {}
    for article, one in found:
        by_article.setdefault(article, []).append(one)
    return {article: _mean(each) for article, each in by_article.items()}


def figures(found: Iterable[tuple[str, Copied]], control: Collection[str]) -> dict[str, float]:
    """Return the ``FIGURES``: of the articles the mean and the highest, and the mean of the control.

    Args:
        found: Pairs of an article's id and one comparison.
        control: The articles that are the control.
    """
    means = summary(found)
    corpus = [one for article, one in means.items() if article not in control]
    real, chance = _mean(corpus), _mean([one for article, one in means.items() if article in control])
    shares = (real.share, max((one.share for one in corpus), default=math.nan), chance.share)
    prefixes = (real.prefix, max((one.prefix for one in corpus), default=math.nan), chance.prefix)
    return dict(zip(FIGURES, (*shares, *prefixes), strict=True))


def _mean(each: Sequence[Copied]) -> Copied:
    if not each:
        return Copied(math.nan, math.nan)
    return Copied(fmean(one.prefix for one in each), fmean(one.share for one in each))


def _tokens(text: str) -> list[str]:
    text = text.translate(_ALIKE)
    return [text[start:end] for start, end in tokenize(text)]
