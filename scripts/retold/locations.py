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
def remote(what: str) -> Iterator[None]:
    """Turn whatever the client of a protocol raises into one error: each has classes of its own.

    Args:
        what: the beginning of its message: what cannot be done, and where.

    Raises:
        LocationError: Something was raised.
    """
    try:
        yield
    except (LocationError, MemoryError):
        raise
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise LocationError(f"{what}: {said}") from error


def pyarrow_takes(path: str) -> bool:
    """Whether pyarrow can be given a path: it wants UTF-8, and half a surrogate is not printable."""
    return path.isprintable()


def filesystem(url: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of a URL and the path there.

    Raises:
        LocationError: The protocol is unknown, or its package is not installed.
    """
    import fsspec  # noqa: PLC0415 (only URLs need it)

    with remote(f"{url} cannot be used"):
        found: tuple[Any, str] = fsspec.core.url_to_fs(url)
    return found


@contextmanager
def open_binary(location: str) -> Iterator[IO[bytes]]:
    """Open a file for reading; what goes wrong with a URL until it is closed is told as one error.

    Raises:
        LocationError: A URL cannot be read.
        OSError: A path cannot be read.
    """
    if not is_url(location):
        with Path(location).open("rb") as file:
            yield file
        return
    system, path = filesystem(location)
    with remote(f"{location} cannot be read"), system.open(path, "rb") as file:
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
    with remote(f"{location} cannot be read"):
        return int(system.size(path) or 0)


class Lines:
    """The lines of a file with their numbers, from 1; ``sha256`` is that of the file, once all are read."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.sha256 = ""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Read them, without their line ends; errors are those of ``open_binary``."""
        digest = hashlib.sha256()
        with open_binary(self.location) as file:
            for number, line in enumerate(file, 1):
                digest.update(line)
                yield number, line.rstrip(b"\r\n")
        self.sha256 = digest.hexdigest()
