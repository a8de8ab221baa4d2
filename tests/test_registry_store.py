"""Registries on disk: the records of the registries in memory, read one by one."""

from __future__ import annotations

import json
import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from corpora import TINY
from retold.checks.inputs import RegistryInput
from retold.layout import LINE_LISTS, Layout
from retold.reader import read_registries
from retold.records import Registry
from retold.registry_store import REMEMBERED, RegistryStore, StoreError, StoreWriter

Json = dict[str, Any]


def store_of(path: Path, documents: dict[str, Json], digest: str = "made of this") -> RegistryStore:
    writer = StoreWriter(path)
    for registry, lists in LINE_LISTS.items():
        for name in lists:
            for line, item in enumerate(documents[registry][name], 1):
                writer.add(name, item, (f"{name}.jsonl", line), json.dumps(item).encode())
    writer.close(digest)
    return RegistryStore(path, digest)


@pytest.fixture
def documents() -> dict[str, Json]:
    return read_registries(Layout(TINY))[0]


@pytest.fixture
def inputs(tmp_path: Path, documents: dict[str, Json]) -> tuple[RegistryInput, RegistryInput]:
    """The registries in memory, and in a store."""
    paths = {name: f"{name}.json" for name in documents}
    store = store_of(tmp_path / "store.sqlite", documents)
    held = RegistryInput(documents, paths, {}, frozenset())
    return held, RegistryInput(store.documents(), paths, {}, frozenset(), store)


def test_the_records_are_those_in_memory(inputs: tuple[RegistryInput, RegistryInput]) -> None:
    held, stored = (given.registry for given in inputs)
    for name in ("entities", "utterances", "claims", "topics"):
        expected, found = getattr(held, name), getattr(stored, name)
        assert list(found) == list(expected)
        assert list(found.values()) == list(expected.values())
        assert list(found.values()) == list(expected.values())  # a second time
        assert dict(found.items()) == expected
        assert len(found) == len(expected) > 0
        assert [found[key] for key in reversed(list(expected))] == list(reversed(expected.values()))
        assert "nobody" not in found
        assert None not in found
        assert found.get("nobody") is None
        with pytest.raises(KeyError, match="nobody"):
            found["nobody"]


def test_near_misses_are_a_sequence(inputs: tuple[RegistryInput, RegistryInput]) -> None:
    held, stored = (given.registry.near_misses for given in inputs)
    assert len(held) > 0
    assert list(stored) == list(held)
    assert stored[0] == held[0]
    assert stored[-1] == held[-1]
    assert stored[:1] == list(held[:1])
    for place in (len(held), -len(held) - 1):
        with pytest.raises(IndexError):
            stored[place]


def test_documents_can_be_gone_through_again(inputs: tuple[RegistryInput, RegistryInput]) -> None:
    held, stored = inputs
    for registry, lists in LINE_LISTS.items():
        for name in lists:
            for _ in range(2):
                assert list(stored.documents[registry][name]) == held.documents[registry][name]


def test_named_claims(inputs: tuple[RegistryInput, RegistryInput]) -> None:
    held, stored = inputs
    named = {end for miss in held.registry.near_misses for end in (miss.a, miss.b)}
    assert all(claim in stored.named_claims for claim in named)
    assert "nobody" not in stored.named_claims
    assert None not in stored.named_claims


def test_the_last_of_two_stands_as_in_memory(tmp_path: Path, documents: dict[str, Json]) -> None:
    first = documents["entities"]["entities"][0]
    documents["entities"]["entities"].append({**first, "name": "Another"})
    registry: Registry = store_of(tmp_path / "store.sqlite", documents).registry
    assert registry.entities[first["id"]].name == "Another"


def test_readers_do_not_disturb_each_other(tmp_path: Path, documents: dict[str, Json]) -> None:
    store = store_of(tmp_path / "store.sqlite", documents)
    entities = store.registry.entities
    inner = [len(list(entities.values())) for _ in entities.values()]
    assert inner == [len(entities)] * len(entities)


def test_no_more_records_are_remembered_than_said(tmp_path: Path, documents: dict[str, Json]) -> None:
    first = documents["entities"]["entities"][0]
    documents["entities"]["entities"] = [{**first, "id": f"e{n}"} for n in range(REMEMBERED + 100)]
    entities: Any = store_of(tmp_path / "store.sqlite", documents).registry.entities
    assert all(key in entities for key in entities)
    assert entities._found.cache_info().currsize == REMEMBERED


def test_another_store_is_refused(tmp_path: Path, documents: dict[str, Json]) -> None:
    path = tmp_path / "store.sqlite"
    store_of(path, documents)
    with pytest.raises(StoreError, match="was made from other registries"):
        RegistryStore(path, "something else")
    with pytest.raises(StoreError, match="no-store"):
        RegistryStore(tmp_path / "no-store.sqlite", "x")
    unfinished = tmp_path / "unfinished.sqlite"
    StoreWriter(unfinished).add("topics", documents["topics"]["topics"][0], ("t", 1), b"{}")
    with pytest.raises(StoreError):
        RegistryStore(unfinished, "made of this")
    error = pickle.loads(pickle.dumps(StoreError("gone")))  # comes from workers
    assert str(error) == "gone"


def test_nothing_can_be_written(tmp_path: Path, documents: dict[str, Json]) -> None:
    store = store_of(tmp_path / "a store? with #odd% name.sqlite", documents)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store._connection.execute("DELETE FROM entities")
