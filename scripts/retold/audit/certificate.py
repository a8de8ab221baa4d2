"""What readers found, held against what was planted: the figures of each layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retold.audit.bench import Edit
from retold.audit.estimation import clopper_pearson, residual, wilson
from retold.audit.finds import FURTHER, Find, distinct, named_errors

DIGITS = 6  # so that the figures do not hang on how a machine rounds


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one layer: ``hits`` of the ``planted`` errors; other finds judged ``true``, or ``open``.

    ``items`` is ``None`` for a layer that nothing is planted in.
    """

    layer: str
    items: int | None
    planted: int
    hits: int
    true: int
    open: int


def tallies(errors: Sequence[Edit], finds: Sequence[Find], sizes: Mapping[str, int]) -> tuple[Tally, ...]:
    """Count, by layer, what was found; an error or fault that several readers found counts once.

    Args:
        errors: What was planted.
        finds: Of all readers, with ids as in ``errors``.
        sizes: How many items the layers have that errors are planted in. Of further layers those are counted
            in which something was found.
    """
    answers = list(named_errors(errors, finds))
    hits = {index for index in answers if index is not None}
    others = unplanted(errors, finds)
    further = {name: None for name in FURTHER if any(find.layer == name for find in others)}
    return tuple(
        Tally(
            layer,
            items,
            sum(error.layer == layer for error in errors),
            sum(errors[index].layer == layer for index in hits),
            sum(find.layer == layer and find.confirmed is True for find in others),
            sum(find.layer == layer and find.confirmed is None for find in others),
        )
        for layer, items in (dict[str, int | None](sizes) | further).items()
    )


def unplanted(errors: Sequence[Edit], finds: Sequence[Find]) -> tuple[Find, ...]:
    """Return the finds that name no planted error, those of the same fault by two readers once."""
    answers = named_errors(errors, finds)
    return distinct(find for find, index in zip(finds, answers, strict=True) if index is None)


def as_rows(counts: Sequence[Tally]) -> Iterator[dict[str, Any]]:
    """Yield the figures of each layer, of all that errors are planted in, then of further layers.

    What cannot be known is ``None``.
    """
    own = [count for count in counts if count.items is not None]
    items = sum(count.items or 0 for count in own)
    sums = (sum(getattr(count, name) for count in own) for name in ("planted", "hits", "true", "open"))
    yield from map(_row, (*own, Tally("all", items, *sums)))
    yield from (_row(count) for count in counts if count.items is None)


def _row(count: Tally) -> dict[str, Any]:
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
        "residual_per_item": None,
        "residual_upper_95_per_item": None,
    }
    if not count.planted:
        return row
    exact, score = (of(count.hits, count.planted) for of in (clopper_pearson, wilson))
    row |= {
        "recall": round(count.hits / count.planted, DIGITS),
        "recall_exact_95": [round(exact.low, DIGITS), round(exact.high, DIGITS)],
        "recall_wilson_95": [round(score.low, DIGITS), round(score.high, DIGITS)],
    }
    left = residual(count.true, count.hits, count.planted)
    if left.estimate is not None and left.upper is not None:
        row |= {"residual": round(left.estimate, DIGITS), "residual_upper_95": left.upper}
        if count.items:
            row |= {
                "residual_per_item": round(left.estimate / count.items, DIGITS),
                "residual_upper_95_per_item": round(left.upper / count.items, DIGITS),
            }
    return row


def as_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the figures as a text table."""
    yield (
        f"{'layer':16}{'items':>7}{'planted':>9}{'found':>7}{'recall':>8}  {'95 % (exact)':14}"
        f"{'mended':>7}{'unjudged':>10}{'left':>9}{'at most':>9}"
    )
    for row in rows:
        items = "–" if row["items"] is None else str(row["items"])
        recall = "–" if row["recall"] is None else f"{row['recall']:.2f}"
        limits = "–" if row["recall"] is None else "{:.2f}–{:.2f}".format(*row["recall_exact_95"])
        left = "unknown" if row["residual"] is None else f"{row['residual']:.1f}"
        upper = "unknown" if row["residual_upper_95"] is None else str(row["residual_upper_95"])
        yield (
            f"{row['layer']:16}{items:>7}{row['planted']:>9}{row['found']:>7}{recall:>8}  {limits:14}"
            f"{row['mended']:>7}{row['unjudged']:>10}{left:>9}{upper:>9}"
        )
