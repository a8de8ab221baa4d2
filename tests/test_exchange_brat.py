"""brat standoff: its own rules, corrections, foreign projects, hostile input."""

import json
import re

import pytest

from corpora import REPOSITORY, TINY
from documents import fences
from exchange import ANN, MAPPING, SECOND, STORY, copy_of, documents, run, write_mapping
from retold.exchange.brat_lines import fragments_of, parse, spans_of, text_line
from retold.exchange.mapping import read_mapping
from retold.records import Span

LINE = re.compile(
    r"T[0-9]+\t\S+ [0-9]+ [0-9]+(;[0-9]+ [0-9]+)*\t.+|E[0-9]+\t\S+:T[0-9]+( \S+:[TE][0-9]+)*"
    r"|A[0-9]+\t\S+ [TE][0-9]+ \S+|N[0-9]+\tReference [TE][0-9]+ \S+?:\S+\t.+|#[0-9]+\t\S+ [TE][0-9]+\t.+"
)


@pytest.fixture
def out(tmp_path):
    """The tiny corpus as a brat collection."""
    assert run("export", "brat", "--root", TINY, "--out", tmp_path / "out") == 0
    return tmp_path / "out"


@pytest.fixture
def project(tmp_path):
    """A foreign brat project of two documents, one without annotations."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "first-story.txt").write_bytes(STORY.encode())
    (folder / "first-story.ann").write_text(ANN, encoding="utf-8")
    (folder / "second-story.txt").write_bytes(SECOND.encode())
    (folder / "second-story.ann").write_bytes(b"")
    return folder


def bring(project, tmp_path, mapping=MAPPING):
    path = write_mapping(tmp_path, mapping)
    return run("import", "brat", project, "--mapping", path, "--root", tmp_path / "new")


@pytest.mark.parametrize("root", [TINY, REPOSITORY], ids=["tiny", "five articles"])
def test_every_line_is_one_that_brat_reads(root, tmp_path):
    assert run("export", "brat", "--root", root, "--out", tmp_path / "out") == 0
    types = set(
        re.findall(r"^(\w+)(?=\t|$)", (tmp_path / "out" / "annotation.conf").read_text("utf-8"), re.M)
    )
    for path in (tmp_path / "out").glob("*.ann"):
        text = path.with_suffix(".txt").read_bytes().decode()
        content = path.read_text("utf-8")
        standoff = parse(content)
        assert not standoff.faults
        assert all(LINE.fullmatch(line) for line in content.splitlines())
        triggers = {event.trigger for event in standoff.events.values()}
        for key, item in standoff.texts.items():
            assert item.words == " ".join(text[start:end] for start, end in item.fragments)
            assert not re.search(r"[\r\n]", item.words)
            assert item.type in types
            # brat refuses a file in which anything but an event points to a trigger
            assert key not in triggers or not any(
                key in kept for kept in (standoff.attributes, standoff.links, standoff.notes)
            )
        for event in standoff.events.values():
            assert standoff.texts[event.trigger].type == event.type
            assert all(target in {**standoff.texts, **standoff.events} for _, target in event.arguments)
        ids = [line.partition("\t")[0] for line in content.splitlines()]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("text", ["a b\nc d", "a b\r\n  c d", "a b \n\n c d", "a b\u2028c d"])
def test_a_span_over_a_line_break_is_cut_and_joined(text):
    span = Span(0, len(text), text)
    fragments = fragments_of(text, span)
    line = text_line(1, "X", fragments, text)
    assert line.endswith("\ta b c d")
    assert len(line.splitlines()) == 1
    assert len(fragments) == 2
    assert spans_of(parse(line).texts["T1"], text) == ((span,), None)


def test_fragments_of_one_line_stay_apart():
    item = parse("T1\tX 0 1;4 5\ta d").texts["T1"]
    assert spans_of(item, "a b d")[0] == (Span(0, 1, "a"), Span(4, 5, "d"))
    assert spans_of(item, "a b\tx")[0] == (Span(0, 5, "a d"),)  # the words show that an offset is off


def test_a_corrected_label_is_one_line(out, tmp_path):
    root = copy_of(TINY, tmp_path / "corpus")
    path = root / "annotations" / "dam-stays-shut" / "quotes.json"
    before = path.read_text("utf-8").splitlines()
    ann = out / "dam-stays-shut.ann"
    ann.write_text(ann.read_text("utf-8").replace("QuoteScope E2 core", "QuoteScope E2 wide"), "utf-8")
    assert run("import", "brat", out, "--root", root, "--force") == 0
    after = path.read_text("utf-8").splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ('      "scope": "core",', '      "scope": "wide",')
    ]


def test_the_order_of_lines_says_nothing(out, tmp_path):
    for path in out.glob("*.ann"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(reversed(lines)), "utf-8")
    assert run("import", "brat", out, "--root", tmp_path / "new") == 0
    assert documents(tmp_path / "new") == documents(TINY)


def test_what_is_drawn_anew_gets_the_next_ids(out, tmp_path, capsys):
    ann = out / "dam-stays-shut.ann"
    text = ann.with_suffix(".txt").read_text("utf-8")
    at = text.index("farms")
    added = [
        f"T900\tLOC {at} {at + 5}\tfarms",
        "A900\tMentionForm T900 nominal",
        "N900\tReference T900 Entity:sudria\tSudria",
        f"T901\tQuote {at} {at + 5}\tfarms",
        "E901\tQuote:T901 Source:T902 Parent:E1",
        f"T902\tSource {at} {at + 5}\tfarms",
        f"T903\tClaim {at} {at + 5}\tfarms",
        "E903\tClaim:T903 Quote:E901",
    ]
    ann.write_text(ann.read_text("utf-8") + "".join(f"{line}\n" for line in added), "utf-8")
    assert run("import", "brat", out, "--root", tmp_path / "new") == 1
    new = documents(tmp_path / "new")
    mention = new["dam-stays-shut/entities"]["mentions"][9]
    assert (mention["id"], mention["type"], mention["entity"]) == ("dam-stays-shut-m015", "LOC", "sudria")
    quote = new["dam-stays-shut/quotes"]["quotes"][-1]
    assert (quote["id"], quote["parent"], quote["scope"]) == (
        "dam-stays-shut-q04",
        "dam-stays-shut-q01",
        None,
    )
    claim = next(item for item in new["dam-stays-shut/claims"]["claims"] if item["id"].endswith("c006"))
    assert (claim["quote"], claim["sentence"]) == ("dam-stays-shut-q04", "dam-stays-shut-s004")
    assert "schema" in capsys.readouterr().out  # labels that nobody has set are found


def test_misplaced_spans_are_findings_with_their_place(out, tmp_path, capsys):
    ann = out / "dam-stays-shut.ann"
    content = ann.read_text("utf-8")
    content = re.sub(r"(\tPERSON) 56 66\t", r"\1 57 67\t", content)
    content = re.sub(r"(\tFAC) 88 96\t", r"\1 5000 5008\t", content)
    content = re.sub(r"(\tLAW) 211 220\tLake Pact", r"\1 211 215;213 220\tLake ke Pact", content)
    ann.write_text(content, "utf-8")
    assert run("import", "brat", out, "--root", tmp_path / "new") == 1
    said = capsys.readouterr().out
    assert re.search(
        r"entities\.json:[0-9]+:[0-9]+: error \[L3 span-text-mismatch\] dam-stays-shut-m004", said
    )
    assert "dam-stays-shut-m006" in said
    assert re.search(r"dam-stays-shut\.ann:[0-9]+: T[0-9]+: its fragments overlap: read as one span", said)


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "T1",
        "T999\tX",
        "T999\tX a b\tc",
        "T999\tX 1 99999999999999999999\tc",
        "T999\tX -1 3\tc",
        "T1\tPERSON 0 3\tDam",
        "E999\tQuote",
        "E999\tQuote:",
        "E999\tQuote:T99999",
        "E1\tQuote:T1",
        "E998\tThing:T1",
        "R1\tRel",
        "A1",
        "A999\tX T1 a b c",
        "N1\tReference T1 nothing\tx",
        "#999\tAnnotatorNotes\tx",
        "#999\tRetold T1\t{",
        "#999\tRetold T1\t[]",
        "\x00",
        "Ω1\tx",
        "T998\tCue 0 3\tDam",
    ],
)
def test_broken_lines_are_left_out_with_their_place(line, out, tmp_path, capsys):
    ann = out / "dam-stays-shut.ann"
    ann.write_text(
        f"{line}\n{ann.read_text('utf-8')}" if line.startswith("#") else ann.read_text("utf-8") + line,
        "utf-8",
    )
    assert run("import", "brat", out, "--root", tmp_path / "new") in (0, 1)
    said = capsys.readouterr()
    assert "dam-stays-shut.ann" in said.out
    assert "left out" in said.out
    assert said.err == ""


def test_a_foreign_project_becomes_a_corpus(project, tmp_path, capsys):
    assert bring(project, tmp_path) == 1
    said = capsys.readouterr().out
    assert "2 articles read" in said
    # what nobody has annotated there is missing, and nothing is wrong
    codes = set(re.findall(r"\[L[0-9] ([a-z-]+)\]", said))
    assert codes == {"label-missing", "no-main-topic", "block-topics-missing"}
    new = documents(tmp_path / "new")
    first, second = new["first-story/quotes"]["quotes"]
    assert [span["text"] for span in first["content"]] == ["the dam", "stays shut."]
    assert (first["type"], first["cue"][0]["text"], first["source"][0]["text"], first["speaker"]) == (
        "indirect", "said", "Ada Brandt", "wikidata-q5"
    )  # fmt: skip
    assert (second["type"], second["marking"], second["speaker"]) == (
        "direct", "quotation_marks", "person-jon-berg"
    )  # fmt: skip
    mentions = new["first-story/entities"]["mentions"]
    assert [(item["text"], item["type"], item["form"]) for item in mentions] == [
        ("Ada Brandt", "PERSON", "name"),
        ("Jon Berg", "PERSON", "name"),
        ("Varn", "GPE", "name"),
        ("Friday", "DATE", "value"),
    ]
    assert mentions[0]["note"] == "a remark"
    assert {entity["id"]: entity["wikidata"] for entity in new["entities"]["entities"]} == {
        "wikidata-q5": "Q5", "person-jon-berg": None, "wikidata-q6": "Q6"
    }  # fmt: skip
    blocks = new["first-story/segments"]["blocks"]
    assert {block["kind"] for block in blocks} == {"paragraph"}
    assert len(blocks) == 3
    assert new["second-story/quotes"]["quotes"] == []
    assert (tmp_path / "new" / "raw" / "first-story.txt").read_bytes() == STORY.encode()


def test_relations_are_quotes_too(project, tmp_path):
    lines = ["T1\tPerson 20 30\tAda Brandt", "T3\tWhat 36 43;45 56\tthe dam stays shut."]
    lines += ["R1\tAttribution Arg1:T3 Arg2:T1"]
    (project / "first-story.ann").write_text("\n".join(lines), "utf-8")
    rule = {"content": ["Arg1"], "source": ["Arg2"], "scope": "wide"}
    mapping = {"mentions": {"Person": {"type": "PERSON"}}, "quotes": {"Attribution": rule}}
    assert bring(project, tmp_path, mapping) == 1
    (quote,) = documents(tmp_path / "new")["first-story/quotes"]["quotes"]
    assert (quote["content"][1]["text"], quote["source"][0]["text"]) == ("stays shut.", "Ada Brandt")
    assert (quote["speaker"], quote["cue"], quote["scope"]) == ("person-ada-brandt", [], "wide")


def test_labels_by_attribute(project, tmp_path, capsys):
    sure = {"feature": "Sure", "values": {"yes": "positive"}, "default": "negative"}
    odd = {"feature": "Sure", "values": {"no": "wide"}}
    mapping = {
        **MAPPING,
        "quotes": {"Saying": {**MAPPING["quotes"]["Saying"], "polarity": sure, "scope": odd}},
    }
    assert bring(project, tmp_path, mapping) == 1
    quotes = documents(tmp_path / "new")["first-story/quotes"]["quotes"]
    assert [quote["polarity"] for quote in quotes] == ["positive", "negative"]
    assert "first-story.ann:4: no scope for Sure = 'yes' in the mapping" in capsys.readouterr().out


def test_types_that_the_mapping_lacks_are_said(project, tmp_path, capsys):
    mapping = {"mentions": {"Person": {"type": "PERSON"}}, "ignore": ["Day"]}
    assert bring(project, tmp_path, mapping) == 1
    said = capsys.readouterr().out
    assert "first-story.ann:6: the type Town is not in the mapping: left out (1 annotations)" in said
    assert "the type Saying is not in the mapping: left out (2 annotations)" in said
    assert "Day" not in said


def test_wrong_offsets_of_a_foreign_project_are_findings(project, tmp_path, capsys):
    ann = (
        ANN.replace("73 81\tJon", "72 80\tJon").replace("85 89", "9000 9004").replace("93 99", "93 97;95 99")
    )
    (project / "first-story.ann").write_text(ann, "utf-8")
    assert bring(project, tmp_path) == 1
    said = capsys.readouterr().out
    assert len(re.findall(r"entities\.json:[0-9]+:[0-9]+: error \[L3 ", said)) == 2
    assert "its fragments overlap" in said


def test_entities_that_the_corpus_knows_are_taken_up(project, tmp_path):
    root = copy_of(TINY, tmp_path / "corpus")
    registry = root / "annotations" / "_registry" / "entities.json"
    document = json.loads(registry.read_text("utf-8"))
    document["entities"][0] |= {"wikidata": "Q5", "wikidata_note": None}
    registry.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    path = write_mapping(tmp_path, MAPPING)
    assert run("import", "brat", project, "--mapping", path, "--root", root) == 1
    new = documents(root)
    assert new["first-story/entities"]["mentions"][0]["entity"] == "ada-brandt"
    assert new["first-story/quotes"]["quotes"][0]["speaker"] == "ada-brandt"
    assert new["entities"]["entities"][: len(document["entities"])] == document["entities"]
    assert run("import", "brat", project, "--mapping", path, "--root", root) == 1  # nothing is there twice
    assert documents(root) == new


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (("first-story.txt", b"caf\xe9"), "first-story.txt: not UTF-8 (byte 3, line 1)"),
        (("first-story.ann", b"T1\tPerson 0 3\tD\xe9"), "first-story.ann: not UTF-8"),
        (("first-story.txt", b"\xef\xbb\xbfDer"), "byte order mark"),
        (("first-story.txt", b""), "the text is empty"),
        (("First_Story.txt", b"Text."), "'First_Story' cannot be the id of an article"),
        (("...txt", b"Text."), "cannot be the id of an article"),
    ],
)
def test_texts_that_cannot_be_articles_are_refused(file, message, project, tmp_path, capsys):
    name, content = file
    (project / name).write_bytes(content)
    assert bring(project, tmp_path) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_mapping_in_the_documents_is_one(tmp_path):
    text = (REPOSITORY / "scripts" / "retold" / "exchange" / "README.md").read_text("utf-8")
    (example,) = (fence for fence in fences(text) if fence.info == ("json",))
    path = tmp_path / "mapping.json"
    path.write_text(example.body, "utf-8")
    mapping = read_mapping(path, REPOSITORY)
    described = json.loads((REPOSITORY / "schema" / "mapping.schema.json").read_text("utf-8"))
    assert set(mapping) == set(described["properties"]) - {"$schema"}


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("{", "mapping.json"),
        ("[]", "mapping.json"),
        ('{"mention": {}}', 'did you mean "mentions"?'),
        (
            '{"mentions": {"Person": {"type": "PERS"}}}',
            "mentions.Person.type: 'PERS' is no label of PERSON, NORP",
        ),
        ('{"mentions": {"Person": {"form": "name"}}}', 'mentions.Person: the key "type" is missing'),
        ('{"quotes": {"Saying": {"cue": ["self"]}}}', 'quotes.Saying: the key "content" is missing'),
        (
            '{"quotes": {"S": {"content": [], "scope": {"feature": "x", "values": {"a": "b"}}}}}',
            "'b' is no label",
        ),
        ('{"language": 3}', "language"),
    ],
)
def test_a_wrong_mapping_is_refused(mapping, message, project, tmp_path, capsys):
    path = tmp_path / "mapping.json"
    path.write_text(mapping, "utf-8")
    assert run("import", "brat", project, "--mapping", path, "--root", tmp_path / "new") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
