"""`retold stats`: counts that agree with the files."""

import json
import shutil
from pathlib import Path

import pytest

from retold.cli import main
from retold.figures import LABELS, Figures, as_text, keys
from retold.schemas import Schemas, find_schema_folder

TINY = Path(__file__).parent / "fixtures" / "valid" / "tiny"
VOCABULARIES = {name: list(Schemas(find_schema_folder(TINY)).vocabulary(name)) for _, _, name in LABELS}


def stats(capsys, *arguments: str, root: Path = TINY) -> str:
    assert main(["stats", *arguments, "--root", str(root)]) == 0
    return capsys.readouterr().out


def documents(layer: str) -> dict[str, dict]:
    """Return one layer of every article, straight from the files."""
    paths = sorted(TINY.glob(f"annotations/[!_]*/{layer}.json"))
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in paths}


@pytest.fixture
def figures(capsys):
    return json.loads(stats(capsys, "--format", "json"))


@pytest.mark.parametrize(
    ("layer", "items", "what"),
    [
        ("segments", "blocks", "blocks"),
        ("quotes", "quotes", "quotes"),
        ("quotes", "other_marks", "other marks"),
        ("entities", "mentions", "mentions"),
        ("claims", "claims", "claims"),
        ("claims", "sentences", "labelled sentences"),
        ("repairs", "repairs", "repairs"),
    ],
)
def test_items_are_counted_by_article(figures, layer, items, what):
    expected = {article: len(document[items]) for article, document in documents(layer).items()}
    assert {article: counts["items"][what] for article, counts in figures["articles"].items()} == expected
    assert figures["total"]["items"][what] == sum(expected.values()) > 0


@pytest.mark.parametrize(
    ("layer", "items", "field", "name"),
    [
        ("segments", "blocks", "kind", "blocks.kind"),
        ("quotes", "quotes", "type", "quotes.type"),
        ("entities", "mentions", "type", "mentions.type"),
        ("claims", "sentences", "reason", "labelled sentences.reason"),
        ("claims", "claims", "category", "claims.category"),
        ("repairs", "repairs", "kind", "repairs.kind"),
    ],
)
def test_labels_are_counted_zeros_included(figures, layer, items, field, name):
    found = [item[field] for document in documents(layer).values() for item in document[items]]
    counted = figures["total"]["labels"][name]
    assert counted == {label: found.count(label) for label in counted}
    assert set(found) - {None} <= set(counted)


def test_registries_are_counted(figures):
    registry = json.loads((TINY / "annotations/_registry/claims.json").read_text("utf-8"))
    assert figures["registries"]["canonical claims"] == len(registry["claims"])
    assert figures["registries"]["near misses"] == len(registry["near_misses"])
    relations = [relation["relation"] for claim in registry["claims"] for relation in claim["relations"]]
    assert figures["registries"]["entails"] == relations.count("entails") == 1
    assert figures["registries"]["contradicts"] == relations.count("contradicts") == 1


def test_the_text_form_has_a_numbered_column_for_each_article(capsys):
    lines = stats(capsys).splitlines()
    assert lines[:3] == ["[1]: dam-stays-shut", "[2]: interview-on-the-lake", "[3]: sudria-protests"]
    assert lines[3].split() == ["[1]", "[2]", "[3]", "total"]
    blocks = next(line for line in lines if line.startswith("blocks "))
    assert blocks.split()[1:] == ["5", "5", "5", "15"]
    table = lines[3 : lines.index("")]
    assert {len(line) for line in table if line[-1].isdigit()} == {len(lines[3])}  # columns stand in line
    assert all(len(line) <= 100 for line in lines)


def test_a_large_corpus_has_a_column_for_each_split(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("retold.cli.stats.MOST_COLUMNS", 2)
    lines = stats(capsys).splitlines()
    assert lines[3].split() == ["train", "validation", "test", "total"]


def test_passes_are_not_counted_and_do_not_matter(tmp_path, capsys, figures):
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    passes = root / "annotations" / "_passes" / "a" / "dam-stays-shut"
    passes.mkdir(parents=True)
    (passes / "quotes.json").write_text("{", encoding="utf-8")
    assert json.loads(stats(capsys, "--format", "json", root=root)) == figures


def test_a_broken_corpus_is_refused_with_its_first_fault(tmp_path, capsys):
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    (root / "annotations" / "splits.json").write_text("{}", encoding="utf-8")
    assert main(["stats", "--root", str(root)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "annotations/splits.json" in captured.err
    assert "retold validate" in captured.err


def test_no_articles_at_all_are_no_crash():
    lines = list(as_text(Figures({}, {"entities": 0}), VOCABULARIES, {}))
    assert lines[0].split() == ["total"]
    assert lines[1].split() == ["characters", "0"]
    assert len(lines) == len(list(keys(VOCABULARIES))) + len(LABELS) + 3
