from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from invalid_cases import TINY


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write expected outputs anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A fresh copy of the tiny corpus."""
    root = tmp_path / "corpus"
    shutil.copytree(TINY, root)
    return root
