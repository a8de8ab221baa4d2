"""``schema/`` as validators and label sets.

``jsonschema_rs`` decides (a file it accepts is accepted); ``jsonschema`` is imported only to explain a
file that was refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson

from retold.frozen import record
from retold.layout import CORPUS_LAYERS, REGISTRIES

if TYPE_CHECKING:
    from jsonschema import ValidationError

Json = dict[str, Any]

MAX_MESSAGE = 200
MAX_VALUE = 60
# How patterns say "at the end, not before a line end there". To ``jsonschema_rs``, as to ECMA-262, ``$``
# alone says so, and without a look ahead its engine takes half the time over a whole document.
_STRICT_END = rb"$(?!\\n)"
MAX_DEPTH = 32  # of what is explained: both engines word messages with whole values, recursively


@record
class SchemaError:
    """A place in a document that its schema refuses.

    ``path`` leads from the document's root to the place (keys, and list indices from 0): to the value that
    is wrong, to the key that should not be there, or to the object that lacks a key.
    """

    path: tuple[str | int, ...]
    message: str


@record
class MediaTopic:
    """An IPTC Media Topic; ``broader`` is a code, ``retired`` the ISO date of its retirement or ``None``."""

    code: str
    label: str
    broader: str | None
    retired: str | None


class Schemas:
    """The schemas of one folder; each is compiled when a document of its kind is first judged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def kind_of(self, path: Path) -> str | None:
        """Return the kind of a corpus file by its name and folder (``None``: no schema judges it).

        Kinds are the names of the schemas: ``quotes`` for ``annotations/<article>/quotes.json``,
        ``registry-topics`` for ``annotations/_registry/topics.json``, ``metadata``, ``splits`` and so on.
        """
        folder, name = path.parent.name, path.stem
        fixed = {("annotations", "splits"): "splits", ("schema", "issues"): "issues"}
        if path.suffix != ".json":
            return None
        if (folder, name) in fixed:
            return fixed[folder, name]
        if folder == "raw":
            return "metadata"
        if folder == "vocab":
            return "mediatopics" if name == "mediatopics" else "vocab"
        if folder == "_registry":
            return f"registry-{name}" if name in REGISTRIES else None
        return name if name in CORPUS_LAYERS and folder[:1] not in {"_", "."} else None

    def schema(self, kind: str) -> Json:
        """Return the schema of a kind; ``FileNotFoundError`` if the folder has none."""
        document: Json = _read(self._file(kind))
        return document

    def accepts(self, kind: str, document: object) -> bool:
        """Whether a parsed document is valid; quick, and says nothing of why."""
        return self._validator(kind).is_valid(document)

    def errors(self, kind: str, document: object) -> list[SchemaError]:
        """Return what is wrong with a document, sorted by path; empty exactly if it is accepted."""
        if self.accepts(kind, document):
            return []
        deep = _too_deep(document)
        if deep is not None:
            return [SchemaError(deep, f"nested deeper than {MAX_DEPTH} levels, as nothing here is")]
        explained = set(_explain(self.schema(kind), document))
        if not explained:  # the engines differ on this document: the stricter one's own words stand
            explained = {
                SchemaError(tuple(error.instance_path), _shorten(error.message, MAX_MESSAGE))
                for error in self._validator(kind).iter_errors(document)
            }
        return sorted(explained, key=_order)

    def vocabulary(self, name: str) -> dict[str, str]:
        """Return a closed label set of ``vocab/`` in its order, label to definition."""
        labels: dict[str, str] = _read(self.folder / "vocab" / f"{name}.json")["labels"]
        return labels

    def mediatopics(self) -> dict[str, MediaTopic]:
        """Return the IPTC Media Topics that may be used, and retired ones, keyed by code."""
        topics = _read(self.folder / "vocab" / "mediatopics.json")["topics"]
        return {topic["code"]: MediaTopic(**topic) for topic in topics}

    def _validator(self, kind: str) -> jsonschema_rs.Draft202012Validator:
        if kind not in self._validators:
            source = self._file(kind).read_bytes().replace(_STRICT_END, b"$")
            self._validators[kind] = jsonschema_rs.Draft202012Validator(
                orjson.loads(source), validate_formats=True
            )
        return self._validators[kind]

    def _file(self, kind: str) -> Path:
        return self.folder / f"{kind}.schema.json"


def find_schema_folder(root: Path) -> Path:
    """Return the schemas that judge the corpus at ``root``.

    Its own ``schema/`` comes first, then the copy inside an installed package, then the repository's.

    Raises:
        FileNotFoundError: None of the three holds a schema.
    """
    package = Path(__file__).resolve().parent
    folders = (root / "schema", package / "_data" / "schema", package.parents[1] / "schema")
    for folder in folders:
        if next(folder.glob("*.schema.json"), None):
            return folder
    raise FileNotFoundError(f"no schemas in any of: {', '.join(map(str, folders))}")


def _read(path: Path) -> Any:  # noqa: ANN401 (parsed JSON)
    return orjson.loads(path.read_bytes())


def _explain(schema: Json, document: object) -> Iterator[SchemaError]:
    # Imported here because it costs more than a whole validation and a clean corpus never needs it.
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415

    for error in Draft202012Validator(schema, format_checker=FormatChecker(["date"])).iter_errors(document):
        path = tuple(error.absolute_path)
        for step, message in _messages(error):
            yield SchemaError((*path, *step), _shorten(message, MAX_MESSAGE))


def _messages(error: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what an error says, each with the steps from the error's own place to the place it is about."""
    schema: Json = error.schema  # type: ignore[assignment]  # no schema here is a mere true or false
    instance: Any = error.instance
    if {"then", "else"} & set(error.absolute_schema_path) and "description" in schema:
        yield (), schema["description"]
    elif error.validator == "required":
        for key in schema["required"]:
            if key not in instance:
                yield (), f'the key "{key}" is missing'
    elif error.validator == "additionalProperties":
        for key in instance:
            if key not in schema["properties"]:
                yield (key,), _unknown_key(key, list(schema["properties"]))
    else:
        explain = MESSAGES.get(str(error.validator))
        yield (), explain(schema, _show(instance)) if explain else error.message


def _too_deep(document: object) -> tuple[str | int, ...] | None:
    """Return the path of a value nested too deeply to be explained, ``None`` if there is none."""
    pending: list[tuple[tuple[str | int, ...], object]] = [((), document)]
    while pending:
        path, value = pending.pop()
        if len(path) > MAX_DEPTH:
            return path
        if isinstance(value, dict):
            pending += (((*path, key), member) for key, member in value.items())
        elif isinstance(value, list):
            pending += (((*path, index), member) for index, member in enumerate(value))
    return None


def _order(error: SchemaError) -> tuple[list[str], str]:
    # List indices sort as numbers; a path may hold a key where another has an index.
    return [f"{step:09}" if isinstance(step, int) else step for step in error.path], error.message


def _unknown_key(key: str, known: list[str]) -> str:
    import difflib  # noqa: PLC0415 (only who errs pays)

    close = difflib.get_close_matches(key, known, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else ""
    return f"no key {_show(key)} is allowed here{hint}"


def _pattern_message(schema: Json, shown: str) -> str:
    if "examples" in schema:
        return f"{shown} has not the form expected here, for example {_show(schema['examples'][0])}"
    return f"{shown} is empty or blank"


def _labels(schema: Json) -> str:
    return ", ".join(_show(label) for label in schema["enum"])


# JSON Schema keyword -> (its schema, the value as shown) -> message; jsonschema's words stand for the rest.
MESSAGES: dict[str, Callable[[Json, str], str]] = {
    "anyOf": lambda schema, shown: f"{shown} has not the form expected here: {schema['description']}",
    "const": lambda schema, shown: f"{shown} stands where only {_show(schema['const'])} is allowed",
    "enum": lambda schema, shown: f"{shown} is not one of {_labels(schema)}",
    "format": lambda schema, shown: f"{shown} is no {schema['format']}",
    "maxItems": lambda schema, _: f"at most {schema['maxItems']} allowed here",
    "minItems": lambda schema, _: f"at least {schema['minItems']} expected here",
    "minLength": lambda _, shown: f"{shown} is empty",
    "pattern": _pattern_message,
    "type": lambda schema, shown: f"{_names(schema['type'])} expected, not {shown}",
    "uniqueItems": lambda *_: "the same item stands here twice",
}


def _names(types: str | list[str]) -> str:
    return types if isinstance(types, str) else " or ".join(types)


def _show(value: object) -> str:
    """Show a value as JSON, never at length: containers by name, long strings cut."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return json.dumps(_shorten(value, MAX_VALUE) if isinstance(value, str) else value, ensure_ascii=False)


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
