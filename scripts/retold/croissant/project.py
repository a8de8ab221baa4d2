"""What the corpus is called, whose it is and how to cite it: from its card, pyproject and citation file."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from retold.croissant.fields import Json
from retold.layout import Layout

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---\r?$", re.DOTALL | re.MULTILINE)
_UNNAMED_LICENCE = "other"  # what the Hub has for all licences that are not on its list


class DocumentError(ValueError):
    """A document of the corpus cannot be read; the message names it and says why."""


def describe(layout: Layout, manifest: Json) -> Json:
    """Return the description of the whole: what is not known is left out, nothing is made up.

    A corpus without README, pyproject and citation file gets a name and a description from its manifest.

    Raises:
        DocumentError: One of the three is not what it should be.
    """
    card, project, citation = _card(layout.readme), _project(layout.project), _citation(layout.citation)
    title = _first(card.get("pretty_name"), citation.get("title"), project.get("name"), "Annotated articles")
    found = {
        "name": title,
        "description": _first(project.get("description"), citation.get("abstract"), _summary(manifest)),
        "license": _licence(card, project, citation),
        "url": _first(citation.get("repository-code"), citation.get("url"), *_addresses(project)),
        "version": manifest["data_version"],
        "datePublished": _date(citation.get("date-released")),
        "inLanguage": _texts(card.get("language")),
        "keywords": _texts(card.get("tags")) or _texts(project.get("keywords")),
        "creator": [_creator(author) for author in _authors(citation)],
        "citeAs": _bibtex(citation, title, manifest["data_version"]) if citation else None,
    }
    return {name: value for name, value in found.items() if value}


def project_name(layout: Layout) -> str:
    """Return the name of the project, empty if it has none; ``DocumentError`` if it cannot be read."""
    return _first(_project(layout.project).get("name"))


def _card(readme: Path) -> Json:
    if not readme.is_file():
        return {}
    front = _FRONT_MATTER.match(read_document(readme))
    return _yaml(front[1], f"the front matter of {readme}") if front else {}


def _citation(path: Path) -> Json:
    return _yaml(read_document(path), str(path)) if path.is_file() else {}


def _project(path: Path) -> Json:
    if not path.is_file():
        return {}
    try:
        project = tomllib.loads(read_document(path)).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{path} is not TOML: {error}") from error
    return project if isinstance(project, dict) else {}


def read_document(path: Path) -> str:
    """Return the text of a document; ``DocumentError`` if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"cannot read {path}: {error}") from error


def _yaml(text: str, what: str) -> Json:
    import yaml  # noqa: PLC0415 (only this verb needs it)

    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise DocumentError(f"{what} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise DocumentError(f"{what} must hold keys and their values")
    return document


def _summary(manifest: Json) -> str:
    articles = sum(len(ids) for ids in manifest["splits"].values())
    return f"{articles} articles with their annotation, in {len(manifest['configs'])} tables."


def _licence(card: Json, project: Json, citation: Json) -> str:
    """Return the licence of the whole, as the card or, where it has no name there, the pyproject gives it."""
    listed = card.get("license")
    named = listed if listed != _UNNAMED_LICENCE else None
    return _first(named, project.get("license"), card.get("license_name"), citation.get("license"))


def _addresses(project: Json) -> Iterator[object]:
    addresses = project.get("urls")
    if isinstance(addresses, dict):
        yield from addresses.values()


def _authors(citation: Json) -> list[Json]:
    authors = citation.get("authors")
    return [author for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []


def _creator(author: Json) -> Json:
    organization = isinstance(author.get("name"), str)
    name = author["name"] if organization else _person(author)
    return {"@type": "sc:Organization" if organization else "sc:Person", "name": name}


def _person(author: Json) -> str:
    return " ".join(_texts([author.get("given-names"), author.get("family-names")]))


def _bibtex(citation: Json, title: str, version: str | None) -> str:
    """Return a BibTeX entry, the form that Croissant asks of ``citeAs``."""
    authors = [f"{{{_braced(_creator(author)['name'])}}}" for author in _authors(citation)]
    date = _date(citation.get("date-released"))
    values = {
        "title": _braced(_first(citation.get("title"), title)),
        "author": " and ".join(authors),
        "version": version,
        "year": date[:4],
        "doi": _first(citation.get("doi")),
        "url": _first(citation.get("repository-code"), citation.get("url")),
    }
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "corpus"
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def _braced(text: str) -> str:
    """Return a text that cannot end a BibTeX value."""
    return re.sub(r"([\\{}])", "", text)


def _date(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else _first(value)


def _first(*values: object) -> str:
    """Return the first value that is a text with something in it, else an empty one."""
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def _texts(value: Any) -> list[str]:  # noqa: ANN401 (whatever a document holds)
    """Return the texts of a list, or of a single one."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_first, values) if text]
