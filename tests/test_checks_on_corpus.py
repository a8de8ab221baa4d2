"""Every L5 rule fires on the corpus itself when one annotation is broken.

The tiny corpus shows that a rule works where all is small; here it must work amid hundreds of real items.
Each function breaks one thing in a copy of the repository's corpus, choosing by itself an item that will do.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from retold.findings import read_issues
from retold.layout import CORPUS_LAYERS, REGISTRIES, Layout
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

REPOSITORY = Path(__file__).resolve().parent.parent
ISSUES = read_issues()
Json = dict[str, Any]


class Corpus:
    """The corpus' documents in memory; ``save`` writes those that were handed out."""

    def __init__(self, root: Path) -> None:
        self.layout = Layout(root)
        self.articles = [folder.name for folder in self.layout.article_folders()]
        self._open: dict[Path, Json] = {}

    def load(self, path: Path) -> Json:
        if path not in self._open:
            self._open[path] = json.loads(path.read_text(encoding="utf-8"))
        return self._open[path]

    def layer(self, article: str, layer: str) -> Json:
        return self.load(self.layout.layer(article, layer))

    def registry(self, name: str) -> Json:
        return self.load(self.layout.registry(name))

    @property
    def splits(self) -> Json:
        return self.load(self.layout.splits)

    def text(self, article: str) -> str:
        return self.layout.text(article).read_bytes().decode("utf-8")

    def items(self, layer: str, name: str) -> Iterator[tuple[str, Json]]:
        for article in self.articles:
            for item in self.layer(article, layer)[name]:
                yield article, item

    def quotes(self, **values: object) -> Iterator[tuple[str, Json]]:
        """Quotes with these values that no other quote has as parent."""
        for article, quote in self.items("quotes", "quotes"):
            parents = {other["parent"] for other in self.layer(article, "quotes")["quotes"]}
            if quote["id"] not in parents and all(quote[key] == value for key, value in values.items()):
                yield article, quote

    def blocks(self, kind: str) -> Iterator[tuple[str, Json]]:
        return ((a, block) for a, block in self.items("segments", "blocks") if block["kind"] == kind)

    def save(self) -> None:
        for path, document in self._open.items():
            path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")


@pytest.fixture(scope="module")
def baseline() -> Counter[tuple[str, str]]:
    return findings(REPOSITORY)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    for name in ("raw", "annotations"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("_passes"))
    for own in Layout(REPOSITORY).passes():  # their names alone, which votes refer to
        (tmp_path / own.annotations.relative_to(REPOSITORY)).mkdir(parents=True)
    return Corpus(tmp_path)


def findings(root: Path) -> Counter[tuple[str, str]]:
    report = validate(Layout(root), Schemas(find_schema_folder(REPOSITORY)), ISSUES)
    return Counter((found.code, found.path) for found in report.findings)


BREAKS: dict[str, Callable[[Corpus], object]] = {}


def breaks(code: str) -> Callable[[Callable[[Corpus], object]], Callable[[Corpus], object]]:
    def add(function: Callable[[Corpus], object]) -> Callable[[Corpus], object]:
        BREAKS[f"{code}:{function.__name__}"] = function
        return function

    return add


def span(corpus: Corpus, article: str, start: int, end: int) -> Json:
    return {"text": corpus.text(article)[start:end], "start": start, "end": end}


def next_ink(text: str, offset: int) -> int:
    """The offset of the first character from ``offset`` on that is no white space."""
    return next(place for place in range(offset, len(text)) if not text[place].isspace())


# segments


@breaks("uncovered-text")
def drop_block(c):
    c.layer(c.articles[0], "segments")["blocks"].pop()


@breaks("blocks-overlap")
def widen_block(c):
    blocks = c.layer(c.articles[0], "segments")["blocks"]
    blocks[1]["start"] = blocks[0]["start"]


@breaks("sentences-do-not-tile")
def drop_sentence(c):
    next(b for _, b in c.items("segments", "blocks") if len(b["sentences"]) > 2)["sentences"].pop(1)


@breaks("block-over-lines")
def join_blocks(c):
    for article in c.articles:
        blocks, text = c.layer(article, "segments")["blocks"], c.text(article)
        for one, other in pairwise(blocks):
            if "\n" in text[one["end"] : other["start"]]:
                one["end"] = other["end"]
                return


@breaks("second-title")
def make_title(c):
    article = next(article for article, _ in c.blocks("title"))
    next(block for other, block in c.blocks("paragraph") if other == article)["kind"] = "title"


# quotes


@breaks("out-of-order")
def turn_round_quotes(c):
    c.layer(c.articles[0], "quotes")["quotes"].reverse()


@breaks("out-of-order")
def turn_round_mentions(c):
    c.layer(c.articles[0], "entities")["mentions"].reverse()


@breaks("out-of-order")
def turn_round_labels(c):
    c.layer(c.articles[0], "claims")["sentences"].reverse()


@breaks("out-of-order")
def turn_round_claims(c):
    c.layer(c.articles[0], "claims")["claims"].reverse()


@breaks("out-of-order")
def turn_round_block_topics(c):
    c.layer(c.articles[0], "topics")["block_topics"].reverse()


@breaks("cue-outside-group")
def take_source_for_group(c):
    quote = next(q for _, q in c.quotes() if q["cue"] and q["source"])
    quote["cue_group"] = quote["source"]


@breaks("cue-in-content")
def take_content_for_cue(c):
    quote = next(q for _, q in c.quotes() if q["cue"])
    quote["cue"] = quote["cue_group"] = quote["content"][:1]


@breaks("cue-group-in-content")
def take_content_for_group(c):
    quote = next(q for _, q in c.quotes() if q["cue"])
    quote["cue_group"] = quote["content"][:1]


@breaks("verbatim-outside-content")
def take_cue_for_content(c):
    quote = next(q for _, q in c.quotes(type="mixed", parent=None) if q["cue"])
    quote["content"] = quote["cue"][:1]


@breaks("nested-same-speaker")
def give_parents_speaker(c):
    for _, quote in c.items("quotes", "quotes"):
        parent = next((q for _, q in c.items("quotes", "quotes") if q["id"] == quote["parent"]), None)
        if parent and parent["speaker"] and not quote["utterances"]:
            quote["speaker"] = parent["speaker"]
            return


@breaks("quote-outside-body")
def make_heading(c):
    article, quote = next(c.quotes())
    start = quote["content"][0]["start"]
    blocks = c.layer(article, "segments")["blocks"]
    next(b for b in blocks if b["start"] <= start < b["end"])["kind"] = "heading"


@breaks("span-over-blocks")
def run_on(c):
    article, quote = next((a, q) for a, q in c.quotes(parent=None) if len(q["content"]) == 1)
    start = quote["content"][0]["start"]
    block = next(b for b in c.layer(article, "segments")["blocks"] if b["start"] <= start < b["end"])
    quote["content"] = [span(c, article, start, next_ink(c.text(article), block["end"]) + 1)]


@breaks("turn-without-quote")
def take_paragraph_for_turn(c):
    next(c.blocks("paragraph"))[1]["kind"] = "turn"


@breaks("turn-label-outside-turn")
def take_turn_for_paragraph(c):
    next(c.blocks("turn"))[1]["kind"] = "paragraph"


@breaks("utterance-of-state")
def take_remark_for_belief(c):
    next(q for _, q in c.quotes(type="indirect") if q["utterances"])["attitude"] = "belief"


@breaks("repeated-utterance")
def tell_twice(c):
    links = next(q for _, q in c.quotes() if q["utterances"])["utterances"]
    rendering = "shortened" if links[0]["rendering"] != "shortened" else "altered"
    links.append({**links[0], "rendering": rendering})


@breaks("utterance-speaker")
def change_speaker(c):
    quote = next(q for _, q in c.quotes() if q["utterances"])
    entities = c.registry("entities")["entities"]
    quote["speaker"] = next(e["id"] for e in entities if e["id"] != quote["speaker"] and not e["replaced_by"])


@breaks("words-without-marks")
def claim_marks(c):
    quote = next(q for _, q in c.quotes(type="indirect", attitude="communication"))
    quote.update(type="direct", marking="quotation_marks")


@breaks("words-without-marks")
def take_lost_marks_for_kept(c):
    quote = next(q for _, q in c.quotes(type="direct", marking="none"))
    quote["marking"] = "quotation_marks"


@breaks("verbatim-incomplete")
def cut_verbatim(c):
    article, quote = next((a, q) for a, q in c.quotes(type="mixed") if " " in q["verbatim"][0]["text"])
    first = quote["verbatim"][0]
    quote["verbatim"][0] = span(c, article, first["start"], first["start"] + first["text"].index(" "))


@breaks("other-mark-without-marks")
def list_a_cue(c):
    article, quote = next((a, q) for a, q in c.quotes() if q["cue"])
    c.layer(article, "quotes")["other_marks"] = [{**quote["cue"][0], "function": "term"}]


@breaks("unclaimed-marks")
def forget_other_marks(c):
    next(c.items("quotes", "other_marks"))
    for article in c.articles:
        c.layer(article, "quotes")["other_marks"].clear()


@breaks("unclaimed-marks")
def take_marks_for_lost(c):
    next(c.quotes(type="direct", marking="quotation_marks"))[1]["marking"] = "none"


@breaks("marks-claimed-twice")
def list_verbatim(c):
    article, quote = next(c.quotes(type="mixed"))
    c.layer(article, "quotes")["other_marks"] = [{**quote["verbatim"][0], "function": "scare"}]


# entities


@breaks("repeated-mention")
def mention_twice(c):
    mentions = c.layer(c.articles[0], "entities")["mentions"]
    mentions.insert(0, {**mentions[0], "id": f"{c.articles[0]}-m9999"})


@breaks("crossing-mentions")
def cross(c):
    article = c.articles[0]
    mentions = c.layer(article, "entities")["mentions"]
    number = next(n for n, mention in enumerate(mentions) if len(mention["text"]) > 3)
    start, end = mentions[number]["start"] + 1, next_ink(c.text(article), mentions[number]["end"]) + 1
    mentions.insert(
        number + 1, {**mentions[number], **span(c, article, start, end), "id": f"{article}-m9999"}
    )


@breaks("mention-over-sentences")
def run_on_mention(c):
    article = c.articles[0]
    mention = c.layer(article, "entities")["mentions"][0]
    sentences = [s for b in c.layer(article, "segments")["blocks"] for s in b["sentences"]]
    following = next(s for s in sentences if s["start"] > mention["start"])
    mention.update(span(c, article, mention["start"], following["start"] + 1))


@breaks("type-differs")
def change_type(c):
    mention = next(m for _, m in c.items("entities", "mentions") if m["type"] == "PERSON")
    mention["type"] = "ORG"


@breaks("also-repeats-type")
def repeat_type(c):
    mention = next(m for _, m in c.items("entities", "mentions") if not m["also"])
    mention["also"] = [mention["type"]]


@breaks("metonym-target")
def stand_for_itself(c):
    mention = next(m for _, m in c.items("entities", "mentions") if m["metonym_of"])
    mention["metonym_of"] = mention["entity"]


# claims


@breaks("label-missing")
def drop_label(c):
    c.layer(c.articles[0], "claims")["sentences"].pop()


@breaks("label-not-allowed")
def take_paragraph_for_boilerplate(c):
    next(c.blocks("paragraph"))[1]["kind"] = "boilerplate"


@breaks("label-repeated")
def label_twice(c):
    labels = c.layer(c.articles[0], "claims")["sentences"]
    labels.insert(0, labels[0])


@breaks("claim-sentence")
def change_sentence(c):
    document = c.layer(c.articles[0], "claims")
    claim = document["claims"][0]
    claim["sentence"] = next(
        label["sentence"]
        for label in reversed(document["sentences"])
        if label["sentence"] != claim["sentence"]
    )


@breaks("claim-outside-body")
def take_paragraph_for_heading(c):
    article, claim = next(c.items("claims", "claims"))
    blocks = c.layer(article, "segments")["blocks"]
    block = next(b for b in blocks if claim["sentence"] in {s["id"] for s in b["sentences"]})
    block["kind"] = "heading"


@breaks("claim-of-none")
def label_none(c):
    article, claim = next(c.items("claims", "claims"))
    labels = c.layer(article, "claims")["sentences"]
    label = next(label for label in labels if label["sentence"] == claim["sentence"])
    label.update(checkability="none", reason="opinion")


@breaks("sentence-without-claim")
def drop_claims(c):
    c.layer(c.articles[0], "claims")["claims"].clear()


@breaks("claim-outside-quote")
def change_quote(c):
    article, claim = next((a, x) for a, x in c.items("claims", "claims") if x["quote"])
    first, last = claim["spans"][0]["start"], claim["spans"][-1]["end"]
    quotes = c.layer(article, "quotes")["quotes"]
    claim["quote"] = next(
        q["id"] for q in quotes if all(s["end"] <= first or s["start"] >= last for s in q["content"])
    )


@breaks("claimant-article")
def give_to_article(c):
    claims = (x for _, x in c.items("claims", "claims") if x["quote"] and x["category"] != "position")
    next(claims)["claimant"] = "article"


@breaks("same-text-other-label")
def label_otherwise(c):
    texts: dict[str, Json] = {}
    for article in c.articles:
        words = {s["id"]: s["text"] for b in c.layer(article, "segments")["blocks"] for s in b["sentences"]}
        for label in c.layer(article, "claims")["sentences"]:
            first = texts.setdefault(words[label["sentence"]], label)
            if first is not label and "note" not in first:
                label.pop("note", None)
                vague = first["checkability"] != "vague"
                label.update(checkability="vague" if vague else "checkable", reason=None)
                return
    raise AssertionError("no sentence stands twice")


# repairs


def repaired(c: Corpus, kind: str) -> tuple[str, list[Json], int]:
    """The first article that has a repair of a kind, its repairs, and where that one stands."""
    for article in c.articles:
        repairs = c.layer(article, "repairs")["repairs"]
        for number, repair in enumerate(repairs):
            if repair["kind"] == kind:
                return article, repairs, number
    raise AssertionError(f"nothing is repaired as {kind}")


@breaks("out-of-order")
def turn_round_repairs(c):
    next(d["repairs"] for a in c.articles if len((d := c.layer(a, "repairs"))["repairs"]) > 1).reverse()


@breaks("repairs-overlap")
def insert_twice(c):
    article, repairs, number = repaired(c, "missing_space")
    repairs.insert(number, {**repairs[number], "id": f"{article}-r999"})


@breaks("repair-changes-nothing")
def put_back(c):
    _, repairs, number = repaired(c, "lost_capital")
    repairs[number]["replacement"] = repairs[number]["text"]


@breaks("repair-kind-differs")
def take_mark_for_space(c):
    _, repairs, number = repaired(c, "lost_quotation_mark")
    repairs[number]["kind"] = "missing_space"


@breaks("repair-kind-differs")
def take_space_for_mark(c):
    _, repairs, number = repaired(c, "missing_space")
    repairs[number]["kind"] = "lost_quotation_mark"


@breaks("repair-kind-differs")
def take_word_for_capital(c):
    _, repairs, number = repaired(c, "wrong_word")
    repairs[number]["kind"] = "lost_capital"


@breaks("repair-kind-differs")
def take_word_for_furniture(c):
    _, repairs, number = repaired(c, "wrong_word")
    repairs[number]["kind"] = "furniture"


@breaks("furniture-outside-boilerplate")
def take_menu_for_paragraph(c):
    article, repairs, number = repaired(c, "furniture")
    start = next_ink(c.text(article), repairs[number]["start"])
    blocks = c.layer(article, "segments")["blocks"]
    next(b for b in blocks if b["start"] <= start < b["end"])["kind"] = "heading"


@breaks("boilerplate-left")
def leave_furniture(c):
    _, repairs, number = repaired(c, "furniture")
    del repairs[number]


@breaks("repair-joins-blocks")
def join_lines(c):
    article = c.articles[0]
    text, blocks = c.text(article), c.layer(article, "segments")["blocks"]
    bodies = pairwise(b for b in blocks if b["kind"] == "paragraph")
    one, other = next((a, b) for a, b in bodies if not text[a["end"] : b["start"]].strip())
    gap = {**span(c, article, one["end"], other["start"]), "replacement": " ", "kind": "typo"}
    repairs = c.layer(article, "repairs")["repairs"]
    repairs.append({"id": f"{article}-r999", **gap})
    repairs.sort(key=lambda repair: repair["start"])


@breaks("repair-cuts-span")
def replace_half_a_name(c):
    article = c.articles[0]
    mention = next(m for m in c.layer(article, "entities")["mentions"] if len(m["text"]) > 3)
    half = span(c, article, mention["start"] + 1, next_ink(c.text(article), mention["end"]) + 1)
    repairs = c.layer(article, "repairs")["repairs"]
    repairs[:] = [{"id": f"{article}-r999", **half, "replacement": "x", "kind": "wrong_word"}]


# topics


@breaks("topic-repeated")
def choose_twice(c):
    topics = c.layer(c.articles[0], "topics")["article_topics"]
    topics["secondary"] = [copy.deepcopy(topics["main"][0])]


@breaks("broader-beside-narrower")
def add_broader(c):
    vocabulary = Schemas(find_schema_folder(REPOSITORY)).mediatopics()
    registry = c.registry("topics")["topics"]
    entry = next(
        x for _, x in c.items("topics", "block_topics") if x["topics"] and vocabulary[x["topics"][0]].broader
    )
    broader = vocabulary[vocabulary[entry["topics"][0]].broader]
    entry["topics"] = [entry["topics"][0], broader.code]
    if broader.code not in {topic["code"] for topic in registry}:
        registry.append({"code": broader.code, "label": broader.label, "broader": broader.broader})


@breaks("no-main-topic")
def drop_main(c):
    c.layer(c.articles[0], "topics")["article_topics"]["main"].clear()


@breaks("block-topics-missing")
def drop_block_topics(c):
    c.layer(c.articles[0], "topics")["block_topics"].pop()


@breaks("block-topics-not-allowed")
def take_paragraph_for_byline(c):
    next(c.blocks("paragraph"))[1]["kind"] = "byline"


@breaks("block-topics-repeated")
def repeat_block_topics(c):
    entries = c.layer(c.articles[0], "topics")["block_topics"]
    entries.insert(0, entries[0])


# what articles share


@breaks("utterance-told-once")
def forget_tellings(c):
    for _, quote in c.items("quotes", "quotes"):
        quote["utterances"] = [link for link in quote["utterances"] if link["rendering"] == "reference"]


@breaks("utterance-reference")
def name_another_quote(c):
    utterance = c.registry("utterances")["utterances"][0]
    links = ((q["id"], {u["utterance"] for u in q["utterances"]}) for _, q in c.items("quotes", "quotes"))
    utterance["reference"] = next(
        quote for quote, told in links if utterance["id"] in told and quote != utterance["reference"]
    )


@breaks("utterance-reference")
def refer_twice(c):
    links = (link for _, q in c.items("quotes", "quotes") for link in q["utterances"])
    next(link for link in links if link["rendering"] != "reference")["rendering"] = "reference"


def related(c: Corpus, relation: str) -> tuple[Json, Json]:
    """A canonical claim and its relation of this kind."""
    return next(
        (claim, r)
        for claim in c.registry("claims")["claims"]
        for r in claim["relations"]
        if r["relation"] == relation
    )


def canonical(c: Corpus, claim: str) -> Json:
    return next(entry for entry in c.registry("claims")["claims"] if entry["id"] == claim)


ENTAILS: Json = {"relation": "entails", "type": None, "level": None}
CONTRADICTS: Json = {"relation": "contradicts", "type": "negation", "level": "report"}


@breaks("relation-to-itself")
def relate_to_itself(c):
    claim = c.registry("claims")["claims"][0]
    claim["relations"].append({"to": claim["id"], **ENTAILS})


@breaks("relation-repeated")
def relate_twice(c):
    claim, relation = related(c, "contradicts")
    claim["relations"].append({**relation, **ENTAILS})


@breaks("contradiction-misplaced")
def contradict_backwards(c):
    claim, relation = related(c, "contradicts")
    canonical(c, relation["to"])["relations"].append({"to": claim["id"], **CONTRADICTS})


@breaks("entails-circle")
def entail_back(c):
    claim, relation = related(c, "entails")
    canonical(c, relation["to"])["relations"].append({"to": claim["id"], **ENTAILS})


@breaks("entails-contradiction")
def contradict_what_is_entailed(c):
    claim, relation = related(c, "entails")
    first, second = sorted((claim["id"], relation["to"]))
    canonical(c, first)["relations"].append({"to": second, **CONTRADICTS})


@breaks("lonely-canonical")
def forget_the_others(c):
    claims = c.registry("claims")["claims"]
    targets = {relation["to"] for claim in claims for relation in claim["relations"]}
    lonely = next(
        x["id"] for x in claims if not x["relations"] and x["id"] not in targets and not x["replaced_by"]
    )
    for _, claim in [x for x in c.items("claims", "claims") if x[1]["canonical"] == lonely][1:]:
        claim["canonical"] = None


@breaks("near-miss-unknown")
def miss_nothing(c):
    c.registry("claims")["near_misses"][0]["a"] = "no-such-claim"


@breaks("near-miss-related")
def miss_what_is_entailed(c):
    claim, relation = related(c, "entails")
    c.registry("claims")["near_misses"].append({"a": claim["id"], "b": relation["to"], "why": "Close."})


@breaks("near-miss-repeated")
def miss_twice(c):
    misses = c.registry("claims")["near_misses"]
    misses.append({"a": misses[0]["b"], "b": misses[0]["a"], "why": "Close."})


@breaks("unused-entry")
def add_entity(c):
    entities = c.registry("entities")["entities"]
    entities.append(
        {**entities[0], "id": "nobody", "wikidata": None, "wikidata_note": "Invented.", "members": []}
    )


@breaks("unused-entry")
def add_utterance(c):
    utterances = c.registry("utterances")["utterances"]
    utterances.append({**utterances[0], "id": "never-said"})


@breaks("unused-entry")
def add_canonical(c):
    c.registry("claims")["claims"].append(
        {"id": "never-claimed", "statement": "Nothing.", "relations": [], "replaced_by": None}
    )


@breaks("unused-entry")
def add_topic(c):
    registry = c.registry("topics")["topics"]
    known = {topic["code"] for topic in registry}
    vocabulary = Schemas(find_schema_folder(REPOSITORY)).mediatopics().values()
    topic = next(t for t in vocabulary if t.code not in known and t.retired is None)
    registry.append({"code": topic.code, "label": topic.label, "broader": topic.broader})


@breaks("same-wikidata")
def share_item(c):
    first, second, *_ = (e for e in c.registry("entities")["entities"] if e["wikidata"])
    second["wikidata"] = first["wikidata"]


@breaks("split-unknown-article")
def name_no_article(c):
    c.splits["folds"].append(["no-such-article"])


@breaks("split-missing-article")
def forget_article(c):
    c.splits["folds"].pop()


@breaks("split-repeated-article")
def split_twice(c):
    c.splits["splits"]["train"].append(c.splits["splits"]["test"][0])


def test_every_corpus_rule_is_broken_once():
    of_lines = {"article-order", "empty-fold"}  # what only JSON Lines can have wrong: tests/test_jsonl.py
    rules = {code for code, issue in ISSUES.items() if issue.level == "L5"} - of_lines
    assert {name.split(":")[0] for name in BREAKS} == rules


def test_the_corpus_is_whole():
    layout = Layout(REPOSITORY)
    folders = list(layout.article_folders())
    assert len(folders) == 5
    assert all((folder / f"{layer}.json").is_file() for folder in folders for layer in CORPUS_LAYERS)
    assert all(layout.registry(name).is_file() for name in REGISTRIES)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_rule_fires(name, corpus, baseline):
    BREAKS[name](corpus)
    corpus.save()
    new = findings(corpus.layout.root) - baseline
    assert name.split(":")[0] in {code for code, _ in new}, sorted(new)
