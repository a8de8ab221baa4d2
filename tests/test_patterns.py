"""No regular expression of the package or a schema can be made slow: each takes time in line with its input.

Every pattern is tried on strings made from its own parts (and from what texts have), repeated. A pattern that
looks at all of the rest of a text from each of its places is quadratic: a megabyte of spaces would take it
hours. What is only ever given a few characters is named, with why.
"""

from __future__ import annotations

import ast
import importlib
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from re import _constants as sre
from re import _parser as parser
from typing import Any

import pytest

from corpora import REPOSITORY

PACKAGE = REPOSITORY / "scripts" / "retold"
FROM_START = frozenset(("match", "fullmatch"))
METHODS = FROM_START | {"search", "finditer", "findall", "sub", "subn", "split"}
# What patterns are made of inside functions, where they are no names of the module: stand-ins.
LOCALS = {
    "letter": "q",
    "articles": "some-story|other",
    "pattern": r"(?P<before>(?P<article>some-story|other)[ -])?\b(?P<short>[mqc][0-9]+)\b",
}
# Quadratic, but on input that has no more than so many characters.
SHORT = {
    "benchmark/conventions.py": "looks at the 12 characters beside a span",
    "scaffold.py:ABBREVIATION": "looks at the 12 characters before the end of a sentence",
}
PUMPS = (
    " ", "\n", "\t", " \n", "\n ", "a", "A", "1", "-", ".", ",", "'", '"', "”", "(", "[", "[a", "<", "`", "_",
    "a ", "a-", "a.", "A.", "1.", "1,", "a'", "! ", "!", "aA", "1A", "é", "\u0301", "😀",
)  # fmt: skip
STEPS = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 3000)
TAILS = ("", "\x00", "!", "a", "\n")


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and how it is used."""

    place: str
    pattern: re.Pattern[str]
    modes: frozenset[str]


def sources() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def used_as(trees: dict[Path, ast.Module]) -> dict[str, set[str]]:
    """Return the methods that are called on each name, such as ``_TOKEN.finditer``."""
    used: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in METHODS:
                used.setdefault(node.value.id, set()).add(node.attr)
    return used


class WithoutWords(ast.NodeTransformer):
    """Puts a word in the place of words that are escaped."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if ast.unparse(node.func) == "re.escape":
            return ast.Constant("aab")
        return self.generic_visit(node)


def package_patterns() -> Iterator[Found]:
    trees = sources()
    used = used_as(trees)
    for path, tree in trees.items():
        name = path.relative_to(PACKAGE).as_posix()
        owners = {
            id(node.value): node.targets[0].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            method = method_of_re(node)
            if method is None or method == "escape":
                continue
            modes = {method} if method != "compile" else used.get(owners.get(id(node), ""), set())
            pattern = evaluated(name, path, node, method)
            if isinstance(pattern.pattern, str):
                owner = owners.get(id(node), node.lineno)
                yield Found(f"{name}:{owner}", pattern, frozenset(modes))


def method_of_re(node: ast.AST) -> str | None:
    """Return which function of ``re`` is called here, if one is."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr if ast.unparse(node.func.value) == "re" else None
    return None


def evaluated(name: str, path: Path, node: ast.Call, method: str) -> re.Pattern[Any]:
    """Return the pattern of a call of ``re``."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
    takes = {"compile": 1, "sub": 3}.get(method, 2)
    flags = [*node.args[takes:], *(word.value for word in node.keywords if word.arg == "flags")]
    call = ast.Call(ast.parse("re.compile", mode="eval").body, [node.args[0], *flags], [])
    code = ast.fix_missing_locations(ast.Expression(WithoutWords().visit(call)))
    return eval(compile(code, name, "eval"), {**LOCALS, **vars(module), "re": re})


def schema_patterns() -> Iterator[Found]:
    def walk(value: Any) -> Iterator[str]:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key == "pattern" and isinstance(inner, str):
                yield inner
            elif isinstance(inner, dict | list):
                yield from walk(inner)

    paths = (REPOSITORY / "schema").rglob("*.schema.json")
    for pattern in {pattern for path in paths for pattern in walk(json.loads(path.read_bytes()))}:
        yield Found(f"schema: {pattern}", re.compile(pattern), frozenset(("search",)))


FOUND = {found.place: found for found in (*package_patterns(), *schema_patterns())}


def pumps(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands before something that the pattern repeats, and that, sampled several times."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    for number in range(12):
        for before, pump in repeated(list(tree), "", random.Random(number)):
            yield before, pump
            yield "", before + pump  # begun again and again, and never ended


def repeated(items: list[Any], before: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    for operation, value in items:
        for inner in inners(operation, value):
            if operation in REPEATS and value[1] > 8:
                yield before, sample(list(inner), chance)
            yield from repeated(list(inner), before, chance)
        before += sample([(operation, value)], chance)


REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def inners(operation: Any, value: Any) -> list[Any]:
    if operation in REPEATS:
        return [value[2]]
    if operation is sre.SUBPATTERN:
        return [value[3]]
    if operation is sre.BRANCH:
        return list(value[1])
    return [value] if operation is sre.ATOMIC_GROUP else []


def sample(items: Any, chance: random.Random) -> str:
    """Return a string that the items match, look-arounds left out."""
    text = ""
    for operation, value in items:
        if operation is sre.LITERAL:
            text += chr(value)
        elif operation in (sre.NOT_LITERAL, sre.ANY):
            text += chance.choice([char for char in "a 1." if operation is sre.ANY or ord(char) != value])
        elif operation is sre.IN:
            text += character(value, chance)
        elif operation in REPEATS:
            times = chance.choice((value[0], value[0] + 1 if value[1] > value[0] else value[0]))
            text += "".join(sample(list(value[2]), chance) for _ in range(times))
        elif inners(operation, value):
            text += sample(list(chance.choice(inners(operation, value))), chance)
    return text


CANDIDATES = "aA1 \n\tzZT9X_-.,:;!?'’\"”“()[]{}<>/\\`#é=&%\0"


def character(members: list[Any], chance: random.Random) -> str:
    own = [chr(value) for kind, value in members if kind is sre.LITERAL]
    own += [chr(value[0]) for kind, value in members if kind is sre.RANGE]
    return chance.choice([char for char in (*CANDIDATES, *own) if is_in(members, char)])


def is_in(members: list[Any], char: str) -> bool:
    inside = False
    for kind, value in members:
        if kind is sre.LITERAL:
            inside |= ord(char) == value
        elif kind is sre.RANGE:
            inside |= value[0] <= ord(char) <= value[1]
        elif kind is sre.CATEGORY:
            inside |= category(value, char)
    return inside != (members[0][0] is sre.NEGATE)


def category(value: Any, char: str) -> bool:
    said = str(value)
    letter = {"SPACE": r"\s", "WORD": r"\w", "DIGIT": r"\d"}[said.rsplit("_", 1)[1]]
    return bool(re.match(letter, char)) != ("NOT" in said)


def seconds(found: Found, text: str) -> float:
    """Return the processor time that the pattern takes, as it is used."""
    began = time.process_time()
    if found.modes & FROM_START:
        found.pattern.match(text)
        found.pattern.fullmatch(text)
    if not found.modes <= FROM_START:
        for _ in found.pattern.finditer(text):
            pass
    return time.process_time() - began


def slowest(found: Found) -> str | None:
    """Return a string on which the time grows faster than its length, ``None`` if none was found."""
    parts = dict.fromkeys([*pumps(found.pattern), *(("", pump) for pump in PUMPS)])
    for before, pump in parts:
        if not pump:
            continue
        for tail in TAILS:
            if is_slow(found, before, pump, tail):
                return f"{before!r} + {pump!r} * n + {tail!r}"
    return None


def is_slow(found: Found, before: str, pump: str, tail: str) -> bool:
    def taken(length: int) -> float:
        return seconds(found, before + pump * (length // len(pump)) + tail)

    # in small steps: what is exponential would never come back from a large one
    if all(taken(length) < 0.005 for length in STEPS):
        return False
    if any(taken(length) > 0.05 for length in STEPS[:-1]):
        return True
    short, long = (min(taken(length) for _ in range(2)) for length in (1500, 6000))
    return long > 0.005 and long > 8 * short  # four times as long


@pytest.mark.parametrize("place", sorted(FOUND))
def test_takes_time_in_line_with_its_input(place):
    found = FOUND[place]
    if {place, place.partition(":")[0]} & SHORT.keys():
        return
    assert slowest(found) is None


@pytest.mark.parametrize(
    "pattern", [r"\s+$", r"(a+)+b", r"(a|a)*b", r"<b>.*?</b>", r"P(T?([0-9]+(\.[0-9]+)?|X)[A-Z]{1,2})+$"]
)
def test_slow_patterns_are_found(pattern):
    assert slowest(Found("", re.compile(pattern), frozenset(("search",))))


def test_all_were_looked_at():
    assert len(FOUND) > 80
    assert sum(place.startswith("schema: ") for place in FOUND) > 30
