"""Intervals, paired differences, the smallest difference that data can tell, and the units that are drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import bootstrap, ks_2samp

from corpora import REPOSITORY, compile_to
from retold.benchmark import resampling
from retold.benchmark.crossed import Crossed
from retold.benchmark.gold import Gold, read_gold
from retold.benchmark.options import Options
from retold.benchmark.resampling import CONFIDENCE, Interval, Resampler
from retold.benchmark.statistics import (
    Counted,
    Floats,
    Statistic,
    Weighted,
    accuracy,
    f1,
    f1_two_ways,
    macro_f1,
    point,
)
from retold.benchmark.tallies import Aligned, Slice
from retold.benchmark.tasks import quotes
from retold.benchmark.units import Places, Units
from retold.records import Article, Block, Metadata, Quote, Sentence, Span, UtteranceLink

UNITS = 60
F1_SHARES = (0.6, 0.9, 1.0)
FORMULAS: list[tuple[Callable[[Floats], Floats], tuple[float, ...]]] = [
    (accuracy, (0.6, 1.0)),
    (f1, F1_SHARES),
    (f1_two_ways, (0.6, 0.9, 0.7, 1.0)),
    (macro_f1(2), F1_SHARES + F1_SHARES),
]


def random_counts(
    generator: np.random.Generator, units: int = UNITS, shares: Sequence[float] = F1_SHARES
) -> Floats:
    """Return counts by unit; each column is some share of about as many items."""
    items = generator.poisson(3.0, size=(units, 1)) + generator.integers(0, 2, size=(units, len(shares)))
    return generator.binomial(items, shares).astype(np.float64)


def labelled(formula: Callable[[Floats], Floats]) -> str:
    return getattr(formula, "__qualname__", "").split(".")[0]


# --- percentile intervals ---------------------------------------------------------------------------


@pytest.mark.parametrize(("formula", "shares"), FORMULAS, ids=[labelled(formula) for formula, _ in FORMULAS])
def test_intervals_are_those_of_scipy(formula: Callable[[Floats], Floats], shares: Sequence[float]) -> None:
    counts = random_counts(np.random.default_rng(1), shares=shares)
    ours = Resampler().interval(Counted(counts, formula))

    def statistic(drawn: np.ndarray, axis: int) -> Floats:
        assert axis == -1
        return formula(counts[drawn].sum(axis=-2))

    check_alike(ours, formula(counts.sum(axis=0)[None])[0], statistic)


def test_intervals_of_differences_are_those_of_scipy() -> None:
    """Both systems on the same blocks, the second worse: the difference is of the same drawn blocks."""
    generator = np.random.default_rng(2)
    one = random_counts(generator)
    other = one.copy()
    other[:, 0] = generator.binomial(one[:, 0].astype(np.int64), 0.9)
    ours = Resampler().difference(Counted(one, f1), Counted(other, f1))

    def statistic(drawn: np.ndarray, axis: int) -> Floats:
        assert axis == -1
        return f1(one[drawn].sum(axis=-2)) - f1(other[drawn].sum(axis=-2))

    check_alike(ours, f1(one.sum(axis=0)) - f1(other.sum(axis=0)), statistic)
    apart = Resampler().interval(Counted(one, f1))
    assert ours.error < apart.error / 2  # errors on the same text go together


def check_alike(ours: Interval, value: Floats, statistic: Callable[..., Floats]) -> None:
    """Check against SciPy: of 10 000 resamples a limit errs by about a thirtieth of the standard error."""
    seed = "rng" if "rng" in signature(bootstrap).parameters else "random_state"  # before SciPy 1.15
    given: dict[str, Any] = {"n_resamples": 10_000, "method": "percentile", seed: np.random.default_rng(3)}
    theirs = bootstrap((np.arange(UNITS),), statistic, **given)
    assert ours.value == pytest.approx(float(value))
    assert ours.error == pytest.approx(theirs.standard_error, rel=0.04)
    near = pytest.approx(tuple(theirs.confidence_interval), abs=0.15 * theirs.standard_error)
    assert (ours.low, ours.high) == near
    assert not ours.approximate


def test_drawing_kinds_of_units_is_drawing_units(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.random.default_rng(4).integers(0, 3, size=(150, 3)).astype(np.float64)
    counted = Counted(counts, f1)
    assert len(np.unique(counts, axis=0)) < 30
    by_unit = Resampler(20_000).values(counted)
    monkeypatch.setattr(resampling, "MOST_UNITS", 100)
    by_kind = Resampler(20_000).values(counted)
    assert by_kind.shape == by_unit.shape
    assert not np.array_equal(by_kind, by_unit)
    assert ks_2samp(by_kind, by_unit).pvalue > 0.01
    quantiles = [0.025, 0.16, 0.5, 0.84, 0.975]
    near = np.quantile(by_unit, quantiles)
    assert np.quantile(by_kind, quantiles) == pytest.approx(near, abs=0.1 * by_unit.std())


def test_many_units_are_drawn_by_kind() -> None:
    """With 2 001 blocks; the sums are those of as many blocks as there are."""
    counts = np.random.default_rng(5).integers(0, 2, size=(2_001, 2)).astype(np.float64)
    counts[:, 1] = 1.0
    sizes = Resampler(50).values(Counted(counts, lambda sums: sums[..., 1]))
    assert sizes.tolist() == [2_001.0] * 50
    ours = Resampler(4_000).interval(Counted(counts, accuracy))
    share = counts[:, 0].mean()
    assert ours.error == pytest.approx((share * (1 - share) / 2_001) ** 0.5, rel=0.05)
    paired = Resampler(500).difference(Counted(counts, accuracy), Counted(counts, accuracy))
    assert (paired.value, paired.low, paired.high) == (0.0, 0.0, 0.0)


def test_weights_draw_as_many_units_as_there_are() -> None:
    seen = []

    def function(weights: Floats) -> Floats:
        seen.append(weights)
        return weights[:, 0]

    values = Resampler(4_000).values(Weighted(7, function, approximate=False))
    (weights,) = seen
    assert weights.shape == (4_000, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(7), abs=0.06)
    assert values.var() == pytest.approx(6 / 7, rel=0.1)  # of a binomial count: n · 1/n · (1 − 1/n)


# --- coverage and power -----------------------------------------------------------------------------


def drawn_units(generator: np.random.Generator, units: int, shares: Sequence[float]) -> list[Floats]:
    """Return hits, found and expected of systems on the same blocks, some of which are hard for all.

    A share is how many of the gold's items a system finds; one prediction in five is wrong.
    """
    expected = generator.poisson(4.0, size=units)
    hard = generator.beta(6.0, 3.0, size=units) / (6 / 9)
    hits = [generator.binomial(expected, np.minimum(1.0, hard * share)) for share in shares]
    wrong = [generator.poisson(0.25 * 4.0 * share, size=units) for share in shares]
    return [
        np.column_stack([right, right + false, expected]).astype(np.float64)
        for right, false in zip(hits, wrong, strict=True)
    ]


def test_coverage_of_95_per_cent() -> None:
    """The truth is F1 of a great many blocks; 600 corpora of 100 blocks each, one resampler."""
    truth = f1(drawn_units(np.random.default_rng(6), 1_000_000, [0.6])[0].sum(axis=0))
    generator, resampler = np.random.default_rng(7), Resampler(800)
    covered = 0
    for _ in range(600):
        (counts,) = drawn_units(generator, 100, [0.6])
        interval = resampler.interval(Counted(counts, f1))
        covered += interval.low <= truth <= interval.high
    assert 0.90 <= covered / 600 <= 0.99


def found_share(resampler: Resampler, shares: Sequence[float], *, trials: int, seed: int) -> float:
    """Return in how many corpora of 100 blocks the interval of the paired difference leaves out 0."""
    generator = np.random.default_rng(seed)
    found = 0
    for _ in range(trials):
        one, other = drawn_units(generator, 100, shares)
        interval = resampler.difference(Counted(one, f1), Counted(other, f1))
        found += not interval.low <= 0.0 <= interval.high
    return found / trials


def test_the_smallest_difference_is_found_in_80_per_cent() -> None:
    """Of two systems whose true difference is what the data are said to tell."""
    shares, resampler = (0.68, 0.6), Resampler(800)
    generator = np.random.default_rng(8)
    stated = []
    for _ in range(60):
        one, other = drawn_units(generator, 100, shares)
        stated.append(resampler.difference(Counted(one, f1), Counted(other, f1)).smallest_difference)
    wanted = float(np.mean(stated))
    truth = [f1(side.sum(axis=0)) for side in drawn_units(generator, 1_000_000, shares)]
    # F1 grows all but linearly with the share in so short a range: choose the share for the difference.
    better = shares[1] + (shares[0] - shares[1]) * wanted / float(truth[0] - truth[1])
    assert 0.70 <= found_share(resampler, (better, shares[1]), trials=600, seed=9) <= 0.90


def test_no_difference_is_found_in_5_per_cent() -> None:
    assert 0.01 <= found_share(Resampler(800), (0.6, 0.6), trials=600, seed=10) <= 0.10


def test_a_score_tells_the_smallest_difference_to_an_independent_rival() -> None:
    """Which is that of the paired difference, if the two do err independently."""
    generator = np.random.default_rng(11)
    resampler = Resampler(4_000)
    one, other = (generator.binomial(1, 0.7, size=(2_000, 1)) for _ in range(2))
    scores = [Counted(np.column_stack([side, np.ones(2_000)]), accuracy) for side in (one, other)]
    alone = resampler.interval(scores[0]).smallest_difference
    assert alone == pytest.approx(resampler.difference(*scores).smallest_difference, rel=0.08)
    assert alone == pytest.approx((1.959964 + 0.841621) * (2 * 0.7 * 0.3 / 2_000) ** 0.5, rel=0.08)


def test_the_smallest_difference_in_standard_errors() -> None:
    generator, resampler = np.random.default_rng(12), Resampler(500)
    one, other = (Counted(random_counts(generator), f1) for _ in range(2))
    z = 1.959964 + 0.841621
    score, difference = resampler.interval(one), resampler.difference(one, other)
    assert score.error == pytest.approx(resampler.values(one).std(ddof=1))
    assert difference.error == pytest.approx((resampler.values(one) - resampler.values(other)).std(ddof=1))
    assert score.smallest_difference == pytest.approx(z * 2**0.5 * score.error, rel=1e-6)
    assert difference.smallest_difference == pytest.approx(z * difference.error, rel=1e-6)


# --- paired differences -----------------------------------------------------------------------------


def counted_and_weighted() -> list[Statistic]:
    counts = random_counts(np.random.default_rng(13))
    counted = Counted(counts, f1)
    return [
        counted,
        replace(counted, approximate=True),
        Weighted(UNITS, counted.values),
        Crossed(UNITS, np.arange(UNITS), np.arange(UNITS)[::-1], counts, f1),
    ]


@pytest.mark.parametrize(
    "statistic", counted_and_weighted(), ids=["counted", "approximate", "weighted", "crossed"]
)
def test_a_score_does_not_differ_from_itself(statistic: Statistic) -> None:
    same = Resampler(300, 50).difference(statistic, statistic)
    assert (same.value, same.low, same.high, same.error) == (0.0, 0.0, 0.0, 0.0)
    assert same.smallest_difference is None


def test_a_difference_has_a_sign_and_is_not_clipped() -> None:
    right = Counted(np.column_stack([np.arange(8) > 0, np.ones(8)]).astype(np.float64), accuracy)
    wrong = Counted(np.column_stack([np.arange(8) < 1, np.ones(8)]).astype(np.float64), accuracy)
    up, down = Resampler(500).difference(right, wrong), Resampler(500).difference(wrong, right)
    assert up.value == -down.value == 0.75
    assert (up.low, up.high) == pytest.approx((-down.high, -down.low))
    assert down.low == -1.0


def test_differences_of_two_kinds_of_scores_are_over_the_same_resamples() -> None:
    counts = random_counts(np.random.default_rng(14))
    one = Counted(counts, f1)
    other = Weighted(UNITS, lambda weights: one.values(weights) - 0.25)
    difference = Resampler(400, 40).difference(one, other)
    assert difference.approximate
    assert (difference.value, difference.low, difference.high) == pytest.approx((0.25, 0.25, 0.25))


def test_scores_over_different_units_are_not_paired() -> None:
    one, other = (Counted(np.ones((units, 3)), f1) for units in (4, 5))
    with pytest.raises(ValueError, match="different units"):
        Resampler(10).difference(one, other)


# --- what is and is not defined ---------------------------------------------------------------------


def test_same_seed_same_numbers() -> None:
    generator = np.random.default_rng(15)
    one, other = (Counted(random_counts(generator, units), f1) for units in (40, 41))
    first, second = Resampler(300), Resampler(300)
    intervals = [first.interval(one), first.interval(other), first.difference(one, one)]
    again = [second.difference(one, one), second.interval(other), second.interval(one)]  # in another order
    assert intervals == again[::-1]
    assert first.interval(one) == intervals[0]
    assert Resampler(300, seed=1).interval(one) != intervals[0]


def test_more_resamples_do_not_change_the_first() -> None:
    """So that an approximate score is over the first of the resamples of the others."""
    one = Counted(random_counts(np.random.default_rng(16)), f1)
    resampler = Resampler(300, 70)
    approximate = resampler.values(replace(one, approximate=True))
    assert approximate.tolist() == resampler.values(one)[:70].tolist()


def test_approximate_intervals_are_shifted_to_the_score() -> None:
    """The resamples of this score are .2 too high, as those of clusters are."""
    counts = np.column_stack([np.arange(UNITS) % 2, np.ones(UNITS)]).astype(np.float64)
    plain = Counted(counts, accuracy)

    def biased(weights: Floats) -> Floats:
        return plain.values(weights) + 0.2 * (weights != 1).any(axis=1)

    there = Resampler(2_000, 2_000).interval(plain)
    shifted = Resampler(2_000, 2_000).interval(Weighted(UNITS, biased))
    assert shifted.approximate
    assert shifted.value == there.value == 0.5
    assert (shifted.low, shifted.high) == pytest.approx((there.low, there.high), abs=0.02)
    unshifted = Resampler(2_000).interval(Weighted(UNITS, biased, approximate=False))
    assert unshifted.low == pytest.approx(there.low + 0.2)


def test_shifted_intervals_stay_between_0_and_1() -> None:
    def score(weights: Floats) -> Floats:
        return np.where((weights == 1).all(axis=1), 0.98, 0.5 + 0.04 * weights[:, 0])

    interval = Resampler(500, 500).interval(Weighted(10, score))
    assert interval.value == 0.98
    assert interval.high == 1.0
    assert 0.9 < interval.low < 0.98


def test_scores_that_are_not_defined() -> None:
    for statistic in (
        Counted(np.zeros((0, 3)), f1),
        Counted(np.zeros((9, 3)), f1),
        Counted(np.zeros((9, 0)), macro_f1(0)),
    ):
        interval = Resampler(50).interval(statistic)
        assert (interval.value, interval.low, interval.high, interval.smallest_difference) == (None,) * 4


def test_resamples_in_which_a_score_is_not_defined_are_left_out() -> None:
    """One block in ten has items; it is away in (1 − 1/10)^10 = 35 % of the resamples."""
    counts = np.zeros((10, 2))
    counts[0] = 1, 2
    resampler = Resampler(2_000)
    values = resampler.values(Counted(counts, accuracy))
    assert np.isnan(values).mean() == pytest.approx(0.9**10, abs=0.03)
    interval = resampler.interval(Counted(counts, accuracy))
    assert (interval.value, interval.low, interval.high, interval.error) == (0.5, 0.5, 0.5, 0.0)
    assert interval.smallest_difference is None


def test_the_confidence_is_95_per_cent() -> None:
    """Of the share of one block in a hundred, whose count is drawn as a binomial: 0 to 3 blocks."""
    counts = np.column_stack([np.arange(100) < 1, np.ones(100)]).astype(np.float64)
    interval = Resampler().interval(Counted(counts, accuracy))
    assert CONFIDENCE == 0.95
    assert (interval.low, interval.high) == (0.0, 0.03)


# --- scores over pairs ------------------------------------------------------------------------------


def test_pairs_are_weighted_by_both_their_units() -> None:
    """Against counting: each copy of one unit with each copy of the other; within one, each copy once."""
    generator = np.random.default_rng(17)
    for _ in range(30):
        units, pairs = int(generator.integers(1, 6)), int(generator.integers(1, 15))
        a, b = generator.integers(0, units, size=(2, pairs))
        counts = generator.integers(0, 3, size=(pairs, 3)).astype(np.float64)
        weights = generator.integers(0, 4, size=(3, units)).astype(np.float64)
        ours = Crossed(units, a, b, counts, lambda sums: sums[..., 0] + 100 * sums[..., 1]).values(weights)
        for value, drawn in zip(ours, weights, strict=True):
            copies = [(unit, n) for unit in range(units) for n in range(int(drawn[unit]))]
            total = 0.0
            for one, other, row in zip(a, b, counts, strict=True):
                there = sum(
                    x[0] == one and y[0] == other and (one != other or x == y) for x in copies for y in copies
                )
                total += there * (row[0] + 100 * row[1])
            assert value == total


def test_pairs_over_many_resamples() -> None:
    """More than are computed at once."""
    generator = np.random.default_rng(18)
    a, b = generator.integers(0, 20, size=(2, 80))
    counts = generator.integers(0, 2, size=(80, 2)).astype(np.float64)
    crossed = Crossed(20, a, b, counts, accuracy)
    weights = generator.multinomial(20, np.full(20, 1 / 20), size=1_234).astype(np.float64)
    together = crossed.values(weights)
    assert together.shape == (1_234,)
    single = [crossed.values(row[None])[0] for row in weights[[0, 499, 500, 501, 1_000, 1_233]]]
    assert together[[0, 499, 500, 501, 1_000, 1_233]] == pytest.approx(single)
    assert point(crossed) == pytest.approx(counts[:, 0].sum() / counts[:, 1].sum())


def test_pairs_vary_more_than_if_they_were_drawn_by_themselves() -> None:
    """Owen 2007: the score of a pair depends on both units here, and drawing pairs would not see it."""
    generator = np.random.default_rng(19)
    units = 30
    a, b = np.triu_indices(units, 1)
    good = generator.random(units) < 0.5
    counts = np.column_stack([good[a] & good[b], np.ones(len(a))]).astype(np.float64)
    resampler = Resampler(1_000)
    crossed = resampler.interval(Crossed(units, a, b, counts, accuracy))
    apart = resampler.interval(Counted(counts, accuracy))
    assert crossed.value == apart.value
    assert crossed.error > 3 * apart.error
    # The share of pairs is about the squared share of units: its error is 2 p times that of p.
    share = good.mean()
    assert crossed.error == pytest.approx(2 * share * (share * (1 - share) / units) ** 0.5, rel=0.15)


# --- units ------------------------------------------------------------------------------------------


def article_of(name: str, *blocks: tuple[str, str]) -> Article:
    """Return an article of blocks, each given as its kind and its words; its id ends on its number."""
    metadata = Metadata(name, None, None, None, None, None, "en", "", None, (), {})
    made, at = [], 0
    for number, (kind, words) in enumerate(blocks):
        sentence = Sentence(f"{name}-s{number}", Span(at, at + len(words), words))
        made.append(Block(f"{name}-b{number}", kind, at, at + len(words), (sentence,)))
        at += len(words) + 2
    text = "\n\n".join(words for _, words in blocks)
    return Article(name, text, "", metadata, tuple(made), (), (), (), (), (), (), (), ())


def quote_of(
    article: Article, *words: str, marking: str = "quotation_marks", utterances: Sequence[str] = ()
) -> Quote:
    """Return a quote whose content is some words of an article, and which has no source and no cue."""
    places = [article.text.index(part) for part in words]
    content = tuple(Span(at, at + len(part), part) for at, part in zip(places, words, strict=True))
    labels = ("direct", marking, "communication", "positive", "core")
    links = tuple(UtteranceLink(name, "verbatim") for name in utterances)
    return Quote(f"{article.id}-q{places[0]}", *labels, content, (), (), (), None, (), None, links)


def gold_of(*articles: Article) -> Gold:
    return Gold(None, "", "raw", {article.id: article for article in articles}, {}, {}, {}, (), {}, ())


def with_turns(article: Article, *turns: tuple[Sequence[str], Sequence[str]]) -> Article:
    """Return an article with quotes of whole turns, each given as its words and the utterances it tells."""
    told = (quote_of(article, *words, marking="turn_label", utterances=names) for words, names in turns)
    return replace(article, quotes=tuple(told))


def test_two_versions_of_one_turn_are_one_unit() -> None:
    """A turn of two blocks is one unit as well; what tells no utterance is one of its own."""
    kinds = ("title", "turn", "turn", "turn", "paragraph")
    one = article_of(
        "one", *zip(kinds, ("A talk", "Hello", "We shut it", "For good", "The end"), strict=True)
    )
    two = article_of("two", ("turn", "Well, hello"), ("turn", "It is shut. For good"), ("turn", "Bye"))
    one = with_turns(one, (["Hello"], ["greeting"]), (["We shut it", "For good"], ["shut"]))
    two = with_turns(two, (["Well, hello"], ["greeting"]), (["It is shut"], ["shut"]), (["Bye"], []))
    gold = gold_of(one, two)
    out, only, both = (Units(gold, turns) for turns in ("out", "only", "in"))
    blocks = [block.id for article in (one, two) for block in article.blocks]
    assert [out.of_block(block) for block in blocks] == [0, None, None, None, 1, None, None, None]
    assert [only.of_block(block) for block in blocks] == [None, 0, 1, 1, None, 0, 1, 2]
    assert [both.of_block(block) for block in blocks] == [0, 1, 2, 2, 3, 1, 2, 4]
    assert (out.size, only.size, both.size) == (2, 3, 5)
    assert (out.of_article("one"), out.of_article("two"), only.of_article("two")) == (0, None, 0)


def test_turns_that_share_an_utterance_with_a_third_are_one_unit() -> None:
    """The second tells what the first and the third tell, and is read between them or after them."""
    words = ("First", "Second", "Third")
    for order in ((0, 1, 2), (0, 2, 1), (2, 1, 0)):
        article = article_of("one", *(("turn", words[n]) for n in order))
        told = {"First": ["a"], "Second": ["a", "b"], "Third": ["b"]}
        article = with_turns(article, *(([words[n]], told[words[n]]) for n in order))
        assert Units(gold_of(article), "only").size == 1


def test_quotes_that_tell_one_utterance_do_not_join_paragraphs() -> None:
    one, two = (article_of(name, ("paragraph", "He said yes")) for name in ("one", "two"))
    one, two = (replace(a, quotes=(quote_of(a, "yes", utterances=["yes"]),)) for a in (one, two))
    assert Units(gold_of(one, two)).size == 2


def test_places_and_their_blocks() -> None:
    """White space behind a block counts to it; a place before the first block, to that one."""
    article = article_of("one", ("paragraph", "abc"), ("paragraph", "def"))
    units = Units(gold_of(article))
    assert [units.at("one", at) for at in (-3, 0, 2, 3, 4, 5, 7, 99)] == [0, 0, 0, 0, 0, 1, 1, 1]
    assert [Places(article).block_at(at) for at in (4, 5)] == ["one-b0", "one-b1"]
    moved = replace(article, blocks=(replace(article.blocks[0], start=2), article.blocks[1]))
    assert Places(moved).block_at(0) == "one-b0"


def test_an_item_belongs_to_the_block_of_its_first_span() -> None:
    """A quote that goes on in the next paragraph counts once, where it begins; so does one not found."""
    article = article_of("one", ("paragraph", "She said: Yes,"), ("paragraph", "and no. Never."))
    long, short = quote_of(article, "Yes,", "and no"), quote_of(article, "Never")
    gold = gold_of(replace(article, quotes=(long, short)))
    found = quotes.PredictedQuote(long.content, (), (), None, quotes.NOT_GIVEN)
    spurious = replace(found, content=quote_of(article, "said", "and").content)
    for predicted, counts in (
        ([found], [[1, 1, 1], [0, 0, 1]]),
        ([], [[0, 0, 1], [0, 0, 1]]),
        ([spurious], [[0, 1, 1], [0, 0, 1]]),
    ):
        statistic = quotes.evaluate(gold, {"one": predicted}, Options()).headline.statistic
        assert isinstance(statistic, Counted)
        assert statistic.counts.tolist() == counts


def test_predictions_outside_a_slice_are_not_held_against_it() -> None:
    """Words that the text does not have count to the first block of the article in the slice."""
    talk = article_of("talk", ("turn", "Hello"), ("paragraph", "The end"))
    only = article_of("only", ("turn", "Bye"))
    units = Units(gold_of(talk, only))
    part: Slice[int, int] = Slice(units, lambda at: at, lambda at: at)
    aligned = Aligned(
        [("talk", 7, 7)], [("talk", 0)], [("talk", 0), ("talk", 9), ("talk", -4), ("only", -4), ("only", 1)]
    )
    assert part.counts(aligned, lambda *_: True).tolist() == [[1, 3, 1]]
    turns: Slice[int, int] = Slice(Units(gold_of(talk, only), "only"), lambda at: at, lambda at: at)
    assert turns.counts(aligned, lambda *_: True).tolist() == [[0, 2, 1], [0, 2, 0]]


def test_the_turn_of_two_blocks_in_the_tiny_corpus_is_one_unit(tiny: Path) -> None:
    compile_to(tiny, tiny / "build")
    units = Units(read_gold(tiny), "only")
    turns = [f"interview-on-the-lake-b{n:02}" for n in (2, 3, 4)]
    assert [units.of_block(turn) for turn in turns] == [0, 1, 1]


def test_the_corpus_has_every_interview_turn_twice() -> None:
    """So each unit of the turns holds at least two blocks."""
    gold = read_gold(REPOSITORY)
    units = Units(gold, "only")
    blocks: defaultdict[int, list[str]] = defaultdict(list)
    for article in gold.articles.values():
        for block in article.blocks:
            unit = units.of_block(block.id)
            if unit is not None:
                blocks[unit].append(block.id)
    assert sorted(blocks) == list(range(units.size))
    assert min(map(len, blocks.values())) >= 2
    assert Units(gold).size == sum(b.kind != "turn" for a in gold.articles.values() for b in a.blocks)
