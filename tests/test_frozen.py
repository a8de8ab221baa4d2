"""Records are to be what ``dataclass(frozen=True, slots=True)`` makes of the same class."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, replace
from functools import cached_property

import pytest

from retold import records
from retold.frozen import record


@record
class Pair:
    """Two things."""

    left: int
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """The same by the standard library."""

    left: int
    right: tuple[int, ...] = ()


@record
class Triple(Pair):
    """One more."""

    middle: str = "m"


def test_made_and_shown_like_a_dataclass():
    for pair, model in (
        (Pair(1), Model(1)),
        (Pair(1, (2,)), Model(1, (2,))),
        (Pair(right=(), left=3), Model(3)),
    ):
        assert repr(pair) == repr(model).replace("Model", "Pair")
        assert asdict(pair) == asdict(model)
    assert Pair.__match_args__ == Model.__match_args__
    assert [(f.name, f.default) for f in fields(Pair)] == [(f.name, f.default) for f in fields(Model)]
    assert not hasattr(Pair(1), "__dict__")


@pytest.mark.parametrize("arguments", [(), (1, 2, 3)])
def test_wrong_arguments_are_refused(arguments):
    with pytest.raises(TypeError, match=r"Pair\.__init__\(\)"):
        Pair(*arguments)
    with pytest.raises(TypeError, match="other"):
        Pair(1, other=2)


def test_compared_by_class_and_values():
    assert Pair(1, (2,)) == Pair(1, (2,))
    assert hash(Pair(1, (2,))) == hash(Pair(1, (2,)))
    assert Pair(1) != Pair(2)
    assert Pair(1) != Model(1)
    assert Pair(1) != Triple(1)
    assert len({Pair(1), Pair(1), Pair(1, (1,))}) == 2


def test_nothing_can_be_changed():
    pair = Pair(1)
    for name in ("left", "new"):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(pair, name, 2)
    with pytest.raises(FrozenInstanceError, match="left"):
        del pair.left
    assert pair == Pair(1)


@pytest.mark.parametrize("value", [Pair(1, (2,)), Triple(1, (2,), "x")])
def test_copied_pickled_replaced_and_matched(value):
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value
    assert replace(value, left=5).left == 5
    assert replace(value, left=5) != value
    with pytest.raises(TypeError, match="other"):
        replace(value, other=5)
    match value:
        case Pair(left, right):
            assert (left, right) == (1, (2,))


def test_fields_of_a_base_come_first():
    assert repr(Triple(1, (), "x")) == "Triple(left=1, right=(), middle='x')"
    assert Triple(1).middle == "m"


def test_what_is_computed_once_is_kept():
    @record
    class Roomy:
        number: int

        @cached_property
        def doubled(self) -> list[int]:
            return [self.number] * 2

    one = Roomy(1)
    assert one.doubled is one.doubled
    assert [f.name for f in fields(one)] == ["number"]
    with pytest.raises(FrozenInstanceError):
        one.doubled = []


def test_who_does_not_know_dataclasses_gets_an_attribute_error():
    with pytest.raises(AttributeError, match="cannot assign to field 'left'"):
        Pair(1).left = 2


def test_the_records_of_the_corpus_are_such():
    span = records.Span(1, 2, "a")
    with pytest.raises(FrozenInstanceError):
        span.start = 2
    assert replace(span, end=3) == records.Span(1, 3, "a")
    assert repr(span) == "Span(start=1, end=2, text='a')"
