"""The ``result`` of a Label Studio annotation, taken apart: regions, relations, what the whole text has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from retold.exchange.formats import ExchangeError
from retold.exchange.items import ItemType
from retold.exchange.label_studio.controls import (
    RANK_NOTES,
    RANKS,
    REGIONS,
    RELATION,
    Control,
    controls_of,
    rank_control,
)

Json = dict[str, Any]

FIELDS: Mapping[str, Control] = {
    control.name: control
    for control in (
        *(control for kind in REGIONS.values() for control in controls_of(kind)),
        *(rank_control(rank) for rank in RANKS),
        Control(RANK_NOTES, "textarea", "note", many=True),
    )
}


@dataclass(frozen=True, slots=True)
class Region:
    """A region with the values of its controls, by the fields of the item; ``words`` as the file has them."""

    id: str
    kind: ItemType
    label: str
    start: int
    end: int
    words: str
    values: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """An annotation: its regions by id in file order, relations ``(from, to)``, topics and notes."""

    regions: dict[str, Region] = field(default_factory=dict)
    relations: list[tuple[str, str]] = field(default_factory=list)
    whole: dict[str, list[Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)


def parse(result: object, text: str, place: str) -> Parsed:
    """Take a result list apart; ``place`` says where it stands, for messages.

    Raises:
        ExchangeError: It has not the form of a result, or two regions have one id.
    """
    if not isinstance(result, list):
        raise ExchangeError(f"{place}: no list of results. Export the project as JSON")
    parsed = Parsed()
    rest: list[tuple[str, Json]] = []
    for number, entry in enumerate(result):
        where = f"{place}, result {number}"
        if not isinstance(entry, dict):
            raise ExchangeError(f"{where}: no object")
        if entry.get("type") == RELATION:
            _add_relation(parsed, entry, where)
        elif entry.get("type") == "labels":
            _add_region(parsed, entry, text, where)
        else:
            rest.append((where, entry))
    for where, entry in rest:
        _add_values(parsed, entry, where)
    return parsed


def _add_region(parsed: Parsed, entry: Json, text: str, where: str) -> None:
    kind = REGIONS.get(str(entry.get("from_name")))
    if kind is None:
        parsed.notices.append(f"{where}: {entry.get('from_name')!r} is no control of the project: left out")
        return
    identity, value = string_of(entry, "id", where), value_of(entry, where)
    start, end = (offset_of(value, key, where) for key in ("start", "end"))
    labels = value.get("labels")
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise ExchangeError(f"{where}: a region has one label, not {labels!r:.80}")
    if identity in parsed.regions:
        raise ExchangeError(f"{where}: there is a region {identity!r} already; give it one label only")
    words = value.get("text")
    parsed.regions[identity] = Region(identity, kind, labels[0], start, end, words_of(words, text[start:end]))


def words_of(given: object, there: str) -> str:
    r"""Return the words of a region as given; Label Studio writes a line end in them as ``\n``."""
    if not isinstance(given, str) or given == there.replace("\n", "\\n"):
        return there
    return given


def _add_relation(parsed: Parsed, entry: Json, where: str) -> None:
    ends = string_of(entry, "from_id", where), string_of(entry, "to_id", where)
    match entry.get("direction", "right"):
        case "right":
            parsed.relations.append(ends)
        case "left":
            parsed.relations.append((ends[1], ends[0]))
        case other:
            parsed.notices.append(f"{where}: a relation has one direction, not {other!r}: left out")


def _add_values(parsed: Parsed, entry: Json, where: str) -> None:
    control = FIELDS.get(str(entry.get("from_name")))
    if control is None or entry.get("type") != control.type:
        parsed.notices.append(f"{where}: {entry.get('from_name')!r} is no control of the project: left out")
        return
    values = value_of(entry, where).get(control.key)
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list) or not all(_fits(value, control) for value in values):
        raise ExchangeError(f"{where}: {control.key!r} is no list of {control.key}")
    if control.field in RANKS or control.name == RANK_NOTES:
        parsed.whole[control.field] = values
        return
    region = parsed.regions.get(string_of(entry, "id", where))
    if region is None:
        parsed.notices.append(f"{where}: {control.name} of a region that is not there: left out")
    elif control not in controls_of(region.kind):
        parsed.notices.append(f"{where}: a {region.kind.name} has no {control.name}: left out")
    else:
        region.values[control.field] = values


def _fits(value: object, control: Control) -> bool:
    if control.type != "taxonomy":
        return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(step, str) for step in value)


def value_of(entry: Json, where: str) -> Json:
    """Return the value of a result; ``ExchangeError`` if it has none."""
    value = entry.get("value")
    if not isinstance(value, dict):
        raise ExchangeError(f"{where}: no value")
    return value


def string_of(entry: Json, key: str, where: str) -> str:
    """Return a text of a result; ``ExchangeError`` if it is none."""
    value = entry.get(key)
    if not isinstance(value, str):
        raise ExchangeError(f"{where}: {key!r} is no text")
    return value


def offset_of(value: Json, key: str, where: str) -> int:
    """Return an offset of a region, right or wrong; ``ExchangeError`` if it is no number from 0."""
    offset = value.get(key)
    if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0:
        raise ExchangeError(f"{where}: {key!r} is no offset: {offset!r:.80}")
    return offset
