"""The floors of the code: a module imports only from its own floor and those above."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import retold

PACKAGE = Path(retold.__file__).parent
# One floor a line; modules of one floor may import each other. A name stands for the package below it too.
FLOORS = (
    ("frozen", "garbage"),
    ("records", "documents", "escaping"),
    ("cleaning", "carrying"),
    ("layout", "locations"),
    ("source_form", "source_map", "json_lines"),
    ("schemas",),
    ("reader",),
    ("registry_store",),
    ("measures",),
    ("findings",),
    ("left_context", "source_edit", "frame", "anchoring"),
    ("checks",),
    ("report",),
    ("gate",),
    ("line_registries", "line_validation"),
    ("validation", "reporting"),
    ("features", "tokens", "views", "arrow_columns"),
    ("tables",),
    ("row_digest", "parquet", "sink", "journal", "manifest", "card", "croissant"),
    ("engines", "shards", "shard_compiler", "corpus_tables", "corpus_forms"),
    ("compiler", "comparison", "publishing", "remote"),
    ("loading",),
    ("scaffold", "display", "figures", "audit", "agreement"),
    ("plots",),
    ("benchmark", "baselines", "exchange", "site"),
    ("harness",),
    ("cli",),
    ("__main__",),
)
FLOOR = {module: number for number, floor in enumerate(FLOORS) for module in floor}
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py"
)
MAX_LINES = 300


def top(path: Path) -> str:
    """The name by which the table knows a module."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules of the package that a module imports for use, not only for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "retold":
            whole = node.module == "retold"
            found |= {alias.name for alias in node.names} if whole else {node.module.split(".")[1]}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("retold.")}
    return found - set(retold.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_floors(path):
    own = top(path)
    assert own in FLOOR, f"{own} has no floor: add it to FLOORS and say there what it builds on"
    below = {module for module in imported(path) if FLOOR[module] > FLOOR[own]}
    assert not below, f"{own} imports from below: {sorted(below)}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_only_the_command_line_prints():
    printing = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert {name for name in printing if not name.startswith("cli/")} == set()


def test_importing_the_package_is_cheap():
    code = "import sys, retold; print(sorted({m.split('.')[0] for m in sys.modules}))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(result.stdout))
    assert not loaded & {"pyarrow", "datasets", "orjson", "jsonschema_rs", "jsonschema"}


def test_unknown_names_of_the_package():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = retold.nonsense
