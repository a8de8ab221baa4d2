"""Registries on disk, for corpora whose registries no process should hold: one SQLite file.

It is written once, in the order of the files that it is made from, then only read, by any number of
processes. Entries are parsed when they are asked for; a few thousand of each registry are remembered.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence, ValuesView
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import orjson

from retold import reader
from retold.layout import LINE_LISTS
from retold.records import Registry

Json = dict[str, Any]
Record = TypeVar("Record")
Made = TypeVar("Made")

LISTS = tuple(name for lists in LINE_LISTS.values() for name in lists)
REMEMBERED = 4096
_NEAR_MISSES = "near_misses"
_KEYS = {"topics": "code"}  # what identifies an entry: its id but for topics


class StoreError(OSError):
    """The file is not the store that was asked for."""


class StoreWriter:
    """Writes a store, entry by entry; it is whole only after ``close``."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        weakref.finalize(self, self._connection.close)
        # A store that was cut short is never read, so nothing needs to survive a crash.
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        self._connection.execute("CREATE TABLE digest (sha256 TEXT)")
        self._connection.execute("CREATE TABLE named (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._counts = dict.fromkeys(LISTS, 0)
        for name in LISTS:
            columns = "number INTEGER PRIMARY KEY, id TEXT, file TEXT, line INTEGER, json BLOB"
            self._connection.execute(f"CREATE TABLE {name} ({columns})")

    def add(self, name: str, item: Json, place: tuple[str, int], data: bytes) -> None:
        """Add the next entry of a list, with the file and line it stands in, and that line."""
        key = item.get(_KEYS.get(name, "id"))
        row = (self._counts[name], key, *place, data)
        self._connection.execute(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", row)
        self._counts[name] += 1
        if name == _NEAR_MISSES:
            ids = ((item["a"],), (item["b"],))
            self._connection.executemany("INSERT OR IGNORE INTO named VALUES (?)", ids)

    def close(self, sha256: str) -> None:
        """Finish the store; ``sha256`` is of what it was made from."""
        for name in LISTS:
            self._connection.execute(f"CREATE INDEX {name}_id ON {name} (id)")
        self._connection.execute("INSERT INTO digest VALUES (?)", (sha256,))
        self._connection.execute("COMMIT")
        self._connection.close()


class RegistryStore:
    """A finished store, read only."""

    def __init__(self, path: Path, sha256: str) -> None:
        """Open it.

        Raises:
            StoreError: It is not there, or was made from something else.
        """
        try:
            # Workers may be threads; SQLite itself lets one of them in at a time.
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            weakref.finalize(self, self._connection.close)
            found = self._one("SELECT sha256 FROM digest")
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}") from error
        if found != (sha256,):
            raise StoreError(f"{path} was made from other registries")

    @property
    def registry(self) -> Registry:
        """The records, read on demand; topics, which are few, all at once."""
        return Registry(
            entities=StoredRecords(self, "entities", reader.parse_entity),
            utterances=StoredRecords(self, "utterances", reader.parse_utterance),
            claims=StoredRecords(self, "claims", reader.parse_canonical),
            near_misses=StoredList(self, _NEAR_MISSES, reader.parse_near_miss),
            topics={
                item["code"]: reader.parse_topic(item) for item in StoredList(self, "topics", _unchanged)
            },
        )

    def documents(self) -> dict[str, dict[str, Sequence[Json]]]:
        """Return the contents of the registries, by name, their lists read item by item."""
        return {
            registry: {name: StoredList(self, name, _unchanged) for name in lists}
            for registry, lists in LINE_LISTS.items()
        }

    @property
    def named_claims(self) -> NamedClaims:
        """What near misses name."""
        return NamedClaims(self)

    def is_named(self, claim: str) -> bool:
        """Whether a near miss names a claim."""
        return self._one("SELECT 1 FROM named WHERE id = ?", claim) is not None

    def place(self, name: str, number: int) -> tuple[str, int, bytes]:
        """Return the file and the line that an entry of a list stands in, and that line."""
        row = self._one(f"SELECT file, line, json FROM {name} WHERE number = ?", number)
        if row is None:
            raise IndexError(number)
        return row[0], row[1], row[2]

    def size(self, name: str) -> int:
        """Return the length of a list."""
        (size,) = self._one(f"SELECT count(*) FROM {name}") or (0,)
        return int(size)

    def find(self, name: str, key: str) -> Json | None:
        """Return the last entry of this id."""
        row = self._one(f"SELECT json FROM {name} WHERE id = ? ORDER BY number DESC LIMIT 1", key)
        return None if row is None else orjson.loads(row[0])

    def items(self, name: str) -> Iterator[Json]:
        """Yield the entries of a list."""
        for (data,) in self._connection.execute(f"SELECT json FROM {name} ORDER BY number"):
            yield orjson.loads(data)

    def ids(self, name: str) -> Iterator[str]:
        """Yield the ids of a list."""
        for (key,) in self._connection.execute(f"SELECT id FROM {name} ORDER BY number"):
            yield key

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row


class StoredRecords(Mapping[str, Record], Generic[Record]):
    """The records of a registry by id, in file order."""

    def __init__(self, store: RegistryStore, name: str, parse: Callable[[Json], Record]) -> None:
        self._store = store
        self._name = name
        self._parse = parse
        self._found = lru_cache(REMEMBERED)(self._find)

    def __getitem__(self, key: str) -> Record:
        record = self._found(key)
        if record is None:
            raise KeyError(key)
        return record

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._found(key) is not None

    def __iter__(self) -> Iterator[str]:
        return self._store.ids(self._name)

    def __len__(self) -> int:
        return self._store.size(self._name)

    def values(self) -> ValuesView[Record]:
        """Return the records; one reading of all, not a search for each."""
        return _Values(self)

    def stream(self) -> Iterator[Record]:
        """Yield the records in file order."""
        return map(self._parse, self._store.items(self._name))

    def _find(self, key: str) -> Record | None:
        item = self._store.find(self._name, key)
        return None if item is None else self._parse(item)


class _Values(ValuesView[Record]):
    def __init__(self, records: StoredRecords[Record]) -> None:
        super().__init__(records)
        self._records = records

    def __iter__(self) -> Iterator[Record]:
        return self._records.stream()


class StoredList(Sequence[Made], Generic[Made]):
    """A list of a registry: what ``make`` gives for each entry."""

    def __init__(self, store: RegistryStore, name: str, make: Callable[[Json], Made]) -> None:
        self._store = store
        self._name = name
        self._make = make

    @overload
    def __getitem__(self, place: int) -> Made: ...
    @overload
    def __getitem__(self, place: slice) -> list[Made]: ...
    def __getitem__(self, place: int | slice) -> Made | list[Made]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        number = place if place >= 0 else place + len(self)
        return self._make(orjson.loads(self._store.place(self._name, number)[2]))

    def __iter__(self) -> Iterator[Made]:
        return map(self._make, self._store.items(self._name))

    def __len__(self) -> int:
        return self._store.size(self._name)


class NamedClaims:
    """The ids that near misses name, looked up one by one."""

    def __init__(self, store: RegistryStore) -> None:
        self._store = store

    def __contains__(self, claim: object) -> bool:
        return isinstance(claim, str) and self._store.is_named(claim)


def _unchanged(item: Json) -> Json:
    return item
