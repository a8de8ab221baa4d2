"""Repairs make the clean text, and every offset finds its way there and back."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retold.carrying import CleanArticle, Place
from retold.cleaning import clean, is_aligned
from retold.records import Repair, Span
from retold.tables import quotes

LETTERS = "abcé “\n"


def repair(text: str, start: int, end: int, replacement: str, kind: str = "typo") -> Repair:
    return Repair(f"x-r{start:02}", Span(start, end, text[start:end]), replacement, kind)


class Case(NamedTuple):
    """A text, its repairs, and a span of it that no repair cuts."""

    text: str
    repairs: tuple[Repair, ...]
    span: tuple[int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Repairs of all sorts, side by side and touching, as the checks allow them."""
    text = draw(st.text(LETTERS, max_size=12))
    made: list[Repair] = []
    place = 0
    while place <= len(text) and draw(st.booleans()):
        start = draw(st.integers(place, len(text)))
        touches = bool(made) and not made[-1].span.text and made[-1].span.start == start
        end = draw(st.integers(min(start + touches, len(text)), len(text)))
        if touches and start == end:
            break
        replacement = draw(st.text("xyz ", max_size=3))
        made.append(repair(text, start, end, replacement, draw(st.sampled_from(["typo", "wrong_word"]))))
        place = end
    edges = [n for n in range(len(text) + 1) if not any(cuts(one, n) for one in made)]
    span = sorted((draw(st.sampled_from(edges)), draw(st.sampled_from(edges))))
    return Case(text, tuple(made), (span[0], span[1]))


def cuts(one: Repair, offset: int) -> bool:
    return not is_aligned(one) and one.span.start < offset < one.span.end


def repaired(case: Case, start: int, end: int) -> str:
    """The words of a span with the repairs that lie in it made; an insertion at its edge is outside."""
    words, place = [], start
    for one in case.repairs:
        begin, stop = one.span.start, one.span.end
        if start < begin == stop < end or (begin < stop and begin < end and start < stop):
            cut = slice(max(start - begin, 0), end - begin) if is_aligned(one) else slice(None)
            words += (case.text[place:begin], one.replacement[cut])
            place = stop
    return "".join((*words, case.text[place:end]))


@given(cases())
def test_the_clean_text_has_the_replacements_where_the_map_says(case):
    text, offsets = clean(case.text, case.repairs)
    for one, (start, end) in zip(case.repairs, offsets.replacements, strict=True):
        assert text[start:end] == one.replacement
    kept = sum(len(one.replacement) - len(one.span.text) for one in case.repairs)
    assert len(text) == len(case.text) + kept


@given(cases())
def test_repairs_can_be_undone(case):
    text, offsets = clean(case.text, case.repairs)
    undo = [
        Repair(one.id, Span(start, end, text[start:end]), one.span.text, one.kind)
        for one, (start, end) in zip(case.repairs, offsets.replacements, strict=True)
    ]
    raw, back = clean(text, undo)
    assert raw == case.text
    assert [back.to_clean(n) for n in range(len(text) + 1)] == [
        offsets.to_raw(n) for n in range(len(text) + 1)
    ]


@given(cases())
def test_a_character_that_stays_is_found_both_ways(case):
    text, offsets = clean(case.text, case.repairs)
    repaired_offsets = {n for one in case.repairs for n in range(one.span.start, one.span.end)}
    for offset in set(range(len(case.text))) - repaired_offsets:
        there = offsets.to_clean(offset)
        assert text[there] == case.text[offset]
        assert offsets.to_raw(there) == offset


@given(cases())
def test_order_is_kept(case):
    text, offsets = clean(case.text, case.repairs)
    there = [offsets.to_clean(n) for n in range(len(case.text) + 1)]
    back = [offsets.to_raw(n) for n in range(len(text) + 1)]
    assert there == sorted(there)
    assert back == sorted(back)
    assert all(0 <= n <= len(text) for n in there)
    assert all(0 <= n <= len(case.text) for n in back)


def insertion_and_deletion() -> Case:
    return Case("aaab", (repair("aaab", 3, 3, "x"), repair("aaab", 3, 4, "")), (0, 4))


def aligned_and_cut() -> Case:
    return Case("abcd", (repair("abcd", 2, 4, "xy"),), (2, 3))


@given(cases())
@example(insertion_and_deletion())
@example(aligned_and_cut())
def test_a_span_reads_as_repaired_and_comes_back(case):
    start, end = case.span
    text, offsets = clean(case.text, case.repairs)
    begin, stop = offsets.span_to_clean(start, end)
    if start == end:
        return  # no span is empty
    assert text[begin:stop] == repaired(case, start, end)
    back = offsets.span_to_raw(begin, stop)
    inserted = [
        place
        for one, place in zip(case.repairs, offsets.replacements, strict=True)
        if one.span.start == one.span.end and begin <= place[0] < place[1] <= stop
    ]
    # what begins or ends with an insertion, its neighbour being deleted, has no such edge in the raw text
    if begin < stop and not any(place[0] == begin or place[1] == stop for place in inserted):
        assert start <= back[0] <= back[1] <= end
        assert repaired(case, *back) == text[begin:stop]


@pytest.mark.parametrize(
    "repairs",
    [
        [repair("abcdef", 2, 4, "x"), repair("abcdef", 3, 5, "y")],
        [repair("abcdef", 3, 4, "x"), repair("abcdef", 1, 2, "y")],
        [Repair("x-r01", Span(1, 2, "z"), "y", "typo")],
        [Repair("x-r01", Span(5, 7, "fg"), "", "typo")],
    ],
    ids=["overlap", "order", "other text", "beyond the end"],
)
def test_repairs_that_cannot_be_made_are_refused(repairs):
    with pytest.raises(ValueError, match="out of order, overlaps another repair, or is of another text"):
        clean("abcdef", repairs)


@pytest.mark.parametrize(("kind", "there"), [("typo", (1, 2, 3)), ("wrong_word", (1, 1, 3))])
def test_an_aligned_replacement_is_mapped_character_by_character(kind, there):
    _, offsets = clean("abcd", [repair("abcd", 1, 3, "xy", kind)])
    assert tuple(offsets.to_clean(n) for n in (1, 2, 3)) == there
    assert offsets.span_to_clean(2, 4) == (there[1], 4)
    assert offsets.span_to_clean(0, 2) == (0, 2 if kind == "typo" else 3)
    assert tuple(offsets.to_raw(n) for n in (1, 2, 3)) == there


# --- what belongs to sentences


def segments(text: str, cut: int, insertion: str) -> tuple[str, str]:
    """The two sentences of a text, with something inserted where they meet."""
    places = (Place("s1", "b1", 0, len(text[:cut].rstrip())), Place("s2", "b1", cut, len(text)))
    article = CleanArticle(text, [repair(text, cut, cut, insertion)], places)
    found = [article.segment(place.start, place.end) for place in places]
    return tuple(article.text[slice(*one)] for one in found if one)


@pytest.mark.parametrize(
    ("text", "cut", "insertion", "first", "second"),
    [
        ("He said.So", 8, " ", "He said.", "So"),
        ("He said.So", 8, " “", "He said.", "“So"),
        ("“He said.So", 9, "” ", "“He said.”", "So"),
        ("“He said.So", 9, "” “", "“He said.”", "“So"),
        ("“He said.So", 9, "”", "“He said.”", "So"),
        ("He said.So", 8, "“", "He said.", "“So"),
        ("He said. So", 9, '"', "He said.", '"So'),
        ("He said.\nSo", 9, "“", "He said.", "“So"),
        ("He saidSo", 7, ". ", "He said.", "So"),
    ],
)
def test_what_is_inserted_between_sentences_goes_to_one_of_them(text, cut, insertion, first, second):
    assert segments(text, cut, insertion) == (first, second)


def test_marks_at_the_edges_of_the_text_belong_to_its_sentence():
    text = "So be it."
    repairs = [repair(text, 0, 0, '"', "lost_quotation_mark"), repair(text, 9, 9, '"', "lost_quotation_mark")]
    article = CleanArticle(text, repairs, [Place("s1", "b1", 0, 9)])
    assert article.text == '"So be it."'
    assert article.segment(0, 9) == (0, 11)
    assert article.span(0, 9) == (1, 10)
    assert article.marks == {0, 10}


def test_what_is_deleted_is_gone_and_leaves_no_white_space():
    text = "Share this! So it was."
    places = [Place("s1", "b1", 0, 11), Place("s2", "b2", 12, 22)]
    article = CleanArticle(text, [repair(text, 0, 11, "", "furniture")], places)
    assert article.text == " So it was."
    assert article.span(0, 11) is article.segment(0, 11) is article.span(6, 10) is None
    assert article.span(6, 22) == (1, 11)
    assert article.kept(["s1", "s2"]) == ["s2"]
    assert article.block_of("s2") == "b2"
    assert article.segment(0, 22) == (0, 11)  # the text itself
    behind = CleanArticle(text, [repair(text, 12, 22, "", "furniture")], places)
    assert behind.span(0, 22) == behind.segment(0, 11) == (0, 11)


# --- marks that are restored

(MARKING,) = (column.clean for column in quotes.COLUMNS if column.name == "marking")


@pytest.mark.parametrize(
    ("text", "marks", "content", "expected"),
    [
        ("He said, No way, and left.", {9: "“", 15: "”"}, [(9, 15)], "quotation_marks"),
        ("He said, No way,” and left.", {9: "“"}, [(9, 15)], "quotation_marks"),
        ("He said, No way, and left.", {9: "“"}, [(9, 15)], "none"),
        ("He said, No way, he added, at all.", {9: "“", 15: "”"}, [(9, 15), (27, 33)], "none"),
        (
            "He said, No way, he added, at all.",
            {9: "“", 15: "”", 27: "“", 33: "”"},
            [(9, 15), (27, 33)],
            "quotation_marks",
        ),
        ("“He said, No way, and left.”", {}, [(10, 16)], "none"),
        ("Go.\nHe said, No way.\nSo.", {0: "“", 25: "”"}, [(13, 20)], "none"),
    ],
    ids=["both", "opening", "no closing", "one of two", "two of two", "of another quote", "other lines"],
)
def test_a_quote_is_marked_where_its_own_marks_are_restored(text, marks, content, expected):
    repairs = [repair(text, place, place, mark, "lost_quotation_mark") for place, mark in marks.items()]
    article = CleanArticle(text, repairs, [])
    spans = [{"start": start, "end": end} for start, end in content]
    row = {"type": "direct", "marking": "none", "content": spans}
    assert MARKING is not None
    assert MARKING(row, article) == expected
    assert MARKING({**row, "type": "indirect"}, article) == "none"
    assert MARKING({**row, "marking": "turn_label"}, article) == "turn_label"


def test_a_letter_that_a_typo_was_is_gone_if_a_space_stands_for_it() -> None:
    text = "thexcat ran"
    article = CleanArticle(text, [repair(text, 0, 7, "the cat", "typo")], [])
    assert article.span(3, 4) is None
    assert article.deletions == [(3, 4)]
    assert [article.may_be_gone(start) for start in (2, 3, 4)] == [False, True, False]
