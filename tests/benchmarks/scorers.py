"""Speed of the scorers beside the libraries of the field, on the same data in one run.

    .venv/bin/python tests/benchmarks/scorers.py [--articles 10000]

Prints a Markdown table. Ratios are of process time; a library that would take too long gets fewer articles,
and its time per gold span is compared. Seconds depend on the machine; ratios do so less.
"""

from __future__ import annotations

import argparse
import random
import warnings

import numpy as np
from measuring import least
from nervaluate import Evaluator
from scorch.scores import conll2012
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from retold.benchmark.resampling import Resampler
from retold.benchmark.statistics import Counted, f1, f1_two_ways
from retold.benchmark.tallies import exact_counts
from retold.measures.contingency import Contingency
from retold.measures.semeval import Labelled, credit, match

SPANS = 100  # of an article
TYPES = ("PERSON", "ORG", "GPE", "DATE")
WIDTH, GAP = 3, 2  # tokens of a span, tokens between two
FEW = {"nervaluate": 100, "seqeval": 200, "scorch": 300, "retold, semeval": 500}

Span = tuple[int, int, str]
Article = tuple[list[Span], list[Span]]


def make_articles(number: int) -> list[Article]:
    """Return (gold, predicted) spans of articles; about 80 % of the predicted ones are right."""
    chance = random.Random(7)
    articles = []
    for _ in range(number):
        gold = [(at * (WIDTH + GAP), at * (WIDTH + GAP) + WIDTH, chance.choice(TYPES)) for at in range(SPANS)]
        found = []
        for start, end, label in gold:
            luck = chance.random()
            if luck < 0.8:
                found.append((start, end, label))
            elif luck < 0.85:
                found.append((start, end, chance.choice(TYPES)))
            elif luck < 0.9:
                found.append((start, end - 1, label))
        articles.append((gold, found))
    return articles


def exact(articles: list[Article]) -> float:
    """Exact F1 by our scorer, from spans that are parsed."""
    gold, found = [a for a, _ in articles], [b for _, b in articles]
    return float(f1(exact_counts(found, gold).sum(axis=0)))


def semeval(articles: list[Article]) -> float:
    """The four SemEval schemes by our scorer; returns the strict F1."""
    totals = np.zeros(3)
    for gold, found in articles:
        ours = [Labelled(a, b, (label,)) for a, b, label in gold]
        theirs = [Labelled(a, b, (label,)) for a, b, label in found]
        pairs = match(ours, theirs)
        for scheme in ("exact", "partial", "type", "strict"):
            hits = sum(credit(scheme, ours[i], theirs[j]) for i, j in pairs)
        totals += (hits, len(theirs), len(ours))
    return float(f1(totals))


def by_nervaluate(articles: list[Article]) -> float:
    """Its four schemes, also by type; `end` is inclusive there."""
    sides = [
        [[{"label": t, "start": a, "end": b - 1} for a, b, t in side] for side in column]
        for column in zip(*articles, strict=True)
    ]
    result = Evaluator(*sides, tags=list(TYPES), loader="dict").evaluate()
    return float(result["overall"]["strict"].f1)


def by_seqeval(articles: list[Article]) -> float:
    """Strict F1 of BIO tags."""
    return float(f1_score(*map(list, zip(*map(tagged, articles), strict=True)), mode="strict", scheme=IOB2))


def tagged(article: Article) -> tuple[list[str], list[str]]:
    """Return the BIO tags of gold and predictions."""
    sides = []
    for spans in article:
        tags = ["O"] * (SPANS * (WIDTH + GAP))
        for start, end, label in spans:
            tags[start:end] = [f"B-{label}", *([f"I-{label}"] * (end - start - 1))]
        sides.append(tags)
    return sides[0], sides[1]


def clusters(number: int) -> list[tuple[dict[int, int], dict[int, int]]]:
    """Return (found, expected) clusters of the mentions of articles."""
    chance = random.Random(3)
    made = []
    for _ in range(number):
        expected = {mention: chance.randrange(25) for mention in range(SPANS)}
        found = {m: c if chance.random() < 0.85 else chance.randrange(25) for m, c in expected.items()}
        made.append((found, expected))
    return made


def conll_by_retold(articles: list[tuple[dict[int, int], dict[int, int]]]) -> float:
    """CoNLL F1 of each article, the mean."""
    once = np.ones((1, 1))
    scores = []
    for found, expected in articles:
        table = Contingency(found, expected, dict.fromkeys({*found, *expected}, 0), 1)
        sums = (table.muc(once), table.b_cubed(once), table.ceaf_e(once))
        scores.append(np.mean([f1_two_ways(side) for side in sums]))
    return float(np.mean(scores))


def conll_by_scorch(articles: list[tuple[dict[int, int], dict[int, int]]]) -> float:
    """The same by scorch."""
    return float(np.mean([conll2012(sets(expected), sets(found)) for found, expected in articles]))


def sets(named: dict[int, int]) -> list[set[int]]:
    """Return clusters as sets."""
    return [{m for m, c in named.items() if c == cluster} for cluster in set(named.values())]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000, help="default: 10000")
    number = parser.parse_args().articles
    warnings.simplefilter("ignore")
    articles = make_articles(number)
    print(f"{number:,} articles of {SPANS} gold spans; least process time of three runs.\n")
    print("| scorer | articles | seconds | µs a gold span | ratio to retold |")
    print("|---|---|---|---|---|")
    base = show("retold, exact F1 (entities)", number, least(lambda: exact(articles)))
    few = {name: articles[:count] for name, count in FEW.items()}
    ours = show(
        "retold, four SemEval schemes",
        FEW["retold, semeval"],
        least(lambda: semeval(few["retold, semeval"])),
    )
    show(
        "nervaluate (four schemes, by type)",
        FEW["nervaluate"],
        least(lambda: by_nervaluate(few["nervaluate"]), 1),
        ours,
    )
    show("seqeval, strict", FEW["seqeval"], least(lambda: by_seqeval(few["seqeval"]), 1), base)
    groups = clusters(FEW["scorch"])
    conll = show("retold, CoNLL F1", FEW["scorch"], least(lambda: conll_by_retold(groups)))
    show("scorch, conll2012", FEW["scorch"], least(lambda: conll_by_scorch(groups), 1), conll)
    check(few, groups)
    gold, found = [a for a, _ in articles], [b for _, b in articles]
    statistic = Counted(exact_counts(found, gold), f1)
    taken = least(lambda: Resampler().values(statistic))
    print(f"\n10,000 bootstrap resamples of exact F1 over {number:,} articles: {taken:.2f} s.")
    weights = Resampler(resamples=20)
    slow = least(lambda: [one_resample(statistic, weights.seed + n) for n in range(20)], 1) / 20 * 10_000
    print(f"The same, each resample drawn by itself: {slow:.1f} s (from 20), ratio {slow / taken:.0f}.")


def one_resample(statistic: Counted, seed: int) -> float:
    """Draw units one by one, as a plain loop would."""
    drawn = np.random.default_rng(seed).integers(statistic.units, size=statistic.units)
    return float(f1(statistic.counts[drawn].sum(axis=0)))


def show(name: str, articles: int, taken: float, base: float | None = None) -> float:
    """Print a row; return microseconds a gold span."""
    each = 1e6 * taken / (articles * SPANS)
    ratio = "1" if base is None else f"{each / base:.0f}"
    print(f"| {name} | {articles:,} | {taken:.3f} | {each:.3f} | {ratio} |")
    return each


def check(few: dict[str, list[Article]], groups: list[tuple[dict[int, int], dict[int, int]]]) -> None:
    """Refuse to compare scorers that do not say the same."""
    strict = exact(few["seqeval"])
    assert abs(strict - by_seqeval(few["seqeval"])) < 1e-9
    assert abs(semeval(few["nervaluate"]) - by_nervaluate(few["nervaluate"])) < 1e-9
    assert abs(conll_by_retold(groups[:20]) - conll_by_scorch(groups[:20])) < 1e-9


if __name__ == "__main__":
    main()
