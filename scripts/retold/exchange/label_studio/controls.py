"""The controls of a Label Studio project that holds the annotation, and what each of them says.

Each item is a region of its article's text, drawn with the ``Labels`` control of its item type; the region's
id is the item's. Items of several spans (quotes, claims) are their first span, with the *parts* as further
regions, which relations tie to it; a part that several items share, such as a source, is one region. What
else an item says stands in controls of its region. Topics of a block are a control of the block's region,
the topics of the article controls of the whole text, their evidence a control of the sentences' regions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from retold.exchange.items import BLOCK, CLAIM, MARK, MENTION, QUOTE, SENTENCE, ItemType

TEXT = "text"  # the name of the Text tag, and the field of the task that it shows
NO_TOPIC = "none"  # a block that was judged and has no topic
RELATION = "relation"
RANKS = ("main", "secondary")
RANK_NOTES = "article_topic_notes"  # lines of a topic's code, a colon and the note

REGIONS: Mapping[str, ItemType] = MappingProxyType(
    {kind.name.lower(): kind for kind in (BLOCK, SENTENCE, MENTION, QUOTE, MARK, CLAIM)}
)
# The field that is shown as a region's label; regions of other item types are labelled with the type's name.
LABEL_FIELDS: Mapping[str, str] = MappingProxyType({"Block": "kind", "Mark": "function", "Mention": "type"})
_TAGS = {
    "choices": ("Choices", "choices"),
    "textarea": ("TextArea", "text"),
    "taxonomy": ("Taxonomy", "taxonomy"),
}
_OPTIONS = {"speaker": "entities", "entity": "entities", "metonym_of": "entities", "claimant": "claimants"}

_FOLLOWS = {"sentence"}  # from where a claim begins


@dataclass(frozen=True, slots=True)
class Control:
    """A control by its name in the configuration.

    ``type`` is that of its results; ``field`` the field of the item that it holds; ``options`` names a
    vocabulary or a part of the registry, empty for free text; ``many`` whether several may be chosen.
    """

    name: str
    type: str
    field: str
    options: str = ""
    many: bool = False

    @property
    def tag(self) -> str:
        """The XML tag of the control."""
        return _TAGS[self.type][0]

    @property
    def key(self) -> str:
        """The key of a result's ``value`` that holds a list of what was chosen or typed."""
        return _TAGS[self.type][1]


_LISTS: Mapping[str, tuple[Control, ...]] = MappingProxyType(
    {
        MENTION.name: (Control("mention_also", "choices", "also", "entity-type", many=True),),
        QUOTE.name: (Control("quote_utterances", "taxonomy", "utterances", "utterances", many=True),),
        SENTENCE.name: (Control("sentence_evidence", "choices", "evidence", "topics", many=True),),
        BLOCK.name: (Control("block_topics", "choices", "topics", "topics", many=True),),
    }
)


def head_label(kind: ItemType) -> str:
    """Return the label of regions that stand for an item whose type has no label of its own."""
    return kind.name.lower()


def part_labels(kind: ItemType) -> tuple[str, ...]:
    """Return the labels of the parts of an item: its lists of spans."""
    return kind.spans


def controls_of(kind: ItemType) -> tuple[Control, ...]:
    """Return the controls of regions of one item type, in the order in which they are shown."""
    return tuple(_controls(kind))


def rank_control(rank: str) -> Control:
    """Return the control of the article's topics of one rank."""
    return Control(f"article_topics_{rank}", "choices", rank, "topics", many=True)


def _controls(kind: ItemType) -> Iterator[Control]:
    name = kind.name.lower()
    for field, vocabulary in kind.labels.items():
        if field != LABEL_FIELDS.get(kind.name):
            yield Control(f"{name}_{field}", "choices", field, vocabulary)
    for field in kind.links:
        yield Control(f"{name}_{field}", "choices", field, _OPTIONS.get(field, "claims"))
    for field in kind.strings:
        if field not in _FOLLOWS:
            yield Control(f"{name}_{field}", "textarea", field)
    yield from _LISTS.get(kind.name, ())
    yield Control(f"{name}_note", "textarea", "note")
