"""What a user may choose about a score; the signature tells it."""

from __future__ import annotations

from dataclasses import dataclass

RETOLD = "retold"
ONTONOTES18 = "ontonotes18"
CORE, WIDE = "core", "wide"
SCOPES = (CORE, WIDE)


@dataclass(frozen=True, slots=True)
class Options:
    """Choices with a default each.

    Attributes:
        scope: ``core`` quotes alone, or with ``wide`` these too.
        convention: Whose span conventions the predictions follow; ``retold`` is the corpus' own.
        labels: The label set of entity types.
    """

    scope: str = CORE
    convention: str = RETOLD
    labels: str = ONTONOTES18
