"""The small facts of a corpus: gathered in parts, written down, put together."""

from __future__ import annotations

import orjson
import pytest

from retold.checks.facts import Facts, Telling
from retold.checks.labels import LabelUse, LabelUses
from retold.records import SentenceLabel

IDS = ["a", "b", "c"]
NOTE = "They differ for a reason."


def label(sentence: str, checkability: str = "none", reason: str | None = None, note: str | None = None):
    return SentenceLabel(sentence, checkability, reason, note)


def differing(uses: LabelUses) -> list[tuple[LabelUse, LabelUse]]:
    """What differs, also after it was written down, and after its parts were put together."""
    found = list(uses.differing(IDS))
    assert list(LabelUses.from_json(orjson.loads(orjson.dumps(uses.to_json()))).differing(IDS)) == found
    return found


def test_the_first_label_of_a_text_is_the_measure() -> None:
    uses = LabelUses()
    uses.add(0, 3, label("a-s001", "none", "opinion"), "Same.")
    uses.add(1, 0, label("b-s0012", "checkable"), "Same.")
    uses.add(2, 5, label("c-s007", "none", "opinion"), "Same.")
    uses.add(2, 6, label("c-s008", "none", "question"), "Same.")
    uses.add(2, 7, label("c-s009", "vague"), "Other.")
    first = LabelUse(0, 3, "a-s001", "none", "opinion")
    assert differing(uses) == [
        (first, LabelUse(1, 0, "b-s0012", "checkable", None)),
        (first, LabelUse(2, 6, "c-s008", "none", "question")),
    ]


@pytest.mark.parametrize("noted", [0, 1])
def test_a_note_explains_a_difference(noted: int) -> None:
    uses = LabelUses()
    for number, checkability in enumerate(("checkable", "vague")):
        note = NOTE if number == noted else None
        uses.add(number, 0, label(f"{IDS[number]}-s001", checkability, None, note), "Same.")
    assert differing(uses) == []


def test_ids_of_any_length_come_back() -> None:
    uses = LabelUses()
    long = "b-s" + "0" * 7 + "9" * 40
    uses.add(0, 0, label("a-s001", "checkable"), "Same.")
    uses.add(1, 0, label(long, "vague"), "Same.")
    joined = LabelUses()
    joined.add(0, 0, label("a-s002", "vague"), "Other.")
    joined.join(uses, 1)
    assert [use.sentence for pair in differing(uses) for use in pair] == ["a-s001", long]
    assert [use.sentence for pair in joined.differing(["x", "a", "b"]) for use in pair] == ["a-s001", long]


def test_parts_put_together_are_the_whole() -> None:
    def facts(*numbers: int) -> Facts:
        made = Facts()
        for number in numbers:
            made.articles.append(IDS[number])
            made.used["topics"].add(f"t{number}")
            made.tellings["u"].append(Telling(f"{IDS[number]}-q01", "verbatim"))
            made.canonicals.update(["x"] * (number + 1))
            made.named[f"{IDS[number]}-c001"] = "x" if number else None
            checkability = ("checkable", "vague", "checkable")[number]
            made.labels.add(
                len(made.articles) - 1, number, label(f"{IDS[number]}-s00{number}", checkability), "S."
            )
        return made

    parts = [Facts.from_json(orjson.loads(orjson.dumps(facts(number).to_json()))) for number in range(3)]
    whole = Facts()
    for part in parts:
        whole.join(part)
    assert whole.to_json() == facts(0, 1, 2).to_json()
    assert len(list(whole.labels.differing(whole.articles))) == 1
