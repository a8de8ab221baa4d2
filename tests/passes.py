"""Passes for tests: the gold of a corpus, copied, with seeded changes of the kinds that annotators make."""

from __future__ import annotations

import json
import random
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

    Quotes, mentions and claims get new ids, so that nothing can be matched by them; so do canonical claims
    and utterances, where the pass has its own registries.
    """
    layout = Layout(root)
    folder = layout.annotations / "_passes" / name
    names = _own_names(layout) if registries else None
    chance = None if seed is None else random.Random(seed)
    for path in layout.article_folders():
        documents = {layer: json.loads(layout.layer(path.name, layer).read_text("utf-8")) for layer in LAYERS}
        if chance is not None:
            _change(documents, chance)
        new = _rename(documents)
        _realign(documents, names)
        for layer, document in documents.items():
            _write(folder / path.name / f"{layer}.json", document)
        if names is not None:
            names |= new
    if names is not None:
        _write(folder / "_registry" / "utterances.json", _renamed(layout.registry("utterances"), names))
        _write(folder / "_registry" / "claims.json", _renamed(layout.registry("claims"), names))
    return folder


def _own_names(layout: Layout) -> dict[str, str]:
    """Return new names for the entries of the registries that a pass has of its own."""
    documents = [json.loads(layout.registry(name).read_text("utf-8")) for name in ("claims", "utterances")]
    entries = [*documents[0]["claims"], *documents[1]["utterances"]]
    return {entry["id"]: f"own-{entry['id']}" for entry in entries}


def _renamed(path: Path, names: dict[str, str]) -> Any:
    """Return a registry with the new names wherever an id stands."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(part) for key, part in value.items()}
        if isinstance(value, list):
            return [renamed(part) for part in value]
        return names.get(value, value) if isinstance(value, str) else value

    return renamed(json.loads(path.read_text("utf-8")))


def _realign(documents: dict[str, Any], names: dict[str, str] | None) -> None:
    """Point claims and quotes to the pass's own registries, or to nothing where it has none."""
    for claim in documents["claims"]["claims"]:
        claim["canonical"] = names and names.get(claim["canonical"])
    for quote in documents["quotes"]["quotes"]:
        links = quote["utterances"] if names else []
        quote["utterances"] = [{**link, "utterance": names[link["utterance"]]} for link in links]


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _change(documents: dict[str, Any], chance: random.Random) -> None:
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
    quotes[:] = kept
    mentions[:] = [mention for mention in mentions if chance.random() > 0.1]
    claims[:] = [claim for claim in claims if chance.random() > 0.1]
    for sentence in documents["claims"]["sentences"]:
        if sentence["checkability"] != "none" and chance.random() < 0.2:
            sentence["checkability"] = "vague"


def _relabel(item: dict[str, Any], labels: dict[str, tuple[str, ...]], chance: random.Random) -> None:
    for field, values in labels.items():
        if chance.random() < 0.1:
            item[field] = chance.choice(values)


def _rename(documents: dict[str, Any]) -> dict[str, str]:
    """Number quotes, mentions and claims anew, from 501; return the new id of each."""
    article = documents["quotes"]["article"]
    new: dict[str, str] = {}
    for layer, letter in (("quotes", "q"), ("entities", "m"), ("claims", "c")):
        items = documents[layer]["mentions" if layer == "entities" else layer]
        for number, item in enumerate(items, 501):
            new[item["id"]] = f"{article}-{letter}{number}"
            item["id"] = new[item["id"]]
    for quote in documents["quotes"]["quotes"]:
        quote["parent"] = new.get(quote["parent"])
    for claim in documents["claims"]["claims"]:
        claim["quote"] = new.get(claim["quote"])
    return new
