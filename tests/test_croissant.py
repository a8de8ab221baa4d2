"""`build/croissant.json`: what it says, that it is kept up to date, and that mlcroissant reads it.

The tests that read need mlcroissant (1.1.1) and what it reads Parquet with (pandas, pyarrow).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from corpora import CARD, REPOSITORY, TINY, compile_to, copy_tiny, edit
from retold.cli import main
from retold.croissant import CROISSANT
from retold.croissant.fields import is_readable
from retold.croissant.responsibility import read_answers
from retold.features import fields
from retold.manifest import read_manifest, table_files
from retold.parquet import read_rows
from retold.tables import CONFIG_OF

CITATION = """cff-version: 1.2.0
message: Cite.
title: "The {dam}"
date-released: 2026-01-02
doi: 10.1000/dam
repository-code: https://example.org/dam
authors:
  - family-names: Lovelace
    given-names: Ada
  - name: Dam Friends
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_tiny(tmp_path)


def described(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / CROISSANT).read_text(encoding="utf-8")))


def compiled(root: Path, tmp_path: Path) -> dict[str, Any]:
    compile_to(root, tmp_path / "out")
    return described(tmp_path / "out")


def by_id(document: dict[str, Any], part: str) -> dict[str, dict[str, Any]]:
    return {item["@id"]: item for item in document[part]}


def all_fields(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for record_set in document["recordSet"]:
        for field in record_set["field"]:
            yield field
            yield from field.get("subField", ())


# --- what it says -----------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", [REPOSITORY / "build", None], ids=["corpus", "tiny"])
def test_every_file_is_listed_and_every_column_described(folder: Path | None, tmp_path: Path) -> None:
    if folder is None:
        folder = tmp_path / "out"
        compile_to(TINY, folder)
    document, manifest = described(folder), read_manifest(folder) or {}
    files = {file.path: file for file in table_files(manifest)}
    objects = by_id(document, "distribution")
    assert {name: item["sha256"] for name, item in objects.items()} == {
        path: file.sha256 for path, file in files.items()
    }
    assert all(
        (folder / item["contentUrl"]).stat().st_size == files[name].bytes for name, item in objects.items()
    )
    record_sets = by_id(document, "recordSet")
    assert list(record_sets) == [f"{file.config}/{file.split}" for file in files.values()]
    for name, record_set in record_sets.items():
        columns = CONFIG_OF[name.split("/")[0]].columns
        assert [field["@id"] for field in record_set["field"]] == [f"{name}/{c.name}" for c in columns]
        for column, field in zip(columns, record_set["field"], strict=True):
            assert field["description"].startswith(column.description)
            inner = [item for item in fields(column.feature) if is_readable(item)]
            assert [item["@id"] for item in field.get("subField", [])] == [
                f"{field['@id']}/{item.name}" for item in inner
            ]
            for item in fields(column.feature):
                if item not in inner:
                    assert f"`{item.name}`" in field["description"]
    assert all(field["description"].strip() for field in all_fields(document))


def test_ids_are_unique_and_what_they_point_to_is_there(tmp_path: Path) -> None:
    document = compiled(TINY, tmp_path)
    own = [item["@id"] for part in ("distribution", "recordSet") for item in document[part]]
    own += [field["@id"] for field in all_fields(document)]
    assert len(own) == len(set(own))
    for field in all_fields(document):
        assert field["source"]["fileObject"]["@id"] in own
        assert ("dataType" in field) != ("subField" in field)
    for record_set in document["recordSet"]:
        keys = record_set["key"] if isinstance(record_set["key"], list) else [record_set["key"]]
        assert {key["@id"] for key in keys} <= set(own)


def test_class_labels_are_named(tmp_path: Path) -> None:
    found = {field["@id"]: field for field in all_fields(compiled(TINY, tmp_path))}
    label = found["sentences/test/checkability_label"]
    assert label["dataType"] == "sc:Integer"
    assert "Classes, from 0: checkable, vague, none." in label["description"]
    tags = found["sentences/test/ner_tags"]
    assert tags["isArray"] is True
    assert "O, B-" in tags["description"]


def test_a_bare_corpus_gets_a_description_from_its_manifest(tmp_path: Path) -> None:
    document = compiled(TINY, tmp_path)
    assert document["name"] == "Annotated articles"
    assert document["description"] == "3 articles with their annotation, in 10 tables."
    assert document["rai:annotationsPerItem"] == "1"
    unknown = {"license", "url", "version", "datePublished", "creator", "citeAs", "keywords"}
    assert not unknown & document.keys()


def test_name_licence_and_citation_come_from_the_documents(root: Path, tmp_path: Path) -> None:
    (root / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    (root / "pyproject.toml").write_text(
        '[project]\nname = "dam"\nversion = "1.2.0"\ndescription = "A dam."\nlicense = "CC0-1.0"\n',
        encoding="utf-8",
    )
    document = compiled(root, tmp_path)
    told = {
        name: document[name] for name in ("name", "description", "license", "version", "url", "datePublished")
    }
    assert told == {
        "name": "Tiny",
        "description": "A dam.",
        "license": "CC0-1.0",
        "version": "1.2.0",
        "url": "https://example.org/dam",
        "datePublished": "2026-01-02",
    }
    assert document["creator"] == [
        {"@type": "sc:Person", "name": "Ada Lovelace"},
        {"@type": "sc:Organization", "name": "Dam Friends"},
    ]
    cited = document["citeAs"]
    assert cited.startswith("@misc{tiny,\n  title = {The dam},\n")
    assert "author = {{Ada Lovelace} and {Dam Friends}}" in cited
    assert cited.count("{") == cited.count("}")


def test_the_card_gives_a_licence_that_has_a_name(root: Path, tmp_path: Path) -> None:
    card = CARD.replace("license: other", "license: cc-by-4.0\nlanguage: [en, uk]\ntags: [dams, 3]")
    (root / "README.md").write_text(card, encoding="utf-8")
    document = compiled(root, tmp_path)
    assert document["license"] == "cc-by-4.0"
    assert document["inLanguage"] == ["en", "uk"]
    assert document["keywords"] == ["dams"]


def test_answers_of_a_datasheet_lose_tables_and_links() -> None:
    sheet = (
        "# D\n\n## Uses\n\n### One (e.g., this)?\n\nYes, see [there](x.md).\n\n"
        "More\nlines.\n\nThe table:\n\n<!-- datasheet:rows -->\n| a |\n"
        "<!-- /datasheet:rows -->\n\nAfter it.\n\n"
        "### Two?\n\n### Three?\n\n| t |\n"
    )
    assert read_answers(sheet) == {
        "Uses": "",
        "One (e.g., this)?": "Yes, see there.\n\nMore\nlines.",
        "Two?": "",
        "Three?": "",
    }


def test_responsible_use_is_what_the_datasheet_says(root: Path, tmp_path: Path) -> None:
    (root / "DATASHEET.md").write_text(
        "### Are there tasks for which the dataset should not be used? (e.g., ranking)?\n\n"
        "Yes: ranking.\n\n"
        "### Who was involved in the data collection process (e.g., students)?\n\nA machine.\n",
        encoding="utf-8",
    )
    for name in ("x", "y"):
        shutil.copytree(
            TINY / "annotations" / "dam-stays-shut",
            root / "annotations" / "_passes" / name / "dam-stays-shut",
            ignore=shutil.ignore_patterns("repairs.json"),
        )
    found = {name: value for name, value in compiled(root, tmp_path).items() if name.startswith("rai:")}
    assert found["rai:dataLimitations"][0].startswith("Are there tasks for which")
    assert found["rai:dataLimitations"][0].endswith("Yes: ranking.")
    assert found["rai:annotatorDemographics"] == ["A machine."]
    assert found["rai:annotationsPerItem"].endswith("x (1), y (1).")
    assert len(found) == 3


def test_the_corpus_says_who_annotated_it_and_what_it_is_not_for() -> None:
    document = described(REPOSITORY / "build")
    said = json.dumps(document, ensure_ascii=False)
    assert "No person has reviewed the annotation." in said
    assert "The annotators are language models" in " ".join(document["rai:annotatorDemographics"])
    for name in ("dataCollection", "dataBiases", "dataLimitations", "dataAnnotationProtocol", "dataUseCases"):
        assert document[f"rai:{name}"], name
    assert not re.search(r"\]\(|<!--", said)


# --- kept up to date --------------------------------------------------------------------------------


def check(root: Path) -> int:
    return main(["build", "--check", "--root", str(root)])


@pytest.fixture
def built(root: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["build", "--root", str(root)]) == 0
    capsys.readouterr()
    return root


def test_building_twice_gives_the_same_bytes(built: Path) -> None:
    before = (built / "build" / CROISSANT).read_bytes()
    assert main(["build", "--root", str(built)]) == 0
    assert (built / "build" / CROISSANT).read_bytes() == before
    assert before.endswith(b"}\n")
    assert check(built) == 0


def test_check_finds_a_stale_description(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(document: dict[str, Any]) -> None:
        document["recordSet"][0]["field"][0]["description"] = "Something else."
        document["distribution"][0]["sha256"] = "0" * 64

    edit(built / "build" / CROISSANT, change)
    assert check(built) == 1
    told = capsys.readouterr().out
    assert (
        "build/croissant.json: recordSet.sentences/train.field.sentences/train/sentence_id.description has"
        in told
    )
    assert "build/croissant.json: distribution.sentences/train.parquet.sha256 has" in told


@pytest.mark.parametrize("content", [None, "{", "[]", '"x"'])
def test_check_finds_a_missing_or_broken_one(
    built: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = built / "build" / CROISSANT
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert check(built) == 1
    assert "build/croissant.json is missing or cannot be read" in capsys.readouterr().out


def test_check_finds_other_bytes(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = built / "build" / CROISSANT
    path.write_text(json.dumps(described(built / "build")), encoding="utf-8")
    assert check(built) == 1
    assert "says the same in other bytes" in capsys.readouterr().out


def test_bytes_of_another_pyarrow_are_no_difference(built: Path) -> None:
    def other_writer(manifest: dict[str, Any]) -> None:
        manifest["made_with"]["pyarrow"] = "1.0"

    def other_bytes(document: dict[str, Any]) -> None:
        for item in document["distribution"]:
            item.update(sha256="0" * 64, contentSize="1 B")

    edit(built / "build" / "manifest.json", other_writer)
    edit(built / "build" / CROISSANT, other_bytes)
    assert check(built) == 0


def test_a_changed_datasheet_asks_for_a_build(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (built / "DATASHEET.md").write_text("### Will the dataset be updated?\n\nNever.\n", encoding="utf-8")
    assert check(built) == 1
    assert "rai:dataReleaseMaintenancePlan has nothing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("README.md", "---\na: [\n---\n", "front matter of"),
        ("README.md", "---\n- a\n---\n", "must hold keys"),
        ("CITATION.cff", "a: [", "is not YAML"),
        ("DATASHEET.md", b"\xff", "cannot read"),
    ],
)
def test_a_broken_document_is_one_line(
    root: Path, name: str, content: str | bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["build", "--root", str(root)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert name in told
    assert len(told.splitlines()) == 1
    assert not (root / "build").exists()


@pytest.mark.parametrize(
    "content", ["authors: 3\ntitle: [x]\n", "authors: [a, {}]\nurl: 5\ndate-released: soon\n"]
)
def test_odd_values_of_a_citation_are_no_crash(root: Path, tmp_path: Path, content: str) -> None:
    (root / "CITATION.cff").write_text(content, encoding="utf-8")
    assert compiled(root, tmp_path)["name"] == "Tiny"


# --- mlcroissant reads it ---------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return a value as the table has it: texts are bytes here, and names have their record set."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key.rsplit("/", 1)[1]: plain(item) for key, item in value.items()}
    return value


def cut(row: dict[str, Any], record_set: dict[str, Any]) -> dict[str, Any]:
    """Return a row with what the record set has of it."""
    kept = {}
    for field in record_set["field"]:
        name = field["@id"].rsplit("/", 1)[1]
        inner = [item["@id"].rsplit("/", 1)[1] for item in field.get("subField", ())]
        kept[name] = [{key: item[key] for key in inner} for item in row[name]] if inner else row[name]
    return kept


def assert_reads_back(folder: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=str(folder / CROISSANT))
    record_sets = by_id(described(folder), "recordSet")
    assert {found.uuid for found in dataset.metadata.record_sets} == set(record_sets)
    manifest = read_manifest(folder) or {}
    for name, record_set in record_sets.items():
        files = [f.path for f in table_files(manifest) if f"{f.config}/{f.split}" == name]
        rows = [cut(row, record_set) for path in files for row in read_rows(folder / path)]
        assert [plain(record) for record in dataset.records(name)] == rows, name


@pytest.mark.filterwarnings("default")  # of mlcroissant and what it is built on
def test_mlcroissant_reads_every_record_of_the_corpus() -> None:
    assert_reads_back(REPOSITORY / "build")


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("texts", [True, False])
def test_mlcroissant_reads_a_corpus_without_documents(tmp_path: Path, texts: bool) -> None:
    compile_to(TINY, tmp_path, texts=texts)
    assert_reads_back(tmp_path)


@pytest.mark.filterwarnings("default")
def test_mlcroissant_reads_shards(tmp_path: Path) -> None:
    edited = copy_tiny(tmp_path)
    edit(
        edited / "annotations" / "splits.json",
        lambda document: document.update(splits={"test": sorted(chain(*document["splits"].values()))}),
    )
    folder = tmp_path / "out"
    compile_to(edited, folder, shard_articles=1)
    assert [item["@id"] for item in described(folder)["distribution"] if item["@type"] == "cr:FileSet"] != []
    assert_reads_back(folder)


@pytest.mark.filterwarnings("default")
def test_mlcroissant_refuses_a_changed_file(tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    compile_to(TINY, tmp_path)
    shutil.copy(tmp_path / "quotes" / "train.parquet", tmp_path / "quotes" / "test.parquet")
    with pytest.raises(mlcroissant.GenerationError):
        list(mlcroissant.Dataset(jsonld=str(tmp_path / CROISSANT)).records("quotes/test"))
