"""`retold new-article`: a valid start, nothing overwritten, nothing half-written."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from retold.cli import main
from retold.layout import CORPUS_LAYERS, Layout
from retold.scaffold import ScaffoldError, propose_blocks, propose_sentences, scaffold, write_article
from retold.schemas import Schemas, find_schema_folder

TINY = Path(__file__).parent / "fixtures" / "valid" / "tiny"
STORY = (
    "Talks collapse in Varn\n2024-05-07\nBy Ada Writer\n\n"
    "Dr. Berg left at 5 p.m. on Monday.He said: “No deal!” The U.S. stayed silent… for now; why?\r\n"
    "What comes next\n“Lake or war” is the choice, says Brandt.\n"
    "SE: Is it over?\nDr. Ek (DE): Yes. 🙂 Hardly.\nAdvertisement\n#Varn #Lake\n  \n"
)


@pytest.fixture
def corpus(tmp_path):
    shutil.copytree(TINY, tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_bytes(STORY.encode())
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def texts(article_text: str) -> list[str]:
    return [article_text[slice(*span)] for span in propose_sentences(article_text, 0, len(article_text))]


def test_the_article_is_added_and_valid_up_to_its_anchors(corpus, story, capsys):
    before = tree(corpus)
    assert main(["new-article", str(story), "--id", "talks-collapse", "--root", str(corpus)]) == 0
    printed = capsys.readouterr().out
    after = tree(corpus)
    assert set(after) - set(before) == {
        "raw/talks-collapse.txt",
        "raw/talks-collapse.json",
        *(f"annotations/talks-collapse/{layer}.json" for layer in CORPUS_LAYERS),
    }
    assert after["raw/talks-collapse.txt"] == STORY.encode()
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"raw/SHA256SUMS"}
    line = f"{hashlib.sha256(STORY.encode()).hexdigest()}  talks-collapse.txt"
    old = before["raw/SHA256SUMS"].decode().splitlines()
    assert after["raw/SHA256SUMS"].decode().splitlines() == [*old, line]  # sorted by name: t comes last here
    assert "to a split and a fold" in printed
    assert "proposed blocks" in printed.lower()
    assert main(["validate", "--root", str(corpus), "--level", "L3"]) == 0


def test_proposed_blocks_have_a_kind_a_line_and_tile_the_text():
    blocks = propose_blocks("talks-collapse", STORY)
    assert [(block["kind"], len(block["sentences"])) for block in blocks] == [
        ("title", 1),
        ("dateline", 1),
        ("byline", 1),
        ("paragraph", 3),
        ("heading", 1),
        ("paragraph", 1),
        ("turn", 1),
        ("turn", 2),
        ("boilerplate", 1),
        ("boilerplate", 1),
    ]
    sentences = [sentence for block in blocks for sentence in block["sentences"]]
    assert [sentence["id"] for sentence in sentences] == [
        f"talks-collapse-s{number:03}" for number in range(1, len(sentences) + 1)
    ]
    covered = {place for item in sentences for place in range(item["start"], item["end"])}
    assert {place for place, character in enumerate(STORY) if not character.isspace()} <= covered
    assert all(
        STORY[item["start"] : item["end"]] == item["text"] == item["text"].strip() for item in sentences
    )


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three! Four", ["One.", "Two?", "Three!", "Four"]),
        ("He left.She stayed.", ["He left.", "She stayed."]),
        ("Dr. Berg met Gen. Ek. They agreed.", ["Dr. Berg met Gen. Ek.", "They agreed."]),
        ("The U.S. Senate voted. J. Ek won.", ["The U.S. Senate voted.", "J. Ek won."]),
        ("“It ends.” He left.", ["“It ends.”", "He left."]),
        ("Wait... Now go.", ["Wait...", "Now go."]),
        ("It cost 3.5 million; why: nobody knows.", ["It cost 3.5 million; why: nobody knows."]),
        ("It began in 2022.Later it grew.", ["It began in 2022.", "Later it grew."]),
        (" lower. case goes on. ", ["lower. case goes on."]),
    ],
)
def test_proposed_sentences(text, sentences):
    assert texts(text) == sentences


@pytest.mark.parametrize(
    "text", ["." * 100_000, "A. " * 50_000, " " * 200_000 + "x", '."' * 50_000, "\n" * 100_000 + "x"]
)
def test_hostile_texts_take_linear_time(text):
    assert propose_blocks("a", text)


def refused(corpus: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail with code 2 and change nothing; return what it says."""
    before = tree(corpus)
    assert main(["new-article", *arguments, "--root", str(corpus)]) == 2
    assert tree(corpus) == before
    assert not list(corpus.glob(".*"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("retold: ")
    return captured.err


@pytest.mark.parametrize("article", ["Talks", "talks_collapse", "../talks", "a--b", "", "a\n", "/etc"])
def test_a_bad_id_is_refused(corpus, story, capsys, article):
    assert "id: " in refused(corpus, capsys, str(story), f"--id={article}")


def test_an_existing_article_is_refused(corpus, story, capsys):
    assert "exists. Choose another id" in refused(corpus, capsys, str(story), "--id", "dam-stays-shut")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("raw/talks.txt", "exists"),
        ("raw/talks.json", "exists"),
        ("annotations/talks/quotes.json", "exists"),
    ],
)
def test_any_part_that_exists_is_refused(corpus, story, capsys, path, said):
    (corpus / path).parent.mkdir(exist_ok=True)
    (corpus / path).write_text("x", encoding="utf-8")
    assert said in refused(corpus, capsys, str(story), "--id", "talks")


def test_a_checksum_left_over_is_refused(corpus, story, capsys):
    sums = corpus / "raw" / "SHA256SUMS"
    sums.write_text(f"{sums.read_text('utf-8')}{'0' * 64}  talks.txt\n", encoding="utf-8")
    assert "has an entry for talks.txt" in refused(corpus, capsys, str(story), "--id", "talks")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"caf\xe9\n", "not UTF-8 (byte 3, line 1)"),
        (b"\xef\xbb\xbfText.\n", "byte order mark"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
    ],
)
def test_a_file_that_is_no_text_is_refused(corpus, story, capsys, content, said):
    story.write_bytes(content)
    assert said in refused(corpus, capsys, str(story), "--id", "talks")


def test_a_missing_file_and_a_folder_are_refused_by_name(corpus, tmp_path, capsys):
    assert "nowhere.txt: No such file" in refused(
        corpus, capsys, str(tmp_path / "nowhere.txt"), "--id", "talks"
    )
    assert "Is a directory" in refused(corpus, capsys, str(tmp_path), "--id", "talks")


def test_a_failure_half_way_takes_everything_back(corpus, monkeypatch):
    before = tree(corpus)
    documents = scaffold("talks", STORY.encode(), "story.txt", "en")

    def fail(self, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", fail)  # the last step, when all else is in place
    with pytest.raises(OSError, match="No space"):
        write_article(Layout(corpus), "talks", STORY.encode(), documents)
    assert tree(corpus) == before
    assert not (corpus / "annotations" / "talks").exists()
    assert not list(corpus.glob(".*"))


def test_every_document_is_valid_and_metadata_ask_to_be_filled_in(corpus):
    documents = scaffold("talks", STORY.encode(), "story.txt", "en-GB")
    schemas = Schemas(find_schema_folder(corpus))
    assert not any(schemas.errors(kind, document) for kind, document in documents.items())
    metadata = documents["metadata"]
    assert metadata["source_file"] == "story.txt"
    assert metadata["language"] == "en-GB"
    unknown = [key for key, value in metadata.items() if value is None]
    assert unknown == ["title", "publisher", "author", "date", "url", "rights"]
    assert all("filled in" in metadata[f"{key}_note"] for key in unknown)


def test_an_empty_corpus_gets_its_first_article(tmp_path, story):
    for folder in ("raw", "annotations"):
        (tmp_path / "new" / folder).mkdir(parents=True)
    assert main(["new-article", str(story), "--id", "talks", "--root", str(tmp_path / "new")]) == 0
    sums = (tmp_path / "new" / "raw" / "SHA256SUMS").read_text("utf-8")
    assert sums == f"{hashlib.sha256(STORY.encode()).hexdigest()}  talks.txt\n"
    document = json.loads((tmp_path / "new" / "annotations" / "talks" / "quotes.json").read_text("utf-8"))
    assert document["quotes"] == []


def test_scaffold_refuses_by_its_own_error():
    with pytest.raises(ScaffoldError):
        scaffold("talks", b"\xff", "story.txt", "en")
