"""What checks look up is what a look at everything gives, and what they accept at once has no fault."""

from __future__ import annotations

import gc
import hashlib
import json
import random
from itertools import pairwise

import orjson
import pytest

from invalid_cases import TINY
from retold.checks import anchors, ids, references
from retold.checks.inputs import ArticleInput, RegistryInput
from retold.checks.marks import Nest, Pair, innermost, pairs
from retold.checks.spans import span_lists, votes, walk_spans
from retold.checks.stretches import Stretches
from retold.garbage import uncollected
from retold.layout import CORPUS_LAYERS, Layout
from retold.records import Span

REPOSITORY = Layout(TINY.parents[3])
ARTICLE = next(REPOSITORY.article_folders()).name


def article(**documents) -> ArticleInput:
    text = "".join(chr(97 + number % 26) for number in range(200))
    registries = RegistryInput({}, {}, {}, frozenset())
    return ArticleInput("x", text, "", documents, {kind: kind for kind in documents}, registries)


def real_article() -> ArticleInput:
    raw = REPOSITORY.text(ARTICLE).read_bytes()
    files = {layer: REPOSITORY.layer(ARTICLE, layer) for layer in CORPUS_LAYERS}
    files["metadata"] = REPOSITORY.metadata(ARTICLE)
    documents = {kind: orjson.loads(path.read_bytes()) for kind, path in files.items()}
    registries = RegistryInput({}, {}, {}, frozenset("abc"))
    digest = hashlib.sha256(raw).hexdigest()
    return ArticleInput(ARTICLE, raw.decode(), digest, documents, {kind: kind for kind in files}, registries)


def random_stretches(chance: random.Random) -> list[tuple[int, int]]:
    starts = [chance.randrange(60) for _ in range(chance.randrange(8))]
    return [(start, start + chance.randrange(12)) for start in starts]


@pytest.mark.parametrize("seed", range(40))
def test_stretches_are_sets_of_offsets(seed):
    chance = random.Random(seed)
    text = "".join(chance.choice("ab \n") for _ in range(80))
    given = random_stretches(chance)
    held, offsets = Stretches(given), {n for start, end in given for n in range(start, end)}
    assert [n for n in range(80) if n in held] == sorted(offsets)
    for start, end in [(chance.randrange(70), chance.randrange(80)) for _ in range(40)]:
        inside = set(range(start, end))
        assert held.cover(start, end) == (inside <= offsets)
        if start < end:
            assert held.meet(start, end) == bool(inside & offsets)
            left = "".join(text[n] for n in range(start, end) if n not in offsets)
            assert held.rest(text, start, end) == left.strip()


@pytest.mark.parametrize("seed", range(40))
def test_the_nest_finds_what_a_look_at_all_pairs_finds(seed):
    chance = random.Random(seed)
    text = "".join(chance.choice('“”""abcdefgh ') for _ in range(120))
    cuts = [0, *sorted(chance.sample(range(1, 119), 3)), 120]
    found = [pair for start, end in pairwise(cuts) for pair in pairs(text, start, end)]
    nest = Nest(found)
    for start in range(119):
        for end in range(start + 1, min(start + 30, 120)):
            span = Span(start, end, text[start:end])
            assert nest.innermost(span) == innermost(span, found)
            edges = [pair for pair in found if pair == Pair(start, end - 1)]
            assert nest.claimed(span) == (innermost(span, found) or (edges[0] if edges else None))


def test_many_open_marks_take_linear_time():
    # Twice a look at all open marks for each mark would be 10^11 steps.
    text = "“" * 300_000 + '"' * 300_001
    assert len(pairs(text, 0, len(text))) == 150_000


@pytest.mark.parametrize(
    "bounds",
    [
        [(0, 10), (10, 20), (25, 30)],
        [(5, 9)],
        [],
        [(10, 20), (0, 10)],  # out of order
        [(0, 15), (5, 30), (5, 8)],  # overlapping
    ],
)
def test_the_block_around_a_stretch_is_the_first_that_holds_it(bounds):
    blocks = [
        {"id": f"x-b{n:02}", "kind": "paragraph", "start": start, "end": end, "sentences": []}
        for n, (start, end) in enumerate(bounds)
    ]
    given = article(segments={"blocks": blocks})
    for start in range(32):
        for end in range(start + 1, 33):
            holding = [block["id"] for block in blocks if block["start"] <= start and end <= block["end"]]
            found = given.block_around(start, end)
            assert (found.id if found else None) == (holding[0] if holding else None)


@pytest.mark.parametrize("seed", range(20))
def test_parents_in_a_circle_are_found(seed):
    chance = random.Random(seed)
    names = [f"x-q{n:02}" for n in range(12)]
    parents = {name: chance.choice([None, *names]) for name in names}
    span = {"text": "a", "start": 0, "end": 1}
    lists = {"content": [span], "cue": [], "cue_group": [], "source": [], "verbatim": [], "utterances": []}
    labels = dict.fromkeys(("type", "marking", "attitude", "polarity", "scope", "speaker"))
    quotes = [{"id": name, "parent": parent, **labels, **lists} for name, parent in parents.items()]
    circling = set()
    for name in names:
        step = parents[name]
        for _ in names:
            circling |= {name} if step == name else set()
            step = parents.get(step)
    found = list(references.parents(article(quotes={"quotes": quotes})))
    assert {finding.item for finding in found} == circling
    assert {finding.code for finding in found} <= {"parent-circle"}


@pytest.mark.parametrize("layer", anchors.SPAN_LAYERS)
def test_all_spans_of_a_layer_are_known(layer):
    """The lists of spans, and the votes, leave out nothing that a walk through the whole file meets."""
    corpora = (Layout(TINY), REPOSITORY)
    for layout in [layout for corpus in corpora for layout in (corpus, *corpus.passes())]:
        for folder in layout.article_folders():
            path = layout.metadata(folder.name) if layer == "metadata" else layout.layer(folder.name, layer)
            if not path.exists():
                continue
            document = json.loads(path.read_bytes())
            known = {id(span) for listed in span_lists(layer, document) for span in listed}
            known |= {id(span) for voted in votes(layer, document) for _, _, span in walk_spans(voted)}
            assert known == {id(span) for _, _, span in walk_spans(document)}, path


@pytest.mark.parametrize("check", anchors.CHECKS[:-1], ids=lambda check: check.reads[0])
def test_no_span_that_is_off_is_accepted(check):
    given = real_article()
    spans = list(walk_spans(given.documents[check.reads[0]]))
    assert list(check.run(given)) == []
    for pointer, item, span in spans:
        before = dict(span)
        for change in ({"start": before["start"] + 1}, {"end": before["end"] - 1}, {"text": "¤"}):
            span.update(change)
            found = list(check.run(given))
            assert [(one.pointer[: len(pointer)], one.item) for one in found][:1] == [(pointer, item)]
            span.update(before)


@pytest.mark.parametrize("layer", ids.ITEM_LISTS)
def test_no_id_that_is_wrong_is_accepted(layer):
    given = real_article()
    (check,) = (check for check in ids.CHECKS if check.reads == (layer,) and check.name == "item-ids")
    items = given.documents[layer][ids.ITEM_LISTS[layer][0]]
    items = [*items, *(sentence for item in items for sentence in item.get("sentences", ()))]
    assert list(check.run(given)) == []
    for item, other in pairwise(items):
        own = item["id"]
        for wrong in (other["id"], f"{own}x", own.replace(ARTICLE, "other"), own.rstrip("0123456789")):
            item["id"] = wrong
            assert list(check.run(given)), wrong
            item["id"] = own
    assert list(check.run(given)) == []


def test_the_collector_is_left_as_it_was():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
