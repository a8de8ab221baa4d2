"""L4: what an article's files refer to exists, and is what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from retold.checks.inputs import ArticleCheck, ArticleInput
from retold.findings import Finding, Pointer
from retold.records import Quote, Span

ARTICLE = "article"  # the claimant of what nobody else says


def _entity(
    article: ArticleInput, layer: str, pointer: Pointer, item: str | None, entity: str | None
) -> Iterator[Finding]:
    if entity is None:
        return
    entry = article.registry.entities.get(entity)
    if entry is None:
        yield article.find(layer, "unknown-entity", pointer, item, entity=entity)
    elif entry.replaced_by is not None:
        yield article.find(layer, "retired-entry", pointer, item, id=entity, replaced_by=entry.replaced_by)


def speakers(article: ArticleInput) -> Iterator[Finding]:
    """Check the speakers of quotes.

    Issues: unknown-entity, retired-entry.
    """
    known = article.registries.entities
    for number, quote in enumerate(article.quotes):
        if quote.speaker not in known:
            yield from _entity(article, "quotes", ("quotes", number, "speaker"), quote.id, quote.speaker)


def mention_entities(article: ArticleInput) -> Iterator[Finding]:
    """Check the entities of mentions.

    Issues: unknown-entity, retired-entry.
    """
    known = article.registries.entities
    for number, mention in enumerate(article.mentions):
        if mention.entity in known and mention.metonym_of in known:
            continue
        for key in ("entity", "metonym_of"):
            pointer = ("mentions", number, key)
            yield from _entity(article, "entities", pointer, mention.id, getattr(mention, key))


def claimants(article: ArticleInput) -> Iterator[Finding]:
    """Check the claimants of claims.

    Issues: unknown-entity, retired-entry.
    """
    known = article.registries.entities
    for number, claim in enumerate(article.claims):
        if claim.claimant != ARTICLE and claim.claimant not in known:
            yield from _entity(article, "claims", ("claims", number, "claimant"), claim.id, claim.claimant)


def utterance_links(article: ArticleInput) -> Iterator[Finding]:
    """Check the utterances of quotes.

    Issues: unknown-utterance, retired-entry.
    """
    utterances = article.registry.utterances
    for number, quote in enumerate(article.quotes):
        for place, link in enumerate(quote.utterances):
            pointer = ("quotes", number, "utterances", place, "utterance")
            entry = utterances.get(link.utterance)
            if entry is None:
                yield article.find("quotes", "unknown-utterance", pointer, quote.id, utterance=link.utterance)
            elif entry.replaced_by is not None:
                values = {"id": link.utterance, "replaced_by": entry.replaced_by}
                yield article.find("quotes", "retired-entry", pointer, quote.id, **values)


def canonical_links(article: ArticleInput) -> Iterator[Finding]:
    """Check the canonical claims of claims.

    Issues: unknown-canonical, retired-entry.
    """
    for number, claim in enumerate(article.claims):
        if claim.canonical is None:
            continue
        pointer = ("claims", number, "canonical")
        entry = article.registry.claims.get(claim.canonical)
        if entry is None:
            yield article.find("claims", "unknown-canonical", pointer, claim.id, canonical=claim.canonical)
        elif entry.replaced_by is not None:
            values = {"id": claim.canonical, "replaced_by": entry.replaced_by}
            yield article.find("claims", "retired-entry", pointer, claim.id, **values)


def claim_quotes(article: ArticleInput) -> Iterator[Finding]:
    """Check the quotes of claims.

    Issues: unknown-quote.
    """
    known = {quote.id for quote in article.quotes}
    for number, claim in enumerate(article.claims):
        if claim.quote is not None and claim.quote not in known:
            yield article.find(
                "claims", "unknown-quote", ("claims", number, "quote"), claim.id, quote=claim.quote
            )


def claim_sentences(article: ArticleInput) -> Iterator[Finding]:
    """Check the sentences that labels and claims name.

    Issues: unknown-sentence.
    """
    known = article.places
    named: list[tuple[Pointer, str, str | None]] = [
        (("sentences", number, "sentence"), label.sentence, None)
        for number, label in enumerate(article.labels)
        if label.sentence not in known
    ]
    named += [
        (("claims", number, "sentence"), claim.sentence, claim.id)
        for number, claim in enumerate(article.claims)
        if claim.sentence not in known
    ]
    for pointer, sentence, item in named:
        yield article.find("claims", "unknown-sentence", pointer, item, sentence=sentence)


def topic_places(article: ArticleInput) -> Iterator[Finding]:
    """Check the evidence of article topics and the blocks of block topics.

    Issues: unknown-sentence, unknown-block.
    """
    sentences = article.places
    blocks = {block.id for block in article.blocks}
    for pointer, topic in article.article_topics:
        for number, sentence in enumerate(topic.evidence):
            if sentence not in sentences:
                place = (*pointer, "evidence", number)
                yield article.find("topics", "unknown-sentence", place, topic.topic, sentence=sentence)
    for number, entry in enumerate(article.block_topics):
        if entry.block not in blocks:
            place = ("block_topics", number, "block")
            yield article.find("topics", "unknown-block", place, None, block=entry.block)


def topic_codes(article: ArticleInput) -> Iterator[Finding]:
    """Check the topics against the vocabulary and the registry.

    Issues: unknown-topic, retired-topic, unregistered-topic.
    """
    places: list[tuple[Pointer, str]] = [((*p, "topic"), topic.topic) for p, topic in article.article_topics]
    places += [
        (("block_topics", number, "topics", place), code)
        for number, entry in enumerate(article.block_topics)
        for place, code in enumerate(entry.topics)
    ]
    for pointer, code in places:
        topic = article.registries.topics.get(code)
        if topic is None:
            yield article.find("topics", "unknown-topic", pointer, None, code=code)
        elif topic.retired is not None:
            values = {"code": code, "label": topic.label, "retired": topic.retired}
            yield article.find("topics", "retired-topic", pointer, None, **values)
        elif code not in article.registry.topics:
            yield article.find("topics", "unregistered-topic", pointer, None, code=code, label=topic.label)


def parents(article: ArticleInput) -> Iterator[Finding]:
    """Check that parents exist, form no circle and enclose their nested quotes.

    Issues: unknown-quote, parent-circle, nested-outside-parent.
    """
    quotes = {quote.id: quote for quote in article.quotes}
    circling = _circling(quotes)
    for number, quote in enumerate(article.quotes):
        if quote.parent is None:
            continue
        pointer = ("quotes", number, "parent")
        if quote.parent not in quotes:
            yield article.find("quotes", "unknown-quote", pointer, quote.id, quote=quote.parent)
        elif quote.id in circling:
            yield article.find("quotes", "parent-circle", pointer, quote.id, parent=quote.parent)
        else:
            yield from _nested(article, number, quote, quotes[quote.parent])


def _circling(quotes: dict[str, Quote]) -> set[str]:
    """Return the quotes that are their own ancestors; each quote is walked over once."""
    found: set[str] = set()
    done: set[str | None] = {None}
    for start in [quote.id for quote in quotes.values() if quote.parent is not None]:
        path: dict[str, None] = {}  # in the order of the walk
        step: str | None = start
        while step is not None and step in quotes and step not in done and step not in path:
            path[step] = None
            step = quotes[step].parent
        if step in path:
            walked = list(path)
            found.update(walked[walked.index(step) :])
        done |= path.keys()
    return found


def _nested(article: ArticleInput, number: int, quote: Quote, parent: Quote) -> Iterator[Finding]:
    for place, span in enumerate(quote.content):
        if not any(_inside(span, outer) for outer in parent.content):
            pointer = ("quotes", number, "content", place, "text")
            values = {"text": repr(span.text), "parent": parent.id}
            yield article.find("quotes", "nested-outside-parent", pointer, quote.id, **values)


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


CHECKS = (
    ArticleCheck("L4", ("quotes", "registry-entities"), speakers),
    ArticleCheck("L4", ("entities", "registry-entities"), mention_entities),
    ArticleCheck("L4", ("claims", "registry-entities"), claimants),
    ArticleCheck("L4", ("quotes", "registry-utterances"), utterance_links),
    ArticleCheck("L4", ("claims", "registry-claims"), canonical_links),
    ArticleCheck("L4", ("claims", "quotes"), claim_quotes),
    ArticleCheck("L4", ("claims", "segments"), claim_sentences),
    ArticleCheck("L4", ("topics", "segments"), topic_places),
    ArticleCheck("L4", ("topics", "registry-topics"), topic_codes),
    ArticleCheck("L4", ("quotes",), parents),
)
