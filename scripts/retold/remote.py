"""Corpora and builds at URLs: mirrored into a folder of this machine, and put back there.

Of a corpus in JSON Lines the articles stay where they are: workers read them from there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retold.checks.lines import is_shard
from retold.croissant import CROISSANT
from retold.layout import Layout, LineLayout, layout_of
from retold.locations import LocationError, filesystem, join, remote
from retold.manifest import MANIFEST, Json, table_files
from retold.tables import CONFIG_OF

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

Progress = Callable[[int, int], None]

_TOPS = frozenset(("raw", "annotations", "shards", "schema"))  # of a corpus, beside the files at its root


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder at a URL; every method raises ``LocationError`` where it cannot be used."""

    url: str
    system: AbstractFileSystem
    path: str

    @classmethod
    def at(cls, url: str) -> RemoteFolder:
        """Return the folder at a URL, there or not."""
        system, path = filesystem(url)
        return cls(url, system, path.rstrip("/"))

    def files(self) -> list[str]:
        """Return all files below, relative, sorted; none if there is no such folder."""
        with remote(f"{self.url} cannot be listed"):
            found = [str(name) for name in self.system.find(self.path)]
        names = sorted(name.removeprefix(self.path).lstrip("/") for name in found if name != self.path)
        odd = next((name for name in names if ".." in name.split("/")), None)
        if odd is not None:
            raise LocationError(f"{self.url} holds {odd!r}, which leads out of it")
        return names

    def fetch(self, names: Collection[str], folder: Path, progress: Progress | None) -> None:
        """Copy files from there, under the same names."""
        for done, name in enumerate(names, 1):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with remote(f"{self.url} cannot be read ({name})"):
                self.system.get_file(join(self.path, name), str(folder / name))
            if progress is not None:
                progress(done, len(names))

    def put(self, names: Collection[str], folder: Path, progress: Progress | None) -> None:
        """Copy files to there, under the same names, in this order."""
        for done, name in enumerate(names, 1):
            with remote(f"{self.url} cannot be written ({name})"):
                self.system.makedirs(posixpath.dirname(join(self.path, name)), exist_ok=True)
                self.system.put_file(str(folder / name), join(self.path, name))
            if progress is not None:
                progress(done, len(names))

    def remove(self, names: Iterable[str]) -> None:
        """Remove files."""
        for name in names:
            with remote(f"{self.url} cannot be changed ({name})"):
                self.system.rm_file(join(self.path, name))


def mirror_corpus(url: str, folder: Path, progress: Progress | None = None) -> Layout:
    """Copy a corpus into an empty folder and return its layout; articles in JSON Lines are not copied.

    Raises:
        LocationError: There is no corpus, or it cannot be read.
    """
    source = RemoteFolder.at(url)
    found = [name for name in source.files() if "/" not in name or name.split("/")[0] in _TOPS]
    shards = [name for name in found if is_shard(name)]
    lines = bool(shards) and not any(name.startswith("raw/") for name in found)
    source.fetch([name for name in found if not (lines and name in shards)], folder, progress)
    layout = LineLayout(folder, url, tuple(shards)) if lines else layout_of(folder)
    if layout is None:
        raise LocationError(f"no corpus at {url}: a corpus has the folders raw/ and annotations/, or shards/")
    return layout


def mirror_build(url: str, folder: Path, progress: Progress | None = None) -> None:
    """Copy a compiled folder; ``LocationError`` if it cannot be read."""
    source = RemoteFolder.at(url)
    source.fetch([name for name in source.files() if _is_owned(name)], folder, progress)


def is_free(url: str) -> bool:
    """Whether a build may be put there: nothing of somebody else's is replaced."""
    names = RemoteFolder.at(url).files()
    return not names or MANIFEST in names


def put_build(folder: Path, manifest: Json, url: str, progress: Progress | None = None) -> None:
    """Put a compiled folder to a URL, so that the manifest there never names a file that is missing.

    Tables come first, the manifest last; then the tables go that it does not list.

    Raises:
        LocationError: Something cannot be written; the same call can be made again.
    """
    target = RemoteFolder.at(url)
    tables = [file.path for file in table_files(manifest)]
    target.put([*tables, CROISSANT, MANIFEST], folder, progress)
    target.remove(name for name in target.files() if _is_table(name) and name not in set(tables))


def _is_owned(name: str) -> bool:
    return name in (CROISSANT, MANIFEST) or _is_table(name)


def _is_table(name: str) -> bool:
    config, _, file = name.partition("/")
    return config in CONFIG_OF and file.endswith(".parquet") and "/" not in file
