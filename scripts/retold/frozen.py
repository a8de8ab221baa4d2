"""Frozen dataclasses that cost little to define and to make.

For each frozen class ``dataclasses`` compiles six methods, and its ``__init__`` looks up anew how to set each
field. That is most of the time in which the package is imported, and much of that in which files become
records. Here one method is compiled for a class; the others are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class what ``dataclass(frozen=True, slots=True)`` makes it; defaults are plain values.

    ``dataclasses.fields``, ``replace``, ``asdict``, patterns, pickling and copying work as with that.
    """
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    names = [entry.name for entry in fields(made)]
    made.__init__ = _initialiser(made, names)
    made.__init__.__defaults__ = tuple(f.default for f in fields(made) if f.default is not MISSING)
    made._values = attrgetter(*names)
    for method in (_repr, _eq, _hash, _setattr, _delattr, _getstate, _setstate):
        setattr(made, f"__{method.__name__[1:]}__", method)
    checked: type[T] = made
    return checked


def _initialiser(cls: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 (a function of any fields)
    """Return an ``__init__`` that sets each slot by its own descriptor, found once."""
    known = {f"_set_{name}": getattr(cls, name).__set__ for name in names}
    lines = [f"def __init__(self, {', '.join(names)}):", *(f" _set_{name}(self, {name})" for name in names)]
    exec("\n".join(lines), known)
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return known["__init__"]


# The shared methods; ``Any``, since they are of every record.


def _repr(self: Any) -> str:  # noqa: ANN401
    shown = ", ".join(f"{entry.name}={getattr(self, entry.name)!r}" for entry in fields(self))
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
    return [getattr(self, entry.name) for entry in fields(self)]


def _setstate(self: Any, state: list[object]) -> None:  # noqa: ANN401
    for entry, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, entry.name, value)
