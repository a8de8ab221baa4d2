"""The generated parts of ``README.md``, the dataset card: its ``configs:`` and its marked regions.

Everything else of the card is its author's and is kept byte for byte. Regions stand between
``<!-- retold:NAME -->`` and ``<!-- /retold:NAME -->``: ``columns`` (configs and their columns),
``example`` (a row of ``quotes``) and ``canary``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from retold.features import Row, type_name
from retold.tables import CONFIG_OF, DEFAULT_CONFIG, Config

Json = dict[str, Any]

_FRONT_MATTER = re.compile(r"\A---\n(?P<yaml>.*?)^---$\n?", re.DOTALL | re.MULTILINE)
_CONFIGS = re.compile(r"^configs:.*\n(?:[ \t-].*\n|\n)*", re.MULTILINE)


def update_card(card: str, manifest: Json, example: Row | None, folder: str = "build") -> str:
    """Return the card with its generated parts renewed.

    Args:
        card: text of the README.
        manifest: of the compiled corpus.
        example: a row of ``quotes`` to show, ``None`` if there is none.
        folder: the compiled folder, relative to the README.
    """
    card = _with_front_matter(card, configs_yaml(manifest, folder))
    card = _with_region(card, "columns", lambda: columns_markdown(manifest))
    if manifest.get("canary"):
        card = _with_region(card, "canary", lambda: f"`{manifest['canary']}`")
    return _with_region(card, "example", lambda: example_markdown(example)) if example else card


def configs_yaml(manifest: Json, folder: str) -> str:
    """Return the ``configs:`` of the front matter.

    ``datasets`` caches a local repository by its front matter, not by its files: the digest in
    ``description`` makes it read a rebuilt corpus anew.
    """
    return "configs:\n" + "".join(
        line + "\n"
        for name, entry in manifest["configs"].items()
        for line in _config_yaml(name, entry, manifest, folder)
    )


def columns_markdown(manifest: Json) -> str:
    """Return the table of configs, then the columns of each."""
    present = [(CONFIG_OF[name], entry) for name, entry in manifest["configs"].items()]
    lines = ["| config | a row is | rows |", "|---|---|---|"]
    for config, entry in present:
        rows = ", ".join(f"{split} {part['rows']:,}" for split, part in entry["splits"].items())
        default = " (default)" if config.name == DEFAULT_CONFIG else ""
        lines.append(f"| `{config.name}`{default} | {config.row_is} | {rows} |")
    for config, _ in present:
        lines += ["", *_config_columns(config)]
    return "\n".join(lines)


def example_markdown(row: Row) -> str:
    """Return a row as JSON, a column a line."""
    values = (f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in row.items())
    return "```json\n{\n" + ",\n".join(values) + "\n}\n```"


def choose_example(rows: Iterable[Row]) -> Row | None:
    """Return the shortest quote that has a speaker and a retold remark, else the shortest one."""

    def preference(row: Row) -> tuple[bool, int, str]:
        telling = bool(row["speaker_id"] and row["utterances"])
        return not telling, len(json.dumps(row)), row["quote_id"]

    return min(rows, key=preference, default=None)


def _config_yaml(name: str, entry: Json, manifest: Json, folder: str) -> Iterator[str]:
    yield f"- config_name: {name}"
    if name == DEFAULT_CONFIG:
        yield "  default: true"
    if manifest["data_version"]:
        yield f"  version: {manifest['data_version']}"
    yield f'  description: "sha256:{entry["digest"]}"'
    yield "  data_files:"
    for split, part in entry["splits"].items():
        yield f"  - split: {split}"
        paths = [f"{folder}/{file['path']}" for file in part["files"]]
        if len(paths) == 1:
            yield f"    path: {paths[0]}"
        else:
            yield "    path:"
            yield from (f"    - {path}" for path in paths)


def _config_columns(config: Config) -> Iterator[str]:
    yield f"<details><summary>Columns of <code>{config.name}</code></summary>"
    yield ""
    yield "| column | type | meaning |"
    yield "|---|---|---|"
    for column in config.columns:
        yield f"| `{column.name}` | {_escaped(type_name(column.feature))} | {_escaped(column.description)} |"
    yield ""
    yield "</details>"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _with_front_matter(card: str, configs: str) -> str:
    front = _FRONT_MATTER.match(card)
    if front is None:
        return f"---\n{configs}---\n{card}"
    yaml = front["yaml"]
    old = _CONFIGS.search(yaml)
    yaml = yaml[: old.start()] + configs + yaml[old.end() :] if old else yaml + configs
    return f"---\n{yaml}---\n{card[front.end() :]}"


def _with_region(card: str, name: str, content: Callable[[], str]) -> str:
    begin, end = f"<!-- retold:{name} -->", f"<!-- /retold:{name} -->"
    before, found, rest = card.partition(begin)
    _, closed, after = rest.partition(end)
    return f"{before}{begin}\n{content()}\n{end}{after}" if found and closed else card
