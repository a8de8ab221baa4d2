"""The judgement of each kind of difference between a tool and the gold, and its tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from retold.audit.differences import Groups, Pattern, Reading

VERDICTS = ("tool", "gold", "convention")
KINDS = ("label", "bounds", "tool only", "gold only")
HEADING = "<!-- retold:tally -->"
FOOTING = "<!-- /retold:tally -->"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who errs: the ``tool``, the ``gold``, or neither, by ``convention``; ``None`` while undecided."""

    verdict: str | None
    why: str | None


UNDECIDED = Verdict(None, None)


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of difference with its places (``article:start-end``) and what was decided of it."""

    pattern: Pattern
    places: tuple[str, ...]
    verdict: Verdict


def judged(groups: Groups, known: Mapping[Pattern, Verdict]) -> tuple[Group, ...]:
    """Return the groups with the verdicts that are known of them, by kind, then by words and labels."""
    made = (Group(pattern, places, known.get(pattern, UNDECIDED)) for pattern, places in groups.items())
    return tuple(sorted(made, key=lambda group: _order(group.pattern)))


def undecided(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Return the groups that await a verdict."""
    return tuple(group for group in groups if group.verdict.verdict is None)


def parse_verdicts(document: Any) -> tuple[Group, ...]:  # noqa: ANN401 (parsed JSON)
    """Return the groups of a ``spacy.json``.

    Raises:
        ValueError: The document has not the form that ``as_document`` writes; the message says where.
    """
    if not isinstance(document, dict) or not isinstance(document.get("groups"), list):
        raise ValueError('an object with the list "groups" is expected')
    groups = []
    for number, item in enumerate(document["groups"], 1):
        try:
            verdict = Verdict(item["verdict"], item["why"])
            pattern = Pattern(_parse_reading(item["tool"]), _parse_reading(item["gold"]))
            group = Group(pattern, tuple(item["places"]), verdict)
        except (KeyError, TypeError) as error:
            raise ValueError(f"entry {number} of groups: {type(error).__name__} {error}") from error
        if verdict.verdict not in (None, *VERDICTS) or (verdict.verdict is not None and not verdict.why):
            raise ValueError(f"entry {number} of groups: a verdict is {', '.join(VERDICTS)}, with its reason")
        groups.append(group)
    return tuple(groups)


def as_document(tool: str, model: str, groups: tuple[Group, ...]) -> Json:
    """Return the document that keeps the groups, with the tool that made them."""
    return {"tool": tool, "model": model, "groups": [_entry(group) for group in groups]}


def tally(groups: tuple[Group, ...]) -> Iterator[str]:
    """Yield a Markdown table: places (and kinds of them) by sort of difference and verdict."""
    places: Counter[tuple[str, str]] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    for group in groups:
        for row in (group.pattern.kind, "all"):
            for column in (group.verdict.verdict or "undecided", "all"):
                places[row, column] += len(group.places)
                kinds[row, column] += 1
    columns = (*VERDICTS, "undecided", "all")
    yield f"| difference | {' | '.join(columns)} |"
    yield f"|---|{'---|' * len(columns)}"
    for row in (*KINDS, "all"):
        cells = (f"{places[row, column]} ({kinds[row, column]})" for column in columns)
        yield f"| {row} | {' | '.join(cells)} |"


def with_tally(readme: str, groups: tuple[Group, ...]) -> str:
    """Return a README whose part between the marks is the tally.

    Raises:
        ValueError: The marks are not there.
    """
    before, heading, rest = readme.partition(HEADING)
    _, footing, after = rest.partition(FOOTING)
    if not (heading and footing):
        raise ValueError(f"no {HEADING} … {FOOTING} to write the tally between")
    table = "\n".join(tally(groups))
    return f"{before}{heading}\n{table}\n{footing}{after}"


def _entry(group: Group) -> Json:
    return {
        "tool": _as_json(group.pattern.tool),
        "gold": _as_json(group.pattern.gold),
        "verdict": group.verdict.verdict,
        "why": group.verdict.why,
        "places": list(group.places),
    }


def _as_json(reading: Reading | None) -> Json | None:
    return {"words": reading.words, "label": reading.label} if reading else None


def _parse_reading(item: Json | None) -> Reading | None:
    return Reading(item["words"], item["label"]) if item is not None else None


def _order(pattern: Pattern) -> tuple[int, str, str, str, str]:
    tool, gold = (side or Reading("", "") for side in (pattern.tool, pattern.gold))
    return KINDS.index(pattern.kind), tool.words.casefold(), tool.label, gold.words.casefold(), gold.label
