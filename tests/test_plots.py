"""`retold stats --plots`: the plots show what the tables and the files hold, whatever names stand in them."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from corpora import REPOSITORY, TINY, compile_to, edit
from retold.cli import main
from retold.layout import Layout
from retold.loading import table
from retold.plots.drawing import NOTHING, draw
from retold.plots.facts import Facts, article_facts, together
from retold.plots.listing import as_text
from retold.plots.quantities import Figure, figures
from retold.plots.svg import fitted, width_of
from retold.reader import read_article, read_registry

NAMES = ("density", "speakers", "entities", "overlap", "topics")
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert('1')</script>&amp; \u0001\ud800 \u202e]]> " + "W" * 300


def drawn(root: Path) -> dict[str, Figure]:
    layout = Layout(root)
    articles = [read_article(layout, folder.name) for folder in layout.article_folders()]
    groups = {article.id: article_facts(article) for article in articles}
    return {figure.name: figure for figure in figures(groups, read_registry(layout))}


def cells(figure: Figure) -> dict[tuple[str, str], str]:
    """Return what the figure says of each row and column."""
    return {
        (row, column): cell.text
        for row, line in zip(figure.rows, figure.cells, strict=True)
        for column, cell in zip(figure.columns, line, strict=True)
    }


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


# --- the figures are those of the tables ------------------------------------------------------------


@pytest.fixture(scope="module", params=[REPOSITORY, TINY], ids=["corpus", "tiny"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the figures, and a function that gives the rows of a compiled table."""
    folder = tmp_path_factory.mktemp("compiled") / "build"
    compile_to(request.param, folder)
    (folder.parent / "raw").mkdir()
    (folder.parent / "annotations").mkdir()
    return drawn(request.param), lambda config: table(config, root=folder.parent).to_pylist()


def test_density_is_of_the_tables(corpus: Any) -> None:
    plots, rows = corpus
    words = {row["article_id"]: len(row["text"].split()) for row in rows("articles")}
    counts = {
        "mentions": Counter(row["article_id"] for row in rows("entities")),
        "claims": Counter(row["article_id"] for row in rows("claims")),
        "quotes": Counter(row["article_id"] for row in rows("quotes")),
        "block topics": Counter(
            row["article_id"] for row in rows("topics") if row["unit"] == "block" for _ in row["topics"]
        ),
    }
    assert cells(plots["density"]) == {
        (layer, article): f"{1000 * counts[layer][article] / words[article]:.1f}"
        for layer in counts
        for article in words
    }


def test_speakers_are_those_of_the_quotes(corpus: Any) -> None:
    plots, rows = corpus
    expected: Counter[tuple[str, str]] = Counter()
    for row in rows("quotes"):
        if row["scope"] == "core" and row["parent_id"] is None:
            words = sum(len(span["text"].split()) for span in row["content"])
            expected[row["speaker_name"] or "nobody named", row["article_id"]] += words
    found = {key: int(text) for key, text in cells(plots["speakers"]).items()}
    kept = {key for key in found if not key[0].startswith("others (")}
    assert {key: found[key] for key in kept} == {key: expected[key] for key in kept}
    assert sum(found.values()) == sum(expected.values()) > 0


def test_entities_are_those_of_the_mentions(corpus: Any) -> None:
    plots, rows = corpus
    named = [(row["entity_name"], row["article_id"]) for row in rows("entities") if row["entity_id"]]
    by_article, total = Counter(named), Counter(name for name, _ in named)
    figure = plots["entities"]
    for (row, column), text in cells(figure).items():
        if column == "all":
            assert text == f"{total[row]} ({100 * total[row] / len(named):.1f} %)"
        else:
            assert int(text) == by_article[row, column]
    assert sorted((total[row] for row in figure.rows), reverse=True) == [
        number for _, number in total.most_common(len(figure.rows))
    ]


def test_overlap_is_that_of_the_claim_pairs(corpus: Any) -> None:
    plots, rows = corpus
    pairs = [row for row in rows("claim_pairs") if row["canonical_id_a"] and row["canonical_id_b"]]
    both = {"entails": "entailed_by", "entailed_by": "entails"}
    told: set[tuple[str, str, str, str, str]] = set()
    for row in pairs:
        a, b = ((row[f"article_id_{side}"], row[f"canonical_id_{side}"]) for side in "ab")
        told.add((a[0], b[0], row["relation"], a[1], b[1]))
        told.add((b[0], a[0], both.get(row["relation"], row["relation"]), b[1], a[1]))
    found = cells(plots["overlap"])
    articles = plots["overlap"].columns
    assert plots["overlap"].rows == articles
    for a, b in permutations(articles, 2):
        same = {x for one, two, relation, x, _ in told if (one, two, relation) == (a, b, "equivalent")}
        entail = {x for one, two, relation, x, _ in told if (one, two, relation) == (a, b, "entails")}
        against = {
            (x, y) for one, two, relation, x, y in told if (one, two, relation) == (a, b, "contradicts")
        }
        assert found[a, b] == f"= {len(same)} → {len(entail)} ≠ {len(against)}"
    for article in articles:
        own = {row["canonical_id"] for row in rows("canonical_claims") if article in row["article_ids"]}
        assert found[article, article] == f"{len(own)} told"
    assert any(not text.startswith("= 0") for (a, b), text in found.items() if a != b)


def test_topics_are_those_of_the_table(corpus: Any) -> None:
    plots, rows = corpus
    blocks: Counter[tuple[str, str]] = Counter()
    ranks: dict[tuple[str, str], str] = {}
    for row in rows("topics"):
        for topic in row["topics"]:
            if row["unit"] == "block":
                blocks[topic["label"], row["article_id"]] += 1
            else:
                ranks[topic["label"], row["article_id"]] = topic["rank"]
    found = cells(plots["topics"])
    assert {key[0] for key in (*blocks, *ranks)} == set(plots["topics"].rows)
    assert found == {key: f"{blocks[key]} {ranks.get(key, '')}".strip() for key in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_written_in_its_picture(name: str) -> None:
    figure = drawn(REPOSITORY)[name]
    picture = draw(figure)
    root = ElementTree.fromstring(picture)
    description = root.findtext(f"{SVG}desc") or ""
    for (row, column), text in cells(figure).items():
        assert f"{column} {text}" in description
        assert row in description
    said = texts(picture)
    if name in ("density", "overlap", "topics"):
        lines = [line for row in figure.cells for cell in row for line in cell.lines if line]
        assert Counter(lines) - Counter(said) == Counter()
    if name == "entities":
        assert [row[-1].text for row in figure.cells] == [text for text in said if text.endswith("%)")]
    if name == "speakers":
        totals = [sum(int(row[n].text) for row in figure.cells) for n in range(len(figure.columns))]
        assert [text for text in said if text.endswith(" words")] == [f"{total} words" for total in totals]


def test_lengths_of_bars_are_their_values() -> None:
    for figure, column in ((drawn(REPOSITORY)["entities"], -1),):
        bars = [
            r for r in ElementTree.fromstring(draw(figure)).iter(f"{SVG}rect") if r.get("class") == "accent"
        ]
        widths = [float(bar.get("width", "")) for bar in bars]
        values = [row[column].value for row in figure.cells]
        assert widths == pytest.approx([max(1, widths[0] * v / values[0]) for v in values], abs=0.1)


# --- pictures for everybody -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_pictures_have_title_description_and_both_schemes(name: str) -> None:
    picture = draw(drawn(TINY)[name])
    root = ElementTree.fromstring(picture)
    labels = (root.get("aria-labelledby") or "").split()
    by_id = {element.get("id"): element for element in root.iter()}
    assert [by_id[label].tag for label in labels] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("role") == "img"
    style = root.findtext(f"{SVG}style") or ""
    light, dark = style.split("@media (prefers-color-scheme:dark)")
    for kind in ("surface", "ink", "muted", "accent"):
        assert f".{kind}{{fill:" in light
        assert f".{kind}{{fill:" in dark
    ids = re.findall(r' id="([^"]+)"', picture)
    assert len(ids) == len(set(ids))
    assert all(identifier.startswith(f"{name}-") for identifier in ids)
    assert not re.search(r"(href|src|url\((?!#)|@import)", picture)  # nothing is loaded from anywhere


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_texts_stand_out_in_both_schemes() -> None:
    """WCAG 2.2: 4.5 for texts (also on the fullest cell), 3 for what is drawn."""
    style = ElementTree.fromstring(draw(drawn(TINY)["overlap"])).findtext(f"{SVG}style") or ""

    def contrast(a: str, b: str) -> float:
        bright, dim = sorted((luminance(a), luminance(b)), reverse=True)
        return (bright + 0.05) / (dim + 0.05)

    for scheme in style.split("@media"):
        colour = dict(re.findall(r"\.(surface|ink|muted|accent)\{fill:(#\w{6})\}", scheme))
        ground, accent = ([int(colour[k][n : n + 2], 16) for n in (1, 3, 5)] for k in ("surface", "accent"))
        full = "#" + "".join(f"{(a + b) // 2:02x}" for a, b in zip(ground, accent, strict=True))
        assert contrast(colour["ink"], full) > 4.5
        assert contrast(colour["ink"], colour["surface"]) > 4.5
        assert contrast(colour["muted"], colour["surface"]) > 4.5
        assert contrast(colour["accent"], colour["surface"]) > 3


def test_parts_differ_by_more_than_colour() -> None:
    root = ElementTree.fromstring(draw(drawn(REPOSITORY)["speakers"]))
    rows = drawn(REPOSITORY)["speakers"].rows
    signs = [
        text for text in texts(ElementTree.tostring(root, encoding="unicode")) if re.fullmatch("[A-Z]", text)
    ]
    assert {chr(ord("A") + number) for number in range(len(rows))} <= set(signs)
    patterns = {pattern.find(f"{SVG}path").get("d") for pattern in root.iter(f"{SVG}pattern")}  # type: ignore[union-attr]
    assert len(patterns) >= len(rows) - 1  # the first has none


# --- any names, any size ----------------------------------------------------------------------------


def test_hostile_names_are_escaped(tiny: Path) -> None:
    layout = Layout(tiny)
    registry = read_registry(layout)
    for entity in list(registry.entities.values()):
        object.__setattr__(entity, "name", HOSTILE)
    for topic in list(registry.topics.values()):
        object.__setattr__(topic, "label", HOSTILE)
    articles = [read_article(layout, folder.name) for folder in layout.article_folders()]
    groups = {f"{HOSTILE}{number}": article_facts(article) for number, article in enumerate(articles)}
    for figure in figures(groups, registry):
        picture = draw(figure)
        root = ElementTree.fromstring(picture)
        assert not list(root.iter(f"{SVG}script"))
        assert "<script" not in picture
        assert picture.encode("utf-8")
        assert not re.search("[\u0000-\u0008\u202a-\u202e]", picture)
        assert max(map(width_of, texts(picture))) <= 840
    lines = list(as_text(figures(groups, registry), 100))
    assert max(map(len, lines)) <= 100
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_corpus_says_that_there_is_nothing(name: str, tiny: Path) -> None:
    registry = read_registry(Layout(tiny))
    figure = {figure.name: figure for figure in figures({}, registry)}[name]
    assert NOTHING in texts(draw(figure))
    assert list(as_text([figure], 100))


def test_articles_without_annotation_are_no_crash(tiny: Path) -> None:
    found = figures({"a": Facts(articles=1), "b": Facts(articles=1)}, read_registry(Layout(tiny)))
    pictures = {figure.name: draw(figure) for figure in found}
    assert "0.0" in texts(pictures["density"])
    assert "= 0" in texts(pictures["overlap"])
    assert NOTHING in texts(pictures["speakers"])


def test_groups_are_added_up_and_told_apart_from_articles() -> None:
    layout = Layout(TINY)
    facts = [article_facts(read_article(layout, folder.name)) for folder in layout.article_folders()]
    total = together(facts)
    assert total.articles == len(facts)
    assert total.words == sum(one.words for one in facts)
    assert total.told == frozenset().union(*(one.told for one in facts))
    topics = figures({"all of them": total}, read_registry(layout))[-1]
    assert any(re.search(r"\d+ (main|secondary) \d", text) for text in cells(topics).values())


def test_names_are_cut_to_their_room() -> None:
    assert fitted("short", 100) == "short"
    assert fitted("x" * 50, 100).endswith("…")
    assert width_of(fitted("西部劇" * 20, 100)) <= 100
    assert width_of("é") == width_of("é")  # a combining accent takes no room


# --- the command ------------------------------------------------------------------------------------


def stats(root: Path, *arguments: object) -> int:
    return main(["stats", "--root", str(root), *map(str, arguments)])


def test_plots_are_written_and_proved(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "some" / "plots"
    assert stats(tiny, "--plots", folder) == 0
    assert "Whose words the articles quote" in capsys.readouterr().out
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.svg" for name in NAMES)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert stats(tiny, "--plots", folder) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    capsys.readouterr()
    assert stats(tiny, "--plots", folder, "--check") == 0
    assert capsys.readouterr().out == ""
    (folder / "density.svg").unlink()
    (folder / "topics.svg").write_text("<svg/>", encoding="utf-8")
    assert stats(tiny, "--plots", folder, "--check") == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split(". Run")[0].removeprefix(f"{folder}/") for line in told] == [
        "density.svg is missing",
        "topics.svg is out of date",
    ]


def test_the_plots_of_the_corpus_lie_in_build_and_follow_the_annotation(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stats(tiny, "--plots") == 0
    assert (tiny / "build" / "plots" / "density.svg").is_file()
    assert stats(tiny, "--plots", "--check") == 0

    def drop_a_claim(document: dict[str, Any]) -> None:
        document["claims"].pop()

    edit(tiny / "annotations" / "dam-stays-shut" / "claims.json", drop_a_claim)
    capsys.readouterr()
    assert stats(tiny, "--plots", "--check") == 1
    assert "density.svg is out of date" in capsys.readouterr().out


def test_json_stays_the_same_with_plots(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stats(tiny, "--format", "json") == 0
    alone = capsys.readouterr().out
    assert stats(tiny, "--format", "json", "--plots") == 0
    assert capsys.readouterr().out == alone
    assert json.loads(alone)


def test_refusals_are_one_line(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stats(tiny, "--check") == 2
    assert "--check goes with --plots" in capsys.readouterr().err
    taken = tmp_path / "file"
    taken.write_text("", encoding="utf-8")
    assert stats(tiny, "--plots", taken) == 2
    assert "cannot write the plots" in capsys.readouterr().err


def test_many_articles_are_drawn_by_split(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retold.cli.stats.MOST_COLUMNS", 2)
    annotations = tiny / "annotations"
    edit(
        annotations / "splits.json",
        lambda d: d.update(
            splits={"train": ["dam-stays-shut", "sudria-protests"], "test": d["splits"]["test"]}
        ),
    )
    assert stats(tiny, "--plots", tmp_path / "plots") == 0
    said = texts((tmp_path / "plots" / "density.svg").read_text(encoding="utf-8"))
    assert "train (2 articles)" in said
    shutil.rmtree(tmp_path / "plots")


def test_committed_plots_are_those_of_the_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    assert stats(REPOSITORY, "--plots", "--check") == 0, capsys.readouterr().out
