"""The formats that are made of words: DocBin, CoNLL, CorefUD."""

from __future__ import annotations

import hashlib
import itertools
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora import REPOSITORY, TINY, gold_spans, run_python
from retold.cli import main
from retold.cli.corpus import read_gold
from retold.exchange import conll, conll4, corefud, docbin
from retold.exchange.formats import ExchangeError
from retold.exchange.words import WordIndex, sentence_words
from retold.layout import Layout
from retold.measures.assignment import MissingExtraError
from retold.records import Article, Block, Entity, Mention, Metadata, Registry, Sentence, Span
from retold.tokens import TAGGED_FORMS, tokenize

Json = dict[str, Any]
Gold = tuple[tuple[Article, ...], Registry]


@pytest.fixture(scope="module", params=[REPOSITORY, TINY], ids=["corpus", "tiny"])
def gold(request: pytest.FixtureRequest) -> Gold:
    return read_gold(Layout(request.param))


@pytest.fixture(scope="module")
def tiny_gold() -> Gold:
    return read_gold(Layout(TINY))


def made(text: str, *names: str, entities: tuple[str, ...] = ()) -> Gold:
    """An article of one block with a sentence a line, and a mention of each of the words given."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"\S[^\n\r]*\S|\S", text)]
    blocks = tuple(
        Block(f"made-b{n:02}", "paragraph", i, j, (Sentence(f"made-s{n:03}", Span(i, j, text[i:j])),))
        for n, (i, j) in enumerate(lines)
    )
    ids = entities or names
    mentions = tuple(
        Mention(f"made-m{n:03}", span(text, name), "name", "ORG", (), ids[n].lower(), None, None, None)
        for n, name in enumerate(names)
    )
    metadata = Metadata("made", None, None, None, None, None, "en", "made.txt", None, (), {})
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    article = Article("made", text, sha256, metadata, blocks, (), (), mentions, (), (), (), (), ())
    entries = {i.lower(): Entity(i.lower(), i, "ORG", None, None, "", (), None) for i in ids}
    return (article,), Registry(entries, {}, {}, (), {})


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


ODD = "\t \u00a0First  Big Org won.\r\n\r\n\u2003“Org”\u2028 lost\x0b😀 to Big\u200b Org . \n"


# --- words ---


def test_words_give_the_text_back(gold):
    for article in gold[0]:
        words = [word for sentence in sentence_words(article) for word in sentence.words]
        assert "".join(word.before + word.text + word.after for word in words) == article.text
        index = WordIndex(article.id, words)
        for gold_span in gold_spans(article):
            found = index.of(gold_span)
            assert (words[found[0]].start, words[found[-1]].end) == (gold_span.start, gold_span.end)


def test_words_outside_sentences_are_refused():
    (article,), _ = made("One two.\nThree four.")
    for blocks in (article.blocks[:1], article.blocks[1:]):
        with pytest.raises(
            ExchangeError, match=r"made: words between .* in no sentence; run retold validate"
        ):
            sentence_words(replace(article, blocks=blocks))


@pytest.mark.parametrize("cut", [(0, 2), (1, 3), (3, 4), (2, 2)])
def test_spans_that_cut_words_are_refused(cut):
    (article,), _ = made("One two.")
    index = WordIndex("made", sentence_words(article)[0].words)
    with pytest.raises(ExchangeError, match="no whole number of words"):
        index.of(Span(*cut, article.text[slice(*cut)]))


# --- CoNLL ---


def columns(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield the articles of a CoNLL file with their rows, an empty one where a sentence ends."""
    article, rows = "", []
    for line in path.read_text("utf-8").split("\n")[:-1]:
        fields = line.split(" ") if line else []
        if fields[:1] == ["-DOCSTART-"]:
            if article:
                yield article, rows
            article, rows = fields[1], []
        else:
            rows.append(fields)
    yield article, rows


def outermost(article: Article, labels: str) -> set[tuple[int, int, str]]:
    """The tagged spans, found another way than the exporter does."""
    found = [m for m in conll.mentions_of(article, labels) if m.form in TAGGED_FORMS]
    return {
        (m.span.start, m.span.end, m.type)
        for m in found
        if not any(o is not m and o.span.start <= m.span.start and m.span.end <= o.span.end for o in found)
    }


@pytest.mark.parametrize("module", [conll, conll4])
def test_conll_reads_back_to_the_same_spans(gold, module, tmp_path):
    get_entities = pytest.importorskip("seqeval.metrics.sequence_labeling").get_entities
    report = module.export(*gold, tmp_path)
    assert report.files == ("corpus.conll",)
    read = dict(columns(tmp_path / "corpus.conll"))
    assert list(read) == [article.id for article in gold[0]]
    for article in gold[0]:
        rows = [row for row in read[article.id] if row]
        assert all(article.text[int(start) : int(end)] == word for word, start, end, _ in rows)
        found = {
            (int(rows[first][1]), int(rows[last][2]), label)
            for label, first, last in get_entities([tag for *_, tag in rows])
        }
        assert found == outermost(article, "conll4" if module is conll4 else "ontonotes18")
        sentences = [s.span.start for b in article.blocks for s in b.sentences]
        breaks = [rows[1][1] for rows in pairs(read[article.id]) if not rows[0]]
        assert [int(start) for start in breaks] == sentences


def pairs(rows: list[list[str]]) -> Iterator[tuple[list[str], list[str]]]:
    return ((a, b) for a, b in itertools.pairwise(rows) if b)


def test_conll_document_line_holds_id_and_checksum(tiny_gold, tmp_path):
    conll.export(*tiny_gold, tmp_path)
    article = tiny_gold[0][0]
    first = (tmp_path / "corpus.conll").read_text("utf-8").split("\n")[0]
    assert first == f"-DOCSTART- {article.id} {article.sha256} O"


def test_conll4_tags_the_name_inside_what_it_has_no_type_for(tmp_path):
    (article,), registry = made("On Org day they met.", "Org day", "Org")
    day = replace(article.mentions[0], type="DATE", form="value", entity=None)
    article = replace(article, mentions=(day, article.mentions[1]))
    conll4.export([article], registry, tmp_path)
    tags = [row[3] for row in next(columns(tmp_path / "corpus.conll"))[1] if row]
    assert tags[:3] == ["O", "B-ORG", "O"]


def test_conll_refuses_unknown_label_sets(tiny_gold, tmp_path):
    with pytest.raises(ExchangeError, match="no label set 'conll5'; there are ontonotes18, conll4"):
        conll.export(*tiny_gold, tmp_path, labels="conll5")


def test_reports_count_what_is_left_out(tiny_gold, tmp_path):
    articles, registry = tiny_gold
    for module in (conll, corefud):
        losses = {loss.field: loss.items for loss in module.export(*tiny_gold, tmp_path).losses}
        assert losses["claims/claims"] == sum(len(article.claims) for article in articles)
        assert losses["registry-claims"] == len(registry.claims) + len(registry.near_misses)
    values = [m for article in articles for m in article.mentions if m.form == "value"]
    assert losses["entities/mentions"] == len(values) > 0


# --- spaCy ---


def read_docs(path: Path) -> list[Any]:
    spacy = pytest.importorskip("spacy")
    return list(spacy.tokens.DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def test_docbin_holds_every_span(gold, tmp_path):
    pytest.importorskip("spacy")
    report = docbin.export(*gold, tmp_path)
    articles, registry = gold
    docs = read_docs(tmp_path / report.files[0])
    assert [doc.user_data["article"] for doc in docs] == [article.id for article in articles]
    for doc, article in zip(docs, articles, strict=True):
        assert doc.text == article.text
        assert doc.user_data["sha256"] == article.sha256
        assert [(t.idx, t.idx + len(t)) for t in doc if not t.is_space] == [
            token
            for block in article.blocks
            for s in block.sentences
            for token in tokenize(article.text, s.span.start, s.span.end)
        ]
        assert spans_of(doc.spans["mentions"]) == [
            (m.span.start, m.span.end, m.type, m.id, wikidata(registry, m.entity)) for m in article.mentions
        ]
        for part in docbin.QUOTE_PARTS:
            assert spans_of(doc.spans[f"quote_{part}"]) == [
                (s.start, s.end, q.type, q.id, "") for q in article.quotes for s in getattr(q, part)
            ]
        assert spans_of(doc.spans["claims"]) == [
            (s.start, s.end, c.category, c.id, "") for c in article.claims for s in c.spans
        ]
        sentences = [s for block in article.blocks for s in block.sentences]
        assert [found[:2] for found in spans_of(doc.spans["sentences"])] == [
            (s.span.start, s.span.end) for s in sentences
        ]
        assert [sent.text.strip() for sent in doc.sents] == [s.span.text for s in sentences]
        assert {(e.start_char, e.end_char, e.label_) for e in doc.ents} == outermost(article, "ontonotes18")
        mentions = {m.id: m for m in article.mentions}
        assert all(e.kb_id_ == wikidata(registry, mentions[e.id_].entity) for e in doc.ents)
        assert {code for code, value in doc.cats.items() if value} == {
            topic.topic for topic in (*article.main_topics, *article.secondary_topics)
        }
        for quote in article.quotes:
            assert doc.user_data["quotes"][quote.id]["speaker"] == quote.speaker


def spans_of(group: Any) -> list[tuple[int, int, str, str, str]]:
    return [(s.start_char, s.end_char, s.label_, s.id_, s.kb_id_) for s in group]


def wikidata(registry: Registry, entity: str | None) -> str:
    return (registry.entities[entity].wikidata or "") if entity else ""


def test_docbin_keeps_any_white_space(tmp_path):
    pytest.importorskip("spacy")
    docbin.export(*made(ODD, "Big Org", "Org"), tmp_path)
    (doc,) = read_docs(tmp_path / "corpus.spacy")
    assert doc.text == ODD
    assert doc[0].text == "\t \u00a0"
    assert doc[0].is_sent_start
    assert [s.text for s in doc.sents][1].startswith("“Org”")
    assert [e.text for e in doc.ents] == ["Big Org"]


def test_docbin_bytes_are_reproducible(tmp_path):
    pytest.importorskip("spacy")
    code = (
        "import sys; from pathlib import Path; from retold.layout import Layout;"
        "from retold.cli.corpus import read_gold; from retold.exchange import docbin;"
        "docbin.export(*read_gold(Layout(Path(sys.argv[1]))), Path(sys.argv[2]))"
    )
    digests = set()
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        result = run_python(code, TINY, folder, home=tmp_path, env={"PYTHONHASHSEED": seed})
        assert result.returncode == 0, result.stderr
        digests.add(hashlib.sha256((folder / "corpus.spacy").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_docbin_refuses_spans_that_cut_words(tmp_path):
    pytest.importorskip("spacy")
    articles, registry = made("Organs play.", "Org")
    with pytest.raises(ExchangeError, match="'Org' at 0–3 is no whole number of words"):
        docbin.export(articles, registry, tmp_path)


def test_docbin_without_spacy_names_the_extra(tiny_gold, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy.tokens", None)
    with pytest.raises(
        MissingExtraError, match=re.escape("spaCy, which is an extra: pip install 'retold[exchange]'")
    ):
        docbin.export(*tiny_gold, tmp_path)


# --- CorefUD ---

ESCAPE = re.compile(r"\\(s|t|n|r|u[0-9a-f]{4})")
PLAIN = {"s": " ", "t": "\t", "n": "\n", "r": "\r"}


def conllu(path: Path) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Yield each article with its words and their attributes."""
    article, words = "", []
    for line in path.read_text("utf-8").split("\n"):
        if line.startswith("# newdoc id = "):
            if article:
                yield article, words
            article, words = line.removeprefix("# newdoc id = "), []
        elif line and line[0] != "#":
            fields = line.split("\t")
            assert len(fields) == 10
            misc = {} if fields[9] == "_" else dict(pair.split("=", 1) for pair in fields[9].split("|"))
            words.append((fields[1], misc))
    yield article, words


def plain(escaped: str) -> str:
    return ESCAPE.sub(lambda found: PLAIN.get(found[1]) or chr(int(found[1][1:], 16)), escaped)


def text_of(words: list[tuple[str, dict[str, str]]]) -> str:
    pieces = []
    for form, misc in words:
        after = "" if misc.get("SpaceAfter") == "No" else plain(misc.get("SpacesAfter", r"\s"))
        pieces += [plain(misc.get("SpacesBefore", "")), form, after]
    return "".join(pieces)


def brackets(words: list[tuple[str, dict[str, str]]]) -> Counter[tuple[int, int, str, str]]:
    """Read the ``Entity`` attributes: first and last word, entity, the rest of the bracket."""
    opened: dict[str, list[tuple[int, str]]] = {}
    found: Counter[tuple[int, int, str, str]] = Counter()
    for number, (_, misc) in enumerate(words):
        for chunk in re.findall(r"\([^()]+\)?|[^()]+\)", misc.get("Entity", "")):
            entity, _, rest = chunk.strip("()").partition("-")
            if chunk[0] == "(":
                opened.setdefault(entity, []).append((number, rest))
            if chunk[-1] == ")":
                start, kept = opened[entity].pop()
                found[(start, number, entity, kept)] += 1
    assert not any(opened.values())
    return found


def expected_brackets(article: Article, registry: Registry) -> Counter[tuple[int, int, str]]:
    words = [word for sentence in sentence_words(article) for word in sentence.words]
    index = WordIndex(article.id, words)
    return Counter(
        (index.of(m.span)[0], index.of(m.span)[-1], m.entity.replace("-", "_"))
        for m in article.mentions
        if m.entity
    )


def test_corefud_gives_text_and_mentions_back(gold, tmp_path):
    articles, registry = gold
    corefud.export(articles, registry, tmp_path)
    read = dict(conllu(tmp_path / "corpus.conllu"))
    for article in articles:
        assert text_of(read[article.id]) == article.text
        found = brackets(read[article.id])
        assert Counter(key[:3] for key in found.elements()) == expected_brackets(article, registry)
        by_id = {m.id: m for m in article.mentions}
        for _, _, entity, rest in found:
            etype, head, other = rest.split("-", 2)
            fields = dict(pair.split(":", 1) for pair in other.split(","))
            mention = by_id[f"{article.id}-{fields['mention']}"]
            assert etype == registry.entities[mention.entity].type
            assert fields.get("type", etype) == mention.type
            assert fields["form"] == mention.form
            assert fields.get("wikidata", "") == wikidata(registry, mention.entity)
            assert int(head) >= 1
            assert entity == corefud.entity_id(mention.entity)


def test_corefud_keeps_any_white_space(tmp_path):
    corefud.export(*made(ODD, "Big Org", "Org"), tmp_path)
    assert text_of(next(conllu(tmp_path / "corpus.conllu"))[1]) == ODD
    lines = (tmp_path / "corpus.conllu").read_text("utf-8").splitlines()
    assert all(line == "" or line[0] == "#" or line.count("\t") == 9 for line in lines)


def udapi_document(path: Path) -> Any:
    document = pytest.importorskip("udapi.core.document").Document()
    document.from_conllu_string(path.read_text("utf-8"))
    return document


def test_corefud_as_udapi_reads_it(gold, tmp_path):
    pytest.importorskip("udapi")
    articles, registry = gold
    corefud.export(articles, registry, tmp_path)
    document = udapi_document(tmp_path / "corpus.conllu")
    found = Counter(
        (m.words[0].root.sent_id, m.words[0].ord, m.words[-1].ord, m.head is m.words[-1], e.eid, e.etype)
        for e in document.coref_entities
        for m in e.mentions
    )
    expected: Counter[Any] = Counter()
    for article in articles:
        for sentence in sentence_words(article):
            index = WordIndex(article.id, sentence.words)
            for m in article.mentions:
                if m.entity and sentence.words[0].start <= m.span.start < sentence.words[-1].end:
                    words = index.of(m.span)
                    entity = corefud.entity_id(m.entity)
                    etype = registry.entities[m.entity].type
                    expected[(sentence.id, words[0] + 1, words[-1] + 1, True, entity, etype)] += 1
    assert found == expected
    kept = [line for line in document.to_conllu_string().split("\n") if not line.startswith("#")]
    sent = (tmp_path / "corpus.conllu").read_text("utf-8").split("\n")
    assert kept == [line for line in sent if not line.startswith("#")]


nested_spans = st.recursive(
    st.just([]),
    lambda inner: st.lists(st.tuples(st.integers(1, 3), inner, st.sampled_from("ABC")), max_size=3),
    max_leaves=8,
)


def laid(tree: list[Any], start: int = 0) -> tuple[int, list[tuple[int, int, str]]]:
    """Lay nested spans over words: each at least as long as what it holds."""
    spans: list[tuple[int, int, str]] = []
    for length, inner, entity in tree:
        end, held = laid(inner, start)
        end = max(end, start + length)
        spans += [(start, end, entity), *held]
        start = end
    return start, spans


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=nested_spans)
def test_corefud_brackets_of_any_nesting(tree, tmp_path_factory):
    size, spans = laid(tree)
    spans = sorted({(i, j): entity for i, j, entity in spans}.items(), key=lambda s: (s[0][0], -s[0][1]))
    words = [f"w{n}" for n in range(size + 1)]
    starts = [sum(len(word) + 1 for word in words[:n]) for n in range(size + 1)]
    (article,), registry = made(" ".join(words), "w0", entities=("A",))
    entities = {e.lower(): replace(registry.entities["a"], id=e.lower()) for e in "ABC"}
    mentions = []
    for number, ((i, j), entity) in enumerate(spans):
        end = starts[j - 1] + len(words[j - 1])
        place = Span(starts[i], end, article.text[starts[i] : end])
        mentions.append(
            replace(article.mentions[0], id=f"made-m{number:03}", span=place, entity=entity.lower())
        )
    article = replace(article, mentions=tuple(mentions))
    folder = tmp_path_factory.mktemp("nested")
    corefud.export([article], replace(registry, entities=entities), folder)
    found = brackets(next(conllu(folder / "corpus.conllu"))[1])
    assert sorted(found.elements(), key=lambda m: m[3].rsplit(":", 1)[1]) == [
        (i, j - 1, entity.lower(), f"ORG-{j - i}-form:name,mention:m{number:03}")
        for number, ((i, j), entity) in enumerate(spans)
    ]


def test_corefud_refuses_what_it_cannot_write(tmp_path):
    (article,), registry = made("Big Org won.\nSmall Org lost.", "Big Org")
    for mention, message in (
        (
            replace(article.mentions[0], span=span(article.text, "won.\nSmall")),
            "crosses the end of a sentence",
        ),
        (replace(article.mentions[0], span=span(article.text, "ig Org")), "no whole number of words"),
        (replace(article.mentions[0], entity="nobody"), "no entity 'nobody' in the registry"),
    ):
        with pytest.raises(ExchangeError, match=message):
            corefud.export([replace(article, mentions=(mention,))], registry, tmp_path)


# --- the command line ---


@pytest.mark.parametrize("name", ["conll", "conll4", "corefud", "docbin"])
def test_one_way_formats_from_the_command_line(name, tmp_path, capsys):
    if name == "docbin":
        pytest.importorskip("spacy")
    out = tmp_path / "out"
    assert main(["export", name, "--root", str(TINY), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"{out}: 1 files" in said
    assert "not in the format: registry-utterances (1), left out" in said
    assert main(["export", name, "--root", str(TINY), "--out", str(out)]) == 2


def test_exchange_formats_import_no_heavy_library():
    code = (
        "import sys; from retold.exchange import conll, corefud, docbin, label_studio;"
        "print({'spacy', 'udapi', 'label_studio_sdk'} & set(sys.modules))"
    )
    environment = {"PYTHONPATH": str(REPOSITORY / "scripts")}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"
