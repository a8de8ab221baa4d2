"""The files of the page, made from its data and the assets of this package; nothing is written here."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from html import escape
from importlib import resources

from retold.documents import json_text
from retold.site.jsontools import Json, data_script

RECORD = "site.json"
STYLES = ("style.css", "layers.css", "views.css")
# In the order in which they are loaded: each adds to what those before it made.
SCRIPTS = (
    "base.js",
    "store.js",
    "wording.js",
    "spans.js",
    "text.js",
    "ties.js",
    "cards.js",
    "cards-shared.js",
    "start.js",
    "read.js",
    "compare.js",
    "matrix.js",
    "claim.js",
    "find.js",
    "benchmark.js",
    "mistakes.js",
    "numbers.js",
    "router.js",
)
DATA = "data.js"


def site_files(data: Json, digest: str, plots: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the site, by name.

    Args:
        data: What the page shows.
        digest: Digest of the compiled tables; recorded in ``site.json`` with a checksum of each file.
        plots: The plots that the data name, by that name.
    """
    texts = {
        "index.html": _index(data["about"]["name"]),
        DATA: data_script(data),
        **{name: asset(name) for name in (*STYLES, *SCRIPTS)},
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()} | dict(plots)
    record = {
        "data_digest": digest,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return {**files, RECORD: json_text(record).encode("utf-8")}


def asset(name: str) -> str:
    """Return the text of a file of ``assets/``."""
    return resources.files("retold.site").joinpath("assets", name).read_text(encoding="utf-8")


def _index(name: str) -> str:
    styles = "\n".join(f'<link rel="stylesheet" href="{style}">' for style in STYLES)
    scripts = "\n".join(f'<script src="{script}"></script>' for script in (DATA, *SCRIPTS))
    template = string.Template(asset("index.html"))
    return template.substitute(name=escape(name), styles=styles, scripts=scripts)
