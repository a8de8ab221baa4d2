r"""CorefUD's CoNLL-U: the mentions of all entities, with entities that span the articles.

One file ``corpus.conllu`` with ``# newdoc id`` before each article and ``# global.Entity =
eid-etype-head-other``: ``eid`` is the registry's id with ``_`` for ``-``, the same in all articles; ``etype``
the registry's type; ``head`` the last word (the corpus has no syntax); ``other`` the mention's form, its id
without the article's, its type where that differs, the Wikidata item, and the country that a metonym stands
for. Values (dates, sums) are no entities and are left out.

The tree is a stand-in, since the format wants one: each word hangs on the next as ``dep``, the last is the
root, so the last word of a mention is its head; lemma, part of speech and features are empty.

``SpaceAfter=No`` as in Universal Dependencies, and white space other than one space as ``SpacesBefore`` and
``SpacesAfter`` (UDPipe's convention): ``\s``, ``\t``, ``\n``, ``\r``, other characters as ``\u`` and four
hexadecimal digits. So the text comes back exactly.

Nedoluzhko et al., *CorefUD 1.0*, LREC 2022; ufal.mff.cuni.cz/corefud.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from retold.exchange.formats import ExchangeError, Report
from retold.exchange.losses import ARTICLE_ITEMS, losses
from retold.exchange.words import Word, WordIndex, WordSentence, sentence_words
from retold.records import Article, Mention, Registry

FILE = "corpus.conllu"
HEADER = "# global.Entity = eid-etype-head-other"
LEFT_OUT = (
    *ARTICLE_ITEMS,
    "registry-utterances",
    "registry-claims",
    "registry-topics",
)
_WHITE = {" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r"}

# For each word, the brackets there, each with the number of the word at the mention's other end.
Brackets = defaultdict[int, list[tuple[int, str]]]


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write the mentions of all articles to ``out/corpus.conllu``.

    Raises:
        ExchangeError: A mention is no whole number of words or crosses sentences; it is of an entity that
            the registry has not; words lie in no sentence.
    """
    lines = [line for article in articles for line in _lines(article, registry)]
    (out / FILE).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    values = sum(mention.entity is None for article in articles for mention in article.mentions)
    groups = sum(bool(entity.members) for entity in registry.entities.values())
    counted = {"entities/mentions": values, "registry-entities/members": groups}
    return Report((FILE,), losses(articles, registry, LEFT_OUT, counted))


def entity_id(entity: str) -> str:
    """Return the ``eid`` of an entity of the registry; a hyphen would end the field."""
    return entity.replace("-", "_")


def escaped(white: str) -> str:
    """Return white space as the values of ``SpacesBefore`` and ``SpacesAfter`` write it."""
    return "".join(_WHITE.get(character) or f"\\u{ord(character):04x}" for character in white)


def _lines(article: Article, registry: Registry) -> Iterator[str]:
    sentences = sentence_words(article)
    entities = _entity_column(article, registry, sentences)
    head = [f"# newdoc id = {article.id}", HEADER]
    place = 0
    for sentence in sentences:
        yield from head
        head = []
        words = sentence.words
        yield f"# sent_id = {sentence.id}"
        yield f"# text = {_sentence_text(words)}"
        for number, word in enumerate(words, start=1):
            misc = "|".join(sorted([*entities.get(place, ()), *_spaces(word)])) or "_"
            tree = "0\troot" if number == len(words) else f"{number + 1}\tdep"
            yield f"{number}\t{word.text}\t_\t_\t_\t_\t{tree}\t_\t{misc}"
            place += 1
        yield ""


def _sentence_text(words: Sequence[Word]) -> str:
    """Return the text that the words give by ``SpaceAfter``, as Universal Dependencies demand."""
    return "".join(word.text + (" " if word.after else "") for word in words).rstrip(" ")


def _spaces(word: Word) -> Iterator[str]:
    if word.before:
        yield f"SpacesBefore={escaped(word.before)}"
    if not word.after:
        yield "SpaceAfter=No"
    elif word.after != " ":
        yield f"SpacesAfter={escaped(word.after)}"


def _entity_column(
    article: Article, registry: Registry, sentences: Sequence[WordSentence]
) -> dict[int, list[str]]:
    """Return the ``Entity`` attribute of the words that have one, by their numbers in the article."""
    index = WordIndex(article.id, [word for sentence in sentences for word in sentence.words])
    sentence_of = [sentence.id for sentence in sentences for _ in sentence.words]
    opened: Brackets = defaultdict(list)
    closed: Brackets = defaultdict(list)
    for mention in article.mentions:
        if mention.entity is None:
            continue
        found = index.of(mention.span)
        first, last = found[0], found[-1]
        if sentence_of[first] != sentence_of[last]:
            raise ExchangeError(f"{mention.id} crosses the end of a sentence; run retold validate")
        bracket = _bracket(article, mention, registry, len(found))
        opened[first].append((last, bracket + ")" if first == last else bracket))
        if first != last:
            closed[last].append((first, f"{entity_id(mention.entity)})"))
    return {place: [f"Entity={_chunks(place, opened, closed)}"] for place in {*opened, *closed}}


def _chunks(place: int, opened: Brackets, closed: Brackets) -> str:
    """Join the brackets of a word: longer mentions open first and close last.

    A mention of one word stands before what closes, unless a longer one opens at the same word.
    """
    starts = sorted(opened.get(place, ()), key=lambda found: -found[0])
    ends = sorted(closed.get(place, ()), key=lambda found: -found[0])
    inner_first = all(last == place for last, _ in starts)
    groups = (starts, ends) if inner_first else (ends, starts)
    return "".join(text for group in groups for _, text in group)


def _bracket(article: Article, mention: Mention, registry: Registry, length: int) -> str:
    entity = registry.entities.get(mention.entity or "")
    if entity is None:
        raise ExchangeError(
            f"{mention.id}: no entity {mention.entity!r} in the registry; run retold validate"
        )
    other = {
        "form": mention.form,
        "mention": mention.id.removeprefix(f"{article.id}-"),
        "metonym": entity_id(mention.metonym_of or ""),
        "type": mention.type if mention.type != entity.type else "",
        "wikidata": entity.wikidata or "",
    }
    fields = ",".join(f"{key}:{value}" for key, value in other.items() if value)
    return f"({entity_id(entity.id)}-{entity.type}-{length}-{fields}"
