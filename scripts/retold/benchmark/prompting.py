"""The prompts of the tasks, and how a language model's answer is read.

A prompt is a file of ``prompts/``. Its fields stand in braces (``{text}``); other braces are JSON, so that
``str.format`` will not do. All prompts have one version: scores under two versions are two scores.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from retold.schemas import MAX_DEPTH, Schemas

PROMPT_VERSION = 1
FOLDER = Path(__file__).resolve().parent / "prompts"

_FIELD = re.compile(r"\{([a-z_]+)\}")
_WORDS = re.compile(r"\w+")

Json = dict[str, Any]


def load(name: str) -> str:
    """Return a prompt with its fields, by the name of its task.

    Raises:
        KeyError: There is no such prompt.
    """
    path = FOLDER / f"{name}.md"
    if name == "README" or not path.is_file():
        raise KeyError(name)
    return path.read_text(encoding="utf-8").rstrip("\n")


def fill(prompt: str, fields: Mapping[str, str]) -> str:
    """Put values into a prompt, in one pass: braces in a value are left alone.

    Raises:
        KeyError: A field of the prompt has no value.
    """
    return _FIELD.sub(lambda match: fields[match[1]], prompt)


def parse(task: str, answer: str, record: Json, schemas: Schemas) -> Json | None:
    """Return the line of a prediction file that an answer gives, ``None`` if it gives none.

    It is the last JSON object in the answer that the task's schema accepts, whatever stands around it (a
    fence of code, chatter, a draft). Before it is judged, blank strings in lists are left out, and offsets,
    which no prompt asks for, where they do not lead to the words beside them.

    Args:
        task: A task that is answered with JSON, about an article.
        answer: What the model said.
        record: What it was asked about, a record of ``retold inputs``.
        schemas: The schemas.
    """
    lines = (_line(document, record) for document in _objects(answer))
    accepted = [line for line in lines if schemas.accepts(f"predictions/{task}", line)]
    return accepted[-1] if accepted else None


def chosen(answer: str, choices: Sequence[str]) -> str | None:
    """Return the choice that an answer names, ``None`` if it names none or several.

    Where the whole answer names several, its last line counts. Case, punctuation and underscores do not
    matter. A choice inside the words of a longer one is not named by them.
    """
    lines = answer.strip().splitlines()
    for part in (answer, *lines[-1:]):
        named = _named(part, choices)
        if len(named) == 1:
            return named[0]
    return None


def _named(answer: str, choices: Sequence[str]) -> list[str]:
    rest, named = _plain(answer), []
    for choice in sorted(choices, key=len, reverse=True):
        words = _plain(choice)
        if words in rest:
            named.append(choice)
            rest = rest.replace(words, " | ")
    return named


def _plain(text: str) -> str:
    return f" {' '.join(_WORDS.findall(text.casefold().replace('_', ' ')))} "


def _objects(answer: str) -> Iterator[Json]:
    """Yield the JSON objects in a text that stand in no other one."""
    decoder = json.JSONDecoder()
    at = answer.find("{")
    while at >= 0:
        try:
            end = decoder.raw_decode(answer, at)[1]
            # json knows where an object ends; orjson also refuses what is no JSON, such as NaN.
            document = orjson.loads(answer[at:end])
        except (ValueError, RecursionError):
            at = answer.find("{", at + 1)
            continue
        yield document
        at = answer.find("{", end)


def _line(document: Json, record: Json) -> Json:
    # What the answer says about the text that was read is not asked for, and may be wrong.
    kept = {key: value for key, value in document.items() if key != "article_sha256"}
    return {**_tidied(kept, record["text"]), "article": record["article"]}


def _tidied(value: Any, text: str, depth: int = 0) -> Any:  # noqa: ANN401 (any JSON value)
    if depth > MAX_DEPTH:  # no schema here accepts anything that is nested so
        return None
    if isinstance(value, list):
        return [_tidied(member, text, depth + 1) for member in value if not _is_blank(member)]
    if not isinstance(value, dict):
        return value
    kept = value if _is_placed(value, text) else {k: v for k, v in value.items() if k not in {"start", "end"}}
    return {key: _tidied(member, text, depth + 1) for key, member in kept.items()}


def _is_blank(value: object) -> bool:
    words = value.get("text") if isinstance(value, dict) else value
    return isinstance(words, str) and not words.strip()


def _is_placed(item: Json, text: str) -> bool:
    start, end = item.get("start"), item.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return False
    return text[start:end] == item.get("text")
