"""Planted errors and what is estimated from them; the figures are computed by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from corpora import TINY
from passes import make_pass
from retold.audit.bench import Bench, Edit
from retold.audit.certificate import Find, Tally, as_lines, as_rows, parse_finds, tallies
from retold.audit.drafts import unused_number
from retold.audit.errors import MAKERS
from retold.audit.estimation import binomial_cdf, chapman, clopper_pearson, residual, wilson
from retold.audit.planting import Planting, plant, seal, shares, sizes, take_back, unseal
from retold.audit.recapture import recaptures
from retold.audit.renaming import new_names, renamed
from retold.cli import main
from retold.layout import Layout
from retold.reader import read_article, read_json


def edit(layer: str, item: str | None, sentence: str) -> Edit:
    return Edit(layer, "kind", "path", (layer,), 0, {"id": "x"}, None, item, sentence)


def find(layer: str, item: str | None, sentence: str | None = None, confirmed: bool | None = None) -> Find:
    return Find(layer, item, sentence, confirmed)


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


def test_figures_of_layers_and_of_all():
    rows = list(as_rows([Tally("mentions", 50, 10, 8, 4, 0), Tally("claims", 20, 0, 0, 1, 2)]))
    assert [row["layer"] for row in rows] == ["mentions", "claims", "all"]
    assert rows[0]["recall"] == 0.8
    assert rows[0]["residual"] == pytest.approx(1)
    assert rows[1]["recall"] is None  # nothing planted: nothing known
    assert rows[1]["residual_upper_95"] is None
    assert (rows[2]["planted"], rows[2]["found"], rows[2]["mended"], rows[2]["unjudged"]) == (10, 8, 5, 2)
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
    ],
)
def test_finds_that_cannot_be_read(change, words):
    assert parse_finds({"found": [FIND]}, MAKERS) == (find("mentions", "a-m1"),)
    with pytest.raises(ValueError, match=words):
        parse_finds({"found": [FIND | change]}, MAKERS)
    with pytest.raises(ValueError, match='list "found"'):
        parse_finds({}, MAKERS)


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
