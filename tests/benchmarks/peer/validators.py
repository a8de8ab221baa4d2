"""The two JSON Schema libraries, as their manuals show their use."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.peer.files import LAYERS, REGISTRIES, Json, Validate

KINDS = ("metadata", "splits", *LAYERS, *(f"registry-{name}" for name in REGISTRIES))
VALIDATORS = ("jsonschema", "jsonschema_rs")


def make_validator(library: str, schema: Path) -> Validate:
    """Return a function that lists what is wrong with a document of a kind; each schema is compiled once."""
    schemas = {kind: json.loads((schema / f"{kind}.schema.json").read_bytes()) for kind in KINDS}
    return with_jsonschema(schemas) if library == "jsonschema" else with_jsonschema_rs(schemas)


def with_jsonschema(schemas: dict[str, Json]) -> Validate:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (the other one is not measured)

    formats = Draft202012Validator.FORMAT_CHECKER
    validators = {
        kind: Draft202012Validator(schema, format_checker=formats) for kind, schema in schemas.items()
    }

    def validate(kind: str, document: Json) -> list[str]:
        return [f"{error.json_path}: {error.message}" for error in validators[kind].iter_errors(document)]

    return validate


def with_jsonschema_rs(schemas: dict[str, Json]) -> Validate:
    import jsonschema_rs  # noqa: PLC0415 (likewise)

    validators = {
        kind: jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for kind, schema in schemas.items()
    }

    def validate(kind: str, document: Json) -> list[str]:
        return [] if validators[kind].is_valid(document) else ["the file does not fit its schema"]

    return validate
