"""What the corpus is made of, as frozen records.

Offsets everywhere are Unicode code points, counted from 0 into the raw text of the record's own
article, half-open: ``[start, end)``. Sequences keep the order of the annotation file, which is text
order. ``None`` stands for a JSON ``null``. Labels are those that ``schema/vocab/`` defines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retold.frozen import record


@record
class Span:
    """A stretch of an article's raw text; ``text`` equals ``article_text[start:end]``."""

    start: int
    end: int
    text: str


@record
class Flag:
    """A warning about a source text, with the words of the text that show it (may be none)."""

    flag: str
    words: tuple[Span, ...]
    note: str | None = None


@record
class Metadata:
    """What is known of an article; of a field that is ``None``, ``notes`` tells why, by the field's name.

    ``date`` is ISO 8601 (``YYYY-MM-DD``); ``language`` a BCP 47 tag.
    """

    id: str
    title: str | None
    publisher: str | None
    author: str | None
    date: str | None
    url: str | None
    language: str
    source_file: str
    rights: str | None
    flags: tuple[Flag, ...]
    notes: dict[str, str]


@record
class Sentence:
    """A sentence; sentences tile their block."""

    id: str
    span: Span


@record
class Block:
    """A stretch of one ``kind`` (title, paragraph, turn, …); has at least one sentence."""

    id: str
    kind: str
    start: int
    end: int
    sentences: tuple[Sentence, ...]


@record
class UtteranceLink:
    """A quote's tie to a remark that the corpus reports more than once."""

    utterance: str
    rendering: str


@record
class Quote:
    """A report of what a source said, wrote, thinks or wants (guideline ``quotes.md``).

    ``content``, ``cue``, ``cue_group``, ``source`` and ``verbatim`` hold one span per unbroken stretch.
    ``speaker`` is an entity id; ``parent`` the id of the enclosing quote.
    """

    id: str
    type: str
    marking: str
    attitude: str
    polarity: str
    scope: str
    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    cue_group: tuple[Span, ...]
    source: tuple[Span, ...]
    speaker: str | None
    verbatim: tuple[Span, ...]
    parent: str | None
    utterances: tuple[UtteranceLink, ...]
    note: str | None = None


@record
class OtherMark:
    """Words between quotation marks that are no quote; the marks themselves are outside the span."""

    span: Span
    function: str
    note: str | None = None


@record
class Mention:
    """A name, adjective, nominal, pronoun or value; ``entity`` is ``None`` only for values."""

    id: str
    span: Span
    form: str
    type: str
    also: tuple[str, ...]
    entity: str | None
    metonym_of: str | None
    value: str | None
    modifier: str | None
    note: str | None = None


@record
class SentenceLabel:
    """Whether a sentence asserts something that evidence could decide; ``reason`` only for ``none``."""

    sentence: str
    checkability: str
    reason: str | None
    note: str | None = None


@record
class Claim:
    """A smallest statement that could be true or false by itself.

    ``claimant`` is an entity id, the reserved word ``article``, or ``None`` where open; ``quote`` the
    quote whose content holds the claim; ``canonical`` a canonical claim; both by id.
    """

    id: str
    sentence: str
    spans: tuple[Span, ...]
    proposition: str
    category: str
    claimant: str | None
    polarity: str
    certainty: str
    quote: str | None
    canonical: str | None
    note: str | None = None


@record
class ArticleTopic:
    """A topic of a whole article with the ids of the sentences that show it."""

    topic: str
    evidence: tuple[str, ...]
    note: str | None = None


@record
class BlockTopics:
    """The topics of one block, most specific first; may be empty (a greeting)."""

    block: str
    topics: tuple[str, ...]
    note: str | None = None


@record
class Repair:
    """A damaged stretch of the raw text, empty for an insertion, and what the clean text has there."""

    id: str
    span: Span
    replacement: str
    kind: str
    note: str | None = None


@record
class Article:
    """An article with all its layers; an independent pass has no ``repairs``."""

    id: str
    text: str
    sha256: str
    metadata: Metadata
    blocks: tuple[Block, ...]
    quotes: tuple[Quote, ...]
    other_marks: tuple[OtherMark, ...]
    mentions: tuple[Mention, ...]
    sentence_labels: tuple[SentenceLabel, ...]
    claims: tuple[Claim, ...]
    main_topics: tuple[ArticleTopic, ...]
    secondary_topics: tuple[ArticleTopic, ...]
    block_topics: tuple[BlockTopics, ...]
    repairs: tuple[Repair, ...] = ()


@record
class Entity:
    """An entity shared by articles; ``members`` lists the entity ids of a group."""

    id: str
    name: str
    type: str
    wikidata: str | None
    wikidata_note: str | None
    description: str
    members: tuple[str, ...]
    replaced_by: str | None
    note: str | None = None


@record
class Utterance:
    """One remark that the corpus reports more than once; ``reference`` is the id of a quote."""

    id: str
    speaker: str | None
    gist: str
    date: str | None
    place: str | None
    reference: str | None
    replaced_by: str | None
    note: str | None = None


@record
class Relation:
    """A relation of one canonical claim to another; ``type`` and ``level`` only for ``contradicts``."""

    to: str
    relation: str
    type: str | None
    level: str | None


@record
class CanonicalClaim:
    """A proposition that several claims share, or that stands in a relation to another one."""

    id: str
    statement: str
    relations: tuple[Relation, ...]
    replaced_by: str | None
    note: str | None = None


@record
class NearMiss:
    """Two claims (or canonical claims) that were compared and found neutral though close."""

    a: str
    b: str
    why: str


@record
class Topic:
    """An IPTC Media Topic in use; ``code`` is ``medtop:`` and eight digits."""

    code: str
    label: str
    broader: str | None


@record
class Registry:
    """What the articles share, each part keyed by id (or code) in file order."""

    entities: Mapping[str, Entity]
    utterances: Mapping[str, Utterance]
    claims: Mapping[str, CanonicalClaim]
    near_misses: Sequence[NearMiss]
    topics: Mapping[str, Topic]


@record
class Splits:
    """``splits`` maps a split name to article ids; ``folds`` lists the articles of each fold, from 0."""

    splits: dict[str, tuple[str, ...]]
    folds: tuple[tuple[str, ...], ...]

    def article_ids(self) -> tuple[str, ...]:
        """Return all article ids, in the order of the folds."""
        return tuple(article for fold in self.folds for article in fold)
