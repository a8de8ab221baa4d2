"""The columns of a table as Croissant fields, as deep as mlcroissant 1.1.1 reads them.

It reads lists of scalars, and lists of records whose fields are scalars or lists of scalars. Of lists of
records inside lists of records it cannot give the values, so these are named in the description of the
field that holds them and are no fields of their own; each config's own table has them at the top.
"""

from __future__ import annotations

from typing import Any

from retold.features import ClassLabel, Column, Feature, LabelSets, ListOf, Value, fields
from retold.tables import Config

Json = dict[str, Any]
_TYPES = {"string": "sc:Text", "int32": "sc:Integer", "bool": "sc:Boolean"}


def record_set(name: str, split: str, config: Config, files: Json, labels: LabelSets) -> Json:
    """Return the record set of one split of a table.

    Args:
        name: its id.
        split: name of the split.
        config: the table.
        files: the reference to the FileObject or FileSet that holds it.
        labels: the label sets of the class labels.
    """
    keys = [{"@id": f"{name}/{column}"} for column in config.key]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"Split {split} of config {config.name}. A record is {config.row_is}.",
        "key": keys[0] if len(keys) == 1 else keys,
        "field": [_field(column, name, files, labels) for column in config.columns],
    }


def is_readable(column: Column) -> bool:
    """Return whether a field inside a list of records can be read: no record stands in it."""
    return not fields(column.feature)


def _field(column: Column, record_set_id: str, files: Json, labels: LabelSets) -> Json:
    """Return the field of a column of the table."""
    source = {**files, "extract": {"column": column.name}}
    inner = fields(column.feature)
    if not inner:
        return _leaf(column, f"{record_set_id}/{column.name}", source, labels)
    name = f"{record_set_id}/{column.name}"
    return {
        **_head(name, _with_hidden(column)),
        **_shape(column.feature),
        "source": source,
        "subField": [
            _leaf(item, f"{name}/{item.name}", {**source, "transform": {"jsonPath": item.name}}, labels)
            for item in inner
            if is_readable(item)
        ],
    }


def _leaf(column: Column, name: str, source: Json, labels: LabelSets) -> Json:
    item = column.feature
    while isinstance(item, ListOf):
        item = item.item
    description = column.description
    if isinstance(item, ClassLabel):
        description += f" Classes, from 0: {', '.join(labels[item.label_set])}."
    return {
        **_head(name, description),
        "dataType": _TYPES[item.dtype] if isinstance(item, Value) else "sc:Integer",
        **_shape(column.feature),
        "source": source,
    }


def _head(name: str, description: str) -> Json:
    return {"@type": "cr:Field", "@id": name, "name": name, "description": description}


def _shape(feature: Feature) -> Json:
    depth = 0
    while isinstance(feature, ListOf):
        feature, depth = feature.item, depth + 1
    return {"isArray": True, "arrayShape": ",".join(["-1"] * depth)} if depth else {}


def _with_hidden(column: Column) -> str:
    """Return the description of a column that holds records, with what of them is no field here."""
    hidden = [item.name for item in fields(column.feature) if not is_readable(item)]
    if not hidden:
        return column.description
    names = ", ".join(f"`{name}`" for name in hidden)
    return f"{column.description} In the file, each also has {names}: records too deep to be fields here."
