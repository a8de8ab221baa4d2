"""Positions in JSON texts, whatever their form, and everything that parsers forget."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retold.source_form import is_plain, is_written
from retold.source_map import DuplicateKey, OddNumber, Position, SourceMap, SyntaxProblem

TEXT = """{
  "quotes": [
    {"id": "a-q01", "content": [{"text": "“Ünd 🙂”", "start": 7}], "note": "\\u201cx\\n"},
    {"id": "a-q02",   "start"  :  12
    }
  ],
  "empty": {}, "none": null
}
"""


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("quotes",), (2, 13)),
        (("quotes", 0), (3, 5)),
        (("quotes", 0, "id"), (3, 12)),
        (("quotes", 0, "content", 0, "text"), (3, 42)),
        (("quotes", 0, "content", 0, "start"), (3, 62)),
        (("quotes", 0, "note"), (3, 75)),
        (("quotes", 1, "start"), (4, 35)),
        (("empty",), (7, 12)),
        (("none",), (7, 24)),
    ],
)
def test_locate_finds_values_in_lines_and_code_points(path, position):
    assert SourceMap.parse(TEXT).locate(path) == Position(*position)


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("quotes",), (2, 3)),
        (("quotes", 1, "start"), (4, 23)),
        (("quotes", 1), (4, 5)),
        ((), (1, 1)),
        (("quotes", 1, "missing"), (4, 5)),
    ],
)
def test_locate_key_finds_the_key_or_else_the_value(path, position):
    assert SourceMap.parse(TEXT).locate_key(path) == Position(*position)


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("quotes", 1, "content", 0), (4, 5)),
        (("quotes", 2), (2, 13)),
        (("quotes", "0"), (2, 13)),
        (("missing", 3, "x"), (1, 1)),
        (("none", "x"), (7, 24)),
    ],
)
def test_a_missing_path_is_located_at_its_nearest_parent(path, position):
    assert SourceMap.parse(TEXT).locate(path) == Position(*position)


@pytest.mark.parametrize(("line_end", "line"), [("\n", 3), ("\r\n", 3), ("\r", 3)])
def test_lines_end_as_json_allows(line_end, line):
    text = line_end.join(["[", "  1,", "  2]"])
    assert SourceMap.parse(text).locate((1,)) == Position(line, 3)


def test_repeated_keys_are_found_however_they_are_spelled():
    text = '{"a": 1, "b": [{"x": 1,\n "\\u0078": 2, "x": 3}], "a": 4}'
    mapped = SourceMap.parse(text)
    assert mapped.duplicate_keys == (
        DuplicateKey(("b", 0, "x"), Position(2, 2), Position(1, 17)),
        DuplicateKey(("b", 0, "x"), Position(2, 15), Position(2, 2)),
        DuplicateKey(("a",), Position(2, 25), Position(1, 2)),
    )
    assert mapped.locate(("a",)) == Position(2, 30)  # the one that parsers keep
    assert not is_plain(text)


def test_numbers_that_are_no_plain_integers_are_found():
    text = '{"start": 1.0, "ends": [1, -1, 1e3, 1E-2, 0, -0], "text": "1.0"}'
    assert SourceMap.parse(text).odd_numbers == (
        OddNumber(("start",), Position(1, 11), "1.0"),
        OddNumber(("ends", 2), Position(1, 32), "1e3"),
        OddNumber(("ends", 3), Position(1, 37), "1E-2"),
    )
    assert not is_plain(text)
    assert is_plain('{"start": 1, "ends": [1, -1, 0, -0], "text": "1.0", "other": {"start": 2}}')


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", (1, 1), "a value expected, not the end of the file"),
        (" \n ", (2, 2), "a value expected, not the end of the file"),
        ('{"a": 1,}', (1, 9), 'a key in double quotes expected, not "}"'),
        ("{a: 1}", (1, 2), 'a key in double quotes expected, not "a"'),
        ("{'a': 1}", (1, 2), 'a key in double quotes expected, not "\'"'),
        ('{"a" 1}', (1, 6), 'a colon after "a" expected, not "1"'),
        ('{"a": 1 "b": 2}', (1, 9), 'a comma or } expected, not "\\""'),
        ("[1, 2,]", (1, 7), 'a value expected, not "]"'),
        ("[1 2]", (1, 4), 'a comma or ] expected, not "2"'),
        ("[1", (1, 3), "a comma or ] expected, not the end of the file"),
        ("[1}", (1, 3), 'a comma or ] expected, not "}"'),
        ('["a', (1, 4), "a string is not closed"),
        ('["a\nb"]', (1, 4), 'control character "\\n" in a string'),
        ('["\\x"]', (1, 3), "no such escape in a string"),
        ('["\\ud83d"]', (1, 2), "half of a surrogate pair in a string"),
        ("[01]", (1, 2), 'a value expected, not "01"'),
        ("[NaN]", (1, 2), 'a value expected, not "NaN"'),
        ("[-Infinity]", (1, 2), 'a value expected, not "-Infinity"'),
        ("[True]", (1, 2), 'a value expected, not "True"'),
        ("[1e999]", (1, 2), "a number too large for any parser"),
        ("[1] // end", (1, 5), "nothing may follow the end of the document"),
        ("\ufeff[1]", (1, 1), 'a value expected, not "\\ufeff"'),
    ],
)
def test_a_text_that_is_no_json_says_where_and_why(text, position, message):
    assert SourceMap.parse(text).syntax_problem == SyntaxProblem(Position(*position), message)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(text)


def test_what_stands_before_a_syntax_error_is_still_mapped():
    mapped = SourceMap.parse('{"a": {"b": 2.5, "b": [}')
    assert mapped.syntax_problem is not None
    assert mapped.locate(("a", "b")) == Position(1, 23)
    assert [number.token for number in mapped.odd_numbers] == ["2.5"]
    assert [key.path for key in mapped.duplicate_keys] == [("a", "b")]


@pytest.mark.parametrize("depth", [1024, 1025, 200_000])
def test_depth_is_limited_as_the_parser_limits_it_and_never_crashes(depth):
    text = "[" * depth + "]" * depth
    problem = SourceMap.parse(text).syntax_problem
    if depth > 1024:
        assert problem == SyntaxProblem(Position(1, 1025), "nested deeper than 1024 levels")
        is_plain(text)  # says something only of what the parser accepts, but comes back
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(text)
    else:
        assert problem is None
        assert SourceMap.parse(text).locate((0,) * 2000) == Position(1, 1024)
        orjson.loads(text)


@pytest.mark.parametrize(
    "body", ["\\\\" * 200_000, '\\"' * 200_000, "\\u201c" * 60_000, " " * 400_000, "\\" * 399_999]
)
def test_hostile_strings_take_linear_time(body):
    # A scanner that tries each start anew would need minutes here, not milliseconds.
    for text in (f'["{body}"]', f'["{body}', f"[{body}"):
        SourceMap.parse(text)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def offset(text: str, position: Position) -> int:
    # JSON writes every line break inside a string as an escape, so these are all lines there are.
    return sum(len(line) + 1 for line in text.split("\n")[: position.line - 1]) + position.column - 1


def check_positions(text: str, mapped: SourceMap, value: Any, path: tuple[str | int, ...]) -> None:
    found, _ = json.JSONDecoder().raw_decode(text, offset(text, mapped.locate(path)))
    assert found == value
    if path and isinstance(path[-1], str):
        key, _ = json.JSONDecoder().raw_decode(text, offset(text, mapped.locate_key(path)))
        assert key == path[-1]
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, member in members:
        check_positions(text, mapped, member, (*path, step))


@settings(derandomize=True, deadline=None, max_examples=200)
@given(value=json_values, indent=st.sampled_from([None, 0, 2]), ascii_only=st.booleans())
def test_every_value_is_where_the_map_says(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    mapped = SourceMap.parse(text)
    assert mapped.syntax_problem is None
    assert mapped.duplicate_keys == ()
    check_positions(text, mapped, value, ())
    assert is_plain(text) == (mapped.odd_numbers == ())


@settings(derandomize=True, deadline=None, max_examples=300)
@given(value=json_values)
def test_what_is_in_its_written_form_is_plain(value):
    """The quick way never lets anything pass that the slow one would not."""
    data = (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()
    if is_written(data, orjson.loads(data)):
        assert is_plain(data.decode())


@pytest.mark.parametrize("odd", ["1.0", "-0.5", "1e22", "1e3", "100000000000000000000"])
def test_odd_numbers_are_never_the_written_form(odd):
    for data in (f'{{\n  "start": {odd}\n}}\n'.encode(), f"[\n  {odd},\n  1\n]\n".encode()):
        assert not is_written(data, orjson.loads(data))


def test_the_written_form_has_each_key_once():
    once = b'{\n  "text": "1.0 e5",\n  "start": 1,\n  "ends": []\n}\n'
    assert is_written(once, orjson.loads(once))
    twice = b'{\n  "start": 1,\n  "start": 1\n}\n'
    assert not is_written(twice, orjson.loads(twice))


marks = st.sampled_from(list('{}[],:"\\.-+ \n\t\x00\xa0🙂'))
words = st.sampled_from(
    ["1", "0", "5", "e", "E+1", "1e999", "true", "null", "nul", "\\n", "\\u00", '"a"', '"b"']
)
openings = st.sampled_from(['{"a":', '["x",', '"a":'])


@settings(derandomize=True, deadline=None, max_examples=1500)
@given(parts=st.lists(marks | words | openings, max_size=8))
def test_scanner_and_parser_accept_the_same_texts(parts):
    text = "".join(parts)
    try:
        orjson.loads(text)
        accepted = True
    except orjson.JSONDecodeError:
        accepted = False
    mapped = SourceMap.parse(text)
    assert accepted == (mapped.syntax_problem is None)
    if accepted:
        assert is_plain(text) == (not mapped.duplicate_keys and not mapped.odd_numbers)
