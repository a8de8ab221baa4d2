"""Label Studio: tasks with the annotation as a completed one, and the labelling configuration.

``tasks.json`` is imported into a project set up with ``config.xml``; what the project exports as JSON is read
back. Offsets are code points on both sides (Label Studio counts them so since its pull request 1559).

labelstud.io/guide/tasks, labelstud.io/guide/export: the forms of tasks and results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from retold.documents import write_json
from retold.exchange.foreign import convert
from retold.exchange.formats import ExchangeError, Imported, Report
from retold.exchange.items import documents_from, items_of
from retold.exchange.label_studio.config import configuration
from retold.exchange.label_studio.foreign import article_of, nodes_of
from retold.exchange.label_studio.reading import items_from
from retold.exchange.label_studio.regions import parse
from retold.exchange.label_studio.results import result_of
from retold.exchange.layers import documents_of
from retold.layout import LAYERS
from retold.records import Article, Registry
from retold.schemas import Schemas, find_schema_folder

Json = dict[str, Any]

HOLDS = frozenset(LAYERS)
TASKS = "tasks.json"
CONFIGURATION = "config.xml"


def export(articles: Sequence[Article], registry: Registry, out: Path) -> Report:
    """Write ``tasks.json`` and ``config.xml`` into ``out``."""
    schemas = Schemas(find_schema_folder(Path(__file__).parent))
    names = sorted(path.stem for path in (schemas.folder / "vocab").glob("*.json"))
    labels = {name: list(schemas.vocabulary(name)) for name in names if name != "mediatopics"}
    (out / CONFIGURATION).write_text(configuration(registry, labels), encoding="utf-8", newline="\n")
    write_json(out / TASKS, [task_of(article) for article in articles])
    return Report((CONFIGURATION, TASKS))


def task_of(article: Article) -> Json:
    """Return an article as a task with one annotation."""
    data = {
        "article": article.id,
        "sha256": article.sha256,
        "title": article.metadata.title or article.id,
        "text": article.text,
    }
    result = result_of(article.id, article.text, items_of(documents_of(article), LAYERS))
    return {"data": data, "annotations": [{"result": result}]}


def read(path: Path, mapping: Mapping[str, Any] | None) -> Iterator[Imported]:
    """Read a JSON export of a project, or a folder with ``tasks.json``; ``mapping`` is for foreign projects.

    Raises:
        ExchangeError: It is no such export; a task has several annotations, so that one must be chosen.
        OSError: It cannot be read.
    """
    file = path / TASKS if path.is_dir() else path
    try:
        tasks = orjson.loads(file.read_bytes())
    except ValueError as error:
        raise ExchangeError(f"{file}: no JSON: {error}") from error
    if not isinstance(tasks, list):
        raise ExchangeError(f"{file}: no list of tasks. Export the project as JSON")
    for number, task in enumerate(tasks):
        place = f"{file}, task {number}"
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise ExchangeError(
                f"{place}: no data. Export the project as JSON (JSON_MIN leaves out too much)"
            )
        yield _own(task, place) if mapping is None else _foreign(task, place, mapping)


def _own(task: Json, place: str) -> Imported:
    article, text = task["data"].get("article"), task["data"].get("text")
    if not isinstance(article, str) or not isinstance(text, str):
        raise ExchangeError(
            f"{place}: its data has no article and text; retold did not export it. Give a --mapping"
        )
    annotation = _annotation(task, place)
    if annotation is None:
        return Imported(article, text, {}, notices=(f"{article}: no annotation",))
    items, notices = items_from(parse(annotation.get("result"), text, place), article)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    layers, unplaced = documents_from(items, article, sha256, LAYERS)
    return Imported(article, text, layers, notices=(*notices, *unplaced))


def _foreign(task: Json, place: str, mapping: Mapping[str, Any]) -> Imported:
    article, text = article_of(task, place)
    annotation = _annotation(task, place) or {"result": []}
    return convert(article, text, nodes_of(annotation.get("result"), text, place), mapping)


def _annotation(task: Json, place: str) -> Json | None:
    """Return the annotation of a task; of several, the one that is marked as ground truth."""
    found = task.get("annotations", [])
    if not isinstance(found, list) or not all(isinstance(annotation, dict) for annotation in found):
        raise ExchangeError(f"{place}: no list of annotations. Export the project as JSON")
    done = [annotation for annotation in found if not annotation.get("was_cancelled")]
    chosen = [annotation for annotation in done if annotation.get("ground_truth")] or done
    if len(chosen) > 1:
        raise ExchangeError(
            f"{place}: {len(chosen)} annotations. Mark the one to read as ground truth in Label Studio"
        )
    return chosen[0] if chosen else None
