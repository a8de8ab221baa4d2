"""Frozen records that cost little to define and to make, like dataclasses.

For each frozen class ``dataclasses`` compiles six methods, and its ``__init__`` looks up anew how to set each
field. That was most of the time in which the package's own modules are imported, and much of that in which
files become records. Here one method is compiled for a class; the others are shared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class what ``dataclass(frozen=True, slots=True)`` makes it; defaults are plain values.

    ``dataclasses.fields``, ``replace``, ``asdict``, patterns, pickling and copying work as with that.
    """
    body: Mapping[str, Any] = cls.__dict__
    own = body.get("__annotations__", {})
    values = {name: body[name] for name in own if name in body}
    kept = {name: value for name, value in body.items() if name not in own and name not in _OF_DICT}
    # what is computed once is kept in a dict beside the slots
    beside = ("__dict__",) if any(isinstance(value, cached_property) for value in kept.values()) else ()
    annotations = {**getattr(cls, "_annotations", {}), **own}
    kept |= {
        "__slots__": (*own, *beside),
        "__match_args__": tuple(annotations),
        "_annotations": annotations,
        "_defaults": {**getattr(cls, "_defaults", {}), **values},
    }
    metaclass: Any = type(cls)
    made: Any = metaclass(cls.__name__, cls.__bases__, kept)
    made.__qualname__ = cls.__qualname__
    made.__init__ = _initialiser(made, tuple(annotations))
    made._values = attrgetter(*annotations)
    made.__dataclass_fields__ = _Fields()
    for method in (_repr, _eq, _hash, _setattr, _delattr, _getstate, _setstate):
        setattr(made, f"__{method.__name__[1:]}__", method)
    checked: type[T] = made
    return checked


_OF_DICT = frozenset(("__dict__", "__weakref__"))  # of instances that have no slots


class _Fields:
    """What ``dataclasses`` knows of the fields of a record, made when it asks."""

    def __get__(self, _item: object, cls: Any) -> Any:  # noqa: ANN401 (of any record)
        body = {"__annotations__": cls._annotations, "__module__": cls.__module__, **cls._defaults}
        model: Any = dataclass(type(cls.__name__, (), body))
        cls.__dataclass_fields__ = model.__dataclass_fields__
        return cls.__dataclass_fields__


def _initialiser(cls: Any, names: Sequence[str]) -> Any:  # noqa: ANN401
    """Return an ``__init__`` that sets each slot by its own descriptor, found once."""
    known = {f"_set_{name}": getattr(cls, name).__set__ for name in names}
    lines = [f"def __init__(self, {', '.join(names)}):", *(f" _set_{name}(self, {name})" for name in names)]
    exec("\n".join(lines), known)
    made: Any = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__defaults__ = tuple(cls._defaults[name] for name in names if name in cls._defaults)
    return made


# The shared methods; ``Any``, since they are of every record.


def _repr(self: Any) -> str:  # noqa: ANN401
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: Any) -> Any:  # noqa: ANN401 (NotImplemented too)
    return self._values(self) == other._values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:  # noqa: ANN401
    return hash(self._values(self))


def _setattr(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[object]:  # noqa: ANN401
    return [getattr(self, name) for name in self.__match_args__]


def _setstate(self: Any, state: list[object]) -> None:  # noqa: ANN401
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)
