"""The exchange formats, and what their modules have in common.

A format is a module with ``export``; one that can be read back has ``read`` and ``HOLDS`` as well. To add
a format: write its module and give it a line in ``FORMATS``. Formats write what they can hold, and report
what they cannot. What only annotation files have (votes, hints to find a text) reaches no format: the
command keeps it beside the files of a two-way format (``retold.exchange.sidecar``).
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

from retold.measures.assignment import MissingExtraError
from retold.records import Article, Registry

Json = dict[str, Any]

INSTALL = "this format needs {library}, which is an extra: pip install 'retold[exchange]'"


class ExchangeError(ValueError):
    """What a user gave cannot be exported or imported; the message says where, why and what to do."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that the format could not hold: ``field`` as ``layer/field``, and of how many items.

    ``kept`` names the file of the export that carries it for ``retold import``; ``None``: it is not there.
    """

    field: str
    items: int
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What an export wrote (paths relative to its folder, with ``/``) and what it could not hold."""

    files: tuple[str, ...]
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """One article as a format gives it.

    ``layers`` are documents in the form of the annotation files, keyed by layer, only those that the format
    holds; spans are as they stand in the source, right or wrong. ``registries`` likewise. ``notices`` say,
    a line each with its place, what was left out and why.
    """

    article: str
    text: str
    layers: dict[str, Json]
    registries: dict[str, Json] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class OneWay(Protocol):
    """The module of a format."""

    def export(self, articles: Sequence[Article], registry: Registry, out: Path) -> Report:
        """Write the corpus into the empty folder ``out``; a pure function of the records."""
        ...


class TwoWay(OneWay, Protocol):
    """The module of a format that can be read back; ``HOLDS`` are the layers that it carries itself."""

    HOLDS: frozenset[str]

    def read(self, path: Path, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
        """Read a folder or a file; ``mapping`` is how foreign types are read, ``None`` for an own export.

        Raises:
            ExchangeError: It is not of this format.
            OSError: It cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """An entry of ``FORMATS``: a module of this package, what it is, whether it can be read back."""

    module: str
    summary: str
    two_way: bool = False


FORMATS: Mapping[str, Format] = {
    "brat": Format("brat", "brat standoff: .txt, .ann and its configuration", two_way=True),
    "cas-xmi": Format("cas_xmi", "UIMA CAS as XMI, for INCEpTION", two_way=True),
    "cas-json": Format("cas_json", "UIMA CAS as JSON, for INCEpTION", two_way=True),
    "label-studio": Format("label_studio", "Label Studio: tasks and labelling configuration", two_way=True),
    "docbin": Format("docbin", "spaCy DocBin"),
    "conll": Format("conll", "CoNLL-2003 columns, types of OntoNotes 5.0"),
    "conll4": Format("conll4", "CoNLL-2003 columns, its four types"),
    "corefud": Format("corefud", "CoNLL-U with CorefUD's entities, across articles"),
}


def exporter(name: str) -> OneWay:
    """Return the module of a format; ``KeyError`` if there is no such format."""
    return cast("OneWay", importlib.import_module(f"retold.exchange.{FORMATS[name].module}"))


def reader(name: str) -> TwoWay:
    """Return the module of a two-way format; ``KeyError`` if there is none of this name."""
    if not FORMATS[name].two_way:
        raise KeyError(name)
    return cast("TwoWay", importlib.import_module(f"retold.exchange.{FORMATS[name].module}"))


def missing(library: str) -> MissingExtraError:
    """Return the error of a format whose library is not installed."""
    return MissingExtraError(INSTALL.format(library=library))
