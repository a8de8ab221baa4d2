"""An independent pass as the predictions of a system: what an annotator reaches who follows the guidelines.

Its spans are carried into the clean text where that is scored. Relations and remarks are those between the
pass's own claims and quotes, told of the gold's that they match (``agreement.matching``); of a claim that the
pass does not have it says nothing, so each pair with one is neutral.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from retold.agreement.alignment import matched_claims, matched_quotes, related
from retold.agreement.passes import Pass
from retold.benchmark.gold import BODY_KINDS, Gold
from retold.benchmark.tasks.claim_relations import NEUTRAL, inverse
from retold.carrying import CleanArticle, clean_article
from retold.records import Article, Quote, Span
from retold.tokens import TAGGED_FORMS

Json = dict[str, Any]
NAME = "name"


class PassSystem:
    """Makes the prediction files of a pass."""

    def __init__(self, own: Pass, adjudicated: Pass, gold: Gold) -> None:
        """Take the pass, the adjudicated annotation (it has the repairs), and the gold in the view wanted."""
        self._own = own
        self._adjudicated = adjudicated
        self._gold = gold

    def predict(self, task: str) -> Iterator[Json]:
        """Yield the lines of a prediction file.

        Raises:
            KeyError: There is no such task.
        """
        if task == "claim-relations":
            yield from self._relations()
            return
        items = self._items()[task]
        for name, article in self._gold.articles.items():
            if name in self._own.articles:
                where = _Text(article.text, self._carried(name))
                yield {
                    "article": name,
                    "article_sha256": article.sha256,
                    **items(self._own.articles[name], where),
                }

    def _items(self) -> dict[str, Callable[[Article, _Text], Json]]:
        return {
            "quotes": self._quotes,
            "entities": self._mentions,
            "coreference": self._clusters,
            "linking": self._links,
            "checkability": self._sentences,
            "claims": self._claims,
            "utterances": self._utterances,
            "topics": self._topics,
        }

    def _carried(self, name: str) -> CleanArticle | None:
        return None if self._gold.view == "raw" else clean_article(self._adjudicated.articles[name])

    def _quotes(self, article: Article, where: _Text) -> Json:
        quotes = []
        for quote in article.quotes:
            roles = {role: where.spans(getattr(quote, role)) for role in ("content", "source", "cue")}
            if roles["content"]:
                quotes.append({**roles, "type": quote.type, "speaker": self._own.entity(quote.speaker)})
        return {"quotes": quotes}

    def _mentions(self, article: Article, where: _Text) -> Json:
        return {
            "mentions": [
                {**span, "type": m.type}
                for m in article.mentions
                if m.form in TAGGED_FORMS
                for span in where.spans([m.span])
            ]
        }

    def _clusters(self, article: Article, where: _Text) -> Json:
        return {
            "mentions": [
                {**span, "cluster": self._own.entity(m.entity)}
                for m in article.mentions
                if m.entity is not None
                for span in where.spans([m.span])
            ]
        }

    def _links(self, article: Article, where: _Text) -> Json:
        found = []
        for mention in article.mentions:
            entity = self._own.entity(mention.entity)
            if mention.form == NAME and entity is not None:
                wikidata = self._own.registry.entities[entity].wikidata
                found += [{**span, "wikidata": wikidata} for span in where.spans([mention.span])]
        return {"mentions": found}

    def _sentences(self, article: Article, where: _Text) -> Json:
        labels = {label.sentence: label.checkability for label in article.sentence_labels}
        sentences = [s for block in article.blocks for s in block.sentences if s.id in labels]
        return {
            "sentences": [
                {**span, "label": labels[sentence.id]}
                for sentence in sentences
                for span in where.spans([sentence.span])
            ]
        }

    def _claims(self, article: Article, where: _Text) -> Json:
        claims = []
        for claim in article.claims:
            spans = where.spans(claim.spans)
            claimant = claim.claimant if claim.claimant == "article" else self._own.entity(claim.claimant)
            if spans:
                claims.append(
                    {
                        "spans": spans,
                        "claimant": claimant,
                        "category": claim.category,
                        "proposition": claim.proposition,
                    }
                )
        return {"claims": claims}

    def _topics(self, article: Article, where: _Text) -> Json:
        topics = {entry.block: list(entry.topics) for entry in article.block_topics}
        blocks = [block for block in article.blocks if block.kind in BODY_KINDS]
        whole = [topic.topic for topic in (*article.main_topics, *article.secondary_topics)]
        return {
            "topics": whole,
            "blocks": [
                {**span, "topics": topics.get(block.id, [])}
                for block in blocks
                for span in where.spans([Span(block.start, block.end, article.text[block.start : block.end])])
            ],
        }

    def _utterances(self, article: Article, _where: _Text) -> Json:
        quotes = self._gold.articles[article.id].quotes
        told = ((quote.id, self._matches.get(quote.id)) for quote in quotes)
        return {"quotes": [self._telling(name, own) for name, own in told if own is not None]}

    @cached_property
    def _matches(self) -> dict[str, Quote]:
        """The pass's own quote of each of the gold's."""
        _, ours, golden = matched_quotes(self._own, self._adjudicated)
        return {quote.id: own for own, quote in zip(ours, golden, strict=True)}

    def _telling(self, name: str, own: Quote) -> Json:
        told = [str(self._own.utterance(link.utterance)) for link in own.utterances]
        rendering = own.utterances[0].rendering if own.utterances else None
        return {"quote": name, "clusters": sorted(set(told)), "rendering": rendering}

    def _relations(self) -> Iterator[Json]:
        places, ours, golden = matched_claims(self._own, self._adjudicated)
        found = related(places, ours, self._own)
        number = {claim.id: n for n, claim in enumerate(golden)}
        for pair in self._gold.pairs:
            i, j = number.get(pair.a), number.get(pair.b)
            relation = NEUTRAL
            if i is not None and j is not None:
                relation = found.get((i, j)) or inverse(found.get((j, i), NEUTRAL))
            yield {"a": pair.a, "b": pair.b, "relation": relation}


class _Text:
    """Where spans of the raw text stand in the text that is scored."""

    def __init__(self, text: str, carried: CleanArticle | None) -> None:
        self._text = text
        self._carried = carried

    def spans(self, spans: Sequence[Span]) -> list[Json]:
        """Return the spans as predictions give them; what the text does not have any more is left out."""
        extents = [
            (span.start, span.end) if self._carried is None else self._carried.span(span.start, span.end)
            for span in spans
        ]
        return [{"start": a, "end": b, "text": self._text[a:b]} for a, b in filter(None, extents)]
