"""The figures that are drawn: a table each, its columns articles or groups of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from retold.plots.facts import LAYERS, Facts, together
from retold.records import Registry
from retold.tables.relations import Relations, close

MOST_SPEAKERS = 6
MOST_ENTITIES = 15
MOST_TOPICS = 20
NOBODY = "nobody named"
OTHERS = "others"
_T = TypeVar("_T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: ``value`` as it is drawn, ``lines`` as it is written."""

    value: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The figure in one line."""
        return " ".join(line for line in self.lines if line)


@dataclass(frozen=True, slots=True)
class Figure:
    """A table to draw: ``cells[row][column]``; ``about`` says what is counted, ``corner`` what rows are."""

    name: str
    title: str
    about: str
    corner: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]


def figures(groups: Mapping[str, Facts], registry: Registry) -> tuple[Figure, ...]:
    """Return all figures; ``groups`` has the facts of each article or group, by the name to show."""
    total = together(groups.values())
    return (
        density(groups),
        speakers(groups, total, registry),
        entities(groups, total, registry),
        overlap(groups, close(registry.claims)),
        topics(groups, total, registry),
    )


def density(groups: Mapping[str, Facts]) -> Figure:
    """Return the items of each layer in a thousand words."""

    def cell(facts: Facts, layer: str) -> Cell:
        value = 1000 * facts.items[layer] / facts.words if facts.words else 0.0
        return Cell(value, (f"{value:.1f}",))

    return Figure(
        "density",
        "How densely the articles are annotated",
        "Items of each layer in 1,000 words; words are runs of characters without white space.",
        "layer",
        LAYERS,
        tuple(groups),
        tuple(tuple(cell(facts, layer) for facts in groups.values()) for layer in LAYERS),
    )


def speakers(groups: Mapping[str, Facts], total: Facts, registry: Registry) -> Figure:
    """Return the words quoted from each speaker; the rarer ones together."""
    named = {key: number for key, number in total.quoted.items() if key is not None}
    top = _most(named, MOST_SPEAKERS)
    names = {entity.id: entity.name for entity in registry.entities.values()}
    rows: list[tuple[str, tuple[str, ...]]] = [(names.get(speaker, speaker), (speaker,)) for speaker in top]
    rest = tuple(speaker for speaker in named if speaker not in top)
    rows += [(f"{OTHERS} ({len(rest)})", rest)] if rest else []
    counted = [(name, [sum(f.quoted[key] for key in keys) for f in groups.values()]) for name, keys in rows]
    if total.quoted[None]:
        counted.append((NOBODY, [facts.quoted[None] for facts in groups.values()]))
    return Figure(
        "speakers",
        "Whose words the articles quote",
        "Words of core quotes by speaker; a quote inside another counts for the speaker of the outer one. "
        "Each bar of the plot is the whole of an article.",
        "speaker",
        tuple(name for name, _ in counted),
        tuple(groups),
        tuple(tuple(Cell(number, (str(number),)) for number in numbers) for _, numbers in counted),
    )


def entities(groups: Mapping[str, Facts], total: Facts, registry: Registry) -> Figure:
    """Return the mentions of the entities that are mentioned most, and their share of all mentions."""
    everything = total.mentions.total()
    rows = _most(total.mentions, MOST_ENTITIES)

    def whole(entity: str) -> Cell:
        number = total.mentions[entity]
        return Cell(number, (f"{number} ({100 * number / everything:.1f} %)",))

    return Figure(
        "entities",
        "Which entities are mentioned most",
        f"Mentions (names, adjectives, nominals, pronouns) of the {len(rows)} entities that have the most "
        f"(of {len(total.mentions)}); their share of all {everything} mentions of entities.",
        "entity",
        tuple(registry.entities[row].name if row in registry.entities else row for row in rows),
        (*groups, "all"),
        tuple(
            (*(Cell(f.mentions[row], (str(f.mentions[row]),)) for f in groups.values()), whole(row))
            for row in rows
        ),
    )


def overlap(groups: Mapping[str, Facts], relations: Relations) -> Figure:
    """Return how the canonical claims of each two articles relate, relations closed as in ``claim_pairs``."""

    def cell(row: str, column: str) -> Cell:
        ours, theirs = groups[row].told, groups[column].told
        if row == column:
            return Cell(0, (f"{len(ours)} told",))
        same = len(ours & theirs)
        entailing = {x for x, y, relation in _related(ours, theirs, relations) if relation == "entails"}
        contradicting = sum(r == "contradicts" for _, _, r in _related(ours, theirs, relations))
        return Cell(same, (f"= {same}", f"→ {len(entailing)}", f"≠ {contradicting}"))

    return Figure(
        "overlap",
        "What the articles tell in common",
        "Canonical claims (propositions that claims share, or that relate to one another): = told by both; "
        "→ of the row's that entail one of the column's (say the same and more); ≠ pairs that contradict "
        "each other. On the diagonal: all that the article tells.",
        "article",
        tuple(groups),
        tuple(groups),
        tuple(tuple(cell(row, column) for column in groups) for row in groups),
    )


def topics(groups: Mapping[str, Facts], total: Facts, registry: Registry) -> Figure:
    """Return the blocks of each topic, and of which articles it is a topic as a whole."""
    weight = Counter({code: total.blocks[code] for code in total.blocks | total.main | total.secondary})
    rows = _most(weight, MOST_TOPICS)
    return Figure(
        "topics",
        "What the articles are about",
        "Blocks by IPTC Media Topic; main and secondary: topics of the article as a whole.",
        "topic",
        tuple(registry.topics[row].label if row in registry.topics else row for row in rows),
        tuple(groups),
        tuple(
            tuple(
                Cell(facts.blocks[row], (str(facts.blocks[row]), _rank(facts, row)))
                for facts in groups.values()
            )
            for row in rows
        ),
    )


def _most(counts: Mapping[_T, int], number: int) -> list[_T]:
    """Return the keys with the highest counts; of equal counts, the one whose key sorts first."""
    return sorted(counts, key=lambda key: (-counts[key], str(key)))[:number]


def _related(
    ours: frozenset[str], theirs: frozenset[str], relations: Relations
) -> Iterator[tuple[str, str, str]]:
    for claim in ours:
        for other, relation in relations.get(claim, {}).items():
            if other in theirs:
                yield claim, other, relation.relation


def _rank(facts: Facts, code: str) -> str:
    """Return ``main`` or ``secondary``; with the numbers of articles where there are several."""
    ranks = (("main", facts.main[code]), ("secondary", facts.secondary[code]))
    if facts.articles == 1:
        return next((rank for rank, number in ranks if number), "")
    return ", ".join(f"{rank} {number}" for rank, number in ranks if number)
