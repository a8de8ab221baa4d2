"""Where the strings of a prediction stand, and offsets in other units than code points."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpora import REPOSITORY
from retold.benchmark.gold import read_gold
from retold.benchmark.offsets import UNITS, Converter
from retold.benchmark.placement import (
    EXACT,
    FUZZY,
    FUZZY_LEAST,
    FUZZY_LENGTH,
    NORMALISED,
    NOT_FOUND,
    Placer,
    is_unplaced,
    unplaced,
)
from retold.benchmark.predictions import Line, PredictionError, SpanReader
from retold.measures.assignment import MissingExtraError
from retold.measures.spans import dice
from retold.records import Article, Metadata, Span
from retold.tokens import tokenize

METADATA = Metadata("one", None, None, None, None, None, "en", "", None, (), {})


def article_of(text: str) -> Article:
    return Article("one", text, "0" * 64, METADATA, (), (), (), (), (), (), (), (), ())


def reader_of(text: str, unit: str = UNITS[0], record: dict[str, Any] | None = None) -> SpanReader:
    return SpanReader(article_of(text), Line(7, record or {}), unit)


def placed(text: str, *words: str) -> list[int | None]:
    """Return where strings begin that are the items of one list; ``None`` for those not in the text."""
    cursor = Placer(text).start()
    found = [cursor.place(string) for string in words]
    for span, string in zip(found, words, strict=True):
        assert is_unplaced(span) == (span.start < 0)
        assert span.text == (string if is_unplaced(span) else text[span.start : span.end])
    return [None if is_unplaced(span) else span.start for span in found]


def shown(text: str, words: str) -> tuple[str | None, str]:
    """Return the words of the text that a string is placed on, and by which way."""
    placer = Placer(text)
    span = placer.start().place(words)
    ((way, count),) = placer.how.items()
    assert count == 1
    return None if is_unplaced(span) else text[span.start : span.end], way


# --- exact ------------------------------------------------------------------------------------------


def test_exact_strings() -> None:
    text = "The dam, the old dam."
    assert placed(text, "The dam", "the old dam", ",", "dam.") == [0, 9, 7, 17]
    assert shown(text, "the old dam") == ("the old dam", EXACT)
    assert shown(text, "The old dam") == (None, NOT_FOUND)  # case is not made alike


@pytest.mark.parametrize(
    ("text", "words", "start"),
    [
        ("Russian and Russia", "Russia", 12),  # the edges of tokens before the inside of words
        ("Belarussia, Russia", "Russia", 12),
        ("pro-Russia", "Russia", 4),  # a hyphen is a token
        ("the Russians’ and Russia’s", "Russia", 18),  # so is a possessive
        ("Russians", "Russia", 0),  # there is no other
        ("an unbelievable lie", "lie", 16),
        ("an unbelievable life", "lie", 7),
        ("2025.Trump", "Trump", 5),
        ("U.S.-Ukraine, US", "US", 14),
        ("aaa aa", "aa", 4),
        ("aaa", "aa", 0),
        ("the US. The U.S. said", "U.S.", 12),
    ],
)
def test_edges_of_tokens_come_before_the_inside_of_words(text: str, words: str, start: int) -> None:
    assert placed(text, words) == [start]


# --- made alike -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("He said “no”.", '"no"', "“no”"),
        ('He said "no".', "“no”", '"no"'),
        ("He said „no“ and «yes».", '"yes"', "«yes»"),
        ("They don’t.", "don't", "don’t"),
        ("They don't.", "don’t", "don't"),
        ("They don`t.", "don´t", "don`t"),
        ("the ‘near abroad,’ too", "'near abroad,'", "‘near abroad,’"),
        ("in 2014–2020", "2014-2020", "2014–2020"),
        ("in 2014-2020", "2014—2020", "2014-2020"),
        ("at −5 °C", "-5 °C", "−5 °C"),
        ("the old\ndam", "the old dam", "the old\ndam"),
        ("the  old \n\n dam", "the old dam", "the  old \n\n dam"),
        ("the old dam", "the\r\n  old\tdam", "the old dam"),
        ("10\u00a0000 tonnes", "10 000", "10\u00a0000"),
        ("10 000 tonnes", "10\u202f000", "10 000"),
        ("the dam", "the dam.", None),
        ("the dam", "the d…", None),
        ("the old dam", "theold dam", None),
    ],
)
def test_marks_dashes_and_white_space_are_made_alike(text: str, words: str, found: str | None) -> None:
    assert shown(text, words) == (found, NORMALISED if found else NOT_FOUND)


def test_white_space_around_a_string_is_not_looked_for() -> None:
    assert shown("(the dam)", " the dam\n") == ("the dam", NORMALISED)


def test_places_behind_what_was_made_alike_are_right() -> None:
    text = "  a \n\t“b”  c   ‘d’ – e"
    for words, found in (
        ('"b" c', "“b”  c"),
        ("c 'd'", "c   ‘d’"),
        ("'d' - e", "‘d’ – e"),
        ('a "b"', "a \n\t“b”"),
    ):
        assert shown(text, words) == (found, NORMALISED)


def test_exact_comes_before_alike() -> None:
    """Even where what is only alike stands first, or at the edges of tokens."""
    assert placed("It’s so. It's not.", "It's") == [9]
    assert placed("‘old’ x'old'y", "'old'") == [7]


# --- fuzzy ------------------------------------------------------------------------------------------

STRETCH = "the old dam was shut on Monday by two ministers"
AROUND = f"It is known: {STRETCH}, as one of them said in the evening."


def spoiled(length: int, wrong: int) -> str:
    """Return the first characters of the stretch, some of which are not those of the text."""
    letters = list(STRETCH[:length])
    places = [at for at, letter in enumerate(letters) if letter != " "][1:-1]
    for at in places[:: len(places) // max(1, wrong)][:wrong]:
        letters[at] = "§"
    return "".join(letters)


@pytest.mark.parametrize(
    ("length", "wrong", "found"),
    [
        # Of n characters n − w are shared with a stretch of n: 2 (n − w) / 2 n is at least .90 or not.
        (20, 1, True),  # .95
        (20, 2, True),  # .90
        (20, 3, False),  # .85
        (30, 3, True),  # .90
        (30, 4, False),  # .867
        (39, 3, True),  # .923
        (39, 4, False),  # .897
        (41, 4, True),  # .902
        (41, 5, False),  # .878
        (19, 1, False),  # .947, but too short
        (5, 1, False),
    ],
)
def test_fuzzy_strings_at_the_thresholds(length: int, wrong: int, found: bool) -> None:
    assert (FUZZY_LENGTH, FUZZY_LEAST) == (20, 90.0)
    words = spoiled(length, wrong)
    assert (len(words), words.count("§")) == (length, wrong)
    span, way = shown(AROUND, words)
    assert way == (FUZZY if found else NOT_FOUND)
    if span is not None:
        assert STRETCH.startswith(span)
        assert len(span) >= length


def test_fuzzy_length_is_that_of_what_is_made_alike() -> None:
    assert len("the  old dam  was s§ut \n") > FUZZY_LENGTH
    assert shown(AROUND, "the old dam was s§ut") == ("the old dam was shut", FUZZY)
    assert shown(AROUND, "  he   old  dam  was s§ut \n") == (None, NOT_FOUND)  # of 19 characters


def test_fuzzy_strings_stand_on_whole_tokens() -> None:
    assert shown(AROUND, "e old dam was shut on Mxn") == ("the old dam was shut on Monday", FUZZY)
    assert shown(AROUND, "It is known that the old dam was shut on Monday")[0] == (
        "It is known: the old dam was shut on Monday"
    )


def test_fuzzy_strings_with_words_left_out_or_put_in() -> None:
    assert shown(AROUND, "dam was shut on Monday by ministers, as one of them")[1] == FUZZY
    assert shown(AROUND, "the old dam was shut late on Monday by two ministers")[1] == FUZZY
    assert shown(AROUND, "the two ministers shut the old dam on Monday") == (None, NOT_FOUND)


def test_a_fuzzy_string_has_one_place() -> None:
    """The most like it; when that is taken the string is not placed again."""
    text = "The old dam was shot on Monday. The old dam was shut on Monday."
    assert placed(text, "The old dam was shut on Mxnday", "The old dam was shut on Mxnday") == [32, None]


def test_only_fuzzy_strings_need_rapidfuzz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.fuzz", None)
    assert placed(AROUND, "as one of them said in the evening", "not there") == [62, None]
    with pytest.raises(MissingExtraError, match=r"retold\[score\]"):
        placed(AROUND, "as one of them said in the morning")


# --- items in their order ---------------------------------------------------------------------------


def test_repeated_strings_stand_where_they_are_mentioned() -> None:
    text = "Ann met Bob. Bob saw Ann. Ann left."
    assert placed(text, "Ann", "Bob", "Bob", "Ann", "Ann") == [0, 8, 13, 21, 26]
    assert placed(text, "Ann", "Bob", "Ann", "Ann") == [0, 8, 21, 26]
    assert placed(text, "Bob", "Ann") == [8, 21]  # not before the item placed last
    assert placed(text, "Bob", "Bob", "Ann", "Ann", "Ann") == [8, 13, 21, 26, 0]  # unless there is no other


def test_more_mentions_than_occurrences() -> None:
    assert placed("Ann met Bob.", "Ann", "Ann", "Bob", "Ann") == [0, None, 8, None]


def test_items_out_of_order_and_within_each_other() -> None:
    assert placed("Ann met Bob in Rome", "Rome", "Bob", "Ann") == [15, 8, 0]
    assert placed("the Bank of Rome in Rome", "the Bank of Rome", "Rome", "Rome") == [0, 12, 20]
    assert placed("the Bank of Rome in Rome", "Rome", "the Bank of Rome", "Rome") == [12, 0, 20]


def test_each_list_begins_anew() -> None:
    placer = Placer("Ann met Ann")
    assert [placer.start().place("Ann").start for _ in range(2)] == [0, 0]
    assert placer.how == {EXACT: 2}


def test_ways_are_counted() -> None:
    placer = Placer(AROUND)
    cursor = placer.start()
    for words in ("the old dam", "Monday", "the\nold", spoiled(20, 1), "nothing", "nor this"):
        cursor.place(words)
    assert placer.how == {EXACT: 2, NORMALISED: 1, FUZZY: 1, NOT_FOUND: 2}


def test_words_that_are_not_there_meet_nothing() -> None:
    for words in ("x", "not in the text", ""):
        span = unplaced(words)
        assert is_unplaced(span)
        assert (span.end - span.start, span.text) == (max(1, len(words)), words)
        assert dice([span], [Span(0, 5, "12345")]) == 0.0
    assert not is_unplaced(Span(0, 1, "x"))


# --- items of several strings -----------------------------------------------------------------------


def grouped(text: str, own: Sequence[str | Span], *near: Sequence[str | Span]) -> list[list[int | None]]:
    spans = Placer(text).start().place_group(own, near)
    return [[None if is_unplaced(span) else span.start for span in role] for role in spans]


def test_the_longest_string_is_placed_and_the_others_near_it() -> None:
    text = "He came, he went. “He came,” said Bo, “and we went home.”"
    assert grouped(text, ["He came", "and we went home"]) == [[19, 39]]
    assert grouped(text, ["and we went home", "He came"]) == [[39, 19]]
    assert grouped(text, ["went", "He came"]) == [[12, 0]]  # the longest stands first in the text


def test_cue_and_source_are_the_nearest() -> None:
    text = "Bo said yes. Then Al said no, Bo said later."
    assert grouped(text, ["yes"], ["said"], ["Bo"]) == [[8], [3], [0]]
    assert grouped(text, ["no"], ["said"], ["Al"]) == [[26], [21], [18]]
    assert grouped(text, ["later"], ["said"], ["Bo"]) == [[38], [33], [30]]
    assert grouped("a b c b a", ["c"], ["b"], ["a"]) == [[4], [2], [0]]  # of two as near the first


def test_near_is_nearest_to_any_part() -> None:
    """Not to the longest, where another occurrence would be nearer."""
    text = "“Yes,” said Bo in the evening. “But not now,” said Bo."
    assert grouped(text, ["Yes", "But not now"], ["said"]) == [[1, 32], [7]]


def test_cue_and_source_stand_outside_the_content() -> None:
    text = "Al said: “She said that she left.” Nobody left."
    assert grouped(text, ["She said that she left"], ["said"], ["left"]) == [[10], [3], [42]]
    assert grouped("“She said no.”", ["She said no"], ["said"], ["She"]) == [[1], [5], [1]]  # nowhere else


def test_nothing_is_near_words_that_are_not_there() -> None:
    assert grouped("Bo said yes", ["no"], ["said"], ["Bo"]) == [[None], [None], [None]]
    # The longest is not there: the others, though they are, could stand anywhere.
    assert grouped("Bo said yes", ["yes", "but no"], ["said"]) == [[None, None], [None]]
    # The shorter is not there: the rest is near the longest.
    assert grouped("Bo said yes. Al said no.", ["no", "x"], ["said"], ["z"]) == [[21, None], [16], [None]]


def test_spans_with_offsets_stay_and_strings_are_near_them() -> None:
    text = "Bo said yes. Al said yes."
    second = Span(21, 24, "yes")
    assert grouped(text, [second], ["said"], ["Bo"]) == [[21], [16], [0]]
    assert grouped(text, ["Al", second], ["said"]) == [[13, 21], [16]]
    assert grouped(text, ["yes"], [Span(3, 7, "said")], []) == [[8], [3], []]


def test_two_items_may_be_of_the_same_words() -> None:
    """Two claims that are made in the same words; not so two mentions."""
    reader = reader_of("Bo and Al left. Ed stayed.")
    spans = list(reader.groups([(["Bo and Al left"],), (["Bo and Al left"],), (["Ed"],)]))
    assert [[span.start for span in role] for (role,) in spans] == [[0], [0], [16]]
    assert placed("Bo and Al left.", "left", "left") == [10, None]


def test_items_of_several_strings_follow_each_other() -> None:
    reader = reader_of("“No,” said Bo. “No, no,” said Al. “No!” said Ed. “No? No!” said Cy.")
    items = [(["No"], ["Bo"]), (["No, no"], ["Al"]), (["No!"], ["Ed"]), (["No? No!"], ["Cy"])]
    spans = list(reader.groups(items))
    assert [own[0].start for own, _ in spans] == [1, 16, 35, 50]
    assert [near[0].text for _, near in spans] == ["Bo", "Al", "Ed", "Cy"]


def test_words_said_twice_count_once_and_roles_are_in_text_order() -> None:
    reader = reader_of("one two three four")
    ((own, near),) = reader.groups([(["three", "two three"], ["four", "one", "one"])])
    assert own == [Span(4, 13, "two three")]
    assert near == [Span(0, 3, "one"), Span(14, 18, "four")]


# --- other characters -------------------------------------------------------------------------------


def test_astral_characters_are_one_character() -> None:
    text = "😀 Kyiv 𝒳𝒴 won 😀😀"
    assert placed(text, "😀", "Kyiv", "𝒳𝒴", "won", "😀", "😀") == [0, 2, 7, 10, 14, 15]
    assert placed("👩‍🚀 flies", "flies", "👩‍🚀") == [4, 0]


def test_combining_marks() -> None:
    """A letter with its mark is in a word; a composed one is another character, and not made alike."""
    assert placed("cafe\u0301 cafe", "cafe", "cafe\u0301") == [6, 0]
    assert shown("cafe\u0301", "cafe") == ("cafe", EXACT)
    assert shown("cafe\u0301", "caf\u00e9") == (None, NOT_FOUND)
    long = "the cafe\u0301 on the corner is shut"
    assert shown(long, "the caf\u00e9 on the corner is shut") == (long, FUZZY)


@pytest.mark.parametrize("words", ["", " ", "\n", "\u00a0\t"])
def test_blank_strings_are_refused_or_not_there(words: str) -> None:
    assert placed("a b", "") == [None]
    reader = reader_of("a \n\u00a0\tb")
    for refused in (lambda: reader.flat([{"text": words}]), lambda: list(reader.groups([([words],)]))):
        with pytest.raises(PredictionError, match="line 7: a span has only white space as its text"):
            refused()


def test_an_empty_text() -> None:
    assert placed("", "a", "a string of more than twenty characters") == [None, None]


# --- gold as strings --------------------------------------------------------------------------------

LETTERS = st.sampled_from("abcé’'“”\".,- \n😀𝒳\u0301U.S")


@st.composite
def texts_with_unique_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Draw a text and spans in its order whose words stand nowhere else and are not within white space."""
    text = draw(st.text(LETTERS, min_size=1, max_size=60))
    bounds = draw(st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), max_size=8))
    chosen = sorted({(start, min(len(text), start + size)) for start, size in bounds if start < len(text)})
    spans = [Span(start, end, text[start:end]) for start, end in chosen]
    return text, [span for span in spans if is_unique(text, span.text)]


def is_unique(text: str, words: str) -> bool:
    starts = [at for at in range(len(text)) if text.startswith(words, at)]
    return len(starts) == 1 and words == words.strip() != ""


@settings(derandomize=True, deadline=None, max_examples=400)
@given(texts_with_unique_spans(), st.randoms(use_true_random=False))
def test_unique_strings_come_back_at_their_offsets(
    drawn: tuple[str, list[Span]], chance: random.Random
) -> None:
    """In text order, and in any other."""
    text, spans = drawn
    reader = reader_of(text)
    assert reader.flat([{"text": span.text} for span in spans]) == spans
    assert sum(reader.placer.how.values()) == reader.placer.how[EXACT] == len(spans)
    chance.shuffle(spans)
    assert reader_of(text).flat([{"text": span.text} for span in spans]) == spans


@st.composite
def texts_of_different_words(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Draw a text in which no word stands twice, though within others, and its stretches of some words."""
    words = draw(st.lists(st.text("abé𝒳", min_size=1, max_size=3), unique=True, min_size=3, max_size=16))
    text, stretches, at = "", [], 0
    while at < len(words):
        stretch = words[at : at + draw(st.integers(1, 3))]
        at += len(stretch)
        joined = draw(st.sampled_from([" ", "\n", "’, "])).join(stretch)
        text += draw(st.sampled_from([" ", "\n“", ", ", "😀 "]))
        stretches.append(Span(len(text), len(text) + len(joined), joined))
        text += joined
    return text, stretches


@settings(derandomize=True, deadline=None, max_examples=400)
@given(texts_of_different_words(), st.randoms(use_true_random=False))
def test_unique_items_of_several_strings_come_back_at_their_offsets(
    drawn: tuple[str, list[Span]], chance: random.Random
) -> None:
    """Items of content, cue and source, each of no, one or two stretches; the first has at least one."""
    text, stretches = drawn
    items, rest = [], list(stretches)
    while rest:
        item: list[list[Span]] = [[rest.pop(0)], [], []]
        for _ in range(min(len(rest), chance.randint(0, 4))):
            item[chance.randint(0, 2)].append(rest.pop(0))
        items.append(item)
    strings = [[[span.text for span in role] for role in item] for item in items]
    assert list(reader_of(text).groups(strings)) == items


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab, \n"), max_size=50))
def test_all_tokens_in_text_order_come_back_at_their_offsets(text: str) -> None:
    """However often each stands in the text."""
    tokens = tokenize(text)
    assert placed(text, *(text[start:end] for start, end in tokens)) == [start for start, _ in tokens]


def test_nearly_all_of_the_gold_comes_back_from_its_strings() -> None:
    """Not all: a word may stand once more between two items, and a source farther away than the same name."""
    gold = read_gold(REPOSITORY)
    right: list[bool] = []
    for article in gold.articles.values():
        reader = SpanReader(article, Line(1, {}))
        mentions = [mention.span for mention in article.mentions]
        found = reader.flat([{"text": span.text} for span in mentions])
        right += [ours == theirs for ours, theirs in zip(mentions, found, strict=True)]
        items = [(q.content, q.source, q.cue) for q in article.quotes]
        items += [(claim.spans,) for claim in article.claims]
        for group in (items[: len(article.quotes)], items[len(article.quotes) :]):
            strings = [[[span.text for span in role] for role in item] for item in group]
            for item, placed_there in zip(group, reader.groups(strings), strict=True):
                right += [list(ours) == theirs for ours, theirs in zip(item, placed_there, strict=True)]
    assert len(right) > 1000
    assert sum(right) / len(right) > 0.99


# --- offsets in other units -------------------------------------------------------------------------

WIDE = st.text(st.sampled_from("aé€😀𝒳\u0301\n") | st.characters(exclude_categories=["Cs"]), max_size=30)
ENCODED = {"utf16": ("utf-16-le", 2), "bytes": ("utf-8", 1)}


def offset_in(unit: str, text: str, at: int) -> int:
    if unit == UNITS[0]:
        return at
    encoding, width = ENCODED[unit]
    return len(text[:at].encode(encoding)) // width


def boundaries(unit: str, text: str) -> Iterator[int]:
    return (offset_in(unit, text, at) for at in range(len(text) + 1))


@pytest.mark.parametrize("unit", UNITS)
@settings(derandomize=True, deadline=None)
@given(text=WIDE)
def test_offsets_of_any_unit_are_turned_into_code_points(unit: str, text: str) -> None:
    """And those outside the text, or inside a character, into none."""
    converter = Converter(text, unit)
    there = {offset: at for at, offset in enumerate(boundaries(unit, text))}
    for offset in range(-2, max(there) + 3):
        assert converter.point(offset) == there.get(offset)


@pytest.mark.parametrize("unit", UNITS)
@settings(derandomize=True, deadline=None)
@given(text=WIDE, bounds=st.tuples(st.integers(0, 30), st.integers(1, 30)))
def test_spans_of_any_unit_come_back(unit: str, text: str, bounds: tuple[int, int]) -> None:
    start, end = bounds[0], min(len(text), sum(bounds))
    assume(start < end)
    span = Span(start, end, text[start:end])
    given_offsets = {"start": offset_in(unit, text, start), "end": offset_in(unit, text, end)}
    assert reader_of(text, unit).flat([given_offsets | {"text": span.text}]) == [span]
    pinned = reader_of(text, unit, {"article_sha256": "0" * 64})
    assert pinned.flat([given_offsets]) == [span]
    with pytest.raises(PredictionError, match="no text, and the line no article_sha256"):
        reader_of(text, unit).flat([given_offsets])


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("utf16", 1, 4),  # inside the first 😀
        ("utf16", 0, 1),
        ("utf16", 3, 5),  # ends inside the second
        ("bytes", 2, 5),
        ("bytes", 4, 5),
        ("bytes", 5, 6),  # begins inside é
        ("bytes", 0, 99),
        ("utf16", 0, 99),
        ("codepoints", 0, 99),
    ],
)
def test_offsets_inside_a_character_are_refused(unit: str, start: int, end: int) -> None:
    reader = reader_of("😀é 😀", unit, {"article_sha256": "0" * 64})
    with pytest.raises(PredictionError, match=rf"line 7: the span {start}–{end} is outside the text"):
        reader.flat([{"start": start, "end": end}])


def test_offsets_of_another_unit_are_named() -> None:
    text = "😀é dam"
    for unit, other in (
        ("codepoints", "utf16"),
        ("codepoints", "bytes"),
        ("utf16", "bytes"),
        ("bytes", "codepoints"),
    ):
        start, end = (offset_in(other, text, at) for at in (3, 6))
        with pytest.raises(PredictionError, match=rf"are in {other}, not in {unit}: use --offsets {other}"):
            reader_of(text, unit).flat([{"start": start, "end": end, "text": "dam"}])


def test_empty_spans_and_wrong_words_are_refused() -> None:
    for item, message in (
        ({"start": 4, "end": 4, "text": "x"}, "is empty"),
        ({"start": 5, "end": 4, "text": "x"}, "is empty"),
        ({"start": 0, "end": 3, "text": "dam"}, "the text of the span 0–3 is 'dam', but there one has 'the'"),
    ):
        with pytest.raises(PredictionError, match=message):
            reader_of("the dam").flat([item])


def test_lone_surrogates_have_a_width() -> None:
    """No text of the corpus has one, but a test should not end in an encoding error."""
    assert Converter("\ud800a", "utf16").point(1) == 1
    assert Converter("\ud800a", "bytes").point(3) == 1


def test_strings_and_spans_with_offsets_in_one_list() -> None:
    reader = reader_of("Ann met Bob. Ann left.")
    items = [{"text": "Ann"}, {"start": 8, "end": 11, "text": "Bob"}, {"text": "Ann"}]
    assert [span.start for span in reader.flat(items)] == [0, 8, 13]
    assert reader.placer.how == {EXACT: 2}
