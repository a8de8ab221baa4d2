"""The compiled corpus for users: as ``datasets`` objects or Arrow tables.

Tables are read from the files each time: nothing is cached, so a rebuilt corpus is never read stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from retold.carrying import CleanArticle
from retold.features import Column, LabelSets, Row, TextFiller, label_sets
from retold.journal import is_pending
from retold.locations import LocationError, filesystem, is_url, join, open_binary, pyarrow_takes, remote
from retold.manifest import MANIFEST, Json, TableFile, parse_manifest, read_manifest, table_files
from retold.tables import CONFIG_OF, DEFAULT_CONFIG
from retold.tables.articles import CLEANED_COLUMNS, clean_article
from retold.views import CleanView

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

VIEWS = ("raw", "clean")

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
        view: ``"raw"``: the texts as received. ``"clean"``: the texts with their repairs made; offsets, words
            and tokens are those of the clean text, rows that stand in deleted furniture are left out. Ids are
            the same. The registries have no words of articles and are the same too.
        texts: folder of the articles' texts (``<article_id>.txt``), to put the words back into a corpus
            that was built without them.
        root: a corpus or a compiled folder, or the URL of one (``s3://…``; its files are read from there);
            ``None`` for the data that came with this package.

    Returns:
        A ``Dataset``, or without ``split`` a ``DatasetDict`` of all splits.

    Raises:
        ValueError: There is no such config, split or view; a text is not the one that was annotated; or the
            clean view was asked for without the texts.
        FileNotFoundError: There is no compiled corpus, or a text is missing.
        LocationError: A URL cannot be used.
    """
    from datasets import Dataset, DatasetDict  # noqa: PLC0415 (takes a second)

    source = _Source(root, texts, view)
    if split is not None:
        return Dataset(source.table(config, split), split=split)
    return DatasetDict(
        {name: Dataset(source.table(config, name), split=name) for name in source.splits(config)}
    )


def table(
    config: str = DEFAULT_CONFIG,
    split: str | None = None,
    view: str = "raw",
    texts: Location | None = None,
    root: Location | None = None,
) -> pa.Table:
    """Load a config as one Arrow table; without ``split``, the splits one after another.

    The arguments are those of ``load``.

    Raises:
        ValueError: As for ``load``.
        FileNotFoundError: There is no compiled corpus, or a text is missing.
    """
    source = _Source(root, texts, view)
    names = source.splits(config) if split is None else [split]
    return pa.concat_tables([source.table(config, name) for name in names])


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


def _compiled(root: Location | None) -> tuple[str, Json]:
    """Return where the compiled folder is, a path or a URL, and its manifest."""
    if isinstance(root, str) and is_url(root):
        return _compiled_at(root)
    folder = find_compiled(root)
    if is_pending(folder):
        raise FileNotFoundError(f"a build of {folder} was cut short: run `retold build` to finish it")
    return str(folder), read_manifest(folder) or {}


def _compiled_at(url: str) -> tuple[str, Json]:
    system, path = filesystem(url)
    for below in (f"build/{MANIFEST}", MANIFEST):
        with remote(f"{url} cannot be read"):
            there = system.isfile(join(path, below))
            manifest = parse_manifest(system.cat_file(join(path, below))) if there else None
        if manifest is not None:
            return join(url, below).removesuffix(f"/{MANIFEST}"), manifest
    raise FileNotFoundError(f"no compiled corpus at {url}: put one there with `retold build --out`")


class _Source:
    """A compiled folder and its manifest, the texts to put back into it, and the view that is asked for."""

    def __init__(self, root: Location | None, texts: Location | None, view: str) -> None:
        _choose("view", view, VIEWS)
        self._folder, self._manifest = _compiled(root)
        self._texts = None if texts is None else Path(texts)
        self._clean = view == "clean"
        self._text_of = cache(self._read_text)
        self._repairs_of = cache(self._read_repairs)
        self._article_of = cache(self._clean_article)

    def splits(self, config: str) -> list[str]:
        """Return the splits of a config."""
        _choose("config", config, self._manifest["configs"])
        return list(self._manifest["configs"][config]["splits"])

    def table(self, config: str, split: str) -> pa.Table:
        """Return one split of a config, with words and in the view that are asked for."""
        _choose(f"split of {config}", split, self.splits(config))
        read = pa.concat_tables([self._read(file) for file in self._files(config) if file.split == split])
        if self._texts is None and not self._clean:
            return read
        rows, columns = read.to_pylist(), self._columns(config, read.schema)
        if self._texts is not None:
            TextFiller(columns, self._text_of).fill(rows)
        if self._clean:
            rows = CleanView(columns, self._labels(columns, read.schema)).rows(rows, self._article_of)
        return pa.Table.from_pylist(rows, schema=read.schema)

    def _labels(self, columns: tuple[Column, ...], found: pa.Schema) -> LabelSets:
        """Return the label sets that a file says it was written with."""
        try:
            written = json.loads(found.metadata[b"huggingface"])["info"]["features"]
            return label_sets(columns, written)
        except (KeyError, TypeError, ValueError, RecursionError):
            raise ValueError(
                f"{self._folder} has a file without the features that it was written with: run `retold build`"
            ) from None

    def _columns(self, config: str, found: pa.Schema) -> tuple[Column, ...]:
        """Return the columns of a config if the file has just these: words are put into no others."""
        columns = CONFIG_OF[config].columns
        if found.names != [column.name for column in columns]:
            raise ValueError(
                f"{self._folder} was compiled by another version, with other columns in {config}: "
                "run `retold build`"
            )
        return columns

    def _files(self, config: str) -> Iterator[TableFile]:
        for file in table_files(self._manifest):
            if Path(file.path).is_absolute() or ".." in Path(file.path).parts:
                raise ValueError(f"{join(self._folder, MANIFEST)} names {file.path!r}: run `retold build`")
            if file.config == config:
                yield file

    def _read(self, file: TableFile) -> pa.Table:
        location = join(self._folder, file.path)
        with _damage_named(location), _opened(location) as opened:
            read = pq.read_table(opened)
        if len(read) != file.rows:
            raise ValueError(
                f"{location} has {len(read)} rows, the manifest says {file.rows}: run `retold build`"
            )
        return read

    def _read_text(self, article: str) -> str:
        """Return a text from the folder of texts."""
        path = (self._texts or Path()) / f"{article}.txt"
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self._manifest["inputs"].get(f"raw/{article}.txt"):
            raise ValueError(f"{path} is not the text that was annotated: its SHA-256 differs")
        return content.decode("utf-8")

    def _read_repairs(self, location: str) -> dict[str, Row]:
        """Return what the clean view needs of the articles in one file, by id."""
        with _damage_named(location), _opened(location) as opened, pq.ParquetFile(opened) as file:
            self._columns("articles", file.schema_arrow)
            return {row["article_id"]: row for row in file.read(CLEANED_COLUMNS).to_pylist()}

    def _clean_article(self, article: str) -> CleanArticle:
        for file in self._files("articles"):
            row = self._repairs_of(join(self._folder, file.path)).get(article)
            if row is None:
                continue
            text = row["text"] if self._texts is None else self._text_of(article)
            if text is None:
                raise ValueError(
                    f"{self._folder} was built without texts, and the clean view is made of them: "
                    "name their folder with texts="
                )
            return clean_article(row, text)
        raise ValueError(f"{self._folder} has no article {article!r}: run `retold build`")


@contextmanager
def _opened(location: str) -> Iterator[str | IO[bytes]]:
    """Give what pyarrow reads: a path as it is if it takes that, all else opened."""
    if not is_url(location) and pyarrow_takes(location):
        yield location
        return
    with open_binary(location) as file:
        yield file


@contextmanager
def _damage_named(location: str) -> Iterator[None]:
    """Say of which file an error is: pyarrow does not."""
    try:
        yield
    except LocationError:
        raise
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # of the system, and it names the file
            raise
        raise ValueError(f"{location} is damaged: run `retold build`") from error


def _choose(what: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        raise ValueError(f"no {what} {name!r}; there are: {', '.join(map(repr, names))}")
