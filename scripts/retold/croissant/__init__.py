"""``croissant.json``: the compiled corpus described in Croissant 1.1 with its RAI vocabulary.

Sources: the Croissant format specification 1.1 and the Croissant RAI specification 1.0, both by MLCommons
(https://docs.mlcommons.org/croissant/); ``@context`` is the one that they prescribe. How tables are written
down follows what mlcroissant 1.1.1 reads: a test reads every record back through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retold.croissant.fields import Json, record_set
from retold.croissant.project import describe
from retold.croissant.responsibility import responsible_use
from retold.documents import write_json
from retold.features import LabelSets
from retold.layout import Layout
from retold.manifest import TableFile, table_files
from retold.tables import CONFIG_OF

CROISSANT = "croissant.json"
CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
WRITTEN = ("sha256", "contentSize")  # what of a file depends on the version of pyarrow
PARQUET = "application/x-parquet"
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def make_croissant(manifest: Json, layout: Layout, labels: LabelSets) -> Json:
    """Return the description of a compiled corpus.

    There is a FileObject for each file and a RecordSet for each split of a config (``quotes/test``). It reads
    from the split's FileObject, so that the checksum is proved, or, where shards make up the split, from a
    FileSet of them, whose checksums readers do not prove.

    Args:
        manifest: of the compiled corpus; ``contentUrl`` is relative to its folder.
        layout: of the corpus, whose README, pyproject, citation and datasheet are read where they exist.
        labels: the label sets of the class labels.

    Raises:
        DocumentError: One of these documents cannot be read.
    """
    files: dict[tuple[str, str], list[TableFile]] = {}
    for file in table_files(manifest):
        files.setdefault((file.config, file.split), []).append(file)
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        **describe(layout, manifest),
        **responsible_use(layout),
        "distribution": [
            item
            for shards in files.values()
            for item in [*map(_file_object, shards), *([_file_set(shards)] if len(shards) > 1 else [])]
        ],
        "recordSet": [
            record_set(f"{config}/{split}", split, CONFIG_OF[config], _reference(shards), labels)
            for (config, split), shards in files.items()
        ],
    }


def write_croissant(document: Json, folder: Path) -> None:
    """Write the description into the compiled folder."""
    write_json(folder / CROISSANT, document)


def _file_object(file: TableFile) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": f"Config {file.config}, split {file.split}: {file.rows} rows.",
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": PARQUET,
        "sha256": file.sha256,
    }


def _file_set(shards: Sequence[TableFile]) -> Json:
    """Return the set of files that make up a split."""
    first = shards[0]
    return {
        "@type": "cr:FileSet",
        "@id": _set_id(first),
        "name": _set_id(first),
        "description": f"Config {first.config}, split {first.split}: {len(shards)} files.",
        "encodingFormat": PARQUET,
        "includes": [file.path for file in shards],
    }


def _reference(shards: Sequence[TableFile]) -> Json:
    if len(shards) == 1:
        return {"fileObject": {"@id": shards[0].path}}
    return {"fileSet": {"@id": _set_id(shards[0])}}


def _set_id(file: TableFile) -> str:
    return f"{file.config}/{file.split}-files"
