"""Scoring predictions: gold is right, nothing is gained by tricks, what would be scored wrong is refused."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import retold
from benchmark_gold import gold_lines, without_offsets
from corpora import REPOSITORY, compile_to, copy_tiny
from retold.benchmark.options import Options
from retold.benchmark.placement import NOT_FOUND
from retold.benchmark.predictions import PredictionError, SpanReader, lines_of
from retold.benchmark.report import as_json
from retold.benchmark.resampling import Resampler
from retold.benchmark.scoring import Score, Scorer, compare
from retold.benchmark.tasks import TASKS
from retold.benchmark.tasks.entities import LABEL_SETS
from retold.cli import main
from retold.records import Span

ARTICLE_TASKS = [task for task in TASKS if task != "claim-relations"]
SPAN_TASKS = ["quotes", "entities", "coreference", "claims"]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(REPOSITORY, Resampler(resamples=50, few=10))


@pytest.fixture(scope="module")
def gold(scorer: Scorer) -> dict[tuple[str, str], list[Json]]:
    return {(task, view): gold_lines(task, scorer.gold(view)) for task in TASKS for view in ("raw", "clean")}


def headline(scorer: Scorer, task: str, lines: list[Json], **options: Any) -> float:
    value = scorer.score(task, lines, **options).value
    assert value is not None
    return value


# --- the gold ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["raw", "clean"])
@pytest.mark.parametrize("task", TASKS)
def test_gold_against_gold_is_exactly_one(scorer, gold, task, view):
    score = scorer.score(task, gold[task, view], view=view, full=True)
    assert score.value == 1.0
    assert score.missing == ()
    one = {metric.key: score.interval(metric).value for metric in score.outcome.metrics}
    allowed = {("metonymic names, metonymic reading", "accuracy")}  # the gold links them literally
    assert {key for key, value in one.items() if value != 1.0} <= allowed
    assert score.outcome.mistakes == ()


@pytest.mark.parametrize("task", TASKS)
def test_gold_of_another_corpus_is_one_too(tmp_path, task):
    root = copy_tiny(tmp_path)
    compile_to(root, root / "build")
    tiny = Scorer(root, Resampler(resamples=20, few=5))
    lines = gold_lines(task, tiny.gold(), root)
    assert tiny.score(task, lines).value in (1.0, None)


@pytest.mark.parametrize("task", SPAN_TASKS)
def test_gold_as_words_alone_comes_near(scorer, gold, task):
    score = scorer.score(task, without_offsets(gold[task, "raw"]))
    assert score.placed.total() > 100
    assert score.placed[NOT_FOUND] == 0
    assert score.value > 0.9


# --- nothing is gained ------------------------------------------------------------------------------


@pytest.mark.parametrize("task", ARTICLE_TASKS)
def test_order_does_not_matter(scorer, task):
    lines = [json.loads(line) for line in prediction_file(task).read_text("utf-8").splitlines()]
    before = scorer.score(task, lines)
    for line in lines:
        for items in line.values():
            if isinstance(items, list) and items and isinstance(items[0], dict) and is_placed(items):
                random.Random(1).shuffle(items)
    random.Random(2).shuffle(lines)
    after = scorer.score(task, lines)
    assert [entry(before, m) for m in before.outcome.metrics] == [
        entry(after, m) for m in after.outcome.metrics
    ]


def prediction_file(task: str) -> Path:
    return REPOSITORY / "build" / "predictions" / "pass-c" / f"{task}.raw.jsonl"


def is_placed(items: list[Json]) -> bool:
    return "start" in json.dumps(items) or not ({"text", "content", "spans"} & items[0].keys())


def entry(score: Score, metric: Any) -> Any:
    return metric.key, metric.found, metric.expected, metric.precision, metric.recall


LISTS = {"quotes": "quotes", "entities": "mentions", "coreference": "mentions", "claims": "claims"}


@pytest.mark.parametrize("task", LISTS)
def test_duplicates_gain_nothing(scorer, gold, task):
    half = copy.deepcopy(gold[task, "raw"])
    for line in half:
        line[LISTS[task]] = line[LISTS[task]][::2]
    doubled = copy.deepcopy(half)
    for line in doubled:
        line[LISTS[task]] *= 3
    assert headline(scorer, task, doubled) <= headline(scorer, task, half)


def test_predicting_everything_gains_nothing(scorer):
    lines = []
    for article in scorer.gold().articles.values():
        spans = [{"start": n, "end": n + 1} for n in range(len(article.text))]
        spans += [{"start": n, "end": min(n + 5, len(article.text))} for n in range(len(article.text) - 1)]
        items = [span | {"type": label} for span in spans for label in ("PERSON", "GPE")]
        lines.append({"article": article.id, "article_sha256": article.sha256, "mentions": items})
    assert headline(scorer, "entities", lines) < 0.05


def test_two_answers_for_one_name_are_wrong(scorer, gold):
    lines = copy.deepcopy(gold["linking", "raw"])
    for line in lines:
        line["mentions"] += [{**mention, "wikidata": "Q42"} for mention in line["mentions"]]
    assert headline(scorer, "linking", lines) == 0.0


def test_words_said_twice_in_one_item_count_once(scorer, gold):
    lines = copy.deepcopy(gold["quotes", "raw"])
    for line in lines:
        for quote in line["quotes"]:
            quote["content"] *= 2
            quote["cue"] *= 2
    assert headline(scorer, "quotes", lines) == 1.0


@pytest.mark.parametrize("task", ARTICLE_TASKS)
def test_a_missing_article_is_missed_and_named(scorer, gold, task):
    lines = [line for line in gold[task, "raw"] if line["article"] != "rejects-nato-hopes"]
    score = scorer.score(task, lines)
    assert score.missing == ("rejects-nato-hopes",)
    assert score.value < 1.0


def test_a_missing_pair_is_missed(scorer, gold):
    lines = gold["claim-relations", "raw"]
    assert headline(scorer, "claim-relations", lines[::2]) < 0.8


# --- slices, conventions, protocols -----------------------------------------------------------------


def test_a_split_is_scored_alone_and_says_so(scorer, gold):
    score = scorer.score("quotes", gold["quotes", "raw"], split="test")
    assert (score.value, score.missing) == (1.0, ())
    assert set(score.passed_over) == {"forget-about-nato", "shuts-the-door", "commits-to-aiding"}
    assert "|articles:test|" in score.signature


def test_wide_quotes_are_neither_hit_nor_miss(scorer, gold):
    lines = copy.deepcopy(gold["quotes", "raw"])
    core = {q.id for a in scorer.gold().articles.values() for q in a.quotes if q.scope == "core"}
    ids = [q.id for a in scorer.gold().articles.values() for q in a.quotes]
    assert len(core) < len(ids)
    at = 0
    for line in lines:
        kept = []
        for quote in line["quotes"]:
            if ids[at] in core:
                kept.append(quote)
            at += 1
        line["quotes"] = kept
    assert headline(scorer, "quotes", lines) == 1.0
    assert headline(scorer, "quotes", lines, options=Options(scope="wide")) < 1.0
    assert headline(scorer, "quotes", gold["quotes", "raw"], options=Options(scope="wide")) == 1.0


def test_conventions_move_the_score_only_where_they_are_said(scorer, gold):
    polnear = copy.deepcopy(gold["quotes", "raw"])
    groups = [q for a in scorer.gold().articles.values() for q in a.quotes]
    for quote, line_quote in zip(groups, (q for line in polnear for q in line["quotes"]), strict=True):
        line_quote["cue"] = [{"start": s.start, "end": s.end, "text": s.text} for s in quote.cue_group]
    exact = ("cue", "F1, exact")
    scores = {
        name: scorer.score("quotes", polnear, options=Options(convention=name), full=True)
        for name in ("retold", "polnear")
    }
    assert scores["polnear"].intervals[exact].value == 1.0
    assert scores["retold"].intervals[exact].value < 1.0
    assert "|convention:polnear|" in scores["polnear"].signature


def test_determiners_and_possessives_are_bridged_for_ontonotes(scorer, gold):
    lines = copy.deepcopy(gold["entities", "raw"])
    widened = 0
    for line in lines:
        text = scorer.gold().articles[line["article"]].text
        for mention in line["mentions"]:
            if text[mention["end"] :].startswith(("’s", "'s")):
                mention["end"] += 2
                widened += 1
            if text[: mention["start"]].endswith("the "):
                mention["start"] -= 4
                widened += 1
            mention["text"] = text[mention["start"] : mention["end"]]
    assert widened > 50
    assert headline(scorer, "entities", lines) < 0.9
    assert headline(scorer, "entities", lines, options=Options(convention="ontonotes")) > 0.99


@pytest.mark.parametrize("labels", ["conll4", "uner3"])
def test_label_sets_ignore_what_they_have_no_type_for(scorer, gold, labels):
    types = LABEL_SETS[labels]
    lines = copy.deepcopy(gold["entities", "raw"])
    for line in lines:
        line["mentions"] = [{**m, "type": types[m["type"]]} for m in line["mentions"] if m["type"] in types]
    assert headline(scorer, "entities", lines, options=Options(labels=labels)) == 1.0


def test_either_type_is_right_where_both_are_accepted(scorer, gold):
    lines = copy.deepcopy(gold["entities", "raw"])
    mentions = {
        (m.span.start, m.span.end, a.id): m for a in scorer.gold().articles.values() for m in a.mentions
    }
    changed = 0
    for line in lines:
        for item in line["mentions"]:
            also = mentions[item["start"], item["end"], line["article"]].also
            if also:
                item["type"] = also[0]
                changed += 1
    assert changed
    assert headline(scorer, "entities", lines) == 1.0


def test_relations_may_be_given_the_other_way_round(scorer, gold):
    inverse = {"entails": "entailed_by", "entailed_by": "entails"}
    lines = [
        {"a": line["b"], "b": line["a"], "relation": inverse.get(line["relation"], line["relation"])}
        for line in gold["claim-relations", "raw"]
    ]
    assert headline(scorer, "claim-relations", lines) == 1.0


def test_clusters_stand_for_equivalent_pairs(scorer):
    clusters: dict[str, list[str]] = {}
    for _, claim in scorer.gold().claims.values():
        clusters.setdefault(claim.canonical or claim.id, []).append(claim.id)
    score = scorer.score("claim-relations", [{"clusters": list(clusters.values())}], full=True)
    values = {key: interval.value for key, interval in score.intervals.items()}
    assert values["equivalent", "F1"] == 1.0
    assert values["clusters of equivalent claims", "B³ F1"] == 1.0
    assert values["entails", "F1"] == 0.0


def test_a_binary_tool_may_say_other(scorer, gold):
    lines = copy.deepcopy(gold["checkability", "raw"])
    for line in lines:
        for item in line["sentences"]:
            if item["label"] != "checkable":
                item["label"] = "other"
    score = scorer.score("checkability", lines)
    assert score.value == 1.0
    assert score.intervals["three labels", "macro-F1"].value < 0.5


def test_topics_may_be_named_by_label(scorer, gold):
    topics = scorer.gold().topics
    lines = copy.deepcopy(gold["topics", "raw"])
    for line in lines:
        line["topics"] = [topics[code].label.upper() for code in line["topics"]]
        for block in line["blocks"]:
            block["topics"] = [topics[code].label for code in block["topics"]]
    assert headline(scorer, "topics", lines) == 1.0


def test_a_neighbouring_topic_is_partly_right(scorer, gold):
    lines = copy.deepcopy(gold["topics", "raw"])
    for line in lines:
        for block in line["blocks"]:
            block["topics"] = [scorer.gold().topics[code].broader or code for code in block["topics"]]
    score = scorer.score("topics", lines)
    assert score.intervals["blocks", "set F1"].value < score.value < 1.0


@pytest.mark.parametrize("name", ["Donald Trump", "donald-trump", "Q22686", "trump", "The Donald Trump’s"])
def test_speakers_are_known_by_any_of_their_names(scorer, gold, name):
    lines = copy.deepcopy(gold["quotes", "raw"])
    for line in lines:
        for quote in line["quotes"]:
            quote["speaker"] = name if quote["speaker"] == "donald-trump" else quote["speaker"]
    score = scorer.score("quotes", lines, full=True)
    assert score.intervals["speaker of matched quotes", "accuracy"].value == 1.0


# --- refused ----------------------------------------------------------------------------------------

SHA = "0" * 64
DOOR = "shuts-the-door"
REFUSED: dict[str, tuple[str, list[Json], str]] = {
    "unknown article": ("quotes", [{"article": "nowhere", "quotes": []}], "line 1: no article 'nowhere'"),
    "article twice": ("quotes", [{"article": DOOR, "quotes": []}] * 2, "is there again"),
    "text of another version": (
        "quotes", [{"article": DOOR, "article_sha256": SHA, "quotes": []}], "another text of shuts"),
    "outside the text": (
        "entities",
        [{"article": DOOR, "mentions": [{"start": 1, "end": 99999, "text": "x", "type": "GPE"}]}],
        "outside the text of shuts-the-door"),
    "empty span": (
        "entities", [{"article": DOOR, "mentions": [{"start": 9, "end": 9, "text": "x", "type": "GPE"}]}],
        "9–9 is empty"),
    "words that are not there": (
        "entities", [{"article": DOOR, "mentions": [{"start": 0, "end": 4, "text": "zzzz", "type": "GPE"}]}],
        "the text of the span 0–4 is 'zzzz'"),
    "offsets that nothing vouches for": (
        "entities", [{"article": DOOR, "mentions": [{"start": 0, "end": 4, "type": "GPE"}]}],
        "has no text, and the line no article_sha256"),
    "only white space": (
        "entities", [{"article": DOOR, "mentions": [{"text": "  ", "type": "GPE"}]}], "only white space"),
    "unknown type": (
        "entities", [{"article": DOOR, "mentions": [{"text": "Trump", "type": "PER"}]}],
        "'PER' is not one of the label set ontonotes18"),
    "misspelt key": (
        "quotes", [{"article": DOOR, "quotes": [{"contents": ["x"]}]}], 'did you mean "content"'),
    "wrong kind of value": ("quotes", [{"article": DOOR, "quotes": {}}], "array expected"),
    "unknown sentence": (
        "checkability",
        [{"article": DOOR, "sentences": [{"sentence": "shuts-the-door-s999", "label": "none"}]}],
        "has no sentence 'shuts-the-door-s999'"),
    "sentence twice": (
        "checkability",
        [{"article": DOOR, "sentences": [{"sentence": f"{DOOR}-s002", "label": "none"}] * 2}],
        "shuts-the-door-s002 is there twice"),
    "unknown claim": (
        "claim-relations", [{"a": "shuts-the-door-c999", "b": "x-c001", "relation": "neutral"}],
        "no claim 'shuts-the-door-c999'"),
    "pair of one article": (
        "claim-relations", [{"a": "shuts-the-door-c001", "b": "shuts-the-door-c002", "relation": "neutral"}],
        "of claims of two articles"),
    "pair twice": (
        "claim-relations",
        [{"a": "shuts-the-door-c001", "b": "commits-to-aiding-c001", "relation": "neutral"},
         {"b": "shuts-the-door-c001", "a": "commits-to-aiding-c001", "relation": "entails"}],
        "line 2: the pair"),
    "clusters beside pairs": (
        "claim-relations",
        [{"a": f"{DOOR}-c001", "b": "commits-to-aiding-c001", "relation": "neutral"}, {"clusters": []}],
        "clusters stand in one line"),
    "unknown quote": (
        "utterances", [{"article": DOOR, "quotes": [{"quote": f"{DOOR}-q99", "clusters": []}]}],
        "shuts-the-door-q99 is no quote of"),
    "no predictions": ("quotes", [], "there are no predictions"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_be_scored_wrong_is_refused_in_one_line(tmp_path, capsys, case):
    task, lines, message = REFUSED[case]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert main(["score", task, str(path), "--root", str(REPOSITORY)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.startswith(f"retold: {path}: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"article": "a"}\n{"article": \n', "line 2, column"),
        (b'{"article": "a", "quotes": [], "x": NaN}', "NaN and Infinity are no JSON"),
        (b"[1, 2]", "a JSON object is expected"),
        (b"\xff\xfe", "no JSON"),
        (b"\n \n", "no predictions"),
        (b'{"article": "a", "quotes": [{"content": ["x"], "score": 1e999}]}', "line 1"),
    ],
)
def test_broken_files_are_refused_with_their_line(tmp_path, capsys, content, message):
    path = tmp_path / "p.jsonl"
    path.write_bytes(content)
    assert main(["score", "quotes", str(path), "--root", str(REPOSITORY)]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_and_a_folder_are_refused(tmp_path, capsys):
    for path in (tmp_path / "none.jsonl", tmp_path):
        assert main(["score", "quotes", str(path), "--root", str(REPOSITORY)]) == 2
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("unit", ["bytes", "utf16"])
def test_offsets_in_other_units_are_found_out_and_converted(scorer, unit):
    width = {"bytes": lambda s: len(s.encode()), "utf16": lambda s: len(s.encode("utf-16-le")) // 2}[unit]
    article = replace(scorer.gold().articles["shuts-the-door"], text="“No”, said 😀 NATO.")
    start, end = (width(article.text[:at]) for at in (13, 17))
    item = {"start": start, "end": end, "text": "NATO", "type": "ORG"}
    line = lines_of([{"article": article.id, "mentions": [item]}])[0]
    with pytest.raises(PredictionError, match=f"use --offsets {unit}"):
        SpanReader(article, line).flat([item])
    assert SpanReader(article, line, unit).flat([item]) == [Span(13, 17, "NATO")]


def test_predictions_on_the_other_view_are_refused(scorer, gold):
    with pytest.raises(PredictionError, match="Use --view clean"):
        scorer.score("quotes", gold["quotes", "clean"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task": "poetry"}, "no task 'poetry'"),
        ({"view": "blurred"}, "no view 'blurred'"),
        ({"split": "dev"}, "no split 'dev'"),
        ({"convention": "ontonotes"}, "no convention of quotes 'ontonotes'"),
        ({"offsets": "words"}, "no unit of offsets 'words'"),
        ({"labels": "conll4"}, "no label set of quotes 'conll4'"),
        ({"task": "claims", "scope": "wide"}, "no scope of claims 'wide'"),
        ({"protocol": "trained"}, "no protocol 'trained'"),
    ],
)
def test_unknown_choices_are_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        retold.score(
            arguments.pop("task", "quotes"), [{"article": "a", "quotes": []}], root=REPOSITORY, **arguments
        )


# --- what comes out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
def test_the_document_is_what_its_schema_says(scorer, task):
    score = scorer.score(task, prediction_file(task), full=True)
    document = json.loads(json.dumps(as_json(score, scorer.resampler, mistakes=True)))
    schema = json.loads((REPOSITORY / "schema" / "score.schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    assert document["signature"].startswith(f"{task}|")
    assert document["signature"].endswith(
        f"|view:raw|data:{scorer.gold().version}|scorer:{TASKS[task].VERSION}"
    )


def test_python_and_command_line_say_the_same(capsys):
    path = prediction_file("topics")
    assert (
        main(
            [
                "score",
                "topics",
                str(path),
                "--root",
                str(REPOSITORY),
                "--full",
                "--errors",
                "--format",
                "json",
            ]
        )
        == 0
    )
    assert json.loads(capsys.readouterr().out) == retold.score("topics", path, root=REPOSITORY)


def test_without_full_the_headline_and_few_lines_are_printed(capsys):
    path = prediction_file("quotes")
    assert main(["score", "quotes", str(path), "--root", str(REPOSITORY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 10
    assert lines[0] == "quotes: content, source and cue, F1, overlap"
    assert main(["score", "quotes", str(path), "--root", str(REPOSITORY), "--full"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > len(lines) + 10


def test_errors_show_the_words(capsys):
    path = prediction_file("quotes")
    assert main(["score", "quotes", str(path), "--root", str(REPOSITORY), "--errors"]) == 0
    out = capsys.readouterr().out
    assert "mistakes in the headline's slice" in out
    mistakes = retold.score("quotes", path, root=REPOSITORY)["mistakes"]
    for mistake in mistakes:
        assert f"{mistake['article']} {mistake['start']}–{mistake['end']} {mistake['kind']}" in out


def test_comparison_is_paired_and_signed(scorer, gold):
    right = scorer.score("quotes", gold["quotes", "raw"])
    worse = copy.deepcopy(gold["quotes", "raw"])
    for line in worse:
        line["quotes"] = line["quotes"][::2]
    half = scorer.score("quotes", worse)
    there, back = compare(scorer.resampler, right, half), compare(scorer.resampler, half, right)
    assert there.value == pytest.approx(1.0 - half.value)
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low))
    assert there.low > 0


def test_scores_of_different_things_are_not_compared(scorer, gold):
    raw = scorer.score("quotes", gold["quotes", "raw"])
    clean = scorer.score("quotes", gold["quotes", "clean"], view="clean")
    with pytest.raises(ValueError, match="cannot be compared"):
        compare(scorer.resampler, raw, clean)


def test_compare_on_the_command_line(capsys, tmp_path):
    path = prediction_file("topics")
    assert main(["score", "topics", str(path), "--root", str(REPOSITORY), "--compare", str(path)]) == 0
    assert "difference of the headlines, paired: +0.000" in capsys.readouterr().out


def test_convention_report(capsys):
    path = prediction_file("quotes")
    assert main(["score", "quotes", str(path), "--root", str(REPOSITORY), "--convention-report"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["retold", "parc", "polnear"]


@pytest.mark.parametrize("task", TASKS)
def test_inputs_hold_no_label(task, capsys, scorer):
    assert main(["inputs", task, "--root", str(REPOSITORY)]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    keys = set(all_keys(records))
    assert not keys & {
        "label",
        "type",
        "checkability",
        "wikidata",
        "relation",
        "canonical",
        "utterances",
        "clusters",
        "cluster",
        "entity",
        "topics",
        "category",
        "claimant",
        "rendering",
        "scope",
    }
    assert len(records) == (len(scorer.gold().pairs) if task == "claim-relations" else 5)


def all_keys(value: Any) -> Any:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from all_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_keys(inner)


# --- hostile input ----------------------------------------------------------------------------------

JUNK = [
    None, True, 0, -1, 2**40, 1.5, "", " ", "x", "\u202e\u0000\U0001f600", "’" * 300, [], {}, [[]], [None],
    {"a": {}}, ["x"] * 50, "Trump", "shuts-the-door", {"start": 0, "end": 5}, {"text": "Trump"},
    {"start": 5, "end": 1, "text": "x"}, float("nan"), float("inf"), {1, 2},
]  # fmt: skip


def mutated(value: Any, chance: random.Random) -> Any:
    """Return the value with one part of it, anywhere, replaced, dropped or doubled."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        if chance.random() < 0.1:
            return {k: v for k, v in value.items() if k != key}
        return {**value, key: mutated(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        if chance.random() < 0.1:
            return [*value, value[at]]
        return [*value[:at], mutated(value[at], chance), *value[at + 1 :]]
    return chance.choice(JUNK)


@pytest.mark.parametrize("task", TASKS)
def test_mutated_predictions_are_scored_or_refused_never_a_crash(scorer, gold, task):
    chance = random.Random(task)
    lines = copy.deepcopy(gold[task, "raw"])
    if task != "claim-relations":
        lines = [line for line in lines if line["article"] == "shuts-the-door"]
    quick = Scorer(REPOSITORY, Resampler(resamples=2, few=2))
    scored = refused = 0
    for _ in range(60):
        broken = mutated(lines[:40], chance)
        try:
            value = quick.score(task, broken if isinstance(broken, list) else [broken]).value
        except PredictionError:
            refused += 1
        else:
            assert value is None or 0.0 <= value <= 1.0
            scored += 1
    assert refused > 5
    assert scored + refused == 60
