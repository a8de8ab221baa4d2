"""Edges of scoring that once gave a wrong number."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np

from retold.benchmark.placement import EXACT, NOT_FOUND, Placer, is_unplaced, unplaced
from retold.benchmark.resampling import Resampler
from retold.benchmark.statistics import Counted, Weighted, f1_two_ways, macro_f1, point
from retold.benchmark.tasks import coreference, entities
from retold.measures import coreference as plain
from retold.records import Span
from test_benchmark_measures import (
    OPTIONS,
    article_of,
    gold_of,
    linking_outcome,
    mention_of,
    metric_of,
)
from test_benchmark_placement import reader_of


def test_white_space():
    reader = reader_of("Then Russia came.")
    assert reader.flat([{"text": " Russia"}]) == [Span(5, 11, "Russia")]


def test_parts_of_one_item_do_not_share_words():
    text = "“We,” he said, “we will win.”"
    own, *_ = Placer(text.lower()).start().place_group(["we will win", "we"], [])
    assert [s.start for s in own] == [16, 1]


def test_repeated_items_of_several_strings():
    reader = reader_of("“Yes,” said Bo. “Yes,” said Al.")
    spans = list(reader.groups([(["Yes"], ["Bo"]), (["Yes"], ["Al"])]))
    assert [own[0].start for own, _ in spans] == [1, 17]


def test_lost_mentions_are_different_ones():
    article = article_of(["w w"])
    article = replace(article, mentions=(mention_of(Span(0, 1, "w"), "e1"),))
    lost = [coreference.PredictedMention(unplaced(words), words) for words in ("Ann", "Bob", "Cyr")]
    outcome = coreference.evaluate(gold_of(article), {"one": lost}, OPTIONS)
    assert outcome.headline.found == 3
    assert metric_of(outcome, "mentions", "F1, exact").found == 3


def test_no_labels_in_many_units():
    interval = Resampler(10).interval(Counted(np.zeros((2_001, 0)), macro_f1(0)))
    assert interval.value is None


def test_roles_lost_with_their_item_are_counted():
    reader = reader_of("Bo said yes")
    list(reader.groups([(["no"], ["said"], ["Bo"])]))
    assert reader.placer.how == {NOT_FOUND: 3}


def test_mentions_beyond_the_occurrences_are_counted():
    reader = reader_of("Ann met Bob")
    reader.flat([{"text": "Ann"}, {"text": "Ann"}])
    assert reader.placer.how == {EXACT: 1, NOT_FOUND: 1}


def test_longer_than_the_text():
    text = "The dam was closed on Monday."
    reader = reader_of(text)
    (span,) = reader.flat([{"text": "He said: “" + text + " And much more was said of it.”"}])
    assert is_unplaced(span)


def test_two_items_for_one_name_are_two_links():
    outcome = linking_outcome({0: "one"}, [(0, "Q1"), (0, "Q9")])
    assert metric_of(outcome, "Wikidata items, end to end", "InKB F1").found == 2
    outcome = linking_outcome({0: "one"}, [(0, "Q9"), (0, None)])
    assert metric_of(outcome, "Wikidata items, end to end", "InKB F1").found == 1


def test_order_of_predictions_on_a_pronoun():
    article = article_of(["he"])
    pronoun = replace(mention_of(Span(0, 2, "he"), "e1"), form="pronoun")
    gold = gold_of(replace(article, mentions=(pronoun,)))
    guesses = [entities.PredictedMention(Span(0, 2, "he"), label) for label in "AB"]
    one, other = (entities.evaluate(gold, {"one": list(g)}, OPTIONS) for g in (guesses, guesses[::-1]))
    assert one.mistakes == other.mistakes


def test_f1_two_ways_of_one_row():
    assert float(f1_two_ways(np.array([1.0, 2, 1, 2]))) == 0.5


def test_conll_of_nothing():
    outcome = coreference.evaluate(gold_of(article_of(["w"])), {"one": []}, OPTIONS)
    assert plain.conll_f1([], []) is None
    assert point(outcome.headline.statistic) is None


def test_conll_in_resamples_without_mentions():
    article = replace(
        article_of(["w"] * 4), mentions=(mention_of(Span(0, 1, "w"), "e1"), mention_of(Span(2, 3, "w"), "e1"))
    )
    guesses = [coreference.PredictedMention(m.span, "x") for m in article.mentions]
    s = coreference.evaluate(gold_of(article), {"one": guesses}, OPTIONS).headline.statistic
    assert np.isnan(s.values(np.array([[0.0, 0, 2, 2]]))[0])


def test_strings_beside_items_with_offsets():
    reader = reader_of("Ann met Ann.")
    items = [{"start": 0, "end": 3, "text": "Ann"}, {"text": "Ann"}]
    assert [s.start for s in reader.flat(items)] == [0, 8]


def test_groups():
    reader = reader_of("“No,” said Bo. “No,” said Al.")
    items = [([{"start": 16, "end": 18, "text": "No"}], ["said"]), (["Al"], ["said"])]
    spans = list(reader.groups(items))
    assert spans[1][0][0].start == 26


def test_memory():
    tracemalloc.start()
    s = Weighted(3_000, lambda w: w[:, 0])
    Resampler(10_000, 20).interval(s)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50e6, peak
