"""Things joined into groups, pair by pair (union-find; Galler and Fischer 1964)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Groups(Generic[Thing]):
    """Groups that grow as their members are joined; a thing that was never joined is alone."""

    def __init__(self) -> None:
        """Begin with everything alone."""
        self._above: dict[Thing, Thing] = {}

    def join(self, a: Thing, b: Thing) -> None:
        """Make the groups of two things one."""
        self._above[self.leader(a)] = self.leader(b)

    def leader(self, thing: Thing) -> Thing:
        """Return the member that stands for the group of a thing: the same for all of its members."""
        path = [thing]
        while (above := self._above.get(path[-1], path[-1])) != path[-1]:
            path.append(above)
        for step in path[:-1]:
            self._above[step] = path[-1]
        return path[-1]
