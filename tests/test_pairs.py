"""Pairs of claims and the registry tables: which there are, and that columns and rows give the same."""

from __future__ import annotations

import pickle
import tracemalloc
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import plain_pairs
from corpora import REPOSITORY, TINY, compile_to, run_python
from plain_pairs import Row
from retold.layout import Layout
from retold.parquet import arrow_schema
from retold.reader import read_registry, read_splits
from retold.records import CanonicalClaim, NearMiss, Registry, Relation
from retold.schemas import Schemas, find_schema_folder
from retold.shard_compiler import label_sets
from retold.tables import CONFIG_OF, hard_pairs
from retold.tables.claim_index import CLAIM_COLUMNS, TOPIC_COLUMNS, ClaimIndex, claim_index
from retold.tables.claim_pairs import SPLIT_ORDER
from retold.tables.claim_rows import ClaimRows, copied_claims, copy_claims, row_groups
from retold.tables.context import Context
from retold.tables.hard_pairs import HARD_PAIRS_A_CLAIM
from retold.tables.pair_jobs import PairJob, dropped_pairs, pair_jobs
from retold.tables.pairing import ORIGINS, Pairs, select
from retold.tables.registries import (
    MENTION_COLUMNS,
    TELLING_COLUMNS,
    canonical_claims,
    entity_registry,
    utterances,
)
from retold.tables.relations import close

LABELS = {"pair_relation": ("equivalent", "entails", "entailed_by", "contradicts", "neutral")}

Said = list[tuple[str, str, str, str]]


# --- small corpora, written down


def canonical(name: str, entails: str = "", contradicts: str = "") -> CanonicalClaim:
    relations = (
        *(Relation(to, "entails", None, None) for to in entails.split()),
        *(Relation(to, "contradicts", "numeric", "report") for to in contradicts.split()),
    )
    return CanonicalClaim(name, name, relations, None)


def registry(*claims: CanonicalClaim, near_misses: tuple[NearMiss, ...] = ()) -> Registry:
    return Registry({}, {}, {claim.id: claim for claim in claims}, near_misses, {})


def claim(article: str, number: int, canonical_id: str | None = None, entities: str = "") -> Row:
    row: Row = dict.fromkeys(column.name for column in CONFIG_OF["claims"].columns)
    return row | {
        "claim_id": f"{article}-c{number:03}",
        "article_id": article,
        "fold": 0,
        "block_id": f"{article}-b01",
        "sentence_id": f"{article}-s001",
        "sentence_ids": [f"{article}-s001", f"{article}-s002"][: number % 3],
        "spans": [{"start": number, "end": number + 1, "text": "é"}] * (number % 2),
        "text": None if number % 5 else "é",
        "proposition": f"Number {number}.",
        "canonical_id": canonical_id,
        "entity_ids": sorted(entities.split()),
    }


def table(config: str, rows: Sequence[Row]) -> pa.Table:
    schema = arrow_schema(CONFIG_OF[config].columns, LABELS).remove_metadata()
    return pa.Table.from_pylist(list(rows), schema=schema)


def pieces(rows: list[Row], size: int) -> Iterator[pa.Table]:
    for start in range(0, len(rows), size):
        yield table("claims", rows[start : start + size])


def index_of(claims: list[Row], topics: Mapping[str, Collection[str]], size: int = 100) -> ClaimIndex:
    rows = [
        {"unit": unit, "article_id": article, "topic_codes": sorted(codes)}
        for article, listed in topics.items()
        for unit, codes in (("article", listed), ("block", ("of", "blocks")))
    ]
    schema = pa.schema({"unit": pa.string(), "article_id": pa.string(), "topic_codes": pa.list_(pa.string())})
    return claim_index(pieces(claims, size), [pa.Table.from_pylist(rows, schema=schema)])


def found(claims: list[Row], known: Registry, topics: Mapping[str, Collection[str]] | None = None) -> Said:
    """The ids of the pairs, their relations and origins; all articles have one topic unless said."""
    index = index_of(claims, topics or {row["article_id"]: ("t",) for row in claims})
    return said(index, select(index, known))


def said(index: ClaimIndex, pairs: Pairs) -> Said:
    ids = index.ids.to_pylist()
    return [
        (ids[a], ids[b], pairs.relations[relation].relation, ORIGINS[origin])
        for a, b, relation, origin in zip(pairs.a, pairs.b, pairs.relation, pairs.origin, strict=True)
    ]


# --- relations


def test_entails_is_transitive_and_contradicts_is_carried_down_on_both_sides() -> None:
    claims = registry(
        canonical("a", entails="b"), canonical("b", entails="c"), canonical("c", contradicts="x"),
        canonical("x"), canonical("y", entails="x"), canonical("z", entails="y"),
    ).claims  # fmt: skip
    relations = close(claims)
    flat = {
        (a, b): (relation.relation, relation.inferred)
        for a, others in relations.items()
        for b, relation in others.items()
    }
    assert flat["a", "b"] == ("entails", False)
    assert flat["b", "a"] == ("entailed_by", False)
    assert flat["a", "c"] == ("entails", True)
    assert flat["c", "a"] == ("entailed_by", True)
    assert flat["c", "x"] == flat["x", "c"] == ("contradicts", False)
    for a in "abc":
        for b in "xyz":
            assert flat[a, b][0] == flat[b, a][0] == "contradicts"
            assert flat[a, b][1] == ((a, b) != ("c", "x"))
            assert relations[a][b].type == "numeric"
            assert relations[a][b].level == "report"
    assert len(flat) == 2 * (3 + 3 + 9)


def test_what_is_entailed_does_not_inherit_the_contradiction() -> None:
    relations = close(
        registry(canonical("a", entails="b", contradicts="x"), canonical("b"), canonical("x")).claims
    )
    assert "x" not in relations["b"]


def test_closing_survives_circles() -> None:
    relations = close(registry(canonical("a", entails="b"), canonical("b", entails="a")).claims)
    assert relations["a"]["b"].relation == "entails"
    assert "a" not in relations["a"]


# --- which pairs there are


def test_pairs_are_oriented_by_article_and_never_of_one_article() -> None:
    claims = [
        claim("p", 1, "special"),
        claim("p", 2, "special"),
        claim("k", 1, "general"),
        claim("k", 2, "special"),
    ]
    assert found(claims, registry(canonical("general"), canonical("special", entails="general"))) == [
        ("k-c001", "p-c001", "entailed_by", "relation"),
        ("k-c001", "p-c002", "entailed_by", "relation"),
        ("k-c002", "p-c001", "equivalent", "relation"),
        ("k-c002", "p-c002", "equivalent", "relation"),
    ]


def test_an_article_that_says_a_thing_a_thousand_times_makes_no_pairs_with_itself() -> None:
    """Else an article of a million annotations would need more memory than there is."""
    names = ("a", "b", "c")
    claims = [claim("giant", 3 * number + n, name) for number in range(1000) for n, name in enumerate(names)]
    known = registry(
        canonical("a", entails="b"), canonical("b"), canonical("c"), near_misses=(NearMiss("a", "c", "why"),)
    )
    index = index_of([*claims, claim("other", 1, "a")], {"giant": ("t",), "other": ("t",)})
    tracemalloc.start()
    try:
        pairs = select(index, known)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(pairs) == 3000
    assert peak < 20e6, "the million pairs of two things within the article take 8 MB a column"


def test_near_misses_name_claims_or_canonical_claims() -> None:
    claims = [claim("k", 1), claim("k", 2, "x"), claim("p", 1), claim("p", 2, "y"), claim("q", 1, "y")]
    misses = (NearMiss("p-c001", "k-c001", "far"), NearMiss("x", "y", "other"), NearMiss("y", "x", "late"))
    known = registry(canonical("x"), canonical("y"), near_misses=misses)
    assert found(claims, known) == [
        ("k-c001", "p-c001", "neutral", "near_miss"),
        ("k-c002", "p-c002", "neutral", "near_miss"),
        ("k-c002", "q-c001", "neutral", "near_miss"),
        ("p-c002", "q-c001", "equivalent", "relation"),
    ]
    index = index_of(claims, {})
    assert select(index, known).miss.tolist() == [0, 1, 1, -1]


def test_a_near_miss_of_a_claim_is_of_that_claim_though_a_proposition_has_its_id() -> None:
    claims = [claim("k", 1), claim("p", 1), claim("q", 1, "p-c001")]
    known = registry(canonical("p-c001"), near_misses=(NearMiss("k-c001", "p-c001", "far"),))
    assert found(claims, known) == [("k-c001", "p-c001", "neutral", "near_miss")]


def test_hard_pairs_share_two_entities_and_a_topic() -> None:
    claims = [claim("k", 1, entities="a b"), claim("p", 1, entities="a b c"), claim("p", 2, entities="a c")]
    assert found(claims, registry()) == [("k-c001", "p-c001", "neutral", "hard")]
    assert found(claims, registry(), {"k": {"t"}, "p": {"u"}}) == []
    many = {f"t{number}" for number in range(200)}
    assert found(claims, registry(), {"k": many, "p": {"t199"}}) == [("k-c001", "p-c001", "neutral", "hard")]


def test_a_related_pair_is_not_hard() -> None:
    claims = [claim("k", 1, "x", "a b"), claim("p", 1, "x", "a b")]
    assert found(claims, registry(canonical("x"))) == [("k-c001", "p-c001", "equivalent", "relation")]


def test_hard_pairs_are_few_a_claim_and_do_not_depend_on_the_order_of_articles() -> None:
    claims = [claim(article, number, entities="a b") for article in "kpq" for number in range(40)]
    pairs = found(claims, registry())
    degree: dict[str, int] = {}
    for a, b, relation, _ in pairs:
        assert relation == "neutral"
        for side in (a, b):
            degree[side] = degree.get(side, 0) + 1
    assert max(degree.values()) <= HARD_PAIRS_A_CLAIM
    assert min(degree.values()) > 0
    assert len(degree) == len(claims)
    assert found([*claims[80:], *claims[:80]], registry()) == pairs


@pytest.mark.parametrize("bits", [1, 3, 64])
def test_hard_pairs_do_not_depend_on_how_the_work_is_cut(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor on how much of a hash is compared at first: with few bits, most are equal there."""
    claims = [claim(article, number, entities="a b c") for article in "kpq" for number in range(40)]
    pairs = found(claims, registry())
    for name, value in (("HASH_BITS", bits), ("BLOCK", 50), ("POOL_CLAIMS", 16)):
        monkeypatch.setattr(hard_pairs, name, value)
    assert found(claims, registry()) == pairs
    assert len(pairs) > 300


def test_a_new_article_leaves_most_hard_pairs_alone() -> None:
    old = [claim(article, number, entities="a b") for article in "kp" for number in range(60)]
    new = [claim("z", number, entities="a b") for number in range(5)]
    before, after = set(found(old, registry())), set(found([*old, *new], registry()))
    assert len(before & after) > 0.8 * len(before)


def test_nothing_gives_nothing() -> None:
    assert found([], registry(canonical("x", contradicts="y"), near_misses=(NearMiss("x", "y", ""),))) == []


# --- the columnar way gives what the plain one gives


class InMemory:
    """Rows of claims as ``ClaimRows`` gives them."""

    def __init__(self, claims: list[Row]) -> None:
        self._table = table("claims", claims)

    def take(self, rows: Any) -> pa.Table:
        return self._table.take(pa.array(rows))


def jobs_sent(jobs: Iterator[PairJob]) -> Iterator[PairJob]:
    """The jobs as they come to another process."""
    for job in jobs:
        yield pickle.loads(pickle.dumps(job))


def made(
    index: ClaimIndex, known: Registry, claims: Any, splits: Mapping[str, str], *, rows: int
) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    schema = arrow_schema(CONFIG_OF["claim_pairs"].columns, LABELS)
    for job in jobs_sent(pair_jobs(index, select(index, known), known.near_misses, splits, rows)):
        piece = job.make(claims, LABELS)
        assert piece.schema.equals(schema)
        assert 0 < len(piece) == len(job) <= rows
        piece.validate(full=True)
        tables.setdefault(job.split, []).extend(piece.to_pylist())
    return tables


def plain(
    claims: Sequence[Row], topics: Mapping[str, Collection[str]], known: Registry, splits: Mapping[str, str]
) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {split: [] for split in SPLIT_ORDER}
    for pair in plain_pairs.pairs(claims, topics, known):
        tables[plain_pairs.pair_split(pair, splits)].append(plain_pairs.pair_row(pair, LABELS))
    return {split: rows for split, rows in tables.items() if rows}


ARTICLES = ("k", "kö", "l", "m", "z-1")
NAMES = ("u", "v", "w", "x", "y", "k-c001", "l-c000")  # the last are ids of claims too
names = st.sampled_from(NAMES)
registries = st.builds(
    lambda stated, misses: registry(
        *(
            canonical(name, " ".join(entails), " ".join(against))
            for name, (entails, against) in stated.items()
        ),
        near_misses=tuple(NearMiss(a, b, f"{a}, {b}") for a, b in misses),
    ),
    st.dictionaries(names, st.tuples(st.lists(names, max_size=2), st.lists(names, max_size=2)), max_size=5),
    st.lists(st.tuples(*[st.sampled_from((*NAMES, "m-c002", "nowhere"))] * 2), max_size=4),
)
mentioned = st.lists(st.sampled_from("abcdé"), max_size=5, unique=True).map(" ".join)
articles = st.lists(st.tuples(st.none() | names, mentioned), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    drawn=st.dictionaries(st.sampled_from(ARTICLES), articles, max_size=5),
    topics=st.lists(st.frozensets(st.sampled_from("tuv")), min_size=5, max_size=5),
    splits=st.lists(st.sampled_from(SPLIT_ORDER), min_size=5, max_size=5),
    known=registries,
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 9)),
    limits=st.tuples(
        st.integers(1, 3), st.integers(1, 4), st.integers(1, 64), st.integers(1, 9), st.integers(1, 9)
    ),
)
def test_columns_and_rows_give_the_same_pairs(
    *,
    drawn: dict[str, list[tuple[str | None, str]]],
    topics: list[frozenset[str]],
    splits: list[str],
    known: Registry,
    sizes: tuple[int, int],
    limits: tuple[int, ...],
) -> None:
    """Limits are small, so that few claims reach them."""
    claims = [
        claim(article, at, *said) for article, listed in drawn.items() for at, said in enumerate(listed)
    ]
    topics_of, split_of = dict(zip(ARTICLES, topics, strict=True)), dict(zip(ARTICLES, splits, strict=True))
    constants = ("HARD_PAIRS_A_CLAIM", "NEIGHBOURS", "HASH_BITS", "BLOCK", "POOL_CLAIMS")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(constants, limits, strict=True):
            patch.setattr(hard_pairs, name, value)
        index = index_of(claims, topics_of, sizes[0])
        given = made(index, known, InMemory(claims), split_of, rows=sizes[1])
        expected = plain(claims, topics_of, known, split_of)
    assert given == expected


@dataclass(frozen=True)
class Compiled:
    """A compiled corpus, its words left out or not."""

    root: Path
    folder: Path
    context: Context

    def paths(self, config: str) -> list[Path]:
        return [
            path
            for split in (*SPLIT_ORDER, "corpus")
            for path in sorted((self.folder / config).glob(f"{split}*"))
        ]

    def rows(self, config: str) -> list[Row]:
        return [row for path in self.paths(config) for row in pq.read_table(path).to_pylist()]

    def pieces(self, config: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        for path in self.paths(config):
            yield from row_groups(path, columns)

    def index(self) -> ClaimIndex:
        return claim_index(self.pieces("claims", CLAIM_COLUMNS), self.pieces("topics", TOPIC_COLUMNS))

    def splits(self) -> dict[str, str]:
        listed = read_splits(Layout(self.root)).splits
        return {article: split for split, ids in listed.items() for article in ids}


@pytest.fixture(
    scope="module",
    params=[(TINY, True), (TINY, False), (REPOSITORY, True)],
    ids=["tiny", "no-text", "corpus"],
)
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    root, texts = request.param
    folder = tmp_path_factory.mktemp("compiled")
    compile_to(root, folder, texts=texts)
    labels = label_sets(Schemas(find_schema_folder(root)))
    return Compiled(root, folder, Context(read_registry(Layout(root)), labels))


def test_pairs_of_a_corpus_are_those_of_the_plain_way(compiled: Compiled, tmp_path: Path) -> None:
    claims, known = compiled.rows("claims"), compiled.context.registry
    topics = {
        row["article_id"]: row["topic_codes"] for row in compiled.rows("topics") if row["unit"] == "article"
    }
    expected = plain(claims, topics, known, compiled.splits())
    copies = [tmp_path / f"{number}.arrow" for number in range(len(compiled.paths("claims")))]
    for path, copy in zip(compiled.paths("claims"), copies, strict=True):
        copy_claims(path, copy)
    index = compiled.index()
    assert made(index, known, ClaimRows.of(copies), compiled.splits(), rows=50) == expected
    assert [row for rows in expected.values() for row in rows] == compiled.rows("claim_pairs")


def test_an_index_is_the_same_from_copies_as_from_tables(compiled: Compiled, tmp_path: Path) -> None:
    copies = [tmp_path / f"{number}.arrow" for number in range(len(compiled.paths("claims")))]
    for path, copy in zip(compiled.paths("claims"), copies, strict=True):
        copy_claims(path, copy)
    tables = (piece for copy in copies for piece in copied_claims(copy))
    index, again = compiled.index(), claim_index(tables, compiled.pieces("topics", TOPIC_COLUMNS))
    assert index.ids.equals(again.ids)
    assert index.row.tolist() == again.row.tolist()


def test_registry_tables_of_a_corpus_are_those_of_the_plain_way(compiled: Compiled) -> None:
    context = compiled.context
    known = context.registry
    claims, quotes, mentions = (compiled.rows(config) for config in ("claims", "quotes", "entities"))
    expected: dict[str, tuple[list[Row], Iterator[Row]]] = {
        "entity_registry": (
            [plain_pairs.entity_row(entity, mentions, known) for entity in sorted(known.entities)],
            entity_registry(compiled.pieces("entities", MENTION_COLUMNS), known),
        ),
        "utterances": (
            [plain_pairs.utterance_row(remark, quotes, context) for remark in sorted(known.utterances)],
            utterances(compiled.pieces("quotes", TELLING_COLUMNS), context),
        ),
        "canonical_claims": (
            [plain_pairs.canonical_row(proposition, claims, known) for proposition in sorted(known.claims)],
            canonical_claims(compiled.index(), known),
        ),
    }
    for config, (rows, streamed) in expected.items():
        assert list(streamed) == rows == compiled.rows(config), config
        assert rows


def test_dropped_pairs_are_those_that_have_a_dropped_claim(compiled: Compiled) -> None:
    index, rows = compiled.index(), compiled.rows("claim_pairs")
    pairs = select(index, compiled.context.registry)
    dropped = {rows[0]["claim_id_a"], rows[-1]["claim_id_b"], "no claim"}
    expected = [row for row in rows if {row["claim_id_a"], row["claim_id_b"]} & dropped]
    assert dropped_pairs(index, pairs, dropped) == len(expected) > 1
    assert dropped_pairs(index, pairs, ()) == dropped_pairs(index, pairs, {"no claim"}) == 0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("k", "l", "train"), ("k", "m", "validation"), ("m", "k", "validation"),
        ("k", "n", "test"), ("m", "n", "test"), ("n", "o", "test"),
    ],
)  # fmt: skip
def test_a_pair_is_in_the_most_held_out_split_of_its_articles(a: str, b: str, expected: str) -> None:
    splits = {"k": "train", "l": "train", "m": "validation", "n": "test", "o": "test"}
    claims = [claim(a, 1, "x"), claim(b, 1, "x")]
    index = index_of(claims, {})
    tables = made(index, registry(), InMemory(claims), splits, rows=9)
    assert list(tables) == [expected]


def test_pandas_is_not_imported(tmp_path: Path) -> None:
    """Importing it takes longer than building a small corpus."""
    compile_to(TINY, tmp_path)
    code = """
import sys
from pathlib import Path
from retold.tables.claim_index import CLAIM_COLUMNS, TOPIC_COLUMNS, claim_index
from retold.tables.claim_rows import ClaimRows, copied_claims, copy_claims, row_groups
from retold.tables.pair_jobs import dropped_pairs, pair_jobs
from retold.tables.pairing import select
from retold.tables.registries import MENTION_COLUMNS, TELLING_COLUMNS
from retold.tables.registries import canonical_claims, entity_registry, utterances
from retold.layout import Layout
from retold.reader import read_registry, read_splits
from retold.schemas import Schemas, find_schema_folder
from retold.shard_compiler import label_sets
from retold.tables.context import Context

root, folder = map(Path, sys.argv[1:])
context = Context(read_registry(Layout(root)), label_sets(Schemas(find_schema_folder(root))))
pieces = lambda config, columns: (
    piece for path in sorted((folder / config).iterdir()) for piece in row_groups(path, columns)
)
copies = []
for part in sorted((folder / "claims").iterdir()):
    copies.append(folder / f"{part.stem}.arrow")
    copy_claims(part, copies[-1])
claims = (piece for copy in copies for piece in copied_claims(copy))
index = claim_index(claims, pieces("topics", TOPIC_COLUMNS))
pairs = select(index, context.registry)
splits = {article: split for split, ids in read_splits(Layout(root)).splits.items() for article in ids}
for job in pair_jobs(index, pairs, context.registry.near_misses, splits):
    assert len(job.make(ClaimRows.of(copies), context.labels))
assert dropped_pairs(index, pairs, ["none"]) == 0
assert list(entity_registry(pieces("entities", MENTION_COLUMNS), context.registry))
assert list(utterances(pieces("quotes", TELLING_COLUMNS), context))
assert list(canonical_claims(index, context.registry))
print("pandas" in sys.modules)
"""
    result = run_python(code, TINY, tmp_path, home=tmp_path)
    assert result.stdout == "False\n", result.stderr
