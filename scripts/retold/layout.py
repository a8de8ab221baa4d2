"""Where everything lies under a corpus root: the only module that knows folder and file names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from retold.frozen import record

LAYERS = ("segments", "quotes", "entities", "claims", "topics")  # what each pass decides by itself
REPAIRS = "repairs"  # of the text itself: one for all passes
CORPUS_LAYERS = (*LAYERS, REPAIRS)
REGISTRIES = ("entities", "utterances", "claims", "topics")
AUDIT = "audit"
SPLITS = ("train", "validation", "test")
SHARDS = "shards"
LINE_LISTS = {  # of the registries in JSON Lines: the lists, each in files of its own
    "entities": ("entities",),
    "utterances": ("utterances",),
    "claims": ("claims", "near_misses"),
    "topics": ("topics",),
}
SHARD_ARTICLES = 500  # the most articles of a file, if nothing else is asked for
USES = "uses"  # beside them: what of them only passes use, which are no part of that form


@record
class Layout:
    """The paths of a corpus; nothing is read or written here but directory listings."""

    root: Path

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that an article has here."""
        return CORPUS_LAYERS

    @property
    def raw(self) -> Path:
        """Folder of the texts, as received, and their metadata."""
        return self.root / "raw"

    @property
    def annotations(self) -> Path:
        """Folder of the hand-written files."""
        return self.root / "annotations"

    @property
    def build(self) -> Path:
        """Folder of everything derived."""
        return self.root / "build"

    @property
    def schema(self) -> Path:
        """Folder of the JSON Schemas, vocabularies and the list of issues."""
        return self.root / "schema"

    @property
    def readme(self) -> Path:
        """The dataset card."""
        return self.root / "README.md"

    @property
    def project(self) -> Path:
        """The description of the project; its version is that of the data."""
        return self.root / "pyproject.toml"

    @property
    def citation(self) -> Path:
        """How to cite the corpus (Citation File Format)."""
        return self.root / "CITATION.cff"

    @property
    def datasheet(self) -> Path:
        """The datasheet."""
        return self.root / "DATASHEET.md"

    @property
    def checksums(self) -> Path:
        """SHA-256 of the files in ``raw``, in the form that ``sha256sum -c`` reads."""
        return self.raw / "SHA256SUMS"

    @property
    def splits(self) -> Path:
        """The list of splits and folds."""
        return self.annotations / "splits.json"

    @property
    def audit(self) -> Path:
        """Folder of what the hunt for errors found and decided; it lies among the passes and is none."""
        return self.annotations / "_passes" / AUDIT

    def location(self, path: str) -> str:
        """Where a file of articles is, by its path relative to the root."""
        return str(self.root / path)

    def text(self, article: str) -> Path:
        """The article's raw text."""
        return self.raw / f"{article}.txt"

    def metadata(self, article: str) -> Path:
        """The article's metadata."""
        return self.raw / f"{article}.json"

    def layer(self, article: str, layer: str) -> Path:
        """One of the ``layers`` of an article."""
        return self.annotations / article / f"{layer}.json"

    def registry(self, name: str) -> Path:
        """One of the ``REGISTRIES``."""
        return self.annotations / "_registry" / f"{name}.json"

    def article_folders(self) -> Iterator[Path]:
        """The annotation folders of articles, sorted; no links, no names with ``_`` or ``.`` in front."""
        if self.annotations.is_dir():
            for path in sorted(self.annotations.iterdir()):
                if path.name[0] not in "_." and _is_own_folder(path):
                    yield path

    def passes(self) -> Iterator[Layout]:
        """The independent passes, sorted, each as a layout whose ``annotations`` is the pass's folder."""
        folder = self.annotations / "_passes"
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if path.name[0] not in "_." and path.name != AUDIT and _is_own_folder(path):
                    yield PassLayout(self.root, path.name)


@record
class PassLayout(Layout):
    """The layout of one pass: the corpus' raw texts and schemas, the pass's own annotations."""

    name: str

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that a pass decides."""
        return LAYERS

    @property
    def annotations(self) -> Path:
        """Folder of the pass's hand-written files."""
        return self.root / "annotations" / "_passes" / self.name


@record
class LineLayout(Layout):
    """The layout of a corpus in JSON Lines: ``shards`` stands for ``raw`` and ``annotations``.

    ``source`` is where the shards of articles are, a path or a URL of the root; all else lies at ``root``.
    ``elsewhere`` are those shards, relative to the root, that are there only.
    """

    source: str
    elsewhere: tuple[str, ...] = ()

    @property
    def shards(self) -> Path:
        """Folder of the articles, a line each, and of the registries."""
        return self.root / SHARDS

    @property
    def registry_lines(self) -> Path:
        """Folder of the registries, a line an entry."""
        return self.shards / "registry"

    def files(self) -> list[str]:
        """Return the files of ``shards``, hidden ones left out, relative to the root, sorted."""
        paths = (path.relative_to(self.root) for path in self.shards.rglob("*") if path.is_file())
        shown = (path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))
        return sorted({*shown, *self.elsewhere})

    def location(self, path: str) -> str:
        """Where a file of articles is, by its path relative to the root; perhaps a URL."""
        return f"{self.source.rstrip('/')}/{path}"


def layout_of(root: Path) -> Layout | None:
    """Return the layout of the corpus at ``root``, in either form; ``None`` if there is none."""
    if (root / "raw").is_dir() and (root / "annotations").is_dir():
        return Layout(root)
    return LineLayout(root, str(root)) if (root / SHARDS).is_dir() else None


def is_inside(path: Path, root: Path) -> bool:
    """Whether ``path`` lies below ``root`` once all links are followed; it need not exist."""
    # not Path.resolve, which raises where links lead in a circle
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _is_own_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def find_root(start: Path) -> Path | None:
    """Return ``start`` or its nearest parent that holds a corpus, else ``None``."""
    return next((folder for folder in (start, *start.parents) if layout_of(folder)), None)
