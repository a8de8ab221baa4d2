"""L5: what the articles share is used, told and related as the registries say."""

from __future__ import annotations

from collections import Counter

from benchmarks.peer.files import Corpus, Errors, Json, uses
from benchmarks.peer.references import registry_file
from benchmarks.peer.spans import file_of


def check(corpus: Corpus) -> Errors:
    used = uses(article.documents for _, article in sorted(corpus.articles.items()))
    used = {name: names | corpus.used[name] for name, names in used.items()}
    yield from check_uses(corpus, used)
    yield from check_utterances(corpus)
    yield from check_relations(corpus.entries("claims"))
    yield from check_canonicals(corpus)
    yield from check_near_misses(corpus)
    yield from check_labels(corpus)
    yield from check_splits(corpus)


def check_uses(corpus: Corpus, used: dict[str, set[str]]) -> Errors:
    """Check that every living entry is in use."""
    entities = [entity for entity in corpus.entries("entities").values() if entity["replaced_by"] is None]
    claims = corpus.entries("claims").values()
    needed = {
        "entities": {entity["id"] for entity in entities},
        "utterances": {u["id"] for u in corpus.entries("utterances").values() if u["replaced_by"] is None},
        "claims": {c["id"] for c in claims if c["replaced_by"] is None and not c["relations"]},
        "topics": set(corpus.entries("topics")),
    }
    members = {member for entity in entities for member in entity["members"]}
    related = {relation["to"] for claim in claims for relation in claim["relations"]}
    inner = {"entities": members, "claims": related}  # what entries refer to themselves
    for registry, names in needed.items():
        for name in sorted(names - used[registry] - inner.get(registry, set())):
            yield "unused-entry", registry_file(registry), name
    items: dict[str, str] = {}
    for entity in entities:
        if entity["wikidata"] in items:
            other = items[entity["wikidata"]]
            yield "same-wikidata", registry_file("entities"), f"{entity['id']} has the item of {other}"
        elif entity["wikidata"] is not None:
            items[entity["wikidata"]] = entity["id"]


def check_utterances(corpus: Corpus) -> Errors:
    tellings: dict[str, list[tuple[str, str]]] = {}
    for article in corpus.articles.values():
        for quote in article.documents["quotes"]["quotes"]:
            for link in quote["utterances"]:
                tellings.setdefault(link["utterance"], []).append((quote["id"], link["rendering"]))
    file = registry_file("utterances")
    for utterance in corpus.entries("utterances").values():
        told = tellings.get(utterance["id"], [])
        if not told or utterance["replaced_by"] is not None:
            continue
        if len(told) == 1:
            yield "utterance-told-once", file, f"only {told[0][0]} tells {utterance['id']}"
        references = [quote for quote, rendering in told if rendering == "reference"]
        if references != [utterance["reference"]]:
            yield "utterance-reference", file, f"{utterance['id']}: references are {references}"


def check_relations(claims: dict[str, Json]) -> Errors:
    file = registry_file("claims")
    follows = {name: entailed(name, claims) for name in claims}
    for name, claim in claims.items():
        seen = set()
        for relation in claim["relations"]:
            to = relation["to"]
            contradicts = relation["relation"] == "contradicts"
            if to == name:
                yield "relation-to-itself", file, name
            elif to in seen:
                yield "relation-repeated", file, f"{name} to {to}"
            elif contradicts and to < name:
                yield "contradiction-misplaced", file, f"{name} to {to}"
            seen.add(to)
            if contradicts and name not in follows[name] and (to in follows[name] or name in follows[to]):
                yield "entails-contradiction", file, f"{name} to {to}"
        if name in follows[name]:
            yield "entails-circle", file, name


def entailed(name: str, claims: dict[str, Json]) -> set[str]:
    """Return all that follows from a claim; the claim itself only by way of others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        claim = claims[waiting.pop()]
        for relation in claim["relations"]:
            to = relation["to"]
            if relation["relation"] == "entails" and to != claim["id"] and to not in found:
                found.add(to)
                waiting.append(to)
    return found


def canonicals_of(corpus: Corpus) -> dict[str, str | None]:
    """Return the canonical claim of every claim."""
    articles = corpus.articles.values()
    return {c["id"]: c["canonical"] for article in articles for c in article.documents["claims"]["claims"]}


def check_canonicals(corpus: Corpus) -> Errors:
    made = Counter(canonicals_of(corpus).values())
    claims = corpus.entries("claims")
    related = {relation["to"] for claim in claims.values() for relation in claim["relations"]}
    for name, claim in claims.items():
        if made[name] == 1 and not claim["relations"] and name not in related:
            yield "lonely-canonical", registry_file("claims"), name


def check_near_misses(corpus: Corpus) -> Errors:
    file = registry_file("claims")
    claims = corpus.entries("claims")
    said = {**{name: name for name in claims}, **canonicals_of(corpus)}
    related = {frozenset((name, r["to"])) for name, claim in claims.items() for r in claim["relations"]}
    seen = set()
    for miss in corpus.registries["claims"]["near_misses"]:
        pair = frozenset((miss["a"], miss["b"]))
        unknown = [name for name in (miss["a"], miss["b"]) if name not in said]
        for name in unknown:
            yield "near-miss-unknown", file, f"there is no claim {name}"
        if unknown:
            continue
        ends = frozenset(said[name] or name for name in pair)
        if len(ends) == 1 or ends in related:
            yield "near-miss-related", file, f"{miss['a']} and {miss['b']} are related"
        if pair in seen:
            yield "near-miss-repeated", file, f"{miss['a']} and {miss['b']} stand here already"
        seen.add(pair)


def check_labels(corpus: Corpus) -> Errors:
    """Check that sentences of the same text have the same label."""
    first: dict[str, Json] = {}
    for _, article in sorted(corpus.articles.items()):
        blocks = article.documents["segments"]["blocks"]
        texts = {sentence["id"]: sentence["text"] for block in blocks for sentence in block["sentences"]}
        for label in article.documents["claims"]["sentences"]:
            other = first.setdefault(texts[label["sentence"]], label)
            differ = any(label[key] != other[key] for key in ("checkability", "reason"))
            if differ and label.get("note") is None and other.get("note") is None:
                words = f"{label['sentence']} and {other['sentence']} have other labels"
                yield "same-text-other-label", file_of(article, "claims"), words


def check_splits(corpus: Corpus) -> Errors:
    file = "annotations/splits.json"
    splits = {
        "splits": [name for names in corpus.splits["splits"].values() for name in names],
        "folds": [name for names in corpus.splits["folds"] for name in names],
    }
    for kind, names in splits.items():
        seen: set[str] = set()
        for name in names:
            if name not in corpus.articles:
                yield "split-unknown-article", file, f"{name} in the {kind}"
            elif name in seen:
                yield "split-repeated-article", file, f"{name} in the {kind}"
            seen.add(name)
        for name in corpus.articles:
            if name not in seen:
                yield "split-missing-article", file, f"{name} in the {kind}"
