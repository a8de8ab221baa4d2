"""L5: each layer of an article by its own rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from benchmarks.peer.files import Article, Corpus, Errors, Json
from benchmarks.peer.references import sentences_of
from benchmarks.peer.spans import file_of

BODY = ("paragraph", "turn")
LABELLED = ("title", "heading", "paragraph", "turn")
NATIONAL = ("GPE", "LOC", "ORG", "NORP")


def overlap(one: Json, other: Json) -> bool:
    return one["start"] < other["end"] and other["start"] < one["end"]


def inside(inner: Json, outer: Json) -> bool:
    return outer["start"] <= inner["start"] and inner["end"] <= outer["end"]


def check_segments(article: Article) -> Errors:
    file, text = file_of(article, "segments"), article.text
    blocks = article.documents["segments"]["blocks"]
    end = 0
    for block in blocks:
        if block["start"] < end:
            yield "blocks-overlap", file, f"{block['id']} begins before the one before it ends"
        yield from uncovered(text[end : block["start"]], file)
        end = max(end, block["end"])
        if "\n" in text[block["start"] : block["end"]]:
            yield "block-over-lines", file, f"{block['id']} goes over a line break"
        yield from check_tiling(text, block, file)
    yield from uncovered(text[end:], file)
    for block in [block for block in blocks if block["kind"] == "title"][1:]:
        yield "second-title", file, f"{block['id']}: the article has a title already"


def uncovered(gap: str, file: str) -> Errors:
    for words in re.findall(r"\S+(?:[ \t]+\S+)*", gap):
        yield "uncovered-text", file, f"{words!r} is in no block"


def check_tiling(text: str, block: Json, file: str) -> Errors:
    end = block["start"]
    for sentence in block["sentences"]:
        if sentence["start"] < end or text[end : sentence["start"]].strip():
            yield "sentences-do-not-tile", file, f"{sentence['id']} leaves a gap or overlaps"
        end = max(end, sentence["end"])
    if text[end : block["end"]].strip():
        yield "sentences-do-not-tile", file, f"the sentences of {block['id']} leave a gap at its end"


def check_quotes(article: Article, utterances: dict[str, Json]) -> Errors:
    file = file_of(article, "quotes")
    quotes = article.documents["quotes"]["quotes"]
    speakers = {quote["id"]: quote["speaker"] for quote in quotes}
    for quote in quotes:
        own = quote["id"]
        yield from check_parts(quote, file)
        yield from check_quote_places(quote, article.documents["segments"]["blocks"], file)
        if quote["parent"] and quote["speaker"] and speakers[quote["parent"]] == quote["speaker"]:
            yield "nested-same-speaker", file, f"{own} has the speaker of its parent"
        if quote["utterances"] and quote["attitude"] != "communication":
            yield "utterance-of-state", file, f"{own} is no remark but tells one"
        told = [link["utterance"] for link in quote["utterances"]]
        for number, name in enumerate(told):
            if name in told[:number]:
                yield "repeated-utterance", file, f"{own} tells {name} twice"
            if utterances[name]["speaker"] != quote["speaker"]:
                yield "utterance-speaker", file, f"{own}: the speaker of {name} is another one"
    starts = [(quote["content"][0]["start"], quote["id"]) for quote in quotes]
    yield from check_order(starts, file)
    marks = article.documents["quotes"]["other_marks"]
    yield from check_order([(mark["start"], mark["text"]) for mark in marks], file)
    yield from check_turns(article, quotes, file)


def check_order(starts: Iterable[tuple[int, str]], file: str) -> Errors:
    for (one, _), (other, item) in pairwise(starts):
        if other < one:
            yield "out-of-order", file, f"{item} does not stand in text order"


def check_parts(quote: Json, file: str) -> Errors:
    for cue in quote["cue"]:
        if not any(inside(cue, group) for group in quote["cue_group"]):
            yield "cue-outside-group", file, f"{quote['id']}: {cue}"
        if any(overlap(cue, content) for content in quote["content"]):
            yield "cue-in-content", file, f"{quote['id']}: {cue}"
    for group in quote["cue_group"]:
        if any(overlap(group, content) for content in quote["content"]):
            yield "cue-group-in-content", file, f"{quote['id']}: {group}"
    for words in quote["verbatim"]:
        if not any(inside(words, content) for content in quote["content"]):
            yield "verbatim-outside-content", file, f"{quote['id']}: {words}"


def check_quote_places(quote: Json, blocks: list[Json], file: str) -> Errors:
    for span in quote["content"]:
        around = [block for block in blocks if block["start"] <= span["start"] < block["end"]]
        for block in around[:1]:
            if block["kind"] not in BODY:
                yield "quote-outside-body", file, f"{quote['id']} stands in a {block['kind']}"
            if span["end"] > block["end"]:
                yield "span-over-blocks", file, f"{quote['id']}: {span} goes over the end of {block['id']}"


def check_turns(article: Article, quotes: list[Json], file: str) -> Errors:
    blocks = article.documents["segments"]["blocks"]
    whole = set()
    for quote in quotes:
        for span in quote["content"] if quote["marking"] == "turn_label" else ():
            turns = [block for block in blocks if inside(span, block)][:1]
            if not turns or turns[0]["kind"] != "turn":
                yield "turn-label-outside-turn", file, f"{quote['id']}: {span} does not lie in a turn"
            elif turns[0]["end"] == span["end"]:
                whole.add(turns[0]["id"])
    for block in blocks:
        if block["kind"] == "turn" and block["id"] not in whole:
            yield "turn-without-quote", file, f"{block['id']} is the content of no quote"


def check_mentions(article: Article, entities: dict[str, Json]) -> Errors:
    file = file_of(article, "entities")
    mentions = article.documents["entities"]["mentions"]
    yield from check_order([(mention["start"], mention["id"]) for mention in mentions], file)
    before: list[Json] = []
    for mention in mentions:
        before = [other for other in before if other["end"] > mention["start"]]
        for other in before:
            if (other["start"], other["end"]) == (mention["start"], mention["end"]):
                yield "repeated-mention", file, f"{mention['id']} has the span of {other['id']}"
            elif other["start"] < mention["start"] < other["end"] < mention["end"]:
                yield "crossing-mentions", file, f"{mention['id']} begins inside {other['id']}"
        before.append(mention)
        yield from check_mention(mention, entities, file)
    sentences = [sentence for sentence, _ in sentences_of(article)]
    for mention in mentions:
        for sentence in sentences:
            if sentence["start"] <= mention["start"] < sentence["end"] < mention["end"]:
                yield "mention-over-sentences", file, f"{mention['id']} goes over {sentence['id']}"


def check_mention(mention: Json, entities: dict[str, Json], file: str) -> Errors:
    own, item = mention["type"], mention["id"]
    if own in mention["also"]:
        yield "also-repeats-type", file, f"{item}: {own}"
    if mention["entity"] is not None:
        expected = entities[mention["entity"]]["type"]
        if expected not in (own, *mention["also"]) and not (own == "NORP" and expected in NATIONAL):
            yield "type-differs", file, f"{item}: {mention['entity']} is of type {expected}"
    if mention["metonym_of"] is not None:
        target = entities[mention["metonym_of"]]
        if target["type"] != "GPE" or target["id"] == mention["entity"]:
            yield "metonym-target", file, f"{item}: {target['id']} is no other country"


def check_labels(article: Article) -> Errors:
    file = file_of(article, "claims")
    kinds = {sentence["id"]: block["kind"] for sentence, block in sentences_of(article)}
    order = {name: number for number, name in enumerate(kinds)}
    seen: set[str] = set()
    previous = -1
    for label in article.documents["claims"]["sentences"]:
        name = label["sentence"]
        if kinds[name] not in LABELLED:
            yield "label-not-allowed", file, f"{name} is a sentence of a {kinds[name]}"
        if name in seen:
            yield "label-repeated", file, f"{name} has a label already"
        elif order[name] < previous:
            yield "out-of-order", file, f"the label of {name} does not stand in text order"
        seen.add(name)
        previous = order[name]
    for name, kind in kinds.items():
        if kind in LABELLED and name not in seen:
            yield "label-missing", file, f"{name} has no label"


def check_claims(article: Article) -> Errors:
    file = file_of(article, "claims")
    sentences = {sentence["id"]: (sentence, block["kind"]) for sentence, block in sentences_of(article)}
    labels = {label["sentence"]: label for label in article.documents["claims"]["sentences"]}
    contents = {quote["id"]: quote["content"] for quote in article.documents["quotes"]["quotes"]}
    claims = article.documents["claims"]["claims"]
    yield from check_order([(sentences[c["sentence"]][0]["start"], c["id"]) for c in claims], file)
    for claim in claims:
        sentence, kind = sentences[claim["sentence"]]
        if not sentence["start"] <= claim["spans"][0]["start"] < sentence["end"]:
            yield "claim-sentence", file, f"{claim['id']} does not begin in {sentence['id']}"
        if kind not in BODY:
            yield "claim-outside-body", file, f"{claim['id']} is made in a {kind}"
        if labels.get(sentence["id"], {}).get("checkability") == "none":
            yield "claim-of-none", file, f"{claim['id']}: its sentence is labelled none"
        if claim["quote"] is not None:
            yield from check_claim_quote(claim, contents[claim["quote"]], file)
    spans = [span for claim in claims for span in claim["spans"]]
    for name, label in labels.items():
        sentence, kind = sentences[name]
        expected = label["checkability"] == "checkable" and kind in BODY and label.get("note") is None
        if expected and not any(overlap(span, sentence) for span in spans):
            yield "sentence-without-claim", file, f"{name} is checkable, yet makes no claim"


def check_claim_quote(claim: Json, content: list[Json], file: str) -> Errors:
    if claim["claimant"] == "article":
        yield "claimant-article", file, f"{claim['id']} lies in a quote"
    if not any(overlap(span, part) for span in claim["spans"] for part in content):
        yield "claim-outside-quote", file, f"{claim['id']} does not touch {claim['quote']}"


def check_topics(article: Article, vocabulary: dict[str, Json]) -> Errors:
    file = file_of(article, "topics")
    document = article.documents["topics"]
    if not document["article_topics"]["main"]:
        yield "no-main-topic", file, "the article has no main topic"
    ranked = document["article_topics"]["main"] + document["article_topics"]["secondary"]
    yield from check_topic_set([topic["topic"] for topic in ranked], vocabulary, file)
    kinds = {block["id"]: block["kind"] for block in article.documents["segments"]["blocks"]}
    order = {name: number for number, name in enumerate(kinds)}
    seen: set[str] = set()
    previous = -1
    for entry in document["block_topics"]:
        yield from check_topic_set(entry["topics"], vocabulary, file)
        name = entry["block"]
        if kinds[name] not in BODY:
            yield "block-topics-not-allowed", file, f"{name} is a {kinds[name]}"
        if name in seen:
            yield "block-topics-repeated", file, f"{name} has an entry already"
        elif order[name] < previous:
            yield "out-of-order", file, f"the entry of {name} does not stand in text order"
        seen.add(name)
        previous = order[name]
    for name, kind in kinds.items():
        if kind in BODY and name not in seen:
            yield "block-topics-missing", file, f"{name} has no entry"


def check_topic_set(codes: list[str], vocabulary: dict[str, Json], file: str) -> Errors:
    above = set()
    for code in codes:
        broader = vocabulary[code]["broader"]
        while broader is not None and broader not in above:
            above.add(broader)
            broader = vocabulary[broader]["broader"] if broader in vocabulary else None
    for number, code in enumerate(codes):
        if code in codes[:number]:
            yield "topic-repeated", file, f"{code} stands in one place twice"
        if code in above:
            yield "broader-beside-narrower", file, f"{code} stands beside a narrower one"


def check(article: Article, corpus: Corpus, entities: dict[str, Json], utterances: dict[str, Json]) -> Errors:
    yield from check_segments(article)
    yield from check_quotes(article, utterances)
    yield from check_mentions(article, entities)
    yield from check_labels(article)
    yield from check_claims(article)
    yield from check_topics(article, corpus.vocabulary)
