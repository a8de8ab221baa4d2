"""The checks, level by level: pure generators of findings over what they are given."""

from __future__ import annotations

from retold.checks import anchors, references, registries
from retold.checks.inputs import ArticleCheck, CorpusCheck, RegistryCheck

ARTICLE_CHECKS: tuple[ArticleCheck, ...] = (*anchors.CHECKS, *references.CHECKS)
REGISTRY_CHECKS: tuple[RegistryCheck, ...] = registries.CHECKS
CORPUS_CHECKS: tuple[CorpusCheck, ...] = ()
