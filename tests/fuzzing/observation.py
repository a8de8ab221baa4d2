"""One command run on hostile input, and what a user may expect of it."""

from __future__ import annotations

import contextlib
import io
import os
import re
import time
import traceback
import warnings
from collections.abc import Collection
from dataclasses import dataclass

from retold.cli import main

PATIENCE = 20.0  # seconds of processor time that no small file may take


@dataclass(frozen=True, slots=True)
class Run:
    """A command that has ended: its exit code, what it printed, and the traceback if it raised."""

    words: tuple[str, ...]
    code: int | None
    out: str
    err: str
    raised: str | None
    seconds: float

    def fault(self, allowed: Collection[int]) -> str | None:
        """Return what a user could not accept, ``None`` if there is nothing."""
        if self.raised is not None:
            return f"raised: {self.raised}"
        if self.code not in allowed or "internal error" in self.err:
            return f"exit code {self.code}: {self.err}{self.out[-200:]}"
        return self._odd_words() or (f"took {self.seconds:.0f} s" if self.seconds > PATIENCE else None)

    def _odd_words(self) -> str | None:
        lines = self.err.splitlines()
        if self.code == 2 and (len(lines) != 1 or not lines[0].startswith("retold: ")):
            return f"no one-line error: {self.err[:400]!r}"
        if "Warning" in self.err or "Traceback" in self.err:
            return f"a warning of Python's: {self.err[:400]!r}"
        # JSON is for programs, and holds the characters of its texts
        odd = _unprintable(self.err if {"json", "inputs"} & set(self.words) else self.out + self.err)
        return f"printed unescaped: {''.join(odd[:9])!r}" if odd else None


def observe(*words: object) -> Run:
    """Run one command in this process; nothing that it raises or prints gets away."""
    arguments = tuple(str(word) for word in words)
    # strict encoding, as of a terminal: half a surrogate pair cannot be printed
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code, raised = None, None
    began = time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("default")
        os.environ["RETOLD_TRACEBACK"] = "1"
        try:
            code = main(arguments)
        except BaseException:
            raised = traceback.format_exc()
        finally:
            del os.environ["RETOLD_TRACEBACK"]
    seconds = time.process_time() - began
    return Run(arguments, code, _held(out), _held(err), raised, seconds)


def signature(fault: str) -> str:
    """Return what faults of one cause have in common: the exception and the package's innermost line."""
    frames = re.findall(r'File "[^"]*/retold/([\w/]+\.py)", line ([0-9]+), in (\w+)', fault)
    errors = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|Exit|Interrupt))\b", fault, re.M)
    where = ":".join(frames[-1]) if frames else ""
    kind = errors[-1] if frames and errors else re.sub(r"[0-9]+|'.*|\".*", "…", fault.partition("\n")[0])[:60]
    return f"{kind} {where}".strip()


def _held(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8", "replace")


def _unprintable(text: str) -> list[str]:
    """Return the characters that could do something to a terminal; white space of a language is none."""
    return [char for char in text if not char.isprintable() and char != "\n" and not char.isspace()] + [
        char for char in text if char in "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
    ]
