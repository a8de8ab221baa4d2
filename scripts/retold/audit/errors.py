"""Errors as annotators make them, to be planted: each maker proposes one edit, or none that it can make.

A maker does not judge whether the validator would find its error; the planter drops those that it finds.
"""

from __future__ import annotations

from collections.abc import Callable

from retold.audit.bench import Edit, Json
from retold.audit.drafts import Draft

Maker = Callable[[Draft], Edit | None]

ATTITUDES = ("communication", "belief", "intention")
CATEGORIES = ("quantity", "causation", "prediction", "position", "law_or_rule", "event_or_state")
CERTAINTIES = ("certain", "probable", "possible")
REASONS = ("opinion", "question", "normative", "forecast")
RENDERINGS = ("verbatim", "shortened", "altered", "paraphrase")
MISTAKEN_FORMS = {
    "name": ("nominal", "adjective"),
    "adjective": ("name",),
    "nominal": ("name", "pronoun"),
    "pronoun": ("nominal",),
}
DETERMINERS = ("the", "this", "both", "its", "their")


def missing_mention(draft: Draft) -> Edit | None:
    """A mention was overlooked."""
    return draft.removed("mentions", lambda _: True)


def spurious_mention(draft: Draft) -> Edit | None:
    """A definite noun phrase is marked that refers to nothing in the registry."""
    items = draft.items("mentions")
    models = [item for item in items if item["form"] == "nominal"]
    free = [
        (start, end)
        for first in DETERMINERS
        for start, end in draft.bench.phrases(draft.article, first)
        if not any(start < item["end"] and item["start"] < end for item in items)
    ]
    if not (models and free):
        return None
    return draft.inserted("mentions", draft.model(models) | draft.span(*draft.rng.choice(free)))


def mention_span(draft: Draft) -> Edit | None:
    """A mention is a word too long or too short."""
    return draft.changed("mentions", "wrong span", draft.moved)


def mention_label(draft: Draft) -> Edit | None:
    """A mention has another form, or a value another modifier."""

    def change(item: Json) -> bool:
        if item["form"] == "value":
            return draft.relabelled(item, "modifier", (None, "APPROX", "MORE_THAN", "EQUAL_OR_LESS"))
        return draft.relabelled(item, "form", MISTAKEN_FORMS[item["form"]])

    return draft.changed("mentions", "wrong label", change)


def mention_link(draft: Draft) -> Edit | None:
    """A mention is taken for another entity of its kind."""

    def change(item: Json) -> bool:
        entities = {entry["id"]: entry for entry in draft.bench.registry("entities")["entities"]}
        own = entities.get(item["entity"])
        kind = [] if own is None else [name for name, e in entities.items() if e["type"] == own["type"]]
        return own is not None and draft.relabelled(item, "entity", kind)

    return draft.changed("mentions", "wrong link", change)


def missing_quote(draft: Draft) -> Edit | None:
    """A quote was overlooked."""
    return draft.removed("quotes", lambda item: item["type"] == "indirect")


def spurious_quote(draft: Draft) -> Edit | None:
    """A word that elsewhere is a cue is taken for one, and the words after it for its content."""
    items, text = draft.items("quotes"), draft.text
    tokens = draft.bench.tokens[draft.article]
    cues = {span["text"].casefold() for item in items for span in item["cue"]}
    used = [span for item in items for key in ("cue", "cue_group", "content") for span in item[key]]
    free = [
        (start, end)
        for start, end in tokens
        if text[start:end].casefold() in cues and not any(start < s["end"] and s["start"] < end for s in used)
    ]
    models = [item for item in items if item["type"] == "indirect" and item["parent"] is None]
    if not (free and models):
        return None
    start, end = draft.rng.choice(free)
    stop = draft.bench.sentence_at(draft.article, start)["end"]
    after = [token for token in tokens if end <= token[0] and token[1] <= stop]
    if len(after) < 3:
        return None
    cue, content = draft.span(start, end), draft.span(after[0][0], after[-2][1])
    own = {"content": [content], "cue": [cue], "cue_group": [cue], "source": [], "utterances": []}
    return draft.inserted("quotes", draft.model(models) | own)


def quote_span(draft: Draft) -> Edit | None:
    """A quote's content or source is a word too long or too short."""

    def change(item: Json) -> bool:
        spans = [span for key in ("content", "source") for span in item[key]]
        return draft.moved(draft.rng.choice(spans))

    return draft.changed("quotes", "wrong span", change)


def quote_label(draft: Draft) -> Edit | None:
    """A quote has another attitude, polarity or scope."""

    def change(item: Json) -> bool:
        key, labels = draft.rng.choice(
            (("attitude", ATTITUDES), ("polarity", ("positive", "negative")), ("scope", ("core", "wide")))
        )
        return draft.relabelled(item, key, labels)

    return draft.changed("quotes", "wrong label", change)


def quote_link(draft: Draft) -> Edit | None:
    """A quote has another speaker, or tells its remark otherwise."""

    def change(item: Json) -> bool:
        if item["utterances"] and draft.rng.random() < 0.5:
            return draft.relabelled(draft.rng.choice(item["utterances"]), "rendering", RENDERINGS)
        return draft.relabelled(item, "speaker", draft.values("quotes", "speaker"))

    return draft.changed("quotes", "wrong link", change)


def missing_claim(draft: Draft) -> Edit | None:
    """A claim was overlooked."""
    return draft.removed("claims", lambda _: True)


def spurious_claim(draft: Draft) -> Edit | None:
    """A claim is stated twice, the second time on its last span alone."""
    models = [item for item in draft.items("claims") if len(item["spans"]) == 1]
    if not models:
        return None
    claim = draft.model(models) | {"canonical": None}
    return draft.inserted("claims", claim) if draft.moved(claim["spans"][0]) else None


def claim_span(draft: Draft) -> Edit | None:
    """A claim rests on a word too many or too few."""

    def change(item: Json) -> bool:
        return draft.moved(draft.rng.choice(item["spans"]))

    return draft.changed("claims", "wrong span", change)


def claim_label(draft: Draft) -> Edit | None:
    """A claim has another category, certainty or polarity."""

    def change(item: Json) -> bool:
        key, labels = draft.rng.choice(
            (("category", CATEGORIES), ("certainty", CERTAINTIES), ("polarity", ("positive", "negative")))
        )
        return draft.relabelled(item, key, labels)

    return draft.changed("claims", "wrong label", change)


def claim_link(draft: Draft) -> Edit | None:
    """A claim has another claimant, quote or canonical claim."""

    def change(item: Json) -> bool:
        key = draft.rng.choice(("claimant", "quote", "canonical"))
        values = draft.values("claims", key)
        return draft.relabelled(item, key, [None, *values] if key != "claimant" else values)

    return draft.changed("claims", "wrong link", change)


def sentence_label(draft: Draft) -> Edit | None:
    """A sentence has another checkability, or another reason."""

    def change(item: Json) -> bool:
        if item["checkability"] == "none":
            return draft.relabelled(item, "reason", REASONS)
        return draft.relabelled(item, "checkability", ("checkable", "vague"))

    return draft.changed("sentences", "wrong label", change)


def block_topics(draft: Draft) -> Edit | None:
    """A block has a topic too many, too few, or another one."""

    def change(item: Json) -> bool:
        codes = [topic["code"] for topic in draft.bench.registry("topics")["topics"]]
        others = [code for code in codes if code not in item["topics"]]
        at = draft.rng.randrange(len(item["topics"])) if item["topics"] else 0
        act = draft.rng.choice(("drop", "add", "swap"))
        old = item["topics"][at : at + 1]
        new = (
            []
            if act == "drop"
            else [*(old if act == "add" else []), draft.rng.choice(others)]
            if others
            else old
        )
        item["topics"][at : at + 1] = new
        return bool(item["topics"])

    return draft.changed("block_topics", "wrong link", change)


def relations(draft: Draft) -> Edit | None:
    """A relation between canonical claims was overlooked, or leads to another one."""

    def change(item: Json) -> bool:
        if not item["relations"]:
            return False
        at = draft.rng.randrange(len(item["relations"]))
        if draft.rng.random() < 0.5:
            del item["relations"][at]
            return True
        ids = [claim["id"] for claim in draft.bench.registry("claims")["claims"] if not claim["replaced_by"]]
        return draft.relabelled(item["relations"][at], "to", ids)

    return draft.changed_relations("wrong link", change)


MAKERS: dict[str, tuple[Maker, ...]] = {
    "mentions": (missing_mention, spurious_mention, mention_span, mention_label, mention_link),
    "quotes": (missing_quote, spurious_quote, quote_span, quote_label, quote_link),
    "claims": (missing_claim, spurious_claim, claim_span, claim_label, claim_link),
    "sentences": (sentence_label,),
    "block_topics": (block_topics,),
    "relations": (relations,),
}
