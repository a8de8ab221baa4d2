"""Retold: one news story retold by several articles, annotated, checked and compiled into tables.

Importing the package is cheap; what needs pyarrow or datasets is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retold.benchmark.api import score
    from retold.loading import load, table

__all__ = ["load", "score", "table"]

_MODULES = {"load": "retold.loading", "score": "retold.benchmark.api", "table": "retold.loading"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (PEP 562)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib  # noqa: PLC0415 (only who asks pays)

    return getattr(importlib.import_module(_MODULES[name]), name)
