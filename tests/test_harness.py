"""The tasks for evaluation harnesses; those tests that need one run with ``make harness-test``."""

from __future__ import annotations

import gc
import hashlib
import importlib
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

from corpora import REPOSITORY
from retold.benchmark.gold import TURN, Gold, read_gold
from retold.benchmark.prompting import FOLDER, PROMPT_VERSION, chosen, fill, load, parse
from retold.benchmark.scoring import Scorer
from retold.benchmark.tasks import TASKS
from retold.harness import LM_EVAL_FOLDER, judging
from retold.harness.items import NOBODY, QUESTIONS, Item, examples, items
from retold.harness.lm_eval_tasks import documents
from retold.harness.offstory import FILE, read_story
from retold.harness.probe import CUTS, TOKENS, Copied, copied, figures, probe_items, probes, summary
from retold.manifest import read_manifest
from retold.measures.assignment import MissingExtraError
from retold.schemas import Schemas
from retold.tokens import tokenize

Json = dict[str, Any]
# Of each version of the prompts, the digest of all of them. A changed word makes a new version.
DIGESTS = {1: "3a2a60842c9c3f930bad2ee98cc00c03b5c1e1df2fcbf10fe1f2722241d68c91"}
CHOICES = ("checkability", "quote_type", "speaker", "claim_relation")
WHOLE = ("quotes", "entities")
LM_EVAL_TASKS = [f"retold_{task}" for task in (*CHOICES, *WHOLE, "probe")]
SCHEMAS = Schemas(REPOSITORY / "schema")
RECORD = {"article": "an-article", "text": "Kyiv said no. Kyiv"}
# The harnesses and what they import warn of themselves.
pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def gold() -> Gold:
    return read_gold()


@cache
def judge() -> judging.Judge:
    return judging.Judge()


@cache
def story() -> Gold:
    return read_story()


@cache
def right_answer(task: str, article: str) -> str:
    """Return the gold of an article as an answer, with offsets: words alone may be found elsewhere."""
    found = gold().articles[article]
    if task == "entities":
        tagged = [m for m in found.mentions if m.form in {"name", "adjective", "value"}]
        return json.dumps({"mentions": [_flat(m.span) | {"type": m.type} for m in tagged]})
    quotes = [
        {role: [_flat(span) for span in getattr(quote, role)] for role in ("content", "source", "cue")}
        | {"type": quote.type, "speaker": quote.speaker}
        for quote in found.quotes
    ]
    return f"Here they are:\n```json\n{json.dumps({'quotes': quotes})}\n```\nThat is {{all}}."


def _flat(span: Any) -> Json:
    return {"start": span.start, "end": span.end, "text": span.text}


# --- prompts ----------------------------------------------------------------------------------------


def test_a_changed_prompt_has_a_new_version() -> None:
    words = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md")
    assert hashlib.sha256(words).hexdigest() == DIGESTS[PROMPT_VERSION]


def test_every_task_has_a_prompt() -> None:
    for task in TASKS:
        assert re.search(r"\{[a-z_]+\}", load(task))
    for name in ("nonsense", "README"):
        with pytest.raises(KeyError):
            load(name)


def test_fields_are_filled_in_one_pass() -> None:
    assert fill('{"a": ["…"]} {text} {names}', {"text": "{names}", "names": "N"}) == '{"a": ["…"]} {names} N'
    with pytest.raises(KeyError):
        fill("{text}", {})


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "lol",
        "[]",
        '{"mentions": 3}',
        '{"mentions": [{"text": "Kyiv"}]}',
        '{"mentions": [{"text": "Kyiv", "type": "GPE"}',
        '{"mentions": [{"start": 0, "end": 4, "type": "GPE"}]}',
        '{"mentions": [{"text": "Kyiv", "type": "GPE", "score": NaN}]}',
        '{"mentions": [{"text": "\\ud800", "type": "GPE"}]}',
        '{"mentions": [{"text": "Kyiv", "type": "GPE", "why": "a city"}]}',
        '{"a":' * 5000,
        '{"mentions": ' + "[" * 900 + "]" * 900 + "}",
    ],
)
def test_answers_that_are_none(answer: str) -> None:
    assert parse("entities", answer, RECORD, SCHEMAS) is None


@pytest.mark.parametrize(
    ("answer", "mentions"),
    [
        ('{"mentions": []}', []),
        ('Sure {as asked}!\n```json\n{"mentions": [{"text": "no", "type": "X"}]}\n```', [("no", "X")]),
        ('Draft: {"mentions": []} Final: {"mentions": [{"text": "no", "type": "X"}]}', [("no", "X")]),
        ('{"mentions": [{"text": "no", "type": "X"}]} {"mentions": [{"te', [("no", "X")]),
        ('{"article": "b", "article_sha256": "?", "mentions": []}', []),
        ('{"mentions": [{"text": " ", "type": "X"}, {"text": "no", "type": "X"}]}', [("no", "X")]),
    ],
)
def test_answers_with_chatter(answer: str, mentions: list[tuple[str, str]]) -> None:
    expected = [{"text": text, "type": label} for text, label in mentions]
    assert parse("entities", answer, RECORD, SCHEMAS) == {"article": "an-article", "mentions": expected}


def test_offsets_stay_where_they_lead_to_their_words() -> None:
    spans = [(14, 18), (1, 5), (-4, 18), (True, 4), (14, 99)]
    given = [{"text": "Kyiv", "start": start, "end": end, "type": "GPE"} for start, end in spans]
    line = parse("entities", json.dumps({"mentions": given}), RECORD, SCHEMAS)
    assert line is not None
    assert [item.get("start") for item in line["mentions"]] == [14, None, None, None, None]


def test_blank_strings_in_lists_are_left_out() -> None:
    answer = '{"quotes": [{"content": ["no", ""], "source": [" "], "cue": [{"text": ""}]}]}'
    line = parse("quotes", answer, RECORD, SCHEMAS)
    assert line is not None
    assert line["quotes"] == [{"content": ["no"], "source": [], "cue": []}]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Direct.", "direct"),
        ('"Indirect"', "indirect"),
        ("entailed by", "entailed_by"),
        ("It entails the second one.", "entails"),
        ("direct or mixed?\n\n**Answer: mixed**", "mixed"),
        ("direct or mixed", None),
        ("directly", None),
        ("", None),
        ("The United States and Ukraine", "United States and Ukraine"),
        ("Ukraine’s", "Ukraine"),
    ],
)
def test_choices_that_are_named(answer: str, found: str | None) -> None:
    choices = (
        "direct",
        "indirect",
        "mixed",
        "entails",
        "entailed_by",
        "Ukraine",
        "United States and Ukraine",
    )
    assert chosen(answer, choices) == found


# --- the invented story -----------------------------------------------------------------------------


def test_the_story_holds_the_words_that_it_marks() -> None:
    for article in story().articles.values():
        spans = [sentence.span for block in article.blocks for sentence in block.sentences]
        spans += [mention.span for mention in article.mentions]
        for quote in article.quotes:
            spans += (*quote.content, *quote.cue, *quote.cue_group, *quote.source, *quote.verbatim)
        spans += [span for claim in article.claims for span in claim.spans]
        assert all(article.text[span.start : span.end] == span.text.strip() for span in spans)
        text = "".join(article.text.split())
        assert "".join("".join(s.span.text.split()) for b in article.blocks for s in b.sentences) == text


def test_the_story_is_labelled_as_the_corpus_is() -> None:
    vocabularies = {
        "entity-type": [m.type for a in story().articles.values() for m in a.mentions],
        "mention-form": [m.form for a in story().articles.values() for m in a.mentions],
        "quote-type": [q.type for a in story().articles.values() for q in a.quotes],
        "quote-marking": [q.marking for a in story().articles.values() for q in a.quotes],
        "quote-attitude": [q.attitude for a in story().articles.values() for q in a.quotes],
        "checkability": [s.checkability for a in story().articles.values() for s in a.sentence_labels],
        "claim-category": [c.category for a in story().articles.values() for c in a.claims],
        "certainty": [c.certainty for a in story().articles.values() for c in a.claims],
        "block-kind": [b.kind for a in story().articles.values() for b in a.blocks],
        "pair-relation": [pair.relation for pair in story().pairs],
    }
    for name, labels in vocabularies.items():
        assert labels
        assert set(labels) <= set(SCHEMAS.vocabulary(name))
    whole = story().articles["ferry-strike"]
    assert len(whole.sentence_labels) == sum(len(block.sentences) for block in whole.blocks)
    for article in story().articles.values():
        people = {m.entity for m in article.mentions} | {q.speaker for q in article.quotes}
        assert people - {None} <= set(story().entities)
        assert {c.claimant for c in article.claims} - {None, "article"} <= set(story().entities)


def test_the_story_is_not_the_corpus() -> None:
    names = {entity.name.casefold() for entity in gold().entities.values()}
    assert not names & {entity.name.casefold() for entity in story().entities.values()}
    assert not set(story().articles) & set(gold().articles)
    document = json.loads(FILE.read_text(encoding="utf-8"))
    assert document["canary"] == (read_manifest(REPOSITORY / "build") or {})["canary"]


# --- questions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", QUESTIONS)
def test_questions_have_one_answer_each(task: str) -> None:
    asked = items(task, gold())
    assert len({item.id for item in asked}) == len(asked)
    answers: dict[str, set[str]] = {}
    for item in asked:
        answers.setdefault(item.prompt, set()).add(item.answer)
        assert (item.answer in item.choices) == (task in CHOICES)
        assert len(set(item.choices)) == len(item.choices)
    assert {len(found) for found in answers.values()} == {1}


@pytest.mark.parametrize("task", QUESTIONS)
def test_interview_turns_are_not_asked_about(task: str) -> None:
    spoken = {
        sentence.id
        for article in gold().articles.values()
        for block in article.blocks
        if block.kind == TURN
        for sentence in block.sentences
    }
    spoken |= {
        quote.id for a in gold().articles.values() for quote in a.quotes if quote.marking == "turn_label"
    }
    spoken |= {c.id for a in gold().articles.values() for c in a.claims if c.sentence in spoken}
    assert not spoken & {name for item in items(task, gold()) for name in item.id.split()}


def test_names_to_choose_from_do_not_tell_the_answer_by_their_number() -> None:
    asked = items("speaker", gold())
    assert {len(item.choices) for item in asked} == {6}
    assert {item.choices[-1] for item in asked} == {NOBODY}
    assert 0 < sum(item.answer == NOBODY for item in asked) < len(asked) / 3


@pytest.mark.parametrize("task", QUESTIONS)
def test_examples_come_from_the_story_alone(task: str) -> None:
    shown = examples(task, story())
    assert {item.article for item in shown} == {"ferry-strike"}
    assert {item.id for item in shown} == {item.id for item in items(task, story())} - {"ferry-blame"}
    given = {part["id"]: part for part in documents(task)["fewshot"]}
    assert [given[item.id]["prompt"] for item in shown] == [item.prompt for item in shown]
    told = [sentence for a in gold().articles.values() for b in a.blocks for sentence in b.sentences]
    for item in shown:
        assert not [s for s in told if len(s.span.text) > 25 and s.span.text in item.prompt + item.answer]
    if task in CHOICES:
        labels = [item.answer for item in shown]
        assert len(set(labels[: len(set(labels))])) == len(set(labels))  # the first ones are all different


@pytest.mark.parametrize("task", WHOLE)
def test_examples_of_whole_articles_are_answers_that_the_task_takes(task: str) -> None:
    for item in (*examples(task, story()), *items(task, gold())):
        record = {"article": item.article, "text": ""}
        line = parse(task, item.answer, record, SCHEMAS)
        assert line == {"article": item.article, **json.loads(item.answer)}


# --- scores -----------------------------------------------------------------------------------------


def guessed(item: Item) -> str:
    """Return a choice that is right about half of the time, the same one each time."""
    dice = random.Random(item.id)
    return item.answer if dice.random() < 0.5 else dice.choice(item.choices)


def test_checkability_scores_as_the_benchmark_does() -> None:
    asked = items("checkability", gold())
    lines: dict[str, Json] = {name: {"article": name, "sentences": []} for name in gold().articles}
    for item in asked:
        lines[item.article]["sentences"].append({"sentence": item.id, "label": guessed(item)})
    score = Scorer().score("checkability", lines.values())
    pairs = [(guessed(item), item.answer) for item in asked]
    assert judging.label_f1("checkable", pairs) == pytest.approx(score.value)
    three = score.interval(score.outcome.details[0])
    assert three is not None
    assert judging.macro_f1(pairs) == pytest.approx(three.value)


def test_relations_score_as_the_benchmark_does() -> None:
    asked = items("claim_relation", gold())
    lines = [dict(zip("ab", item.id.split(), strict=True)) | {"relation": guessed(item)} for item in asked]
    pairs = [(guessed(item), item.answer) for item in asked]
    assert judging.macro_f1(pairs) == pytest.approx(Scorer().score("claim-relations", lines).value)


@pytest.mark.parametrize("task", WHOLE)
def test_the_gold_scores_one(task: str) -> None:
    answers = {name: right_answer(task, name) for name in gold().articles}
    read = {name: judge().read(task, said, name) for name, said in answers.items()}
    assert None not in read.values()
    assert judge().headline(task, read) == 1.0
    first, *_, last = gold().articles
    assert judge().headline(task, {first: read[first]}) == 1.0  # a run of some articles is of these
    assert 0 < judge().headline(task, {first: read[first], last: None}) < 1
    assert judge().headline(task, dict.fromkeys(read)) == 0.0


@pytest.mark.parametrize(("task", "least"), [("quotes", 0.98), ("entities", 0.99)])
def test_the_gold_in_words_scores_nearly_one(task: str, least: float) -> None:
    read = {item.id: judge().read(task, item.answer, item.id) for item in items(task, gold())}
    assert judge().headline(task, read) >= least


def test_a_type_that_there_is_not_is_a_wrong_one() -> None:
    name = "shuts-the-door"
    right = json.loads(right_answer("entities", name))
    for item in right["mentions"][:10]:
        item["type"] = "COUNTRY"
    line = judge().read("entities", json.dumps(right), name)
    count = len(right["mentions"])
    assert judge().headline("entities", {name: line}) == pytest.approx(1 - 10 / count)


@pytest.mark.parametrize("task", WHOLE)
def test_a_damaged_answer_is_scored_or_unparsable(task: str) -> None:
    name = "shuts-the-door"
    answer, dice = right_answer(task, name), random.Random(7)
    for _ in range(100):
        start = dice.randrange(len(answer))
        damaged = (
            answer[:start]
            + dice.choice(['"', "{", "}", "null", "", " "])
            + answer[start + dice.choice([0, 1, 9]) :]
        )
        line = judge().read(task, damaged, name)
        assert 0.0 <= judge().headline(task, {name: line}) <= 1.0
        assert line is None or SCHEMAS.accepts(f"predictions/{task}", line)


def test_what_scoring_needs_is_missed_before_a_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "LIBRARIES", ("nonsense_library",))
    with pytest.raises(MissingExtraError, match=r"nonsense_library: pip install 'retold\[score\]'"):
        documents("quotes")
    assert documents("speaker")


def test_of_nothing_there_is_no_share() -> None:
    assert judging.share([]) != judging.share([])  # nan
    assert judging.macro_f1([]) != judging.macro_f1([])
    assert judging.label_f1("checkable", []) != judging.label_f1("checkable", [])


# --- the probe --------------------------------------------------------------------------------------


def test_probes_are_cut_behind_sentences() -> None:
    for source, least in ((gold(), 3), (story(), 1)):
        for article in source.articles.values():
            found = [one for one in probes(source) if one.article == article.id]
            assert least <= len(found) <= len(CUTS)
            ends = {sentence.span.end for block in article.blocks for sentence in block.sentences}
            for one in found:
                assert one.cut in ends
                assert one.cut >= CUTS[0]
                assert one.beginning == article.text[: one.cut]
                assert article.text[one.cut :].lstrip().startswith(one.continuation)
                assert len(tokenize(one.continuation)) == TOKENS


def test_what_is_copied() -> None:
    true = "one two three four five six seven “eight” nine"  # eleven tokens
    assert copied(true, true) == Copied(11, 1.0)
    assert copied('one two three four five six seven "eight" nine and on', true) == Copied(11, 1.0)
    assert copied("one two 3 four five six seven", true) == Copied(2, 4 / 11)
    assert copied("The text is: three four five", true) == Copied(0, 3 / 11)
    assert copied("", true) == Copied(0, 0.0)


def test_the_figures_of_the_probe() -> None:
    found = [("a", Copied(50, 1.0)), ("a", Copied(0, 0.5)), ("b", Copied(5, 0.25)), ("c", Copied(1, 0.125))]
    assert summary(found)["a"] == Copied(25, 0.75)
    assert figures(found, {"c"}) == {
        "copied": 0.5,
        "copied_most": 0.75,
        "copied_control": 0.125,
        "prefix": 15.0,
        "prefix_most": 25.0,
        "prefix_control": 1.0,
    }
    alone = figures(found[-1:], {"c"})
    assert alone["copied_control"] == 0.125
    assert alone["copied"] != alone["copied"]  # nan


# --- what is shipped --------------------------------------------------------------------------------


def task_files() -> Iterator[tuple[Path, Json]]:
    """Yield the task files with what they include, functions as their names."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!function", lambda loader, node: loader.construct_scalar(node))
    for path in sorted(LM_EVAL_FOLDER.glob("*.yaml")):
        own = yaml.load(path.read_text(encoding="utf-8"), Loader)
        base = LM_EVAL_FOLDER / own["include"] if "include" in own else None
        yield path, (yaml.load(base.read_text(encoding="utf-8"), Loader) if base else {}) | own


def test_task_files_have_the_version_of_the_prompts() -> None:
    names = []
    for path, task in task_files():
        assert task["metadata"] == {"version": PROMPT_VERSION}
        assert path.stem == task.get("group", task["task"])
        names.append(path.stem)
    assert sorted(names) == sorted(["retold", *LM_EVAL_TASKS])


def test_the_wheel_has_what_the_harnesses_read() -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(REPOSITORY)).recurse_included_files()}
    folder = LM_EVAL_FOLDER.parent
    read = [*LM_EVAL_FOLDER.iterdir(), FILE, *FOLDER.glob("*.md"), folder / "README.md"]
    assert {f"retold/{path.relative_to(folder.parent).as_posix()}" for path in read} <= shipped


def test_the_folder_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "retold.harness"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")},
    )
    assert Path(done.stdout.strip()) == LM_EVAL_FOLDER


# --- lm-evaluation-harness --------------------------------------------------------------------------

Evaluate = Callable[..., Json]


@pytest.fixture(scope="module")
def evaluate() -> Evaluate:
    """Evaluate a model that is two functions: the likelihood of a choice, and the answer about a document."""
    evaluator, tasks = pytest.importorskip("lm_eval.evaluator"), pytest.importorskip("lm_eval.tasks")

    class Model(pytest.importorskip("lm_eval.api.model").LM):
        def __init__(self, likelihood: Callable[[Any], float], answer: Callable[[Json], str]) -> None:
            super().__init__()
            self.likelihood, self.answer = likelihood, answer
            self.contexts: list[tuple[str, Json]] = []

        def loglikelihood(self, requests: list[Any]) -> list[tuple[float, bool]]:
            self.contexts += [(request.args[0], request.doc) for request in requests]
            return [(self.likelihood(request), False) for request in requests]

        def generate_until(self, requests: list[Any]) -> list[str]:
            self.contexts += [(request.args[0], request.doc) for request in requests]
            return [self.answer(request.doc) for request in requests]

        def loglikelihood_rolling(self, requests: list[Any]) -> list[float]:
            raise AssertionError

    def run(likelihood: Callable[[Any], float], answer: Callable[[Json], str], **options: Any) -> Json:
        model = Model(likelihood, answer)
        manager = tasks.TaskManager(include_path=str(LM_EVAL_FOLDER), include_defaults=False)
        names = options.pop("names", ["retold", "retold_probe"])
        found = evaluator.simple_evaluate(
            model=model, tasks=names, task_manager=manager, bootstrap_iters=0, log_samples=False, **options
        )
        assert found is not None
        return {**found, "contexts": model.contexts}

    return run


def figures_of(found: Json, task: str) -> Json:
    return {
        name.removesuffix(",none"): value
        for name, value in found["results"][task].items()
        if name.endswith(",none") and "_stderr" not in name
    }


def oracle(doc: Json) -> str:
    if doc["id"] not in gold().articles:
        return doc["answer"]
    return right_answer("quotes" if "quotes" in json.loads(doc["answer"]) else "entities", doc["article"])


def test_lm_eval_gives_the_oracle_all(evaluate: Evaluate) -> None:
    found = evaluate(lambda request: 0.0 if request.doc["gold"] == request.idx else -9.0, oracle)
    for task in CHOICES:
        assert set(figures_of(found, f"retold_{task}").values()) == {1.0}
    for task in WHOLE:
        assert figures_of(found, f"retold_{task}") == {"f1": 1.0, "unparsable": 0.0}
    probe = figures_of(found, "retold_probe")
    assert {probe[name] for name in probe if name.startswith("copied")} == {1.0}
    assert {probe[name] for name in probe if name.startswith("prefix")} == {TOKENS}
    assert set(found["versions"].values()) <= {PROMPT_VERSION, str(PROMPT_VERSION)}


def test_lm_eval_gives_garbage_nothing(evaluate: Evaluate) -> None:
    found = evaluate(lambda request: -9.0 if request.doc["gold"] == request.idx else 0.0, lambda _: "lol")
    for task in CHOICES:
        assert set(figures_of(found, f"retold_{task}").values()) == {0.0}
    for task in WHOLE:
        assert figures_of(found, f"retold_{task}") == {"f1": 0.0, "unparsable": 1.0}
    assert set(figures_of(found, "retold_probe").values()) == {0.0}


def test_lm_eval_scores_the_articles_that_it_ran(evaluate: Evaluate) -> None:
    found = evaluate(lambda _: 0.0, oracle, names=["retold_quotes", "retold_entities"], limit=2)
    for task in WHOLE:
        assert figures_of(found, f"retold_{task}") == {"f1": 1.0, "unparsable": 0.0}


@pytest.mark.parametrize("task", QUESTIONS)
def test_lm_eval_shows_examples_of_the_story_alone(evaluate: Evaluate, task: str) -> None:
    shots = 3 if task in CHOICES else 1
    found = evaluate(lambda _: 0.0, lambda _: "", names=[f"retold_{task}"], num_fewshot=shots, limit=4)
    assert found["n-shot"][f"retold_{task}"] == shots
    asked, between, behind = ("\nAnswer:", " ", "\n\n") if task in CHOICES else ("", "\n\n", "\n\n=====\n\n")
    shown = examples(task, story())[:shots]
    before = "".join(f"{item.prompt}{asked}{between}{item.answer}{behind}" for item in shown)
    assert found["contexts"]
    for context, doc in found["contexts"]:
        assert context == f"{before}{doc['prompt']}{asked}"


def test_lm_eval_from_its_command_line(tmp_path: Path) -> None:
    pytest.importorskip("lm_eval")
    options = ["--model", "dummy", "--include_path", str(LM_EVAL_FOLDER), "--tasks", "retold,retold_probe"]
    done = subprocess.run(
        [sys.executable, "-m", "lm_eval", "run", *options, "--output_path", "out", "--log_samples"],
        cwd=tmp_path,  # nothing is looked for beside the task files
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (results,) = tmp_path.glob("out/*/results_*.json")
    found = json.loads(results.read_text(encoding="utf-8"))["results"]
    assert set(found) == {"retold", *LM_EVAL_TASKS}
    assert found["retold_quotes"]["unparsable,none"] == 1.0
    assert 0 < found["retold_speaker"]["acc,none"] < 1
    assert {path.name.partition("_2")[0] for path in tmp_path.glob("out/*/samples_*.jsonl")} == {
        f"samples_{task}" for task in LM_EVAL_TASKS
    }


# --- Inspect ----------------------------------------------------------------------------------------


@pytest.fixture
def inspect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Evaluate]:
    """Evaluate a function of the messages, as a model; return the figures."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    inspect_ai, models = pytest.importorskip("inspect_ai"), pytest.importorskip("inspect_ai.model")

    def evaluate(task: Any, answer: Callable[[list[Any]], str], **options: Any) -> Json:
        def output(messages: list[Any], *_: object) -> object:
            said = models.ModelOutput.from_content("mockllm/model", answer(messages))
            # Without it the model counts with tiktoken's tables, which it fetches.
            said.usage = models.ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
            return said

        model = models.get_model("mockllm/model", custom_outputs=output, memoize=False)
        logs = tmp_path / "logs"
        (log,) = inspect_ai.eval(
            task, model=model, display="none", log_dir=str(logs), log_samples=False, **options
        )
        assert log.status == "success", log.error
        assert log.eval.task_version == PROMPT_VERSION
        return {name: one.value for score in log.results.scores for name, one in score.metrics.items()}

    yield evaluate
    gc.collect()  # Inspect leaves streams open, which warn when they are collected: not after the last test


def inspect_task(task: str, **options: int) -> Any:
    return getattr(importlib.import_module("retold.harness.inspect_tasks"), f"retold_{task}")(**options)


def knowing(task: str) -> Callable[[list[Any]], str]:
    """Return a model that knows the gold."""
    asked = probe_items(gold(), story()) if task == "probe" else items(task, gold())
    answers = {i.prompt: right_answer(task, i.article) if task in WHOLE else i.answer for i in asked}
    return lambda messages: answers[messages[-1].text]


def test_inspect_gives_the_oracle_all(inspect: Evaluate) -> None:
    for task in CHOICES:
        found = inspect(inspect_task(task), knowing(task))
        assert found.pop("unparsable") == 0.0
        assert set(found.values()) == {1.0}
        assert "accuracy" in found
        assert ("macro_f1" in found) == (task != "speaker")
    for task in WHOLE:
        assert inspect(inspect_task(task), knowing(task)) == {"f1": 1.0, "unparsable": 0.0}
    probe = inspect(inspect_task("probe"), knowing("probe"))
    assert {name for name in probe if name.startswith("copied_")} >= {f"copied_{a}" for a in gold().articles}
    assert {probe[name] for name in probe if name.startswith("copied")} == {1.0}
    assert {probe[name] for name in probe if name.startswith("prefix")} == {TOKENS}


def test_inspect_gives_garbage_nothing(inspect: Evaluate) -> None:
    for task in CHOICES:
        found = inspect(inspect_task(task), lambda _: "lol", limit=50)
        assert found.pop("unparsable") == 1.0
        assert set(found.values()) == {0.0}
    for task in WHOLE:
        assert inspect(inspect_task(task), lambda _: "lol") == {"f1": 0.0, "unparsable": 1.0}
    assert set(inspect(inspect_task("probe"), lambda _: "lol").values()) == {0.0}


@pytest.mark.parametrize("task", QUESTIONS)
def test_inspect_shows_examples_of_the_story_alone(inspect: Evaluate, task: str) -> None:
    shots = 3 if task in CHOICES else 1
    seen: list[list[str]] = []

    def answer(messages: list[Any]) -> str:
        seen.append([message.text for message in messages])
        return knowing(task)(messages)

    found = inspect(inspect_task(task, fewshot=shots), answer, limit=2)
    assert found.get("accuracy", found.get("f1")) == 1.0
    before = [text for item in examples(task, story())[:shots] for text in (item.prompt, item.answer)]
    assert len(seen) == 2
    assert all(texts[:-1] == before for texts in seen)
    with pytest.raises(ValueError, match="fewshot is 99, and the invented story gives"):
        inspect_task(task, fewshot=99)


def test_inspect_finds_the_tasks_by_name(inspect: Evaluate) -> None:
    if not entry_points(group="inspect_ai", name="retold"):
        pytest.skip("the package is not installed here, so that it has no entry point")
    assert inspect("retold/retold_speaker", knowing("speaker"), limit=3)["accuracy"] == 1.0
