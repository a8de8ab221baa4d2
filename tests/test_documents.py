"""The documents hold to the code, to ``build/manifest.json`` and to one another."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from documents import ROOT, anchors, fences, links, own_documents, prose, region
from retold.baselines.systems import SYSTEMS
from retold.benchmark.resampling import Resampler
from retold.benchmark.scoring import Scorer
from retold.benchmark.tasks import TASKS
from retold.cli import main
from retold.layout import Layout
from retold.reader import parse_metadata, read_json

# What the Hub accepts, as far as this card may use it (hub-docs datasetcard.md, huggingface.js pipelines.ts).
HUB_VALUES = {
    "license": {"other"},
    "language": {"en"},
    "annotations_creators": {"machine-generated"},
    "language_creators": {"found"},
    "multilinguality": {"monolingual"},
    "size_categories": {"n<1K", "1K<n<10K"},
    "source_datasets": {"original"},
    "task_categories": {"token-classification", "text-classification"},
    "task_ids": {
        "named-entity-recognition",
        "coreference-resolution",
        "topic-classification",
        "multi-label-classification",
        "fact-checking",
        "entity-linking-classification",
    },
}
# The other keys of this card, with the type of their value; and those of a config (hub-docs, datasets).
CARD_KEYS = {"pretty_name": str, "license_name": str, "license_link": str, "tags": list, "configs": list}
CONFIG_KEYS = {"config_name": str, "default": bool, "version": str, "description": str, "data_files": list}
CATEGORY_OF = {  # task_id -> the task_category whose it is
    "named-entity-recognition": "token-classification",
    "coreference-resolution": "token-classification",
    "topic-classification": "text-classification",
    "multi-label-classification": "text-classification",
    "fact-checking": "text-classification",
    "entity-linking-classification": "text-classification",
}
RUNNER = """
import json, sys
for language, body in json.load(sys.stdin):
    if language == "sql":
        import duckdb
        assert duckdb.sql(body).fetchall(), body
    else:
        exec(compile(body, "README.md", "exec"), {})
"""
QUESTIONS = {
    "Motivation": 4,
    "Composition": 16,
    "Collection Process": 12,
    "Preprocessing/cleaning/labeling": 4,
    "Uses": 6,
    "Distribution": 7,
    "Maintenance": 8,
}


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def version() -> str:
    return str(tomllib.loads(document("pyproject.toml"))["project"]["version"])


def front_matter() -> dict[str, Any]:
    return dict(yaml.safe_load(document("README.md").split("---\n")[1]))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- links and commands -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", own_documents(), ids=name_of)
def test_links_resolve(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in links(text):
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("path", own_documents(), ids=name_of)
def test_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = "\n".join(fence.body for fence in fences(text) if fence.info == ("sh",))
    said = [*re.findall(r"`([^`\n]+)`", prose(text)), *lines.splitlines()]
    commands = [match.groups() for line in said if (match := re.match(r"(make|retold) ([a-z][a-z-]*)", line))]
    targets = set(re.findall(r"^([a-z-]+):", document("Makefile"), re.MULTILINE))
    verbs = {path.stem.rstrip("_").replace("_", "-") for path in (ROOT / "scripts/retold/cli").glob("*.py")}
    known = {"make": targets, "retold": verbs}
    assert not [command for command in commands if command[1] not in known[command[0]]]


def test_readme_snippets_run(tmp_path: Path) -> None:
    known = {"python", "sql"}
    snippets = [(f.info[0], f.body) for f in fences(document("README.md")) if f.info and f.info[0] in known]
    assert {language for language, _ in snippets} == known
    program = json.dumps(snippets).replace("/path/to/retold", str(ROOT))
    env = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=program,
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_readme_names_the_splits() -> None:
    splits = json.loads(document("annotations/splits.json"))["splits"]
    missing = [
        name for name, ids in splits.items() if f"`{name}` {' and '.join(ids)}" not in document("README.md")
    ]
    assert not missing


# --- versions and the card --------------------------------------------------------------------------


def test_versions_agree() -> None:
    headings = re.findall(r"^## (\S+)", document("CHANGELOG.md"), re.MULTILINE)
    assert next(heading for heading in headings if heading != "Unreleased") == version()
    assert yaml.safe_load(document("CITATION.cff"))["version"] == version()
    assert f"For version {version()} of Retold" in document("DATASHEET.md")
    assert f'revision="v{version()}"' in document("README.md")
    assert json.loads(document("build/croissant.json"))["version"] == version()
    assert manifest()["data_version"] == version()


def test_changelog_sections() -> None:
    for entry in document("CHANGELOG.md").split("\n## ")[1:]:
        assert re.findall(r"^### (\w+)", entry, re.MULTILINE) == ["Data", "Schema", "Code", "Benchmark"]


def test_citation_has_what_the_format_requires() -> None:
    citation = yaml.safe_load(document("CITATION.cff"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "dataset"
    assert all("name" in author or "family-names" in author for author in citation["authors"])


@pytest.mark.parametrize("field", HUB_VALUES)
def test_card_uses_values_of_the_hub(field: str) -> None:
    value = front_matter()[field]
    values = value if isinstance(value, list) else [value]
    assert values
    assert set(values) <= HUB_VALUES[field]


def test_card_points_to_its_licence() -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", front_matter()["license_name"])
    assert (ROOT / front_matter()["license_link"]).is_file()


def test_card_has_each_key_once_and_none_that_the_hub_does_not_know() -> None:
    keys = re.findall(r"^([A-Za-z_-]+):", document("README.md").split("---\n")[1], re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert set(keys) == HUB_VALUES.keys() | CARD_KEYS.keys()


@pytest.mark.parametrize("field", [*HUB_VALUES, *CARD_KEYS])
def test_card_values_have_the_type_that_the_hub_expects(field: str) -> None:
    value = front_matter()[field]
    assert isinstance(value, CARD_KEYS.get(field, str if field == "license" else list))
    if isinstance(value, list) and field != "configs":
        assert all(isinstance(item, str) and item == item.strip() != "" for item in value)
        assert len(value) == len(set(value))


def test_card_has_a_name_and_tags_that_can_be_searched_for() -> None:
    assert front_matter()["pretty_name"].strip()
    assert [tag for tag in front_matter()["tags"] if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tag)] == []


def test_card_lists_the_category_of_each_task() -> None:
    front = front_matter()
    assert CATEGORY_OF.keys() == HUB_VALUES["task_ids"]
    assert {CATEGORY_OF[task] for task in front["task_ids"]} == set(front["task_categories"])


def test_card_configs_are_such_as_datasets_loads() -> None:
    configs = front_matter()["configs"]
    for config in configs:
        assert config.keys() - CONFIG_KEYS.keys() == set()
        assert all(isinstance(config[key], CONFIG_KEYS[key]) for key in config)
        assert re.fullmatch(r"[A-Za-z0-9_-]+", config["config_name"])
        assert config["version"] == version()
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", config["description"])
    names = [config["config_name"] for config in configs]
    assert len(names) == len(set(names))
    assert [config["config_name"] for config in configs if config.get("default")] == names[:1]


def test_card_splits_are_allowed_and_their_files_are_there() -> None:
    entries = manifest()["configs"]
    for config in front_matter()["configs"]:
        name, files = config["config_name"], config["data_files"]
        splits = [entry["split"] for entry in files]
        assert splits == list(entries[name]["splits"])
        # datasets.splits: words joined by dots; "all" is reserved
        assert all(re.fullmatch(r"\w+(\.\w+)*", split) and split != "all" for split in splits)
        for entry in files:
            assert entry.keys() == {"split", "path"}
            paths = entry["path"] if isinstance(entry["path"], list) else [entry["path"]]
            part = entries[name]["splits"][entry["split"]]
            assert part["rows"] > 0  # an empty split cannot be loaded
            assert paths == [f"build/{file['path']}" for file in part["files"]]
            assert all((ROOT / path).is_file() for path in paths)
    assert [config["config_name"] for config in front_matter()["configs"]] == list(entries)


# --- the datasheet ----------------------------------------------------------------------------------


def test_datasheet_answers_every_question() -> None:
    sections = document("DATASHEET.md").split("\n## ")[1:]
    questions = {part.split("\n")[0]: part.split("\n### ")[1:] for part in sections}
    assert {name: len(found) for name, found in questions.items()} == QUESTIONS
    unanswered = [q for found in questions.values() for q in found if not q.partition("\n")[2].strip()]
    assert not unanswered


def table(*rows: tuple[object, ...]) -> str:
    header, *body = (f"| {' | '.join(map(str, row))} |" for row in rows)
    return "\n".join([header, f"|{'---|' * len(rows[0])}", *body])


def test_datasheet_flags(update_golden: bool) -> None:
    layout = Layout(ROOT)
    found = (parse_metadata(read_json(path)) for path in sorted(layout.raw.glob("*.json")))
    rows = [(f"`{m.id}`", ", ".join(f"`{flag.flag}`" for flag in m.flags) or "none") for m in found]
    hold("datasheet:flags", table(("article", "flags"), *rows), update_golden)


def manifest() -> dict[str, Any]:
    return dict(json.loads(document("build/manifest.json")))


def test_datasheet_rows(update_golden: bool) -> None:
    configs = manifest()["configs"]
    names = list(dict.fromkeys(split for entry in configs.values() for split in entry["splits"]))
    rows = [
        (f"`{name}`", *(entry["splits"].get(split, {"rows": "–"})["rows"] for split in names), entry["rows"])
        for name, entry in configs.items()
    ]
    hold("datasheet:rows", table(("table", *names, "all"), *rows), update_golden)


def test_datasheet_labels(update_golden: bool) -> None:
    rows = [
        (f"`{config}`", f"`{column}`", ", ".join(f"`{label}` {number}" for label, number in labels.items()))
        for config, columns in manifest()["counts"].items()
        for column, labels in columns.items()
    ]
    hold("datasheet:labels", table(("table", "column", "labels and how often"), *rows), update_golden)


NO_AGREEMENT = "There is one pass so far, and therefore no agreement to report."
AGREEMENT = (  # layer, part, measure
    ("segments", "sentences", "F1"),
    ("quotes", "quotes, core", "F1, half of content"),
    ("quotes", "content, core", "F1, exact"),
    ("quotes", "cue, core", "F1, exact"),
    ("quotes", "source, core", "F1, exact"),
    ("quotes", "content, source and cue, core", "F1, exact"),
    ("quotes", "content, source and cue, all", "F1, exact"),
    ("quotes", "tokens", "alpha"),
    ("quotes", "attitude, core", "kappa"),
    ("quotes", "scope, all", "kappa"),
    ("quotes", "speaker, core", "accuracy"),
    ("entities", "mentions", "F1, strict"),
    ("entities", "link", "accuracy"),
    ("entities", "coreference across articles", "CoNLL F1"),
    ("entities", "coreference across articles", "LEA"),
    ("claims", "checkability", "kappa"),
    ("claims", "claims", "F1, half of words"),
    ("claims", "claims", "F1, exact"),
    ("claims", "category", "kappa"),
    ("claims", "polarity", "kappa"),
    ("claims", "certainty", "kappa"),
    ("claims", "claimant", "accuracy"),
    ("alignment", "relations of claims", "F1"),
    ("alignment", "relations of claims", "macro-F1"),
    ("alignment", "utterances of quotes", "B³"),
    ("topics", "article topics", "alpha, MASI"),
    ("topics", "article topics", "F1"),
    ("topics", "block topics", "alpha, MASI"),
    ("topics", "block topics, top level", "alpha, MASI"),
)


def test_datasheet_agreement(update_golden: bool) -> None:
    comparisons = json.loads(document("build/agreement.json"))["comparisons"]
    found = [{(f["layer"], f["part"], f["measure"]): f for f in pair["figures"]} for pair in comparisons]
    known = {key for figures in found for key in figures}
    assert not [key for key in AGREEMENT if key not in known and key[0] != "alignment"]
    rows = [
        (layer, part, measure, *(figure_cell(figures.get((layer, part, measure))) for figures in found))
        for layer, part, measure in AGREEMENT
        if any((layer, part, measure) in figures for figures in found)
    ]
    pairs = [f"`{pair['a']}` and `{pair['b']}`" for pair in comparisons]
    between_passes = any("gold" not in (pair["a"], pair["b"]) for pair in comparisons)
    text = table(("layer", "what", "measure", *pairs), *rows)
    hold("datasheet:agreement", text if between_passes else NO_AGREEMENT, update_golden)


def figure_cell(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "–"
    values = [figure["value"], figure["without_examples"]["value"]]
    value, rest = ("–" if number is None else f"{number:.3f}" for number in values)
    return f"{value} ({rest}), n {figure['n']}"


def test_datasheet_certificate(update_golden: bool) -> None:
    certificate = json.loads(document("build/certificate.json"))
    hold("datasheet:certificate", "\n\n".join(certificate_parts(certificate)), update_golden)


def certificate_parts(certificate: dict[str, Any]) -> list[str]:
    """Return the figures of the hunt, those of each layer, and what two passes both missed."""
    hunt, layers = certificate["hunt"], certificate["layers"]
    every = next(row for row in layers if row["layer"] == "all")
    told = (
        f"Planted: {every['planted']} errors of {len(hunt['planted'])} kinds (seed {hunt['seed']}). "
        f"{hunt['readers']} readers reported {hunt['finds']} finds, some of them the same; they named "
        f"{every['found']} of the planted errors. Of their other finds {hunt['unplanted_confirmed']} were "
        f"judged faults and mended, {hunt['unplanted_refused']} were judged to be none. "
        f"What the readers had: {hunt['readers_had']}."
    )
    rows = [
        (
            row["layer"].replace("_", " "),
            "–" if row["items"] is None else row["items"],
            row["planted"],
            row["found"],
            "–"
            if row["recall"] is None
            else "{:.2f} ({:.2f}–{:.2f})".format(row["recall"], *row["recall_exact_95"]),
            row["mended"],
            "unknown" if row["residual"] is None else f"{row['residual']:.1f} ({row['residual_upper_95']})",
            "unknown" if row["residual"] is None else f"{100 * row['residual_upper_95_per_item']:.1f}",
            "–" if row["changed"] is None else row["changed"],
        )
        for row in layers
    ]
    header = (
        "layer", "items", "planted", "found", "recall (95 %)", "faults mended", "left (at most)",
        "at most, in 100 items", "items changed since",
    )  # fmt: skip
    passes = [
        (
            row["layer"],
            f"`{pair['first']}` and `{pair['second']}`",
            row["gold"],
            row["first"],
            row["second"],
            row["both"],
            f"{row['missed']['estimate']:.1f} ({row['missed']['upper']:.1f})",
            row["gold_alone"],
        )
        for pair in certificate["passes"]
        for row in pair["layers"]
    ]
    seen = (
        "layer", "passes", "items of the gold", "first has", "second has", "both have",
        "neither has, estimated (at most)", "neither has, but the gold",
    )  # fmt: skip
    return [told, table(header, *rows), beyond(layers), table(seen, *passes)]


def beyond(layers: list[dict[str, Any]]) -> str:
    """Return which layers were changed by more than the faults that the hunt found."""
    more = [
        f"{row['layer'].replace('_', ' ')} {row['changed'] - row['mended']} of {row['items']}"
        + (", more than the hunt gives as the most" if row["changed"] - row["mended"] > upper else "")
        for row in layers
        if row["layer"] != "all" and row["changed"] is not None and row["changed"] > row["mended"]
        for upper in [math.inf if row["residual_upper_95"] is None else row["residual_upper_95"]]
    ]
    return f"Changed since the hunt without having been found in it: {'; '.join(more) or 'nothing'}."


def hold(name: str, expected: str, renew: bool) -> None:
    """Compare a region of the datasheet, or write it anew."""
    path = ROOT / "DATASHEET.md"
    text = path.read_text(encoding="utf-8")
    if renew:
        before, rest = text.split(f"<!-- {name} -->\n", 1)
        after = rest.split(f"<!-- /{name} -->", 1)[1]
        path.write_text(f"{before}<!-- {name} -->\n{expected}\n<!-- /{name} -->{after}", encoding="utf-8")
    elif region(text, name) != expected:
        pytest.fail(f"{name} is out of date. Renew it: make build")


# --- the benchmark in the card ----------------------------------------------------------------------

SCORED = re.compile(
    r"^```console\n\$ (?P<command>retold [^\n]+)\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL
)


def test_readme_shows_what_the_commands_print(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    monkeypatch.chdir(ROOT)
    readme = document("README.md")
    found = list(SCORED.finditer(readme))
    assert {match["command"].split()[2] for match in found} == set(TASKS)
    renewed = readme
    for match in found:
        assert main(match["command"].split()[1:]) == 0
        shown = f"```console\n$ {match['command']}\n{capsys.readouterr().out}```"
        renewed = renewed.replace(match[0], shown)
    if update_golden:
        (ROOT / "README.md").write_text(renewed, encoding="utf-8")
    assert renewed == document("README.md"), (
        "run: pytest tests/test_documents.py -k readme_shows --update-golden"
    )


def test_examples_of_predictions_are_taken(tmp_path: Path) -> None:
    examples = {
        f.info[2]: f.body for f in fences(document("README.md")) if f.info[:2] == ("json", "predictions")
    }
    assert set(examples) == set(TASKS)
    scorer = Scorer(ROOT, Resampler(resamples=5, few=5))
    for task, line in examples.items():
        score = scorer.score(task, [json.loads(line)])
        assert score.placed["not found"] == 0, task
        assert score.value is not None


def test_every_baseline_and_task_is_on_the_leaderboard() -> None:
    board = json.loads(document("build/leaderboard.json"))
    assert set(board["tasks"]) == set(TASKS)
    assert set(SYSTEMS) <= set(board["systems"])
    assert not [name for name, system in board["systems"].items() if system["stale"]]
    for views in board["tasks"].values():
        kinds = {board["systems"][row["system"]]["kind"] for row in views["raw"]["scores"]}
        assert {"baseline", "ceiling", "language model"} <= kinds
