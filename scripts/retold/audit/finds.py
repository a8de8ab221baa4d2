"""What readers report, and which of the planted errors their finds name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from retold.audit.bench import Edit
from retold.audit.drafts import LAYER_OF, RELATIONS

KEYS = frozenset(("layer", "item", "sentence", "fault", "confirmed"))
PLANTED_IN = (*LAYER_OF, RELATIONS)
FURTHER = (  # layers that nothing is planted in, but where a reader may find a fault
    "segments",
    "quotation_marks",
    "repairs",
    "article_topics",
    "entities",
    "utterances",
    "near_misses",
)
WHOLE = frozenset(("sentences", "block_topics"))  # whose items are the sentence or block itself


@dataclass(frozen=True, slots=True)
class Find:
    """A fault that a reader reports.

    ``item`` is the id of the faulty item, or ``None`` where one is missing; then ``sentence`` says where.
    ``confirmed`` says of a find that nobody planted whether it was judged a fault and mended; ``None``
    before that is judged. ``reader`` tells the finds of one reader from another's.
    """

    layer: str
    item: str | None
    sentence: str | None
    confirmed: bool | None
    reader: str = ""

    @property
    def place(self) -> tuple[str, str | None]:
        """The layer, and the item or, without one, the sentence."""
        return self.layer, self.item or self.sentence


def parse_finds(document: Any, reader: str = "") -> tuple[Find, ...]:  # noqa: ANN401 (parsed JSON)
    """Return the finds of a reader's file, or of several readers' merged ones.

    Args:
        document: ``{"found": [{layer, item, sentence, fault, confirmed}]}``, where an entry may have a
            ``reader``.
        reader: The name of the reader of entries that name none.

    Raises:
        ValueError: It has not this form.
    """
    if not isinstance(document, dict) or not isinstance(document.get("found"), list):
        raise ValueError('an object with the list "found" is expected')
    finds = []
    for number, entry in enumerate(document["found"], 1):
        fault = _fault(entry)
        if fault:
            raise ValueError(f"entry {number} of found: {fault}")
        own = {key: entry[key] for key in ("layer", "item", "sentence", "confirmed")}
        finds.append(Find(**own, reader=entry.get("reader", reader)))
    return tuple(finds)


def named_errors(errors: Sequence[Edit], finds: Iterable[Find]) -> Iterator[int | None]:
    """Yield, for each find, the index of the error that it names, or ``None``.

    A reader names an error once: of two finds of one reader at one item, one answers to what was planted and
    the other to something else. Another reader's find may name the same error. Where a sentence lacks two
    items, readers are taken to have missed the same one, so that recall is not thought too high.
    """
    named: set[tuple[str, int]] = set()
    for find in finds:
        index = next(
            (
                index
                for index, error in enumerate(errors)
                if (find.reader, index) not in named and names(find, error)
            ),
            None,
        )
        if index is not None:
            named.add((find.reader, index))
        yield index


def names(find: Find, error: Edit) -> bool:
    """Whether a find names an error.

    That is: the same item; for a removed item the same sentence and no item; for an error of a whole sentence
    or block that one, as item or as sentence.
    """
    if find.layer != error.layer:
        return False
    if error.layer in WHOLE:
        return (find.item or find.sentence) == error.item
    return find.item == error.item and (error.item is not None or find.sentence == error.sentence)


def distinct(finds: Iterable[Find]) -> tuple[Find, ...]:
    """Return finds without those that another reader made of the same place, with the same judgement."""
    seen: Counter[tuple[object, ...]] = Counter()
    kept: dict[tuple[object, ...], Find] = {}
    for find in finds:
        told = (*find.place, find.confirmed)
        kept.setdefault((*told, seen[find.reader, told]), find)
        seen[find.reader, told] += 1
    return tuple(kept.values())


def _fault(entry: object) -> str | None:
    if not isinstance(entry, dict) or set(entry) - {"reader"} != KEYS:
        return f"an object with the keys {', '.join(sorted(KEYS))} is expected"
    if entry["layer"] not in (*PLANTED_IN, *FURTHER):
        return f"there is no layer {entry['layer']!r}; the layers are {', '.join((*PLANTED_IN, *FURTHER))}"
    if not all(entry[key] is None or isinstance(entry[key], str) for key in ("item", "sentence")):
        return "item and sentence are ids or null"
    if entry["item"] is None and entry["sentence"] is None:
        return "a find names an item or, where one is missing, a sentence"
    if not isinstance(entry["confirmed"], bool | None):
        return "confirmed is true, false or, before it is judged, null"
    return None if isinstance(entry.get("reader", ""), str) else "reader is a name"
