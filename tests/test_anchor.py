from __future__ import annotations

import json
import random
import re
import shutil
import stat
from pathlib import Path

import orjson
import pytest

from invalid_cases import TINY, edit_json
from retold.anchoring import anchor, stands_before
from retold.cli import main

RAW = "Ada said no. Ada said yes.\n“No,” said Ada, 😀 twice.\n"
SHA = "0" * 64


def anchored(source: str, raw: str = RAW):
    return anchor("quotes.json", source, raw, SHA)


def spans_of(root: Path) -> list[Path]:
    return sorted((root / "annotations").glob("[a-z]*/*.json"))


def without_offsets(path: Path) -> None:
    """Remove all offsets of an annotation file; give ``before`` to every span, as an annotator would."""
    raw = (path.parents[2] / "raw" / f"{path.parent.name}.txt").read_text(encoding="utf-8")

    def strip(node: object) -> None:
        if isinstance(node, dict):
            if "text" in node and raw.count(node["text"]) > 1:
                left = raw[: node["start"]]
                node["before"] = left[-20:] or None
                if node["before"] is None:  # the text begins with it: no words to the left
                    del node["before"]
                    return
            node.pop("start", None)
            node.pop("end", None)
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            strip(child)

    edit_json(path, strip)


def without_before(path: Path) -> object:
    own = re.sub(r'\n +"before": [^\n]*', "", path.read_text(encoding="utf-8"))
    return json.loads(re.sub(r",(\s*})", r"\1", own))


def test_fills_in_what_is_missing_and_the_corpus_is_valid_again(tiny, capsys):
    for path in spans_of(tiny):
        without_offsets(path)
    assert main(["validate", "--root", str(tiny)]) == 1
    assert main(["anchor", "--root", str(tiny)]) == 0
    capsys.readouterr()
    assert main(["validate", "--root", str(tiny)]) == 0
    for path in spans_of(tiny):  # the same offsets as by hand
        assert without_before(path) == without_before(TINY / path.relative_to(tiny))


def test_moves_with_the_text(tiny, capsys):
    """A text that grew at its beginning: every unambiguous span moves, the version is set."""
    text = tiny / "raw/interview-on-the-lake.txt"
    text.write_text("Opinion\n" + text.read_text(encoding="utf-8"), encoding="utf-8")
    target = tiny / "annotations/interview-on-the-lake/segments.json"
    old = json.loads(target.read_text(encoding="utf-8"))
    assert main(["anchor", "--root", str(tiny), str(target)]) == 0
    assert "segments.json: 13 filled in or moved" in capsys.readouterr().out
    new = json.loads(target.read_text(encoding="utf-8"))
    assert [block["start"] for block in new["blocks"]] == [block["start"] + 8 for block in old["blocks"]]
    assert new["article_sha256"] != old["article_sha256"]


def test_check_writes_nothing(tiny, capsys):
    path = tiny / "annotations/dam-stays-shut/quotes.json"
    edit_json(path, lambda d: d["quotes"][1]["cue"][0].update(start=7))
    before = path.read_bytes()
    assert main(["anchor", "--root", str(tiny), "--check"]) == 1
    out = capsys.readouterr().out
    assert "quotes.json: 1 to move" in out
    assert "'added' stands at 114–119, not at 7–119" in out
    assert path.read_bytes() == before
    assert main(["anchor", "--root", str(tiny)]) == 0
    assert main(["anchor", "--root", str(tiny), "--check"]) == 0


def test_is_idempotent_and_leaves_right_files_alone(tiny, capsys):
    times = {path: path.stat().st_mtime_ns for path in spans_of(tiny)}
    assert main(["anchor", "--root", str(tiny)]) == 0
    assert {path: path.stat().st_mtime_ns for path in spans_of(tiny)} == times
    assert capsys.readouterr().out == "3 articles: 0 errors, 0 warnings.\n"


def test_changes_nothing_else():
    """Odd layout, odd order of keys, unknown keys, escapes: all stay."""
    source = (
        '{"x":[1, 2.50],\r\n\t"quotes": [{"text" :"said no", "zeta": "\\u00e9", "start" : 0,"end":1 },\n'
        ' {"end": 99, "text": "\\u201cNo,\\u201d"}]}\n\n'
    )
    result = anchored(source)
    assert result.problems == ()
    assert result.source == (
        '{"x":[1, 2.50],\r\n\t"quotes": [{"text" :"said no", "zeta": "\\u00e9", "start" : 4,"end":11 },\n'
        ' {"end": 32, "text": "\\u201cNo,\\u201d", "start": 27}]}\n\n'
    )
    assert anchored(result.source).source == result.source


def test_never_guesses_between_two_places():
    result = anchored('{"text": "Ada said"}')
    assert result.source == '{"text": "Ada said"}'
    assert [(p.code, dict(p.values)["places"]) for p in result.problems] == [("anchor-ambiguous", "0, 13")]
    assert (
        anchored('{"text": "Ada said", "start": 13}').source == '{"text": "Ada said", "start": 13, "end": 21}'
    )
    assert anchored('{"text": "Ada said", "start": 12, "end": 20}').problems


def test_before_decides_and_is_kept():
    result = anchored('{"before": "no.", "text": "Ada said"}')
    assert result.source == '{"before": "no.", "text": "Ada said", "start": 13, "end": 21}'
    wrong = anchored('{"before": "yes.", "text": "Ada said", "start": 13, "end": 21}')
    assert [p.code for p in wrong.problems] == ["anchor-not-found"]


def test_offsets_count_code_points():
    assert anchored('{"text": "twice"}').source.endswith('"start": 45, "end": 50}')
    assert RAW[45:50] == "twice"


def test_a_right_place_stays_though_others_are_nearer():
    source = '{"text": "Ada", "start": 38, "end": 41}'
    assert anchored(source).source == source


def test_the_version_waits_for_every_span():
    source = '{"article_sha256": "1", "quotes": [{"text": "nowhere"}, {"text": "yes"}]}'
    result = anchored(source)
    assert '"article_sha256": "1"' in result.source
    assert '{"text": "yes", "start": 22, "end": 25}' in result.source
    assert f'"article_sha256": "{SHA}"' in anchored(source.replace("nowhere", "twice")).source


def test_an_insertion_goes_where_the_words_before_it_end():
    result = anchored('{"text": "", "before": "said Ada,"}')
    assert result.source == '{"text": "", "start": 42, "end": 42, "before": "said Ada,"}'
    spaced = anchored('{"text": "", "before": "said Ada, ", "start": 42, "end": 42}')
    assert '"start": 43, "end": 43' in spaced.source, (
        "white space counts: nothing else tells the places apart"
    )
    twice = anchored('{"text": "", "before": "Ada said "}')
    assert [(p.code, dict(p.values)["places"]) for p in twice.problems] == [("anchor-ambiguous", "9, 22")]
    right = '{"text": "", "before": "Ada said ", "start": 22, "end": 22}'
    assert anchored(right).source == right
    assert [p.code for p in anchored('{"text": "", "start": 4, "end": 4}').problems] == ["anchor-not-found"]
    assert [p.code for p in anchored('{"text": "", "before": "Eve"}').problems] == ["anchor-not-found"]


def test_votes_may_hold_parts_of_spans():
    source = '{"votes": [{"pass": "a", "value": {"text": "Ada said", "end": 8}}]}'
    assert anchored(source).source == source
    assert anchored(source).problems == ()


@pytest.mark.parametrize(
    "source",
    [
        "[]",
        "null",
        '{"text": ""}',
        '{"text": 7, "start": 1}',
        '{"text": "yes", "start": null, "end": "x"}',
        '{"text": "yes", "start": -3, "end": true}',
        '{"blocks": [{"sentences": [{"text": "yes"}]}, {"sentences": []}, 7, {"sentences": 7}]}',
        '{"blocks": {"a": 1}, "article_sha256": null}',
        "[" * 1000 + "]" * 1000,
    ],
)
def test_odd_json_is_no_crash(source):
    result = anchored(source)
    orjson.loads(result.source)
    assert anchored(result.source).source == result.source


def test_block_bounds_come_from_sentences():
    source = (
        '{"blocks": [{"kind": "title", "sentences": [{"text": "Ada said no."}, {"text": "Ada said yes."}]}]}'
    )
    block = json.loads(anchored(source).source)["blocks"][0]
    assert (block["start"], block["end"]) == (0, 26)
    assert list(block) == ["kind", "start", "end", "sentences"]


def test_random_texts_keep_their_places():
    """Offsets are found if the text decides, and never guessed if it does not."""
    maker = random.Random(7)
    for _ in range(300):
        raw = "".join(maker.choice("ab \n😀") for _ in range(40))
        start = maker.randrange(39)
        end = maker.randrange(start + 1, 41)
        text = raw[start:end]
        result = anchored(json.dumps({"text": text}), raw)
        places = [at for at in range(40) if raw.startswith(text, at)]
        if len(places) == 1:
            assert json.loads(result.source) == {"text": text, "start": start, "end": end}
        else:
            assert [problem.code for problem in result.problems] == ["anchor-ambiguous"]
            assert json.loads(result.source) == {"text": text}


@pytest.mark.parametrize(
    ("before", "expected"),
    [("said", True), ("said ", True), ("aid", True), ("sai", False), ("Ada said", True)],
)
def test_stands_before(before, expected):
    assert stands_before(RAW, RAW.index("no."), before) is expected


def test_files_that_are_no_json_are_findings(tiny, capsys):
    path = tiny / "annotations/dam-stays-shut/quotes.json"
    path.write_text('{"a": 1, "a": 2', encoding="utf-8")
    assert main(["anchor", "--root", str(tiny)]) == 1
    assert "quotes.json:1:10: error [L1 duplicate-key]" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == '{"a": 1, "a": 2'


def test_article_without_text(tiny, capsys):
    (tiny / "raw/dam-stays-shut.txt").unlink()
    assert main(["anchor", "--root", str(tiny)]) == 1
    assert "raw/dam-stays-shut.txt: error [L1 missing-text]" in capsys.readouterr().out


def test_metadata_and_passes_are_anchored_too(tiny, capsys):
    edit_json(tiny / "raw/sudria-protests.json", lambda d: d["flags"][0]["words"][0].update(start=1))
    folder = tiny / "annotations/_passes/a/dam-stays-shut"
    shutil.copytree(tiny / "annotations/dam-stays-shut", folder)
    edit_json(folder / "quotes.json", lambda d: d["quotes"][1]["cue"][0].update(start=1))
    assert main(["anchor", "--root", str(tiny)]) == 0
    out = capsys.readouterr().out
    assert "raw/sudria-protests.json: 1 filled in or moved" in out
    assert "annotations/_passes/a/dam-stays-shut/quotes.json: 1 filled in or moved" in out


def test_written_whole_with_its_mode_and_nothing_left_behind(tiny, monkeypatch, capsys):
    path = tiny / "annotations/dam-stays-shut/quotes.json"
    edit_json(path, lambda d: d["quotes"][1]["cue"][0].update(start=7))
    path.chmod(0o640)
    broken = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        assert main(["anchor", "--root", str(tiny)]) == 2
    assert path.read_bytes() == broken
    assert sorted(p.name for p in path.parent.iterdir()) == sorted(
        p.name for p in (TINY / "annotations/dam-stays-shut").iterdir()
    )
    assert main(["anchor", "--root", str(tiny)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    capsys.readouterr()


def test_paths_without_spans_are_refused(tiny, capsys):
    assert main(["anchor", "--root", str(tiny), str(tiny / "annotations/splits.json")]) == 2
    assert "none of the paths is a file with spans" in capsys.readouterr().err


def follow(old: list[tuple[str, int]], raw: str) -> tuple[list[int], list[str]]:
    """Anchor spans whose offsets are of an older text; return the new ones, and what was found."""
    spans = [{"text": text, "start": start, "end": start + len(text)} for text, start in old]
    result = anchored(json.dumps({"article_sha256": "1" * 64, "quotes": spans}), raw)
    return [span["start"] for span in json.loads(result.source)["quotes"]], [
        f"{problem.code} {problem.pointer[1]}" for problem in result.problems
    ]


def test_words_that_were_taken_out_are_not_found_elsewhere():
    """One of two Varns is gone: its span does not take the place of the other one."""
    old = "Varn said no. The lake is low. Varn is dry."
    spans = [("Varn", 0), ("no", 10), ("lake", 18), ("Varn", 31), ("dry", 39)]
    assert all(old.startswith(text, start) for text, start in spans)
    assert follow(spans, "Varn said no. The lake is low. It is dry.") == (
        [0, 10, 18, 31, 37],
        ["anchor-uncertain 3"],
    )


def test_the_same_words_at_the_old_place_are_not_taken_for_the_old_ones():
    """So many words went in before two Varns that the first one stands where the second one stood."""
    old = "We saw it: Varn, then Varn again."
    spans = [("saw", 3), ("Varn", 11), ("then", 17), ("Varn", 22), ("again", 27)]
    assert all(old.startswith(text, start) for text, start in spans)
    starts, found = follow(spans, f"On Monday, {old}")
    assert starts == [14, 11, 28, 22, 38]
    assert found == ["anchor-ambiguous 1", "anchor-uncertain 3"]


def test_words_that_stand_elsewhere_too_stay_where_nothing_moved():
    old = "Varn said no. The lake is low. Varn is dry."
    spans = [("Varn", 0), ("said", 5), ("lake", 18), ("Varn", 31), ("dry", 39)]
    assert follow(spans, f"{old} It rains.") == ([start for _, start in spans], [])
    starts, found = follow(spans, old.replace("is low", "is very low"))
    assert (starts, found) == ([0, 5, 18, 31, 44], ["anchor-ambiguous 3"])


def test_words_that_stand_once_where_they_stood_are_sure_whatever_the_others_say():
    """One start is no offset at all, which would make the last span look out of its order."""
    spans = [("Varn", 0), ("lake", 2**31), ("dry", 39)]
    raw = "Varn said no. The lake is low. Varn is dry."
    assert follow(spans[1:], raw) == ([18, 39], [])
