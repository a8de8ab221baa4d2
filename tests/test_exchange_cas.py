"""UIMA CAS as XMI and JSON: corrections, foreign projects, hostile input."""

import json
import re
import sys

import pytest

from corpora import REPOSITORY, TINY
from exchange import STORY, copy_of, documents, run, write_mapping
from retold.exchange.cas_types import CUSTOM, NAMED_ENTITY

FORMS = {"cas-xmi": ".xmi", "cas-json": ".json"}
EVIL_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmi [{entity}]>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0">
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{value}"/>
<cas:View sofa="1" members=""/></xmi:XMI>"""
BOMB = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
)


@pytest.fixture
def cassis():
    return pytest.importorskip("cassis")


@pytest.fixture(params=FORMS)
def form(request, cassis):
    return request.param


def save(cas, path):
    if path.suffix == ".xmi":
        cas.to_xmi(path)
    else:
        cas.to_json(path)


def load(cassis, path):
    if path.suffix == ".json":
        return cassis.load_cas_from_json(path.read_text("utf-8"))
    with (path.parent / "typesystem.xml").open("rb") as stream:
        types = cassis.load_typesystem(stream)
    with path.open("rb") as stream:
        return cassis.load_cas_from_xmi(stream, typesystem=types)


@pytest.fixture
def foreign(cassis, tmp_path):
    """A foreign CAS with named entities, a quote with links to its parts, and a type nobody mapped."""
    types = cassis.TypeSystem()
    entity = types.create_type(NAMED_ENTITY)
    for name in ("value", "identifier"):
        types.create_feature(entity, name, "uima.cas.String")
    part = types.create_type("their.Part")
    quote = types.create_type("their.Quote")
    types.create_feature(quote, "cue", part)
    types.create_feature(quote, "who", "uima.cas.FSArray", elementType=part.name)
    odd = types.create_type("their.Odd")
    cas = cassis.Cas(typesystem=types)
    cas.sofa_string = STORY
    cas.sofa_mime = "text/plain"

    def at(kind, words, **features):
        start = STORY.index(words)
        found = kind(begin=start, end=start + len(words), **features)
        cas.add(found)
        return found

    at(entity, "Jon Berg", value="PER", identifier="http://www.wikidata.org/entity/Q7")
    at(entity, "Varn", value="LOC")
    cue, who = at(part, "said Jon"), at(part, "Jon Berg")
    cue.end -= 4
    sources = types.get_type("uima.cas.FSArray")(elements=[who])
    at(quote, "No deal,", cue=cue, who=sources)
    at(odd, "dam")
    return cas


RULES = {
    "mentions": {
        NAMED_ENTITY: {"type": {"feature": "value", "values": {"PER": "PERSON", "LOC": "GPE"}}},
    },
    "wikidata": "identifier",
    "quotes": {"their.Quote": {"content": ["self"], "cue": ["cue"], "source": ["who"]}},
}


def bring(form, cas, tmp_path, rules=RULES):
    folder = tmp_path / "project"
    folder.mkdir(exist_ok=True)
    save(cas, folder / f"a-story{FORMS[form]}")
    (folder / "TypeSystem.xml").write_text(cas.typesystem.to_xml(), "utf-8")
    path = write_mapping(tmp_path, rules)
    return run("import", form, folder, "--mapping", path, "--root", tmp_path / "new")


def test_a_corrected_label_is_one_line(form, cassis, tmp_path):
    root = copy_of(REPOSITORY, tmp_path / "corpus")
    assert run("export", form, "--root", root, "--out", tmp_path / "out") == 0
    path = tmp_path / "out" / f"shuts-the-door{FORMS[form]}"
    cas = load(cassis, path)
    quote = next(item for item in cas.select(f"{CUSTOM}.Quote") if item.itemId == "shuts-the-door-q02")
    assert quote.scope == "core"
    quote.scope = "wide"
    save(cas, path)
    layer = root / "annotations" / "shuts-the-door" / "quotes.json"
    before = layer.read_text("utf-8").splitlines()
    assert run("import", form, tmp_path / "out", "--root", root, "--force") in (0, 1)
    after = layer.read_text("utf-8").splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ('      "scope": "core",', '      "scope": "wide",')
    ]


def test_other_tools_find_names_sentences_and_links(form, cassis, tmp_path):
    assert run("export", form, "--root", REPOSITORY, "--out", tmp_path / "out") == 0
    cas = load(cassis, tmp_path / "out" / f"rejects-nato-hopes{FORMS[form]}")
    given = documents(REPOSITORY)
    mentions = given["rejects-nato-hopes/entities"]["mentions"]
    found = sorted(
        (item.begin, item.end, item.value, item.get_covered_text()) for item in cas.select(NAMED_ENTITY)
    )
    assert found == sorted((item["start"], item["end"], item["type"], item["text"]) for item in mentions)
    links = {item.identifier for item in cas.select(NAMED_ENTITY)}
    assert "http://www.wikidata.org/entity/Q22686" in links
    quote = next(iter(cas.select(f"{CUSTOM}.Quote")))
    assert {link.role for link in quote.parts.elements} <= {
        "content",
        "cue",
        "cue_group",
        "source",
        "verbatim",
    }
    assert all(link.target.get_covered_text() for link in quote.parts.elements)


def test_the_type_system_stands_beside(form, cassis, tmp_path):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    types = cassis.load_typesystem((tmp_path / "out" / "typesystem.xml").read_text("utf-8"))
    names = {item.name for item in types.get_types()}
    layers = (
        "Block",
        "SentenceLabel",
        "Quote",
        "QuotePart",
        "Mark",
        "Mention",
        "Claim",
        "ClaimPart",
        "Repair",
    )
    assert {f"{CUSTOM}.{name}" for name in layers} <= names
    assert NAMED_ENTITY in names


def test_what_is_drawn_anew_gets_the_next_ids(form, cassis, tmp_path):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    path = tmp_path / "out" / f"dam-stays-shut{FORMS[form]}"
    cas = load(cassis, path)
    start = cas.sofa_string.index("farms")
    for name, features in ((f"{CUSTOM}.Quote", {"scope": "wide"}), (NAMED_ENTITY, {"value": "LOC"})):
        cas.add(cas.typesystem.get_type(name)(begin=start, end=start + 5, **features))
    save(cas, path)
    assert run("import", form, tmp_path / "out", "--root", tmp_path / "new") == 1
    new = documents(tmp_path / "new")
    quote = new["dam-stays-shut/quotes"]["quotes"][-1]
    assert (quote["id"], quote["content"][0]["text"], quote["scope"]) == (
        "dam-stays-shut-q04",
        "farms",
        "wide",
    )
    mention = next(item for item in new["dam-stays-shut/entities"]["mentions"] if item["text"] == "farms")
    assert (mention["id"], mention["type"], mention["form"]) == ("dam-stays-shut-m015", "LOC", "name")


def test_the_order_of_annotations_says_nothing(form, cassis, tmp_path):
    assert run("export", form, "--root", TINY, "--out", tmp_path / "out") == 0
    for path in (tmp_path / "out").glob(f"*{FORMS[form]}"):
        if path.name == "retold.json":
            continue
        cas = load(cassis, path)
        everything = list(cas.select_all_fs()) if hasattr(cas, "select_all_fs") else list(cas._find_all_fs())
        for number, item in enumerate(reversed(everything), start=1000):
            item.xmiID = number
        save(cas, path)
    assert run("import", form, tmp_path / "out", "--root", tmp_path / "new") == 0
    assert documents(tmp_path / "new") == documents(TINY)


def test_a_foreign_cas_becomes_a_corpus(form, foreign, tmp_path, capsys):
    assert bring(form, foreign, tmp_path) == 1
    said = capsys.readouterr().out
    codes = set(re.findall(r"\[L[0-9] ([a-z-]+)\]", said))
    assert codes == {"label-missing", "no-main-topic", "block-topics-missing"}
    assert re.search(r"a-story\.\w+: Odd at \d+–\d+: the type their\.Odd is not in the mapping", said)
    new = documents(tmp_path / "new")
    (quote,) = new["a-story/quotes"]["quotes"]
    assert (quote["content"][0]["text"], quote["cue"][0]["text"], quote["source"][0]["text"]) == (
        "No deal,", "said", "Jon Berg"
    )  # fmt: skip
    assert (quote["type"], quote["speaker"]) == ("direct", "wikidata-q7")
    assert [item["type"] for item in new["a-story/entities"]["mentions"]] == ["PERSON", "GPE"]
    assert (tmp_path / "new" / "raw" / "a-story.txt").read_bytes() == STORY.encode()


def test_wrong_offsets_of_a_cas_are_findings(form, foreign, tmp_path, capsys):
    first, second = foreign.select(NAMED_ENTITY)
    first.begin, first.end = 70000, 70004
    second.begin, second.end = second.end, second.begin
    with pytest.warns(UserWarning, match="Not mapping"):
        assert bring(form, foreign, tmp_path) == 1
    said = capsys.readouterr().out
    assert "Not mapping external offset [70000]" in said
    assert re.search(r"annotations/a-story/entities\.json:[0-9]+:[0-9]+: error \[L2 schema-violation\]", said)


@pytest.mark.parametrize(
    "declared",
    [
        (BOMB, "&m;"),
        ('<!ENTITY x SYSTEM "file:///etc/hostname">', "&x;"),
        ('<!ENTITY % x SYSTEM "http://localhost:9/evil.dtd"> %x;', "text"),
        ("", "text"),
    ],
    ids=["bomb", "external entity", "external subset", "a document type alone"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(declared, encoding, cassis, tmp_path, capsys):
    entity, value = declared
    text = EVIL_XML.format(entity=entity, value=value).replace("UTF-8", encoding.upper())
    path = tmp_path / "evil.xmi"
    path.write_bytes(text.encode(encoding))
    assert run("import", "cas-xmi", path, "--root", tmp_path / "new") == 2
    assert "evil.xmi: it has a document type" in capsys.readouterr().err
    assert run("export", "cas-xmi", "--root", TINY, "--out", tmp_path / "out") == 0
    (tmp_path / "out" / "typesystem.xml").write_bytes(text.encode(encoding))
    assert run("import", "cas-xmi", tmp_path / "out", "--root", tmp_path / "new") == 2
    assert "typesystem.xml: it has a document type" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<a/>",
        b"<xmi:XMI/>",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"\xff\xfe\x00",
        b"<xmi:XMI xmlns:xmi='http://www.omg.org/XMI'><x><y><z/></y></x></xmi:XMI>",
        b"<xmi:XMI xmlns:xmi='http://www.omg.org/XMI' xmlns:cas='http:///uima/cas.ecore'><cas:Sofa/></xmi:XMI>",
        b"{}",
        b"[]",
        b"null",
        b'{"%TYPES": {}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}',
        b'{"%TYPES": {"a": {"%SUPER_TYPE": "b"}}, "%FEATURE_STRUCTURES": [], "%VIEWS": {}}',
        b"[" * 100_000,
    ],
)
def test_files_that_are_no_cas_are_refused(content, form, tmp_path, capsys):
    path = tmp_path / f"a{FORMS[form]}"
    path.write_bytes(content)
    assert run("import", form, path, "--root", tmp_path / "new") == 2
    error = capsys.readouterr().err
    assert path.name in error
    assert "internal error" not in error
    assert not (tmp_path / "new").exists()


def test_characters_that_xml_forbids_are_refused_there_only(cassis, tmp_path, capsys):
    root = copy_of(TINY, tmp_path / "corpus")
    text = root / "raw" / "dam-stays-shut.txt"
    text.write_bytes(text.read_bytes().replace(b"Share this page", b"Share this\x0cpage"))
    assert run("export", "cas-xmi", "--root", root, "--out", tmp_path / "out") == 2
    assert "Use the format cas-json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run("export", "cas-json", "--root", root, "--out", tmp_path / "out") == 0
    assert json.loads((tmp_path / "out" / "dam-stays-shut.json").read_text("utf-8"))


@pytest.mark.parametrize("name", FORMS)
def test_without_the_library_the_extra_is_named(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cassis", None)
    assert run("export", name, "--root", TINY, "--out", tmp_path / "out") == 2
    assert "pip install 'retold[exchange]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run("import", name, tmp_path, "--root", tmp_path / "new") == 2
    assert "pip install 'retold[exchange]'" in capsys.readouterr().err
