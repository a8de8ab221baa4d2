"""The benchmark's formulas: against other people's code on random cases, and by hand against the papers."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from nervaluate import Evaluator
from scorch.scores import b_cubed, ceaf_e, conll2012, muc
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from sklearn.metrics import accuracy_score, average_precision_score, f1_score

from retold.benchmark.gold import Gold
from retold.benchmark.grouping import b_cubed_metric, pair_metric
from retold.benchmark.options import Options
from retold.benchmark.outcome import Metric, Outcome
from retold.benchmark.statistics import (
    Counted,
    Floats,
    accuracy,
    f1,
    f1_two_ways,
    label_counts,
    macro_accuracy,
    macro_f1,
    point,
)
from retold.benchmark.tallies import accuracy_metric, exact_counts
from retold.benchmark.tasks import checkability, coreference, entities, linking, topics
from retold.measures import coreference as plain
from retold.measures.clustering import extended_b_cubed
from retold.measures.contingency import Contingency
from retold.measures.counts import Score
from retold.measures.semeval import SCHEMES, Labelled, credit, match
from retold.records import (
    Article,
    Block,
    BlockTopics,
    Entity,
    Mention,
    Metadata,
    Sentence,
    SentenceLabel,
    Span,
)
from retold.schemas import MediaTopic
from retold.tokens import encode_tags

TRIALS = 2000
OPTIONS = Options()

# --- a gold made by hand ----------------------------------------------------------------------------


def gold_of(*articles: Article, **shared: object) -> Gold:
    """Return a gold of some articles with nothing in its registries but what is given."""
    empty = Gold(
        version=None,
        digest="",
        view="raw",
        articles={article.id: article for article in articles},
        splits={},
        entities={},
        utterances={},
        pairs=(),
        topics={},
        entity_types=("A", "B", "C"),
    )
    return replace(empty, **shared)


def article_of(paragraphs: Sequence[str], name: str = "one", **layers: object) -> Article:
    """Return an article of paragraphs, each a block ``p0``, ``p1`` … and each word of it a sentence."""
    blocks, at = [], 0
    for number, words in enumerate(paragraphs):
        places = list(words_of(words, at))
        sentences = [Sentence(f"{name}-s{span.start}", span) for span in places]
        blocks.append(Block(f"{name}-p{number}", "paragraph", at, at + len(words), tuple(sentences)))
        at += len(words) + 1
    metadata = Metadata(name, None, None, None, None, None, "en", "", None, (), {})
    empty = Article(name, "\n".join(paragraphs), "", metadata, tuple(blocks), (), (), (), (), (), (), (), ())
    return replace(empty, **layers)


def words_of(text: str, start: int = 0) -> Iterator[Span]:
    at = start
    for word in text.split(" "):
        yield Span(at, at + len(word), word)
        at += len(word) + 1


def mention_of(span: Span, entity: str | None = None, label: str = "A") -> Mention:
    return Mention(f"m{span.start}", span, "name", label, (), entity, None, None, None)


def entity_of(name: str, wikidata: str | None) -> Entity:
    return Entity(name, name, "A", wikidata, None, "", (), None)


def metric_of(outcome: Outcome, part: str, measure: str) -> Metric:
    """Return the one metric of a part and measure."""
    (metric,) = (metric for metric in outcome.metrics if metric.key == (part, measure))
    return metric


def value(metric: Metric, weights: Sequence[float] | None = None) -> float:
    """Return a score, ``nan`` where it is not defined."""
    units = metric.statistic.units
    row = np.ones(units) if weights is None else np.array(weights, dtype=np.float64)
    return float(metric.statistic.values(row[None])[0])


def weights_of(chance: random.Random, units: int) -> list[int]:
    """Draw as many units as there are with replacement, and return how often each is there."""
    drawn = Counter(chance.randrange(units) for _ in range(units))
    return [drawn[unit] for unit in range(units)]


# --- SemEval-2013 against nervaluate ----------------------------------------------------------------

Item = tuple[int, int, str]  # start, half-open end, label
THERE = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}


def counts_there(expected: Iterable[Item], found: Iterable[Item], *, end: int = -1) -> dict[str, list[float]]:
    """Return correct, partial, incorrect, missed, spurious and F1 as nervaluate counts them."""
    documents = [
        [[{"label": label, "start": a, "end": b + end} for a, b, label in side]] for side in (expected, found)
    ]
    scores = Evaluator(*documents, tags=["A", "B", "C"], loader="dict").evaluate()["overall"]
    return {
        name: [s.correct, s.partial, s.incorrect, s.missed, s.spurious, s.f1]
        for name, s in ((name, scores[there]) for name, there in THERE.items())
    }


def counts_here(expected: Sequence[Item], found: Sequence[Item]) -> dict[str, list[float]]:
    ours, theirs = ([Labelled(a, b, (label,)) for a, b, label in side] for side in (expected, found))
    pairs = match(ours, theirs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    counts = {}
    for scheme in SCHEMES:
        credited = Counter(credit(scheme, ours[i], theirs[j]) for i, j in pairs)
        sums = np.array(
            [sum(k * n for k, n in credited.items()), len(found), len(expected)], dtype=np.float64
        )
        unmatched = [len(expected) - len(pairs), len(found) - len(pairs)]
        counts[scheme] = [
            credited[1.0],
            credited[0.5],
            credited[0.0],
            *unmatched,
            float(np.nan_to_num(f1(sums))),
        ]
    return counts


def flat_items(chance: random.Random) -> list[Item]:
    """Return items in text order that do not overlap each other."""
    items, at, length = [], chance.randint(0, 3), chance.randint(0, 30)
    while at < length:
        end = at + chance.randint(1, 5)
        items.append((at, end, chance.choice("ABC")))
        at = end + chance.randint(0, 3)
    return items


def apart_items(chance: random.Random) -> tuple[list[Item], list[Item]]:
    """Return two such lists of which no item meets more than one of the other."""
    sides: tuple[list[Item], list[Item]] = ([], [])
    for place in range(0, 10 * chance.randint(0, 8), 10):
        item = (place + chance.randint(0, 3), place + chance.randint(5, 10), chance.choice("ABC"))
        for side in sides:
            kind = chance.random()
            if kind < 0.5:
                side.append(item)
            elif kind < 0.8:
                side.append(
                    (place + chance.randint(0, 4), place + chance.randint(5, 10), chance.choice("AB"))
                )
    return sides


def test_semeval_where_no_item_meets_two_is_as_in_nervaluate() -> None:
    chance = random.Random(1)
    seen: Counter[str] = Counter()
    for _ in range(TRIALS):
        expected, found = apart_items(chance)
        here, there = counts_here(expected, found), counts_there(expected, found)
        for scheme in SCHEMES:
            assert here[scheme] == pytest.approx(there[scheme]), (scheme, expected, found)
        kinds = ("correct", "partial", "incorrect", "missed", "spurious")
        seen.update(kind for kind, n in zip(kinds, here["partial"], strict=False) if n)
        seen.update(f"type {kind}" for kind, n in zip(kinds, here["type"], strict=False) if n)
    assert min(seen[kind] for kind in ("correct", "partial", "missed", "spurious", "type incorrect")) > 100


def test_semeval_of_any_flat_lists_differs_from_nervaluate_as_its_greed_does() -> None:
    """Extents: the same. Types: never fewer. Partial: never more, as a right type comes before a match."""
    chance = random.Random(2)
    differ: Counter[str] = Counter()
    for _ in range(TRIALS):
        expected, found = flat_items(chance), flat_items(chance)
        here, there = counts_here(expected, found), counts_there(expected, found)
        for scheme in ("strict", "exact"):
            assert (here[scheme][0], here[scheme][-1]) == pytest.approx((there[scheme][0], there[scheme][-1]))
        assert here["type"][0] >= there["type"][0]
        assert here["partial"][-1] <= there["partial"][-1] + 1e-12
        differ.update(scheme for scheme in SCHEMES if here[scheme][-1] != pytest.approx(there[scheme][-1]))
    assert 0 < differ["type"] < TRIALS / 8
    assert 0 < differ["partial"] < TRIALS / 20


def test_nervaluate_takes_ends_as_inclusive() -> None:
    """Two items side by side meet there if they are given half-open; ours never meet."""
    expected, found = [(0, 5, "A")], [(5, 9, "A")]
    assert counts_there(expected, found, end=0)["partial"][:5] == [0, 1, 0, 0, 0]
    assert counts_there(expected, found)["partial"][:5] == [0, 0, 0, 1, 1]
    assert counts_here(expected, found)["partial"][:5] == [0, 0, 0, 1, 1]


def test_nervaluate_depends_on_order() -> None:
    """The first prediction takes the gold there, though the second has the right type."""
    expected, found = [(3, 7, "B")], [(2, 4, "A"), (4, 8, "B")]
    assert counts_there(expected, found)["type"][:5] == [0, 0, 1, 0, 1]
    assert counts_there(expected, found[::-1])["type"][:5] == [1, 0, 0, 0, 1]
    for order in (found, found[::-1]):
        assert counts_here(expected, order)["type"][:5] == [1, 0, 0, 0, 1]


def test_nervaluate_misses_what_is_right_where_predictions_overlap() -> None:
    """The prediction that only overlaps takes the gold there before the right one comes."""
    expected, found = [(0, 4, "A")], [(0, 3, "A"), (0, 4, "A")]
    assert counts_there(expected, found)["strict"][:5] == [0, 0, 1, 0, 1]
    assert counts_here(expected, found)["strict"][:5] == [1, 0, 0, 0, 1]


def test_one_matching_serves_all_schemes() -> None:
    """A right type comes before a second match, so that partial counts 0.5 here, and 1.0 there."""
    expected, found = [(1, 5, "A"), (6, 11, "B")], [(3, 7, "B"), (10, 11, "A")]
    assert counts_here(expected, found)["partial"][:5] == [0, 1, 0, 1, 1]
    assert counts_there(expected, found)["partial"][:5] == [0, 2, 0, 0, 0]
    assert counts_here(expected, found)["type"][0] == 1
    assert counts_there(expected, found)["type"][0] == 1


def test_semeval_does_not_depend_on_order() -> None:
    """Not even of nested and doubled items. Partial F1 may, where two matchings share equally much."""
    chance = random.Random(3)
    for _ in range(TRIALS):
        expected, found = ([*flat_items(chance), *flat_items(chance)[:2]] for _ in range(2))
        first = counts_here(expected, found)
        chance.shuffle(expected)
        chance.shuffle(found)
        second = counts_here(expected, found)
        assert [first[s][0] for s in SCHEMES if s != "partial"] == [
            second[s][0] for s in SCHEMES if s != "partial"
        ]


def test_semeval_finds_items_far_apart_and_long() -> None:
    """Only items of one stretch of text are compared, and a long item has many."""
    expected = [(0, 1000, "A"), (5000, 5001, "B"), (5063, 5065, "A"), (5128, 5130, "C")]
    found = [(999, 1001, "A"), (5000, 5001, "B"), (5064, 5066, "A"), (5130, 5131, "C")]
    assert counts_here(expected, found)["type"][:5] == [3, 0, 0, 1, 1]


def test_what_decides_a_matching() -> None:
    """The same extent and type, then the same extent, then the same type, then the greater shared part."""
    gold = Labelled(0, 10, ("A",))
    worst_first = [(0, 3, "B"), (0, 9, "B"), (0, 3, "A"), (1, 10, "A"), (0, 10, "B"), (0, 10, "A")]
    for worse, better in combinations([Labelled(a, b, (label,)) for a, b, label in worst_first], 2):
        assert match([gold], [worse, better]) == [(0, 1)]
        assert match([gold], [better, worse]) == [(0, 0)]
    assert match([gold], [Labelled(10, 12, ("A",))]) == []


def test_semeval_by_hand() -> None:
    """The cases of SemEval-2013: right, another type, another extent, both, missed, and one too many.

    gold       A     A     A     A     A    –
    predicted  A     B     A+    B+    –    A      (+: the extent is another)
    strict     1     0     0     0     0    0      1/5
    exact      1     1     0     0     0    0      2/5
    partial    1     1     0.5   0.5   0    0      3/5
    type       1     0     1     0     0    0      2/5

    There are five of both, so that P = R = F1.
    """
    expected = [(0, 4, "A"), (10, 14, "A"), (20, 24, "A"), (30, 34, "A"), (40, 44, "A")]
    found = [(0, 4, "A"), (10, 14, "B"), (20, 25, "A"), (31, 34, "B"), (50, 54, "A")]
    counts = counts_here(expected, found)
    assert {scheme: count[-1] for scheme, count in counts.items()} == pytest.approx(
        {"strict": 1 / 5, "exact": 2 / 5, "partial": 3 / 5, "type": 2 / 5}
    )
    assert counts["partial"][:5] == [2, 2, 0, 1, 1]
    assert counts["type"][:5] == [2, 0, 2, 1, 1]


def test_semeval_of_a_mention_with_two_types() -> None:
    """A type of ``also`` is as right as the type itself."""
    (pair,) = match([Labelled(0, 4, ("A", "B"))], [Labelled(0, 4, ("B",))])
    assert pair == (0, 0)
    assert credit("strict", Labelled(0, 4, ("A", "B")), Labelled(0, 4, ("B",))) == 1.0
    assert credit("strict", Labelled(0, 4, ("A", "B")), Labelled(0, 4, ("C",))) == 0.0


# --- strict F1 of entities against seqeval ----------------------------------------------------------


def tags_of(items: Sequence[Item], length: int = 40) -> list[str]:
    return encode_tags([(n, n + 1) for n in range(length)], items)


def strict_there(expected: Sequence[Sequence[Item]], found: Sequence[Sequence[Item]]) -> list[float]:
    """Return precision, recall and F1 of sentences as seqeval has them, 0 where they are not defined."""
    tagged = [[tags_of(items) for items in side] for side in (expected, found)]
    report = classification_report(*tagged, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    return [float(report["micro avg"][name]) for name in ("precision", "recall", "f1-score")]


def spoiled(chance: random.Random, items: Iterable[Item]) -> list[Item]:
    """Return items as a tool may find them: some lost, some shorter, some of another type."""
    found = []
    for start, end, label in items:
        kind = chance.random()
        if kind < 0.6:
            found.append((start, end, label))
        elif kind < 0.75:
            found.append((start, end, chance.choice("ABC")))
        elif kind < 0.9 and end - start > 1:
            found.append((start + 1, end, label))
    return found


def sentence_pairs(chance: random.Random) -> tuple[list[list[Item]], list[list[Item]]]:
    expected = [flat_items(chance) for _ in range(chance.randint(1, 5))]
    return expected, [
        spoiled(chance, items) if chance.random() < 0.8 else flat_items(chance) for items in expected
    ]


def test_strict_f1_is_that_of_seqeval() -> None:
    chance = random.Random(4)
    for _ in range(TRIALS // 2):
        expected, found = sentence_pairs(chance)
        if not any(expected):
            continue
        counts = exact_counts(found, expected)
        hits, given, wanted = counts.sum(axis=0)
        ours = [hits / given if given else 0.0, hits / wanted, float(f1(counts.sum(axis=0)))]
        assert ours == pytest.approx(strict_there(expected, found))


def test_strict_f1_of_resampled_sentences_is_that_of_seqeval_on_copies() -> None:
    chance = random.Random(5)
    for _ in range(TRIALS // 4):
        expected, found = sentence_pairs(chance)
        weights = weights_of(chance, len(expected))
        copied = [
            [items for items, n in zip(side, weights, strict=True) for _ in range(n)]
            for side in (expected, found)
        ]
        if any(copied[0]):
            ours = Counted(exact_counts(found, expected), f1).values(np.array([weights], dtype=np.float64))
            assert float(ours[0]) == pytest.approx(strict_there(*copied)[2])


def test_the_entities_task_on_sentences_is_seqeval() -> None:
    """The whole task, from mentions in text; the second half of the sentences is an article of its own."""
    chance = random.Random(6)
    for _ in range(150):
        expected, found = sentence_pairs(chance)
        if not any(expected):
            continue
        half = (len(expected) + 1) // 2
        articles, predicted = [], {}
        for name, stretch in (("one", slice(0, half)), ("two", slice(half, None))):
            sentences = ["x" * 40 for _ in expected[stretch]] or ["x"]
            spans = [list(in_text(side[stretch])) for side in (expected, found)]
            mentions = tuple(mention_of(span, label=label) for span, label in spans[0])
            articles.append(article_of(sentences, name, mentions=mentions))
            predicted[name] = [entities.PredictedMention(span, label) for span, label in spans[1]]
        outcome = entities.evaluate(gold_of(*articles), predicted, OPTIONS)
        ours = outcome.headline
        assert [ours.precision or 0.0, ours.recall, value(ours)] == pytest.approx(
            strict_there(expected, found)
        )
        exact = [[[(a, b, "A") for a, b, _ in items] for items in side] for side in (expected, found)]
        theirs = strict_there(*exact)[2]
        assert value(metric_of(outcome, "names and values", "F1, exact")) == pytest.approx(theirs)


def in_text(sentences: Sequence[Sequence[Item]]) -> Iterator[tuple[Span, str]]:
    """Yield the items of sentences of forty characters, a line each, as spans of the text."""
    for number, items in enumerate(sentences):
        for start, end, label in items:
            yield Span(41 * number + start, 41 * number + end, "x" * (end - start)), label


def test_an_item_found_twice_is_right_once() -> None:
    counts = exact_counts([["a", "a", "b"], []], [["a"], ["c"]])
    assert counts.tolist() == [[1, 3, 1], [0, 0, 1]]
    assert float(f1(counts.sum(axis=0))) == pytest.approx(2 * 1 / (3 + 2))


# --- coreference ------------------------------------------------------------------------------------

MEASURES: list[tuple[str, Callable, Callable]] = [
    ("muc", muc, plain.muc),
    ("b_cubed", b_cubed, plain.b_cubed),
    ("ceaf_e", ceaf_e, plain.ceaf_e),
]
Partition = list[set[int]]
UNITS = 16


def partition(chance: random.Random, mentions: Sequence[int]) -> Partition:
    clusters: defaultdict[int, set[int]] = defaultdict(set)
    for mention in mentions:
        clusters[chance.randint(0, chance.choice((3, 7)))].add(mention)
    return list(clusters.values())


def partitions(chance: random.Random) -> tuple[Partition, Partition]:
    """Return a found and an expected partition; each has mentions of its own, some have no singletons."""
    found, expected = (
        partition(chance, chance.sample(range(UNITS), chance.randint(1, 14))) for _ in range(2)
    )
    if chance.random() < 0.3:
        found, expected = ([c for c in side if len(c) > 1] for side in (found, expected))
    return found, expected


def contingency(
    found: Sequence[Iterable[Hashable]],
    expected: Sequence[Iterable[Hashable]],
    unit_of: Mapping[Hashable, int] | None = None,
) -> Contingency:
    """Return the contingency of two partitions; each mention is a unit unless told otherwise."""
    sides = [{m: n for n, cluster in enumerate(side) for m in cluster} for side in (found, expected)]
    numbers = unit_of or {m: n for n, m in enumerate(dict.fromkeys([*sides[0], *sides[1]]))}
    return Contingency(*sides, numbers, UNITS)


def scored(sums: Floats) -> tuple[float, float, float]:
    """Return recall, precision and F1 of one row of sums, 0 where they are not defined."""
    right, given, recalled, wanted = sums[0]
    value = float(np.nan_to_num(f1_two_ways(sums))[0])
    return recalled / wanted if wanted else 0.0, right / given if given else 0.0, value


def once(counts: Contingency, name: str) -> tuple[float, float, float]:
    """Return recall, precision and F1 where every unit is there once."""
    return scored(getattr(counts, name)(np.ones((1, UNITS))))


def share_mentions(found: Iterable[Set], expected: Iterable[Set]) -> bool:
    """Whether anything can be right; scorch fails where nothing is."""
    return not set().union(*found).isdisjoint(set().union(*expected))


def said(score: Score) -> tuple[float, float, float]:
    return score.recall or 0.0, score.precision or 0.0, score.f1 or 0.0


def test_contingency_on_random_partitions() -> None:
    chance = random.Random(7)
    alone = 0
    for _ in range(TRIALS):
        found, expected = partitions(chance)
        counts = contingency(found, expected)
        shared = share_mentions(found, expected)
        for name, there, here in MEASURES:
            ours = once(counts, name)
            assert ours == pytest.approx(said(here(found, expected))), name
            assert ours == pytest.approx(there(expected, found) if shared else (0.0, 0.0, 0.0)), name
        assert once(counts, "lea") == pytest.approx(said(plain.lea(found, expected)))
        if shared:
            mean = sum(once(counts, name)[2] for name, *_ in MEASURES) / 3
            assert mean == pytest.approx(conll2012(expected, found))
        alone += {m for c in found for m in c} != {m for c in expected for m in c}
    assert alone > TRIALS / 2


def test_contingency_of_weighted_mentions_is_that_of_copies() -> None:
    """Several mentions are of one unit, and a unit is there no times, once, or more often."""
    chance = random.Random(8)
    for _ in range(TRIALS // 2):
        found, expected = partitions(chance)
        mentions = {m for side in (found, expected) for c in side for m in c}
        units = chance.randint(1, 6)
        unit_of = {m: chance.randrange(units) for m in range(16)}
        counts = Contingency(
            *({m: n for n, c in enumerate(side) for m in c} for side in (found, expected)), unit_of, units
        )
        weights = [[chance.randint(0, 3) for _ in range(units)] for _ in range(3)]
        copies = [[copied(side, unit_of, row) for side in (found, expected)] for row in weights]
        for name, here in [*((name, here) for name, _, here in MEASURES), ("lea", plain.lea)]:
            sums = getattr(counts, name)(np.array(weights, dtype=np.float64))
            for row, (left, right) in zip(sums, copies, strict=True):
                assert scored(row[None]) == pytest.approx(said(here(left, right))), (name, mentions)


def copied(clusters: Partition, unit_of: Mapping[int, int], weights: Sequence[int]) -> list[set[Hashable]]:
    """Return the clusters with each mention as often as its unit is drawn."""
    drawn = [{(m, n) for m in cluster for n in range(weights[unit_of[m]])} for cluster in clusters]
    return [cluster for cluster in drawn if cluster]


def test_contingency_of_nothing() -> None:
    for found, expected in (([], []), ([], [{1, 2}]), ([{1, 2}], [])):
        counts = contingency(found, expected)
        for name in coreference.MEASURES:
            assert once(counts, name) == (0.0, 0.0, 0.0)


def test_the_coreference_task_is_conll2012() -> None:
    """The whole task, from mentions in text: two articles whose clusters are not the same ones."""
    chance = random.Random(9)
    for _ in range(100):
        sides = {name: partitions(chance) for name in ("one", "two")}
        articles, predicted = [], {}
        for name, (found, expected) in sides.items():
            places = list(words_of("w w w w w w w w w w w w w w w w"))
            mentions = [(m, f"e{n}") for n, cluster in enumerate(expected) for m in cluster]
            layers = {"mentions": tuple(mention_of(places[m], entity) for m, entity in sorted(mentions))}
            articles.append(article_of([" ".join("w" * 16)], name, **layers))
            predicted[name] = [
                coreference.PredictedMention(places[m], str(n)) for n, c in enumerate(found) for m in c
            ]
        outcome = coreference.evaluate(gold_of(*articles), predicted, OPTIONS)
        found, expected = (
            [{(name, m) for m in c} for name, both in sides.items() for c in both[side]] for side in (0, 1)
        )
        if share_mentions(found, expected):
            assert value(outcome.headline) == pytest.approx(conll2012(expected, found))
            assert value(metric_of(outcome, "within articles", "B³")) == pytest.approx(
                b_cubed(expected, found)[2]
            )


# The example of Bagga and Baldwin 1998 (B³) and Luo 2005 (CEAF), twelve mentions 1 … 9, a, b, c.
TRUTH = ["12345", "67", "89abc"]
TWO_JOINED = ["12345", "6789abc"]  # Luo's response (a)
TWO_FAR_JOINED = ["1234589abc", "67"]  # (b)
ALL_JOINED = ["123456789abc"]  # (c)
ALL_APART = list("123456789abc")  # (d)


@pytest.mark.parametrize(
    ("response", "measure", "recall", "precision"),
    [
        # Of 4 + 1 + 4 = 9 links of the truth none is cut. Of the 4 + 6 and of the 9 + 1 links of the two
        # responses one is wrong: MUC cannot tell which is worse.
        (TWO_JOINED, "muc", 9 / 9, 9 / 10),
        (TWO_FAR_JOINED, "muc", 9 / 9, 9 / 10),
        (ALL_JOINED, "muc", 9 / 9, 9 / 11),
        # Five mentions stand in a right cluster: 5 · 5/5. Of seven together, 2 · 2/7 and 5 · 5/7.
        # (5 + 4/7 + 25/7) / 12 = (64/7) / 12 = 16/21 = .76
        (TWO_JOINED, "b_cubed", 1.0, 16 / 21),
        # Ten mentions stand with five that belong to them: 10 · 5/10; two are right: 2 · 2/2. 7/12 = .58
        (TWO_FAR_JOINED, "b_cubed", 1.0, 7 / 12),
        # (5 · 5/12 + 2 · 2/12 + 5 · 5/12) / 12 = 54/144
        (ALL_JOINED, "b_cubed", 1.0, 54 / 144),
        # Each finds itself alone of its cluster: (5 · 1/5 + 2 · 1/2 + 5 · 1/5) / 12
        (ALL_APART, "b_cubed", 3 / 12, 1.0),
        # 12345 is itself: 1. 89abc is in 6789abc: 2 · 5 / (5 + 7) = 5/6. Three clusters, two responses.
        (TWO_JOINED, "ceaf_e", (11 / 6) / 3, (11 / 6) / 2),
        # 67 is itself: 1. One of the fives is in the ten: 2 · 5 / (5 + 10) = 2/3.
        (TWO_FAR_JOINED, "ceaf_e", (5 / 3) / 3, (5 / 3) / 2),
        # One of the fives is in the twelve: 2 · 5 / (5 + 12).
        (ALL_JOINED, "ceaf_e", (10 / 17) / 3, 10 / 17),
        # Each cluster gets one of its mentions: 2 · 1 / (1 + 5) twice, 2 · 1 / (1 + 2) once; 4/3 in all.
        (ALL_APART, "ceaf_e", (4 / 3) / 3, (4 / 3) / 12),
        # Of 10 + 1 + 10 links all are kept. 6789abc keeps 1 + 10 of 21: (5 · 10/10 + 7 · 11/21) / 12
        (TWO_JOINED, "lea", 1.0, (5 + 7 * 11 / 21) / 12),
        # The ten keep 10 + 10 of 45: (10 · 20/45 + 2 · 1/1) / 12
        (TWO_FAR_JOINED, "lea", 1.0, (10 * 20 / 45 + 2) / 12),
    ],
)
def test_the_twelve_mentions_of_bagga_and_baldwin(
    response: list[str], measure: str, recall: float, precision: float
) -> None:
    expected = (recall, precision, 2 * recall * precision / (recall + precision))
    assert once(contingency(response, TRUTH), measure) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("response", "b_cubed_f1", "ceaf_e_f1"),
    [
        (TWO_JOINED, 0.865, 0.733),
        (TWO_FAR_JOINED, 0.737, 0.667),
        (ALL_JOINED, 0.545, 0.294),
        (ALL_APART, 0.400, 0.178),
    ],
)
def test_the_table_of_luo(response: list[str], b_cubed_f1: float, ceaf_e_f1: float) -> None:
    counts = contingency(response, TRUTH)
    assert once(counts, "b_cubed")[2] == pytest.approx(b_cubed_f1, abs=5e-4)
    assert once(counts, "ceaf_e")[2] == pytest.approx(ceaf_e_f1, abs=5e-4)


@pytest.mark.parametrize(
    ("measure", "recall", "precision"),
    [
        # Pradhan et al. 2014: abc is in two pieces, defg in three (d, fg, and e alone): (1 + 1) / (2 + 3).
        # ab is in one piece, cd in two, fghi in three (fg, h, i): (1 + 0 + 1) / (1 + 1 + 3).
        ("muc", 2 / 5, 2 / 5),
        # (a, b: 2/3 each; c: 1/3; d: 1/4; f, g: 2/4 each) / 7 and (a, b: 1; c, d: 1/2; f, g: 2/4) / 8
        ("b_cubed", (4 / 3 + 1 / 3 + 1 / 4 + 1) / 7, (2 + 1 + 1) / 8),
        # abc – ab: 2 · 2/5; defg – fghi: 2 · 2/8. 1.3 in all, of two clusters and of three.
        ("ceaf_e", 1.3 / 2, 1.3 / 3),
        # Moosavi and Strube 2016: abc keeps ab of three links, defg keeps fg of six: (3/3 + 4/6) / 7 = .24.
        # ab keeps its one, cd none, fghi one of six: (2 · 1 + 2 · 0 + 4 · 1/6) / 8 = .33
        ("lea", (3 * 1 / 3 + 4 * 1 / 6) / 7, (2 * 1 + 2 * 0 + 4 * 1 / 6) / 8),
    ],
)
def test_the_example_of_pradhan_and_of_moosavi(measure: str, recall: float, precision: float) -> None:
    ours = once(contingency(["ab", "cd", "fghi"], ["abc", "defg"]), measure)
    assert ours[:2] == pytest.approx((recall, precision))


def test_lea_of_a_mention_that_is_alone_only_in_a_resample() -> None:
    """Drawn without b, a is alone on both sides, and right; drawn twice, a is a link to itself."""
    counts = contingency(["ab"], ["ab"], {"a": 0, "b": 1})
    weights = np.zeros((3, UNITS))
    weights[:, 0] = 1, 2, 0
    sums = counts.lea(weights)
    assert sums.tolist() == [[1, 1, 1, 1], [2, 2, 2, 2], [0, 0, 0, 0]]


# --- labels against scikit-learn --------------------------------------------------------------------

Judged = tuple[int, str | None, str | None]  # unit, found, expected


def random_labels(chance: random.Random) -> tuple[list[Judged], int]:
    """Return items with labels, some of which were not found at all; and how many units they are in."""
    units = chance.randint(1, 5)
    return [
        (chance.randrange(units), chance.choice(["a", "b", "c", None]), chance.choice("abc"))
        for _ in range(chance.randint(1, 20))
    ], units


def test_macro_f1_and_accuracy_are_those_of_scikit_learn() -> None:
    chance = random.Random(10)
    for _ in range(TRIALS // 5):
        items, units = random_labels(chance)
        weights = [1] * units if chance.random() < 0.5 else weights_of(chance, units)
        found = [found or "nothing" for _, found, _ in items]
        expected = [expected for *_, expected in items]
        each = [weights[unit] for unit, *_ in items]
        row = np.array([weights], dtype=np.float64)
        counts, labels = label_counts(items, units)
        there = sorted({x for pair, w in zip(items, each, strict=True) if w for x in pair[1:] if x})
        ours = float(macro_f1(len(labels))(row @ counts)[0])
        if not there:
            assert np.isnan(ours)
            continue
        options = {"labels": there, "average": "macro", "sample_weight": each, "zero_division": 0}
        assert ours == pytest.approx(f1_score(expected, found, **options))
        metric = accuracy_metric("", [(unit, f == e) for unit, f, e in items], units)
        theirs = accuracy_score(expected, found, sample_weight=each)
        assert float(metric.statistic.values(row)[0]) == pytest.approx(theirs)


def test_f1_is_that_of_scikit_learn() -> None:
    chance = random.Random(11)
    for _ in range(TRIALS // 10):
        pairs = [(chance.random() < 0.4, chance.random() < 0.4) for _ in range(chance.randint(1, 15))]
        sums = np.array([[f and e, f, e] for f, e in pairs], dtype=np.float64).sum(axis=0)
        if sums[1] + sums[2]:
            theirs = f1_score([e for _, e in pairs], [f for f, _ in pairs], zero_division=0)
            assert float(f1(sums)) == pytest.approx(theirs)
        else:
            assert np.isnan(f1(sums))


def test_f1_two_ways_is_that_of_a_score() -> None:
    chance = random.Random(12)
    for _ in range(500):
        found, expected = chance.randint(0, 3), chance.randint(0, 3)
        score = Score(chance.uniform(0, found), found, chance.uniform(0, expected), expected)
        sums = np.array([[score.found_right, score.found, score.expected_found, score.expected]])
        ours = float(f1_two_ways(sums)[0])
        assert np.isnan(ours) if score.f1 is None else ours == pytest.approx(score.f1)


def test_formulas_by_hand() -> None:
    """Label a: F1 2/3; b: 0 of two; c is neither found nor expected. Groups: 3/4, 0/1, none."""
    sums = np.array([1.0, 1, 2, 0, 1, 1, 0, 0, 0])
    assert float(macro_f1(3)(sums)) == pytest.approx((2 / 3 + 0) / 2)
    assert float(macro_accuracy(3)(np.array([3.0, 4, 0, 1, 0, 0]))) == pytest.approx((3 / 4 + 0) / 2)
    assert float(accuracy(np.array([3.0, 4.0]))) == 0.75
    for formula, width in ((f1, 3), (accuracy, 2), (macro_f1(2), 6), (macro_accuracy(2), 4)):
        assert np.isnan(formula(np.zeros(width)))
    assert np.isnan(f1_two_ways(np.zeros((1, 4)))[0])


# --- average precision ------------------------------------------------------------------------------


def labelled_of(sentences: Sequence[Sequence[bool]]) -> Article:
    """Return an article of paragraphs of one-word sentences that are checkable or not."""
    article = article_of([" ".join("w" * len(paragraph)) for paragraph in sentences])
    parts = [sentence.id for block in article.blocks for sentence in block.sentences]
    judged = [checkable for paragraph in sentences for checkable in paragraph]
    labels = [
        SentenceLabel(name, "checkable" if checkable else "none", None)
        for name, checkable in zip(parts, judged, strict=True)
    ]
    return replace(article, sentence_labels=tuple(labels))


def average_precision(article: Article, scores: Sequence[float | None]) -> Metric:
    """Return the metric of sentences with some score each, ``None`` for one that is left out."""
    predicted = [
        checkability.PredictedLabel(label.sentence, "checkable", score)
        for label, score in zip(article.sentence_labels, scores, strict=True)
        if score is not None
    ]
    outcome = checkability.evaluate(gold_of(article), {article.id: predicted}, OPTIONS)
    return metric_of(outcome, "checkable", "average precision")


def test_average_precision_is_that_of_scikit_learn() -> None:
    """With ties, sentences that are left out, and blocks that are drawn no times or more often."""
    chance = random.Random(13)
    for _ in range(TRIALS // 5):
        sentences = [
            [chance.random() < 0.5 for _ in range(chance.randint(1, 5))] for _ in range(chance.randint(1, 5))
        ]
        flat = [checkable for paragraph in sentences for checkable in paragraph]
        scores = [chance.choice([None, -1.5, 0.0, 0.2, 0.2, 0.5, chance.random()]) for _ in flat]
        metric = average_precision(labelled_of(sentences), scores)
        given = [-1e9 if score is None else score for score in scores]
        for weights in ([1] * len(sentences), weights_of(chance, len(sentences))):
            each = [weights[n] for n, paragraph in enumerate(sentences) for _ in paragraph]
            if sum(w for w, checkable in zip(each, flat, strict=True) if checkable):
                theirs = average_precision_score(flat, given, sample_weight=each)
                assert value(metric, weights) == pytest.approx(theirs)
            else:
                assert np.isnan(value(metric, weights))


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        # Right at ranks 1, 3 and 4: (1/1 + 2/3 + 3/4) / 3
        ([0.9, 0.8, 0.7, 0.6, 0.5], (1 + 2 / 3 + 3 / 4) / 3),
        # Ranks 2 and 3 are one threshold, behind which two of three are right: the same.
        ([0.9, 0.7, 0.7, 0.6, 0.5], (1 + 2 / 3 + 3 / 4) / 3),
        # All are one threshold, behind which three of five are right.
        ([0.5, 0.5, 0.5, 0.5, 0.5], 3 / 5),
        # The wrong two come first: right at ranks 3, 4 and 5.
        ([0.1, 0.8, 0.2, 0.3, 0.9], (1 / 3 + 2 / 4 + 3 / 5) / 3),
        # A right one and a wrong one are left out: one threshold at the end, behind which 3/5 are right.
        ([0.9, 0.8, 0.7, None, None], (1 + 2 / 3 + 3 / 5) / 3),
    ],
)
def test_average_precision_by_hand(scores: list[float | None], expected: float) -> None:
    article = labelled_of([[True, False, True], [True, False]])
    assert value(average_precision(article, scores)) == pytest.approx(expected)


def test_average_precision_needs_a_score_of_every_prediction() -> None:
    article = labelled_of([[True, False]])
    labels = [
        checkability.PredictedLabel(label.sentence, "checkable", None) for label in article.sentence_labels
    ]
    outcome = checkability.evaluate(
        gold_of(article), {"one": [replace(labels[0], score=0.5), labels[1]]}, OPTIONS
    )
    assert not [metric for metric in outcome.metrics if metric.measure == "average precision"]
    assert value(outcome.headline) == pytest.approx(2 * 1 / (2 + 1))


# --- groupings --------------------------------------------------------------------------------------

Grouping = dict[str, set[str]]


def grouping(chance: random.Random, items: Sequence[str]) -> Grouping:
    """Put each item in no, one or two groups; leave some items out."""
    sizes = {item: chance.choice((0, 1, 1, 1, 2)) for item in items if chance.random() < 0.9}
    return {item: set(chance.sample("uvwxyz", size)) for item, size in sizes.items()}


def copies_of(
    groups: Grouping, unit_of: Mapping[str, int], weights: Sequence[int]
) -> dict[Hashable, set[Hashable]]:
    return {(item, n): set(own) for item, own in groups.items() for n in range(weights[unit_of[item]])}


def test_grouping_is_extended_b_cubed_of_copies() -> None:
    chance = random.Random(14)
    for _ in range(TRIALS // 4):
        items = [f"i{n}" for n in range(chance.randint(1, 9))]
        found, expected = grouping(chance, items), grouping(chance, items)
        units = chance.randint(1, 5)
        unit_of = {item: chance.randrange(units) for item in items}
        metric = b_cubed_metric("", found, expected, unit_of, units)
        plain_score = extended_b_cubed(found, expected)
        assert (metric.precision, metric.recall) == pytest.approx((plain_score.precision, plain_score.recall))
        for weights in ([1] * units, weights_of(chance, units), [chance.randint(0, 3) for _ in range(units)]):
            score = extended_b_cubed(*(copies_of(side, unit_of, weights) for side in (found, expected)))
            ours = value(metric, weights)
            assert np.isnan(ours) if score.f1 is None else ours == pytest.approx(score.f1)


def test_pairs_of_one_group() -> None:
    """By counting; a pair of two units is there as often as both are drawn, of one unit as often as it is."""
    chance = random.Random(15)
    for _ in range(TRIALS // 4):
        items = [f"i{n}" for n in range(chance.randint(1, 9))]
        sides = [grouping(chance, items) for _ in range(2)]
        units = chance.randint(1, 5)
        unit_of = {item: chance.randrange(units) for item in items}
        metric = pair_metric("", *sides, unit_of, units)
        for weights in ([1] * units, weights_of(chance, units)):
            sums = np.zeros(3)
            for a, b in combinations(items, 2):
                found, expected = (bool(side.get(a, set()) & side.get(b, set())) for side in sides)
                one, other = unit_of[a], unit_of[b]
                often = weights[one] if one == other else weights[one] * weights[other]
                sums += often * np.array([found and expected, found, expected])
            assert value(metric, weights) == pytest.approx(float(f1(sums)), nan_ok=True)


def test_grouping_by_hand() -> None:
    """In how many groups two items are together counts, not only whether (Amigó et al. 2009).

    Precision of 1: found in three groups, it belongs in one, min(1, 3) / 3 with itself; with 2 it is found in
    two and belongs in one, 1/2; with 3 it does not belong, 0. Of 2: 1/2 with 1, and 1/2 with itself. Of 3: 0
    with 1, and 1 with itself. Recall: what belongs together is found together, in no fewer groups.
    """
    found = {"1": {"x", "y", "z"}, "2": {"x", "y"}, "3": {"z"}}
    expected = {"1": {"t"}, "2": {"t"}, "3": {"u"}}
    metric = b_cubed_metric("", found, expected, {"1": 0, "2": 1, "3": 2}, 3)
    assert metric.precision == pytest.approx(
        ((1 / 3 + 1 / 2 + 0) / 3 + (1 / 2 + 1 / 2) / 2 + (0 + 1) / 2) / 3
    )
    assert metric.recall == 1.0


# --- hierarchical F1 --------------------------------------------------------------------------------


def tree(broader: Mapping[str, str | None]) -> dict[str, MediaTopic]:
    return {code: MediaTopic(code, f"Label of {code}", above, None) for code, above in broader.items()}


def topic_outcome(
    broader: Mapping[str, str | None], blocks: Sequence[tuple[Iterable[str], Iterable[str]]]
) -> Outcome:
    """Score blocks, each given as its topics found and expected."""
    article = article_of(["w"] * len(blocks))
    expected = [BlockTopics(f"one-p{n}", tuple(sorted(topics))) for n, (_, topics) in enumerate(blocks)]
    found = [(f"one-p{n}", sorted(topics)) for n, (topics, _) in enumerate(blocks)]
    gold = gold_of(replace(article, block_topics=tuple(expected)), topics=tree(broader))
    return topics.evaluate(gold, {"one": found}, OPTIONS)


def above(code: str, broader: Mapping[str, str | None]) -> set[str]:
    """Return a topic and all broader ones."""
    step = broader.get(code)
    return {code} | (above(step, broader) if step else set())


def test_hierarchical_f1_on_random_trees() -> None:
    """Against the definition: sums over blocks of the widened sets and of what they share."""
    chance = random.Random(16)
    for _ in range(500):
        codes = [f"t{n}" for n in range(chance.randint(1, 12))]
        broader = {code: chance.choice([None, *codes[:n]]) for n, code in enumerate(codes)}
        blocks = [
            tuple(set(chance.choices([*codes, "unknown"][end:], k=chance.randint(0, 3))) for end in (0, 0))
            for _ in range(chance.randint(1, 5))
        ]
        blocks = [(found, expected - {"unknown"}) for found, expected in blocks]
        wide = [[{x for code in side for x in above(code, broader)} for side in both] for both in blocks]
        tops = [[{x for x in side if broader.get(x) is None} for side in both] for both in wide]
        outcome = topic_outcome(broader, blocks)
        for part, measure, sets in (
            ("blocks", "hierarchical F1", wide),
            ("blocks", "set F1", blocks),
            ("blocks, topmost topics", "set F1", tops),
        ):
            metric = metric_of(outcome, part, measure)
            shared, found, expected = (
                sum(len(f & e) for f, e in sets),
                sum(len(f) for f, _ in sets),
                sum(len(e) for _, e in sets),
            )
            assert metric.precision == (pytest.approx(shared / found) if found else None)
            assert metric.recall == (pytest.approx(shared / expected) if expected else None)
            if found + expected:
                assert value(metric) == pytest.approx(2 * shared / (found + expected))


def test_hierarchical_f1_by_hand() -> None:
    """As Kiritchenko et al. do it: each set is widened by what is above its members, then counted.

    a – b – c (c right below b) and a – d. Block 1: c is found for b. {a, b, c} and {a, b} share 2.
    Block 2: d for c. {a, d} and {a, b, c} share 1. Block 3: e, of another tree, for d: {e} and {a, d} share
    none.
    hP = (2 + 1 + 0) / (3 + 2 + 1), hR = (2 + 1 + 0) / (2 + 3 + 2), and F1 = 6 / 13; no set is right.
    """
    broader = {"a": None, "b": "a", "c": "b", "d": "a", "e": None}
    outcome = topic_outcome(broader, [({"c"}, {"b"}), ({"d"}, {"c"}), ({"e"}, {"d"})])
    headline = outcome.headline
    assert (headline.precision, headline.recall) == (pytest.approx(3 / 6), pytest.approx(3 / 7))
    assert value(headline) == pytest.approx(6 / 13)
    assert value(metric_of(outcome, "blocks", "set F1")) == 0.0
    # The topmost topics: a for a, a for a, e for a.
    assert value(metric_of(outcome, "blocks, topmost topics", "set F1")) == pytest.approx(2 / 3)


def test_topics_by_label_are_topics_by_code() -> None:
    broader = {"a": None, "b": "a"}
    by_code = topic_outcome(broader, [({"a", "b"}, {"b"})])
    by_label = topic_outcome(broader, [({" label OF a", "Label of b", "b"}, {"b"})])
    assert value(by_code.headline) == value(by_label.headline) == 1.0
    assert value(metric_of(by_label, "blocks", "set F1")) == pytest.approx(2 / 3)


# --- linking ----------------------------------------------------------------------------------------


def linking_outcome(entity_of_word: Mapping[int, str], links: Iterable[tuple[int, str | None]]) -> Outcome:
    """Score links of words, of which some are names; the entity ``nil`` has no item."""
    places = list(words_of("w w w w w w w w"))
    mentions = tuple(mention_of(places[n], entity) for n, entity in entity_of_word.items())
    known = {"one": entity_of("one", "Q1"), "two": entity_of("two", "Q2"), "nil": entity_of("nil", None)}
    gold = gold_of(article_of(["w w w w", "w w w w"], mentions=mentions), entities=known)
    return linking.evaluate(
        gold, {"one": [linking.PredictedLink(places[n], item) for n, item in links]}, OPTIONS
    )


NAMES = {0: "one", 1: "one", 4: "one", 5: "two", 6: "nil"}


def test_entity_macro_accuracy_by_hand() -> None:
    """Entity one: 2 of 3 names right; two: 0 of 1; nil: 1 of 1. Macro (2/3 + 0 + 1) / 3; names 3 of 5.

    End to end: of four names with an item two have it; four items are said (Q1, Q1, Q9, and one of a word
    that is no name): P = R = 2/4.
    """
    outcome = linking_outcome(NAMES, [(0, "Q1"), (1, "Q1"), (4, "Q9"), (6, None), (7, "Q2")])
    assert value(outcome.headline) == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert value(metric_of(outcome, "names", "accuracy")) == pytest.approx(3 / 5)
    assert value(metric_of(outcome, "names without an item", "accuracy")) == 1.0
    inkb = metric_of(outcome, "Wikidata items, end to end", "InKB F1")
    assert (inkb.precision, inkb.recall, value(inkb)) == (0.5, 0.5, 0.5)
    # The first block alone has two names, of entity one; both are right.
    assert value(outcome.headline, [1, 0]) == 1.0
    # The second alone: one 0 of 1, two 0 of 1, nil 1 of 1.
    assert value(outcome.headline, [0, 1]) == pytest.approx(1 / 3)
    # The first twice, the second once: one 4 of 5.
    assert value(outcome.headline, [2, 1]) == pytest.approx((4 / 5 + 0 + 1) / 3)


def test_two_items_for_one_name_are_wrong() -> None:
    outcome = linking_outcome(NAMES, [(0, "Q1"), (0, "Q9"), (1, "Q1"), (4, "Q1"), (4, "Q1")])
    assert value(metric_of(outcome, "names", "accuracy")) == pytest.approx(2 / 5)


def test_point_is_none_where_a_score_is_not_defined() -> None:
    assert point(Counted(np.zeros((3, 3)), f1)) is None
    assert point(Counted(np.array([[1.0, 1.0, 2.0]]), f1)) == pytest.approx(2 / 3)
