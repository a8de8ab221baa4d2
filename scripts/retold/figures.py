"""Counts of a corpus: how much of everything there is, by article and by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retold.records import Article, CanonicalClaim, Entity, Registry, Utterance

Key = tuple[str, str, str]  # what is counted, its field, the label; the last two are "" for the number of all

ITEMS: Mapping[str, Callable[[Article], Sequence[object]]] = {
    "flags": lambda article: article.metadata.flags,
    "blocks": lambda article: article.blocks,
    "sentences": lambda article: [one for block in article.blocks for one in block.sentences],
    "labelled sentences": lambda article: article.sentence_labels,
    "quotes": lambda article: article.quotes,
    "told utterances": lambda article: [link for quote in article.quotes for link in quote.utterances],
    "other marks": lambda article: article.other_marks,
    "mentions": lambda article: article.mentions,
    "claims": lambda article: article.claims,
    "main topics": lambda article: article.main_topics,
    "secondary topics": lambda article: article.secondary_topics,
    "repairs": lambda article: article.repairs,
    "block topics": lambda article: [code for entry in article.block_topics for code in entry.topics],
}
# (what is counted, field of its records, label set)
LABELS = (
    ("flags", "flag", "metadata-flag"),
    ("blocks", "kind", "block-kind"),
    ("labelled sentences", "checkability", "checkability"),
    ("labelled sentences", "reason", "none-reason"),
    ("quotes", "type", "quote-type"),
    ("quotes", "marking", "quote-marking"),
    ("quotes", "attitude", "quote-attitude"),
    ("quotes", "polarity", "quote-polarity"),
    ("quotes", "scope", "quote-scope"),
    ("told utterances", "rendering", "rendering"),
    ("other marks", "function", "mark-function"),
    ("mentions", "form", "mention-form"),
    ("mentions", "type", "entity-type"),
    ("mentions", "modifier", "modifier"),
    ("claims", "category", "claim-category"),
    ("claims", "polarity", "claim-polarity"),
    ("claims", "certainty", "certainty"),
    ("repairs", "kind", "repair-kind"),
)
NUMBER = "0000000"  # room for any count
Vocabularies = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by article (in the order given; what is not there counts 0), and of the registries."""

    articles: Mapping[str, Mapping[Key, int]]
    registries: Mapping[str, int]

    def total(self) -> Counter[Key]:
        """Return the sums over all articles."""
        total: Counter[Key] = Counter()
        for counts in self.articles.values():
            total.update(counts)
        return total


def count_article(article: Article) -> Counter[Key]:
    """Count what one article holds; words are runs without white space."""
    counts: Counter[Key] = Counter()
    counts["characters", "", ""] = len(article.text)
    counts["words", "", ""] = len(article.text.split())
    items = {what: select(article) for what, select in ITEMS.items()}
    for what, found in items.items():
        counts[what, "", ""] = len(found)
    for what, field, _ in LABELS:
        labels = (getattr(item, field) for item in items[what])
        counts.update((what, field, label) for label in labels if label is not None)
    return counts


def count_registries(registry: Registry) -> dict[str, int]:
    """Count the entries in use, relations and near misses; retired entries by themselves."""
    entries: dict[str, Sequence[Entity | Utterance | CanonicalClaim]] = {
        "entities": list(registry.entities.values()),
        "utterances": list(registry.utterances.values()),
        "canonical claims": list(registry.claims.values()),
    }
    counts = {what: sum(entry.replaced_by is None for entry in found) for what, found in entries.items()}
    retired = sum(entry.replaced_by is not None for found in entries.values() for entry in found)
    relations = Counter(
        relation.relation for claim in registry.claims.values() for relation in claim.relations
    )
    return {
        **counts,
        "retired entries": retired,
        "entails": relations["entails"],
        "contradicts": relations["contradicts"],
        "near misses": len(registry.near_misses),
        "topics": len(registry.topics),
    }


def keys(vocabularies: Vocabularies) -> Iterator[Key]:
    """Yield all that is counted, in the order in which it is shown; labels in the order of their set."""
    for what in ("characters", "words", *ITEMS):
        yield what, "", ""
        for owner, field, vocabulary in LABELS:
            if owner == what:
                yield from ((what, field, label) for label in vocabularies[vocabulary])


def as_json(figures: Figures, vocabularies: Vocabularies) -> dict[str, object]:
    """Return ``{"articles": {id: counts}, "total": counts, "registries": {name: number}}``.

    ``counts`` is ``{"items": {thing: number}, "labels": {"<thing>.<field>": {label: number}}}``, zeros
    included.
    """
    order = list(keys(vocabularies))
    return {
        "articles": {article: _nested(counts, order) for article, counts in figures.articles.items()},
        "total": _nested(figures.total(), order),
        "registries": dict(figures.registries),
    }


def as_text(
    figures: Figures, vocabularies: Vocabularies, columns: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield a table with a row for each count and a column for each group of articles, and the total.

    ``columns`` maps a column's heading to the ids of its articles.
    """
    groups = [_sum(figures, articles) for articles in columns.values()] + [figures.total()]
    width = max(len(heading) + 2 for heading in (*columns, NUMBER))
    yield _row("", [*columns, "total"], width)
    last = ("", "")
    for what, field, label in keys(vocabularies):
        if field and (what, field) != last:
            yield f"  {field}"
        last = (what, field)
        name = f"    {label}" if field else what
        yield _row(name, [str(counts[what, field, label]) for counts in groups], width)
    yield ""
    yield from (_row(name, [str(number)], width) for name, number in figures.registries.items())


def _sum(figures: Figures, articles: Sequence[str]) -> Counter[Key]:
    return Figures({article: figures.articles[article] for article in articles}, {}).total()


def _row(name: str, cells: Sequence[str], width: int) -> str:
    return f"{name:<30}{''.join(f'{cell:>{width}}' for cell in cells)}"


def _nested(counts: Mapping[Key, int], order: Sequence[Key]) -> dict[str, object]:
    labels: dict[str, dict[str, int]] = {}
    for what, field, label in order:
        if field:
            labels.setdefault(f"{what}.{field}", {})[label] = counts.get((what, field, label), 0)
    items = {what: counts.get((what, "", ""), 0) for what, field, _ in order if not field}
    return {"items": items, "labels": labels}
