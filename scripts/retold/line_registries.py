"""The registries of a corpus in JSON Lines: an entry a line, checked one by one, kept in a store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from retold.checks import REGISTRY_CHECKS, files
from retold.checks.inputs import RegistryInput
from retold.checks.lines import list_files, registry_path
from retold.findings import LEVELS, Finding, finding
from retold.gate import Gate
from retold.json_lines import columns
from retold.layout import LINE_LISTS, REGISTRIES, USES
from retold.locations import Lines
from retold.registry_store import RegistryStore, StoreWriter
from retold.schemas import Schemas

PATHS = {name: registry_path(name) for name in REGISTRIES}  # of registries, as checks name them

_SCHEMA = LEVELS.index("L2")


class _AnyPass:
    """The passes stay behind with the folder form, so any name in a vote may be one."""

    def __contains__(self, name: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class RegistryLoader:
    """Checks the registry files below ``root`` and puts their entries into a store."""

    root: Path
    schemas: Schemas
    gate: Gate

    def load(self, listed: Iterable[str], store: Path) -> tuple[RegistryInput, dict[str, str]]:
        """Return the registries, and the SHA-256 of each file by path.

        Args:
            listed: the files of the corpus, relative to the root.
            store: the store to be made.
        """
        writer, read, known = StoreWriter(store), {}, list(listed)
        for registry, lists in LINE_LISTS.items():
            for name in lists:
                paths = list_files(known, name)
                if not paths:
                    self.gate.fail(PATHS[registry])
                for path in paths:
                    read[path] = self._load(registry, name, path, writer)
        digest = store_digest(read)
        writer.close(digest)
        registries = stored_registries(store, digest, self.schemas)
        if self.gate.last < _SCHEMA:
            return registries, read
        documents = {
            name: document
            for name, document in registries.documents.items()
            if self.gate.failed.get(PATHS[name], _SCHEMA + 1) > _SCHEMA
        }
        by_kind = {f"registry-{name}": [path] for name, path in PATHS.items()}
        self.gate.run(REGISTRY_CHECKS, replace(registries, documents=documents), by_kind)
        return registries, read

    def uses(self, listed: Iterable[str]) -> tuple[dict[str, set[str]], dict[str, str]]:
        """Return which entries only passes use, by registry, and the SHA-256 of each file by path."""
        used: dict[str, set[str]] = {name: set() for name in REGISTRIES}
        read = {}
        for path in list_files(listed, USES):
            lines = Lines(str(self.root / path))
            for number, data in lines:
                item, findings = files.parse_line(path, number, data)
                if not findings:
                    found = list(files.judge(path, "registry-use", item, self.schemas))
                    findings = list(_placed(found, number, data, 0)) if found else []
                self.gate.add(findings)
                if not findings:
                    used[item["registry"]].add(item["id"])
            read[path] = lines.sha256
        return used, read

    def _load(self, registry: str, name: str, path: str, writer: StoreWriter) -> str:
        lines = Lines(str(self.root / path))
        try:
            for number, data in lines:
                item, findings = self._parse(registry, name, (path, number), data)
                if not findings:
                    writer.add(name, item, (path, number), data)
                for found in findings:
                    self.gate.add([found])
                    self.gate.fail(PATHS[registry], self.gate.failed[path])
        except OSError as error:
            self.gate.add([finding("unreadable-file", path, reason=error.strerror or str(error))])
            self.gate.fail(PATHS[registry])
        return lines.sha256

    def _parse(
        self, registry: str, name: str, place: tuple[str, int], data: bytes
    ) -> tuple[Any, list[Finding]]:
        """Return the entry of a line, with the findings on it by itself."""
        path, number = place
        item, findings = files.parse_line(path, number, data)
        if findings or self.gate.last < _SCHEMA:
            return item, findings
        document: dict[str, Any] = {"$schema": f"../schema/registry-{registry}.schema.json"}
        document |= {listed: [item] if listed == name else [] for listed in LINE_LISTS[registry]}
        found = list(files.judge(path, f"registry-{registry}", document, self.schemas))
        return item, list(_placed(found, number, data)) if found else []


def stored_registries(store: Path, sha256: str, schemas: Schemas) -> RegistryInput:
    """Return the registries that a store holds.

    Raises:
        StoreError: The store is not there, or was made from something else.
    """
    opened = RegistryStore(store, sha256)
    return RegistryInput(opened.documents(), PATHS, schemas.mediatopics(), _AnyPass(), opened)


def store_digest(read: Mapping[str, str]) -> str:
    """Return what a store is known by: a digest of the SHA-256 of its files, by path."""
    told = "\n".join(f"{sha256} {path}" for path, sha256 in sorted(read.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def placed(findings: Iterable[Finding], store: RegistryStore) -> Iterator[Finding]:
    """Give findings on entries of registries their file, line and column; yield the others as they are."""
    for found in findings:
        if found.position is None and found.pointer and found.path in PATHS.values():
            name, place, *_ = found.pointer
            path, number, data = store.place(str(name), int(place))
            yield from _placed([replace(found, path=path)], number, data)
        else:
            yield found


def _placed(findings: list[Finding], number: int, data: bytes, outside: int = 2) -> Iterator[Finding]:
    """Place findings on the entry of a line; pointers begin with so many steps, list and place, to it."""
    pointers = [found.pointer[outside:] for found in findings]
    for found, pointer, column in zip(findings, pointers, columns(data, pointers), strict=True):
        yield replace(found, pointer=pointer, position=(number, column))
