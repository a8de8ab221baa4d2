"""The configuration of a brat collection: which types there are, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from retold.exchange.brat_names import ALSO, attribute, camel, role
from retold.exchange.items import CLAIM, ITEM_TYPES, QUOTE
from retold.schemas import Schemas, find_schema_folder

HELD = ("Block", "Sentence", "Quote", "Mark", "Mention", "Claim")
COLOURS = {
    "Block": "#f4f4f4",
    "Sentence": "#e8e8e8",
    "Quote": "#ffd27f",
    "Content": "#ffe4b0",
    "Cue": "#c9e7a5",
    "CueGroup": "#e2f3cf",
    "Source": "#a9d0f5",
    "Verbatim": "#fff3b0",
    "Mark": "#dddddd",
    "Claim": "#e3c9f2",
    "ClaimPart": "#f1e4f8",
}


def annotation_conf() -> str:
    """Return ``annotation.conf``; labels come from the program's own vocabularies."""
    schemas = Schemas(find_schema_folder(Path(__file__).parent))
    types = list(schemas.vocabulary("entity-type"))
    parts = [role(kind, field) for kind in (QUOTE, CLAIM) for field in kind.spans]
    flat = ["Block", "Sentence", "Mark"]
    lines = ["[entities]", *types, *parts, *flat, "", "[relations]"]
    lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "", "[events]", *_events(), ""]
    lines += ["[attributes]", *_attributes(schemas, "|".join(types))]
    return "".join(f"{line}\n" for line in lines)


def visual_conf() -> str:
    """Return ``visual.conf``."""
    lines = ["[labels]", "Sentence | Sentence | S", "Block | Block | B", "CueGroup | Cue group | CG"]
    lines += ["", "[drawing]", "SPAN_DEFAULT\tfgColor:black, bgColor:#cfe8e0, borderColor:darken"]
    lines += ["ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5"]
    lines += [f"{name}\tbgColor:{colour}" for name, colour in COLOURS.items()]
    return "".join(f"{line}\n" for line in lines)


def _events() -> Iterator[str]:
    for kind in (QUOTE, CLAIM):
        roles = [f"{role(kind, field)}*:{role(kind, field)}" for field in kind.spans]
        roles += [f"{camel(field)}?:{name}" for field, name in kind.references.items()]
        yield f"{kind.name}\t{', '.join(roles)}"


def _attributes(schemas: Schemas, types: str) -> Iterator[str]:
    for name in HELD:
        kind = ITEM_TYPES[name]
        target = types if name == "Mention" else name
        for field, vocabulary in kind.labels.items():
            if (name, field) != ("Mention", "type"):
                values = "|".join(schemas.vocabulary(vocabulary))
                yield f"{attribute(kind, field)}\tArg:{target}, Value:{values}"
    yield f"{ALSO}\tArg:{types}, Value:{types}"
