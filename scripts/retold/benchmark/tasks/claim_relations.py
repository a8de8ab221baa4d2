"""Task ``claim-relations``: how two claims of two articles relate.

Conventions:
    The pairs are given (``retold inputs claim-relations``). A prediction is a pair of claim ids with a
    relation, in either order; or the clusters of claims that say the same, by which pairs are
    ``equivalent`` or ``neutral``. A pair that is left out is predicted to be nothing. The headline is over
    the related pairs and the ``hard`` neutral ones, none of whose claims stands in an interview turn; near
    misses are in a slice.

Metrics:
    Macro-F1 of ``equivalent``, ``entails``, ``entailed_by`` and ``neutral`` (headline). ``contradicts`` has
    too few pairs for a share of it: predicted wrongly it counts against the rest, and how many are found is
    told as k of n. F1 of each relation; accuracy on near misses; F1 of the related over all pairs of
    claims, and of the equivalent ones; B³ of the clusters that equivalent pairs make. Resamples draw
    canonical claims, a pair if both of its own are drawn.

References:
    Bowman et al., *SNLI*, EMNLP 2015; de Marneffe et al., *Finding Contradictions in Text*, ACL 2008. B³:
    Bagga and Baldwin 1998. Resampling: Owen, *The pigeonhole bootstrap*, 2007.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from retold.benchmark.crossed import Crossed
from retold.benchmark.gold import ClaimPair, Gold
from retold.benchmark.grouping import b_cubed_metric
from retold.benchmark.options import Options
from retold.benchmark.outcome import MISSED, WRONG, Metric, Mistake, Outcome, said
from retold.benchmark.predictions import Line, PredictionError
from retold.benchmark.statistics import Floats, accuracy, f1, macro_f1
from retold.benchmark.units import Units
from retold.measures.joining import Groups
from retold.records import Claim

NAME = "claim-relations"
VERSION = 1
EQUIVALENT, CONTRADICTS, NEUTRAL = "equivalent", "contradicts", "neutral"
AVERAGED = (EQUIVALENT, "entails", "entailed_by", NEUTRAL)
_INVERSE = {"entails": "entailed_by", "entailed_by": "entails"}
HEADLINE_ORIGINS = ("relation", "hard")

Relations = dict[tuple[str, str], str]


@dataclass(frozen=True)
class PredictedRelations:
    """The relation of each predicted pair; of ``clusters`` no pair is left out."""

    pairs: Relations
    complete: bool

    def of(self, a: str, b: str) -> str | None:
        """Return the relation of ``a`` to ``b``, ``None`` if the pair was left out."""
        found = self.pairs.get((a, b))
        if found is None and (b, a) in self.pairs:
            found = inverse(self.pairs[b, a])
        return NEUTRAL if found is None and self.complete else found


def inverse(relation: str) -> str:
    """Return the relation of the second claim to the first."""
    return _INVERSE.get(relation, relation)


def parse_all(lines: Sequence[Line], gold: Gold, claims: Mapping[str, str]) -> PredictedRelations:
    """Read all lines.

    Args:
        lines: Pairs, or one list of clusters.
        gold: What is scored; pairs with other claims are passed over.
        claims: The article of every claim of the corpus.

    Raises:
        PredictionError: A claim is unknown, a pair is of one article or there twice, or pairs and clusters
        stand
            together.
    """
    pairs: Relations = {}
    clustered = [line for line in lines if "clusters" in line.record]
    if clustered and len(lines) > 1:
        raise PredictionError(
            f"line {clustered[0].number}: clusters stand in one line, and alone in the file"
        )
    for line in lines:
        for a, b, relation in _pairs(line, claims):
            if {(a, b), (b, a)} & pairs.keys():
                raise PredictionError(f"line {line.number}: the pair {a}, {b} is there twice")
            pairs[a, b] = relation
    kept = {pair: relation for pair, relation in pairs.items() if set(pair) <= gold.claims.keys()}
    return PredictedRelations(kept, complete=bool(clustered))


def _pairs(line: Line, claims: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    record = line.record
    clusters = record.get("clusters", [])
    listed = [claim for cluster in clusters for claim in cluster] or [record["a"], record["b"]]
    for claim in listed:
        if claim not in claims:
            raise PredictionError(f"line {line.number}: no claim {claim!r} in the corpus")
    if len(set(listed)) < len(listed):
        raise PredictionError(f"line {line.number}: a claim is there twice")
    for cluster in clusters:
        yield from ((a, b, EQUIVALENT) for a, b in combinations(sorted(cluster), 2) if claims[a] != claims[b])
    if not clusters:
        if claims[record["a"]] == claims[record["b"]]:
            raise PredictionError(
                f"line {line.number}: a pair is of claims of two articles; these are of one"
            )
        yield record["a"], record["b"], record["relation"]


def evaluate(gold: Gold, predicted: PredictedRelations, _options: Options) -> Outcome:
    """Score the relations of the pairs of claims in ``gold``."""
    scorer = _Scorer(gold, predicted)
    main = [pair for pair in scorer.pairs if pair.origin in HEADLINE_ORIGINS]
    near = [pair for pair in scorer.pairs if pair.origin == "near_miss"]
    return Outcome(
        headline=scorer.macro("related and hard pairs", main),
        details=(
            scorer.contradictions(main),
            scorer.accuracy("near misses", near),
            scorer.all_pairs("related, all pairs", related=True),
        ),
        full=(
            *(scorer.f1(label, main) for label in AVERAGED),
            scorer.all_pairs("equivalent, all pairs", related=False),
            scorer.clusters(),
        ),
        mistakes=tuple(scorer.mistakes(main)),
        settings={"pairs": "related+hard", "average": "macro.4", "turns": "out"},
    )


class _Scorer:
    def __init__(self, gold: Gold, predicted: PredictedRelations) -> None:
        self._gold = gold
        self._predicted = predicted
        units = Units(gold)
        self._said = {
            claim.id: claim
            for article, claim in gold.claims.values()
            if units.at(article.id, claim.spans[0].start) is not None
        }
        names = dict.fromkeys(map(_canonical, self._said.values()))
        self._number = {name: number for number, name in enumerate(names)}
        self.pairs = [pair for pair in gold.pairs if {pair.a, pair.b} <= self._said.keys()]

    def macro(self, part: str, pairs: Sequence[ClaimPair]) -> Metric:
        """Return the macro-F1 of the averaged relations."""
        counts = np.zeros((len(pairs), 3 * len(AVERAGED)))
        for row, pair in zip(counts, pairs, strict=True):
            for number, label in enumerate(AVERAGED):
                row[3 * number : 3 * number + 3] = self._counted(pair, label)
        return Metric(
            part,
            "macro-F1",
            self._crossed(pairs, counts, macro_f1(len(AVERAGED))),
            float(len(self._predicted.pairs)),
            float(len(pairs)),
        )

    def f1(self, label: str, pairs: Sequence[ClaimPair]) -> Metric:
        """Return the F1 of one relation."""
        return self._f1(label, pairs, [self._counted(pair, label) for pair in pairs])

    def accuracy(self, part: str, pairs: Sequence[ClaimPair]) -> Metric:
        """Return the share of pairs whose relation is right."""
        counts = np.array([(self._found(pair) == pair.relation, 1) for pair in pairs], dtype=np.float64)
        statistic = self._crossed(pairs, counts.reshape(-1, 2), accuracy)
        return Metric(part, "accuracy", statistic, expected=float(len(pairs)))

    def contradictions(self, pairs: Sequence[ClaimPair]) -> Metric:
        """Return how many contradictions are found."""
        there = [pair for pair in pairs if pair.relation == CONTRADICTS]
        metric = self.accuracy("contradictions", there)
        hits = sum(self._found(pair) == CONTRADICTS for pair in there)
        return Metric(
            "contradictions", f"found, {hits} of {len(there)}", metric.statistic, expected=len(there)
        )

    def all_pairs(self, part: str, *, related: bool) -> Metric:
        """Return the F1 over every pair of claims of two articles, of related or of equivalent ones."""
        wanted = (
            (lambda label: label not in (None, NEUTRAL)) if related else (lambda label: label == EQUIVALENT)
        )
        stored = {(pair.a, pair.b): pair for pair in self.pairs}
        other = [
            ClaimPair(a, b, NEUTRAL, "")
            for a, b in self._predicted.pairs
            if {a, b} <= self._said.keys() and not {(a, b), (b, a)} & stored.keys()
        ]
        pairs = [*self.pairs, *other]
        rows = []
        for pair in pairs:
            found, expected = self._found(pair), pair.relation
            rows.append((wanted(found) and found == expected, wanted(found), wanted(expected)))
        return self._f1(part, pairs, rows)

    def clusters(self) -> Metric:
        """Return B³ of the clusters that equivalent pairs make."""
        found = _closed(self._said, (p for p, label in self._predicted.pairs.items() if label == EQUIVALENT))
        told = {
            name: {self._gold.claims[c.id][0].id for c in group} for name, group in self._groups().items()
        }
        expected = {  # like the predicted ones of pairs of two articles: what one article says alone is alone
            claim.id: {_canonical(claim) if len(told[_canonical(claim)]) > 1 else claim.id}
            for claim in self._said.values()
        }
        unit_of = {claim.id: self._number[_canonical(claim)] for claim in self._said.values()}
        return b_cubed_metric("clusters of equivalent claims", found, expected, unit_of, len(self._number))

    def _groups(self) -> dict[str, list[Claim]]:
        groups: dict[str, list[Claim]] = {}
        for claim in self._said.values():
            groups.setdefault(_canonical(claim), []).append(claim)
        return groups

    def mistakes(self, pairs: Sequence[ClaimPair]) -> Iterator[Mistake]:
        """Yield the pairs whose relation is wrong."""
        for pair in pairs:
            found = self._found(pair)
            if found != pair.relation:
                article, a = self._gold.claims[pair.a]
                b = self._said[pair.b]
                yield Mistake(
                    article.id,
                    a.spans[0].start,
                    a.spans[-1].end,
                    MISSED if found is None else WRONG,
                    pair.relation,
                    f"{said(a.spans)} | {said(b.spans)}",
                    pair.relation,
                    found,
                    f"{pair.a}, {pair.b}",
                )

    def _found(self, pair: ClaimPair) -> str | None:
        return self._predicted.of(pair.a, pair.b)

    def _counted(self, pair: ClaimPair, label: str) -> tuple[bool, bool, bool]:
        found, expected = self._found(pair) == label, pair.relation == label
        return found and expected, found, expected

    def _f1(self, part: str, pairs: Sequence[ClaimPair], rows: Sequence[tuple[bool, bool, bool]]) -> Metric:
        counts = np.array(rows, dtype=np.float64).reshape(-1, 3)
        hits, found, expected = counts.sum(axis=0)
        return Metric(
            part,
            "F1",
            self._crossed(pairs, counts, f1),
            float(found),
            float(expected),
            float(hits / found) if found else None,
            float(hits / expected) if expected else None,
        )

    def _crossed(self, pairs: Sequence[ClaimPair], counts: Floats, formula: object) -> Crossed:
        sides = [
            np.array([self._number[_canonical(self._said[claim])] for claim in side], dtype=np.intp)
            for side in ([pair.a for pair in pairs], [pair.b for pair in pairs])
        ]
        return Crossed(len(self._number), sides[0], sides[1], counts, formula)  # type: ignore[arg-type]


def _canonical(claim: Claim) -> str:
    return claim.canonical or claim.id


def _closed(claims: Mapping[str, Claim], pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    """Return the cluster of each claim, by transitive closure of the pairs; it is named by a member."""
    joined: Groups[str] = Groups()
    for a, b in pairs:
        if a in claims and b in claims:
            joined.join(a, b)
    return {claim: {joined.leader(claim)} for claim in claims}
