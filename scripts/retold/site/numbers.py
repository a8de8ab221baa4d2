"""Figures of the corpus, and the plots that others have put beside the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path

from retold.figures import LABELS, Figures, as_json, count_article, count_registries
from retold.records import Article, Registry
from retold.schemas import Schemas
from retold.site.jsontools import Json, lean

PLOTS = "plots"
_TITLE = re.compile(r"<(?P<tag>title|desc)\b[^<>]*>(?P<text>[^<]*)</(?P=tag)>")


def counts(articles: Sequence[Article], registry: Registry, schemas: Schemas) -> Json:
    """Return the counts that ``retold stats --format json`` prints, labels that nothing has left out."""
    figures = Figures(
        {article.id: count_article(article) for article in articles}, count_registries(registry)
    )
    vocabularies = {name: list(schemas.vocabulary(name)) for _, _, name in LABELS}
    document = as_json(figures, vocabularies)
    total = document["total"]
    assert isinstance(total, dict)
    used = {field: [label for label, n in labels.items() if n] for field, labels in total["labels"].items()}
    kept = {name: _used(table, used) for name, table in [("", total), *_tables(document)]}
    return {
        "total": kept.pop(""),
        "articles": [{"article": name, **table} for name, table in kept.items()],
        "registries": document["registries"],
    }


def _tables(document: Mapping[str, object]) -> list[tuple[str, Json]]:
    articles = document["articles"]
    assert isinstance(articles, dict)
    return list(articles.items())


def _used(table: Json, used: Mapping[str, Sequence[str]]) -> Json:
    labels = {
        field: {label: table["labels"][field][label] for label in names}
        for field, names in used.items()
        if names
    }
    return {"items": table["items"], "labels": labels}


def plot_files(build: Path) -> list[Path]:
    """Return the plots that ``retold stats`` has put into a compiled folder, sorted by name."""
    return sorted((build / PLOTS).glob("*.svg"))


def plots(files: Sequence[Path]) -> list[Json]:
    """Return of each plot its file, title and description; the title is its name if it has none."""
    return [_plot(path) for path in files]


def _plot(path: Path) -> Json:
    svg = path.read_text(encoding="utf-8")
    said: dict[str, str] = {}
    for match in _TITLE.finditer(svg):
        said.setdefault(match["tag"], " ".join(unescape(match["text"]).split()))
    title = said.get("title") or path.stem.replace("-", " ").replace("_", " ")
    return lean({"file": f"{PLOTS}/{path.name}", "title": title, "description": said.get("desc")})
