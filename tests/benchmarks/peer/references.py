"""L4: ids, and what they refer to: in the articles and in the registries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.peer.files import Article, Corpus, Errors, Json
from benchmarks.peer.spans import file_of

ITEMS = {
    "segments": ("blocks", "b"),
    "quotes": ("quotes", "q"),
    "entities": ("mentions", "m"),
    "claims": ("claims", "c"),
    "repairs": ("repairs", "r"),
}
UNKNOWN = {"entities": "unknown-entity", "utterances": "unknown-utterance", "claims": "unknown-canonical"}


class References:
    """The registries' entries by id, looked up for every article."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.entries = {name: corpus.entries(name) for name in corpus.registries}

    def refer(self, registry: str, name: str | None, file: str, item: str) -> Errors:
        """Check one reference to an entry."""
        if name is None:
            return
        entry = self.entries[registry].get(name)
        if entry is None:
            yield UNKNOWN[registry], file, f"{item}: there is no {name}"
        elif entry["replaced_by"] is not None:
            yield "retired-entry", file, f"{item}: {name} is replaced by {entry['replaced_by']}"

    def votes(self, document: Json, file: str) -> Errors:
        for name in voted(document):
            if name not in self.corpus.passes:
                yield "unknown-pass", file, f"there is no pass {name}"

    def topic(self, code: str, file: str) -> Errors:
        topic = self.corpus.vocabulary.get(code)
        if topic is None:
            yield "unknown-topic", file, f"{code} is no Media Topic"
        elif topic["retired"] is not None:
            yield "retired-topic", file, f"{code} was retired on {topic['retired']}"
        elif code not in self.entries["topics"]:
            yield "unregistered-topic", file, f"{code} is not in the registry"

    def check(self, article: Article) -> Errors:
        """Check an article."""
        documents = article.documents
        for kind, document in documents.items():
            named = document["id" if kind == "metadata" else "article"]
            if named != article.id:
                yield "article-mismatch", file_of(article, kind), f"the file says {named}"
            if kind not in ("metadata", "repairs"):
                yield from self.votes(document, file_of(article, kind))
        for kind in ITEMS:
            yield from check_ids(article, kind)
        yield from self.check_quotes(article)
        file = file_of(article, "entities")
        for mention in documents["entities"]["mentions"]:
            for key in ("entity", "metonym_of"):
                yield from self.refer("entities", mention[key], file, mention["id"])
        yield from self.check_claims(article)
        yield from self.check_topics(article)

    def check_quotes(self, article: Article) -> Errors:
        file = file_of(article, "quotes")
        quotes = {quote["id"]: quote for quote in article.documents["quotes"]["quotes"]}
        for quote in article.documents["quotes"]["quotes"]:
            yield from self.refer("entities", quote["speaker"], file, quote["id"])
            for link in quote["utterances"]:
                yield from self.refer("utterances", link["utterance"], file, quote["id"])
            if quote["parent"] is not None:
                yield from check_parent(quote, quotes, file)

    def check_claims(self, article: Article) -> Errors:
        file = file_of(article, "claims")
        quotes = {quote["id"] for quote in article.documents["quotes"]["quotes"]}
        sentences = {sentence["id"] for sentence, _ in sentences_of(article)}
        for claim in article.documents["claims"]["claims"]:
            if claim["claimant"] != "article":
                yield from self.refer("entities", claim["claimant"], file, claim["id"])
            yield from self.refer("claims", claim["canonical"], file, claim["id"])
            if claim["quote"] is not None and claim["quote"] not in quotes:
                yield "unknown-quote", file, f"{claim['id']}: there is no quote {claim['quote']}"
            if claim["sentence"] not in sentences:
                yield "unknown-sentence", file, f"{claim['id']}: there is no sentence {claim['sentence']}"
        for label in article.documents["claims"]["sentences"]:
            if label["sentence"] not in sentences:
                yield "unknown-sentence", file, f"there is no sentence {label['sentence']}"

    def check_topics(self, article: Article) -> Errors:
        file = file_of(article, "topics")
        sentences = {sentence["id"] for sentence, _ in sentences_of(article)}
        blocks = {block["id"] for block in article.documents["segments"]["blocks"]}
        for ranked in article.documents["topics"]["article_topics"].values():
            for topic in ranked:
                yield from self.topic(topic["topic"], file)
                for sentence in topic["evidence"]:
                    if sentence not in sentences:
                        yield "unknown-sentence", file, f"there is no sentence {sentence}"
        for entry in article.documents["topics"]["block_topics"]:
            if entry["block"] not in blocks:
                yield "unknown-block", file, f"there is no block {entry['block']}"
            for code in entry["topics"]:
                yield from self.topic(code, file)

    def check_registries(self) -> Errors:
        """Check the registries by themselves."""
        for name, document in self.corpus.registries.items():
            file = registry_file(name)
            yield from check_entries(name, document[name], file)
            if name != "topics":
                yield from self.votes(document, file)
        for entity in self.living("entities"):
            yield from self.check_members(entity, registry_file("entities"))
        for utterance in self.living("utterances"):
            file = registry_file("utterances")
            yield from self.refer("entities", utterance["speaker"], file, utterance["id"])
        for claim in self.living("claims"):
            for relation in claim["relations"]:
                yield from self.refer("claims", relation["to"], registry_file("claims"), claim["id"])
        yield from self.check_topic_registry()

    def check_members(self, entity: Json, file: str) -> Errors:
        for member in entity["members"]:
            if member == entity["id"]:
                yield "member-of-itself", file, f"{member} is a member of itself"
            yield from self.refer("entities", member, file, entity["id"])

    def living(self, name: str) -> list[Json]:
        return [item for item in self.corpus.registries[name][name] if item["replaced_by"] is None]

    def check_topic_registry(self) -> Errors:
        file = registry_file("topics")
        for item in self.corpus.registries["topics"]["topics"]:
            yield from self.topic(item["code"], file)
            topic = self.corpus.vocabulary.get(item["code"], item)
            for key in ("label", "broader"):
                if item[key] != topic[key]:
                    yield "topic-differs", file, f"{item['code']}: {key} should be {topic[key]!r}"


def registry_file(name: str) -> str:
    return f"annotations/_registry/{name}.json"


def sentences_of(article: Article) -> list[tuple[Json, Json]]:
    """Return the sentences, each with its block."""
    blocks = article.documents["segments"]["blocks"]
    return [(sentence, block) for block in blocks for sentence in block["sentences"]]


def voted(value: Any) -> Iterator[str]:
    """Yield the pass of every vote in a document."""
    if isinstance(value, dict):
        for vote in value.get("votes", ()):
            yield vote["pass"]
        for key, child in value.items():
            if key != "votes" and isinstance(child, dict | list):
                yield from voted(child)
    elif isinstance(value, list):
        for child in value:
            yield from voted(child)


def check_ids(article: Article, kind: str) -> Errors:
    name, letter = ITEMS[kind]
    file = file_of(article, kind)
    ids = [(item["id"], letter) for item in article.documents[kind][name]]
    if kind == "segments":
        ids += [(sentence["id"], "s") for sentence, _ in sentences_of(article)]
    seen = set()
    for own, expected in ids:
        prefix = f"{article.id}-{expected}"
        if not (own.startswith(prefix) and own[len(prefix) :].isdigit()):
            yield "foreign-id", file, f"{own} should begin with {prefix}"
        if own in seen:
            yield "duplicate-id", file, f"{own} stands here twice"
        seen.add(own)


def check_parent(quote: Json, quotes: dict[str, Json], file: str) -> Errors:
    parent = quotes.get(quote["parent"])
    if parent is None:
        yield "unknown-quote", file, f"{quote['id']}: there is no quote {quote['parent']}"
        return
    above, seen = parent, set()
    while above is not None and above["id"] not in seen:
        seen.add(above["id"])
        above = quotes.get(above["parent"])
    if quote["id"] in seen:
        yield "parent-circle", file, f"{quote['id']}: its parents lead back to it"
        return
    for span in quote["content"]:
        around = [o for o in parent["content"] if o["start"] <= span["start"] and span["end"] <= o["end"]]
        if not around:
            yield "nested-outside-parent", file, f"{quote['id']}: {span} is not inside its parent"


def check_entries(name: str, items: list[Json], file: str) -> Errors:
    key = "code" if name == "topics" else "id"
    living = {item[key] for item in items if item.get("replaced_by") is None}
    seen = set()
    for item in items:
        if item[key] in seen:
            yield "duplicate-id", file, f"{item[key]} stands here twice"
        seen.add(item[key])
        if item.get("replaced_by") is not None and item["replaced_by"] not in living:
            yield "bad-replacement", file, f"{item[key]}: {item['replaced_by']} is no living entry"
