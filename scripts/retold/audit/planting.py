"""Errors planted in a copy of the corpus, such that the validator does not find them."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from retold.audit.bench import Bench, Edit, layer_path, registry_path
from retold.audit.drafts import LAYER_OF, RELATIONS, Draft
from retold.audit.errors import MAKERS, Maker

TRIES = 60  # proposals for one error, before its layer is given up

Finds = Callable[[Edit], bool]


@dataclass(frozen=True, slots=True)
class Planting:
    """The errors planted, in the order of planting.

    ``given_away`` counts the proposals dropped because the validator found them, by layer and kind;
    ``names`` gives the ids in the copy for those of the corpus.
    """

    seed: int
    errors: tuple[Edit, ...]
    given_away: Counter[str]
    names: dict[str, str]


def sizes(bench: Bench) -> dict[str, int]:
    """Return how many items there are of each sort that errors are planted in."""
    totals = {
        name: sum(len(bench.items(layer_path(article, layer), (name,))) for article in bench.articles)
        for name, layer in LAYER_OF.items()
    }
    entries = bench.items(registry_path("claims"), ("claims",))
    return totals | {RELATIONS: sum(len(entry["relations"]) for entry in entries)}


def shares(total: int, counts: dict[str, int]) -> dict[str, int]:
    """Share ``total`` out in proportion to ``counts``, by the largest remainders.

    Raises:
        ValueError: All counts are zero.
    """
    whole = sum(counts.values())
    if whole == 0:
        raise ValueError("there is nothing to plant errors in")
    exact = {name: total * count / whole for name, count in counts.items()}
    given = {name: int(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in by_rest[: total - sum(given.values())]:
        given[name] += 1
    return given


def plant(
    bench: Bench, rng: Random, total: int, finds: Finds, progress: Callable[[int, int], None]
) -> tuple[tuple[Edit, ...], Counter[str]]:
    """Plant errors in a bench; return them, and how many proposals the validator found, by layer and kind.

    Args:
        bench: The corpus; it holds the errors afterwards.
        rng: The same state and corpus give the same errors.
        total: How many; fewer are planted where a layer has no room for its share.
        finds: Whether the validator finds an edit that has just been applied.
        progress: Called with the number planted and ``total``.
    """
    planter = _Planter(rng, bench, finds)
    for layer, share in shares(total, sizes(bench)).items():
        for number in range(share):
            turn = number % len(MAKERS[layer])  # kinds take turns; where one has no room, the next one's
            any(planter.plant(maker) for maker in (*MAKERS[layer][turn:], *MAKERS[layer][:turn]))
            progress(len(planter.errors), total)
    return tuple(planter.errors), planter.given_away


def take_back(bench: Bench, errors: Sequence[Edit]) -> None:
    """Undo planted errors, so that the bench is as it was before."""
    for error in reversed(errors):
        bench.undo(error)


def seal(planting: Planting) -> dict[str, Any]:
    """Return the list of errors in a form that is not read by accident, with the digest of its text."""
    text = json.dumps(
        {
            "seed": planting.seed,
            "errors": [asdict(error) for error in planting.errors],
            "given_away": dict(sorted(planting.given_away.items())),
            "names": planting.names,
        },
        ensure_ascii=False,
    ).encode()
    sealed = base64.b64encode(zlib.compress(text)).decode()
    return {"sha256": hashlib.sha256(text).hexdigest(), "sealed": sealed}


def unseal(document: Any) -> Planting:  # noqa: ANN401 (parsed JSON)
    """Return the errors of a sealed list.

    Raises:
        ValueError: It is no sealed list, or has been changed.
    """
    try:
        text = zlib.decompress(base64.b64decode(document["sealed"], validate=True))
        digest = document["sha256"]
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise ValueError(f"this is no sealed list of errors ({type(error).__name__})") from error
    if hashlib.sha256(text).hexdigest() != digest:
        raise ValueError("the sealed list has been changed: its digest differs")
    content = json.loads(text)
    errors = (Edit(**{**error, "place": tuple(error["place"])}) for error in content["errors"])
    return Planting(content["seed"], tuple(errors), Counter(content["given_away"]), content["names"])


class _Planter:
    """The errors planted so far."""

    def __init__(self, rng: Random, bench: Bench, finds: Finds) -> None:
        self.errors: list[Edit] = []
        self.given_away: Counter[str] = Counter()
        self._rng = rng
        self._bench = bench
        self._finds = finds

    def plant(self, maker: Maker) -> bool:
        """Plant one error of a kind, in an article chosen by its length; ``False`` if no proposal will do."""
        taken = {_identity(error) for error in self.errors}
        lengths = {article: len(text) for article, text in self._bench.texts.items()}
        for _ in range(TRIES):
            article = self._rng.choices(list(lengths), list(lengths.values()))[0]
            error = maker(Draft(self._rng, self._bench, article))
            if error is None or _identity(error) in taken:
                continue
            self._bench.apply(error)
            if not self._finds(error):
                self.errors.append(error)
                return True
            self._bench.undo(error)
            self.given_away[f"{error.layer}: {error.kind}"] += 1
        return False


def _identity(error: Edit) -> tuple[str, str | None]:
    """Return what tells the item of an error from others, so that no item is changed twice."""
    item = error.before or error.after or {}
    return error.path, next((item[key] for key in ("id", "sentence", "block") if key in item), None)
