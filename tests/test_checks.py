"""Every code has one failing example, and finds just what it should."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from invalid_cases import INVALID, TINY, apply
from retold import checks
from retold.checks.inputs import Check
from retold.cli import main
from retold.findings import LEVELS, read_issues

SOURCES = Path(checks.__file__).parent
EMITTERS = sorted([*SOURCES.glob("*.py"), SOURCES.parent / "anchoring.py", SOURCES.parent / "validation.py"])
CASES = sorted(path.name for path in INVALID.iterdir())
ISSUES = read_issues()


def emitted_codes() -> dict[str, set[str]]:
    """Every string constant of the checks that has the form of a known code, or is the code of a finding."""
    found: dict[str, set[str]] = {}
    for path in EMITTERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                value = node.value
                if value in ISSUES or re.fullmatch(r"[a-z]+(-[a-z]+)+", value):
                    found.setdefault(value, set()).add(path.name)
    return found


def test_codes_in_list_checks_and_examples_are_the_same():
    # registry-… are kinds of files
    emitted = {code for code in emitted_codes() if not code.startswith("registry-")}
    # the codes of unknown references are handed on through a helper, under their prefix
    emitted -= {"unknown-"}
    assert emitted == set(ISSUES) == set(CASES)


@pytest.mark.parametrize("path", EMITTERS, ids=lambda path: path.name)
def test_docstrings_name_the_codes(path):
    """What the ``Issues:`` sections of a module promise is what the module emits."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            match = re.search(r"Issues: ([^.]*)\.", ast.get_docstring(node) or "")
            documented |= set(re.split(r",\s*", match[1])) if match else set()
    emitted = {code for code, modules in emitted_codes().items() if path.name in modules and code in ISSUES}
    if "checks" in path.parts and path.name not in ("__init__.py", "inputs.py"):
        assert documented == emitted


def test_messages_and_remedies_are_sentences():
    for issue in ISSUES.values():
        assert issue.message.endswith("."), issue.code
        assert issue.remedy[0].isupper(), issue.code
        assert issue.remedy.endswith("."), issue.code
        assert "{" not in issue.remedy, "only messages have placeholders"


def test_checks_are_of_known_levels_and_named():
    every: list[Check] = [*checks.ARTICLE_CHECKS, *checks.REGISTRY_CHECKS, *checks.CORPUS_CHECKS]
    assert {check.level for check in every} == set(LEVELS[2:])
    assert all(check.reads for check in every)


@pytest.mark.parametrize("code", CASES)
def test_failing_example(code, tiny, capsys, update_golden):
    path = INVALID / code / "expected.json"
    case = json.loads(path.read_text(encoding="utf-8"))
    for edit in case["edits"]:
        apply(tiny, edit)
    exit_code = main([*case["command"].split(), "--root", str(tiny), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    keys = ("code", "path", "line", "column", "item")
    found = [{key: finding[key] for key in keys} for finding in report["findings"]]
    if update_golden:
        case["findings"] = found
        path.write_text(json.dumps(case, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    hint = "if this is right, regenerate: pytest tests/test_checks.py --update-golden"
    assert found == case["findings"], hint
    assert code in {finding["code"] for finding in found}
    assert exit_code == (1 if any(ISSUES[finding["code"]].severity == "error" for finding in found) else 0)
    for finding in report["findings"]:  # every placeholder is filled in
        assert "{" not in finding["message"].replace("'{'", "")
        assert finding["level"] == ISSUES[finding["code"]].level


def test_the_valid_corpus_is_clean(capsys):
    assert main(["validate", "--root", str(TINY)]) == 0
    assert capsys.readouterr().out == "3 articles: 0 errors, 0 warnings.\n"
