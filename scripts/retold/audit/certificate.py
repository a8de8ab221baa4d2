"""What a reader found, held against what was planted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retold.audit.bench import Edit
from retold.audit.estimation import clopper_pearson, residual, wilson

KEYS = frozenset(("layer", "item", "sentence", "fault", "confirmed"))


@dataclass(frozen=True, slots=True)
class Find:
    """A fault that a reader reports.

    ``item`` is the id of the faulty item, or ``None`` where one is missing; then ``sentence`` says where.
    ``confirmed`` says of a find that nobody planted whether it was judged a fault and mended; ``None``
    before that is judged.
    """

    layer: str
    item: str | None
    sentence: str | None
    confirmed: bool | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one layer: ``hits`` of the ``planted`` errors; other finds judged ``true``, or ``open``."""

    layer: str
    items: int
    planted: int
    hits: int
    true: int
    open: int


def parse_finds(document: Any, layers: Iterable[str]) -> tuple[Find, ...]:  # noqa: ANN401 (parsed JSON)
    """Return the finds of a reader's file.

    Raises:
        ValueError: It has not the form ``{"found": [{layer, item, sentence, fault, confirmed}]}``.
    """
    if not isinstance(document, dict) or not isinstance(document.get("found"), list):
        raise ValueError('an object with the list "found" is expected')
    known = tuple(layers)
    finds = []
    for number, item in enumerate(document["found"], 1):
        fault = _fault(item, known)
        if fault:
            raise ValueError(f"entry {number} of found: {fault}")
        finds.append(Find(item["layer"], item["item"], item["sentence"], item["confirmed"]))
    return tuple(finds)


def tallies(errors: Sequence[Edit], finds: Sequence[Find], sizes: Mapping[str, int]) -> tuple[Tally, ...]:
    """Count, by layer, what was found; a find answers to one error, and an error to one find."""
    open_errors, others = list(errors), list[Find]()
    for find in finds:
        hit = next((error for error in open_errors if _names(find, error)), None)
        if hit is None:
            others.append(find)
        else:
            open_errors.remove(hit)
    return tuple(
        Tally(
            layer,
            items,
            planted := sum(error.layer == layer for error in errors),
            planted - sum(error.layer == layer for error in open_errors),
            sum(find.layer == layer and find.confirmed is True for find in others),
            sum(find.layer == layer and find.confirmed is None for find in others),
        )
        for layer, items in sizes.items()
    )


def as_rows(counts: Sequence[Tally]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each layer and, last, of all together; what cannot be known is ``None``."""
    sums = (
        sum(getattr(count, name) for count in counts) for name in ("items", "planted", "hits", "true", "open")
    )
    for count in (*counts, Tally("all", *sums)):
        row: dict[str, Any] = {
            "layer": count.layer,
            "items": count.items,
            "planted": count.planted,
            "found": count.hits,
            "recall": None,
            "recall_exact_95": None,
            "recall_wilson_95": None,
            "mended": count.true,
            "unjudged": count.open,
            "residual": None,
            "residual_upper_95": None,
        }
        if count.planted:
            exact, score = (of(count.hits, count.planted) for of in (clopper_pearson, wilson))
            left = residual(count.true, count.hits, count.planted)
            row |= {
                "recall": count.hits / count.planted,
                "recall_exact_95": [exact.low, exact.high],
                "recall_wilson_95": [score.low, score.high],
                "residual": left.estimate,
                "residual_upper_95": left.upper,
            }
        yield row


def as_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the figures as a text table."""
    yield (
        f"{'layer':14}{'items':>7}{'planted':>9}{'found':>7}{'recall':>8}  {'95 % (exact)':14}"
        f"{'mended':>7}{'unjudged':>10}{'left':>8}{'at most':>9}"
    )
    for row in rows:
        recall = "–" if row["recall"] is None else f"{row['recall']:.2f}"
        limits = "–" if row["recall"] is None else "{:.2f}–{:.2f}".format(*row["recall_exact_95"])
        left = "unknown" if row["residual"] is None else f"{row['residual']:.1f}"
        upper = "unknown" if row["residual_upper_95"] is None else str(row["residual_upper_95"])
        yield (
            f"{row['layer']:14}{row['items']:>7}{row['planted']:>9}{row['found']:>7}{recall:>8}  {limits:14}"
            f"{row['mended']:>7}{row['unjudged']:>10}{left:>8}{upper:>9}"
        )


def _names(find: Find, error: Edit) -> bool:
    """Whether a find names an error: the same item, or for a removed one the same sentence and no item."""
    if find.layer != error.layer or find.item != error.item:
        return False
    return error.item is not None or find.sentence == error.sentence


def _fault(item: object, layers: tuple[str, ...]) -> str | None:
    if not isinstance(item, dict) or set(item) != KEYS:
        return f"an object with the keys {', '.join(sorted(KEYS))} is expected"
    if item["layer"] not in layers:
        return f"there is no layer {item['layer']!r}; the layers are {', '.join(layers)}"
    if not all(item[key] is None or isinstance(item[key], str) for key in ("item", "sentence")):
        return "item and sentence are ids or null"
    if item["item"] is None and item["sentence"] is None:
        return "a find names an item or, where one is missing, a sentence"
    if not isinstance(item["confirmed"], bool | None):
        return "confirmed is true, false or, before it is judged, null"
    return None
