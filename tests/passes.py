"""Passes for tests: the gold of a corpus, copied, with seeded changes of the kinds that annotators make."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

from retold.layout import LAYERS, Layout

QUOTE_LABELS = {"polarity": ("positive", "negative"), "scope": ("core", "wide")}
CLAIM_LABELS = {
    "category": ("event_or_state", "quantity", "causation"),
    "certainty": ("certain", "probable", "possible"),
}


def make_pass(root: Path, name: str, seed: int | None = None, *, registries: bool = True) -> Path:
    """Copy the gold to the pass ``name`` and return its folder; with a seed, change about a tenth of it.

    Ids of items are made anew, so that nothing can be matched by them.
    """
    layout = Layout(root)
    folder = layout.annotations / "_passes" / name
    articles = [path.name for path in layout.article_folders()]
    for article in articles:
        shutil.copytree(layout.annotations / article, folder / article)
    if registries:
        (folder / "_registry").mkdir()
        for registry in ("claims", "utterances"):
            shutil.copy(layout.registry(registry), folder / "_registry" / f"{registry}.json")
    if seed is not None:
        chance = random.Random(seed)
        for article in articles:
            documents = {
                layer: json.loads((folder / article / f"{layer}.json").read_text("utf-8")) for layer in LAYERS
            }
            _change(documents, chance, registries=registries)
            for layer, document in documents.items():
                text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
                (folder / article / f"{layer}.json").write_text(text, encoding="utf-8")
    return folder


def _change(documents: dict[str, Any], chance: random.Random, *, registries: bool) -> None:
    quotes, mentions = documents["quotes"]["quotes"], documents["entities"]["mentions"]
    claims = documents["claims"]["claims"]
    kept = [quote for quote in quotes if chance.random() > 0.1 or quote["parent"]]
    gone = {quote["id"] for quote in quotes} - {quote["id"] for quote in kept}
    for quote in kept:
        quote["parent"] = None if quote["parent"] in gone else quote["parent"]
        _relabel(quote, QUOTE_LABELS, chance)
    for claim in claims:
        claim["quote"] = None if claim["quote"] in gone else claim["quote"]
        _relabel(claim, CLAIM_LABELS, chance)
        if not registries:
            claim["canonical"] = None
    quotes[:] = kept
    mentions[:] = [mention for mention in mentions if chance.random() > 0.1]
    claims[:] = [claim for claim in claims if chance.random() > 0.1]
    if not registries:
        for quote in quotes:
            quote["utterances"] = []
    for sentence in documents["claims"]["sentences"]:
        if sentence["checkability"] != "none" and chance.random() < 0.2:
            sentence["checkability"] = "vague"
    _rename(documents)


def _relabel(item: dict[str, Any], labels: dict[str, tuple[str, ...]], chance: random.Random) -> None:
    for field, values in labels.items():
        if chance.random() < 0.1:
            item[field] = chance.choice(values)


def _rename(documents: dict[str, Any]) -> None:
    """Number quotes, mentions and claims anew, from 501."""
    article = documents["quotes"]["article"]
    new = {}
    for layer, letter in (("quotes", "q"), ("entities", "m"), ("claims", "c")):
        items = documents[layer]["mentions" if layer == "entities" else layer]
        for number, item in enumerate(items, 501):
            new[item["id"]] = item["id"] = f"{article}-{letter}{number}"
    for quote in documents["quotes"]["quotes"]:
        quote["parent"] = new.get(quote["parent"])
    for claim in documents["claims"]["claims"]:
        claim["quote"] = new.get(claim["quote"])
