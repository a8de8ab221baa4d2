"""Measures against published worked examples, and against other people's code on random cases."""

from __future__ import annotations

import builtins
import math
import random
import warnings
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorch import scores
from sklearn.metrics import cohen_kappa_score, f1_score

from retold.measures.alpha import krippendorff_alpha, masi, nominal
from retold.measures.assignment import MissingExtraError, one_to_one
from retold.measures.clustering import extended_b_cubed
from retold.measures.coreference import b_cubed, ceaf_e, conll_f1, lea, muc, without_singletons
from retold.measures.counts import Score, macro_f1, score_items
from retold.measures.kappa import cohen_kappa
from retold.measures.spans import dice, length, shared
from retold.records import Span

TRIALS = 2000


def spans(*bounds: tuple[int, int]) -> list[Span]:
    return [Span(start, end, "x" * (end - start)) for start, end in bounds]


# --- counts -----------------------------------------------------------------------------------------


def test_scores_of_items():
    score = score_items(["a", "b", "b", "c"], ["b", "b", "d"])
    assert (score.precision, score.recall) == (2 / 4, 2 / 3)
    assert score.f1 == pytest.approx(4 / 7)
    assert (score + Score.of_hits(1, 1, 1)).f1 == pytest.approx(6 / 9)


def test_scores_without_items():
    assert score_items([], []).f1 is None
    assert score_items([], ["a"]).f1 == 0.0
    assert score_items([], ["a"]).precision is None
    assert score_items(["a"], ["b"]).f1 == 0.0


def test_macro_f1_on_random_labels():
    chance = random.Random(1)
    for _ in range(200):
        pairs = [(chance.choice("abc"), chance.choice("abc")) for _ in range(chance.randint(1, 12))]
        found, expected = zip(*pairs, strict=True)
        assert macro_f1(pairs) == pytest.approx(f1_score(expected, found, average="macro"))
    assert macro_f1([]) is None


# --- kappa ------------------------------------------------------------------------------------------


def test_kappa_of_a_table_of_proposals():
    """Two readers of 50 proposals: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = cohen_kappa(pairs)
    assert found.value == pytest.approx(0.4)
    assert (found.observed, found.n) == (0.7, 50)
    assert found.prevalence == {"y": 0.55, "n": 0.45}


def test_kappa_where_it_is_not_defined():
    assert cohen_kappa([]).value is None
    assert cohen_kappa([("a", "a")] * 3).value is None
    assert cohen_kappa([("a", "a")] * 3).observed == 1.0
    assert cohen_kappa([("a", "b")] * 3).value == 0.0


def test_kappa_on_random_labels():
    chance = random.Random(2)
    judged = 0
    for _ in range(TRIALS):
        labels = "abcd"[: chance.randint(2, 4)]
        pairs = [(chance.choice(labels), chance.choice(labels)) for _ in range(chance.randint(1, 15))]
        ours = cohen_kappa(pairs).value
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn warns where it answers nan
            theirs = cohen_kappa_score(*zip(*pairs, strict=True))
        assert math.isnan(theirs) if ours is None else ours == pytest.approx(theirs, abs=1e-12)
        judged += ours is not None
    assert judged > TRIALS / 2


# --- alpha ------------------------------------------------------------------------------------------


def units(*coders: str) -> list[list[str]]:
    """A unit's values, from one string a coder with ``.`` for a missing value."""
    return [[value for value in unit if value != "."] for unit in zip(*coders, strict=True)]


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [
        (("0100000010", "1110010000"), 0.095),  # A: two observers, binary
        (("aabbdcccedda", "babbbccceddd"), 0.692),  # B: two observers, nominal
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),  # C: four, missing data
    ],
)
def test_alpha_of_krippendorffs_examples(coders: Sequence[str], alpha: float):
    assert krippendorff_alpha(units(*coders)) == pytest.approx(alpha, abs=5e-4)


def test_alpha_where_it_is_not_defined():
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([["a"], ["b"]]) is None
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None


def test_alpha_of_two_coders_nears_kappa():
    """Alpha is Scott's pi with a correction for small samples."""
    chance = random.Random(3)
    pairs = [(x, x if chance.random() < 0.7 else chance.choice("abc")) for x in chance.choices("abc", k=4000)]
    assert krippendorff_alpha(pairs) == pytest.approx(cohen_kappa(pairs).value, abs=5e-3)


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [
        ("abc", "abc", 0.0),
        ("ab", "abc", 1 - 2 / 3 * 2 / 3),  # one holds the other
        ("abc", "bcd", 1 - 1 / 3 * 2 / 4),  # they overlap
        ("ab", "cd", 1.0),
        ("", "", 0.0),
        ("", "a", 1.0),
    ],
)
def test_masi(a: str, b: str, distance: float):
    assert masi(frozenset(a), frozenset(b)) == masi(frozenset(b), frozenset(a)) == pytest.approx(distance)


def test_alpha_of_sets_by_hand():
    """Three units: observed 0 + 5/9 + 0 over two values each, expected over all pairs of six values."""
    a, ab, c = frozenset("a"), frozenset("ab"), frozenset("c")
    found = krippendorff_alpha([[a, a], [a, ab], [c, c]], masi)
    step = masi(a, ab)
    assert step == pytest.approx(2 / 3)
    observed = 2 * step / 6
    expected = 2 * (3 * step + 3 * 2 * 1 + 1 * 2 * 1) / (6 * 5)
    assert found == pytest.approx(1 - observed / expected)


def test_alpha_of_sets_is_nominal_for_single_labels():
    pairs = units("aabbdcccedda", "babbbccceddd")
    sets = [[frozenset(value) for value in unit] for unit in pairs]
    assert krippendorff_alpha(sets, masi) == pytest.approx(krippendorff_alpha(pairs, nominal))


# --- coreference ------------------------------------------------------------------------------------

KEY = [set("abc"), set("defg")]
RESPONSE = [set("ab"), set("cd"), set("fghi")]


@pytest.mark.parametrize(
    ("measure", "recall", "precision"),
    [  # the worked example of Pradhan et al. 2014, and of Moosavi and Strube 2016 for LEA
        (muc, 2 / 5, 2 / 5),
        (b_cubed, 35 / 12 / 7, 4 / 8),
        (ceaf_e, 1.3 / 2, 1.3 / 3),
        (lea, (1 + 2 / 3) / 7, (2 + 2 / 3) / 8),
    ],
)
def test_coreference_of_the_published_example(measure, recall: float, precision: float):
    score = measure(RESPONSE, KEY)
    assert (score.recall, score.precision) == (pytest.approx(recall), pytest.approx(precision))


def test_lea_of_singletons():
    """A single mention is right if it is single there too."""
    score = lea([{"a"}, {"b"}, {"c", "d"}], [{"a"}, {"b", "c", "d"}])
    assert score.precision == pytest.approx((1 + 0 + 2) / 4)
    assert score.recall == pytest.approx((1 + 3 * 1 / 3) / 4)


def partition(chance: random.Random, mentions: Sequence[int]) -> list[set[int]]:
    clusters: dict[int, set[int]] = {}
    for mention in mentions:
        clusters.setdefault(chance.randint(0, 5), set()).add(mention)
    return list(clusters.values())


def test_coreference_on_random_partitions():
    chance = random.Random(4)
    for _ in range(TRIALS):
        found, expected = (
            partition(chance, chance.sample(range(14), chance.randint(1, 12))) for _ in range(2)
        )
        if chance.random() < 0.3:
            found, expected = without_singletons(found), without_singletons(expected)
            if not found or not expected:
                continue
        total = 0.0
        for ours, theirs in ((muc, scores.muc), (b_cubed, scores.b_cubed), (ceaf_e, scores.ceaf_e)):
            score = ours(found, expected)
            total += score.f1 or 0.0
            if score.found_right:  # scorch fails where nothing is right
                assert (score.recall, score.precision, score.f1) == pytest.approx(theirs(expected, found))
        assert conll_f1(found, expected) == pytest.approx(total / 3)


def test_coreference_of_equal_partitions_and_of_nothing():
    assert conll_f1(KEY, KEY) == 1.0
    assert lea(KEY, KEY).f1 == 1.0
    assert conll_f1([], []) is None
    assert lea([], KEY).f1 == 0.0
    assert without_singletons([{"a"}, {"b", "c"}]) == [{"b", "c"}]


def test_groupings_of_items_in_several_groups():
    """Items 1 and 2 share two groups on one side and one on the other; 3 is with them in neither."""
    found = {1: {"a", "b"}, 2: {"a", "b"}, 3: {"c"}}
    expected = {1: {"x"}, 2: {"x"}, 3: set()}
    score = extended_b_cubed(found, expected)
    assert score.precision == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)
    assert score.recall == 1.0
    assert extended_b_cubed({}, {}).f1 is None


def test_groupings_of_items_in_one_group_are_b_cubed():
    chance = random.Random(5)
    for _ in range(200):
        found, expected = (partition(chance, range(10)) for _ in range(2))
        one, other = (
            {item: {number} for number, cluster in enumerate(clusters) for item in cluster}
            for clusters in (found, expected)
        )
        ours, theirs = extended_b_cubed(one, other), b_cubed(found, expected)
        assert (ours.precision, ours.recall) == pytest.approx((theirs.precision, theirs.recall))


# --- spans and matching -----------------------------------------------------------------------------


def test_overlap_of_spans():
    one, other = spans((0, 4), (10, 14)), spans((2, 12))
    assert (length(one), shared(one, other)) == (8, 4)
    assert dice(one, other) == pytest.approx(2 * 4 / 18)
    assert dice([], []) == 1.0
    assert dice(one, []) == 0.0


def test_matching_takes_the_greatest_total_not_the_greatest_first():
    assert one_to_one({("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.8}) == [("a", "y"), ("b", "x")]


def test_matching_never_pairs_what_scores_nothing():
    assert one_to_one({("a", "x"): 1.0, ("b", "x"): 0.5, ("b", "y"): 0.0}) == [("a", "x")]
    assert one_to_one({}) == []


SCORES = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)), st.sampled_from([0.0, 0.5, 1.0]), max_size=20
)


@given(scores=SCORES, seed=st.integers())
def test_matching_does_not_depend_on_order(scores: dict[tuple[int, int], float], seed: int):
    shuffled = list(scores.items())
    random.Random(seed).shuffle(shuffled)
    assert one_to_one(dict(shuffled)) == one_to_one(scores)


@given(scores=SCORES)
def test_matching_is_one_to_one_and_the_best(scores: dict[tuple[int, int], float]):
    pairs = one_to_one(scores)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert sum(scores[pair] for pair in pairs) == pytest.approx(best_total(scores))


def best_total(scores: dict[tuple[int, int], float]) -> float:
    """The greatest total, by trying each pair of the first item that is left and none."""
    if not scores:
        return 0.0
    first = min(a for a, _ in scores)
    rest = {pair: score for pair, score in scores.items() if pair[0] != first}
    options = [best_total(rest)]
    for (a, b), score in scores.items():
        if a == first:
            options.append(score + best_total({pair: s for pair, s in rest.items() if pair[1] != b}))
    return max(options)


def test_matching_without_scipy_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    original = builtins.__import__

    def refuse(name: str, *args, **kwargs):
        if name.startswith("scipy"):
            raise ImportError(name)
        return original(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"retold\[score\]"):
        one_to_one({("a", "x"): 1.0, ("b", "x"): 0.5})
