"""The compiled corpus as users read it; each program here runs in a fresh process with an empty cache."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpora import REPOSITORY, copy_tiny, edit, run_python, snapshot
from retold import table
from retold.cli import main
from retold.loading import find_compiled
from retold.tables import CONFIGS


def run(code: str, *arguments: object, home: Path) -> Any:
    """Run a program and return the JSON that it prints last."""
    done = run_python(code, *arguments, home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_tiny(tmp_path_factory.mktemp("corpus"))
    (root / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    assert main(["build", "--root", str(root)]) == 0
    return root


def expected_rows(root: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows of every config and split, straight from the files."""
    return {
        folder.name: {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}
        for folder in (root / "build").iterdir()
        if folder.is_dir() and any(folder.glob("*.parquet"))
    }


LOAD_DATASET = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
root = sys.argv[1]
rows, features, streamed = {}, {}, {}
for config in get_dataset_config_names(root):
    data = load_dataset(root, config)
    rows[config] = {split: part.to_list() for split, part in data.items()}
    stream = load_dataset(root, config, streaming=True)
    streamed[config] = {split: list(part) for split, part in stream.items()}
    features[config] = [repr(part.features) for part in data.values()]
    assert {repr(part.features) for part in stream.values()} == set(features[config])
default = load_dataset(root)["test"].to_list()
assert streamed == rows
print(json.dumps([rows, features, default]))
"""


@pytest.mark.parametrize("root", ["tiny", REPOSITORY], ids=["tiny", "repository"])
def test_load_dataset_reads_every_config_and_split(root: str | Path, built: Path, tmp_path: Path) -> None:
    folder = built if root == "tiny" else Path(root)
    rows, features, default = run(LOAD_DATASET, folder, home=tmp_path)
    expected = expected_rows(folder)
    assert rows == expected
    assert list(rows) == [config.name for config in CONFIGS]
    assert default == expected["sentences"]["test"]
    for config, found in features.items():
        assert len(set(found)) == 1, config
        assert "Sequence" not in found[0]
    assert (
        "'checkability_label': ClassLabel(names=['checkable', 'vague', 'none'])" in features["sentences"][0]
    )
    assert "'ner_tags': List(ClassLabel(names=['O', 'B-PERSON'," in features["sentences"][0]
    assert "'relation_label': ClassLabel(names=['equivalent'," in features["claim_pairs"][0]


STALE = """
import json, shutil, sys
from datasets import load_dataset
root, rebuilt = sys.argv[1:]
before = load_dataset(root, "quotes", split="train")["note"][:]
shutil.rmtree(root)
shutil.copytree(rebuilt, root)
after = load_dataset(root, "quotes", split="train")["note"][:]
from retold import load
own = load("quotes", "train", root=root)["note"][:]
print(json.dumps([before, after, own]))
"""


def test_a_rebuilt_repository_is_never_read_stale(built: Path, tmp_path: Path) -> None:
    root, rebuilt = tmp_path / "tiny", tmp_path / "new"
    shutil.copytree(built, root)
    shutil.copytree(built, rebuilt)
    quotes = rebuilt / "annotations" / "dam-stays-shut" / "quotes.json"
    edit(quotes, lambda document: document["quotes"][0].update(note="Read again."))
    assert main(["build", "--root", str(rebuilt)]) == 0
    before, after, own = run(STALE, root, rebuilt, home=tmp_path / "home")
    assert before[0] is None
    assert after[0] == own[0] == "Read again."


LOAD = """
import json, sys
import retold
assert not {"pyarrow", "datasets"} & sys.modules.keys()
from retold.tables import CONFIGS
root, bare = sys.argv[1:]
for config in CONFIGS:
    data = retold.load(config.name, root=root)
    filled = retold.load(config.name, texts=root + "/raw", root=bare)
    for split, part in data.items():
        assert part.split == split
        one = retold.load(config.name, split, root=root)
        assert one.to_list() == part.to_list() == filled[split].to_list()
        assert one.features == part.features == filled[split].features
        assert part.cache_files == []
    table = retold.table(config.name, root=root)
    assert table.to_pylist() == [row for part in data.values() for row in part.to_list()]
labels = retold.load(root=root, split="test").features["checkability_label"]
print(json.dumps([labels.int2str(0), retold.load("quotes", "test", root=root + "/build").num_rows]))
"""


def test_retold_load_and_table(built: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    assert main(["build", "--root", str(built), "--no-text", "--out", str(bare)]) == 0
    assert run(LOAD, built, bare, home=tmp_path) == ["checkable", 4]


READERS = """
import json, sys
import duckdb, pandas, polars
quotes = sys.argv[1] + "/build/quotes/test.parquet"
query = f"SELECT quote_id, s.start, s.text FROM '{quotes}', unnest(content) AS u(s) ORDER BY ALL"
sql = duckdb.sql(query).fetchall()
frame = polars.read_parquet(quotes).select("quote_id", "content").explode("content").unnest("content")
flat = frame.select("quote_id", "start", "text").sort("quote_id", "start").rows()
pandas_rows = [
    (row.quote_id, span["start"], span["text"])
    for row in pandas.read_parquet(quotes).itertuples() for span in row.content
]
sentences = polars.read_parquet(sys.argv[1] + "/build/sentences/*.parquet")
print(json.dumps([sql, flat, sorted(pandas_rows), sentences.height]))
"""


def test_duckdb_polars_and_pandas_read_nested_spans(built: Path, tmp_path: Path) -> None:
    sql, flat, pandas_rows, sentences = run(READERS, built, home=tmp_path)
    spans = sorted(
        [row["quote_id"], span["start"], span["text"]]
        for row in table("quotes", "test", root=built).to_pylist()
        for span in row["content"]
    )
    assert sql == flat == pandas_rows == spans
    assert sentences == table("sentences", root=built).num_rows


# --- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("quote",), "no config 'quote'; there are: 'sentences', 'quotes', "),
        (("quotes", "dev"), "no split of quotes 'dev'; there are: 'train', 'validation', 'test'"),
        (("utterances", "test"), "no split of utterances 'test'; there are: 'corpus'"),
        (("claim_pairs", "train"), "no split of claim_pairs 'train'; there are: 'validation', 'test'"),
    ],
)
def test_unknown_names_are_answered_with_the_known_ones(
    built: Path, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ValueError, match="^" + message):
        table(*arguments, root=built)


def test_unknown_view_is_answered_with_the_known_ones(built: Path, tmp_path: Path) -> None:
    code = "import sys, retold; retold.load('quotes', view='tidy', root=sys.argv[1])"
    done = run_python(code, built, home=tmp_path)
    assert done.stderr.splitlines()[-1] == "ValueError: no view 'tidy'; there are: 'raw', 'clean'"


def test_no_compiled_corpus(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run `retold build`"):
        table(root=tmp_path)


def test_own_corpus_is_found_without_a_root() -> None:
    assert find_compiled() == REPOSITORY / "build"
    assert table("articles").num_rows == len(list((REPOSITORY / "raw").glob("*.txt")))


def test_a_table_that_is_not_the_manifests_is_refused(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "tiny"
    shutil.copytree(built, root)
    shutil.copy(root / "build" / "quotes" / "train.parquet", root / "build" / "quotes" / "test.parquet")
    with pytest.raises(ValueError, match="has 3 rows, the manifest says 4: run `retold build`"):
        table("quotes", "test", root=root)


def test_a_table_with_other_columns_is_refused(built: Path, tmp_path: Path) -> None:
    """A corpus that was compiled before repairs were known can be read as it is, and no other way."""
    root = tmp_path / "tiny"
    shutil.copytree(built, root)
    for path in (root / "build" / "articles").glob("*.parquet"):
        pq.write_table(pq.read_table(path).drop_columns(["repairs"]), path)
    message = "was compiled by another version, with other columns in articles: run `retold build`"
    assert table("articles", root=root).num_rows == 3
    with pytest.raises(ValueError, match=message):
        table("articles", texts=root / "raw", root=root)
    with pytest.raises(ValueError, match=message):
        table("quotes", view="clean", root=root)


def test_a_table_without_its_features_is_refused(built: Path, tmp_path: Path) -> None:
    root = tmp_path / "other"
    shutil.copytree(built, root)
    path = root / "build" / "sentences" / "test.parquet"
    written = pq.read_table(path)
    features = json.loads(written.schema.metadata[b"huggingface"])
    del features["info"]["features"]["ner_tags"]
    pq.write_table(written.replace_schema_metadata({"huggingface": json.dumps(features)}), path)
    with pytest.raises(ValueError, match="without the features that it was written with: run `retold build`"):
        table("sentences", "test", view="clean", root=root)


def test_other_or_missing_texts_are_refused(built: Path, tmp_path: Path) -> None:
    texts = tmp_path / "raw"
    shutil.copytree(built / "raw", texts)
    changed = texts / "interview-on-the-lake.txt"
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert table("quotes", "train", texts=texts, root=built).num_rows == 3
    with pytest.raises(ValueError, match=r"interview-on-the-lake\.txt is not the text that was annotated"):
        table("quotes", "test", texts=texts, root=built)
    changed.unlink()
    with pytest.raises(FileNotFoundError, match=r"interview-on-the-lake\.txt"):
        table("quotes", "test", texts=texts, root=built)


def test_the_committed_build_is_what_the_sources_give(capsys: pytest.CaptureFixture[str]) -> None:
    before = snapshot(REPOSITORY / "build")
    assert main(["build", "--root", str(REPOSITORY), "--check"]) == 0, capsys.readouterr().out
    assert snapshot(REPOSITORY / "build") == before
