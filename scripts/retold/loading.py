"""The compiled corpus for users: as ``datasets`` objects or Arrow tables.

Tables are read from the files each time: nothing is cached, so a rebuilt corpus is never read stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from retold.features import TextFiller
from retold.journal import is_pending
from retold.manifest import Json, read_manifest, table_files
from retold.tables import CONFIG_OF, DEFAULT_CONFIG

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

VIEWS = ("raw",)

Location = str | Path


def load(
    config: str = DEFAULT_CONFIG,
    split: str | None = None,
    view: str = "raw",
    texts: Location | None = None,
    root: Location | None = None,
) -> Dataset | DatasetDict:
    """Load a config as ``datasets`` objects.

    Args:
        config: name of the config.
        split: name of the split, ``None`` for all.
        view: ``"raw"``, the only one: offsets count into the texts as received.
        texts: folder of the articles' texts (``<article_id>.txt``), to put the words back into a corpus
            that was built without them.
        root: a corpus or a compiled folder; ``None`` for the data that came with this package.

    Returns:
        A ``Dataset``, or without ``split`` a ``DatasetDict`` of all splits.

    Raises:
        ValueError: There is no such config, split or view, or a text is not the one that was annotated.
        FileNotFoundError: There is no compiled corpus, or a text is missing.
    """
    from datasets import Dataset, DatasetDict  # noqa: PLC0415 (takes a second)

    _choose("view", view, VIEWS)
    source = _Source(root)
    if split is not None:
        return Dataset(source.table(config, split, texts), split=split)
    return DatasetDict(
        {name: Dataset(source.table(config, name, texts), split=name) for name in source.splits(config)}
    )


def table(
    config: str = DEFAULT_CONFIG,
    split: str | None = None,
    texts: Location | None = None,
    root: Location | None = None,
) -> pa.Table:
    """Load a config as one Arrow table; without ``split``, the splits one after another.

    The arguments are those of ``load``.

    Raises:
        ValueError: There is no such config or split, or a text is not the one that was annotated.
        FileNotFoundError: There is no compiled corpus, or a text is missing.
    """
    source = _Source(root)
    names = source.splits(config) if split is None else [split]
    return pa.concat_tables([source.table(config, name, texts) for name in names])


def find_compiled(root: Location | None = None) -> Path:
    """Return the compiled folder: of ``root``, or of this package (its wheel's data, else its repository).

    Raises:
        FileNotFoundError: There is none.
    """
    package = Path(__file__).resolve().parent
    places = [package / "_data" / "build", package.parents[1] / "build"]
    if root is not None:
        places = [Path(root) / "build", Path(root)]
    for place in places:
        if read_manifest(place) is not None:
            return place
    looked = " or ".join(map(str, places))
    raise FileNotFoundError(f"no compiled corpus in {looked}: run `retold build`, or name it with root=")


class _Source:
    """A compiled folder and its manifest."""

    def __init__(self, root: Location | None) -> None:
        self._folder = find_compiled(root)
        if is_pending(self._folder):
            raise FileNotFoundError(
                f"a build of {self._folder} was cut short: run `retold build` to finish it"
            )
        self._manifest: Json = read_manifest(self._folder) or {}

    def splits(self, config: str) -> list[str]:
        """Return the splits of a config."""
        _choose("config", config, self._manifest["configs"])
        return list(self._manifest["configs"][config]["splits"])

    def table(self, config: str, split: str, texts: Location | None) -> pa.Table:
        """Return one split of a config, with the words put back from ``texts`` if it is given."""
        _choose(f"split of {config}", split, self.splits(config))
        files = [file for file in table_files(self._manifest) if (file.config, file.split) == (config, split)]
        tables = [pq.read_table(self._folder / file.path) for file in files]
        for file, read in zip(files, tables, strict=True):
            if len(read) != file.rows:
                raise ValueError(
                    f"{self._folder / file.path} has {len(read)} rows, the manifest says {file.rows}: "
                    "run `retold build`"
                )
        joined = pa.concat_tables(tables)
        return joined if texts is None else self._with_words(joined, config, Path(texts))

    def _with_words(self, read: pa.Table, config: str, texts: Path) -> pa.Table:
        rows = read.to_pylist()
        TextFiller(CONFIG_OF[config].columns, self._text_reader(texts)).fill(rows)
        return pa.Table.from_pylist(rows, schema=read.schema)

    def _text_reader(self, folder: Path) -> Callable[[str], str]:
        inputs = self._manifest["inputs"]

        @cache
        def text_of(article: str) -> str:
            path = folder / f"{article}.txt"
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != inputs.get(f"raw/{article}.txt"):
                raise ValueError(f"{path} is not the text that was annotated: its SHA-256 differs")
            return content.decode("utf-8")

        return text_of


def _choose(what: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise ValueError(f"no {what} {name!r}; there are: {', '.join(map(repr, names))}")
