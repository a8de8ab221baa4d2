"""Reports of a validation as text, as JSON and as annotations of GitHub Actions: pure, the caller prints."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from retold.findings import Finding, Issues, shown
from retold.report import LeftOut, Report

_NAMED = 3  # files that are named where they keep checks from running


def severities(report: Report, issues: Issues) -> Counter[str]:
    """Count the findings by severity."""
    return Counter(issues[found.code].severity for found in report.findings)


def text(report: Report, issues: Issues) -> Iterator[str]:
    """Yield the lines of the report for people: a finding a line, checks left out, a summary."""
    for found in report.findings:
        issue = issues[found.code]
        item = f"{shown(found.item)}: " if found.item else ""
        label = f"{issue.severity} [{issue.level} {issue.code}]"
        yield f"{_place(found)}: {label} {item}{issue.describe(found)}"
    if report.left_out:
        yield "Checks left out, because files that they read have errors of a level below:"
        yield from (f"  {line}" for line in _left_out(report.left_out))
    yield summary(report, issues)


def summary(report: Report, issues: Issues) -> str:
    """Return the last line of the text report."""
    counts = severities(report, issues)
    parts = [f"{_count(counts['error'], 'error')}, {_count(counts['warning'], 'warning')}"]
    if report.left_out:
        parts.append(f"{_count(len(report.left_out), 'check')} left out")
    return f"{_count(report.articles, 'article')}: {', '.join(parts)}."


def as_json(report: Report, issues: Issues) -> Iterator[str]:
    """Yield one JSON document.

    ``findings``: objects of ``path``, ``line``, ``column`` (from 1; null where there is no place),
    ``pointer`` (a JSON Pointer, null where there is none), ``severity``, ``level``, ``code``, ``item``,
    ``message``, ``remedy``. ``left_out``: ``level``, ``check``, ``files``. ``summary``: ``articles``,
    ``errors``, ``warnings``, ``left_out``.
    """
    counts = severities(report, issues)
    document = {
        "findings": [_json_finding(found, issues) for found in report.findings],
        "left_out": [
            {"level": entry.level, "check": entry.check, "files": list(entry.files)}
            for entry in report.left_out
        ],
        "summary": {
            "articles": report.articles,
            "errors": counts["error"],
            "warnings": counts["warning"],
            "left_out": len(report.left_out),
        },
    }
    yield json.dumps(document, indent=2)


def github(report: Report, issues: Issues) -> Iterator[str]:
    """Yield workflow commands that show the findings beside the lines of a pull request."""
    for found in report.findings:
        issue = issues[found.code]
        line, column = found.position or (1, 1)
        place = f"file={_property(shown(found.path))},line={line},col={column}"
        title = _property(f"{issue.level} {issue.code}")
        item = f"{shown(found.item)}: " if found.item else ""
        message = _data(f"{item}{issue.describe(found)}")
        yield f"::{issue.severity} {place},title={title}::{message}"
    yield from (f"::notice title=checks left out::{_data(line)}" for line in _left_out(report.left_out))
    yield summary(report, issues)


REPORTERS: Mapping[str, Callable[[Report, Issues], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "github": github,
}


def _json_finding(found: Finding, issues: Issues) -> dict[str, object]:
    issue = issues[found.code]
    line, column = found.position or (None, None)
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in found.pointer)
    return {
        "path": found.path,
        "line": line,
        "column": column,
        "pointer": "".join(f"/{step}" for step in steps) if found.pointer else None,
        "severity": issue.severity,
        "level": issue.level,
        "code": issue.code,
        "item": found.item,
        "message": issue.message_for(found),
        "remedy": issue.remedy,
    }


def _place(found: Finding) -> str:
    path = shown(found.path)
    return f"{path}:{found.position[0]}:{found.position[1]}" if found.position else path


def _left_out(entries: Iterable[LeftOut]) -> Iterator[str]:
    """Yield a line for each set of files, with the names of all checks that they keep from running."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry in entries:
        groups[entry.files].append(f"{entry.level} {entry.check}")
    for files, checks in groups.items():
        more = len(files) - _NAMED
        named = ", ".join(shown(path) for path in files[:_NAMED])
        yield f"{named}{f' and {more} more' if more > 0 else ''}: {', '.join(checks)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
