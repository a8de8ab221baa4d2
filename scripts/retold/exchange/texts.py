"""Texts of foreign files: decoded, or refused with the place."""

from __future__ import annotations

from pathlib import Path

from retold.exchange.formats import ExchangeError


def decoded(raw: bytes, path: Path) -> str:
    """Return a file's text, line ends as they are.

    Raises:
        ExchangeError: It is not UTF-8 or begins with a byte order mark; the message names the place.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ExchangeError(
            f"{path}: not UTF-8 (byte {error.start}, line {line}). Convert it first, as with iconv."
        ) from None
    if text.startswith("\ufeff"):
        raise ExchangeError(f"{path}: it begins with a byte order mark, which moves all offsets. Remove it.")
    return text
