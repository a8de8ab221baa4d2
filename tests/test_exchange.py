"""`retold export` and `retold import`: what every two-way format keeps, and what is refused."""

import json
import shutil

import pytest

from corpora import TINY, edit, snapshot
from exchange import CORPORA, copy_of, documents, run, without_votes
from retold.exchange.formats import FORMATS
from retold.exchange.sidecar import SIDECAR, in_order, order_of, put_back, rest_of

TWO_WAY = sorted(name for name, entry in FORMATS.items() if entry.two_way)
LIBRARIES = {"cas-xmi": "cassis", "cas-json": "cassis"}


VOTES = {"at": [], "key": "votes", "value": 1, "after": None}  # no list


@pytest.fixture(params=TWO_WAY)
def form(request):
    """Each two-way format whose library is installed."""
    if request.param in LIBRARIES:
        pytest.importorskip(LIBRARIES[request.param])
    return request.param


@pytest.mark.parametrize("corpus", CORPORA)
def test_an_export_comes_back_as_it_was(form, corpus, tmp_path, capsys):
    source = CORPORA[corpus]
    assert run("export", form, "--root", source, "--out", tmp_path / "out") == 0
    assert run("import", form, tmp_path / "out", "--root", tmp_path / "new") in (0, 1)
    # without its passes a corpus has nothing that could check their votes
    assert without_votes(documents(tmp_path / "new")) == without_votes(documents(source))
    raw = snapshot(source / "raw")
    raw.pop("README.md", None)
    assert snapshot(tmp_path / "new" / "raw") == raw
    assert "left out" not in capsys.readouterr().out.partition("articles read")[0]


@pytest.mark.parametrize("corpus", CORPORA)
def test_an_export_changes_nothing_where_it_came_from(form, corpus, tmp_path, capsys):
    root = copy_of(CORPORA[corpus], tmp_path / "corpus")
    before = snapshot(root)
    assert run("export", form, "--root", root, "--out", tmp_path / "out") == 0
    assert run("import", form, tmp_path / "out", "--root", root) == 0
    assert snapshot(root) == before
    assert "0 files written" in capsys.readouterr().out


def test_votes_and_hints_come_from_the_side_file_where_a_file_is_lost(form, tmp_path):
    root = copy_of(CORPORA["five articles"], tmp_path / "corpus")
    before = snapshot(root)
    assert run("export", form, "--root", root, "--out", tmp_path / "out") == 0
    for name in ("claims", "quotes", "repairs"):
        (root / "annotations" / "rejects-nato-hopes" / f"{name}.json").unlink()
    assert run("import", form, tmp_path / "out", "--root", root) == 0
    assert snapshot(root) == before


def test_what_a_format_cannot_hold_is_said_and_stays_as_the_corpus_has_it(form, tmp_path, capsys):
    root = copy_of(TINY, tmp_path / "corpus")
    assert run("export", form, "--root", root, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert "not in the format: registry-entities (9), kept in retold.json for retold import" in said
    assert ("not in the format: topics (" in said) == (form == "brat")
    # meanwhile the corpus goes on; an import of old files must not set it back
    changed = root / "annotations" / "_registry" / "entities.json"
    changed.write_text(changed.read_text("utf-8").replace("engineer", "engineer of dams"), "utf-8")
    metadata = root / "raw" / "dam-stays-shut.json"
    metadata.write_text(
        metadata.read_text("utf-8").replace('"language": "en"', '"language": "en-GB"'), "utf-8"
    )
    before = snapshot(root)
    assert run("import", form, tmp_path / "out", "--root", root, "--force") == 0
    assert snapshot(root) == before


def test_an_export_goes_into_an_empty_folder_only(form, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 2
    assert "holds files" in capsys.readouterr().err
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out" / "mine.txt") == 2
    assert "is not a folder" in capsys.readouterr().err
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out", "--force") == 0
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_is_the_same_every_time(form, tmp_path):
    for name in ("one", "two"):
        assert run("export", form, "--root", TINY, "--out", tmp_path / name) == 0
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_files_are_replaced_by_force_only(form, tmp_path, capsys):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    root = copy_of(TINY, tmp_path / "corpus")
    path = root / "annotations" / "dam-stays-shut" / "quotes.json"
    original = path.read_bytes()
    path.write_bytes(original.replace(b'"polarity": "positive"', b'"polarity": "negative"', 1))
    before = snapshot(root)
    assert run("import", form, tmp_path / "out", "--root", root) == 2
    error = capsys.readouterr().err
    assert "annotations/dam-stays-shut/quotes.json would be replaced" in error
    assert snapshot(root) == before
    assert run("import", form, tmp_path / "out", "--root", root, "--force") == 0
    assert path.read_bytes() == original


def test_nothing_is_written_if_a_file_cannot_be(form, tmp_path, capsys, monkeypatch):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    root = copy_of(TINY, tmp_path / "corpus")
    shutil.rmtree(root / "annotations" / "dam-stays-shut")
    before = snapshot(root)
    written = type(root).write_bytes
    count = iter(range(1000))

    def failing(path, data):
        if next(count) == 3:
            raise OSError(28, "No space left on device", str(path))
        return written(path, data)

    monkeypatch.setattr(type(root), "write_bytes", failing)
    assert run("import", form, tmp_path / "out", "--root", root) == 2
    monkeypatch.undo()
    assert "No space left on device" in capsys.readouterr().err
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is broken"),
        (b"[]", "is broken"),
        (b'{"retold": 1}', "is broken"),
        (b'{"retold": 1, "articles": {"a": 1}, "registries": {}}', "is broken"),
        (b'{"retold": 99, "articles": {}, "registries": {}}', "version 99 is not known"),
        (b"\xff\xfe", "is broken"),
        (b"[" * 100_000, "is broken"),
    ],
)
def test_a_broken_side_file_is_refused(content, message, tmp_path, capsys):
    assert run("export", "brat", "--root", TINY, "--out", tmp_path / "out") == 0
    (tmp_path / "out" / SIDECAR).write_bytes(content)
    assert run("import", "brat", tmp_path / "out", "--root", tmp_path / "new") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("registries", "entities"), {"entities": [1]}),
        (("registries", "../../evil"), {}),
        (("splits",), {"test": 1}),
        (("articles", "dam-stays-shut", "metadata"), {"title": []}),
        (("articles", "dam-stays-shut", "layers", "topics", "block_topics"), [3]),
        (("articles", "dam-stays-shut", "rest"), {"quotes": [{"at": [], "key": "votes"}]}),
        (
            ("articles", "dam-stays-shut", "rest"),
            {"quotes": [{"at": [], "key": "votes", "value": 1, "after": None}]},
        ),
        (("articles", "dam-stays-shut", "order"), {"quotes": [1]}),
    ],
)
def test_a_side_file_that_says_strange_things_is_refused(place, value, tmp_path, capsys):
    assert run("export", "brat", "--root", TINY, "--out", tmp_path / "out") == 0

    def change(document):
        for step in place[:-1]:
            document = document[step]
        document[place[-1]] = value

    edit(tmp_path / "out" / SIDECAR, change)
    assert run("import", "brat", tmp_path / "out", "--root", tmp_path / "new") == 2
    assert "is broken" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_broken_files_of_the_corpus_are_not_built_on(tmp_path, capsys):
    assert run("export", "brat", "--root", TINY, "--out", tmp_path / "out") == 0
    root = copy_of(TINY, tmp_path / "corpus")
    good = snapshot(root)
    for name in ("topics", "quotes"):  # one that brat does not hold, one that it does
        (root / "annotations" / "dam-stays-shut" / f"{name}.json").write_text(
            '{"quotes": [1], "block_topics": "x"}'
        )
    assert run("import", "brat", tmp_path / "out", "--root", root, "--force") == 0
    assert snapshot(root) == good
    (root / "annotations" / "_registry" / "claims.json").write_text("{")
    assert run("import", "brat", tmp_path / "out", "--root", root, "--force") == 2
    assert "claims.json is broken" in capsys.readouterr().err


def test_without_its_side_file_an_export_still_becomes_a_corpus(form, tmp_path):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    (tmp_path / "out" / SIDECAR).unlink()
    assert run("import", form, tmp_path / "out", "--root", tmp_path / "new") == 1
    again, given = documents(tmp_path / "new"), documents(TINY)
    for name in given:
        if name.endswith(("/quotes", "/entities", "/claims", "/segments")):
            assert again[name] == given[name]
    assert json.loads((tmp_path / "new" / "annotations" / "splits.json").read_text())["splits"] == {
        "test": ["dam-stays-shut", "interview-on-the-lake", "sudria-protests"]
    }


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_a_place_with_nothing_in_it_is_refused(form, path, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert run("import", form, tmp_path / path, "--root", tmp_path / "new") == 2
    assert capsys.readouterr().err.startswith("retold: ")
    assert not (tmp_path / "new").exists()


def test_rests_find_their_items_again():
    full = {
        "quotes": [{"id": "a", "content": [{"start": 1, "end": 2, "before": "x"}], "votes": [1], "note": "n"}]
    }
    held = {"quotes": [{"id": "a", "content": [{"start": 1, "end": 2}], "note": "n"}]}
    rest = rest_of(full, held)
    changed = {"quotes": [{"id": "z"}, {"id": "a", "content": [{"start": 1, "end": 3}], "note": "m"}]}
    put_back(changed, rest)
    # the moved span has lost its hint, the item has kept its votes, in their place
    assert changed["quotes"][1] == {
        "id": "a", "content": [{"start": 1, "end": 3}], "votes": [1], "note": "m"
    }  # fmt: skip
    assert list(changed["quotes"][1]) == ["id", "content", "votes", "note"]
    put_back(held, rest)
    assert held == full


def test_items_at_one_place_keep_their_order():
    document = {"mentions": [{"id": name, "start": start} for name, start in (("c", 1), ("a", 1), ("b", 0))]}
    order = order_of({"entities": document})
    shuffled = {
        "mentions": [{"id": name, "start": start} for name, start in (("n", 1), ("a", 1), ("b", 0), ("c", 1))]
    }
    in_order(shuffled, order)
    assert [item["id"] for item in shuffled["mentions"]] == ["b", "c", "a", "n"]
