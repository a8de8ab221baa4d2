"""What the validator finds, and what is said about each kind of finding.

A check says *what* is wrong and *where* (a file and a path into its JSON); the words come from
``schema/issues.json``, so that a code means the same in the reports, the tests and the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import orjson

from retold.escaping import escaped
from retold.frozen import record
from retold.schemas import find_schema_folder

LEVELS = ("L1", "L2", "L3", "L4", "L5")

Pointer = tuple[str | int, ...]

_LONGEST = 160


@record
class Finding:
    """One fault.

    ``path`` is relative to the root, with ``/``. ``pointer`` leads to the value in the file's JSON;
    ``position`` is (line, column), both from 1, in code points, ``None`` until it is resolved or where a
    file has no place to show (it is missing). ``values`` fill the placeholders of the message.
    """

    code: str
    path: str
    pointer: Pointer = ()
    item: str | None = None
    position: tuple[int, int] | None = None
    values: tuple[tuple[str, str], ...] = ()

    def sort_key(self) -> tuple[str, tuple[int, int], str, str, tuple[tuple[str, str], ...]]:
        """Order by file, place, code, item."""
        return self.path, self.position or (0, 0), self.code, self.item or "", self.values


@record
class Issue:
    """One kind of finding, as ``schema/issues.json`` describes it."""

    code: str
    level: str
    severity: str
    message: str
    remedy: str

    def message_for(self, found: Finding) -> str:
        """Return the message with the values of a finding, control characters escaped."""
        return self.message.format_map({name: shown(value) for name, value in found.values})

    def describe(self, found: Finding) -> str:
        """Return the message for a finding and the remedy."""
        return f"{self.message_for(found)} {self.remedy}"


Issues = Mapping[str, Issue]


def finding(
    code: str,
    path: str,
    pointer: Pointer = (),
    item: str | None = None,
    position: tuple[int, int] | None = None,
    /,
    **values: object,
) -> Finding:
    """Make a finding; ``values`` are shown as text."""
    return Finding(code, path, pointer, item, position, tuple((name, str(v)) for name, v in values.items()))


def shown(value: str) -> str:
    """Return ``value`` fit for one line of a terminal: escaped and not too long."""
    return escaped(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")


def read_issues() -> dict[str, Issue]:
    """Read the list of issues, by code, in file order.

    The program's own list, whatever schemas the corpus brings: the codes belong to the checks.

    Raises:
        OSError: The program's schemas are missing.
    """
    path = find_schema_folder(Path(__file__).parent) / "issues.json"
    return {item["code"]: Issue(**item) for item in orjson.loads(path.read_bytes())["issues"]}
