"""The folders that a target works in, set back after each input."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from corpora import snapshot


class Stage:
    """A folder with a known content; files are put into it, and it is set back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._content = snapshot(folder)

    def names(self, *patterns: str) -> Iterator[str]:
        """Yield the files that match, sorted."""
        yield from sorted(name for name in self._content if any(Path(name).match(p) for p in patterns))

    def seed(self, name: str) -> bytes:
        """Return a file as an input: its name on a line, then what it holds."""
        return name.encode() + b"\n" + self._content[name]

    def put(self, data: bytes) -> bool:
        """Write an input over its file; ``False`` if it names none."""
        name, _, content = data.partition(b"\n")
        known = name.decode("utf-8", "replace")
        if known not in self._content:
            return False
        (self.folder / known).write_bytes(content)
        return True

    def differing(self, but: bytes = b"") -> list[str]:
        """Return the files that are not as they were or are new, but for those that the input wrote."""
        now = snapshot(self.folder)
        expected = dict(self._content)
        name, _, content = but.partition(b"\n")
        if name.decode("utf-8", "replace") in expected:
            expected[name.decode()] = content
        return sorted(name for name in {*now, *expected} if now.get(name) != expected.get(name))

    def reset(self, only: bytes | None = None) -> None:
        """Set back: one input's file alone, where a command writes nothing, or everything."""
        if only is not None:
            name = only.partition(b"\n")[0].decode()
            (self.folder / name).write_bytes(self._content[name])
            return
        for name in self.differing():
            path = self.folder / name
            if name in self._content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._content[name])
            else:
                path.unlink()
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def emptied(folder: Path) -> Path:
    """Return a folder that is not there."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
