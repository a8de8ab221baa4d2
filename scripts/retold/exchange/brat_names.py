"""What fields are called in brat."""

from __future__ import annotations

from collections.abc import Mapping

from retold.exchange.items import ItemType

# field -> the database of its normalisations
DATABASES: Mapping[str, str] = {
    "entity": "Entity",
    "metonym_of": "MetonymOf",
    "speaker": "Speaker",
    "claimant": "Claimant",
    "canonical": "Canonical",
}
WIKIDATA = "Wikidata"
ALSO = "MentionAlso"
FIELDS: Mapping[str, str] = {database: field for field, database in DATABASES.items()}


def attribute(kind: ItemType, field: str) -> str:
    """Return the attribute of a label: ``QuoteType``; brat has one name space for all."""
    return f"{kind.name}{camel(field)}"


def role(kind: ItemType, field: str) -> str:
    """Return the role of an argument, which is also the type of its text-bound annotation."""
    return "ClaimPart" if (kind.name, field) == ("Claim", "spans") else camel(field)


def camel(field: str) -> str:
    """Return ``cue_group`` as ``CueGroup``."""
    return "".join(word.capitalize() for word in field.split("_"))
