"""L1 and L2: what lies where, bytes to JSON, JSON against its schema."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Error = tuple[str, str, str]
Errors = Iterator[Error]
Validate = Callable[[str, Json], list[str]]

LAYERS = ("segments", "quotes", "entities", "claims", "topics", "repairs")
REGISTRIES = ("entities", "utterances", "claims", "topics")
NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
KNOWN = re.compile(
    rf"raw/(SHA256SUMS|README\.md|{NAME}\.(txt|json))"
    rf"|annotations/(README\.md|splits\.json|_guidelines/.+|_registry/({'|'.join(REGISTRIES)})\.json"
    rf"|{NAME}/({'|'.join(LAYERS)})\.json)"
)
OF_RAW = re.compile(rf"raw/({NAME})\.(txt|json)")
OF_ANNOTATIONS = re.compile(rf"annotations/({NAME})/[^/]+")


@dataclass
class Article:
    """A text and its documents, by kind."""

    id: str
    text: str
    sha256: str
    documents: dict[str, Json] = field(default_factory=dict)


@dataclass
class Corpus:
    """All of a corpus in memory; ``vocabulary`` are the Media Topics by code, ``used`` what passes name."""

    articles: dict[str, Article]
    registries: dict[str, Json]
    splits: Json
    vocabulary: dict[str, Json]
    passes: set[str]
    used: dict[str, set[str]]

    def entries(self, registry: str) -> dict[str, Json]:
        """Return the entries of a registry by id."""
        key = "code" if registry == "topics" else "id"
        return {item[key]: item for item in self.registries[registry][registry]}


def list_files(root: Path) -> set[str]:
    """Return the files under raw and annotations but for hidden ones and the passes."""
    listed = set()
    for top in ("raw", "annotations"):
        for folder, folders, names in os.walk(root / top):
            folders[:] = [name for name in folders if not name.startswith(".") and name != "_passes"]
            place = Path(folder).relative_to(root).as_posix()
            listed |= {f"{place}/{name}" for name in names if not name.startswith(".")}
    return listed


def check_names(listed: set[str]) -> Errors:
    for path in sorted(listed):
        if not KNOWN.fullmatch(path):
            yield "unknown-file", path, "no file of this name belongs here"
        elif path in ("raw/article.txt", "raw/article.json"):
            yield "reserved-article-id", path, "this id is reserved"
    raw = {match[1] for path in listed if (match := OF_RAW.fullmatch(path))}
    texts = {article for article in raw if f"raw/{article}.txt" in listed}
    annotated = {match[1] for path in listed if (match := OF_ANNOTATIONS.fullmatch(path))}
    required = {"raw/SHA256SUMS", "annotations/splits.json"}
    required |= {f"annotations/_registry/{name}.json" for name in REGISTRIES}
    required |= {f"raw/{article}.json" for article in texts}
    required |= {f"annotations/{article}/{layer}.json" for article in annotated for layer in LAYERS}
    for path in sorted(required - listed):
        yield "missing-file", path, "the file is missing"
    for article in sorted(texts - annotated):
        yield "missing-annotation", f"annotations/{article}", "the article has no annotation"
    for article in sorted((raw | annotated) - texts):
        yield "missing-text", f"raw/{article}.txt", "the text is missing"


def check_sums(listed: str, found: dict[str, str]) -> Errors:
    seen = set()
    for line in listed.splitlines():
        match = re.fullmatch(r"([0-9a-f]{64}) [ *]([^/]+)", line)
        if not match:
            yield "checksum-form", "raw/SHA256SUMS", f"{line!r} is no line of sha256sum"
            continue
        expected, name = match.groups()
        if name in seen or name not in found:
            yield "checksum-extra", "raw/SHA256SUMS", f"{name} is listed twice or is no text"
        elif found[name] != expected:
            yield "checksum-mismatch", f"raw/{name}", "the text is not the one that is listed"
        seen.add(name)
    for name in sorted(set(found) - seen):
        yield "checksum-missing", "raw/SHA256SUMS", f"{name} is not listed"


def parse(path: str, data: bytes) -> tuple[Json, list[Error]]:
    """Parse JSON strictly: no key twice, no number but integers."""
    errors: list[Error] = []

    def unique(pairs: list[tuple[str, Any]]) -> Json:
        document = dict(pairs)
        if len(document) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            repeated = (counts - Counter(document.keys())).elements()
            errors.extend(("duplicate-key", path, f"{key} stands here twice") for key in repeated)
        return document

    def number(token: str) -> float:
        errors.append(("number-form", path, f"{token} is no plain integer"))
        return 0.0

    def constant(token: str) -> None:
        raise ValueError(f"{token} is no JSON")

    document: Json = {}
    try:
        text = data.decode("utf-8")
        document = json.loads(text, object_pairs_hook=unique, parse_float=number, parse_constant=constant)
        if "\\u" in text:
            json.dumps(document, ensure_ascii=False).encode("utf-8")  # no half of a surrogate pair
    except (ValueError, RecursionError) as error:
        errors.append((code_of(error, data), path, str(error)))
    return document, errors


def code_of(error: Exception, data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "byte-order-mark"
    return "not-utf8" if isinstance(error, UnicodeDecodeError) else "invalid-json"


def read_files(root: Path, listed: set[str]) -> tuple[dict[str, bytes], list[Error]]:
    data: dict[str, bytes] = {}
    errors: list[Error] = []
    for path in sorted(listed):
        try:
            data[path] = (root / path).read_bytes()
        except OSError as error:
            errors.append(("unreadable-file", path, str(error)))
    return data, errors


def make_articles(data: dict[str, bytes]) -> tuple[dict[str, Article], list[Error]]:
    """Return the articles without their documents."""
    articles: dict[str, Article] = {}
    errors: list[Error] = []
    for path in (path for path in data if path.startswith("raw/") and path.endswith(".txt")):
        try:
            text = data[path].decode("utf-8")
        except UnicodeDecodeError as error:
            errors.append(("not-utf8", path, str(error)))
            text = ""
        name = path.removeprefix("raw/").removesuffix(".txt")
        articles[name] = Article(name, text, hashlib.sha256(data[path]).hexdigest())
    return articles, errors


def read_corpus(root: Path, schema: Path, validate: Validate) -> tuple[Corpus | None, list[Error]]:
    """Read a corpus; ``None`` if anything is wrong with its files or their form."""
    listed = list_files(root)
    data, unreadable = read_files(root, listed)
    articles, wrong = make_articles(data)
    errors = [*check_names(listed), *unreadable, *wrong]
    if "raw/SHA256SUMS" in data:
        sums = {f"{article.id}.txt": article.sha256 for article in articles.values()}
        errors += check_sums(data["raw/SHA256SUMS"].decode("utf-8", "replace"), sums)
    kinds = {path: kind for path in data if KNOWN.fullmatch(path) and (kind := kind_of(path))}
    documents = {}
    for path in kinds:
        documents[path], wrong = parse(path, data[path])
        errors += wrong
    if not errors:
        for path, document in documents.items():
            errors += (("schema-violation", path, words) for words in validate(kinds[path], document))
    return (None, errors) if errors else (make_corpus(root, schema, articles, documents), [])


def make_corpus(root: Path, schema: Path, articles: dict[str, Article], documents: dict[str, Json]) -> Corpus:
    for article in articles.values():
        article.documents["metadata"] = documents[f"raw/{article.id}.json"]
        for layer in LAYERS:
            article.documents[layer] = documents[f"annotations/{article.id}/{layer}.json"]
    topics = json.loads((schema / "vocab" / "mediatopics.json").read_bytes())["topics"]
    passes = [path for path in sorted(root.glob("annotations/_passes/*")) if is_pass(path)]
    return Corpus(
        articles=articles,
        registries={name: documents[f"annotations/_registry/{name}.json"] for name in REGISTRIES},
        splits=documents["annotations/splits.json"],
        vocabulary={topic["code"]: topic for topic in topics},
        passes={path.name for path in passes},
        used=uses(layers for path in passes for layers in read_pass(path)),
    )


def kind_of(path: str) -> str | None:
    """Return the name of the schema that judges a known file."""
    folder, name = path.rsplit("/", 1)
    if not name.endswith(".json") or folder.startswith("annotations/_guidelines"):
        return None
    stem = name.removesuffix(".json")
    if folder == "raw":
        return "metadata"
    return f"registry-{stem}" if folder == "annotations/_registry" else stem


def is_pass(path: Path) -> bool:
    return path.is_dir() and path.name[0] not in "_." and path.name != "audit"


def read_pass(path: Path) -> Iterator[dict[str, Json]]:
    """Yield the layers of each article of an independent pass; its own checks are left out."""
    for folder in sorted(path.iterdir()):
        if folder.is_dir() and folder.name[0] not in "_.":
            yield {file.stem: json.loads(file.read_bytes()) for file in folder.glob("*.json")}


def uses(articles: Iterable[dict[str, Json]]) -> dict[str, set[str]]:
    """Return which entries of each registry the layers of articles refer to."""
    used: dict[str, set[str]] = {name: set() for name in REGISTRIES}
    for layers in articles:
        for quote in layers.get("quotes", {}).get("quotes", ()):
            used["entities"].add(quote["speaker"])
            used["utterances"].update(link["utterance"] for link in quote["utterances"])
        for mention in layers.get("entities", {}).get("mentions", ()):
            used["entities"] |= {mention["entity"], mention["metonym_of"]}
        for claim in layers.get("claims", {}).get("claims", ()):
            used["entities"].add(claim["claimant"])
            used["claims"].add(claim["canonical"])
        topics = layers.get("topics", {"article_topics": {}, "block_topics": ()})
        for ranked in topics["article_topics"].values():
            used["topics"].update(topic["topic"] for topic in ranked)
        for entry in topics["block_topics"]:
            used["topics"].update(entry["topics"])
    return used
