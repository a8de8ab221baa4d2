"""Puts the compiled corpus and the schemas into the wheel, as ``retold/_data``.

Editable installs are left alone: there the package finds both in the repository.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = "retold/_data"


class DataHook(BuildHookInterface[Any]):
    """Adds the files that ``build/manifest.json`` lists, the manifest, and ``schema/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; refuse to build a wheel without tables."""
        if version == "editable":
            return
        root = Path(self.root)
        included = build_data["force_include"]
        for path in compiled_files(root):
            included[str(root / path)] = f"{DATA}/{path}"
        included[str(root / "schema")] = f"{DATA}/schema"


def compiled_files(root: Path) -> list[str]:
    """Return the manifest and the tables that it lists, relative to the repository.

    Raises:
        RuntimeError: The corpus is not compiled, or not wholly.
    """
    manifest = root / "build" / "manifest.json"
    if not manifest.is_file():
        raise RuntimeError("build/ holds no compiled corpus: run `retold build` before building a wheel")
    configs = json.loads(manifest.read_text(encoding="utf-8"))["configs"]
    tables = [
        f"build/{file['path']}"
        for config in configs.values()
        for split in config["splits"].values()
        for file in split["files"]
    ]
    missing = [path for path in tables if not (root / path).is_file()]
    if missing or not tables:
        raise RuntimeError(f"build/ lacks tables that its manifest lists ({missing}): run `retold build`")
    return ["build/manifest.json", *tables]
