"""The checks, level by level: pure generators of findings over what they are given."""

from __future__ import annotations

from retold.checks import (
    alignment,
    anchors,
    claims,
    corpus,
    ids,
    marks,
    mentions,
    quotes,
    references,
    registries,
    repairs,
    segments,
    topics,
    votes,
)
from retold.checks.inputs import ArticleCheck, CorpusCheck, RegistryCheck

ARTICLE_CHECKS: tuple[ArticleCheck, ...] = (
    *anchors.CHECKS,
    *ids.CHECKS,
    *references.CHECKS,
    *votes.ARTICLE_CHECKS,
    *segments.CHECKS,
    *quotes.CHECKS,
    *marks.CHECKS,
    *mentions.CHECKS,
    *claims.CHECKS,
    *topics.CHECKS,
    *repairs.CHECKS,
)
REGISTRY_CHECKS: tuple[RegistryCheck, ...] = (*registries.CHECKS, *votes.REGISTRY_CHECKS)
CORPUS_CHECKS: tuple[CorpusCheck, ...] = (*alignment.CHECKS, *corpus.CHECKS)
