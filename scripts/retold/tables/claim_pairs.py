"""Config ``claim_pairs``: one row two claims of two articles, with their relation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from retold.features import (
    BOOLEAN,
    INTEGER,
    STRING,
    ClassLabel,
    Column,
    LabelSets,
    ListOf,
    joined,
    spans,
)
from retold.layout import SPLITS
from retold.tables.claim_rows import SIDE_COLUMNS
from retold.tables.columnar import (
    Integers,
    codes_of,
    column,
    constants,
    list_starts,
    ranges,
    sorted_codes,
    starts_of,
    to_arrow,
)
from retold.tables.context import first_block, first_sentence, kept_sentences
from retold.tables.hard_pairs import HARD_PAIRS_A_CLAIM
from retold.tables.pairing import ORIGINS
from retold.tables.relations import PairRelation

SPLIT_ORDER = SPLITS


def _side(side: str, which: str) -> tuple[Column, ...]:
    article, listed = f"article_id_{side}", f"sentence_ids_{side}"
    block, sentence = f"block_id_{side}", f"sentence_id_{side}"
    return (
        Column(f"claim_id_{side}", STRING, f"The {which} claim: id in `claims`."),
        Column(article, STRING, "Its article."),
        Column(f"fold_{side}", INTEGER, "Fold of its article, from 0."),
        Column(
            block, STRING, f"The block of `{sentence}`.", article=article, clean=first_block(block, listed)
        ),
        Column(
            sentence,
            STRING,
            "The sentence in which it begins.",
            article=article,
            clean=first_sentence(sentence, listed),
        ),
        Column(
            listed,
            ListOf(STRING),
            "All sentences that it touches.",
            article=article,
            clean=kept_sentences(listed),
        ),
        Column(f"proposition_{side}", STRING, "The claim as one self-contained sentence."),
        spans(f"spans_{side}", "The words that state it.", article=article, needed=True),
        Column(f"text_{side}", STRING, "The words as one string.", joined(f"spans_{side}"), article),
        Column(f"canonical_id_{side}", STRING, "Its proposition in `canonical_claims`, if any."),
    )


COLUMNS = (
    *_side("a", "first (of the article whose id sorts first)"),
    *_side("b", "second"),
    Column("relation", STRING, "Of a to b: equivalent, entails, entailed_by, contradicts, neutral."),
    Column("relation_label", ClassLabel("pair_relation"), "`relation` as a class label."),
    Column(
        "inferred",
        BOOLEAN,
        "Whether the relation follows from annotated ones: `entails` is transitive, and what entails a "
        "claim contradicts what that claim contradicts.",
    ),
    Column("contradiction_type", STRING, "For contradicts: negation, antonym, numeric, … (de Marneffe)."),
    Column("contradiction_level", STRING, "For contradicts: `report` or `speaker`, i.e. who disagrees."),
    Column(
        "origin",
        STRING,
        "Why the pair is stored: `relation`; `near_miss`, judged close but neutral; `hard`, neutral though "
        f"it shares two entities and an article topic (by hash, at most {HARD_PAIRS_A_CLAIM} a claim). "
        "All pairs not stored are neutral.",
    ),
    Column("why", STRING, "For near misses: why the pair is neutral."),
    Column("shared_entity_ids", ListOf(STRING), "Entities that both mention, sorted."),
)


@dataclass(frozen=True, slots=True)
class Judgements:
    """How pairs are related and why they are stored, an entry each.

    ``relation`` is a place in ``relations``, ``origin`` one in ``ORIGINS``, ``why`` one in ``reasons``.
    """

    relation: Integers
    origin: Integers
    why: Integers
    relations: tuple[PairRelation, ...]
    reasons: tuple[str | None, ...]


def table(claims: pa.Table, a: Integers, b: Integers, judged: Judgements, labels: LabelSets) -> pa.Table:
    """Return the rows of pairs, words included; the schema has no metadata.

    Args:
        claims: rows of the claims tables, with ``claim_rows.ROW_COLUMNS``.
        a: the place of each pair's first claim among these.
        b: that of its second claim.
        judged: how the pairs are related.
        labels: the label sets.
    """
    columns = {
        **_side_columns("a", claims, a),
        **_side_columns("b", claims, b),
        **_judged_columns(judged, labels),
        "shared_entity_ids": _shared(column(claims, "entity_ids"), a, b),
    }
    names = [column.name for column in COLUMNS]
    return pa.Table.from_arrays([columns[name] for name in names], names)


def _side_columns(side: str, claims: pa.Table, places: Integers) -> dict[str, pa.Array]:
    taken = to_arrow(places)
    return {f"{name}_{side}": column(claims, name).take(taken) for name in SIDE_COLUMNS}


def _judged_columns(judged: Judgements, labels: LabelSets) -> dict[str, pa.Array]:
    relations, codes = judged.relations, judged.relation
    classes = [labels["pair_relation"].index(known.relation) for known in relations]
    inferred = np.array([known.inferred for known in relations], np.bool_)[codes]
    packed = pa.py_buffer(np.packbits(inferred, bitorder="little"))
    return {
        "relation": constants([known.relation for known in relations], codes),
        "relation_label": to_arrow(np.array(classes, np.int64)[codes]),
        "inferred": pa.Array.from_buffers(pa.bool_(), len(codes), [None, packed]),
        "contradiction_type": constants([known.type for known in relations], codes),
        "contradiction_level": constants([known.level for known in relations], codes),
        "origin": constants(ORIGINS, judged.origin),
        "why": constants(judged.reasons, judged.why),
    }


def _shared(entities: pa.ListArray, a: Integers, b: Integers) -> pa.ListArray:
    """Return for each pair the items that two lists share, sorted."""
    encoded = entities.flatten().dictionary_encode()
    codes, names = sorted_codes(codes_of(encoded), encoded.dictionary)
    starts = list_starts(entities)
    sizes = np.diff(starts)
    number = max(1, len(names))
    keys = [pair * number + codes[item] for pair, item in (ranges(starts[at], sizes[at]) for at in (a, b))]
    both = np.intersect1d(keys[0], keys[1], assume_unique=True)
    pair, code = np.divmod(both, number)
    ends = starts_of(np.bincount(pair, minlength=len(a))).astype(np.int32)
    return pa.ListArray.from_arrays(to_arrow(ends), names.take(to_arrow(code)))
