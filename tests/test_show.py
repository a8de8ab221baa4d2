"""`retold show`: everything of an article between its lines, for people and terminals."""

import dataclasses
import json
import re
import shutil
from pathlib import Path

import pytest

from retold.cli import main
from retold.display import WIDTH, item_article, show_article, show_item
from retold.layout import Layout
from retold.reader import read_article, read_registry

TINY = Path(__file__).parent / "fixtures" / "valid" / "tiny"
ARTICLES = sorted(folder.name for folder in Layout(TINY).article_folders())


def show(*arguments: str, root: Path = TINY) -> int:
    return main(["show", *arguments, "--root", str(root)])


@pytest.mark.parametrize("name", ARTICLES)
def test_every_item_of_the_article_is_shown_once(name):
    article = read_article(Layout(TINY), name)
    lines = list(show_article(article, read_registry(Layout(TINY))))
    items = [*article.blocks, *article.quotes, *article.mentions, *article.claims, *article.repairs]
    items += [sentence for block in article.blocks for sentence in block.sentences]
    # An item's own line begins with its short id, unlike the lines it is wrapped to; mentions share an entry.
    shown = [line.split()[0] for line in lines if line.strip() and not line.startswith(" " * 5)]
    shown += re.findall(r"(?:mentions|·) (m[0-9]+) ", " ".join(" ".join(lines).split()))
    for item in items:
        short = item.id.removeprefix(f"{name}-")
        assert shown.count(short) == 1, short
    assert sum(line.startswith("    mark ") for line in lines) == len(article.other_marks)
    assert sum(line.startswith("    label ") for line in lines) == len(article.sentence_labels)
    assert all(len(line) <= WIDTH for line in lines)


def test_an_article_begins_with_what_is_known_of_it(capsys):
    assert show("dam-stays-shut") == 0
    printed = capsys.readouterr().out
    assert printed.startswith(
        "dam-stays-shut: Dam stays shut, says Brandt\n"
        "  publisher Varn Daily\n"
        "  author    unknown: Signed by nobody.\n"
        "  date      2024-05-03\n"
    )
    assert "  main      diplomacy | shown by s003 s004\n" in printed


def test_a_quote_is_shown_alone_with_its_sentence(capsys):
    assert show("dam-stays-shut-q02") == 0
    assert capsys.readouterr().out == (
        "b03 paragraph\n"
        "  s004      She added that Sudria “wants to drain the lake” for its farms.\n"
        "    q02       “Sudria “wants to drain the lake” for its farms” by “She” = ada-brandt | cue "
        "“added” |\n"
        "              mixed, quotation_marks, communication, positive, core | verbatim “wants to drain the\n"
        "              lake”\n"
    )


def test_a_quote_over_several_blocks_is_shown_with_all_of_them(capsys):
    assert show("interview-on-the-lake-q02") == 0
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if line.startswith("  s")] == [
        "s003",
        "s004",
        "s005",
        "s006",
    ]
    assert printed.count("q02") == 1


@pytest.mark.parametrize(
    ("item", "sentences"),
    [
        ("b03", ["s003", "s004"]),
        ("s004", ["s004"]),
        ("m012", ["s006"]),
        ("c005", ["s006"]),
        ("r01", ["s007"]),
    ],
)
def test_other_items_are_shown_with_their_sentences(item, sentences, capsys):
    assert show(f"dam-stays-shut-{item}") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  s")] == sentences


def test_a_repair_shows_white_space_and_nothing(capsys):
    assert show("sudria-protests-r01") == 0
    assert capsys.readouterr().out.endswith("    r01       missing_space | '' to ' '\n")
    assert show("dam-stays-shut-r01") == 0
    assert capsys.readouterr().out == (
        "b05 boilerplate\n  s007      Share this page\n    r01       furniture | '\\nShare this page' to ''\n"
    )


def test_a_sentence_is_shown_with_all_that_it_holds(capsys):
    assert show("dam-stays-shut-s006") == 0
    printed = capsys.readouterr().out
    for words in (
        "label     checkable",
        "m012 “Varn” GPE = varn for norland",
        "m013 “1990” DATE 1990",
        "c004",
        "c005",
    ):
        assert words in printed
    assert "c003" not in printed


def test_notes_are_shown():
    article = read_article(Layout(TINY), "dam-stays-shut")
    noted = dataclasses.replace(
        article,
        quotes=tuple(dataclasses.replace(quote, note="a quote") for quote in article.quotes),
        mentions=tuple(dataclasses.replace(mention, note="a mention") for mention in article.mentions),
        claims=tuple(dataclasses.replace(claim, note="a claim") for claim in article.claims),
        other_marks=tuple(dataclasses.replace(mark, note="a mark") for mark in article.other_marks),
        sentence_labels=tuple(
            dataclasses.replace(label, note="a label") for label in article.sentence_labels
        ),
    )
    printed = " ".join(" ".join(show_article(noted, read_registry(Layout(TINY)))).split())
    for what, items in (("quote", article.quotes), ("claim", article.claims), ("mark", article.other_marks)):
        assert printed.count(f"note: a {what}") == len(items)
    assert printed.count("(note: a mention)") == len(article.mentions)
    assert printed.count("note: a label") == len(article.sentence_labels)


def test_nothing_in_a_text_can_steer_a_terminal():
    article = read_article(Layout(TINY), "dam-stays-shut")
    hostile = dataclasses.replace(
        article, metadata=dataclasses.replace(article.metadata, title="\x1b[2J\u202eevil")
    )
    lines = list(show_article(hostile, read_registry(Layout(TINY))))
    assert all(line.isprintable() for line in lines)
    assert "[2J evil" in lines[0]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("dam-stays-shut-q99", "dam-stays-shut has no item dam-stays-shut-q99."),
        ("dam", "no article or item 'dam'. The articles are: dam-stays-shut, interview-on-the-lake"),
        ("../dam-stays-shut", "no article or item"),
        ("_registry", "no article or item"),
        ("", "no article or item"),
    ],
)
def test_an_unknown_id_is_one_line_that_helps(wanted, said, capsys):
    assert show(wanted) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_a_broken_file_is_named_and_a_broken_neighbour_does_not_matter(tmp_path, capsys):
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    (root / "annotations" / "sudria-protests" / "quotes.json").write_text('{"quotes": 1.0', encoding="utf-8")
    assert show("dam-stays-shut", root=root) == 0
    capsys.readouterr()
    assert show("sudria-protests", root=root) == 2
    captured = capsys.readouterr()
    assert "annotations/sudria-protests/quotes.json:1:" in captured.err
    assert "retold validate" in captured.err


def test_unanchored_spans_are_shown_all_the_same(tmp_path, capsys):
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    path = root / "annotations" / "dam-stays-shut" / "quotes.json"
    document = json.loads(path.read_text("utf-8"))
    document["quotes"][0]["content"][0].update(start=2_000_000_000, end=2_000_000_001)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert show("dam-stays-shut", root=root) == 0
    assert "q01" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("item", "article"),
    [("a-b-q02", "a-b"), ("a-q02-s003", "a-q02"), ("a-x02", None), ("q02", None), ("", None)],
)
def test_item_article(item, article):
    assert item_article(item) == article


def test_show_item_raises_what_it_says():
    with pytest.raises(KeyError):
        show_item(
            read_article(Layout(TINY), "dam-stays-shut"), read_registry(Layout(TINY)), "dam-stays-shut-c999"
        )
