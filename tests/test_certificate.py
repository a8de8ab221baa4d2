"""Planted errors and what is estimated from them; the figures are computed by hand."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from corpora import TINY, stand_in_manifest
from documents import ROOT
from passes import make_pass
from retold.audit.bench import Bench, Edit
from retold.audit.certificate import Tally, as_lines, as_rows, tallies
from retold.audit.drafts import unused_number
from retold.audit.errors import MAKERS
from retold.audit.estimation import binomial_cdf, chapman, clopper_pearson, residual, wilson
from retold.audit.finds import PLANTED_IN, Find, parse_finds
from retold.audit.hunt import changed_since, hunted_digests, item_digests, original_entry
from retold.audit.planting import Planting, plant, seal, shares, sizes, take_back, unseal
from retold.audit.recapture import recaptures
from retold.audit.renaming import new_names, renamed
from retold.cli import main
from retold.layout import Layout
from retold.publishing import stale_files
from retold.reader import read_article, read_json


def edit(layer: str, item: str | None, sentence: str) -> Edit:
    return Edit(layer, "kind", "path", (layer,), 0, {"id": "x"}, None, item, sentence)


def find(
    layer: str,
    item: str | None,
    sentence: str | None = None,
    confirmed: bool | None = None,
    reader: str = "",
) -> Find:
    return Find(layer, item, sentence, confirmed, reader)


def nothing(_done: int, _all: int) -> None:
    """Show no progress."""


# Statistics -----------------------------------------------------------------------------------------------


def test_binomial_sums():
    assert binomial_cdf(1, 3, 0.5) == pytest.approx(0.5)  # (1 + 3) / 8
    assert binomial_cdf(0, 2, 0.1) == pytest.approx(0.81)
    assert binomial_cdf(2, 2, 0.1) == 1
    assert binomial_cdf(0, 5, 0.0) == 1
    assert binomial_cdf(4, 5, 1.0) == 0


def test_exact_interval():
    none = clopper_pearson(0, 10)
    assert (none.low, none.high) == (0, pytest.approx(1 - 0.025**0.1))
    every = clopper_pearson(10, 10)
    assert (every.low, every.high) == (pytest.approx(0.025**0.1), 1)
    most = clopper_pearson(8, 10)  # a textbook's 0.4439 to 0.9748
    assert (round(most.low, 4), round(most.high, 4)) == (0.4439, 0.9748)


def test_score_interval():
    most = wilson(8, 10)  # (0.8 + 0.19207) / 1.38415 -+ 1.96 / 1.38415 * sqrt(0.016 + 0.0096037)
    assert (round(most.low, 4), round(most.high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 4).low == 0
    assert wilson(4, 4).high == 1


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (3, 2), (-1, 2)])
def test_no_proportion(hits, trials):
    with pytest.raises(ValueError, match="no proportion"):
        clopper_pearson(hits, trials)
    with pytest.raises(ValueError, match="no proportion"):
        wilson(hits, trials)


def test_what_is_left():
    left = residual(found=4, hits=80, planted=100)  # 4 / 0.8 - 4
    assert left.estimate == pytest.approx(1)
    # all of ten found: recall at least 0.025 ** 0.1 = 0.6915, and 0.3085 ** 3 >= 0.025 > 0.3085 ** 4
    assert residual(found=0, hits=10, planted=10).upper == 3
    assert residual(found=0, hits=10, planted=10).estimate == 0
    assert residual(found=5, hits=0, planted=10).estimate is None
    assert residual(found=5, hits=0, planted=10).upper is None
    with pytest.raises(ValueError, match="not negative"):
        residual(found=-1, hits=1, planted=1)


def test_the_upper_bound_holds_as_often_as_it_says():
    """Draw readings of known corpora: the true number of errors is above the bound at most 5 times in 100."""
    rng = Random(3)
    above = 0
    for _ in range(400):
        hits = sum(rng.random() < 0.7 for _ in range(50))
        found = sum(rng.random() < 0.7 for _ in range(12))
        upper = residual(found, hits, 50).upper
        above += upper is not None and 12 - found > upper
    assert above <= 20


def test_chapman():
    missed = chapman(10, 8, 7)  # 11 * 9 / 8 - 1 = 11.375 in all, 11 seen; variance 297 / 576
    assert missed.estimate == pytest.approx(0.375)
    assert missed.upper == pytest.approx(0.375 + 1.959964 * (297 / 576) ** 0.5, abs=1e-5)
    assert chapman(5, 5, 5).estimate == 0
    with pytest.raises(ValueError, match="in common"):
        chapman(5, 3, 4)


# Planting -------------------------------------------------------------------------------------------------


def test_shares_are_in_proportion():
    assert shares(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert shares(5, {"a": 60, "b": 39, "c": 1}) == {"a": 3, "b": 2, "c": 0}
    with pytest.raises(ValueError, match="nothing to plant"):
        shares(5, {"a": 0})


def test_every_kind_of_error_can_be_planted_and_taken_back():
    bench = Bench(Layout(TINY))
    original = Bench(Layout(TINY)).documents
    errors, given_away = plant(bench, Random(5), 40, lambda _: False, nothing)
    assert given_away == Counter()
    assert {error.layer for error in errors} == set(MAKERS)
    assert {(error.layer, error.kind) for error in errors if error.layer == "mentions"} == {
        ("mentions", kind) for kind in ("missing", "spurious", "wrong span", "wrong label", "wrong link")
    }
    changed = [path for path, document in bench.documents.items() if document != original[path]]
    assert changed
    take_back(bench, errors)
    assert bench.documents == original


def test_an_error_that_validation_finds_is_dropped_and_counted():
    bench = Bench(Layout(TINY))
    original = Bench(Layout(TINY)).documents
    errors, given_away = plant(bench, Random(5), 10, lambda error: error.layer == "mentions", nothing)
    assert errors
    assert {error.layer for error in errors}.isdisjoint({"mentions"})
    assert {name.split(":")[0] for name in given_away} == {"mentions"}
    take_back(bench, errors)
    assert bench.documents == original


def test_no_item_is_changed_twice():
    errors, _ = plant(Bench(Layout(TINY)), Random(2), 60, lambda _: False, nothing)
    items = [(e.path, (e.before or e.after).get("id", e.item)) for e in errors]
    assert len(set(items)) == len(items)


def test_the_seal_keeps_the_list_and_shows_a_change():
    planting = Planting(
        7, (edit("quotes", None, "a-s001"),), Counter({"quotes: missing": 2}), {"a-q01": "a-q4711"}
    )
    document = json.loads(json.dumps(seal(planting)))
    assert unseal(document) == planting
    assert "a-s001" not in json.dumps(document)
    with pytest.raises(ValueError, match="has been changed"):
        unseal(document | {"sha256": "0" * 64})
    with pytest.raises(ValueError, match="no sealed list"):
        unseal({"sealed": "…", "sha256": ""})
    with pytest.raises(ValueError, match="no sealed list"):
        unseal([])


def test_new_ids_follow_in_every_reference():
    documents = Bench(Layout(TINY)).documents
    names = new_names(documents.values(), Random(1))
    assert len(set(names.values())) == len(names) > 30
    text = json.dumps([renamed(document, names) for document in documents.values()])
    assert [old for old in names if f'"{old}"' in text] == []
    assert "votes" not in json.dumps(renamed({"votes": [1], "a": [{"votes": []}]}, {}))


def test_unused_numbers_grow_where_none_is_left():
    assert unused_number(Random(0), set(range(1, 9)), 1) == 9
    assert 10 <= unused_number(Random(0), set(range(1, 10)), 1) <= 99


# Finds ----------------------------------------------------------------------------------------------------


def test_finds_are_counted_one_to_one():
    errors = [edit("mentions", "a-m1", "a-s1"), edit("mentions", None, "a-s2"), edit("quotes", None, "a-s2")]
    finds = [
        find("mentions", "a-m1"),
        find("mentions", "a-m1", None, True),  # said twice: the second is no hit
        find("mentions", None, "a-s2"),
        find("mentions", "a-m9", None, False),
        find("claims", "a-c1", None, None),
        find("quotes", "a-q1", "a-s2", True),  # names an item, where one is missing
    ]
    assert tallies(errors, finds, {"mentions": 50, "quotes": 10, "claims": 20}) == (
        Tally("mentions", items=50, planted=2, hits=2, true=1, open=0),
        Tally("quotes", items=10, planted=1, hits=0, true=1, open=0),
        Tally("claims", items=20, planted=0, hits=0, true=0, open=1),
    )


def test_a_sentence_or_block_is_named_as_item_or_as_sentence():
    errors = [edit("sentences", "a-s1", "a-s1"), edit("block_topics", "a-b2", "a-b2")]
    finds = [find("sentences", None, "a-s1"), find("block_topics", None, "a-b2")]
    sizes_of = {"sentences": 9, "block_topics": 9}
    assert [count.hits for count in tallies(errors, finds, sizes_of)] == [1, 1]
    finds = [find("sentences", "a-s1"), find("block_topics", "a-b2", "a-b2"), find("sentences", None, "a-s2")]
    assert [(count.hits, count.open) for count in tallies(errors, finds, sizes_of)] == [(1, 1), (1, 0)]
    in_mention = [edit("mentions", "a-m1", "a-s1")]  # here the sentence alone does not say which
    assert tallies(in_mention, [find("mentions", None, "a-s1")], {"mentions": 9})[0].hits == 0


def test_what_two_readers_find_counts_once():
    errors = [edit("quotes", "a-q1", "a-s1"), edit("quotes", None, "a-s3"), edit("quotes", None, "a-s3")]
    finds = [
        find("quotes", "a-q1", "a-s1", None, "first"),
        find("quotes", "a-q1", "a-s1", None, "second"),  # the same planted error
        find("quotes", "a-q1", "a-s1", True, "second"),  # another fault of the same item
        find("quotes", "a-q2", "a-s2", True, "first"),
        find("quotes", "a-q2", None, True, "second"),  # the same fault
        find("quotes", None, "a-s3", None, "first"),
        find("quotes", None, "a-s3", None, "second"),  # taken for the same missing item, though two are
    ]
    assert tallies(errors, finds, {"quotes": 9}) == (Tally("quotes", 9, planted=3, hits=2, true=2, open=0),)
    finds.append(find("quotes", None, "a-s3", None, "second"))
    assert tallies(errors, finds, {"quotes": 9})[0].hits == 3


def test_layers_that_nothing_is_planted_in_have_no_recall():
    finds = [
        find("repairs", None, "a-s1", True),
        find("repairs", None, "a-s2", False),
        find("mentions", "a-m1"),
    ]
    counts = tallies([edit("mentions", "a-m1", "a-s1")], finds, {"mentions": 9})
    rows = list(as_rows(counts))
    assert [row["layer"] for row in rows] == ["mentions", "all", "repairs"]
    assert (rows[1]["found"], rows[1]["mended"], rows[2]["mended"]) == (
        1,
        0,
        1,
    )  # all: of what was planted in
    assert {rows[2][key] for key in ("items", "recall", "residual", "residual_upper_95")} == {None}
    assert len({len(line) for line in as_lines(rows)}) == 1


def test_figures_of_layers_and_of_all():
    rows = list(as_rows([Tally("mentions", 50, 10, 8, 4, 0), Tally("claims", 20, 0, 0, 1, 2)]))
    assert [row["layer"] for row in rows] == ["mentions", "claims", "all"]
    assert rows[0]["recall"] == 0.8
    assert rows[0]["residual"] == pytest.approx(1)
    assert rows[1]["recall"] is None  # nothing planted: nothing known
    assert rows[1]["residual_upper_95"] is None
    assert (rows[2]["planted"], rows[2]["found"], rows[2]["mended"], rows[2]["unjudged"]) == (10, 8, 5, 2)
    assert rows[0]["residual_per_item"] == pytest.approx(1 / 50)
    assert rows[0]["residual_upper_95_per_item"] == pytest.approx(rows[0]["residual_upper_95"] / 50)
    lines = list(as_lines(rows))
    assert len({len(line) for line in lines}) == 1
    assert "unknown" in lines[2]


FIND = {"layer": "mentions", "item": "a-m1", "sentence": None, "fault": "wrong", "confirmed": None}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layer": "nouns"}, "no layer 'nouns'"),
        ({"item": None}, "names an item or"),
        ({"confirmed": "yes"}, "true, false or"),
        ({"item": 1}, "ids or null"),
        ({"more": 1}, "with the keys"),
        ({"reader": None}, "reader is a name"),
    ],
)
def test_finds_that_cannot_be_read(change, words):
    assert parse_finds({"found": [FIND]}, "me") == (find("mentions", "a-m1", reader="me"),)
    assert parse_finds({"found": [FIND | {"reader": "you"}]}, "me")[0].reader == "you"
    with pytest.raises(ValueError, match=words):
        parse_finds({"found": [FIND | change]})
    with pytest.raises(ValueError, match='list "found"'):
        parse_finds({})


def test_layers_of_finds_are_those_of_errors():
    assert set(PLANTED_IN) == set(MAKERS)


# Hunts ----------------------------------------------------------------------------------------------------


def test_entries_get_the_ids_of_the_corpus_back():
    names = {"one-q01": "one-q77", "one-m02": "one-m88", "two-c03": "two-c77"}
    planting = Planting(1, (), Counter(), names)
    fault = "q77 lacks m88 and m89; as in two c77, two-c77 and c77"
    entry = FIND | {"item": "one-q77", "sentence": "one-s1", "fault": fault}
    kept = original_entry(planting, entry, "first")
    assert (kept["reader"], kept["item"], kept["sentence"]) == ("first", "one-q01", "one-s1")
    assert kept["fault"] == "q01 lacks m02 and m89; as in two c03, two-c03 and c77"
    spurious = original_entry(planting, FIND | {"item": "one-m90"}, "first")  # put in: it has no other id
    assert spurious["item"] == "one-m90"


def test_what_changed_since_a_hunt_is_counted(tiny):
    layout = Layout(tiny)
    before = {layer: " ".join(own) for layer, own in item_digests(Bench(layout)).items()}
    assert set(changed_since(before, Bench(layout)).values()) == {0}
    bench = Bench(layout)
    mentions = bench.layer(bench.articles[0], "entities")["mentions"]
    mentions[0]["note"] = "A reason changes nothing."
    assert changed_since(before, bench)["mentions"] == 0
    mentions[0]["form"] = "none of them"
    assert changed_since(before, bench)["mentions"] == 1
    del mentions[1:3]
    assert changed_since(before, bench)["mentions"] == 3


def test_the_hunted_corpus_is_the_copy_without_its_errors(tmp_path):
    out = planted(tmp_path, "one")
    hunted = hunted_digests(unseal(read_json(out / "sealed.json")), Bench(Layout(out / "corpus")))
    assert set(changed_since(hunted, Bench(Layout(TINY))).values()) == {0}


# Commands -------------------------------------------------------------------------------------------------


def planted(tmp_path: Path, name: str) -> Path:
    out = tmp_path / name
    assert (
        main(["certificate", "plant", "--root", str(TINY), "--seed", "3", "--out", str(out), "--errors", "9"])
        == 0
    )
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_plant_and_estimate(tmp_path, capsys):
    out = planted(tmp_path, "one")
    assert files(out) == files(planted(tmp_path, "two"))  # the same seed, the same errors
    assert main(["validate", "--root", str(out / "corpus")]) == 0
    planting = unseal(read_json(out / "sealed.json"))
    assert len(planting.errors) == 9
    assert sum(sizes(Bench(Layout(TINY))).values()) > 9
    finds = [
        {"layer": e.layer, "item": e.item, "sentence": e.sentence, "fault": "x", "confirmed": None}
        for e in planting.errors[1:]
    ]
    first = planting.errors[0]
    finds.append(FIND | {"layer": first.layer, "item": "nowhere-m999", "confirmed": True})
    found = tmp_path / "found.json"
    found.write_text(json.dumps({"found": finds}), encoding="utf-8")
    capsys.readouterr()
    estimate = ["certificate", "estimate", "--root", str(TINY), str(out / "sealed.json"), str(found)]
    assert main([*estimate, "--format", "json"]) == 0
    every = json.loads(capsys.readouterr().out)["layers"][-1]
    assert (every["planted"], every["found"], every["mended"]) == (9, 8, 1)
    assert every["residual"] == pytest.approx(1 * 9 / 8 - 1)
    assert main(estimate) == 0
    assert "Not covered" in capsys.readouterr().out


def test_what_only_a_pass_uses_does_not_keep_errors_out(tmp_path, tiny):
    """The copy has no passes, so what they alone use is unused there, whatever is planted."""
    own = tiny / "annotations/_passes/a/dam-stays-shut"
    own.mkdir(parents=True)
    topics = json.loads((tiny / "annotations/dam-stays-shut/topics.json").read_text(encoding="utf-8"))
    code = "medtop:20000374"
    topics["block_topics"][0]["topics"] = [code]
    topics["$schema"] = "../../../../schema/topics.schema.json"
    (own / "topics.json").write_text(json.dumps(topics), encoding="utf-8")
    registry = tiny / "annotations/_registry/topics.json"
    listed = json.loads(registry.read_text(encoding="utf-8"))
    listed["topics"].append({"code": code, "label": "trade agreements", "broader": "medtop:20000373"})
    registry.write_text(json.dumps(listed), encoding="utf-8")
    out = tmp_path / "hunt"
    act = ["certificate", "plant", "--root", str(tiny), "--seed", "1", "--errors", "3", "--out", str(out)]
    assert main(act) == 0
    assert len(unseal(read_json(out / "sealed.json")).errors) == 3


def hunted_corpus(tmp_path: Path, root: Path, confirmed: bool | None) -> Path:
    """Keep a hunt in a corpus: two readers find all planted errors but the first, and one a fault more."""
    out = planted(tmp_path, "hunt")
    errors = unseal(read_json(out / "sealed.json")).errors[1:]
    finds = [FIND | {"layer": e.layer, "item": e.item, "sentence": e.sentence} for e in errors]
    more = [FIND | {"layer": "repairs", "item": None, "sentence": "dam-s1", "confirmed": confirmed}]
    for name, found in (("anna", finds), ("ben", [*finds, *more])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"found": found}), encoding="utf-8")
    readers = [str(tmp_path / f"{name}.json") for name in ("anna", "ben")]
    arguments = ["certificate", "collect", "--root", str(root), str(out), *readers, "--had", "the copy"]
    assert main(arguments) == 0
    assert main(arguments) == 2  # nothing is overwritten
    (root / "build").mkdir()
    stand_in_manifest(root)
    return root / "build/certificate.json"


def test_a_certificate_is_made_from_the_kept_hunt_and_checked(tmp_path, tiny, capsys):
    path = hunted_corpus(tmp_path, tiny, confirmed=True)
    make_pass(tiny, "a")
    make_pass(tiny, "b", seed=4)
    make = ["certificate", "make", "--root", str(tiny)]
    assert main([*make, "--check"]) == 1
    assert "missing" in capsys.readouterr().out
    assert main(make) == 0
    assert main([*make, "--check"]) == 0
    document = read_json(path)
    assert document["data_digest"] == "abc"
    assert list(stale_files(path.parent, "other")) == ["certificate.json"]
    hunt = document["hunt"]
    assert (hunt["seed"], hunt["readers"], hunt["readers_had"], hunt["finds"]) == (3, 2, "the copy", 17)
    assert (sum(hunt["planted"].values()), hunt["unplanted_confirmed"], hunt["unplanted_refused"]) == (
        9,
        1,
        0,
    )
    rows = {row["layer"]: row for row in document["layers"]}
    assert (rows["all"]["planted"], rows["all"]["found"], rows["all"]["changed"]) == (9, 8, 0)
    assert (rows["repairs"]["mended"], rows["repairs"]["recall"], rows["repairs"]["changed"]) == (
        1,
        None,
        None,
    )
    assert [(one["first"], one["second"]) for one in document["passes"]] == [("a", "b")]
    assert {row["gold_alone"] for row in document["passes"][0]["layers"]} == {0}
    hunted = tiny / "annotations/_passes/audit/hunt.json"
    hunted.write_text(hunted.read_text(encoding="utf-8").replace('"wrong"', '"bad"'), encoding="utf-8")
    capsys.readouterr()
    assert main([*make, "--check"]) == 1
    assert "out of date" in capsys.readouterr().out
    assert main(["validate", "--root", str(tiny)]) == 0


def test_a_certificate_needs_a_hunt_whose_finds_are_judged(tmp_path, tiny, capsys):
    make = ["certificate", "make", "--root", str(tiny)]
    assert main(make) == 2
    assert "run retold build" in capsys.readouterr().err
    (tiny / "build").mkdir()
    stand_in_manifest(tiny)
    assert main(make) == 2
    assert "no hunt is kept" in capsys.readouterr().err
    shutil.rmtree(tiny / "build")
    hunted_corpus(tmp_path, tiny, confirmed=None)
    capsys.readouterr()
    assert main(make) == 2
    assert "1 finds that nobody planted are not judged; the first: ben, repairs" in capsys.readouterr().err
    (tiny / "annotations/_passes/audit/hunt.json").write_text('{"found": []}', encoding="utf-8")
    assert main(make) == 2
    assert "lacks had or hunted" in capsys.readouterr().err


def test_hunts_that_cannot_be_kept(tmp_path, tiny, capsys):
    out, other = planted(tmp_path, "hunt"), tmp_path / "other"
    other.mkdir()
    for folder in (tmp_path, other):
        (folder / "anna.json").write_text('{"found": []}', encoding="utf-8")
    collect = ["certificate", "collect", "--root", str(tiny), "--had", "x", str(out)]
    assert main([*collect, str(tmp_path / "anna.json"), str(other / "anna.json")]) == 2
    assert "two files have one name" in capsys.readouterr().err
    assert main([*collect, str(tmp_path / "ben.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    shutil.rmtree(out / "corpus")
    shutil.copytree(TINY, out / "corpus")  # not the copy that the list was made for
    assert main([*collect, str(tmp_path / "anna.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (tiny / "annotations/_passes").exists()


def test_the_certificate_of_the_corpus_is_up_to_date(capsys):
    assert main(["certificate", "make", "--check", "--root", str(ROOT)]) == 0, capsys.readouterr().out


def test_commands_refuse_what_cannot_be(tmp_path, tiny, capsys):
    plant_there = ["certificate", "plant", "--root", str(tiny), "--seed", "1", "--out"]
    assert main([*plant_there, str(tmp_path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main([*plant_there, str(tmp_path / "x"), "--errors", "0"]) == 2
    assert main(["certificate"]) == 2
    found = tmp_path / "found.json"
    found.write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert main(["certificate", "estimate", "--root", str(tiny), str(found), str(found)]) == 2
    assert "sealed list" in capsys.readouterr().err
    assert main(["certificate", "passes", "--root", str(tiny), "a", "b"]) == 2
    assert "no pass 'a'" in capsys.readouterr().err
    claims = tiny / "annotations/dam-stays-shut/claims.json"
    document = read_json(claims)
    document["claims"][0]["quote"] = "dam-stays-shut-q99"
    claims.write_text(json.dumps(document), encoding="utf-8")
    assert main([*plant_there, str(tmp_path / "x")]) == 2
    assert "findings of its own" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_what_two_passes_missed(tiny, capsys):
    make_pass(tiny, "a")
    make_pass(tiny, "b", seed=4)
    assert main(["certificate", "passes", "--root", str(tiny), "a", "b"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["layer"] for row in rows] == ["mentions", "quotes", "claims"]
    for row in rows:
        assert row["first"] == row["gold"]  # the first pass is the gold
        assert row["both"] == row["second"] <= row["gold"]
        assert row["missed"]["estimate"] == 0


def test_items_are_the_same_by_their_spans():
    layout = Layout(TINY)
    gold = {folder.name: read_article(layout, folder.name) for folder in layout.article_folders()}
    alone = {"dam-stays-shut": gold["dam-stays-shut"]}
    counts = next(recaptures(gold, gold, alone))
    assert (counts.layer, counts.gold, counts.both) == ("mentions", 14, 14)  # only of the article all have
