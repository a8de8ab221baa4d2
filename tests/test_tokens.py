"""Tokens and BIO tags."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peer import tokens as peer
from corpora import REPOSITORY, TINY, gold_spans
from retold.layout import Layout
from retold.reader import read_article, read_splits
from retold.records import Mention, Span
from retold.tokens import bio_tags, tag_names, tokenize


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the U.S.-Russia talks", "the|U.S.|-|Russia|talks"),
        ("U.S.’s", "U.S.|’s"),
        ("the U.S.Government", "the|U.S.|Government"),
        ("peace,highlighting", "peace|,|highlighting"),
        ("2025.Trump", "2025|.|Trump"),
        ("pro-Western", "pro|-|Western"),
        ("$500 billion", "$|500|billion"),
        ("50%", "50|%"),
        ("it’s", "it|’s"),
        ("we're TRUMP’S", "we|'re|TRUMP|’S"),
        ("isn’t O’Brien rock'n'roll", "isn’t|O’Brien|rock'n'roll"),
        ("nations’ ‘near abroad,’", "nations|’|‘|near|abroad|,|’"),
        ("#UkraineNATO #TransatlanticSecurity", "#|Ukraine|NATO|#|Transatlantic|Security"),
        ("#NATOSummit2025 #a #", "#|NATO|Summit2025|#|a|#"),
        ("snake_case", "snake|_|case"),
        ("re\u0301sume\u0301", "re\u0301sume\u0301"),
        ("2025-02-27", "2025|-|02|-|27"),
        ("F-16s 19th", "F|-|16s|19th"),
        ("Wait...", "Wait|.|.|."),
        ("“Forget it”—NATO", "“|Forget|it|”|—|NATO"),
        (" \n\t", ""),
        ("", ""),
    ],
)
def test_cuts(text: str, expected: str) -> None:
    assert "|".join(words(text)) == expected


@given(st.text("aSsrEVlDmMſKéß中ٳ1_.'’’# \n-\u0301\u0345\u0300İ"), st.integers(0, 4), st.integers(0, 4))
def test_cuts_are_those_of_the_definition(text: str, left: int, right: int) -> None:
    """The peer has the definition as it is told, without regard to speed."""
    start, end = min(left, len(text)), max(len(text) - right, 0)
    assert tokenize(text, start, end) == peer.tokenize(text, start, end)


@given(st.text(), st.integers(0, 5), st.integers(0, 5))
def test_every_character_but_space_is_in_one_token(text: str, left: int, right: int) -> None:
    start, end = min(left, len(text)), max(len(text) - right, 0)
    covered = [index for token in tokenize(text, start, end) for index in range(*token)]
    assert covered == sorted(set(covered))
    assert [index for index in range(start, end) if index not in covered and not text[index].isspace()] == []
    assert all(start <= index < end and not text[index].isspace() for index in covered)


@pytest.mark.parametrize("root", [TINY, REPOSITORY], ids=["tiny", "corpus"])
def test_every_annotated_span_is_a_whole_number_of_tokens(root: Path) -> None:
    layout = Layout(root)
    checked = 0
    for article_id in read_splits(layout).article_ids():
        article = read_article(layout, article_id)
        tokens = [
            token
            for block in article.blocks
            for sentence in block.sentences
            for token in tokenize(article.text, sentence.span.start, sentence.span.end)
        ]
        starts, ends = {start for start, _ in tokens}, {end for _, end in tokens}
        for span in gold_spans(article):
            assert span.start in starts, (article_id, span)
            assert span.end in ends, (article_id, span)
            checked += 1
    assert checked > 100


def mention(start: int, end: int, label: str, form: str = "name") -> Mention:
    return Mention("m", Span(start, end, ""), form, label, (), None, None, None, None)


TOKENS = [(0, 2), (3, 5), (6, 8), (9, 11)]


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        ([], "O O O O"),
        ([mention(0, 5, "ORG"), mention(6, 8, "GPE")], "B-ORG I-ORG B-GPE O"),
        ([mention(0, 2, "GPE"), mention(3, 5, "GPE")], "B-GPE B-GPE O O"),
        ([mention(3, 5, "GPE"), mention(0, 8, "LAW")], "B-LAW I-LAW I-LAW O"),
        ([mention(0, 5, "ORG"), mention(3, 8, "GPE")], "B-ORG I-ORG O O"),
        ([mention(0, 4, "ORG"), mention(4, 8, "GPE")], "B-ORG I-ORG B-GPE O"),
        ([mention(0, 1, "ORG"), mention(1, 2, "GPE")], "B-ORG O O O"),
        ([mention(0, 2, "GPE", "pronoun"), mention(3, 5, "NORP", "adjective")], "O B-NORP O O"),
        ([mention(3, 5, "DATE", "value"), mention(3, 8, "PERSON", "nominal")], "O B-DATE O O"),
    ],
)
def test_tags(mentions: list[Mention], expected: str) -> None:
    assert " ".join(bio_tags(TOKENS, mentions)) == expected


def test_mention_across_sentences_begins_anew_in_the_second() -> None:
    crossing = [mention(3, 8, "ORG")]
    assert bio_tags(TOKENS[:2], crossing) == ["O", "B-ORG"]
    assert bio_tags(TOKENS[2:], crossing) == ["B-ORG", "O"]


def test_tag_names_keep_the_order_of_the_label_set() -> None:
    assert tag_names(["PERSON", "GPE"]) == ("O", "B-PERSON", "I-PERSON", "B-GPE", "I-GPE")
