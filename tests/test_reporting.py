from __future__ import annotations

import json

import pytest

from invalid_cases import FIXTURES, apply
from retold.cli import main
from retold.findings import Finding, Issue, finding, shown
from retold.report import LeftOut, Report
from retold.reporting import REPORTERS, github, text

QUOTES = "annotations/dam-stays-shut/quotes.json"
CLAIMS = "annotations/sudria-protests/claims.json"
BROKEN = [
    {"file": QUOTES, "op": "replace", "at": "/quotes/1/cue/0/text", "value": "adds"},
    {"file": CLAIMS, "op": "remove", "at": "/claims/3"},
    {"file": CLAIMS, "op": "replace", "at": "/sentences/5/checkability", "value": "checkable"},
    {"file": "annotations/splits.json", "op": "delete"},
]
HOSTILE = "a%b\n::error::x,y:z\x1b[31m\u202e"
ISSUE = Issue("code", "L1", "error", "says {what}.", "Do it.")


@pytest.mark.parametrize("form", sorted(REPORTERS))
def test_golden_report(form, tiny, capsys, update_golden):
    for edit in BROKEN:
        apply(tiny, edit)
    assert main(["validate", "--root", str(tiny), "--format", form]) == 1
    report = capsys.readouterr().out
    golden = FIXTURES / "reports" / f"report.{form}"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(report, encoding="utf-8")
    hint = "if this is right, regenerate: pytest tests/test_reporting.py --update-golden"
    assert report == golden.read_text(encoding="utf-8"), hint


def report_of(*findings: Finding, left_out: tuple[LeftOut, ...] = ()) -> Report:
    return Report(findings, left_out, 1)


def test_json_report_is_documented_shape(tiny, capsys):
    assert main(["validate", "--root", str(tiny), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {
        "findings": [],
        "left_out": [],
        "summary": {"articles": 3, "errors": 0, "warnings": 0, "left_out": 0},
    }


def test_hostile_values_stay_on_one_line_and_cannot_reach_the_terminal():
    lines = list(text(report_of(finding("code", HOSTILE, (), HOSTILE, what=HOSTILE)), {"code": ISSUE}))
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
    assert "\\x1b[31m\\u202e" in lines[0]


def test_github_escapes_what_would_end_a_command():
    line, _ = github(
        report_of(finding("code", "a,b:c%.json", (), None, (3, 7), what=HOSTILE)), {"code": ISSUE}
    )
    assert line.startswith("::error file=a%2Cb%3Ac%25.json,line=3,col=7,title=L1 code::says a%25b")
    assert line.isprintable()


def test_long_values_are_cut():
    assert len(shown("x" * 10_000)) < 200


def test_left_out_checks_name_a_few_files():
    left_out = LeftOut("L4", "speakers", tuple(f"{name}.json" for name in "abcde"))
    lines = list(text(report_of(left_out=(left_out,)), {}))
    assert lines[1] == "  a.json, b.json, c.json and 2 more: L4 speakers"
    assert lines[-1] == "1 article: 0 errors, 0 warnings, 1 check left out."
