"""The audit: each rule on a gold with the fault that it looks for, decisions, and the real corpus."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corpora import REPOSITORY, TINY
from retold.audit.decisions import parse_decisions, sort_cases
from retold.audit.differences import ToolSpan, differences, paired
from retold.audit.gold import Gold
from retold.audit.parallels import similarity
from retold.audit.propositions import figures
from retold.audit.rules import RULES, all_cases
from retold.audit.verdicts import (
    HEADING,
    Verdict,
    as_document,
    judged,
    parse_verdicts,
    tally,
    undecided,
    with_tally,
)
from retold.cli import main
from retold.layout import Layout
from retold.reader import read_article, read_json, read_registry
from retold.records import Article

DAM, LAKE, PROTESTS = "dam-stays-shut", "interview-on-the-lake", "sudria-protests"


def read_gold(layout: Layout) -> Gold:
    names = [folder.name for folder in layout.article_folders()]
    return Gold(tuple(read_article(layout, name) for name in names), read_registry(layout))


@pytest.fixture(scope="module")
def gold() -> Gold:
    return read_gold(Layout(TINY))


def changed(gold: Gold, article: str, **lists: object) -> Gold:
    """The gold with other items in one article."""
    return Gold(
        tuple(replace(own, **lists) if own.id == article else own for own in gold.articles), gold.registry
    )


def of(gold: Gold, article: str) -> Article:
    return next(own for own in gold.articles if own.id == article)


def found(gold: Gold, rule: str) -> dict[str, str]:
    """The items of the first places of a rule's cases, with what the gold says there."""
    return {case.places[0].item: case.places[0].gold for case in RULES[rule](gold)}


def doubled(gold: Gold) -> Gold:
    """The gold with a copy of one article under another name, in which one mention has another label."""
    copy = of(gold, PROTESTS)
    mentions = (replace(copy.mentions[0], form="nominal"), *copy.mentions[1:])
    blocks = tuple(
        replace(
            block, sentences=tuple(replace(s, id=s.id.replace("sudria", "copy")) for s in block.sentences)
        )
        for block in copy.blocks
    )
    labels = tuple(
        replace(own, sentence=own.sentence.replace("sudria", "copy")) for own in copy.sentence_labels
    )
    claims = tuple(replace(own, sentence=own.sentence.replace("sudria", "copy")) for own in copy.claims)
    copy = replace(
        copy, id="copy-protests", mentions=mentions, blocks=blocks, sentence_labels=labels, claims=claims
    )
    return Gold((*gold.articles, copy), gold.registry)


def test_same_sentence_with_another_mention(gold):
    assert found(gold, "same-sentence") == {}
    cases = list(RULES["same-sentence"](doubled(gold)))
    assert [(place.item, place.gold) for case in cases for place in case.places] == [
        ("sudria-protests-s001", "mentions: sudria @0–0 name GPE sudria"),
        ("copy-protests-s001", "mentions: sudria @0–0 nominal GPE sudria"),
    ]


def test_a_note_says_why_the_same_sentence_is_annotated_otherwise(gold):
    double = doubled(gold)
    copy = double.articles[-1]
    noted = replace(copy, mentions=(replace(copy.mentions[0], note="why"), *copy.mentions[1:]))
    assert list(RULES["same-sentence"](Gold((*double.articles[:-1], noted), gold.registry))) == []


def test_similarity_is_twice_the_common_words_over_all():
    assert similarity(("a", "b", "c"), ("a", "b", "c")) == 1
    assert similarity(("a", "b", "c"), ("a", "b", "d")) == pytest.approx(4 / 6)
    assert similarity(("a", "b", "c"), ("x", "y", "c")) == 0  # too little in common to be computed


def test_similar_sentences_are_compared_where_their_words_are_the_same(gold):
    cases = [case for case in RULES["similar-sentence"](gold) if case.places[1].gold.startswith("claims")]
    assert ["1990" in case.words and "orel-dam" not in case.words for case in cases].count(True) == 1
    built = next(case for case in cases if case.words == "It was built in 1990.")
    assert [place.gold for place in built.places] == [
        "claims: event_or_state positive certain, jon-berg, dam-built-1990",
        "claims: event_or_state positive certain, article, dam-built-1989",
    ]


def test_names_that_are_not_marked(gold):
    article = of(gold, PROTESTS)
    without = changed(gold, PROTESTS, mentions=article.mentions[1:])
    assert "sudria-protests-s001#1" not in found(gold, "unmarked-name")
    assert found(without, "unmarked-name")["sudria-protests-s001#1"] == "not marked"


def test_words_marked_elsewhere(gold):
    article = of(gold, DAM)
    mention = article.mentions[-1]
    assert (mention.span.text, mention.form) == ("both countries", "nominal")
    assert found(gold, "unmarked-words") == {}
    # the same words in another article, marked there alone
    moved = changed(gold, DAM, mentions=article.mentions[:-1])
    other = of(moved, PROTESTS)
    start = other.text.index("The dam")
    marked = replace(mention, id="x", span=replace(mention.span, start=start, end=start + 7, text="The dam"))
    moved = changed(moved, PROTESTS, mentions=(*other.mentions, marked))
    assert found(moved, "unmarked-words") == {
        "dam-stays-shut-s006#1": "not marked",
        "interview-on-the-lake-s002#1": "not marked",  # "will the dam open": case does not matter
    }


def test_the_same_words_with_rarer_labels(gold):
    assert found(gold, "other-label") == {"dam-stays-shut-m012": "name GPE varn for norland"}
    article = of(gold, DAM)
    noted = tuple(replace(m, note="the capital") if m.id.endswith("m012") else m for m in article.mentions)
    assert found(changed(gold, DAM, mentions=noted), "other-label") == {}


def test_cues_that_are_not_marked(gold):
    article = of(gold, LAKE)
    without = changed(gold, LAKE, quotes=tuple(q for q in article.quotes if not q.id.endswith("q03")))
    assert found(gold, "unmarked-cue") == {}
    assert found(without, "unmarked-cue") == {"interview-on-the-lake-s004#1": "no cue"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1,500 and 20%", {"1500", "20"}),
        ("roughly a fifth", {"0.2"}),
        ("on 3 May 2024", {"3", "2024"}),  # "may" is too often a verb
        ("in June", {"june"}),
        ("both of them", {"2"}),
        ("nothing", set()),
    ],
)
def test_figures(text, expected):
    assert figures(text) == expected


def test_numbers_that_are_not_in_the_spans(gold):
    article = of(gold, PROTESTS)
    assert found(gold, "number-not-in-spans") == {}  # "June" has the year 2024 by its value
    wrong = (replace(article.claims[0], proposition="It stays shut until July 2025."), *article.claims[1:])
    assert list(found(changed(gold, PROTESTS, claims=wrong), "number-not-in-spans")) == [
        "sudria-protests-c001"
    ]
    noted = (replace(wrong[0], note="why"), *wrong[1:])
    assert found(changed(gold, PROTESTS, claims=noted), "number-not-in-spans") == {}


def test_entities_that_are_not_near(gold):
    article = of(gold, DAM)
    wrong = tuple(
        replace(c, proposition="Jon Berg says so.") if c.id.endswith("c005") else c for c in article.claims
    )
    assert "dam-stays-shut-c005" not in found(gold, "entity-not-near")  # both countries are its members
    assert "dam-stays-shut-c005" in found(changed(gold, DAM, claims=wrong), "entity-not-near")


def test_quotes_without_claim(gold):
    assert list(found(gold, "quote-without-claim")) == ["dam-stays-shut-q02"]
    article = of(gold, DAM)
    noted = tuple(replace(q, note="one claim, of the inner source") for q in article.quotes)
    assert found(changed(gold, DAM, quotes=noted), "quote-without-claim") == {}


def test_claims_that_are_said_to_be_the_same(gold):
    cases = {case.words: [place.item for place in case.places] for case in RULES["same-claim"](gold)}
    assert cases == {
        "dam-built-1990": ["dam-stays-shut-c004", "interview-on-the-lake-c002"],
        "orel-dam-shut": ["dam-stays-shut-c001", "interview-on-the-lake-c001"],
    }


def test_a_key_stays_until_the_annotation_changes(gold):
    keys = [case.key for case in all_cases(gold)]
    assert len(set(keys)) == len(keys)
    article = of(gold, PROTESTS)
    moved = tuple(replace(m, span=replace(m.span, start=m.span.start)) for m in article.mentions)
    assert [case.key for case in all_cases(changed(gold, PROTESTS, mentions=moved))] == keys
    other = tuple(replace(c, claimant="jon-berg") for c in article.claims)
    assert [case.key for case in all_cases(changed(gold, PROTESTS, claims=other))] != keys


def entry(case, decision="right", why="read"):
    items = [place.item for place in case.places]
    own = {"key": case.key, "rule": case.rule, "words": case.words}
    return own | {"items": items, "decision": decision, "why": why}


def test_cases_are_sorted_by_what_was_decided(gold):
    one, two, three, *rest = all_cases(gold)
    document = {"decided": [entry(one), entry(two, "fault"), entry(three, "mended")]}
    document["decided"].append(entry(rest[0]) | {"key": "0" * 12})
    audit = sort_cases([one, two, three, *rest], parse_decisions(document, RULES))
    assert audit.right == 1
    assert [case for case, _ in audit.faults] == [two]
    assert audit.undecided == (three, *rest)  # mended, but it still stands
    assert [decision.key for decision in audit.past] == ["0" * 12]
    assert not audit.clean


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"decision": "perhaps"}, "decision is"),
        ({"rule": "none"}, "no rule 'none'"),
        ({"why": " "}, "not empty"),
        ({"items": "x"}, "list of ids"),
        ({"more": 1}, "with the keys"),
    ],
)
def test_decisions_that_cannot_be_read(gold, change, words):
    case = next(all_cases(gold))
    with pytest.raises(ValueError, match=words):
        parse_decisions({"decided": [entry(case) | change]}, RULES)
    with pytest.raises(ValueError, match="twice"):
        parse_decisions({"decided": [entry(case), entry(case)]}, RULES)
    with pytest.raises(ValueError, match='list "decided"'):
        parse_decisions([], RULES)


def test_command_lists_decides_and_is_clean(tiny, capsys, gold):
    assert main(["audit", "--root", str(tiny), "--format", "json"]) == 1
    listed = json.loads(capsys.readouterr().out)["undecided"]
    keys = ("key", "rule", "words", "items")
    decided = [{key: case[key] for key in keys} | {"decision": "right", "why": "read"} for case in listed]
    folder = tiny / "annotations/_passes/audit"
    folder.mkdir(parents=True)
    (folder / "decided.json").write_text(json.dumps({"decided": decided}), encoding="utf-8")
    assert main(["audit", "--root", str(tiny)]) == 0
    assert f"0 undecided, 0 known faults, {len(decided)} decided as right" in capsys.readouterr().out
    assert main(["validate", "--root", str(tiny)]) == 0  # the folder is no pass and no unknown file
    assert main(["audit", "--root", str(tiny), "--all", "--rule", "same-claim"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("2 undecided")


def test_command_says_what_is_wrong_with_the_decisions(tiny, capsys):
    folder = tiny / "annotations/_passes/audit"
    folder.mkdir(parents=True)
    (folder / "decided.json").write_text("{", encoding="utf-8")
    assert main(["audit", "--root", str(tiny)]) == 2
    assert "decided.json" in capsys.readouterr().err


def test_tool_spans_are_paired_by_what_they_share(gold):
    mentions = of(gold, DAM).mentions
    president, friday = next(m for m in mentions if m.id.endswith("m004")), mentions[4]
    wide = ToolSpan(president.span.start - 10, president.span.end, "PERSON")
    stray = ToolSpan(0, 3, "ORG")
    assert list(paired([stray, wide], [president, friday])) == [
        (wide, president),
        (stray, None),
        (None, friday),
    ]


def test_differences_are_grouped_and_verdicts_kept(gold):
    article = of(gold, DAM)
    named = [m for m in article.mentions if m.form in ("name", "value", "adjective")]
    spans = [ToolSpan(m.span.start, m.span.end, m.type) for m in named]
    assert differences([article], {DAM: spans}) == {}
    spans = [ToolSpan(s.start, s.end, "ORG") for s in spans[:2]] + spans[3:]
    groups = judged(differences([article], {DAM: spans}), {})
    assert [(group.pattern.kind, len(group.places)) for group in groups] == [
        ("label", 1),
        ("label", 1),
        ("gold only", 1),
    ]
    assert undecided(groups) == groups
    known = {groups[0].pattern: Verdict("tool", "a person")}
    again = judged({group.pattern: group.places for group in groups}, known)
    assert undecided(again) == again[1:]
    assert parse_verdicts(as_document("tool", "model", again)) == again
    assert list(tally(again))[2] == "| label | 1 (1) | 0 (0) | 0 (0) | 1 (1) | 2 (2) |"
    assert list(tally(again))[-1] == "| all | 1 (1) | 0 (0) | 0 (0) | 2 (2) | 3 (3) |"


def test_verdicts_that_cannot_be_read():
    group = {
        "tool": None,
        "gold": {"words": "x", "label": "ORG"},
        "verdict": "perhaps",
        "why": "x",
        "places": [],
    }
    with pytest.raises(ValueError, match="a verdict is"):
        parse_verdicts({"groups": [group]})
    with pytest.raises(ValueError, match="entry 1"):
        parse_verdicts({"groups": [{}]})
    with pytest.raises(ValueError, match="write the tally"):
        with_tally("no marks here", ())


def test_command_compares_with_a_tool(tiny, tmp_path, capsys):
    folder = tiny / "annotations/_passes/audit"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(f"{HEADING}\n<!-- /retold:tally -->\n", encoding="utf-8")
    spans = tmp_path / "spans.json"
    names = [path.name for path in Layout(tiny).article_folders()]
    spans.write_text(
        json.dumps({"tool": "t", "model": "m", "spans": {name: [] for name in names}}), encoding="utf-8"
    )
    assert main(["audit", "--root", str(tiny), "--compare", str(spans)]) == 1
    document = read_json(folder / "spacy.json")
    assert {group["verdict"] for group in document["groups"]} == {None}
    for group in document["groups"]:
        group |= {"verdict": "tool", "why": "missed"}
    (folder / "spacy.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["audit", "--root", str(tiny), "--compare", str(spans)]) == 0
    assert "without a verdict" in capsys.readouterr().out
    assert "| gold only |" in (folder / "README.md").read_text(encoding="utf-8")
    spans.write_text("[]", encoding="utf-8")
    assert main(["audit", "--root", str(tiny), "--compare", str(spans)]) == 2


# The real corpus ------------------------------------------------------------------------------------------


def test_every_case_of_the_corpus_is_decided():
    layout = Layout(REPOSITORY)
    decisions = parse_decisions(read_json(layout.audit / "decided.json"), RULES)
    audit = sort_cases(all_cases(read_gold(layout)), decisions)
    assert [(case.rule, case.key, case.words) for case in audit.undecided] == [], "run: retold audit"


def test_faults_that_are_known_are_listed():
    folder = Layout(REPOSITORY).audit
    listed = read_json(folder / "found.json")["found"]
    assert all(set(item) == {"item", "fault", "rule", "mend"} and all(item.values()) for item in listed)
    decisions = read_json(folder / "decided.json")["decided"]
    items = {item["item"] for item in listed}
    assert [d["key"] for d in decisions if d["decision"] == "fault" and not items & set(d["items"])] == []


def test_every_difference_from_the_tool_is_judged_and_tallied():
    folder = Layout(REPOSITORY).audit
    groups = parse_verdicts(read_json(folder / "spacy.json"))
    assert undecided(groups) == ()
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert with_tally(readme, groups) == readme, "run: make audit"
    texts = {name: (REPOSITORY / "raw" / f"{name}.txt").read_bytes().decode() for name in
             {place.split(":")[0] for group in groups for place in group.places}}  # fmt: skip
    for group in groups:
        for place in group.places:
            name, bounds = place.split(":")
            start, end = map(int, bounds.split("-"))
            sides = [side.words for side in (group.pattern.tool, group.pattern.gold) if side]
            assert all(words in texts[name][start:end] for words in sides), place
