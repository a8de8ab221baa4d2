"""The baselines. Those with an extra run where it is installed: see requirements/README.md."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from corpora import REPOSITORY, copy_tiny
from retold.baselines import SYSTEMS, System, predict
from retold.baselines.alias_list import ITEMS
from retold.baselines.minilm_mismatch import relation, sense_of
from retold.baselines.systems import LIBRARIES
from retold.benchmark.gold import Gold, read_gold
from retold.benchmark.inputs import EXTRA, NAME, inputs
from retold.cli import main
from retold.measures.assignment import MissingExtraError
from retold.records import Article, Mention, Quote
from retold.schemas import Schemas

Json = dict[str, Any]
TASKS = (*EXTRA, "claim-relations")
PAIRS = [(system.name, task) for system in SYSTEMS.values() for task in system.tasks]
TRAINED = [(name, task) for name, task in PAIRS if SYSTEMS[name].trained]
ZERO_SHOT = [(name, task) for name, task in PAIRS if not SYSTEMS[name].trained]
VIEWS = ("raw", "clean")
# Libraries of the extra warn of themselves when they are imported; nothing else here should warn.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def need(system: System) -> None:
    """Skip the test where the system's extra is not installed."""
    if system.extra:
        for library in sorted(LIBRARIES):
            pytest.importorskip(library)


@cache
def gold(view: str) -> Gold:
    return read_gold(REPOSITORY, view)


@cache
def predicted(name: str, task: str, view: str) -> list[Json]:
    return list(predict(name, task, gold(view)))


@pytest.fixture(scope="module")
def tiny_gold(tmp_path_factory: pytest.TempPathFactory) -> Gold:
    root = copy_tiny(tmp_path_factory.mktemp("corpus"))
    assert main(["build", "--root", str(root)]) == 0
    return read_gold(root)


# --- the table --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_has_its_module(name: str) -> None:
    system = SYSTEMS[name]
    module = importlib.import_module(f"retold.baselines.{system.module}")
    assert callable(module.predict)
    assert (module.__doc__ or "").startswith(f"Baseline ``{name}``")
    assert set(system.tasks) <= set(TASKS)


def test_every_task_has_a_baseline() -> None:
    assert {task for _, task in PAIRS} == set(TASKS)


def test_the_table_is_cheap_to_import() -> None:
    code = "import sys, retold.baselines; print(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(REPOSITORY / "scripts")},
    )
    assert not {*LIBRARIES, "datasets", "numpy", "pyarrow", "scipy"} & set(
        json.loads(done.stdout.replace("'", '"'))
    )


def test_unknown_system_and_wrong_task_are_said_at_once() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        predict("nonsense", "quotes", gold("raw"))
    with pytest.raises(ValueError, match="alias-list does not do quotes, only linking"):
        predict("alias-list", "quotes", gold("raw"))


@pytest.mark.parametrize("name", [name for name in SYSTEMS if SYSTEMS[name].extra])
def test_missing_extra_says_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in LIBRARIES:
        monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    with pytest.raises(
        MissingExtraError, match=rf"^{name} needs \w+, .*: pip install 'retold\[baselines\]'$"
    ):
        next(predict(name, SYSTEMS[name].tasks[0], gold("raw")))


# --- what every system yields -----------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_predictions_are_lines_of_a_prediction_file(name: str, task: str, view: str) -> None:
    need(SYSTEMS[name])
    lines = predicted(name, task, view)
    check(task, gold(view), lines)
    assert any(line.get(key) for line in lines for key in line if key not in {"article", "article_sha256"})


@pytest.mark.parametrize(("name", "task"), PAIRS)
def test_the_tiny_corpus(name: str, task: str, tiny_gold: Gold) -> None:
    need(SYSTEMS[name])
    check(task, tiny_gold, list(predict(name, task, tiny_gold)))


def check(task: str, corpus: Gold, lines: list[Json]) -> None:
    """Check that lines are valid, complete, in order, and say of each span what stands there."""
    schemas = Schemas(REPOSITORY / "schema")
    given = list(inputs(task, corpus))
    keys = ("a", "b") if task == "claim-relations" else ("article", "article_sha256")
    assert [[line[key] for key in keys] for line in lines] == [[line[key] for key in keys] for line in given]
    for line, record in zip(lines, given, strict=True):
        assert schemas.errors(f"predictions/{task}", line) == []
        for span in spans(line):
            assert record["text"][span["start"] : span["end"]] == span["text"] == span["text"].strip()
        for items, key in (("sentences", "sentence"), ("blocks", "block")):
            if items in record:
                assert [item[key] for item in line[items]] == [item[key] for item in record[items]]
        if task == "linking":
            assert [item["start"] for item in line["mentions"]] == [
                item["start"] for item in record["mentions"]
            ]
        if task == "utterances":
            assert [item["quote"] for item in line["quotes"]] == [item["quote"] for item in record["quotes"]]


def spans(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        if "start" in value:
            yield value
        for member in value.values():
            yield from spans(member)
    elif isinstance(value, list):
        for member in value:
            yield from spans(member)


# --- no label leaks ---------------------------------------------------------------------------------


def blanked(task: str, corpus: Gold) -> Gold:
    """Return a gold that has only what the inputs of a task are made of; every label is empty."""
    articles = {name: _blank_article(task, article) for name, article in corpus.articles.items()}
    speakers = {quote.speaker for article in articles.values() for quote in article.quotes}
    kept = {
        name: replace(
            entity, type="", wikidata=None, wikidata_note=None, description="", members=(), note=None
        )
        for name, entity in corpus.entities.items()
        if name in speakers
    }
    pairs = [replace(pair, relation="", origin="") for pair in corpus.pairs]
    return replace(
        corpus,
        articles=articles,
        entities=kept,
        utterances={},
        pairs=pairs if task == "claim-relations" else [],
    )


def _blank_article(task: str, article: Article) -> Article:
    named = [mention for mention in article.mentions if mention.form == NAME]
    claims = [
        replace(claim, category="", claimant=None, polarity="", certainty="", quote=None, canonical=None)
        for claim in article.claims
    ]
    labels = [replace(label, checkability="", reason=None, note=None) for label in article.sentence_labels]
    return replace(
        article,
        blocks=article.blocks if task in {"topics", "checkability"} else (),
        mentions=tuple(map(_blank_mention, named)) if task == "linking" else (),
        quotes=tuple(map(_blank_quote, article.quotes)) if task == "utterances" else (),
        sentence_labels=tuple(labels) if task == "checkability" else (),
        claims=tuple(claims) if task == "claim-relations" else (),
        main_topics=(),
        secondary_topics=(),
        block_topics=(),
    )


def _blank_mention(mention: Mention) -> Mention:
    return replace(mention, id="", type="", also=(), entity=None, metonym_of=None, value=None, modifier=None)


def _blank_quote(quote: Quote) -> Quote:
    empty = replace(quote, type="", marking="", attitude="", polarity="", scope="", cue=(), cue_group=())
    return replace(empty, verbatim=(), parent=None, utterances=(), note=None)


@pytest.mark.parametrize("task", TASKS)
def test_blanking_leaves_the_inputs_alone(task: str) -> None:
    assert list(inputs(task, blanked(task, gold("raw")))) == list(inputs(task, gold("raw")))


@pytest.mark.parametrize(("name", "task"), ZERO_SHOT)
def test_zero_shot_systems_read_no_label(name: str, task: str) -> None:
    need(SYSTEMS[name])
    assert list(predict(name, task, blanked(task, gold("raw")))) == predicted(name, task, "raw")


@pytest.mark.parametrize(("name", "task"), TRAINED)
def test_trained_systems_do_not_read_the_labels_of_the_article_itself(name: str, task: str) -> None:
    need(SYSTEMS[name])
    whole, blank = gold("raw"), blanked(task, gold("raw")).articles
    for number, article in enumerate(whole.articles):
        hidden = replace(whole, articles={**whole.articles, article: blank[article]})
        assert list(predict(name, task, hidden))[number] == predicted(name, task, "raw")[number]


@pytest.mark.parametrize(("name", "task"), TRAINED)
def test_trained_systems_need_another_article(name: str, task: str) -> None:
    need(SYSTEMS[name])
    with pytest.raises(ValueError, match="learns from the other articles, and there are none"):
        next(predict(name, task, gold("raw").only(["shuts-the-door"])))


# --- single systems ---------------------------------------------------------------------------------


def test_the_alias_list_gives_a_name_one_item() -> None:
    rows = [line.split(" ", 1) for line in ITEMS.strip().split("\n")]
    assert all(item[0] == "Q" and item[1:].isdigit() for item, _ in rows)
    assert Counter(item for item, _ in rows).most_common(1)[0][1] == 1
    assert Counter(name for _, names in rows for name in names.split("|")).most_common(1)[0][1] == 1


def test_the_alias_list_on_names_with_stops_and_possessives() -> None:
    article = replace(gold("raw").articles["shuts-the-door"], text="the U.S.’s Ukraine Nobody")
    names = [(0, 10, "Q30"), (11, 18, "Q212"), (19, 25, None)]
    mention = next(mention for mention in article.mentions if mention.form == NAME)
    mentions = [
        replace(mention, span=replace(mention.span, start=start, end=end, text=article.text[start:end]))
        for start, end, _ in names
    ]
    alone = replace(gold("raw"), articles={article.id: replace(article, mentions=tuple(mentions))})
    (line,) = predict("alias-list", "linking", alone)
    assert [found["wikidata"] for found in line["mentions"]] == [item for *_, item in names]


def test_story_prior_takes_the_same_topics_for_all_blocks() -> None:
    for line in predicted("story-prior", "topics", "raw"):
        assert len({tuple(block["topics"]) for block in line["blocks"]}) == 1
        assert line["topics"]


@pytest.mark.parametrize(
    ("a", "b", "alike", "expected"),
    [
        ("The dam was closed.", "The dam was not closed.", True, "contradicts"),
        ("The dam was closed.", "The dam wasn’t closed.", False, "neutral"),
        ("It holds 20 tonnes.", "It holds 30 tonnes.", True, "contradicts"),
        ("It holds two tonnes.", "It holds three tonnes.", True, "contradicts"),
        ("It holds 20 tonnes.", "It holds tonnes of water.", True, "equivalent"),
        ("The old dam was closed.", "The dam was closed.", False, "entails"),
        ("The dam was closed.", "The old dam was closed.", True, "entailed_by"),
        ("The dam was closed.", "The dam was shut.", True, "equivalent"),
        ("The dam was closed.", "The lake is deep.", False, "neutral"),
    ],
)
def test_mismatch(a: str, b: str, alike: bool, expected: str) -> None:
    pytest.importorskip("sklearn")
    assert relation(sense_of(a), sense_of(b), alike=alike) == expected


def article_of(text: str) -> Gold:
    """Return a gold of one article with some text and nothing annotated."""
    article = replace(blanked("quotes", gold("raw")).articles["shuts-the-door"], text=text)
    return replace(gold("raw"), articles={article.id: article}, pairs=[])


# A text, and its one quote: type, content, cue, source, speaker.
QUOTES: list[tuple[str, tuple[Any, ...]]] = [
    (
        "Angela Merkel spoke in Berlin. Merkel said that the dam is safe.",
        ("indirect", ["the dam is safe"], ["said"], ["Merkel"], "Angela Merkel"),
    ),
    (
        "“The dam is safe. It will hold,” Angela Merkel said.",
        ("direct", ["The dam is safe. It will hold"], ["said"], ["Angela Merkel"], "Angela Merkel"),
    ),
    (
        "Angela Merkel said the dam was “perfectly safe” in winter.",
        ("mixed", ["the dam was “perfectly safe” in winter"], ["said"], ["Angela Merkel"], "Angela Merkel"),
    ),
    (
        "According to Angela Merkel, the dam is safe.",
        ("indirect", ["the dam is safe"], ["According to"], ["Angela Merkel"], "Angela Merkel"),
    ),
    (
        "Angela Merkel came home. She promised to close the dam.",
        ("indirect", ["to close the dam"], ["promised"], ["She"], "Angela Merkel"),
    ),
    ("“The dam is safe.”", ("direct", ["The dam is safe."], [], [], None)),
]


@pytest.mark.parametrize(("text", "expected"), QUOTES)
def test_marks_and_dependencies(text: str, expected: tuple[Any, ...]) -> None:
    need(SYSTEMS["marks-dependencies"])
    (line,) = predict("marks-dependencies", "quotes", article_of(text))
    (quote,) = line["quotes"]
    words = [[span["text"] for span in quote[key]] for key in ("content", "cue", "source")]
    assert (quote["type"], *words, quote["speaker"]) == expected


def test_headings_have_no_quotes_and_no_claims() -> None:
    need(SYSTEMS["clauses-speaker"])
    heading = article_of("Merkel says the dam is safe")
    assert next(predict("marks-dependencies", "quotes", heading))["quotes"] == []
    assert next(predict("clauses-speaker", "claims", heading))["claims"] == []


CLAIMS: list[tuple[str, dict[str, str | None]]] = [
    ("The dam was closed and the lake rose.", {"The dam was closed": "article", "the lake rose": "article"}),
    (
        "The minister visited the dam and praised the workers.",
        {"The minister visited the dam": "article", "The minister … praised the workers": "article"},
    ),
    ("Angela Merkel said that the dam is safe.", {"the dam is safe": "Angela Merkel"}),
    ("The minister said that the dam is safe.", {"the dam is safe": None}),
    ("Is the dam safe?", {}),
    ("Russia and Ukraine agreed on a treaty.", {"Russia and Ukraine agreed on a treaty": "article"}),
]


@pytest.mark.parametrize(("text", "claims"), CLAIMS)
def test_clauses_and_claimants(text: str, claims: dict[str, str | None]) -> None:
    need(SYSTEMS["clauses-speaker"])
    (line,) = predict("clauses-speaker", "claims", article_of(text))
    found = {
        " … ".join(span["text"] for span in claim["spans"]): claim["claimant"] for claim in line["claims"]
    }
    assert found == claims


def test_aliases_and_pronouns() -> None:
    need(SYSTEMS["alias-recency"])
    text = (
        "Angela Merkel met Barack Obama in Berlin. He thanked Merkel.\n"
        "The United Nations praised Germany. It also praised the U.N. and its staff."
    )
    (line,) = predict("alias-recency", "coreference", article_of(text))
    found = [(mention["text"], mention["cluster"]) for mention in line["mentions"]]
    assert ("Merkel", "Angela Merkel") in found
    assert ("He", "Barack Obama") in found
    assert ("U.N.", "United Nations") in found
    assert ("its", "United Nations") in found


def test_clusters_join_one_speaker_only() -> None:
    need(SYSTEMS["minilm-clusters"])
    said = predicted("minilm-clusters", "utterances", "raw")
    speaker = {
        given["quote"]: given["speaker"]
        for record in inputs("utterances", gold("raw"))
        for given in record["quotes"]
    }
    joined = {(speaker[quote["quote"]], *quote["clusters"]) for line in said for quote in line["quotes"]}
    assert len(joined) == len({cluster for _, cluster in joined}) < len(speaker)


def test_every_embedded_topic_is_active() -> None:
    need(SYSTEMS["minilm-labels"])
    for line in predicted("minilm-labels", "topics", "raw"):
        assert all(gold("raw").topics[code].retired is None for code in line["topics"])
        assert 1 <= len(line["topics"]) <= 3


def test_the_lock_leaves_torch_to_its_own_file() -> None:
    locked, torch, project = (
        (REPOSITORY / name).read_text(encoding="utf-8")
        for name in ("requirements/baselines.txt", "requirements/torch.txt", "pyproject.toml")
    )
    assert not [line for line in locked.splitlines() if line.startswith(("torch==", "nvidia-", "triton"))]
    assert f'"{torch.strip()}"' in project
