"""Where files lie: a path of this machine, or a URL that fsspec opens (``s3://…``, ``https://…``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


class LocationError(OSError):
    """A URL cannot be used; the message says which, and why."""


def is_url(location: str) -> bool:
    """Whether a location is a URL, not a path."""
    return "://" in location


def join(location: str, path: str) -> str:
    """Return the location of a file below another one; ``path`` is relative, with ``/``."""
    return f"{location.rstrip('/')}/{path}"


@contextmanager
def remote() -> Iterator[None]:
    """Turn whatever the client of a protocol raises into one error: each has classes of its own.

    Raises:
        LocationError: Something was raised.
    """
    try:
        yield
    except (LocationError, MemoryError):
        raise
    except Exception as error:
        said = str(error) or type(error).__name__
        raise LocationError(" ".join(said.split())) from error


def filesystem(url: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of a URL and the path there.

    Raises:
        LocationError: The protocol is unknown, or its package is not installed.
    """
    import fsspec  # noqa: PLC0415 (only URLs need it)

    try:
        with remote():
            found: tuple[Any, str] = fsspec.core.url_to_fs(url)
    except LocationError as error:
        raise LocationError(f"{url} cannot be used: {error}") from error
    return found


@contextmanager
def open_binary(location: str) -> Iterator[IO[bytes]]:
    """Open a file for reading.

    Raises:
        LocationError: A URL cannot be read.
        OSError: A path cannot be read.
    """
    if not is_url(location):
        with Path(location).open("rb") as file:
            yield file
        return
    system, path = filesystem(location)
    try:
        with remote():
            file = system.open(path, "rb")
    except LocationError as error:
        raise LocationError(f"{location} cannot be read: {error}") from error
    with file:
        yield file


def sha256_of(location: str) -> str:
    """Return the SHA-256 of a file; errors are those of ``open_binary``."""
    with open_binary(location) as file:
        digest = hashlib.sha256()
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest()


def size_of(location: str) -> int:
    """Return the bytes of a file, 0 where nobody says; errors are those of ``open_binary``."""
    if not is_url(location):
        return Path(location).stat().st_size
    system, path = filesystem(location)
    try:
        with remote():
            return int(system.size(path) or 0)
    except LocationError as error:
        raise LocationError(f"{location} cannot be read: {error}") from error


class Lines:
    """The lines of a file with their numbers, from 1; ``sha256`` is that of the file, once all are read."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.sha256 = ""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Read them, without their line ends; errors are those of ``open_binary``."""
        digest = hashlib.sha256()
        with open_binary(self.location) as file:
            lines = enumerate(file, 1)
            while (following := self._next(lines)) is not None:
                number, line = following
                digest.update(line)
                yield number, line.rstrip(b"\r\n")
        self.sha256 = digest.hexdigest()

    def _next(self, lines: Iterator[tuple[int, bytes]]) -> tuple[int, bytes] | None:
        """Return the next line; what goes wrong while a URL is read is told as when it is opened."""
        if not is_url(self.location):
            return next(lines, None)
        try:
            with remote():
                return next(lines, None)
        except LocationError as error:
            raise LocationError(f"{self.location} cannot be read: {error}") from error
