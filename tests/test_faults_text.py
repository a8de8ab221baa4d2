"""Texts and JSON of any content: read exactly, or refused with a place; never a crash, never quadratic."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora import copy_tiny, edit, snapshot
from faults import plain_corpus, retold
from giants import write_giant
from retold.loading import table

ARTICLE = "dam-stays-shut"
TEXTS = {
    "nul": "One\0two.\nThree \0 four.\n",
    "crlf": "One.\r\nTwo here.\r\n\r\nThree.",
    "cr": "One.\rTwo here.\rThree.",
    "mixed-ends": "One.\n\rTwo.\r\n\n\rThree.\n",
    "separators": "One\u2028two.\u2029Three\u0085four.\x0bFive\x0csix.\x1cSeven\x1eeight.\n",
    "controls": "".join(map(chr, range(1, 32))) + "x\n\x7fy\x80\x9f\n",
    "astral": "😀 One 𝒳 two. 🏴\U000e0067\U000e0062\U000e007f\U0010fffd three.\n👩‍👩‍👧 four.\n",
    "combining": "Zalgo" + "\u0301\u0316\u035f" * 400 + " e\u0301 and é.\n\u0301 alone\n",
    "bidi": "\u202eabc\u202c \u2066def\u2069 \u200fgh\u200e.\nעברית and العربية.\n",
    "zero-width": "\u200bOne\u200d two\u2060.\n\u200b\n\ufeff\n",
    "inner-bom": "One.\n\ufeffTwo.\n",
    "noncharacters": "\ufffe \uffff \U0001ffff x\n",
    "spaces": "\u00a0One\u3000two.\u2009\n \t \n\u00a0\nThree.\n",
    "long-line": "word " * 60_000 + "\n",
    "long-word": "x" * 300_000 + "\n",
    "letter": "x",
    "dots": "." * 50_000 + "\n",
    "many-sentences": "No. " * 1_000 + "\n",
    "normal-forms": "ﬁ ﷺ İstanbul ǅ ß ſ Å\u030a\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_come_out_as_they_went_in(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    root = plain_corpus(tmp_path / "corpus", {"one": text})
    assert retold("validate", "--root", root).out == "1 article: 0 errors, 0 warnings.\n"
    before = snapshot(root)
    assert retold("anchor", "--root", root).code == 0
    assert snapshot(root) == before
    ended = retold("build", "--root", root)
    assert ended.code == 0, ended
    assert table("articles", root=root)["text"].to_pylist() == [text]
    for row in table("sentences", root=root).to_pylist():
        assert text[row["start"] : row["end"]] == row["text"]
        assert [
            text[start:end] for start, end in zip(row["token_starts"], row["token_ends"], strict=True)
        ] == (row["tokens"])
    for command in (["show", "one"], ["stats"], ["build", "--check"]):
        ended = retold(*command, "--root", root)
        assert ended.code == 0, ended
    shown = retold("show", "one", "--root", root).out
    assert all(character.isprintable() or character == "\n" for character in shown)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "the text is empty"),
        (" \n\t\u00a0\u3000\r\n".encode(), "the text is empty"),
        (b"\xef\xbb\xbfOne.\n", "byte order mark"),
        (b"One.\nTwo \xed\xa0\x80.\n", "not UTF-8 (byte 9, line 2)"),
        ("One.\n".encode("utf-16"), "not UTF-8 (byte 0, line 1)"),
        ("Ol\u00e9.\n".encode("latin-1"), "not UTF-8 (byte 2, line 1)"),
        (b"One \xc0\x80.\n", "not UTF-8"),
    ],
)
def test_texts_that_are_none(tmp_path: Path, raw: bytes, says: str) -> None:
    root = copy_tiny(tmp_path)
    before = snapshot(root)
    (tmp_path / "new.txt").write_bytes(raw)
    ended = retold("new-article", tmp_path / "new.txt", "--id", "new", "--root", root)
    assert ended.is_refusal()
    assert says in ended.err
    assert snapshot(root) == before
    (root / f"raw/{ARTICLE}.txt").write_bytes(raw)
    ended = retold("validate", "--root", root)
    assert ended.code == 1
    assert f"raw/{ARTICLE}.txt" in ended.out
    assert retold("show", ARTICLE, "--root", root).code in (0, 2)


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


DOCUMENTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda _: b"", ":1:1: error [L1 invalid-json]"),
    "bom": (lambda data: b"\xef\xbb\xbf" + data, ":1:1: error [L1 byte-order-mark]"),
    "utf-16": (lambda data: data.decode().encode("utf-16"), ":1:1: error [L1 not-utf8]"),
    "brackets": (lambda _: b"[" * 100_000, "error [L1 invalid-json]"),
    "closed brackets": (lambda _: b"[" * 100_000 + b"]" * 100_000, "error [L1 invalid-json]"),
    "500 levels": (lambda _: b'{"quotes":' * 500 + b"1" + b"}" * 500, "error [L2 schema-violation]"),
    "deep value": (replaced(b'"type"', b'"x": ' + b"[" * 400 + b"]" * 400 + b', "type"'), "error [L2"),
    "half a character, raw": (replaced(b'"type": "', b'"type": "\xed\xa0\x80'), "error [L1 not-utf8]"),
    "half a character": (replaced(b'"type": "', b'"type": "\\ud800'), "error [L1 invalid-json]"),
    "the other half": (replaced(b'"type": "', b'"type": "\\udc00'), "error [L1 invalid-json]"),
    "raw NUL": (replaced(b'"type": "', b'"type": "\0'), "error [L1 invalid-json]"),
    "NUL": (replaced(b'"type": "', b'"type": "\\u0000'), "error [L2 schema-violation]"),
    "bidi": (replaced(b'"type": "', '"type": "\u202e'.encode()), "error [L2 schema-violation]"),
    "huge number": (replaced(b'"start": ', b'"start": ' + b"9" * 400), "error [L1"),
    "64 bits": (replaced(b'"start": ', b'"start": 18446744073709551615'), "error [L"),
    "infinity": (replaced(b'"start": ', b'"start": 1e999, "x": '), "error [L1"),
    "NaN": (replaced(b'"start": ', b'"start": NaN, "x": '), "error [L1 invalid-json]"),
    "negative": (replaced(b'"start": ', b'"start": -'), "error [L2 schema-violation]"),
    "fraction": (replaced(b'"start": ', b'"start": 1.0, "x": '), "error [L1 number-form]"),
    "long id": (replaced(b"-q02", b"-q" + b"0" * 10_000 + b"2"), "error [L4"),
    "long other id": (replaced(b'"ada-brandt"', b'"' + b"a" * 10_000 + b'"'), "error [L4 unknown-entity]"),
    "long key": (replaced(b'"type"', b'"' + b"k" * 100_000 + b'": 1, "type"'), "error [L2 schema-violation]"),
    "many keys": (
        replaced(b'"type"', b"".join(b'"k%d": 1, ' % number for number in range(300)) + b'"type"'),
        "error [L2 schema-violation]",
    ),
    "twice the same key": (replaced(b'"type"', b'"type": 1, "type"'), "error [L1 duplicate-key]"),
    "cut off": (lambda data: data[: len(data) // 2], "error [L1 invalid-json]"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_any_content_are_findings(tmp_path: Path, name: str) -> None:
    root = copy_tiny(tmp_path)
    path = root / f"annotations/{ARTICLE}/quotes.json"
    change, says = DOCUMENTS[name]
    path.write_bytes(change(path.read_bytes()))
    before = snapshot(root)
    for form in ("text", "json", "github"):
        ended = retold("validate", "--root", root, "--format", form)
        assert ended.code == 1
        assert form == "json" or max(map(len, ended.out.splitlines())) < 2000
    ended = retold("validate", "--root", root)
    assert says in ended.out
    assert "[L4" in says or f"annotations/{ARTICLE}/quotes.json:" in ended.out
    assert retold("build", "--root", root).code == 1
    for command in (["show", ARTICLE], ["stats"]):
        ended = retold(*command, "--root", root)
        assert ended.is_refusal() or (ended.code == 0 and "[L4" in says), ended
        assert len(ended.err) < 2000
    assert snapshot(root) == before
    assert retold("anchor", "--check", "--root", root).code in (0, 1)


@pytest.mark.parametrize("ends", [b"\r\n", b"\r", b"   \n\t"])
def test_white_space_of_a_document_is_free(tmp_path: Path, ends: bytes) -> None:
    root = copy_tiny(tmp_path)
    for path in (root / "annotations").rglob("*.json"):
        path.write_bytes(path.read_bytes().replace(b"\n", ends) + ends * 1000)
    assert retold("validate", "--root", root).code == 0
    edit_offset(root)
    found = retold("validate", "--root", root)
    assert found.code == 1
    assert f"annotations/{ARTICLE}/quotes.json:" in found.out
    assert retold("anchor", "--root", root).code == 0
    assert retold("validate", "--root", root).code == 0


def edit_offset(root: Path) -> None:
    path = root / f"annotations/{ARTICLE}/quotes.json"
    data = path.read_bytes()
    at = data.index(b'"start": ') + len(b'"start": ')
    path.write_bytes(data[:at] + b"1" + data[at:])


PREDICTIONS = {
    "a half character": (
        b'{"article": "%s", "mentions": [{"text": "\\ud800", "type": "PERSON"}]}',
        "no JSON",
    ),
    "brackets": (b"[" * 100_000, "no JSON"),
    "500 levels": (b'{"a":' * 500 + b"1" + b"}" * 500, "nested deeper"),
    "bom": (b'\xef\xbb\xbf{"article": "%s", "mentions": []}', "no JSON"),
    "NUL": (b'{"article": "%s\\u0000", "mentions": []}', "at article"),
    "long id": (b'{"article": "' + b"a" * 100_000 + b'", "mentions": []}', "no article"),
    "huge number": (
        b'{"article": "%s", "mentions": [{"start": 0, "end": 18446744073709551615, "type": "GPE"}]}',
        "mentions[0].end",
    ),
    "infinity": (b'{"article": "%s", "mentions": [{"text": "a", "start": 1e999, "type": "GPE"}]}', "no JSON"),
    "nothing": (b"", "there are no predictions"),
    "blank": (b" \r\n\r\n", "there are no predictions"),
    "a list": (b"[]", "a JSON object is expected"),
    "binary": (bytes(range(256)), "no JSON"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_tiny(tmp_path_factory.mktemp("built"))
    assert retold("build", "--root", root).code == 0
    return root


@pytest.mark.parametrize("name", PREDICTIONS)
def test_predictions_of_any_content_are_refused_in_a_line(built: Path, tmp_path: Path, name: str) -> None:
    content, says = PREDICTIONS[name]
    path = tmp_path / "predictions.jsonl"
    path.write_bytes(content.replace(b"%s", ARTICLE.encode()) + b"\n")
    ended = retold("score", "entities", path, "--root", built)
    assert ended.is_refusal(), ended
    assert says in ended.err
    assert len(ended.err) < 1000


def test_predictions_with_odd_words_are_scored(built: Path, tmp_path: Path) -> None:
    words = ["Brandt", "\0", "\u202eBrandt\u2066", "😀" * 1000, "x" * 100_000, "e\u0301", "\u2028", "\r\n"]
    mentions = [{"text": word, "type": "PERSON"} for word in words[:-2]]
    path = tmp_path / "predictions.jsonl"
    path.write_text(json.dumps({"article": ARTICLE, "mentions": mentions}) + "\r\n\r\n", encoding="utf-8")
    for more in ([], ["--errors"], ["--full"], ["--format", "json"]):
        ended = retold("score", "entities", path, "--root", built, *more)
        assert ended.code == 0, ended


# --- long articles


def calls(command: list[object]) -> int:
    """Return how many lines of the package a command runs: its work, whatever the machine does meanwhile."""
    lines = 0

    def trace(frame: object, event: str, _: object) -> object:
        nonlocal lines
        code = frame.f_code  # type: ignore[attr-defined]
        if "/retold/" not in code.co_filename:
            return None
        lines += event == "line"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        assert retold(*command).code in (0, 1)
    finally:
        sys.settrace(previous)
    return lines


def without_offsets(root: Path) -> None:
    for layer in ("segments", "entities", "quotes"):
        edit(root / f"annotations/forget-about-nato/{layer}.json", strip_offsets)


def strip_offsets(value: object) -> None:
    if isinstance(value, dict) and "text" in value:
        value.pop("start", None)
        value.pop("end", None)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        strip_offsets(inner)


@pytest.mark.parametrize(
    "command",
    [
        ["show", "forget-about-nato"],
        ["show", "forget-about-nato-q02"],
        ["stats"],
        ["anchor", "--check"],
        ["anchor", "--check", "--lost"],
    ],
    ids=" ".join,
)
def test_work_grows_with_the_article_not_its_square(tmp_path: Path, command: list[str]) -> None:
    lost = "--lost" in command
    work = []
    for times in (2, 4, 8):
        root = tmp_path / str(times)
        write_giant(root, times)
        if lost:
            without_offsets(root)
        work.append(calls([word for word in command if word != "--lost"] + ["--root", root]))
    assert work[2] - work[1] < 2.3 * (work[1] - work[0]) + 3000, work


def test_an_article_of_a_megabyte(tmp_path: Path) -> None:
    """Twenty thousand mentions in it: everything runs, and the tables hold it exactly."""
    root = tmp_path / "corpus"
    write_giant(root, 180)
    text = (root / "raw/forget-about-nato.txt").read_text(encoding="utf-8")
    assert len(text) > 1_000_000
    assert retold("build", "--root", root).code == 0
    assert table("articles", root=root)["text"].to_pylist() == [text]
    mentions = table("entities", root=root).to_pylist()
    assert len(mentions) > 20_000
    assert all(text[row["start"] : row["end"]] == row["text"] for row in mentions)
    assert retold("show", "forget-about-nato", "--root", root).out.count("\n") > 50_000
