"""The tables of an article: sentences, quotes, entities, claims, topics, and the article as a whole."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from benchmarks.peer.files import Article, Corpus, Json
from benchmarks.peer.references import sentences_of
from benchmarks.peer.repairs import clean
from benchmarks.peer.tokens import tag, tokenize

METADATA = ("title", "publisher", "author", "date", "url", "language", "source_file", "rights")


class Shared:
    """What the rows of every article draw on."""

    def __init__(self, corpus: Corpus, labels: dict[str, list[str]]) -> None:
        self.entities = corpus.entries("entities")
        self.utterances = corpus.entries("utterances")
        self.canonicals = corpus.entries("claims")
        self.topics = corpus.entries("topics")
        self.labels = labels
        self.fold = {name: n for n, names in enumerate(corpus.splits["folds"]) for name in names}

    def entity(self, prefix: str, name: str | None) -> Json:
        entity = self.entities.get(name, {}) if name else {}
        return {
            f"{prefix}_id": name,
            f"{prefix}_name": entity.get("name"),
            f"{prefix}_wikidata": entity.get("wikidata"),
        }

    def code(self, label_set: str, label: str | None) -> int | None:
        return None if label is None else self.labels[label_set].index(label)


class Rows:
    """The rows of one article."""

    def __init__(self, article: Article, shared: Shared) -> None:
        self.article = article
        self.text = article.text
        self.shared = shared
        self.sentences = sentences_of(article)
        self.starts = [sentence["start"] for sentence, _ in self.sentences]
        self.own = {"article_id": article.id, "fold": shared.fold[article.id]}

    def tables(self) -> dict[str, list[Json]]:
        """Return the rows by table."""
        layers = {
            "sentences": self.sentence_rows(),
            "quotes": self.quote_rows(),
            "entities": self.mention_rows(),
            "claims": self.claim_rows(),
            "topics": self.topic_rows(),
        }
        return {**layers, "articles": [self.article_row(layers)]}

    def place(self, spans: list[Json]) -> Json:
        """Return where an item stands: the sentences that it touches, and the block of the first."""
        numbers = {
            number
            for span in spans
            for number in range(
                bisect_right(self.starts, span["start"]) - 1, bisect_left(self.starts, span["end"])
            )
        }
        touched = [self.sentences[number] for number in sorted(numbers)]
        sentence, block = touched[0]
        ids = [sentence["id"] for sentence, _ in touched]
        return {**self.own, "block_id": block["id"], "sentence_id": sentence["id"], "sentence_ids": ids}

    def words(self, start: int, end: int) -> Json:
        return {"start": start, "end": end, "text": self.text[start:end]}

    def spans(self, items: list[Json]) -> list[Json]:
        return [self.words(item["start"], item["end"]) for item in items]

    def joined(self, items: list[Json]) -> str:
        """Return the words of spans as one string, with a sign where words are left out."""
        words, end = "", 0
        for item in items:
            if words:
                words += " … " if self.text[end : item["start"]].strip() else " "
            words += self.text[item["start"] : item["end"]]
            end = item["end"]
        return words

    def sentence_rows(self) -> list[Json]:
        labels = {label["sentence"]: label for label in self.article.documents["claims"]["sentences"]}
        mentions = self.article.documents["entities"]["mentions"]
        rows = []
        for position, (sentence, block) in enumerate(self.sentences):
            start, end = sentence["start"], sentence["end"]
            label = labels.get(sentence["id"], {})
            tokens = tokenize(self.text, start, end)
            tags = tag(tokens, [m for m in mentions if m["start"] < end and start < m["end"]])
            rows.append(
                {
                    "sentence_id": sentence["id"],
                    **self.own,
                    "block_id": block["id"],
                    "sentence_ids": [sentence["id"]],
                    "block_kind": block["kind"],
                    "position": position,
                    **self.words(start, end),
                    "checkability": label.get("checkability"),
                    "reason": label.get("reason"),
                    "checkability_label": self.shared.code("checkability", label.get("checkability")),
                    "tokens": [self.text[a:b] for a, b in tokens],
                    "token_starts": [a for a, _ in tokens],
                    "token_ends": [b for _, b in tokens],
                    "ner_tags": [self.shared.code("ner_tag", name) for name in tags],
                    "ner_tag_names": tags,
                    "note": label.get("note"),
                }
            )
        return rows

    def quote_rows(self) -> list[Json]:
        return [
            {
                "quote_id": quote["id"],
                **self.place(quote["content"]),
                **{key: quote[key] for key in ("type", "marking", "attitude", "polarity", "scope")},
                **self.parts(quote, ("content", "cue", "cue_group", "source")),
                **self.shared.entity("speaker", quote["speaker"]),
                "verbatim": self.spans(quote["verbatim"]),
                "parent_id": quote["parent"],
                "utterances": [
                    {
                        "utterance_id": link["utterance"],
                        "rendering": link["rendering"],
                        "gist": self.shared.utterances[link["utterance"]]["gist"],
                    }
                    for link in quote["utterances"]
                ],
                "note": quote.get("note"),
            }
            for quote in self.article.documents["quotes"]["quotes"]
        ]

    def parts(self, quote: Json, names: Iterable[str]) -> Json:
        parts: Json = {}
        for name in names:
            parts[name] = self.spans(quote[name])
            parts[f"{name}_text"] = self.joined(quote[name])
        return parts

    def mention_rows(self) -> list[Json]:
        return [
            {
                "mention_id": mention["id"],
                **self.place([mention]),
                **self.words(mention["start"], mention["end"]),
                "form": mention["form"],
                "type": mention["type"],
                "also": mention["also"],
                **self.shared.entity("entity", mention["entity"]),
                "entity_type": self.shared.entities.get(mention["entity"], {}).get("type"),
                **self.shared.entity("metonym", mention["metonym_of"]),
                "value": mention["value"],
                "modifier": mention["modifier"],
                "note": mention.get("note"),
            }
            for mention in self.article.documents["entities"]["mentions"]
        ]

    def claim_rows(self) -> list[Json]:
        return [
            {
                "claim_id": claim["id"],
                **self.place(claim["spans"]),
                "spans": self.spans(claim["spans"]),
                "text": self.joined(claim["spans"]),
                "proposition": claim["proposition"],
                "category": claim["category"],
                **self.shared.entity("claimant", claim["claimant"]),
                "polarity": claim["polarity"],
                "certainty": claim["certainty"],
                "quote_id": claim["quote"],
                "canonical_id": claim["canonical"],
                "canonical_statement": self.shared.canonicals.get(claim["canonical"], {}).get("statement"),
                "entity_ids": self.entities_in(claim["spans"]),
                "note": claim.get("note"),
            }
            for claim in self.article.documents["claims"]["claims"]
        ]

    def entities_in(self, spans: list[Json]) -> list[str]:
        mentions = self.article.documents["entities"]["mentions"]
        return sorted(
            {
                mention["entity"]
                for mention in mentions
                for span in spans
                if mention["entity"] and span["start"] <= mention["start"] and mention["end"] <= span["end"]
            }
        )

    def topic_rows(self) -> list[Json]:
        document = self.article.documents["topics"]
        ranked = [(rank, t) for rank in ("main", "secondary") for t in document["article_topics"][rank]]
        whole = [self.topic(topic["topic"], rank, topic["evidence"]) for rank, topic in ranked]
        everywhere = {
            **self.own,
            "block_id": None,
            "sentence_id": None,
            "sentence_ids": [sentence["id"] for sentence, _ in self.sentences],
            "block_kind": None,
        }
        rows = [{"unit": "article", **everywhere, **self.words(0, len(self.text)), **listed(whole)}]
        entries = {entry["block"]: entry for entry in document["block_topics"]}
        for block in self.article.documents["segments"]["blocks"]:
            if block["id"] in entries:
                topics = [self.topic(code, None, []) for code in entries[block["id"]]["topics"]]
                place = {**self.place([block]), "block_kind": block["kind"]}
                words = self.words(block["start"], block["end"])
                rows.append({"unit": "block", **place, **words, **listed(topics)})
        return rows

    def topic(self, code: str, rank: str | None, evidence: list[str]) -> Json:
        topic = self.shared.topics[code]
        found = {"code": code, "label": topic["label"], "broader": topic["broader"]}
        return {**found, "rank": rank, "evidence": evidence}

    def article_row(self, layers: dict[str, list[Json]]) -> Json:
        documents = self.article.documents
        metadata = documents["metadata"]
        notes = {key[: -len("_note")]: note for key, note in metadata.items() if key.endswith("_note")}
        repairs = documents["repairs"]["repairs"]
        cleaned, places = clean(self.text, repairs)
        nested = {name: [without(row, self.own) for row in rows] for name, rows in layers.items()}
        return {
            **self.own,
            **{key: metadata[key] for key in METADATA},
            "flags": [
                {"flag": flag["flag"], "words": self.spans(flag["words"]), "note": flag.get("note")}
                for flag in metadata["flags"]
            ],
            "metadata_notes": [{"field": key, "note": note} for key, note in sorted(notes.items())],
            "sha256": self.article.sha256,
            "characters": len(self.text),
            "text": self.text,
            "clean_text": cleaned,
            "repairs": [
                {
                    "repair_id": repair["id"],
                    **self.words(repair["start"], repair["end"]),
                    "replacement": repair["replacement"],
                    "kind": repair["kind"],
                    "clean_start": start,
                    "clean_end": end,
                    "note": repair.get("note"),
                }
                for repair, (start, end) in zip(repairs, places, strict=True)
            ],
            "blocks": [
                {
                    "block_id": block["id"],
                    "kind": block["kind"],
                    **self.words(block["start"], block["end"]),
                    "sentence_ids": [sentence["id"] for sentence in block["sentences"]],
                }
                for block in documents["segments"]["blocks"]
            ],
            "sentences": nested["sentences"],
            "quotes": nested["quotes"],
            "other_marks": [
                {
                    **self.words(mark["start"], mark["end"]),
                    "function": mark["function"],
                    "note": mark.get("note"),
                }
                for mark in documents["quotes"]["other_marks"]
            ],
            **{name: nested[name] for name in ("entities", "claims", "topics")},
        }


def listed(topics: list[Json]) -> Json:
    codes, labels = [topic["code"] for topic in topics], [topic["label"] for topic in topics]
    return {"topics": topics, "topic_codes": codes, "topic_labels": labels}


def without(row: Json, keys: Iterable[Any]) -> Json:
    return {key: value for key, value in row.items() if key not in keys}
