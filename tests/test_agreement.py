"""Agreement between passes: figures by hand on the tiny corpus, differences, examples, the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpora import edit, stand_in_manifest
from passes import make_pass
from retold.agreement import alignment, claims, entities, quotes, segments, topics
from retold.agreement.comparison import as_json, compare
from retold.agreement.differences import differences
from retold.agreement.examples import read_examples
from retold.agreement.figure import Figure
from retold.agreement.matching import ANY, match_claims, match_quotes
from retold.agreement.passes import GOLD, Pass, read_pass
from retold.cli import main
from retold.findings import read_issues
from retold.layout import Layout
from retold.publishing import stale_files
from retold.records import Quote, Span
from retold.schemas import Schemas, find_schema_folder
from retold.validation import validate

ARTICLE = "dam-stays-shut"
BROADER = {
    "medtop:20000639": "medtop:11000000",
    "medtop:20000641": "medtop:20000639",
    "medtop:11000000": None,
}


def passes(root: Path) -> tuple[Pass, Pass]:
    return read_pass(Layout(root), "b"), read_pass(Layout(root), GOLD)


def layer(root: Path, name: str, article: str = ARTICLE) -> Path:
    return root / "annotations" / "_passes" / "b" / article / f"{name}.json"


def found(figures: Any) -> dict[tuple[str, str], Figure]:
    return {(figure.part, figure.measure): figure for figure in figures}


@pytest.fixture
def copied(tiny: Path) -> Path:
    """The tiny corpus with a pass that says what the gold says, by other ids."""
    make_pass(tiny, "b")
    return tiny


def test_passes_for_tests_are_valid(copied: Path) -> None:
    make_pass(copied, "c", 1, registries=False)
    schemas = Schemas(find_schema_folder(copied))
    report = validate(Layout(copied), schemas, read_issues())
    assert not [finding for finding in report.findings if "_passes" in finding.path]


# --- equal passes -----------------------------------------------------------------------------------


def test_equal_passes_agree_wholly(copied: Path) -> None:
    comparison = compare(*passes(copied), BROADER, no_examples(copied))
    figures = comparison.figures
    assert {figure.layer for figure in figures} == {
        "segments",
        "quotes",
        "entities",
        "claims",
        "alignment",
        "topics",
    }
    values = [figure.value for figure in figures if figure.value is not None]
    assert len(values) > 80
    assert set(values) == {1.0}
    assert comparison.left_out == ()


def no_examples(root: Path) -> Any:
    return read_examples(Layout(root), read_pass(Layout(root), GOLD).articles)


def test_equal_passes_have_no_differences(copied: Path) -> None:
    assert list(differences(*passes(copied))) == []


def test_order_of_files_does_not_matter(copied: Path) -> None:
    make_pass(copied, "c", 5)
    before = [as_json(one) for one in all_comparisons(copied)]
    for name, key in (("quotes", "quotes"), ("entities", "mentions"), ("claims", "claims")):
        for path in (copied / "annotations" / "_passes" / "c").glob(f"*/{name}.json"):
            edit(path, lambda document, key=key: document[key].reverse())
    assert [as_json(one) for one in all_comparisons(copied)] == before


def all_comparisons(root: Path) -> list[Any]:
    layout = Layout(root)
    a, b, gold = (read_pass(layout, name) for name in ("b", "c", GOLD))
    return [compare(x, y, BROADER, no_examples(root)) for x, y in ((a, b), (a, gold), (b, gold))]


def test_figures_are_the_same_both_ways(copied: Path) -> None:
    make_pass(copied, "c", 2)
    a, b = (read_pass(Layout(copied), name) for name in ("c", GOLD))
    there, back = (compare(*pair, BROADER, no_examples(copied)).figures for pair in ((a, b), (b, a)))
    values = {figure.key: figure.value for figure in there}
    assert values == pytest.approx({figure.key: figure.value for figure in back})
    assert any(value not in (None, 1.0) for value in values.values())


# --- figures by hand --------------------------------------------------------------------------------


def test_segments(copied: Path) -> None:
    def join(document: Any) -> None:
        block = next(block for block in document["blocks"] if len(block["sentences"]) == 2)
        first, second = block["sentences"]
        first["end"] = second["end"]
        first["text"] = "any"
        block["sentences"] = [first]

    edit(layer(copied, "segments"), join)
    a, b = passes(copied)
    figure = found(segments.figures(a, b))["sentences", "F1"]
    total = sum(len(block.sentences) for article in b.articles.values() for block in article.blocks)
    assert figure.value == pytest.approx(2 * (total - 2) / (2 * total - 1))
    assert (figure.details["a"], figure.details["b"]) == (total - 1, total)


def test_quotes(copied: Path) -> None:
    """One of the quotes is gone, one has another polarity and a shorter cue, one is wide."""

    def change(document: Any) -> None:
        first, second, _ = document["quotes"]
        first["polarity"] = "negative"
        first["source"] = [{"text": "Ada Brandt", "start": 56, "end": 66}]  # without President
        second["scope"] = "wide"
        document["quotes"] = [first, second]

    edit(layer(copied, "quotes"), change)
    edit(layer(copied, "claims"), lambda document: [c.update(quote=None) for c in document["claims"]])
    a, b = passes(copied)
    of_gold = [quote for article in b.articles.values() for quote in article.quotes]
    total, core = len(of_gold), sum(quote.scope == "core" for quote in of_gold)
    figures = found(quotes.figures(a, b))
    assert figures["quotes, all", "F1, half of content"].value == pytest.approx(
        2 * (total - 1) / (2 * total - 1)
    )
    # of the core ones, the pair with a wide quote is neither hit nor miss
    assert figures["quotes, core", "F1, half of content"].value == pytest.approx(
        2 * (core - 2) / (2 * core - 3)
    )
    exact = figures["content, source and cue, all", "F1, exact"]
    assert exact.value == pytest.approx(2 * (total - 2) / (2 * total - 1))
    source = figures["source, all", "F1, characters"]
    lengths = [sum(len(span.text) for span in quote.source) for quote in of_gold]
    gone, cut = len("Sudria"), len("President ")
    shared = sum(lengths) - gone - cut
    assert source.value == pytest.approx(2 * shared / (sum(lengths) + shared))
    observed = figures["polarity, all", "kappa"].details["observed"]
    assert observed == pytest.approx((total - 2) / (total - 1))
    assert figures["speaker, all", "accuracy"].value == 1.0
    assert figures["scope, all", "kappa"].n == total - 1


def test_a_parent_without_a_match_is_another_parent(copied: Path) -> None:
    def change(document: Any) -> None:
        document["quotes"][2]["parent"] = None

    edit(layer(copied, "quotes"), change)
    a, b = passes(copied)
    figure = found(quotes.figures(a, b))["parent, all", "accuracy"]
    assert figure.value == pytest.approx((figure.n - 1) / figure.n)


def test_classes_of_tokens(tiny: Path) -> None:
    """The inner quote counts for nothing; what is content of one quote and source of another is content."""
    article = read_pass(Layout(tiny), GOLD).articles[ARTICLE]
    text = "Ada said she had promised that Bo thinks it rains. Bo nods that it does, Cy fears."

    def span(words: str) -> Span:
        start = text.index(words)
        return Span(start, start + len(words), words)

    def quote(name: str, content: str, cue: str, source: str, parent: str | None = None) -> Quote:
        made = replace(article.quotes[0], id=name, parent=parent, content=(span(content),))
        return replace(made, cue=(span(cue),), cue_group=(span(cue),), source=(span(source),))

    outer = quote("x", "Bo thinks it rains", "had promised", "she")
    inner = quote("y", "it rains", "thinks", "Ada", parent="x")
    other = quote("z", "it does", "fears", "Bo thinks")
    found = quotes.token_classes(replace(article, text=text, quotes=(outer, inner, other)))
    first = ["none", "none", "source", "cue", "cue", "none", *["content"] * 4, "none"]
    assert found == [*first, "none", "none", "none", "content", "content", "none", "none", "cue", "none"]


def test_quotes_on_the_same_content_are_matched_by_cue(tiny: Path) -> None:
    quote = read_pass(Layout(tiny), GOLD).articles[ARTICLE].quotes[0]
    said, echoed = (
        replace(quote, id=cue, cue=(Span(at, at + 4, cue),)) for cue, at in (("said", 0), ("echo", 9))
    )
    renamed = [replace(said, id="a"), replace(echoed, id="z")]
    pairs = match_quotes([said, echoed], renamed)
    assert {(x.cue[0].text, y.cue[0].text) for x, y in pairs} == {("said", "said"), ("echo", "echo")}


def test_claims_on_the_same_words_are_matched_by_proposition(tiny: Path) -> None:
    claim = read_pass(Layout(tiny), GOLD).articles[ARTICLE].claims[0]
    one = [
        replace(claim, id=f"a{n}", proposition=words) for n, words in enumerate(("It is shut.", "Bo saw it."))
    ]
    other = [
        replace(claim, id=f"b{n}", proposition=words)
        for n, words in enumerate(("Bo saw that.", "It is shut!"))
    ]
    assert {(x.id, y.id) for x, y in match_claims(one, other)} == {("a0", "b1"), ("a1", "b0")}


def test_less_than_half_in_common_is_another_quote(tiny: Path) -> None:
    quote = read_pass(Layout(tiny), GOLD).articles[ARTICLE].quotes[0]
    whole, third, half = (replace(quote, content=(Span(0, end, "x" * end),)) for end in (12, 3, 4))
    assert match_quotes([whole], [third]) == []
    assert match_quotes([whole], [half]) == [(whole, half)]
    assert match_quotes([whole], [third], least=ANY) == [(whole, third)]


def test_entities(copied: Path) -> None:
    """One mention is gone, one has another type, one refers to another entity."""

    def change(document: Any) -> None:
        items = [item for item in document["mentions"] if item["form"] == "name"]
        document["mentions"].remove(items[0])
        items[1]["type"] = "LOC"
        items[2]["entity"] = "ada-brandt" if items[2]["entity"] != "ada-brandt" else "sudria"

    edit(layer(copied, "entities"), change)
    a, b = passes(copied)
    total = sum(len(article.mentions) for article in b.articles.values())
    figures = found(entities.figures(a, b))
    assert figures["mentions", "F1, extent"].value == pytest.approx(2 * (total - 1) / (2 * total - 1))
    assert figures["mentions", "F1, strict"].value == pytest.approx(2 * (total - 2) / (2 * total - 1))
    link = figures["link", "accuracy"]
    assert link.value == pytest.approx((link.n - 1) / link.n)
    assert figures["type", "kappa"].n == total - 1
    assert figures["type", "kappa"].details["observed"] == pytest.approx((total - 2) / (total - 1))
    assert 0 < (figures["coreference within articles", "CoNLL F1"].value or 0) < 1
    within, across = (
        figures[f"coreference {where} articles", "CEAF-e"].details["b"] for where in ("within", "across")
    )
    entities_of = [{m.entity for m in article.mentions if m.entity} for article in b.articles.values()]
    assert (within, across) == (sum(map(len, entities_of)), len(set().union(*entities_of)))


def test_links_follow_entities_that_were_replaced(copied: Path) -> None:
    registry = copied / "annotations" / "_registry" / "entities.json"

    def retire(document: Any) -> None:
        old = dict(document["entities"][0])
        document["entities"].append({**old, "id": "zz-old", "replaced_by": old["id"], "wikidata": None})
        return old["id"]

    current = json.loads(registry.read_text("utf-8"))["entities"][0]["id"]
    edit(registry, retire)

    def use(document: Any) -> None:
        for item in document["mentions"]:
            if item["entity"] == current:
                item["entity"] = "zz-old"

    for path in (copied / "annotations" / "_passes" / "b").glob("*/entities.json"):
        edit(path, use)
    assert "zz-old" in "".join(
        path.read_text("utf-8") for path in (copied / "annotations" / "_passes").glob("*/*/entities.json")
    )
    figures = found(entities.figures(*passes(copied)))
    assert figures["link", "accuracy"].value == 1.0
    assert figures["coreference across articles", "LEA"].value == 1.0


def test_claims(copied: Path) -> None:
    """One claim is gone, one is cut short, one is less certain; one sentence is vague."""

    def change(document: Any) -> None:
        first, _, third, fourth, fifth = document["claims"]
        first["certainty"] = "probable"
        fourth["spans"] = [{"text": "Varn built the dam", "start": 222, "end": 240}]
        document["claims"] = [first, third, fourth, fifth]
        document["sentences"][0]["checkability"] = "vague"

    edit(layer(copied, "claims"), change)
    a, b = passes(copied)
    total = sum(len(article.claims) for article in b.articles.values())
    figures = found(claims.figures(a, b))
    assert figures["claims", "F1, half of words"].value == pytest.approx(2 * (total - 1) / (2 * total - 1))
    assert figures["claims", "F1, exact"].value == pytest.approx(2 * (total - 2) / (2 * total - 1))
    observed = figures["certainty", "kappa"].details["observed"]
    assert observed == pytest.approx((total - 2) / (total - 1))
    checkability = figures["checkability", "kappa"]
    assert checkability.details["observed"] == pytest.approx((checkability.n - 1) / checkability.n)
    assert figures["claimant", "accuracy"].value == 1.0


def test_relations(copied: Path) -> None:
    """The pass finds neither the contradiction nor the entailment; it keeps what is equivalent."""
    registry = copied / "annotations" / "_passes" / "b" / "_registry" / "claims.json"
    before = found(alignment.figures(*passes(copied)))["relations of claims", "F1"]
    edit(registry, lambda document: [claim.update(relations=[]) for claim in document["claims"]])
    a, b = passes(copied)
    after = found(alignment.figures(a, b))
    figure = after["relations of claims", "F1"]
    kept, all_pairs = figure.details["a"], figure.details["b"]
    assert kept is not None
    assert all_pairs == before.details["b"]
    assert 0 < kept < (all_pairs or 0)
    assert figure.value == pytest.approx(2 * kept / (kept + (all_pairs or 0)))
    labels = after["relations of claims", "kappa"]
    assert labels.n == all_pairs
    assert "share of neutral" in labels.details
    # wrong throughout but for what is equivalent: one label of those there are, neutral not among them
    there = {name for name in labels.details if name.startswith("share of ")} - {"share of neutral"}
    assert after["relations of claims", "macro-F1"].value == pytest.approx(1 / len(there))


def test_relations_within_an_article_do_not_count(copied: Path) -> None:
    a, _ = passes(copied)
    claim = next(claim for claim in a.articles[ARTICLE].claims if claim.canonical)
    assert alignment.related(["one", "one", "other"], [claim] * 3, a) == {
        (0, 2): "equivalent",
        (1, 2): "equivalent",
    }


def test_utterances(copied: Path) -> None:
    def untie(document: Any) -> None:
        for quote in document["quotes"]:
            quote["utterances"] = []

    edit(layer(copied, "quotes"), untie)
    figure = found(alignment.figures(*passes(copied)))["utterances of quotes", "B³"]
    assert figure.details["precision"] == 1.0
    assert figure.value is not None
    assert figure.value < 1.0


def test_topics(copied: Path) -> None:
    """A narrower topic instead of the broader one: other codes, the same top."""

    def narrow(document: Any) -> None:
        document["article_topics"]["main"][0]["topic"] = "medtop:20000641"

    edit(layer(copied, "topics"), narrow)
    a, b = passes(copied)
    figures = found(topics.figures(a, b, BROADER))
    codes = sum(len(x.main_topics) + len(x.secondary_topics) for x in b.articles.values())
    assert figures["article topics", "F1"].value == pytest.approx((codes - 1) / codes)
    assert figures["article topics, top level", "F1"].value == 1.0
    assert (figures["article topics", "alpha, MASI"].value or 0) < 1.0


# --- what is left out -------------------------------------------------------------------------------


def test_a_pass_without_registries_is_said_to_have_none(tiny: Path) -> None:
    make_pass(tiny, "b", registries=False)
    comparison = compare(*passes(tiny), BROADER, no_examples(tiny))
    assert "alignment" not in {figure.layer for figure in comparison.figures}
    assert [line.split(":")[0] for line in comparison.left_out] == [
        "pass b has no claims of its own",
        "pass b has no utterances of its own",
    ]


def test_examples_are_left_out(copied: Path) -> None:
    folder = copied / "annotations" / "_guidelines"
    folder.mkdir(exist_ok=True)
    (folder / "quotes.md").write_text("As in `The Orel Dam stays shut.` and `Orel Dam`.\n", encoding="utf-8")
    (folder / "claims.md").write_text(
        f"| article | words |\n|---|---|\n| `{ARTICLE}` | `Varn built the dam in … ` |\n"
        "| `sudria-protests` | `both countries share the water` |\n",
        encoding="utf-8",
    )
    (folder / "topics.md").write_text(
        f"<!-- examples: article_topics -->\n| article |\n|---|\n| `{ARTICLE}` |\n\n`sudria-protests`\n",
        encoding="utf-8",
    )
    a, b = passes(copied)
    comparison = compare(a, b, BROADER, no_examples(copied))
    document = {
        (entry["layer"], entry["part"], entry["measure"]): entry for entry in as_json(comparison)["figures"]
    }

    def counts(*key: str) -> tuple[int, int]:
        entry = document[key]
        return entry["n"], entry["without_examples"]["n"]

    places = sum(article.text.count("The Orel Dam stays shut.") for article in b.articles.values())
    whole, rest = counts("quotes", "quotes, all", "F1, half of content")
    assert places
    assert whole - rest == 2 * places  # one quote a place, in two passes
    whole, rest = counts("claims", "claims", "F1, exact")
    assert whole - rest == 2 * 1
    assert counts("claims", "checkability", "kappa")[0] - counts("claims", "checkability", "kappa")[1] == 1
    articles, without = counts("topics", "article topics", "alpha, MASI")
    assert articles - without == 1
    assert counts("entities", "mentions", "F1, strict")[0] == counts("entities", "mentions", "F1, strict")[1]


def test_a_parent_that_is_an_example_is_left_out_of_both_passes(copied: Path) -> None:
    """The passes use one id for different quotes: the parent's in one is another quote's in the other."""
    a, b = passes(copied)
    quotes_of_a = a.articles[ARTICLE].quotes
    parent, child = quotes_of_a[1], quotes_of_a[2]
    others = {
        child.parent: "x",
        quotes_of_a[0].id: parent.id,  # the first quote bears the parent's id in the other pass
    }
    swapped = [replace(quote, id=others.get(quote.id, quote.id)) for quote in (quotes_of_a[0], child)]
    sides = [
        replace(own, articles={ARTICLE: replace(a.articles[ARTICLE], quotes=kept)})
        for own, kept in ((a, (quotes_of_a[0], child)), (b, (swapped[0], replace(swapped[1], parent="x"))))
    ]
    assert found(quotes.figures(*sides))["parent, all", "accuracy"].value == 1.0


# --- differences ------------------------------------------------------------------------------------


def test_differences_say_what_each_pass_has(copied: Path) -> None:
    def change_quotes(document: Any) -> None:
        document["quotes"][0]["polarity"] = "negative"
        del document["quotes"][2]

    def change_mentions(document: Any) -> None:
        document["mentions"][0]["type"] = "LOC"

    edit(layer(copied, "quotes"), change_quotes)
    edit(layer(copied, "entities"), change_mentions)
    edit(layer(copied, "claims"), lambda document: document["claims"][4].update(proposition="Other words."))
    edit(layer(copied, "topics"), lambda document: document["block_topics"][1].update(topics=[]))
    listed = list(differences(*passes(copied)))
    said = [(d.layer, d.fields, d.a is None, d.b is None) for d in listed]
    assert ("quotes", ("polarity",), False, False) in said
    assert ("quotes", (), True, False) in said
    assert ("entities", ("type",), False, False) in said
    assert ("topics", ("topics",), False, False) in said
    assert ("claims", ("quote",), False, False) in said  # its quote is gone
    assert [d.is_wording() for d in listed].count(True) == 1
    assert len(listed) == 6
    assert all(d.sentence is not None and d.sentence.startswith(ARTICLE) for d in listed)


def test_an_unmatched_id_is_not_taken_for_the_same_id_of_the_other_pass(copied: Path) -> None:
    """Pass b's claim names a quote that gold has not, though gold has another quote of that id."""
    gold = copied / "annotations" / ARTICLE

    def drop(document: Any) -> None:
        del document["quotes"][0]
        document["quotes"][0]["id"] = f"{ARTICLE}-q501"

    def point(document: Any) -> None:
        document["claims"][0]["quote"] = f"{ARTICLE}-q501"

    edit(gold / "quotes.json", drop)
    edit(gold / "claims.json", point)
    listed = list(differences(*passes(copied)))
    assert next(d.fields for d in listed if d.layer == "claims") == ("quote",)


def test_differences_of_alignment(copied: Path) -> None:
    """A relation that the pass lacks is told under the first claim, a remark and a rendering too."""
    registry = copied / "annotations" / "_passes" / "b" / "_registry" / "claims.json"
    edit(registry, lambda document: [claim.update(relations=[]) for claim in document["claims"]])

    def untie(document: Any) -> None:
        document["quotes"][0]["utterances"] = []

    edit(layer(copied, "quotes"), untie)
    listed = [d for d in differences(*passes(copied)) if d.layer == "alignment"]
    sides = [(d.a or {}, d.b or {}, name) for d in listed for name in d.fields]
    said = {(a[name]["is"], b[name]["is"]) if name != "rendering" else ("rendering",) for a, b, name in sides}
    assert ("neutral", "contradicts") in said
    assert ("neutral", "entailed_by") in said or ("neutral", "entails") in said
    assert ("not the same remark", "the same remark") in said
    assert ("rendering",) in said


def test_articles_without_items(copied: Path) -> None:
    """A pass with an article that has no quotes, mentions or claims, and another that has no article."""
    for name, keys in (
        ("quotes", ("quotes", "other_marks")),
        ("entities", ("mentions",)),
        ("claims", ("claims",)),
    ):
        for path in (copied / "annotations" / "_passes" / "b").glob(f"*/{name}.json"):
            edit(path, lambda document, keys=keys: document.update({key: [] for key in keys}))
    (copied / "annotations" / "_passes" / "empty").mkdir()
    a, b = passes(copied)
    empty = read_pass(Layout(copied), "empty")
    examples = no_examples(copied)
    figures = {figure.key: figure.value for figure in compare(a, b, BROADER, examples).figures}
    assert figures["quotes", "quotes, all", "F1, half of content"] == 0.0
    assert figures["quotes", "type, all", "kappa"] is None
    assert figures["entities", "coreference across articles", "CoNLL F1"] == 0.0
    nothing = compare(empty, b, BROADER, examples)
    assert {figure.value for figure in nothing.figures} == {None}
    assert any("not in both passes" in line for line in nothing.left_out)
    assert {d.a is None for d in differences(a, b) if d.layer == "quotes"} == {True}
    assert list(differences(empty, b)) == []


# --- the command ------------------------------------------------------------------------------------


def retold(root: Path, *arguments: str) -> int:
    return main(["agreement", "--root", str(root), *arguments])


@pytest.fixture
def built(copied: Path) -> Path:
    """The corpus with a second pass and the manifest of a build."""
    make_pass(copied, "c", 3, registries=False)
    (copied / "build").mkdir()
    stand_in_manifest(copied)
    return copied


def test_the_command_writes_and_checks_its_file(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retold(built, "--check") == 1
    assert retold(built) == 0
    document = json.loads((built / "build" / "agreement.json").read_text("utf-8"))
    assert document["data_digest"] == "abc"
    assert [(one["a"], one["b"]) for one in document["comparisons"]] == [
        ("gold", "b"),
        ("gold", "c"),
        ("b", "c"),
    ]
    assert "gold and b: 3 articles" in capsys.readouterr().out
    assert retold(built, "--check") == 0
    assert list(stale_files(built / "build", "abc")) == []
    assert list(stale_files(built / "build", "other")) == ["agreement.json"]
    edit(layer(built, "quotes"), lambda quotes: quotes["quotes"][0].update(note="Another reason."))
    assert retold(built, "--check") == 1
    assert "out of date" in capsys.readouterr().out


def test_two_passes_alone_are_printed_and_nothing_is_written(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retold(built, "--between", "b", "c", "--format", "json") == 0
    (comparison,) = json.loads(capsys.readouterr().out)
    assert (comparison["a"], comparison["b"]) == ("b", "c")
    assert comparison["left_out"]
    assert not (built / "build" / "agreement.json").exists()


def test_the_list_of_differences(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retold(built, "--differences", "c", "gold", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert {entry["kind"] for entry in listed} <= {"only_a", "only_b", "differs"}
    assert retold(built, "--differences", "c", "gold") == 0
    text = capsys.readouterr().out
    assert f"{len(listed)} differences between c and gold." in text
    assert text.count("only in gold") == sum(entry["kind"] == "only_b" for entry in listed)
    assert retold(built, "--differences", "c", "gold", "--article", ARTICLE) == 0
    assert "== sudria-protests" not in capsys.readouterr().out


def test_hostile_words_are_not_printed(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def change(document: Any) -> None:
        document["claims"][0].update(proposition="\x1b[2J gone", certainty="possible")

    edit(layer(built, "claims"), change)
    assert retold(built, "--differences", "b", "gold") == 0
    out = capsys.readouterr().out
    assert "gone" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--between", "b", "nonsense"), "no pass 'nonsense'. The passes are: gold, b, c."),
        (("--differences", "b", "c", "--article", "nonsense"), "no article 'nonsense' in both passes"),
        (("--article", ARTICLE), "--article goes with --differences"),
        (("--between", "b", "c", "--check"), "not allowed with"),
    ],
)
def test_usage(
    built: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert retold(built, *arguments) == 2
    assert message in capsys.readouterr().err


def test_a_broken_pass_is_named(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layer(built, "quotes").write_text("{", encoding="utf-8")
    assert retold(built) == 2
    assert f"annotations/_passes/b/{ARTICLE}/quotes.json" in capsys.readouterr().err
    layer(built, "quotes").unlink()
    assert retold(built, "--differences", "b", "c") == 2
    assert "quotes.json" in capsys.readouterr().err


def test_labels_and_topics_of_what_is_not_there_are_no_examples(built: Path) -> None:
    edit(layer(built, "claims"), lambda d: d["sentences"][0].update(sentence=f"{ARTICLE}-s999"))
    edit(layer(built, "topics"), lambda d: d["block_topics"][0].update(block=f"{ARTICLE}-b99"))
    assert retold(built) == 0
    assert retold(built, "--differences", "gold", "b") == 0


def test_a_corpus_without_passes_or_build(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert retold(tiny) == 2
    assert "retold build" in capsys.readouterr().err
    (tiny / "build").mkdir()
    stand_in_manifest(tiny)
    assert retold(tiny) == 2
    assert "holds no pass" in capsys.readouterr().err
