"""The labelling configuration: the XML that a Label Studio project is set up with.

Closed label sets and the registry's entries are choices, so that an annotator cannot mistype them; an entry
that is still to be made is a further line of the configuration (and of the registry). Of topics the names
are shown and the codes stored (``alias``).

labelstud.io/tags describes the tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from retold.exchange.items import QUOTE, ItemType
from retold.exchange.label_studio.controls import (
    LABEL_FIELDS,
    NO_TOPIC,
    RANK_NOTES,
    RANKS,
    REGIONS,
    TEXT,
    Control,
    controls_of,
    head_label,
    part_labels,
    rank_control,
)
from retold.records import Registry

ARTICLE = "article"  # the claimant of what the article says itself
SHORT = 6  # so many choices are shown side by side, more as a list to search

Option = dict[str, str]  # the attributes of a <Choice>


def configuration(registry: Registry, vocabularies: Mapping[str, Iterable[str]]) -> str:
    """Return the configuration for a registry; ``vocabularies`` maps closed label sets to their labels."""
    options = {
        **{name: [{"value": label} for label in labels] for name, labels in vocabularies.items()},
        **_registry_options(registry),
    }
    root = ET.Element("View")
    relations = ET.SubElement(root, "Relations")
    for label in (*QUOTE.spans, "spans", "parent", "quote"):
        ET.SubElement(relations, "Relation", value=label)
    for name, kind in REGIONS.items():
        labels = ET.SubElement(root, "Labels", name=name, toName=TEXT)
        for label in _labels(kind, vocabularies):
            ET.SubElement(labels, "Label", value=label)
    ET.SubElement(root, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    for kind in REGIONS.values():
        for control in controls_of(kind):
            _field(root, kind, control, options)
    for rank in RANKS:
        _control(root, rank_control(rank), options, {})
    _control(root, Control(RANK_NOTES, "textarea", "note", many=True), options, {})
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _labels(kind: ItemType, vocabularies: Mapping[str, Iterable[str]]) -> Iterable[str]:
    if kind.name in LABEL_FIELDS:
        return vocabularies[kind.labels[LABEL_FIELDS[kind.name]]]
    return (head_label(kind), *part_labels(kind))


def _field(root: ET.Element, kind: ItemType, control: Control, options: Mapping[str, list[Option]]) -> None:
    """Add a control that is shown when a region of its item type is chosen."""
    shown = {"perRegion": "true", "whenTagName": kind.name.lower()}
    if part_labels(kind):
        shown["whenLabelValue"] = head_label(kind)
    _control(root, control, options, shown)


def _control(
    root: ET.Element, control: Control, options: Mapping[str, list[Option]], shown: Mapping[str, str]
) -> None:
    found = options.get(control.options, [])
    if control.type != "textarea" and not found:
        return  # a list without choices is refused by Label Studio
    view = ET.SubElement(root, "View", {"visibleWhen": "region-selected", **shown} if shown else {})
    ET.SubElement(view, "Header", value=control.name.replace("_", " "), size="6")
    element = ET.SubElement(view, control.tag, {"name": control.name, "toName": TEXT, **shown})
    if control.type == "textarea":
        element.attrib |= {"editable": "true"} | ({} if control.many else {"maxSubmissions": "1"})
        return
    if control.type == "choices":
        element.set("choice", "multiple" if control.many else "single")
        element.set("layout", "select" if len(found) > SHORT else "inline")
    extra = [{"value": "no topic", "alias": NO_TOPIC}] if control.name == "block_topics" else []
    for option in (*extra, *found):
        choice = ET.SubElement(element, "Choice", option)
        if control.type == "taxonomy":
            for rendering in options["rendering"]:
                ET.SubElement(choice, "Choice", rendering)


def _registry_options(registry: Registry) -> dict[str, list[Option]]:
    """Return the registry's entries that may be chosen: those that no other entry replaces."""
    entities = [
        {"value": entity.id, "hint": f"{entity.name} ({entity.type})"}
        for entity in registry.entities.values()
        if entity.replaced_by is None
    ]
    return {
        "entities": entities,
        "claimants": [{"value": ARTICLE}, *entities],
        "claims": [
            {"value": claim.id, "hint": claim.statement}
            for claim in registry.claims.values()
            if claim.replaced_by is None
        ],
        "utterances": [
            {"value": utterance.id, "hint": utterance.gist}
            for utterance in registry.utterances.values()
            if utterance.replaced_by is None
        ],
        "topics": [{"value": topic.label, "alias": topic.code} for topic in registry.topics.values()],
    }
